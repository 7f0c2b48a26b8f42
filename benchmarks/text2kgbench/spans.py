"""spans     sentence → the stretches that may be a name or a date, and the labels that each may stand for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacekg import grammar
from spacekg.grammar import Chunk, Tree, Word

MONTHS = "January February March April May June July August September October November December".split()
MONTH = "|".join(MONTHS)
DATE = re.compile(rf"\b(?:(\d{{1,2}})(?:[a-z]{2})? )?({MONTH})(?: (\d{{1,2}}),?)? (\d{{4}})\b")
TOKEN = re.compile(r"\(\s?\d+\s?\)(?=\s[\w(])|'s\b|’s\b|\b(?:[A-Z]\.)+|[^\W_]+(?:(?:-|\.|['’](?!s\b))[^\W_]+)*|[^\w\s]")
LINKING = frozenset("de del della den der di du la le van von of the al bin ibn y".split())
"""Small words that may stand inside a name, never at its ends."""
CLOSED = frozenset(
    "a an the this that these those it its he his him she her they their them who which there here in on at by for "
    "from of to with as after before during since until while when where if and or but both all one two three four "
    "five six seven eight nine ten first second third most other another then later also not no however "
    "although because about between under over into".split()
)
"""Words that open a sentence with a capital and are no part of a name."""
NUMBERED = {"d4", "d", "Xd", "dx"}
"""Kinds of words that no small word joins to a name before them: «Pilot of AB-7» is no name."""
LONGEST = 7
"""Words of the longest stretch that is taken for a name."""
ABBREVIATION = re.compile(r"(\D*)(\d+)(\D*)$")
NOUN = "NN"


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, number or sign of the sentence as names are made of it."""

    text: str
    start: int
    end: int

    @property
    def shape(self) -> str:
        """What kind of word it is: `d4` and `d` for numbers, `Xd` and `dx` for codes, `X` for capitals, `Xx`, `x`."""
        bare = self.text.strip("() .")
        if bare.isdigit():
            return "d4" if len(bare) == len("2000") else "d"
        if any(c.isdigit() for c in bare):
            return "Xd" if bare[0].isalpha() else "dx"
        if bare[:1].isupper():
            return "X" if bare.isupper() else "Xx"
        return "x"


@dataclass(frozen=True, eq=False, slots=True)
class Span:
    """A stretch that may name something: the label it may stand for, how that was made, and where it hangs."""

    start: int
    end: int
    label: str
    way: str
    """How the label comes from the words: `whole`, `left`, `right`, `inner`, `longer`, `noun`, `date`, `known`, …"""
    shape: str
    pieces: tuple[Piece, ...]
    word: int
    """Index of the word of the tree that it is part of."""


@dataclass(frozen=True, eq=False, slots=True)
class Laid:
    """A parsed sentence with the stretches that may be names."""

    text: str
    tree: Tree
    pieces: tuple[Piece, ...]
    spans: tuple[Span, ...]


def lay_out(sentences: Sequence[str], known: Sequence[frozenset[str]]) -> list[Laid]:
    """Parse sentences, every run of capitals taken as one word, and find what may be a name in each.

    `known` are for each sentence the labels met elsewhere: they are found in any case, and complete a last word.
    """
    cut = [_pieces(sentence) for sentence in sentences]
    runs = [list(_runs(text, pieces)) for text, pieces in zip(sentences, cut, strict=True)]
    chunked = [[Chunk(run[0].start, run[-1].end, _stand_in(run)) for run in found] for found in runs]
    trees = grammar.parse(zip(sentences, chunked, strict=True))
    rows = zip(sentences, trees, cut, runs, known, strict=True)
    return [
        Laid(
            text,
            tree,
            tuple(pieces),
            tuple(_distinct([*_spans(text, tree, found, labels), *_known(text, tree, pieces, labels)])),
        )
        for text, tree, pieces, found, labels in rows
    ]


def _pieces(text: str) -> list[Piece]:
    return [Piece(match.group(), match.start(), match.end()) for match in TOKEN.finditer(text)]


def _is_name(piece: Piece) -> bool:
    first = piece.text.lstrip("( ")[:1]
    return (first.isupper() or first.isdigit()) and piece.text.lower() not in CLOSED


