"""constraints what the SHACL shapes ask of a class or property, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from spacekg.declared import SKG
from spacekg.ontology_docs.facts import Resource, Value
from spacekg.ontology_docs.terms import Book, Phrase, Ref, Term

SH = "http://www.w3.org/ns/shacl#"
WORDS = {
    "minCount": "at least {}",
    "maxCount": "at most {}",
    "class": "each a(n) {}",
    "datatype": "each a(n) {}",
    "nodeKind": "each a(n) {}",
    "hasValue": "one is {}",
    "pattern": "matches {}",
    "minLength": "{} or more characters",
    "minInclusive": "from {}",
    "maxInclusive": "to {}",
    "lessThan": "before {}",
    "qualifiedMinCount": "of them at least {}",
    "uniqueLang": "one a language",
}
"""How a constraint of SHACL reads with its value."""
BOUNDS = ("minCount", "maxCount")
AN = "AEIOUaeioux"
"""Before what letters a is an: datatypes begin with the x of xsd."""

ITSELF = Ref("itself")


@dataclass(frozen=True, slots=True)
class Constraint:
    """One thing that is asked, how grave it is when it fails, and what to do then."""

    path: Ref
    asks: Phrase
    severity: str
    advice: str


def on(term: Term, book: Book) -> tuple[Constraint, ...]:
    """What the shapes ask of this class, or of what has this property and of its values."""
    shapes, node = book.shapes, term.node
    found = [each for shape in shapes.subjects(f"{SH}targetClass", node) for each in _of_shape(shape, book)]
    for shape in shapes.subjects(f"{SH}targetSubjectsOf", node):
        found += [replace(each, path=Ref("its subject")) for each in _of_shape(shape, book) if each.path == ITSELF]
    for part in shapes.subjects(f"{SH}path", node):
        found += [replace(_constraint(part, book), path=owner) for owner in _owners(part, term, book)]
    return tuple(dict.fromkeys(found))


def classes(shape: Resource, book: Book) -> list[NamedNode]:
    """The classes that a shape allows: the one, or each of those joined by or."""
    shapes = book.shapes
    found = shapes.things(shape, f"{SH}class")
    for listed in shapes.values(shape, f"{SH}or"):
        for each in shapes.members(listed):
            if not isinstance(each, Literal):
                found += shapes.things(each, f"{SH}class")
    return [each for each in found if each.value.startswith(SKG)]


def _of_shape(shape: Resource, book: Book) -> Iterator[Constraint]:
    own = _constraint(shape, book)
    if own.asks:
        yield own
    for each in book.shapes.nodes(shape, f"{SH}property"):
        yield _constraint(each, book)


def _owners(part: Resource, term: Term, book: Book) -> Iterator[Ref]:
    """Of what a property shape is: of a class, or of whatever has the property."""
    for shape in book.shapes.subjects(f"{SH}property", part):
        for owner in book.shapes.things(shape, f"{SH}targetClass"):
            shown = book.ref(owner)
            yield Ref(f"on {shown.text}", shown.href)
        if term.node in book.shapes.things(shape, f"{SH}targetSubjectsOf"):
            yield Ref("its values")


def _constraint(shape: Resource, book: Book) -> Constraint:
    shapes = book.shapes
    severity = next((book.rules.compact(each.value) for each in shapes.things(shape, f"{SH}severity")), "sh:Violation")
    return Constraint(_path(shape, book), tuple(_asks(shape, book)), severity[3:], shapes.text(shape, f"{SH}message"))


def _path(shape: Resource, book: Book) -> Ref:
    for path in book.shapes.nodes(shape, f"{SH}path"):
        if isinstance(path, NamedNode):
            return book.ref(path)
        back = book.ref(book.shapes.values(path, f"{SH}inversePath")[0])
        return Ref(f"{back.text} to it", back.href)
    return ITSELF


def _asks(shape: Resource, book: Book) -> Iterator[Ref]:
    """The pieces of a phrase, parted by commas."""
    pieces = [piece for piece in _pieces(shape, book) if piece]
    for number, piece in enumerate(pieces):
        if number:
            yield Ref(", ")
        yield from piece


def _pieces(shape: Resource, book: Book) -> Iterator[Phrase]:
    shapes = book.shapes
    counts = {name: shapes.values(shape, f"{SH}{name}") for name in BOUNDS}
    is_exact = len({tuple(values) for values in counts.values()}) == 1 and all(counts.values())
    if is_exact:
        yield (Ref(f"exactly {book.ref(counts[BOUNDS[0]][0]).text}"),)
    for name, words in WORDS.items():
        if not (is_exact and name in BOUNDS):
            yield from (_worded(words, value, book) for value in shapes.values(shape, f"{SH}{name}"))
    yield from _alternatives(shape, book)
    for other in shapes.nodes(shape, f"{SH}not"):
        yield (Ref("none "), *_asks(other, book))
    for other in shapes.nodes(shape, f"{SH}qualifiedValueShape"):
        yield tuple(_asks(other, book))


def _alternatives(shape: Resource, book: Book) -> Iterator[Phrase]:
    """Classes, datatypes or values of which each value is, has or takes one."""
    shapes = book.shapes
    for listed in shapes.values(shape, f"{SH}or"):
        options = [each for each in shapes.members(listed) if not isinstance(each, Literal)]
        for kind in ("class", "datatype"):
            if found := [book.ref(value) for each in options for value in shapes.things(each, f"{SH}{kind}")]:
                yield (Ref("each one of "), *_listed(found))
    for listed in shapes.values(shape, f"{SH}in"):
        yield (Ref("one of "), *_listed([book.ref(each) for each in shapes.members(listed)]))


def _worded(words: str, value: Value, book: Book) -> Phrase:
    if "{}" not in words:
        return (Ref(words),)
    shown = book.ref(value)
    if shown.text.startswith("sh:"):
        shown = Ref(shown.text.removeprefix("sh:"))
    before, _, after = words.replace("a(n)", "an" if shown.text[:1] in AN else "a").partition("{}")
    return Ref(before), shown, Ref(after)


def _listed(refs: list[Ref]) -> Iterator[Ref]:
    for number, ref in enumerate(refs):
        if number:
            yield Ref(" or ")
        yield ref
