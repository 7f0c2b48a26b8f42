"""ahead     the site's questions about all of a release → their answers, asked once and kept beside it in the server.

How many entities there are, or who works with whom, takes seconds for each million triples and is the same as long as
the release is. Each front end would ask it anew, and over a large release nobody would wait for its first page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

from pyoxigraph import Literal, NamedNode, Triple

from spacekg.answers import Answer, Engine, Request
from spacekg.errors import SpacekgError

ASKED = ("pages/network", "pages/counts", "entity/number", "entity/number_of_documents")
"""Shipped queries without anything to be filled in."""
_VALUE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#value")


def name_of(query: str) -> str:
    """Name a question by its text, so that an answer never stands for another version of it."""
    return f"urn:sha256:{sha256(query.encode()).hexdigest()}"


def answers(engine: Engine, told: Callable[[str], None]) -> Iterator[bytes]:
    """Ask, and give each answer as a line of N-Triples; tell which question has none, as it took too long."""
    for name in ASKED:
        query = engine.shipped(name)
        try:
            answer = engine.answer_own(Request(query))
        except SpacekgError as error:
            told(f"{name} is left to be asked when somebody wants to know: {error}")
            continue
        yield f"{Triple(NamedNode(name_of(query)), _VALUE, Literal(answer.content.decode()))} .\n".encode()


def found(kept: Mapping[str, bytes], request: Request) -> Answer | None:
    """Give the answer that is kept for a request, if there is one."""
    if not kept or request.bindings or request.default_graphs or request.named_graphs:
        return None
    content = kept.get(name_of(request.query))
    return None if content is None else Answer(content, request.results)
