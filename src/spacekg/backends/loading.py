"""loading   a release → graphs of a SPARQL server elsewhere, by the Graph Store Protocol; which are there, and away."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import requests
from requests.auth import AuthBase, HTTPBasicAuth, HTTPDigestAuth

from spacekg.answers import Limits, Summary, never
from spacekg.backends import Backend, Connected, ahead, contents
from spacekg.backends.contents import Graph
from spacekg.backends.graphs import Stored
from spacekg.backends.kinds import PASSWORD, USER, Server
from spacekg.backends.lines import LateError, Line
from spacekg.declared import Declared
from spacekg.errors import AbsentError, BackendError, ReleaseError
from spacekg.release import Release
from spacekg.search import Index

SECONDS = 600.0
"""How long a server may take over one piece of a graph, or to count one."""


@dataclass(frozen=True, slots=True)
class Held:
    """A release that a server holds whole."""

    release: str
    loaded: str
    """When, as xsd:dateTime."""
    union: int
    """Triples of its default graph."""
    graphs: dict[str, int]
    """IRI of each of its graphs to its number of triples there."""


class Loader:
    """Brings releases into one server and takes them away; a release that is served is never written to."""

    def __init__(self, server: Server, rules: Declared, told: Callable[[str], None] = lambda _: None) -> None:
        self._server = server
        self._rules = rules
        self._queries = {name: rules.query(f"backends/{name}").text for name in ("releases", "size", "ahead")}
        self._told = told
        self._line = Line(server, 500_000_000)
        self._session = requests.Session()
        self._session.auth = _auth(server)

    def held(self) -> dict[str, Held]:
        """List what the server holds whole, by release, the oldest first.

        Raises:
            BackendError: the server is not there, or does not answer as such a server does.
        """
        found: dict[str, Held] = {}
        for row in self._rows("releases"):
            name, graph, triples = row["release"], row["graph"], int(row["triples"])
            each = found.setdefault(name, Held(name, row["loaded"], 0, {}))
            if graph == Stored(name, ()).union:
                found[name] = Held(name, each.loaded, triples, each.graphs)
            else:
                each.graphs[graph] = triples
        return found

    def load(self, release: Graph, work: Path) -> Held:
        """Bring a release into the server, graph by graph; it is marked as there when each has been counted.

        What a load that was broken off has left is written over. `work` is an empty folder for files.

        Raises:
            BackendError: the server is not there, refuses, or has not as many triples afterwards as it was sent.
            ReleaseError: the release is there already, or what is read of it is not what it was.
        """
        if release.id in self.held():
            raise ReleaseError(f"release {release.id} is there already: what is served is not written to")
        stored = Stored(release.id, release.sizes)
        sizes: dict[str, int] = {}
        for graph, triples in contents.parts(release, stored, work):
            sizes[graph] = self._send(graph, triples)
            self._told(f"{graph}: {sizes[graph]:,} triples")
        return self._counted(stored, sizes)

    def mark(self, release: Release) -> Held:
        """Count a release that the server's own bulk loader has brought, and mark it as there.

        Raises:
            BackendError: the server is not there, or has not as many triples as the release.
            ReleaseError: the release is marked already.
        """
        if release.id in self.held():
            raise ReleaseError(f"release {release.id} is there already: what is served is not written to")
        stored = Stored(release.id, release.sizes)
        sizes = {stored.union: sum(1 for _ in contents.united_lines(release))}
        sizes |= {name: release.sizes[graph] for graph, name in stored.names.items()}
        return self._counted(stored, sizes)

    def drop(self, release: str) -> None:
        """Take a release away; first the mark that it is there, so that nobody begins to serve it.

        Raises:
            BackendError: it is not there, or the server refuses.
        """
        held = self.held().get(release)
        if held is None:
            raise BackendError(f"release {release} is not in the store")
        stored = Stored(release, held.graphs)
        for graph in (stored.about, stored.ahead, stored.union, *stored.names.values()):
            self._request("DELETE", graph, b"")

    def _counted(self, stored: Stored, sizes: Mapping[str, int]) -> Held:
        for graph, wanted in sizes.items():
            found = int(self._rows("size", graph=graph)[0]["triples"])
            if found != wanted:
                raise BackendError(f"{graph}: the store has {found:,} triples of {wanted:,}: load the release again")
        self._send(stored.ahead, self._ahead(stored, sizes))
        self._send(stored.about, contents.about(stored.release, stored, sizes))
        return self.held()[stored.release]

    def answers(self, release: str) -> dict[str, bytes]:
        """Give what was asked ahead of a release: answers as JSON by the names of their questions.

        Raises:
            BackendError: the server is not there, or does not answer as such a server does.
        """
        return {row["question"]: row["answer"].encode() for row in self._rows("ahead", Stored(release, ()).ahead)}

    def _ahead(self, stored: Stored, sizes: Mapping[str, int]) -> Iterator[bytes]:
        """Ask the site's own questions about all of a release, with as much time as a graph has that is counted."""
        summary = Summary(stored.release, sizes[stored.union], {})
        there = Connected(self._server, stored, summary)
        engine = Backend(there, self._rules, Limits(seconds=SECONDS), lambda: Index(()), size=1)
        try:
            yield from ahead.answers(engine, self._told)
        finally:
            engine.close()

    def _send(self, graph: str, triples: Iterable[bytes]) -> int:
        """Put triples in the place of a graph, a piece at a time; give their number."""
        method, number = "PUT", 0
        for piece in _pieces(triples, self._server.kind.chunk_bytes):
            self._request(method, graph, b"".join(piece))
            method, number = "POST", number + len(piece)
        return number

    def _request(self, method: str, graph: str, body: bytes) -> None:
        try:
            answer = self._session.request(
                method, self._server.graph_store, params={"graph": graph}, data=body, timeout=SECONDS,
                headers={"Content-Type": "application/n-triples"} if body else {}, allow_redirects=False,
            )  # fmt: skip
        except requests.RequestException as error:
            raise BackendError(
                f"{self._server.graph_store} cannot be reached ({error}): is the server there?"
            ) from None
        if answer.status_code in (401, 403):
            raise _no_login(self._server.graph_store)
        if not answer.ok and not (method == "DELETE" and answer.status_code == 404):
            words = " ".join(answer.text.split())[:300]
            raise BackendError(f"{self._server.graph_store} refused {method} (HTTP {answer.status_code}): {words}")

    def _rows(self, name: str, graph: str = "") -> list[dict[str, str]]:
        query = self._queries[name]
        asked = [("query", query.replace("?graph {", f"<{graph}> {{") if graph else query)]
        try:
            reply = self._line.ask(asked, "application/sparql-results+json", time.monotonic() + SECONDS, never)
            bindings = json.loads(reply.content)["results"]["bindings"] if reply.status == 200 else None
        except LateError:
            raise BackendError(f"{self._server.query} did not answer in {SECONDS:g} seconds") from None
        except (ValueError, KeyError, TypeError):
            bindings = None
        if bindings is None:
            if reply.status in (401, 403):
                raise _no_login(self._server.query)
            words = " ".join(reply.content[:300].decode("utf-8", "replace").split())
            told = f"{self._server.query} answered with HTTP {reply.status} and no rows: is this its address?"
            raise BackendError(f"{told} {words}".strip())
        return [{variable: str(term["value"]) for variable, term in row.items()} for row in bindings]


