"""rows    drafts as the rows of the tables, in the order in which they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from reference_tables.drafts import (
    ACRONYM,
    COMMON,
    DEMONYM,
    HIDDEN,
    KINDS,
    LABEL,
    Draft,
    Identity,
    Naming,
    Pool,
    Statement,
)
from reference_tables.gcat import Launch
from reference_tables.spelling import folded
from reference_tables.wikidata import ORGANISED
from reference_tables.words import Words

Cells = tuple[str, ...]
SHORT = 3
SINGLE_VALUED = ("launchDate", "foundingDate", "landingDate", "endDate")
STRENGTH = ("curated", "gcat", "wikidata", "ror", "iso")
PLACES = frozenset("State StateGroup GeopoliticalEntity Person".split())


def entities(ids: Mapping[str, Draft]) -> Iterator[Cells]:
    """Cells of entities.csv."""
    for local, draft in ids.items():
        yield local, draft.kind, draft.label, draft.description, draft.source, str(draft.prominence)


def names(ids: Mapping[str, Draft], words: Words, unused: Counter[str]) -> Iterator[Cells]:
    """Cells of names.csv."""
    for local, draft in ids.items():
        for naming in _namings(draft, unused):
            risk = _risk(naming, draft, words)
            if naming.kind == HIDDEN and risk == "word":
                unused["hidden name that is an ordinary word"] += 1
                continue
            yield local, naming.text, naming.language, naming.kind, naming.source, risk


def identifiers(ids: Mapping[str, Draft]) -> Iterator[Cells]:
    """Cells of identifiers.csv: what names an organisation is only close to a thing that is none."""
    for local, draft in ids.items():
        best: dict[tuple[str, str], Identity] = {}
        for known in draft.identities:
            best.setdefault((known.scheme, known.value), known)
        for known in sorted(best.values(), key=lambda one: (one.scheme, one.value)):
            match = "close" if known.scheme == "ror" and draft.kind not in ORGANISED else known.match
            yield (local, known.scheme, known.value, match, known.status, known.evidence, known.source,
                   known.method, known.confidence)  # fmt: skip


def facts(ids: Mapping[str, Draft], local: Mapping[str, str], pool: Pool) -> Iterator[Cells]:
    """Cells of facts.csv: of a date only the most precise of the strongest source."""
    for subject, draft in ids.items():
        kept: dict[tuple[str, str], Statement] = {}
        for fact in sorted(draft.statements, key=lambda one: STRENGTH.index(one.source)):
            value = local.get(fact.value, "") if fact.datatype in ("key", "ror") else fact.value
            if not value:
                pool.unjoined[f"{fact.property} something that is no entity"] += 1
                continue
            same = (fact.property, "" if fact.property in SINGLE_VALUED else value)
            if value != subject and _better(kept.get(same), fact, pool):
                datatype = "id" if fact.datatype in ("key", "ror") else fact.datatype
                kept[same] = Statement(fact.property, value, datatype, fact.as_of, fact.source)
        for fact in sorted(kept.values(), key=lambda one: (one.property, one.value)):
            yield subject, fact.property, fact.value, fact.datatype, fact.as_of, fact.source


def launches(found: Mapping[str, Launch], local: Mapping[str, str]) -> Iterator[Cells]:
    """Cells of launches.csv."""
    for tag, launch in sorted(found.items()):
        providers = "|".join(local[key] for key in launch.providers)
        payloads = "|".join(sorted(local[key] for key in launch.payloads))
        yield (f"launch-{tag.lower()}", f"Launch {tag}", tag, launch.date, launch.datatype,
               local.get(launch.vehicle, ""), local.get(launch.site, ""), providers, payloads, "gcat")  # fmt: skip


def _better(known: Statement | None, fact: Statement, pool: Pool) -> bool:
    if known is None:
        return True
    longer, shorter = sorted((known.value, fact.value), key=len, reverse=True)
    if fact.property in SINGLE_VALUED and not longer.startswith(shorter):
        pool.unjoined[f"{fact.property} on which two sources disagree: the stronger was kept"] += 1
    return fact.value.startswith(known.value) and len(fact.value) > len(known.value)


def _namings(draft: Draft, unused: Counter[str]) -> Iterator[Naming]:
    label = Naming(draft.label, "en", LABEL, draft.source)
    kept: dict[str, Naming] = {label.text: label}
    shown = {label.text.casefold()}
    for naming in sorted(draft.names, key=lambda one: KINDS.index(one.kind)):
        text = naming.text
        before = kept.get(text)
        if before is not None and before.kind == naming.kind:
            languages = sorted({*before.language.split("|"), *naming.language.split("|")} - {""})
            kept[text] = Naming(text, "|".join(languages), naming.kind, before.source)
        elif not _is_usable(naming):
            unused["name too short or a number"] += 1
        elif before is None and not (naming.kind == HIDDEN and text.casefold() in shown):
            # A second English label is another name: an entity has one label in each language.
            second = naming.kind == LABEL and "en" in naming.language.split("|")
            kept[text] = Naming(text, naming.language, "alias" if second else naming.kind, naming.source)
            shown.add(text.casefold())
    yield from sorted(kept.values(), key=lambda one: (KINDS.index(one.kind), one.text))


def _is_usable(naming: Naming) -> bool:
    letters = folded(naming.text)
    if naming.source == "curated" or naming.kind == LABEL:
        return bool(letters)
    return bool(letters) and not letters.isdecimal() and (len(letters) >= SHORT or not letters.isascii())


def _risk(naming: Naming, draft: Draft, words: Words) -> str:
    text = naming.text
    if words.is_proper(text):
        return ""
    if words.is_listed(text):
        return "word"
    if naming.kind in {DEMONYM, COMMON} or draft.kind in PLACES:
        return ""
    if naming.kind != ACRONYM and words.is_ordinary(text):
        return "word"
    return "short" if len(folded(text)) <= SHORT and text.isascii() else ""
