"""halves    the state that the first half of an adjective means: «Franco-German», «Sino-Brazilian»."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from spacekg.model import Link, Mention

HALF = re.compile(r"\b(?P<half>[A-Z][a-z]+)[-\u2010\u2011\u2013]$")
LONGEST = 14
"""How many characters before a name are read for it."""
DEMONYM = "demonym"
UNIQUE = "unique"


def joined(links: Sequence[Link], states: Mapping[str, str]) -> list[Link]:
    """The names of a passage with the state of each half that a hyphen joins to the adjective of another state."""
    return [one for link in links for one in (*_before(link, states), link)]


def _before(link: Link, states: Mapping[str, str]) -> Iterator[Link]:
    mention = link.mention
    if mention.kind != DEMONYM:
        return
    start = max(mention.start - LONGEST, mention.passage.start)
    match = HALF.search(mention.passage.document.text[start : mention.start])
    state = states.get(match["half"], "") if match else ""
    if match and state:
        half = Mention(mention.passage, start + match.start("half"), start + match.end("half"), (state,), DEMONYM)
        yield Link(half, state, UNIQUE)
