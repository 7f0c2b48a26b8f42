"""terms      what a page says of a class, property or concept, gathered from the declarations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad

from spacekg.declared import OWL, RDF, SKG, SKOS, SKV, Declared
from spacekg.ontology_docs.facts import Facts, Value

STATUS = "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status"
KINDS = {
    f"{OWL}Class": "class",
    f"{OWL}ObjectProperty": "object property",
    f"{OWL}DatatypeProperty": "data property",
    f"{OWL}AnnotationProperty": "annotation property",
    f"{SKOS}Concept": "concept",
}
"""What a term is called that is of this type of OWL or SKOS."""
SCHEME = NamedNode(f"{SKOS}ConceptScheme")
MAIN = "index.html"


@dataclass(frozen=True, slots=True)
class Ref:
    """A piece of text, with the place it leads to if there is one."""

    text: str
    href: str = ""


Phrase = tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a term's table."""

    name: str
    values: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """All that is said of a term; `name` is also its anchor, on the page `page`."""

    node: NamedNode
    name: str
    page: str
    kind: str
    label: str
    status: str
    labels: tuple[Literal, ...]
    others: tuple[Literal, ...]
    """Its other names."""
    definition: str
    example: str
    note: str

    @property
    def href(self) -> str:
        """Where it is described, seen from any page."""
        return f"{self.page}#{self.name}"


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that the pages are made from."""

    rules: Declared
    core: Facts
    """The ontology and the vocabulary."""
    alignments: Facts
    shapes: Facts
    terms: Mapping[NamedNode, Term]

    def ref(self, value: Value) -> Ref:
        """Write a value: one of our terms with its page, another's as a compact IRI, a literal as its text."""
        if isinstance(value, NamedNode) and value in self.terms:
            term = self.terms[value]
            return Ref(term.label if term.kind == "concept" else term.name, term.href)
        if isinstance(value, NamedNode) and SCHEME in self.core.values(value, f"{RDF}type"):
            return Ref(self.core.text(value, f"{SKOS}prefLabel"), slug(value))
        if isinstance(value, NamedNode):
            compact = self.rules.compact(value.value)
            known = not value.value.startswith(("http://www.w3.org/2001/XMLSchema#", SKG, SKV))
            return Ref(value.value if compact.endswith(":") else compact, value.value if known else "")
        return Ref(value.value if isinstance(value, Literal) else "")

    def of_kind(self, *kinds: str) -> list[Term]:
        """The terms of these kinds, by name."""
        return sorted((term for term in self.terms.values() if term.kind in kinds), key=lambda term: term.name.lower())


def gather(rules: Declared) -> Book:
    """Read the declarations as a book of terms."""
    core = Facts(steady([*rules.ontology, *rules.vocab]))
    found = {term.node: term for term in _terms(core)}
    return Book(rules, core, Facts(rules.alignments), Facts(steady(rules.shapes)), found)


def steady(quads: Iterable[Quad]) -> list[Quad]:
    """Name the blank nodes by what is said of them, so that reading the same files again gives the same names."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(dataset, key=str)


def slug(scheme: NamedNode) -> str:
    """The page of a scheme of concepts."""
    return f"{scheme.value.removeprefix(SKV)}.html"


def _terms(core: Facts) -> Iterator[Term]:
    for kind, name in KINDS.items():
        for node in core.named(f"{RDF}type", NamedNode(kind)):
            if node.value.startswith(SKG):
                yield _term(core, node, name, MAIN)
            elif node.value.startswith(SKV):
                yield _term(core, node, name, slug(core.things(node, f"{SKOS}inScheme")[0]))


def _term(core: Facts, node: NamedNode, kind: str, page: str) -> Term:
    return Term(
        node=node,
        name=node.value.removeprefix(SKG).removeprefix(SKV),
        page=page,
        kind=kind,
        label=core.text(node, f"{SKOS}prefLabel"),
        status=core.text(node, STATUS),
        labels=tuple(core.texts(node, f"{SKOS}prefLabel")),
        others=tuple(core.texts(node, f"{SKOS}altLabel")),
        definition=core.text(node, f"{SKOS}definition"),
        example=core.text(node, f"{SKOS}example"),
        note=core.text(node, f"{SKOS}scopeNote"),
    )


def rows(pairs: Iterable[tuple[str, Iterable[Phrase]]]) -> tuple[Row, ...]:
    """Make the lines of a table, those without a value left out."""
    made = (Row(name, tuple(values)) for name, values in pairs)
    return tuple(row for row in made if row.values)
