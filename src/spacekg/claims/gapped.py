"""gapped    those whose verb is left out because it was said before: «A built X, and B the camera»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacekg.claims import clauses
from spacekg.claims.arguments import Reading
from spacekg.grammar import Tree, Word
from spacekg.model import Link

LEFT_OUT = re.compile(r"(?:[,;:]\s(?:and\s|while\s)?|\s(?:and|while)\s)(?:the\s)?$")
OBJECT = re.compile(r"\s(?:the|its|their|an?|one|two|three|four|five|six|some|most|another)\s")
"""Around a name whose verb is left out: «Israel supplied the bus, and France the camera»."""


def agents(reading: Reading, trigger: Word) -> Iterator[tuple[Word, Link]]:
    """Those whose verb is left out because it was said before: «Israel supplied the bus, and France the camera»."""
    tree, passage = reading.sentence.tree, reading.sentence.passage
    text = passage.document.text
    if not trigger.tag.startswith("VB") or not clauses.subject(tree, trigger):
        return
    for index, group in reading.sentence.by_word.items():
        agents = reading.fitting(group.links, ("Organization", "State")) if index > trigger.index else []
        left = LEFT_OUT.search(text[passage.start : group.start])
        if agents and left and OBJECT.match(text, group.end) and not _has_verb(tree, index):
            yield from ((tree.words[index], link) for link in agents)


def nearest(tree: Tree, agent: Word, nouns: Sequence[Word], agents: Sequence[Word]) -> list[Word]:
    """The things on an agent's side of a semicolon, or all where only one side names any: «A built X; B, Y»."""
    stops = [word.index for word in tree.words if word.text == ";"]
    sides = {word.index: sum(stop < word.index for stop in stops) for word in (*nouns, *agents)}
    own = [noun for noun in nouns if sides[noun.index] == sides[agent.index]]
    taken = {sides[other.index] for other in agents}
    return own or [noun for noun in nouns if sides[noun.index] not in taken]


def _has_verb(tree: Tree, index: int) -> bool:
    """Whether a finite verb stands between a name and the next comma or stop."""
    for word in tree.words[index + 1 :]:
        if word.text in {",", ";", "."}:
            return False
        if word.tag in {"VBD", "VBZ", "VBP", "MD"}:
            return True
    return False