def _runs(text: str, pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    """The longest stretches of names and numbers; a full date is one of its own."""
    dates = [match.span() for match in DATE.finditer(text)]
    run: list[Piece] = []
    inside = None
    for piece in pieces:
        date = next((span for span in dates if span[0] <= piece.start < span[1]), None)
        if run and (date != inside or (run[-1].text in LINKING and piece.shape in NUMBERED)):
            yield _trimmed(run)
            run = []
        inside = date
        if date or _is_name(piece) or (run and piece.text in LINKING):
            run.append(piece)
        elif run and piece.text not in {'"', "“", "”"}:
            yield _trimmed(run)
            run = []
    if run:
        yield _trimmed(run)


def _trimmed(run: list[Piece]) -> list[Piece]:
    while run[-1].text in LINKING:
        run = run[:-1]
    return run


def _stand_in(run: Sequence[Piece]) -> str:
    return next((piece.text for piece in reversed(run) if piece.text[0].isupper()), run[-1].text.strip("( )"))


def _spans(text: str, tree: Tree, runs: Sequence[Sequence[Piece]], known: frozenset[str]) -> Iterator[Span]:
    full = [*(text[run[0].start : run[-1].end] for run in runs), *sorted(known)]
    before: Sequence[Piece] = ()
    for run in runs:
        word = _word_at(tree, run[0].start)
        if word is not None:
            yield from _of_run(text, run, word)
            yield from _longer(text, tree, run, word)
            yield from _cut_short(text, before, run, word)
            yield from _fuller(run, full, word)
        before = run if len(run) > 1 or run[0].shape == "Xd" else before
    yield from _nouns(text, tree)


def _distinct(spans: Iterable[Span]) -> list[Span]:
    """Each stretch with each label once, in the way that comes first."""
    found: dict[tuple[int, int, str], Span] = {}
    for span in spans:
        found.setdefault((span.start, span.end, span.label), span)
    return list(found.values())


def _span(text: str, pieces: Sequence[Piece], way: str, word: Word) -> Span:
    start, end = pieces[0].start, pieces[-1].end
    shape = " ".join(piece.shape for piece in pieces)
    return Span(start, end, text[start:end], way, shape, tuple(pieces), word.index)


def _of_run(text: str, run: Sequence[Piece], word: Word) -> Iterator[Span]:
    start, end = run[0].start, run[-1].end
    date = DATE.fullmatch(text, start, end)
    if date:
        day = date.group(1) or date.group(3)
        label = f"{int(day):02d} {date.group(2)} {date.group(4)}" if day else text[start:end]
        yield Span(start, end, label, "date", "date" if day else "month", tuple(run), word.index)
        return
    for first in range(len(run)):
        for last in range(first, min(len(run), first + LONGEST)):
            part = run[first : last + 1]
            if part[0].text in LINKING or part[-1].text in LINKING or (first and part[0].text.lower() in LINKING):
                continue
            way = ("whole", "left")[last + 1 < len(run)] if first == 0 else ("right", "inner")[last + 1 < len(run)]
            yield _span(text, part, way, word)
    middle = [piece.text for piece in run[1:-1]]
    if middle and {run[0].shape, run[-1].shape} <= {"Xx", "X"} and middle[-1].lower() not in LINKING:
        # «Anna Maria "Mia" Rossi» is listed under first and last name.
        label = f"{run[0].text} {run[-1].text}"
        kind = "initial" if len(middle[-1]) <= len("M.") else middle[-1][-4:].lower()
        yield Span(start, end, label, f"ends:{kind}", "ends", (run[0], run[-1]), word.index)


def _longer(text: str, tree: Tree, run: Sequence[Piece], word: Word) -> Iterator[Span]:
    """A run with the common nouns behind it that it modifies: «the Alpha programme»."""
    pieces = list(run)
    for follower in tree.words[word.index + 1 : word.index + 3]:
        if not follower.tag.startswith(NOUN) or follower.start > pieces[-1].end + 1 or not follower.text.islower():
            return
        pieces.append(Piece(follower.text, follower.start, follower.end))
        for first in range(len(run)):
            yield _span(text, pieces[first:], f"longer{len(pieces) - len(run)}", word)


def _cut_short(text: str, before: Sequence[Piece], run: Sequence[Piece], word: Word) -> Iterator[Span]:
    """The second of two names that share their beginning: «Alpha 24 / 25», «Alpha 24 and 25»."""
    if (
        not before
        or not run[0].text.isdigit()
        or not re.fullmatch(r"\s*(?:/|-|,|and|&)\s*(?:and )?", text[before[-1].end : run[0].start])
    ):
        return
    ending = ABBREVIATION.match(text[before[0].start : before[-1].end])
    if ending:
        label = f"{ending.group(1)}{run[0].text}{ending.group(3)}"
        yield Span(run[0].start, run[0].end, label, "short", "short", (*before[:-1], run[0]), word.index)


def _fuller(run: Sequence[Piece], full: Sequence[str], word: Word) -> Iterator[Span]:
    """A last name alone, for the one name of several words, here or met elsewhere, that ends with it."""
    if len(run) == 1 and run[0].shape == "Xx":
        labels = {name for name in full if name.endswith(f" {run[0].text}")}
        if len(labels) == 1:
            yield Span(run[0].start, run[0].end, labels.pop(), "fuller", "fuller", tuple(run), word.index)


def _nouns(text: str, tree: Tree) -> Iterator[Span]:
    """Common nouns with the words before them that belong to them."""
    for word in tree.words:
        if word.tag in {"NN", "NNS"} and word.text.islower():
            left = word.index
            while left and tree.words[left - 1].head in range(left, word.index + 1) and _modifies(tree.words[left - 1]):
                left -= 1
            for first in range(left, word.index + 1):
                pieces = [Piece(text[w.start : w.end], w.start, w.end) for w in tree.words[first : word.index + 1]]
                if len(pieces) <= LONGEST:
                    yield _span(text, pieces, "noun" if first == left else "noun-part", word)


def _modifies(word: Word) -> bool:
    return word.relation in {"compound", "amod", "nmod", "nummod"}


def _known(text: str, tree: Tree, pieces: Sequence[Piece], known: frozenset[str]) -> Iterator[Span]:
    folded = {label.casefold() for label in known}
    for first in range(len(pieces)):
        for last in range(first, min(first + LONGEST, len(pieces))):
            if text[pieces[first].start : pieces[last].end].casefold() in folded:
                word = _word_at(tree, pieces[last].start)
                if word is not None:
                    yield _span(text, pieces[first : last + 1], "known", word)


def _word_at(tree: Tree, offset: int) -> Word | None:
    return next((word for word in tree.words if word.start <= offset < word.end), None)
