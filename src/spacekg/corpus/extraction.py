"""extraction the stages from split to extract, run one after the other on some documents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from spacekg import candidates, claims, links, mentions, names, passages
from spacekg.lexicon import Lexicon
from spacekg.model import Claim, Document, Link, Mention, Passage, Refusal
from spacekg.names import Names
from spacekg.reference import Reference


@dataclass(frozen=True)
class Tools:
    """What documents are read with; the index of names is made when the first document needs it."""

    reference: Reference
    lexicon: Lexicon

    @cached_property
    def index(self) -> Names:
        """Every known name."""
        return names.index(self.reference.names)


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one document says, and what it was made from."""

    passages: tuple[Passage, ...]
    mentions: tuple[Mention, ...]
    links: tuple[Link, ...]
    open: tuple[Mention, ...]
    claims: tuple[Claim, ...]
    refused: tuple[Refusal, ...]


def extract(documents: Sequence[Document], tools: Tools) -> list[Extraction]:
    """Read documents; each is read for itself, together they are only parsed faster."""
    split = {document.name: passages.split(document) for document in documents}
    pieces = [passage for of_document in split.values() for passage in of_document]
    found = mentions.find(pieces, tools.index)
    resolved = links.resolve(found, tools.reference, tools.lexicon.kinds_of_noun)
    stated, refused = claims.examine(pieces, resolved.links, tools.lexicon, tools.reference.entities)
    stated += candidates.find(pieces, found, tools.lexicon, (tools.index, tools.reference))
    return [
        Extraction(
            split[name],
            tuple(mention for mention in found if mention.passage.document.name == name),
            tuple(link for link in resolved.links if link.mention.passage.document.name == name),
            tuple(mention for mention in resolved.open if mention.passage.document.name == name),
            tuple(claim for claim in stated if claim.passage.document.name == name),
            tuple(each for each in refused if each.document == name),
        )
        for name in split
    ]
