"""patterns  what surrounds a stretch and what lies between two: keys from coarse to fine, one list for each view."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from itertools import groupby

from spans import Laid, Span

from spacekg.grammar import Tree, Word

Keys = tuple[str, ...]
"""Descriptions of one thing, the coarsest first; each later one says more."""

START, END = "^", "$"
WORD = re.compile(r"[^\W\d_]+")
STEM = 4
"""Letters by which «landing» and «landed» are known to be one word."""
DATED = {"date", "time", "year"}
HINTS = 5


def beginning(laid: Laid, span: Span) -> Keys:
    """The kind of words it consists of, and with which it begins."""
    del laid
    return _collapsed(span), span.shape, f"{span.shape}|{span.pieces[0].text}"


def ending(laid: Laid, span: Span) -> Keys:
    """The kind of words it consists of, and with which it ends."""
    del laid
    last = span.pieces[-1]
    return last.shape, f"|{last.text.lower()}", f"{last.shape}|{last.text}"


def way(laid: Laid, span: Span) -> Keys:
    """How the label comes from the words of the text."""
    del laid
    kind, _, detail = span.way.partition(":")
    return (kind, f"{kind}|{_collapsed(span)}", *([f"{kind}|{detail}"] if detail else []))


def before(laid: Laid, span: Span) -> Keys:
    """The words to the left."""
    last = [piece.text.lower() for piece in laid.pieces if piece.end <= span.start][-3:]
    last = [START] * (3 - len(last)) + last
    return last[2], " ".join(last[1:]), " ".join(last)


def after(laid: Laid, span: Span) -> Keys:
    """The words to the right."""
    first = [piece.text.lower() for piece in laid.pieces if piece.start >= span.end][:2]
    first = first + [END] * (2 - len(first))
    return first[0], " ".join(first)


def place(laid: Laid, span: Span) -> Keys:
    """How many names stand before it, and what the sentence's grammar makes of it."""
    earlier = {s.word for s in laid.spans if s.end <= span.start and s.way in {"whole", "date"}}
    rank = str(min(len(earlier), 3))
    word = top(laid.tree, laid.tree.words[span.word])
    return rank, f"{rank}|{word.relation}"


def governed(laid: Laid, span: Span) -> Keys:
    """Which words govern it: a preposition with the verb or noun above, or the verb itself."""
    word = top(laid.tree, laid.tree.words[span.word])
    keys, steps = [word.relation], [word.relation]
    for above in list(laid.tree.ancestors(word))[:3]:
        steps.append(above.lemma)
        keys.append("<".join(steps))
    return tuple(keys)


def path(laid: Laid, first: Span, second: Span) -> Keys:
    """The way through the parse from one to the other: its outline, with its topmost word, with all its words."""
    outline, top_word, full = _path(laid.tree, first.word, second.word)
    return outline, f"{outline}|{top_word}", full


def order(laid: Laid, first: Span, second: Span) -> Keys:
    """Which comes first, and how many names stand between."""
    low, high = sorted((first, second), key=lambda span: span.start)
    between = {s.word for s in laid.spans if low.end <= s.start and s.end <= high.start and s.way in {"whole", "date"}}
    side = "overlap" if high.start < low.end else "forward" if low is first else "backward"
    return side, f"{side}|{min(len(between), 4)}"


def kinds(laid: Laid, first: Span, second: Span) -> Keys:
    """The kinds of words that both consist of."""
    del laid
    return f"{first.shape}→{second.shape}", f"{first.shape}→{second.shape}|{second.pieces[-1].text}"


OF_SPAN: Mapping[str, Callable[[Laid, Span], Keys]] = {
    "beginning": beginning,
    "ending": ending,
    "way": way,
    "before": before,
    "after": after,
    "place": place,
    "governed": governed,
}
"""The views on one stretch."""

OF_PAIR: Mapping[str, Callable[[Laid, Span, Span], Keys]] = {"path": path, "order": order, "kinds": kinds}
"""The views on two stretches."""


def top(tree: Tree, word: Word) -> Word:
    """The head of the noun phrase that a word only modifies."""
    above = tree.governor(word)
    while above is not None and word.relation in {"compound", "amod", "nmod", "nummod", "poss"}:
        word, above = above, tree.governor(above)
    return word


def _path(tree: Tree, first: int, second: int) -> tuple[str, str, str]:
    up = [tree.words[first], *tree.ancestors(tree.words[first])]
    down = [tree.words[second], *tree.ancestors(tree.words[second])]
    shared = next((word for word in up if word in down), None)
    if shared is None:
        return "apart", "", "apart"
    climb, descend = up[: up.index(shared)], down[: down.index(shared)][::-1]
    outline = ">".join([*(f"^{w.relation}" for w in climb), "·", *(_step(w) for w in descend)])
    steps = [*(f"^{w.relation} {w.lemma}" for w in climb[1:]), shared.lemma]
    return outline, shared.lemma, ">".join([*steps, *(f"{w.relation} {w.lemma}" for w in descend[:-1])])


def _step(word: Word) -> str:
    return f"{word.relation} {word.lemma}" if word.relation in {"prep", "agent"} else word.relation


def _collapsed(span: Span) -> str:
    """The shape with each kind of word once where it is repeated."""
    return " ".join(kind for kind, _ in groupby(span.shape.split()))


def hints(relation: str, ends: tuple[str, str], laid: Laid, pair: tuple[Span, Span]) -> tuple[float, ...]:
    """What the ontology's own words say of two stretches, without any training.

    Whether words of the relation's label govern the object or stand anywhere in the sentence, whether the words of
    domain and range stand in or beside the stretches, and whether a date stands where the label wants one.
    """
    value = pair[1]
    near = _near(laid, value)
    named = _stems(relation)
    wants_date = bool(DATED & set(f"{relation} {ends[1]}".lower().split()))
    return (
        float(bool(named & near)),
        len(named & _stems(laid.text)) / max(len(named), 1),
        *(float(bool(_stems(end) & _beside(laid, span))) for end, span in zip(ends, pair, strict=True)),
        float(wants_date == (value.shape in {"date", "month", "d4"})),
    )


@cache
def _near(laid: Laid, span: Span) -> frozenset[str]:
    word = laid.tree.words[span.word]
    return _stems(" ".join(above.lemma for above in [word, *list(laid.tree.ancestors(word))[:4]]))


@cache
def _beside(laid: Laid, span: Span) -> frozenset[str]:
    return _stems(laid.text[max(span.start - 15, 0) : span.end + 15])


@cache
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:STEM] for word in WORD.findall(text.lower()) if len(word) >= STEM)


@cache
def of_span(laid: Laid, span: Span) -> tuple[Keys, ...]:
    """What every view of `OF_SPAN` says of a stretch, in that order."""
    return tuple(view(laid, span) for view in OF_SPAN.values())


@cache
def of_pair(laid: Laid, first: Span, second: Span) -> tuple[Keys, ...]:
    """What every view of `OF_PAIR` says of two stretches, in that order."""
    return tuple(view(laid, first, second) for view in OF_PAIR.values())
