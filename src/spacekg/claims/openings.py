"""openings  what the first sentences of a document tell of all of it: the one thing it is about, and who says «we»."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from spacekg.claims import focus
from spacekg.claims.discourse import TOPICS, Memory
from spacekg.claims.focus import CRAFT, INDEFINITE
from spacekg.claims.sentences import Sentence
from spacekg.model import Link, PassageKind

READ = 14
"""How many passages are looked at."""
SOON = 5
"""In which of the first sentences the thing must be named that the document is about."""
STAFFED = re.compile(
    r"\b(?:engineer|scientist|astronomer|physicist|manager|director|head|leader|president|chief|officer|researcher"
    r"|investigator|professor|spokes\w+|minister|geologist|geophysicist|oceanographer|astronaut|cosmonaut|chair\w*)s?\b"
    r"[^.;:]{0,60}?\b(?:of|at|from|for|with)\s(?:the\s)?$",
    re.IGNORECASE,
)
"""What stands before the body that somebody works for."""


def lead(opening: Sequence[Sentence], memory: Memory) -> tuple[Link, ...]:
    """The craft or mission that a document is about whose title only describes it: «A radar satellite in orbit».

    Its first sentences speak of something of that class, the first name that fits is soon the subject or opens a
    sentence, and no other is named more often.
    """
    titles = [sentence for sentence in opening[:1] if sentence.passage.kind is PassageKind.HEADING]
    if any(memory.is_any(link, TOPICS) for sentence in titles for link in sentence.links):
        return ()
    told = [sentence for sentence in opening if sentence.passage.kind is PassageKind.SENTENCE]
    links = [link for sentence in told for link in sentence.links if memory.is_any(link, CRAFT)]
    often = Counter(link.entity for link in links)
    first = next((link for sentence in told[:SOON] if (link := _named(sentence, memory))), None)
    if first is None or links[0].entity != first.entity or often[first.entity] < max(often.values()):
        return ()
    if first.mention.passage.headings != told[0].passage.headings:
        return ()  # An essay on many opens with none of them; the first comes under a heading of its own.
    before = [*titles, *(sentence for sentence in told[:SOON] if sentence.passage.start <= first.mention.start)]
    if any(focus.open_name(s, word) for s in before[len(titles) :] for word in focus.root_subjects(s.tree)):
        return ()  # «Swift is a telescope», where it stays open who Swift is: another came before the first.
    return (first,) if any(_speaks_of(sentence, memory, first) for sentence in before) else ()


def speaker(opening: Sequence[Sentence], memory: Memory) -> tuple[Link, ...]:
    """The one body whose people are introduced before the first question."""
    asked = [at for at, sentence in enumerate(opening) if sentence.passage.kind is PassageKind.QUESTION]
    found: dict[str, Link] = {}
    for sentence in opening[: asked[0]] if asked else ():
        prose = sentence.groups if sentence.passage.kind is PassageKind.SENTENCE else ()
        own = [group for group in prose if STAFFED.search(sentence.text_before(group.start))]
        links = [link for group in own for link in group.links[:1] if memory.is_any(link, ("Organization",))]
        found.update({link.entity: link for link in links})
    return tuple(found.values()) if len(found) == 1 else ()


def _named(sentence: Sentence, memory: Memory) -> Link | None:
    """The one craft that a sentence says something of."""
    links = [link for link in sentence.links if memory.is_any(link, CRAFT)]
    groups = [group for group in sentence.groups if not focus.compared(sentence, group)]
    own = [link for group in groups for link in group.links if memory.is_any(link, CRAFT)]
    return own[0] if own and len({link.entity for link in links}) == 1 else None


def _speaks_of(sentence: Sentence, memory: Memory, link: Link) -> bool:
    """Whether a sentence tells of one thing of a link's class, or of one craft: «A radar satellite reaches orbit»."""
    kind, tree = memory.entities[link.entity].kind, sentence.tree
    title = sentence.passage.kind is PassageKind.HEADING
    ones = [word for word in tree.words if word.tag in {"NN", "NNP"} and word.index not in sentence.by_word]
    told = [w for w in ones if title or any(c.text.lower() in INDEFINITE for c in tree.children(w, "det"))]
    kinds = (memory.lexicon.kinds_of_noun(word.text.lower()) for word in told)
    return any(kind in found or set(CRAFT) & found for found in kinds)
