"""linksets  count quads → VoID: how many links lead to each other dataset, by the sort of match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import GRAPHS, RDF, SKOS
from spacekg.description.terms import DATASET, DCTERMS, VOID, Triple, number, part

OTHERS = {
    "wikidata": ("Wikidata", "http://www.wikidata.org/entity/"),
    "ror": ("Research Organization Registry", "https://ror.org/"),
}
"""Datasets that ours is linked to: title, and the beginning of their IRIs."""
MATCHES = {f"{SKOS}{match}Match": match for match in ("exact", "close")}
ALIGNMENTS = GRAPHS["alignments"]
Links = Counter[tuple[str, str]]
"""How many links lead to which dataset by which property."""


def count(quads: Iterable[Quad]) -> Links:
    """Count links by dataset and property; of parts that share no subject, the sums are those of the whole.

    What the alignments link are terms of the ontology, no things of the dataset: they are left out.
    """
    links = {q.triple for q in quads if q.predicate.value in MATCHES and q.graph_name != ALIGNMENTS}
    return Counter((_dataset(link.object), link.predicate.value) for link in links)


def describe(counts: Links) -> Iterator[Triple]:
    """Describe the links to each other dataset as a linkset for each sort of match, with the number of its triples."""
    for name, (title, space) in OTHERS.items():
        other = part(DATASET, "other", name)
        yield other, f"{RDF}type", NamedNode(f"{VOID}Dataset")
        yield other, f"{DCTERMS}title", Literal(title, language="en")
        yield other, f"{VOID}uriSpace", Literal(space)
        for predicate, match in MATCHES.items():
            yield from _linkset(part(DATASET, "links", name, match), other, predicate, counts[name, predicate])


def _dataset(target: object) -> str:
    iri = target.value if isinstance(target, NamedNode) else ""
    return next((name for name, (_, space) in OTHERS.items() if iri.startswith(space)), "")


def _linkset(node: NamedNode, other: NamedNode, predicate: str, triples: int) -> Iterator[Triple]:
    yield DATASET, f"{VOID}subset", node
    yield node, f"{RDF}type", NamedNode(f"{VOID}Linkset")
    yield node, f"{VOID}subjectsTarget", DATASET
    yield node, f"{VOID}objectsTarget", other
    yield node, f"{VOID}linkPredicate", NamedNode(predicate)
    yield node, f"{VOID}triples", number(triples)
