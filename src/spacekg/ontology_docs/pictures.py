"""pictures   drawings of the class tree and of the collaboration pattern: places and lines, computed from the terms."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from spacekg.declared import RDFS, SKG
from spacekg.ontology_docs import constraints
from spacekg.ontology_docs.terms import Book, Term

ROW, BOX, GAP = 30, 22, 22
"""Height of a row and of a box in it, and width of the gap before a box; all in pixels."""
LETTER = 7.2
"""Width of a letter."""
BELOW = 15
"""From a name above a line to one below it."""
PATTERN = (
    "hasParticipation collaborationType concerns governedBy yields faces pursues participant role contributes "
    "signatory mitigatedBy"
).split()
"""The properties that the picture of the pattern shows: those of Collaboration, then those one step further."""
CENTRE = "Collaboration"
MANY = 2
"""How many classes are named in one box."""


@dataclass(frozen=True, slots=True)
class Box:
    """A class with its place: its left upper corner and its width."""

    name: str
    href: str
    x: int
    y: int
    width: int
    branch: int
    """The number of the top class above it, for its colour."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line between two boxes, with the property that it stands for and where its name is written."""

    path: str
    name: str = ""
    href: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing and its size."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A class with the classes below it."""

    term: Term
    below: tuple[Branch, ...]


def tree(book: Book) -> tuple[Branch, ...]:
    """The classes, each below the one that it is a kind of; those of the top by name."""
    tops = [each for each in book.of_kind("class") if not _parents(each, book)]
    return tuple(_branch(each, book) for each in tops)


def classes(book: Book) -> Picture:
    """Draw the tree from left to right in two columns, a row for each class without a class below it."""
    boxes: list[Box] = []
    lines: list[Line] = []
    tops = tree(book)
    half = sum(map(_rows, tops)) // 2
    left = row = height = 0
    for number, top in enumerate(tops):
        if row >= half and not left:
            left, row = max(box.x + box.width for box in boxes) + 2 * GAP, 0
        row = _place(top, (left, row, number), boxes, lines)
        height = max(height, row)
    return Picture(max(box.x + box.width for box in boxes) + 2, height * ROW, tuple(boxes), tuple(lines))


def pattern(book: Book) -> Picture:
    """Draw the collaboration, what it is joined to, and what that is joined to, in three columns."""
    terms = {term.name: term for term in book.terms.values()}
    shown = [(terms[name], _starts(terms[name], book), _ends(terms[name], book)) for name in PATTERN]
    near = [(term, ends) for term, starts, ends in shown if CENTRE in starts]
    far = [(term, starts, ends) for term, starts, ends in shown if CENTRE not in starts]
    middle = _column([ends for _, ends in near], _width(CENTRE) + _room(term for term, _ in near), terms)
    edge = max(box.x + box.width for box in middle.values())
    right = _column([ends for _, _, ends in far], edge + _room(term for term, _, _ in far), terms)
    height = max(box.y for box in (*middle.values(), *right.values())) + ROW
    centre = Box(CENTRE, terms[CENTRE].href, 2, (height - BOX) // 2, _width(CENTRE), 0)
    lines = [_labelled(centre, middle[ends], centre.x + centre.width, term) for term, ends in near]
    for term, starts, ends in far:
        lines += [_labelled(middle[start], right[ends], edge, term) for start in starts if start in middle]
    lines = [_below(line, lines[:at]) for at, line in enumerate(lines)]
    boxes = (centre, *middle.values(), *right.values())
    return Picture(max(box.x + box.width for box in boxes) + 2, height, boxes, tuple(lines))


def _parents(term: Term, book: Book) -> list[NamedNode]:
    return [each for each in book.core.things(term.node, f"{RDFS}subClassOf") if each in book.terms]


def _branch(term: Term, book: Book) -> Branch:
    below = [book.terms[each] for each in book.core.named(f"{RDFS}subClassOf", term.node) if each in book.terms]
    return Branch(term, tuple(_branch(each, book) for each in sorted(below, key=lambda each: each.name)))


def _rows(branch: Branch) -> int:
    return sum(map(_rows, branch.below)) or 1


def _place(branch: Branch, at: tuple[int, int, int], boxes: list[Box], lines: list[Line]) -> int:
    """Place a branch at a left edge, a row and with the number of its top; returns the next free row."""
    left, row, number = at
    own = Box(branch.term.name, branch.term.href, left + 2, row * ROW + 4, _width(branch.term.name), number)
    boxes.append(own)
    after = row
    for below in branch.below:
        start = (left + own.width + GAP, after, number)
        y, middle = after * ROW + 4 + BOX // 2, own.y + BOX // 2
        lines.append(Line(f"M{own.x + own.width} {middle}h{GAP // 2}V{y}h{GAP // 2}"))
        after = _place(below, start, boxes, lines)
    return max(after, row + 1)


def _starts(term: Term, book: Book) -> list[str]:
    """The names of the classes that a property stands at; Collaboration for one that stands at any endeavour."""
    found = _names(term, f"{RDFS}domain", "targetSubjectsOf", book)
    return [CENTRE] if not found or {CENTRE, "Endeavour"} & set(found) else found


def _ends(term: Term, book: Book) -> str:
    """The names of the classes that a property leads to, the first of them where there are many."""
    found = _names(term, f"{RDFS}range", "path", book)
    return ", ".join([*found[:MANY], "…"] if len(found) > MANY else found) or "anything"


def _names(term: Term, declared: str, targeted: str, book: Book) -> list[str]:
    """The classes that a property is declared to have at one end, else those that its shapes allow there."""
    shapes = book.shapes.subjects(f"{constraints.SH}{targeted}", term.node)
    shaped = [each for shape in shapes for each in constraints.classes(shape, book)]
    found = book.core.things(term.node, declared) or shaped
    return list(dict.fromkeys(each.value.removeprefix(SKG) for each in found))


def _room(terms: Iterable[Term]) -> int:
    """The width that the names of properties need between two columns."""
    return 90 + int(max(len(term.name) for term in terms) * LETTER)


def _column(ends: Sequence[str], x: int, terms: Mapping[str, Term]) -> dict[str, Box]:
    """Boxes one below the other, in the order in which they are first named."""
    return {
        name: Box(name, terms[name].href if name in terms else "", x, 4 + number * (ROW + 8), _width(name), 1)
        for number, name in enumerate(dict.fromkeys(ends))
    }


def _labelled(start: Box, end: Box, edge: int, term: Term) -> Line:
    """A line that leaves its column before it bends, and runs level below the name of the property."""
    x, y = start.x + start.width, start.y + BOX // 2
    last, goal = end.x, end.y + BOX // 2
    bend = last - int(len(term.name) * LETTER) - 16
    half = (edge + bend) // 2
    path = f"M{x} {y}H{edge}C{half} {y} {half} {goal} {bend} {goal}H{last}"
    return Line(path, term.name, term.href, bend + 6, goal - 4)


def _below(line: Line, before: Sequence[Line]) -> Line:
    """Write the name below the line where another has its name above the end that they share."""
    taken = any((other.path.rpartition("H")[2], other.y) == (line.path.rpartition("H")[2], line.y) for other in before)
    return replace(line, y=line.y + BELOW) if taken else line


def _width(name: str) -> int:
    return int(len(name) * LETTER) + 16


def walk(branches: Sequence[Branch]) -> Iterator[Term]:
    """Every class of a tree, in its order."""
    for branch in branches:
        yield branch.term
        yield from walk(branch.below)
