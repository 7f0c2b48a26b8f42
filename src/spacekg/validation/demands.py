"""demands   shapes → what each of them asks of things, and what it has to see of a thing to answer.

A property shape says the same of a thing whether a node shape sends the thing to it or it is told itself which things
it is about. Told itself, it is alone with what it looks at, and is read once for all its things.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from spacekg import declared
from spacekg.validation.terms import Term

Node: TypeAlias = NamedNode | BlankNode | Triple
SH = "http://www.w3.org/ns/shacl#"
PATH, INVERSE, PROPERTY, MESSAGE, TARGET_CLASS, TARGET_SUBJECTS = (
    NamedNode(f"{SH}{name}")
    for name in ("path", "inversePath", "property", "message", "targetClass", "targetSubjectsOf")
)
SAYING = {f"{declared.RDF}type", f"{SH}message", f"{SH}severity"}
"""What of a shape asks for nothing."""
KIND, CLASSES, DATATYPE, WORDS = "kind", "classes", "datatype", "words"
SEES = {
    **dict.fromkeys((f"{declared.RDF}{name}" for name in ("type", "first", "rest")), KIND),
    **dict.fromkeys(
        (
            f"{SH}{name}"
            for name in "path inversePath property or not nodeKind minCount maxCount qualifiedValueShape "
            "qualifiedMinCount message severity".split()
        ),
        KIND,
    ),
    f"{SH}class": CLASSES,
    f"{SH}datatype": DATATYPE,
    f"{SH}uniqueLang": DATATYPE,
}
"""What a shape has to see of each value for what it says; for all that is not named here it is the words.

Whether a value is an IRI, a blank node or a literal is seen always, and so is how many there are.
"""


@dataclass(frozen=True, slots=True)
class Step:
    """A property that is looked along, and what is to be seen of the values there."""

    property: NamedNode
    inverse: bool
    sees: frozenset[str]


@dataclass(frozen=True, slots=True)
class Demand:
    """What a shape asks of its things, without what it leaves to its property shapes."""

    shape: Node
    statements: tuple[Quad, ...]
    """Those of the shape and of all it is made of, but for those that tell which things it is about."""
    classes: frozenset[Term]
    """It is about the things of these classes …"""
    properties: frozenset[Term]
    """… and about those of which something is said with these properties."""
    along: Step | None
    """Where its values are, of which it may say that they are wrong; nowhere if it says that of the thing itself."""
    itself: frozenset[str]
    """What is to be seen of the thing itself, if it is no property shape."""
    steps: tuple[Step, ...]
    """All that it looks along."""
    speaks: bool
    """Whether it has words of its own for what is wrong, so that these are the same for all things."""


def read(shapes: Iterable[Quad]) -> list[Demand]:
    """Take shapes apart, in the order of their names."""
    statements: dict[Term, list[Quad]] = defaultdict(list)
    targets: dict[Node, list[Quad]] = defaultdict(list)
    for quad in shapes:
        told = targets if quad.predicate in (TARGET_CLASS, TARGET_SUBJECTS) else statements
        told[quad.subject].append(quad)
    return [demand for shape in sorted(targets, key=str) for demand in _demands(shape, targets[shape], statements)]


def backwards(shapes: Iterable[Quad]) -> frozenset[str]:
    """Give the properties that shapes follow from their object to their subject."""
    followed = (quad.object for quad in shapes if quad.predicate == INVERSE)
    return frozenset(term.value for term in followed if isinstance(term, NamedNode))


def _demands(node: Node, targets: Iterable[Quad], statements: Mapping[Term, list[Quad]]) -> Iterator[Demand]:
    classes, properties = (
        frozenset(quad.object for quad in targets if quad.predicate == told) for told in (TARGET_CLASS, TARGET_SUBJECTS)
    )
    apart = [quad.object for quad in statements.get(node, ()) if quad.predicate == PROPERTY]
    held = {**statements, node: [quad for quad in statements.get(node, ()) if quad.predicate != PROPERTY]}
    for shape in (node, *(each for each in apart if not isinstance(each, Literal))):
        part = tuple(_below(shape, held))
        if any(quad.predicate.value not in SAYING for quad in part):
            own = {quad.predicate for quad in held[shape]}
            steps = [step for quad in part for step in _steps(quad, held)]
            along = next((step for quad in held[shape] if quad.predicate == PATH for step in _steps(quad, held)), None)
            itself = _sees(_below(shape, held, (PROPERTY,))) if along is None else frozenset[str]()
            yield Demand(shape, part, classes, properties, along, itself, tuple(steps), MESSAGE in own)


def _steps(quad: Quad, statements: Mapping[Term, list[Quad]]) -> Iterator[Step]:
    """Give where a shape looks that says this."""
    if quad.predicate == PATH:
        sees = _sees(_below(quad.subject, statements))
        turned = [said.object for said in statements.get(quad.object, ()) if said.predicate == INVERSE]
        yield from (Step(each, bool(turned), sees) for each in turned or [quad.object] if isinstance(each, NamedNode))
    elif quad.predicate.value not in SEES and isinstance(quad.object, NamedNode):
        yield Step(quad.object, False, frozenset({WORDS}))  # values are compared with those of another


def _sees(statements: Iterable[Quad]) -> frozenset[str]:
    return frozenset(SEES.get(quad.predicate.value, WORDS) for quad in statements) - {KIND}


def _below(shape: Term, statements: Mapping[Term, list[Quad]], without: Collection[Term] = ()) -> Iterator[Quad]:
    """Give what is said of a node and of the nodes it is made of, but not by way of some properties."""
    waiting, seen = [shape], {shape}
    while waiting:
        for quad in statements.get(waiting.pop(), ()):
            if quad.predicate in without:
                continue
            yield quad
            if quad.object in statements and quad.object not in seen:
                seen.add(quad.object)
                waiting.append(quad.object)
