"""links     resolve: mentions → links to entities, and the mentions that stay open."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from spacekg.model import Link, Mention, PassageKind
from spacekg.reference import Reference

PREFERENCE = 2.5
"""By how much the better known of two entities must lead before it is taken without a reason in the text."""

FEWEST = 2
"""How many things of one class beside a name make it one of that class."""
SHOWN = 4
"""How many of the entities that a name may stand for are told."""
BEHIND = re.compile(r"(?:'s)?[\s,-]+(?:\w+\s)??([a-z-]+(?:\s[a-z]+)?)")
LOWER = re.compile(r"(?:'s)?\s[a-z]")
WORD = re.compile(r"[^\W_]")
BEFORE = re.compile(r"([a-z-]+(?:\s[a-z]+)?)[\s,]+(?:(?:such as|like|including|called|named)\s)?(?:the\s)?$")

RIDE = re.compile(
    r"\b(?:launched|lifted|lofted|boosted|orbited|lifted off|took off)\b[^.;:]*\b(?:by|atop|on)\s(?:an?|another)\s$"
)
"""What stands before a name that is then the rocket's: «lifted from Kourou by a Soyuz»."""
LIFTS = re.compile(
    r"\s(?:(?:lifted|lofted|boosted|launched|orbited|placed|put)\b|(?:from|out of)\s(?:Kourou|French\sGuiana)\b)"
)
"""What stands behind it: «a Soyuz lifted it», «on a Soyuz from Kourou»."""
AROUND = 300
"""Characters on each side of a name that are read for that; a sentence of normal length is shorter."""
CREWED = re.compile(r"\b(?:crew|cosmonaut|astronaut|docked)", re.IGNORECASE)
"""Words of a sentence in which a name that a rocket shares may be the craft's."""
ROCKET = "LaunchVehicle"
INSTITUTION = re.compile(r"\s(?:Institute|University|College|School|Foundation|Prize|Award|Medal|Fellowship)\b")
NAMESAKES = {"SpaceTelescope", "SpaceProbe", "Satellite", "Spacecraft", "SpaceMission", "Lander", "Rover"}
"""Classes of what is named after people, as institutes are."""
ARTICLE = re.compile(r"\b[Tt]he\s$")
ALONE = re.compile(
    r"(?:[^\w\s'’-]|$|\s(?:is|are|was|were|will|has|have|had|with|by|from|for|to|in|on|at|as|which|that|where)\b)"
)


@dataclass(frozen=True, slots=True)
class Resolution:
    """What resolving made of the mentions: every mention is in one of the two lists."""

    links: tuple[Link, ...]
    open: tuple[Mention, ...]
    """Mentions of a known name that may be several entities, or an ordinary word; nothing is claimed of them."""


def resolve(
    mentions: Iterable[Mention],
    reference: Reference,
    kinds_of_noun: Callable[[str], frozenset[str]],
) -> Resolution:
    """Decide for each mention which entity it stands for, or leave it open.

    `kinds_of_noun` gives the classes that a noun such as `rover` or `space agency` speaks of, with their subclasses.
    """
    links: list[Link] = []
    left: list[Mention] = []
    related = _related(reference)
    for _, group in groupby(mentions, key=lambda mention: mention.passage.document.name):
        of_document = list(group)
        context = _context(of_document, related)
        found: list[Link] = []
        still: list[Mention] = []
        for mention in of_document:
            chosen = _choose(mention, context, (reference, related), kinds_of_noun)
            if chosen is None:
                still.append(mention)
            else:
                found.append(Link(mention, *chosen))
        listed = _listed(still, found, reference)
        links += sorted([*found, *listed], key=lambda link: link.mention.start) if listed else found
        told = {link.mention.start for link in listed}
        left += [mention for mention in still if mention.start not in told]
    return Resolution(tuple(links), tuple(left))


def _listed(still: Sequence[Mention], links: Sequence[Link], reference: Reference) -> list[Link]:
    """Which of the open mentions of a document stand among things of one class: «GPS, GLONASS and Galileo».

    What a name stands for there it stands for in all of the document.
    """
    beside: dict[int, set[str]] = {}
    for link in links:
        beside.setdefault(link.mention.passage.start, set()).add(link.entity)
    told: dict[tuple[str, ...], set[str]] = {}
    for mention in still:
        kinds = {reference.entities[candidate].kind: candidate for candidate in mention.candidates}
        near = (reference.entities[entity].kind for entity in beside.get(mention.passage.start, ()))
        alike = [kind for kind in near if kind in kinds]
        if len(kinds) == len(mention.candidates) > 1 and len(alike) >= FEWEST and len(set(alike)) == 1:
            told.setdefault(mention.candidates, set()).add(kinds[alike[0]])
    meant = {names: found.pop() for names, found in told.items() if len(found) == 1}
    return [Link(mention, meant[mention.candidates], "co-mention") for mention in still if mention.candidates in meant]


def reason_open(mention: Mention, reference: Reference) -> str:
    """Why nothing was decided about a mention that stays open, in words."""
    if _unproven(mention):
        return "an ordinary word, whose capital proves nothing here"
    if _in_longer_name(mention, reference):
        return "part of the longer name of a body or prize"
    if _is_place(mention, reference):
        return "no company has an article before its name"
    labels = [f"{reference.entities[c].label} ({reference.entities[c].kind})" for c in mention.candidates]
    return f"may be any of {len(labels)}, and the text favours none: {'; '.join(labels[:SHOWN])}"


