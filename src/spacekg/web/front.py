"""front     what was answered before is answered again before Flask sees the request; a release never changes."""

from __future__ import annotations

import hashlib
import io
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacekg.repeats import LARGEST, SENT, Repeat, Sent
from spacekg.web import compression, log
from spacekg.web.log import Asked, Entry
from spacekg.web.metrics import Metrics, Told
from spacekg.web.shelf import Shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

PASSING = "spacekg.passing"
"""Set in the environment of a request whose answer may be another one soon, so that it is not kept."""
BODY = 256 * 1024
"""Bytes of a request that are read here; one that sends more is not known again."""
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

_POSTED = ("application/x-www-form-urlencoded", "application/sparql-query")
_ASKED_ALONE = (
    "HTTP_AUTHORIZATION", "HTTP_CONTENT_ENCODING", "HTTP_EXPECT", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_RANGE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_RANGE", "HTTP_TRANSFER_ENCODING",
)  # fmt: skip
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
        texts = sum(len(name) + len(value) for name, value in self.headers)
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

    def __init__(self, app: WSGIApplication, metrics: Metrics, limit: int) -> None:
        self._app = app
        self._metrics = metrics
        self._sent: Shelf[_Known] = Shelf(limit // SHARE)
        self._shelf: Shelf[Kept] = Shelf(limit - limit // SHARE)
        self._largest = limit // 4
        self._begun: dict[bytes, threading.Event] = {}
        self._waiting = 0
        self._changing = threading.Lock()

    @property
    def size(self) -> int:
        """Bytes that are kept."""
        return self._shelf.size + self._sent.size

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request from what is kept, else let the site answer it."""
        began = time.monotonic()
        key = _key(environ) if self._largest else b""
        if not key:
            return self._app(environ, start_response)
        kept = self._shelf.find(key)
        if kept is None and environ["PATH_INFO"] == "/sparql":
            if self._is_first(key):
                try:
                    return self._answered(key, environ, start_response)
                finally:
                    self._end(key)
            kept = self._shelf.find(key)
        if kept is None:
            return self._answered(key, environ, start_response)
        id = log.identified(environ.get("HTTP_X_REQUEST_ID", ""))
        start_response(kept.status, [*kept.headers, (log.HEADER, id)])
        path = "/" + environ["PATH_INFO"].encode("latin-1").decode(errors="replace").lstrip("/")
        client: str | None = environ.get("REMOTE_ADDR")
        self._note(kept, (id, client, environ["REQUEST_METHOD"], path), began)
        if SENT in environ and kept.head and "HTTP_X_REQUEST_ID" not in environ:
            sent: Sent = environ[SENT]
            size = len(sent.content) + len(path) + OVERHEAD
            self._sent.put(sent, _Known(key, client or "" if sent.proxy else "", path, size))
        return [kept.body]

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

    def _is_first(self, key: bytes) -> bool:
        """Begin to answer a request, unless the same one is being answered: then wait for that, but not for long."""
        with self._changing:
            begun = self._begun.get(key)
            if begun is None:
                self._begun[key] = threading.Event()
                return True
            if self._waiting >= WAITING:
                return False
            self._waiting += 1
        begun.wait(PATIENCE)
        with self._changing:
            self._waiting -= 1
        return False

    def _end(self, key: bytes) -> None:
        with self._changing:
            self._begun.pop(key).set()

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
        named = {name.lower(): value for name, value in headers}
        length = int(named.get("content-length", "0"))
        if environ.get(PASSING) or not _lasting(status, named, environ) or length > self._largest:
            return content
        body = b"".join(_closing(content))
        if len(body) == length or environ["REQUEST_METHOD"] == "HEAD":
            same = tuple((name, value) for name, value in headers if name != log.HEADER)
            asked = _short(environ.get(log.ASKED))
            self._shelf.put(key, Kept(status, same, body, length, asked, _head(status, named, same, body)))
        return [body]


def _key(environ: WSGIEnvironment) -> bytes:
    """Name a request by all that its answer may depend on; empty when it must be passed on."""
    method = environ["REQUEST_METHOD"]
    if method not in ("GET", "HEAD", "POST") or any(name in environ for name in _ASKED_ALONE):
        return b""
    body: tuple[str, bytes] = ("", b"")
    if method == "POST":
        kind, length = environ.get("CONTENT_TYPE", ""), environ.get("CONTENT_LENGTH", "")
        if environ["PATH_INFO"] != "/sparql" or kind.partition(";")[0].strip().lower() not in _POSTED:
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


def _head(status: str, named: dict[str, str], headers: Iterable[tuple[str, str]], body: bytes) -> bytes:
    """Write status and headers as they are sent; nothing where somebody else must see to that."""
    bodiless = status.startswith("304") and not body
    if len(body) > LARGEST or not (bodiless or named.get("content-length") == str(len(body))):
        return b""
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1")


def _closing(content: Iterable[bytes]) -> Iterator[bytes]:
    try:
        yield from content
    finally:
        close = getattr(content, "close", None)
        if close is not None:
            close()


def _short(asked: Asked | None) -> Asked | None:
    return Asked(asked.query[:QUERY], asked.digest, asked.rows) if asked else None
