"""A graph like ours of any size, the same for the same size: agencies, missions, collaborations, claims in documents.

    python benchmarks/endpoint/graph.py 1000000 graph.nq

writes about as many triples as N-Quads: what is known in one named graph, what each document claims in a graph of its
own. No triple is in two graphs, so the union of all has as many triples as there are lines. Agencies take part as
often as in reality: few very often, most seldom.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BASE = "https://w3id.org/spacekg/"
PREFIXES = {
    "skg": f"{BASE}ontology#",
    "id": f"{BASE}id/",
    "vocab": f"{BASE}vocab/",
    "claim": f"{BASE}claim/",
    "document": f"{BASE}document/",
    "graph": f"{BASE}graph/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "prov": "http://www.w3.org/ns/prov#",
    "oa": "http://www.w3.org/ns/oa#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "wd": "http://www.wikidata.org/entity/",
}
PER_DOCUMENT = 20
"""Collaborations that a document tells of."""
KINDS = ("CrewedMission", "RoboticMission", "ScienceMission", "EarthObservationMission", "TechnologyDemonstration")
ROLES = ("lead", "partner", "contributor", "operator", "funder", "supplier")
TYPES = ("joint-development", "joint-mission", "data-sharing", "training", "launch-service", "ground-support")
BODIES = ("Mars", "Moon", "Venus", "Jupiter", "Saturn", "Earth", "Sun", "Titan", "Europa", "Mercury")
WORDS = (
    "aurora beacon comet dawn eclipse falcon gravity horizon ion jade kepler lagrange meteor nova orbit pulsar quasar "
    "ridge solar tide umbra vector wave xenon yonder zenith"
).split()


@dataclass(frozen=True)
class Size:
    """How many of each there are."""

    missions: int

    @property
    def agencies(self) -> int:
        """Agencies: few, and more of them the larger the graph."""
        return 40 + self.missions // 60

    @property
    def programmes(self) -> int:
        """Programmes."""
        return 10 + self.missions // 50

    @property
    def documents(self) -> int:
        """Documents."""
        return -(-self.missions // PER_DOCUMENT)


def size(triples: int) -> Size:
    """Give the sizes that make about this many triples."""
    return Size(max(40, triples // 79))


def write(triples: int, path: Path) -> int:
    """Write a graph as N-Quads; returns the number of its triples."""
    number = 0
    with path.open("w", encoding="utf-8") as file:
        for line in lines(size(triples)):
            file.write(line)
            number += 1
    return number


def lines(of: Size) -> Iterator[str]:
    """Give the graph line by line."""
    chance = random.Random(20251125)
    reference = iri("graph:reference/made-up")
    for kind in KINDS:
        yield quad(f"skg:{kind}", "rdfs:subClassOf", "skg:SpaceMission", reference)
    yield quad("skg:SpaceMission", "rdfs:subClassOf", "skg:Endeavour", reference)
    yield quad("skg:NationalSpaceAgency", "rdfs:subClassOf", "skg:SpaceAgency", reference)
    for number in range(of.agencies):
        yield from (quad(f"id:agency-{number}", p, o, reference) for p, o in agency(number, chance))
    for number in range(of.programmes):
        yield from (quad(f"id:programme-{number}", p, o, reference) for p, o in programme(number))
    for number in range(of.missions):
        partners = sorted({int(of.agencies * chance.random() ** 3) for _ in range(chance.randint(2, 7))})
        yield from (quad(f"id:mission-{number}", p, o, reference) for p, o in mission(number, of, partners, chance))
        yield from (quad(s, p, o, reference) for s, p, o in collaboration(number, partners, chance))
        document = number // PER_DOCUMENT
        graph = iri(f"graph:document/text-{document}")
        if number % PER_DOCUMENT == 0:
            yield quad(f"document:text-{document}", "rdf:type", "skg:Document", graph)
            yield quad(f"document:text-{document}", "rdfs:label", text(f"Text {document} on collaboration"), graph)
        for partner in partners:
            yield from (quad(s, p, o, graph) for s, p, o in claim(number, partner, document, chance))


def agency(number: int, chance: random.Random) -> list[tuple[str, str]]:
    """Say what is known of an agency."""
    return [
        ("rdf:type", "skg:NationalSpaceAgency"),
        ("rdfs:label", text(f"Space Agency {number}")),
        ("skos:altLabel", text(f"SA{number}")),
        ("skg:basedIn", f"id:state-{number % 60}"),
        ("skg:foundingDate", date(chance, 1950, 2010)),
        ("skos:exactMatch", f"wd:Q{number + 1}"),
    ]


def programme(number: int) -> list[tuple[str, str]]:
    """Say what is known of a programme; each is part of another, up to the first."""
    known = [("rdf:type", "skg:SpaceProgramme"), ("rdfs:label", text(f"{WORDS[number % 26]} programme {number}"))]
    return [*known, ("skg:partOf", f"id:programme-{number // 3}")] if number else known


def mission(number: int, of: Size, partners: list[int], chance: random.Random) -> list[tuple[str, str]]:
    """Say what is known of a mission."""
    name = f"{chance.choice(WORDS).capitalize()} {chance.choice(WORDS)} {number}"
    known = [
        ("rdf:type", f"skg:{KINDS[number % len(KINDS)]}"),
        ("rdfs:label", text(name)),
        ("skos:prefLabel", text(f"Mission {name}", "de")),
        ("skg:startDate", date(chance, 1960, 2030)),
        ("skg:target", f"id:{chance.choice(BODIES).lower()}"),
        ("skg:partOfProgramme", f"id:programme-{chance.randrange(of.programmes)}"),
        ("skg:operator", f"id:agency-{partners[0]}"),
        ("skos:exactMatch", f"wd:Q{10_000_000 + number}"),
    ]
    if chance.random() < 0.6:
        known.append(("skg:value", f'"{chance.randint(10, 9_999)}"^^{iri("xsd:integer")}'))
    return known


def collaboration(number: int, partners: list[int], chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Say who works together on a mission, and as what."""
    node = f"id:collaboration-{number}"
    yield node, "rdf:type", "skg:Collaboration"
    yield node, "rdfs:label", text(f"Partnership on mission {number}")
    yield node, "skg:concerns", f"id:mission-{number}"
    yield node, "skg:collaborationType", f"vocab:{chance.choice(TYPES)}"
    yield node, "skg:startDate", date(chance, 1960, 2030)
    for place, partner in enumerate(partners):
        part = f"id:participation-{number}-{partner}"
        yield node, "skg:hasParticipant", f"id:agency-{partner}"
        yield node, "skg:hasParticipation", part
        yield part, "rdf:type", "skg:Participation"
        yield part, "skg:participant", f"id:agency-{partner}"
        yield part, "skg:role", f"vocab:{ROLES[0] if not place else chance.choice(ROLES[1:])}"
        if chance.random() < 0.3:
            yield part, "skg:endDate", date(chance, 2000, 2030)