Related = Mapping[str, tuple[str, ...]]


def _related(reference: Reference) -> Related:
    """Agency → the states it belongs to: what a text may name beside an agency that shares its acronym."""
    related: dict[str, tuple[str, ...]] = {}
    for fact in reference.facts:
        if fact.property == "agencyOf":
            related[fact.entity] = (*related.get(fact.entity, ()), fact.value)
    return related


def _context(mentions: Sequence[Mention], related: Related) -> Counter[str]:
    """Count the entities that the document names beyond doubt, and the states of its agencies."""
    certain: Counter[str] = Counter()
    for mention in mentions:
        if len(mention.candidates) == 1 and not _unproven(mention):
            certain[mention.candidates[0]] += 1
    for entity in list(certain):
        certain.update(related.get(entity, ()))
    return certain


def _choose(
    mention: Mention,
    context: Counter[str],
    known: tuple[Reference, Related],
    kinds_of_noun: Callable[[str], frozenset[str]],
) -> tuple[str, str] | None:
    reference, related = known
    fitting = _fitting_noun(mention, reference, kinds_of_noun)
    if fitting:
        return (fitting[0], "kind") if len(mention.candidates) > 1 else (fitting[0], "unique")
    if _unproven(mention) and not _is_body(mention, reference) and not any(context[c] for c in mention.candidates):
        return None
    if _is_place(mention, reference) or _in_longer_name(mention, reference):
        return None
    if len(mention.candidates) == 1:
        return mention.candidates[0], "defined" if mention.kind == "defined" else "unique"
    named = [c for c in mention.candidates if context[c] or any(context[r] for r in related.get(c, ()))]
    if len(named) == 1:
        return named[0], "co-mention"
    return _preferred(mention.surface, named or list(mention.candidates), reference)


def _in_longer_name(mention: Mention, reference: Reference) -> bool:
    """Whether a craft's name only opens that of a body or prize: «the Albert Einstein Institute»."""
    passage = mention.passage
    craft = all(reference.entities[c].kind in NAMESAKES for c in mention.candidates)
    return craft and INSTITUTION.match(passage.document.text, mention.end, passage.end) is not None


def _preferred(surface: str, candidates: list[str], reference: Reference) -> tuple[str, str] | None:
    """The candidate that is by far the best known; else the only one whose label this is."""
    ranked = sorted(candidates, key=lambda c: -reference.entities[c].prominence)
    first, second = (reference.entities[c].prominence for c in ranked[:2])
    if first >= PREFERENCE * max(second, 1):
        return ranked[0], "preferred"
    labelled = [c for c in candidates if reference.entities[c].label.casefold() == surface.casefold()]
    return (labelled[0], "preferred") if len(labelled) == 1 else None


def _fitting_noun(mention: Mention, reference: Reference, kinds_of_noun: Callable[[str], frozenset[str]]) -> list[str]:
    """The candidates of the kind that the noun beside the name calls for, as in `Soyuz rocket`."""
    text, passage = mention.passage.document.text, mention.passage
    behind = BEHIND.match(text, mention.end, passage.end)
    before = BEFORE.search(text, max(passage.start, mention.start - 40), mention.start)
    rockets = [c for c in mention.candidates if reference.entities[c].kind == ROCKET]
    if len(rockets) == 1 and _rides(mention):
        return rockets
    for match in (behind, before):
        words = match.group(1).split() if match else []
        for noun in (" ".join(words), *(words[:1] if match is behind else reversed(words))):
            kinds = kinds_of_noun(noun)
            fitting = [c for c in mention.candidates if reference.entities[c].kind in kinds]
            if fitting:
                return fitting
    return []


def _rides(mention: Mention) -> bool:
    """Whether something rides on what has this name, and no crew is spoken of, in the words around it."""
    text, passage = mention.passage.document.text, mention.passage
    start, end = max(passage.start, mention.start - AROUND), min(passage.end, mention.end + AROUND)
    rides = RIDE.search(text, start, mention.start) or LIFTS.match(text, mention.end, end)
    return rides is not None and CREWED.search(text, start, end) is None


def _unproven(mention: Mention) -> bool:
    """Whether an ordinary word has its capital only because it opens a sentence or stands in a heading."""
    if not mention.risky:
        return False
    if mention.passage.kind is PassageKind.HEADING:
        return True
    text, passage = mention.passage.document.text, mention.passage
    opening = WORD.search(text, passage.start, mention.start) is None
    if any(c.isupper() for c in mention.surface[1:]):
        return False  # «InSight», «Deep Impact»: only its first letter may be owed to the sentence.
    # «Progress (a spacecraft)», «Hope, Dawn»: a word that goes on into a sentence has no such sign behind it.
    return opening and LOWER.match(text, mention.end, passage.end) is not None


def _is_place(mention: Mention, reference: Reference) -> bool:
    """Whether a name of one word that only a company bears stands alone behind an article: «forests of the Amazon»."""
    if any(reference.entities[candidate].kind != "Company" for candidate in mention.candidates):
        return False
    text, passage, surface = mention.passage.document.text, mention.passage, mention.surface
    spelt = surface.isalpha() and not surface.isupper()
    return bool(
        spelt and ARTICLE.search(text, passage.start, mention.start) and ALONE.match(text, mention.end, passage.end)
    )


def _is_body(mention: Mention, reference: Reference) -> bool:
    return reference.entities[mention.candidates[0]].kind == "CelestialBody"
