"""bare      a request as far as a query needs it, read from its environment without Flask."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, overload

from flask import Request
from werkzeug.exceptions import ClientDisconnected
from werkzeug.http import parse_options_header

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class Bare:
    """A GET or a POST with a length, by the names that Flask's request has for what is in it."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.environ = environ
        self.method: str = environ["REQUEST_METHOD"]
        self.path: str = environ["PATH_INFO"]
        self.query_string: bytes = environ["QUERY_STRING"].encode("latin-1")
        self.headers = _Headers(environ)

    @property
    def mimetype(self) -> str:
        """The media type of what is sent, without parameters and in small letters."""
        return parse_options_header(self.environ.get("CONTENT_TYPE", ""))[0].lower()

    def get_data(self, **_how: object) -> bytes:
        """Read what is sent, which can be done once; nothing of it is kept."""
        length = int(self.environ["CONTENT_LENGTH"])
        content: bytes = self.environ["wsgi.input"].read(length)
        if len(content) < length:
            raise ClientDisconnected
        return content


class _Headers:
    """What an environment has of headers."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self._environ = environ

    @overload
    def get(self, name: str) -> str | None: ...

    @overload
    def get(self, name: str, default: str) -> str: ...

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give the text of a header other than Content-Type and Content-Length, which have places of their own."""
        text: str | None = self._environ.get(_variable(name), default)
        return text


@lru_cache(maxsize=32)
def _variable(name: str) -> str:
    return f"HTTP_{name.upper().replace('-', '_')}"


Asking = Request | Bare
"""What of a request is asked for a query: whichever of the two there is."""
