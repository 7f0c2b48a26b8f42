"""What tests share that send the site headers of all kinds over a real connection: the answers as they came."""

from __future__ import annotations

import http.client
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from spacekg import declared
from spacekg.answers import is_question

PARTS = {name: query.text for name, query in declared.read(declared.shipped()).queries.items() if not is_question(name)}
"""The shipped queries that parts of a site are made of."""


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers by lower-case name, and its bytes."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """Its media type without parameters."""
        return self.headers.get("content-type", "").partition(";")[0]


def ask(
    address: str, path: str, headers: Sequence[tuple[str, str]] = (), method: str = "GET", body: bytes | None = None
) -> Reply:
    """Send exactly these headers, a line each, beside Host and what a body needs."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    try:
        connection.putrequest(method, f"/{path}", skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body)
        response = connection.getresponse()
        return Reply(response.status, {name.lower(): value for name, value in response.getheaders()}, response.read())
    finally:
        connection.close()