def connected(server: Server, rules: Declared, release: Release) -> Connected:
    """Find a release in a server.

    Raises:
        BackendError: the server is not there.
        AbsentError: it does not hold this release, or not as its manifest says.
    """
    loader = Loader(server, rules)
    held = loader.held().get(release.id)
    if held is None:
        raise AbsentError(f"release {release.id} is not in the store: bring it there with: spacekg store load")
    if held.graphs != release.manifest["quads"]:
        raise AbsentError(f"release {release.id} has other sizes in the store than its manifest says: load it again")
    summary = Summary(release.id, held.union, dict(sorted(held.graphs.items())))
    return Connected(server, Stored(release.id, held.graphs), summary, loader.answers(release.id))


def _pieces(triples: Iterable[bytes], most: int) -> Iterator[list[bytes]]:
    """Cut a graph; the lines with blank nodes stay in one piece, for a node is only the same within one."""
    piece: list[bytes] = []
    blank: list[bytes] = []
    size, sent = 0, False
    for line in triples:
        if b"_:" in line:
            blank.append(line)
            continue
        if size + len(line) > most and piece:
            yield piece
            piece, size, sent = [], 0, True
        piece.append(line)
        size += len(line)
    if piece or blank or not sent:
        yield [*piece, *blank]


def _no_login(address: str) -> BackendError:
    return BackendError(f"{address} wants a login, or another one: put it into {USER} and {PASSWORD}")


def _auth(server: Server) -> AuthBase | None:
    if server.kind.login == "digest" and server.user:
        return HTTPDigestAuth(server.user, server.password)
    if server.kind.login == "basic" and server.user:
        return HTTPBasicAuth(server.user, server.password)
    return _Bearer(server.password) if server.kind.login == "bearer" and server.password else None


class _Bearer(AuthBase):
    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request
