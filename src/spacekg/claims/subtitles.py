"""subtitles a description without a verb below the name it is of: «Fact sheet: X. An Italian satellite with two …»."""

from __future__ import annotations

from collections.abc import Iterator

from spacekg.claims import kinds, moods, whose
from spacekg.claims.anaphors import PARTING
from spacekg.claims.arguments import Reading
from spacekg.claims.focus import CRAFT
from spacekg.claims.statements import Rule, Statement
from spacekg.grammar import Word
from spacekg.model import PassageKind

FINITE = {"VBD", "VBZ", "VBP", "MD"}
ARTICLES = {"a", "an"}
CAPTION = Rule("d-caption", 0.8)


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield the class of the craft that the heading names, and whose it is, where the sentence is a noun alone."""
    sentence = reading.sentence
    told = sentence.passage.kind is PassageKind.SENTENCE and bool(reading.topic)
    if not told or any(word.tag in FINITE for word in sentence.tree.words) or moods.doubtful(reading):
        return
    for root in sentence.tree.roots[:1]:
        kind = kinds.class_of_noun(reading, root) if _is_description(reading, root) else ""
        wide = CRAFT if any(reading.lexicon.declared.is_a(kind, craft) for craft in CRAFT) else (kind,)
        things = reading.fitting(reading.topic, wide) if kind and not reading.fitting(sentence.links, wide) else []
        yield from kinds.typed(things, kind, CAPTION, root)
        yield from whose.owned(reading, root, things)


def _is_description(reading: Reading, root: Word) -> bool:
    """«A German telescope», not «another telescope», «the telescope», «two telescopes» or «X, a telescope»."""
    near = {child.text.lower() for child in reading.sentence.tree.children(root, "det", "amod")}
    return root.tag == "NN" and bool(near & ARTICLES) and not near & (PARTING - {"first", "new", "only"})
