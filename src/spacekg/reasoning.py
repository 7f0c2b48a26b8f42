"""reasoning  infer     triples, ontology → what follows."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

from owlready2 import OwlReadyInconsistentOntologyError, OwlReadyJavaError, World, sync_reasoner_hermit
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from spacekg import declared
from spacekg.errors import DeclarationError

INFERRED = NamedNode(f"{declared.BASE}graph/inferred")
TYPE = NamedNode(f"{declared.RDF}type")
Resource = NamedNode | BlankNode | Triple
Term = Resource | Literal
CLAIM = NamedNode(f"{declared.SKG}Claim")
OWL_CLASS = NamedNode(f"{declared.OWL}Class")
OBJECT_PROPERTY = NamedNode(f"{declared.OWL}ObjectProperty")
DATATYPE_PROPERTY = NamedNode(f"{declared.OWL}DatatypeProperty")
TRANSITIVE = NamedNode(f"{declared.OWL}TransitiveProperty")
LEADING = frozenset({f"{declared.RDF}first", f"{declared.OWL}onProperty"})
"""With which lists have their members, chains of properties among them, and restrictions their property."""
NAMED_INDIVIDUAL = NamedNode(f"{declared.OWL}NamedIndividual")
XSD = "http://www.w3.org/2001/XMLSchema#"
NOT_IN_OWL = {f"{XSD}{name}" for name in ("date", "gYear", "gYearMonth", "gMonthDay", "gDay", "gMonth", "time")}
"""Datatypes that XML Schema has and the OWL 2 datatype map has not: HermiT refuses a literal of them."""
NO_JAVA = "HermiT was skipped: there is no Java here. Install one (Debian: default-jre-headless) and run it again."


@dataclass(frozen=True, slots=True)
class Verdict:
    """What HermiT says of an ontology with data; `note` is a sentence for people."""

    ran: bool
    consistent: bool
    unsatisfiable: tuple[str, ...]
    """IRIs of classes that nothing can be of."""
    types: frozenset[tuple[str, str]]
    """Pairs of an individual and a class, stated or inferred, as IRIs; empty when it is inconsistent."""
    note: str


def infer(quads: Iterable[Quad], ontology: Iterable[Quad]) -> list[Quad]:
    """Return what follows from `quads` by the rules of `queries/rules`, sorted, without what is already stated.

    The graphs of `quads` are read as one; the answer stands in the graph `inferred`. Classes without a name
    and what would follow about the ontology itself are left out.

    Raises:
        DeclarationError: there are no rules.
    """
    return as_inferred(closure(quads, ontology))


def closure(statements: Iterable[Quad | Triple], ontology: Iterable[Quad]) -> set[Triple]:
    """Return all that follows from statements and is not among them, also that things are of classes without a name.

    Raises:
        DeclarationError: there are no rules.
    """
    store = Store()
    store.bulk_extend(_into(DefaultGraph(), statements))
    return closed(store, ontology)


def closed(store: Store, ontology: Iterable[Quad]) -> set[Triple]:
    """Do what `closure` does with the statements of a store's default graph, to which all that follows is added."""
    store.bulk_extend(_into(declared.GRAPHS["ontology"], ontology))
    return set(_fixpoint(_rules(declared.shipped() / "queries" / "rules"), store))


def extended(store: Store, new: Iterable[Triple], ontology: Sequence[Quad]) -> set[Triple]:
    """Do what `closed` does where all was in the store that followed before new statements were added.

    A rule joins statements at one thing, so of the others only those are looked at that meet a new one there.
    """
    steps, rules, around = joined(ontology), _rules(declared.shipped() / "queries" / "rules"), Store()
    around.bulk_extend(_into(declared.GRAPHS["ontology"], ontology))
    found: set[Triple] = set()
    while new:
        around.clear_graph(DefaultGraph())
        near = (quad for thing in _ends(new, steps) for quad in _at(thing, steps, store))
        around.extend(near)  # all at once: each time takes a while
        new = {triple for triple in _fixpoint(rules, around) if Quad(*triple) not in store}
        store.extend(_into(DefaultGraph(), new))
        found |= new
    return found


def as_inferred(found: Iterable[Triple]) -> list[Quad]:
    """Put what follows into its graph, sorted, without the classes that have no name."""
    return sorted(_into(INFERRED, (triple for triple in found if not _is_unnamed_type(triple))), key=str)


def joined(ontology: Iterable[Quad]) -> frozenset[str]:
    """Give the properties for which a rule looks at what is said of the object of a statement.

    They are those that are transitive, the members of lists (a chain is one), and those of which a class asks for
    some value. Statements with any other property need to be known only where their subject is.
    """
    found: set[Term] = set()
    for quad in ontology:
        if quad.predicate.value in LEADING:
            found.add(quad.object)
        elif quad.object == TRANSITIVE:
            found.add(quad.subject)
    return frozenset(term.value for term in found if isinstance(term, NamedNode))