def claim(number: int, partner: int, document: int, chance: random.Random) -> Iterator[tuple[str, str, str]]:
    """Say who claims that an agency takes part, in which words, and what is thought of it."""
    node = f"claim:c{number}x{partner}"
    disputed = chance.random() < 0.05
    yield node, "rdf:type", "skg:Claim"
    yield node, "rdf:subject", f"id:collaboration-{number}"
    yield node, "rdf:predicate", "skg:hasParticipant"
    yield node, "rdf:object", f"id:agency-{partner}"
    yield node, "skg:confidence", f'"{chance.randint(40, 99) / 100}"^^{iri("xsd:decimal")}'
    yield node, "skg:status", "vocab:disputed" if disputed else "vocab:accepted"
    yield node, "prov:wasDerivedFrom", f"claim:e{number}x{partner}"
    yield f"claim:e{number}x{partner}", "rdf:type", "oa:SpecificResource"
    yield f"claim:e{number}x{partner}", "oa:hasSource", f"document:text-{document}"
    words = f"Space Agency {partner} takes part in mission {number}."
    yield f"claim:e{number}x{partner}", "oa:exact", text(words)


def quad(subject: str, predicate: str, object: str, graph: str) -> str:
    """Write a line; an object may be a literal already."""
    written = object if object.startswith(('"', "<")) else iri(object)
    return f"{iri(subject)} {iri(predicate)} {written} {graph} .\n"


def iri(name: str) -> str:
    """Write a compact name in full."""
    prefix, _, local = name.partition(":")
    return f"<{PREFIXES[prefix]}{local}>"


def text(words: str, language: str = "en") -> str:
    """Write a text; none here has a character that must be escaped."""
    return f'"{words}"@{language}'


def date(chance: random.Random, first: int, last: int) -> str:
    """Write a day between two years."""
    day = f"{chance.randint(first, last)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return f'"{day}"^^{iri("xsd:date")}'


if __name__ == "__main__":
    print(f"{write(int(sys.argv[1]), Path(sys.argv[2])):,} triples")
