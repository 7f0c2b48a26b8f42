"""compression  sends an answer in the smallest encoding its client reads; each encoding has an ETag of its own."""

from __future__ import annotations

import re

from flask import Flask, Response, g, request
from flask_compress import Compress

from spacekg import formats
from spacekg.formats import Codec, Format

ENCODINGS = ("zstd", "br", "gzip")
"""What is offered, the best first."""
_TAG = re.compile(rf'"([^"]*):({"|".join(ENCODINGS)})"')
_TEXTS = (
    "text/html",
    "text/css",
    "text/plain",
    "text/javascript",
    "image/svg+xml",
    "application/json",
    "application/problem+json",
    "application/linkset+json",
    "application/schema+json",
    "application/sparql-query",
    "application/xml",
    "application/xhtml+xml",
)


def register(app: Flask) -> None:
    """Compress what an app sends, and know its answers again by the ETags of their encodings."""
    app.config.update(
        COMPRESS_ALGORITHM=list(ENCODINGS),
        COMPRESS_MIMETYPES=[*_TEXTS, *_of(formats.GRAPHS), *_of(formats.RESULTS)],
        # Each answer was compared with what its client has before any work was done for it.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
    )

    @app.before_request
    def take_encodings_off() -> None:
        # Flask-Compress takes `gzip;q=0`, which refuses it, for a wish.
        wanted = (f"{name};q={quality}" for name, quality in request.accept_encodings if quality > 0)
        request.environ["HTTP_ACCEPT_ENCODING"] = ", ".join(wanted)
        held = request.headers.get("If-None-Match", "")
        g.encoded = {tag: f"{tag}:{encoding}" for tag, encoding in _TAG.findall(held) if _reads(encoding)}
        if g.encoded:
            request.environ["HTTP_IF_NONE_MATCH"] = _TAG.sub(_plain, held)

    @app.after_request
    def put_encodings_on(response: Response) -> Response:
        tag, _ = response.get_etag()
        if response.status_code == 304 and tag in g.get("encoded", {}):
            response.set_etag(g.encoded[tag])
        if response.headers.get("Content-Encoding") == "gzip":
            packed = response.get_data()
            # A time stands in these bytes, and the same answer must have the same bytes.
            response.set_data(packed[:4] + b"\0\0\0\0" + packed[8:])
        return response

    # What is registered last is called first, so the two above see what is sent.
    Compress(app)


def _of(table: tuple[Format[Codec], ...]) -> list[str]:
    return [format.media_type for format in table]


def _reads(encoding: str) -> bool:
    return request.accept_encodings.quality(encoding) > 0


def _plain(match: re.Match[str]) -> str:
    return f'"{match[1]}"' if _reads(match[2]) else match[0]
