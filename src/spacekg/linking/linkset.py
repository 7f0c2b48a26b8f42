"""linkset   outcomes → RDF links in Turtle, described with VoID."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import IO

from spacekg.declared import SKOS
from spacekg.linking.outcomes import Outcome
from spacekg.matching.records import ID, WIKIDATA

PREFIXES = {
    "dcterms": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "skos": SKOS,
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
OURS, WIKI = "#spacekg", "#wikidata"


def write(stream: IO[str], found: Iterable[Outcome], about: Mapping[str, str]) -> None:
    """Write a link for every match: from the row's IRI where the list has one, else from our entity to Wikidata.

    Args:
        stream: where it goes.
        found: the outcomes.
        about: `title` of the list and `release` of the entities.
    """
    stream.writelines(f"@prefix {prefix}: <{space}> .\n" for prefix, space in PREFIXES.items())
    counted: Counter[tuple[str, str]] = Counter()
    written: set[str] = set()
    for outcome in found:
        for subject, relation, target in _links(outcome):
            line = f"<{subject}> skos:{relation} <{target}> .\n"
            # Rows of one IRI stand together; without IRIs of rows there are no more links than entities.
            if line not in written:
                if outcome.subject:
                    written.clear()
                written.add(line)
                counted[_set(outcome, target), relation] += 1
                stream.write(line)
    stream.write(_datasets(about))
    for kind in sorted({kind for kind, _ in counted}):
        relations = {relation: number for (each, relation), number in counted.items() if each == kind}
        stream.write(_described(kind, relations))


def _links(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    if not outcome.match:
        return
    relation = "closeMatch" if outcome.relation == "close" else "exactMatch"
    if outcome.subject and outcome.iri:
        yield outcome.subject, "exactMatch", outcome.iri
    if outcome.qid and (outcome.subject or outcome.iri):
        yield outcome.subject or outcome.iri, relation, WIKIDATA + outcome.qid


def _set(outcome: Outcome, target: str) -> str:
    return f"{'#list' if outcome.subject else OURS} {WIKI if target.startswith(WIKIDATA) else OURS}"


def _datasets(about: Mapping[str, str]) -> str:
    return (
        f"<#list> a void:Dataset ; dcterms:title {json.dumps(about['title'], ensure_ascii=False)} .\n"
        f'<{OURS}> a void:Dataset ; void:uriSpace "{ID}" ; owl:versionInfo {json.dumps(about["release"])} .\n'
        f'<{WIKI}> a void:Dataset ; void:uriSpace "{WIKIDATA}" .\n'
    )


def _described(kind: str, relations: Mapping[str, int]) -> str:
    subjects, objects = kind.split()
    predicates = ", ".join(f"skos:{relation}" for relation in sorted(relations))
    name = f"#{subjects[1:]}-to-{objects[1:]}"
    return (
        f"<{name}> a void:Linkset ; void:subjectsTarget <{subjects}> ; void:objectsTarget <{objects}> ;\n"
        f"    void:linkPredicate {predicates} ; void:triples {sum(relations.values())} .\n"
    )