def check_dl(quads: Iterable[Quad], ontology: Iterable[Quad], individuals: int = 100) -> Verdict:
    """Ask HermiT whether the ontology, with a sample of so many of the individuals in `quads`, is consistent.

    Claims, dates and all that OWL 2 DL has no place for are left out. HermiT takes about a second for 50
    individuals and 15 for 500, so the sample is spread evenly over the sorted individuals.

    Raises:
        DeclarationError: HermiT cannot read the ontology.
    """
    if not shutil.which("java"):
        return Verdict(False, False, (), frozenset(), NO_JAVA)
    statements = list(_in_owl(list(quads), list(ontology), individuals))
    text = io.BytesIO()
    serialize((quad.triple for quad in statements), text, RdfFormat.N_TRIPLES)
    text.seek(0)
    world = World()  # a world of its own: owlready2's default one would keep what it has read
    graph = world.get_ontology(f"{declared.BASE}ontology")
    graph.load(only_local=True, fileobj=text)
    try:
        sync_reasoner_hermit(world, debug=0)
    except OwlReadyInconsistentOntologyError:
        note = "HermiT finds a contradiction: `spacekg validate` names the statements that clash."
        return Verdict(True, False, (), frozenset(), note)
    except OwlReadyJavaError as error:
        raise DeclarationError(f"HermiT cannot read the ontology: {str(error)[-300:]}") from error
    empty = {kind.iri for kind in world.inconsistent_classes() if hasattr(kind, "iri")} - {f"{declared.OWL}Nothing"}
    unsatisfiable = tuple(sorted(empty))
    types = frozenset(
        (one.iri, kind.iri) for one in world.individuals() for kind in one.INDIRECT_is_a if hasattr(kind, "iri")
    )
    note = f"HermiT finds no contradiction in {len(statements)} statements; {len(unsatisfiable)} classes are empty."
    return Verdict(True, True, unsatisfiable, types, note)


def _into(graph: NamedNode | DefaultGraph, statements: Iterable[Quad | Triple]) -> Iterator[Quad]:
    return (Quad(each.subject, each.predicate, each.object, graph) for each in statements)


def _ends(statements: Iterable[Triple], steps: frozenset[str]) -> set[Resource]:
    """The things at which a rule may join one of the statements with others."""
    ends: set[Resource] = {each.subject for each in statements}
    for each in statements:
        if each.predicate.value in steps and not isinstance(each.object, Literal):
            ends.add(each.object)
    return ends


def _at(thing: Resource, steps: frozenset[str], store: Store) -> Iterator[Quad]:
    """What is said of a thing, and what leads to it in a way that rules look at."""
    yield from store.quads_for_pattern(thing, None, None, DefaultGraph())
    for quad in store.quads_for_pattern(None, None, thing, DefaultGraph()):
        if quad.predicate.value in steps:
            yield quad


def _rules(folder: Path) -> list[str]:
    paths = sorted(folder.glob("*.rq"))
    if not paths:
        raise DeclarationError(f"{folder}: no rules (*.rq) here, so nothing can be inferred; install spacekg again")
    return [path.read_text(encoding="utf-8") for path in paths]


def _fixpoint(rules: list[str], store: Store) -> Iterator[Triple]:
    quiet = 0
    for rule in cycle(rules):
        answer = store.query(rule)
        assert isinstance(answer, QueryTriples)  # every rule is a CONSTRUCT, as a test makes sure
        new = set(answer)
        store.extend(_into(DefaultGraph(), new))
        yield from new
        quiet = 0 if new else quiet + 1
        if quiet == len(rules):
            return


def _is_unnamed_type(triple: Triple) -> bool:
    return triple.predicate == TYPE and isinstance(triple.object, BlankNode)


def _in_owl(quads: list[Quad], ontology: list[Quad], individuals: int) -> Iterator[Quad]:
    kinds = {(quad.subject, quad.object) for quad in ontology if quad.predicate == TYPE}
    claims = {quad.subject for quad in quads if quad.predicate == TYPE and quad.object == CLAIM}
    usable = [quad for quad in quads if quad.subject not in claims and _is_sayable(quad, kinds)]
    sample = _sample(usable, individuals)
    yield from (quad for quad in ontology if not _has_foreign_datatype(quad))
    yield from (Quad(thing, TYPE, NAMED_INDIVIDUAL) for thing in sorted(sample, key=str))  # else owlready2 skips it
    for quad in usable:
        is_link = quad.predicate != TYPE and not isinstance(quad.object, Literal)
        if quad.subject in sample and (not is_link or quad.object in sample):
            yield quad


def _is_sayable(quad: Quad, kinds: set[tuple[Resource, Term]]) -> bool:
    if quad.predicate == TYPE:
        return (quad.object, OWL_CLASS) in kinds
    kind = DATATYPE_PROPERTY if isinstance(quad.object, Literal) else OBJECT_PROPERTY
    return (quad.predicate, kind) in kinds and not _has_foreign_datatype(quad)


def _has_foreign_datatype(quad: Quad) -> bool:
    return isinstance(quad.object, Literal) and quad.object.datatype.value in NOT_IN_OWL


def _sample(quads: list[Quad], size: int) -> set[Resource]:
    linked: dict[Resource, list[Resource]] = {quad.subject: [] for quad in quads}
    for quad in quads:
        if quad.predicate != TYPE and not isinstance(quad.object, Literal):
            linked[quad.subject].append(quad.object)
    subjects = sorted(linked, key=str)
    sample: set[Resource] = set()
    for subject in subjects[:: max(1, len(subjects) // size)]:
        if len(sample) < size:  # with what it is joined to, since contradictions lie between two
            sample.update((subject, *linked[subject]))
    return sample
