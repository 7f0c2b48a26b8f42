"""front     what was answered before is answered again before Flask sees the request; a release never changes."""

from __future__ import annotations

import hashlib
import io
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from spacekg import steps
from spacekg.repeats import LARGEST, SENT, Repeat, Reply, Sent
from spacekg.steps import Need, Steps
from spacekg.web import compression, log
from spacekg.web.log import Asked, Entry
from spacekg.web.metrics import Metrics, Told
from spacekg.web.responses import PASSING
from spacekg.web.shelf import Shelf
from spacekg.web.straight import BODY, PATH, POSTED, replied, whole

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

OVERHEAD = 1_000
"""Bytes that an answer takes beside the texts in it: objects, its key, its place."""
PATIENCE = 0.25
"""Seconds that a query waits for the same one that is being answered; then, or if that fails, it is asked by itself."""
WAITING = 16
"""How many queries may wait so, each in a thread of the server."""
SHARE = 10
"""One part in so many of what may be kept is for requests as they were sent."""
QUERY = 2_000
"""Characters of a query that are kept for the log, which shows no more."""

_ASKED_ALONE = frozenset({
    "HTTP_AUTHORIZATION", "HTTP_CONTENT_ENCODING", "HTTP_EXPECT", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_RANGE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING",
})  # fmt: skip
"""Headers with which a request is passed on: answers to them are rare, and some are only for who asks."""
_MATTERS = (
    "wsgi.url_scheme", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO", "QUERY_STRING",
    "HTTP_HOST", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_DATETIME", "HTTP_IF_NONE_MATCH",
)  # fmt: skip
"""All of a request that an answer which is kept may depend on, beside the method, the encoding and the body."""
_VARIES = {"accept", "accept-language", "accept-datetime", "accept-encoding"}
"""The headers of these that an answer names in `Vary`; one that names another is not kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer as it was sent, but for the id of its request."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    length: int
    """What the headers say, also where there is no body."""
    asked: Asked | None
    head: bytes
    """Its status and headers as lines."""

    @property
    def size(self) -> int:
        """Bytes it takes."""
        texts = len(self.head) or sum(len(name) + len(value) for name, value in self.headers)
        # A character of a query may take four bytes.
        return len(self.body) + len(self.head) + texts + (4 * len(self.asked.query) if self.asked else 0) + OVERHEAD


@dataclass(frozen=True, slots=True)
class _Known:
    """A request that may be sent again in the same words: the name of its answer, and what the log says of it."""

    key: bytes
    client: str
    """Who asks through a proxy; empty without one."""
    path: str
    size: int
    """Bytes it takes, with those of what was sent."""


class Front:
    """A WSGI application before the site of one release: it keeps whole answers and gives them again.

    Only what the site names by a strong ETag, and lets others keep, is kept: never an error, a state or a counter. The
    log and the counters see every request; places and time of clients are for questions that are worked on.
    """

    def __init__(
        self,
        app: WSGIApplication,
        metrics: Metrics,
        limit: int,
        straight: Callable[[WSGIEnvironment], Steps[Reply] | None] = lambda _: None,
    ) -> None:
        self._app = app
        self._straight = straight
        self._metrics = metrics
        self._sent: Shelf[_Known] = Shelf(limit // SHARE)
        self._shelf: Shelf[Kept] = Shelf(limit - limit // SHARE)
        self._largest = limit // 4
        self._begun: dict[bytes, threading.Event | None] = {}
        self._waiting = 0
        self._changing = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._shelf.size + self._sent.size

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request from what is kept, else let the site answer it."""
        work = self.answering(environ)
        if work is not None:
            reply = steps.finish(work)
            reply.end()
            start_response(reply.status, list(reply.headers))
            return [reply.body]
        began = time.monotonic()
        key = _key(environ) if self._largest else b""
        kept = self._shelf.find(key) if key else None
        if kept is not None:
            reply = self._repeated(kept, key, environ, began)
            start_response(reply.status, list(reply.headers))
            return [reply.body]
        return self._answered(key, environ, start_response) if key else self._app(environ, start_response)

    def answering(self, environ: WSGIEnvironment) -> Steps[Reply] | None:
        """Answer what the endpoint is asked step by step; None for everything else."""
        return self._steps(environ) if environ["PATH_INFO"] == PATH else None

    def _steps(self, environ: WSGIEnvironment) -> Steps[Reply]:
        began = time.monotonic()
        key = _key(environ) if self._largest else b""
        if not key:
            return (yield from self._passed(environ))
        kept = self._shelf.find(key)
        if kept is None and (begun := self._begin(key)):
            yield from self._waits(begun)
            kept = self._shelf.find(key)
        if kept is not None:
            return self._repeated(kept, key, environ, began)
        try:
            reply = yield from self._passed(environ)
        except BaseException:  # whatever it is, who waits for the answer is to ask by themselves
            self._end(key)
            raise
        return reply.then(partial(self._keep, key, environ, reply))

    def _passed(self, environ: WSGIEnvironment) -> Steps[Reply]:
        """Have the site answer."""
        work = self._straight(environ)
        if work is not None:
            return (yield from work)
        yield Need.THREAD
        return replied(self._app, environ)

    def _repeated(self, kept: Kept, key: bytes, environ: WSGIEnvironment, began: float) -> Reply:
        """Answer from what is kept, and know the request again if it is sent in the same words."""
        id = log.identified(environ.get("HTTP_X_REQUEST_ID", ""))
        path = "/" + environ["PATH_INFO"].encode("latin-1").decode(errors="replace").lstrip("/")
        client: str | None = environ.get("REMOTE_ADDR")
        self._note(kept, (id, client, environ["REQUEST_METHOD"], path), began)
        if SENT in environ and kept.head and "HTTP_X_REQUEST_ID" not in environ:
            sent: Sent = environ[SENT]
            size = len(sent.content) + len(path) + OVERHEAD
            self._sent.put(sent, _Known(key, client or "" if sent.proxy else "", path, size))
        return Reply(kept.status, (*kept.headers, (log.HEADER, id)), kept.body)

    def again(self, sent: Sent, there: str) -> Repeat | None:
        """Answer what was sent in the same words before from what is kept; see `repeats.again`."""
        began = time.monotonic()
        known = self._sent.find(sent)
        kept = self._shelf.find(known.key) if known else None
        if known is None or kept is None:
            return None
        id = secrets.token_hex(8)
        self._note(kept, (id, known.client or there, "GET", known.path), began)
        return Repeat(b"%s%s: %s\r\n" % (kept.head, log.HEADER.encode(), id.encode()), kept.body)

    def _begin(self, key: bytes) -> threading.Event | None:
        """Begin to answer a request, unless the same one is being answered: then give what says when it is."""
        with self._changing:
            if key not in self._begun:
                self._begun[key] = None
                return None
            # It is made by the first that waits for it: nobody waits for most.
            begun = self._begun[key] = self._begun[key] or threading.Event()
            return begun

    def _waits(self, begun: threading.Event) -> Steps[None]:
        """Wait for another answer, but not for long, and only if not too many do."""
        with self._changing:
            if self._waiting >= WAITING:
                return
            self._waiting += 1
        try:
            yield Need.THREAD
            begun.wait(PATIENCE)
        finally:
            with self._changing:
                self._waiting -= 1

    def _end(self, key: bytes) -> None:
        """Have those who wait for an answer wait no more; the first that ends does, for whoever it was made."""
        with self._changing:
            begun = self._begun.pop(key, None)
        if begun is not None:
            begun.set()

    def _note(self, kept: Kept, who: tuple[str, str | None, str, str], began: float) -> None:
        """Log and count a request that is answered again: its id, client, method and path."""
        self._metrics.again()
        told = Told(log.OK, time.monotonic() - began, kept.asked.rows if kept.asked else 0, kept.length)
        log.write(self._metrics, Entry(*who, int(kept.status[:3]), told, kept.asked))

    def _answered(self, key: bytes, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        sent: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(status: str, headers: list[tuple[str, str]], *failed: object) -> object:
            sent.append((status, headers))
            return start_response(status, headers, *failed)  # type: ignore[arg-type]  # as it was given

        content = self._app(environ, begin)  # type: ignore[arg-type]  # nobody uses the writer that it returns
        status, headers = sent[-1]
        named = _named(headers)
        if not self._lasts(environ, status, named):
            return content
        self._put(key, environ, reply := Reply(status, tuple(headers), whole(content)), named)
        return [reply.body]

    def _keep(self, key: bytes, environ: WSGIEnvironment, reply: Reply) -> None:
        """Keep an answer that lasts, and tell those who wait for it."""
        try:
            named = _named(reply.headers)
            if self._lasts(environ, reply.status, named):
                self._put(key, environ, reply, named)
        finally:
            self._end(key)

    def _lasts(self, environ: WSGIEnvironment, status: str, named: dict[str, str]) -> bool:
        length = int(named.get("content-length", "0"))
        return not environ.get(PASSING) and _lasting(status, named, environ) and length <= self._largest

    def _put(self, key: bytes, environ: WSGIEnvironment, reply: Reply, named: dict[str, str]) -> None:
        length = int(named.get("content-length", "0"))
        if len(reply.body) == length or environ["REQUEST_METHOD"] == "HEAD":
            same = Reply(reply.status, tuple([each for each in reply.headers if each[0] != log.HEADER]), reply.body)
            asked, head = _short(log.visit(environ).asked), _head(same, named)
            self._shelf.put(key, Kept(same.status, same.headers, same.body, length, asked, head))


def _named(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _key(environ: WSGIEnvironment) -> bytes:
    """Name a request by all that its answer may depend on; empty when it must be passed on."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD", "POST") or not _ASKED_ALONE.isdisjoint(environ):
        return b""
    body: tuple[str, bytes] = ("", b"")
    if method == "POST":
        kind, length = environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH", "")
        if environ["PATH_INFO"] != PATH or kind.partition(";")[0].strip().lower() not in POSTED:
            return b""
        if not (length.isascii() and length.isdigit() and int(length) <= BODY):
            return b""
        body = kind, environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body[1])
    encodings = environ.get("HTTP_ACCEPT_ENCODING", "")
    if "HTTP_IF_NONE_MATCH" not in environ:
        encodings = compression.chosen(encodings)
    # Texts are written as Python writes them, so no two requests can be run together to the same.
    parts = repr((method, encodings, body, [environ.get(name) for name in _MATTERS]))
    return hashlib.sha256(parts.encode(errors="surrogatepass")).digest()


def _lasting(status: str, headers: dict[str, str], environ: WSGIEnvironment) -> bool:
    """Whether an answer is the same for ever: named by its content, and not only for who asks."""
    wanted = "304" if "HTTP_IF_NONE_MATCH" in environ else "200"
    may_keep = "public" in headers.get("cache-control", "")
    varies = {name.strip().lower() for name in headers.get("vary", "").split(",") if name.strip()}
    return status.startswith(wanted) and headers.get("etag", "").startswith('"') and may_keep and varies <= _VARIES


def _head(reply: Reply, named: dict[str, str]) -> bytes:
    """Write status and headers as they are sent; nothing where somebody else must see to that."""
    bodiless = reply.status.startswith("304") and not reply.body
    if len(reply.body) > LARGEST or not (bodiless or named.get("content-length") == str(len(reply.body))):
        return b""
    return reply.head


def _short(asked: Asked | None) -> Asked | None:
    return Asked(asked.query[:QUERY], asked.digest, asked.rows) if asked else None
