"""What the tests of reading share: a text, read with the shipped names and patterns, up to its claims."""

from __future__ import annotations

import hashlib
from functools import cache

from spacekg import claims, declared, disputes, lexicon, links, mentions, names, passages, reference
from spacekg.declared import Declared
from spacekg.lexicon import Lexicon
from spacekg.links import Resolution
from spacekg.model import Claim, Document
from spacekg.names import Names
from spacekg.reference import Reference


@cache
def shipped() -> tuple[Declared, Lexicon, Reference, Names]:
    """The shipped declarations and tables, read once for all tests."""
    folder = declared.shipped()
    known = declared.read(folder)
    tables = reference.read(folder / "data" / "reference")
    return known, lexicon.read(folder / "data" / "lexicon", known), tables, names.index(tables.names)


def document(text: str, name: str = "text") -> Document:
    """A plain document of this text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(name, "text/markdown", text, digest, digest, title=name)


def resolve_text(text: str) -> Resolution:
    """Find and resolve the names of a text."""
    _, words, tables, index = shipped()
    return links.resolve(mentions.find(passages.split(document(text)), index), tables, words.kinds_of_noun)


def read_text(text: str) -> list[Claim]:
    """Read a text up to its judged claims."""
    known, words, tables, index = shipped()
    pieces = passages.split(document(text))
    resolution = links.resolve(mentions.find(pieces, index), tables, words.kinds_of_noun)
    return disputes.judge(claims.extract(pieces, resolution.links, words, tables.entities), tables, known)
