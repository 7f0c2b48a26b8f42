"""bare      a request as far as a query needs it, read from its environment without Flask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Request
from werkzeug.datastructures import EnvironHeaders
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
        self.headers = EnvironHeaders(environ)

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


Asking = Request | Bare
"""What of a request is asked for a query: whichever of the two there is."""
