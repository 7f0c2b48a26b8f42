"""sssom     outcomes → mappings in the Simple Standard for Sharing Ontological Mappings, as TSV."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import version
from typing import IO

from spacekg.declared import BASE, SKOS
from spacekg.linking.cells import guarded
from spacekg.linking.outcomes import DECIDED, Outcome
from spacekg.matching.records import ID, WIKIDATA

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
PREFIXES = {
    "name": f"{BASE}name/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "skg": ID,
    "skos": SKOS,
    "wikidata": WIKIDATA,
}
COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "confidence",
    "object_source_version",
    "match_string",
    "comment",
)
JUSTIFIED = {
    DECIDED: "semapv:ManualMappingCuration",
    "misspelt": "semapv:LexicalSimilarityThresholdMatching",
    "identifier": "semapv:BackgroundKnowledgeBasedMatching",
}
OTHERWISE = "semapv:LexicalMatching"


def write(stream: IO[str], found: Iterable[Outcome], about: Mapping[str, str], spaces: Mapping[str, str]) -> None:
    """Write every match as a mapping, and what a person rejected as a denied one.

    Args:
        stream: where it goes.
        found: the outcomes.
        about: `id` and `title` of the mapping set, and `release` of its objects.
        spaces: prefixes for the IRIs of the rows, by namespace.
    """
    prefixes = {**PREFIXES, **{prefix: space for space, prefix in spaces.items()}}
    lines = [f"mapping_set_id: {json.dumps(about['id'])}", f"mapping_set_title: {json.dumps(about['title'])}"]
    lines += [f"license: {LICENCE}", "mapping_tool: spacekg", f"mapping_tool_version: {json.dumps(version('spacekg'))}"]
    lines += ["curie_map:", *(f"  {prefix}: {json.dumps(prefixes[prefix])}" for prefix in sorted(prefixes))]
    stream.writelines(f"#{line}\n" for line in lines)
    rows = csv.writer(stream, delimiter="\t", lineterminator="\n")
    rows.writerow(COLUMNS)
    for outcome in found:
        for row in _mappings(outcome, spaces, about):
            rows.writerow(guarded(" ".join(cell.split())) for cell in row)


def curie(iri: str, spaces: Mapping[str, str]) -> str:
    """Shorten an IRI; `spaces` has a prefix for the namespace of each row's."""
    for prefix, space in PREFIXES.items():
        if iri.startswith(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    space = namespace(iri)
    return f"{spaces[space]}:{iri.removeprefix(space)}"


def namespace(iri: str) -> str:
    """Give the part of an IRI before its last step."""
    return iri[: max(iri.rfind("/"), iri.rfind("#"), iri.find(":")) + 1]


def _minted(outcome: Outcome) -> str:
    """Make an IRI of a name that has none, the same for the same name in the same context."""
    digest = hashlib.sha256(f"{outcome.name}\n{outcome.context}".encode()).hexdigest()
    return PREFIXES["name"] + digest[:16]


def _mappings(outcome: Outcome, spaces: Mapping[str, str], about: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    start = (curie(outcome.subject or _minted(outcome), spaces), outcome.name)
    end = (about["release"], outcome.name)
    if outcome.match:
        target = WIKIDATA + outcome.qid if outcome.qid else outcome.iri
        close = "close" if outcome.qid and outcome.relation == "close" else "exact"
        justified = JUSTIFIED.get(outcome.how, OTHERWISE)
        told = f"{outcome.why}; link to Wikidata seen {outcome.seen}" if outcome.seen else outcome.why
        object_ = (curie(target, {}), outcome.label, justified, f"{outcome.score / 100:g}")
        yield (*start, f"skos:{close}Match", "", *object_, *end, told)
    for iri in outcome.rejected:
        denied = (curie(iri, {}), "", JUSTIFIED[DECIDED], "1")
        yield (*start, "skos:exactMatch", "Not", *denied, *end, "a person rejected it")
