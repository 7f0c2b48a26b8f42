"""compression  sends an answer in the smallest encoding its client reads; each encoding has an ETag of its own."""

from __future__ import annotations

import re
from functools import lru_cache

from flask import Flask, Response, g, request
from flask_compress import Compress
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from spacekg import formats
from spacekg.formats import Codec, Format

ENCODINGS = ("zstd", "br", "gzip")
"""What is offered, the best first."""
PLAIN = "identity"
SMALLEST = 500
"""Bytes of an answer from which on it is compressed."""
LONGEST = 300
"""Characters of a list of encodings that are looked at."""
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
        COMPRESS_MIN_SIZE=SMALLEST,
        COMPRESS_MIMETYPES=[*_TEXTS, *_of(formats.GRAPHS), *_of(formats.RESULTS)],
        # Each answer was compared with what its client has before any work was done for it.
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
    )

    @app.before_request
    def take_encodings_off() -> None:
        reads = {encoding for encoding in ENCODINGS if request.accept_encodings.quality(encoding) > 0}
        # Flask-Compress takes `gzip;q=0`, which refuses it, for a wish.
        request.environ["HTTP_ACCEPT_ENCODING"] = chosen(request.headers.get("Accept-Encoding", ""))
        held = request.headers.get("If-None-Match", "")
        g.encoded = {tag: f"{tag}:{encoding}" for tag, encoding in _TAG.findall(held) if encoding in reads}
        if g.encoded:
            request.environ["HTTP_IF_NONE_MATCH"] = _TAG.sub(
                lambda match: f'"{match[1]}"' if match[2] in reads else match[0], held
            )

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


def spared(body: bytes, accepted: str) -> bool:
    """Say whether content goes as it is to those who accept this."""
    return len(body) < SMALLEST or not chosen(accepted)


@lru_cache(maxsize=128)
def chosen(accepted: str) -> str:
    """Give the encoding that is sent to those who accept this; empty for none."""
    header = parse_accept_header(accepted[:LONGEST], Accept)
    wanted = {name.lower(): quality for name, quality in reversed(header) if quality > 0}
    best = max((*ENCODINGS, PLAIN), key=lambda name: wanted.get(name, 0))  # the first of those that are equal
    if best in wanted:
        return best if best != PLAIN else ""
    return ENCODINGS[0] if "*" in wanted else ""


def _of(table: tuple[Format[Codec], ...]) -> list[str]:
    return [format.media_type for format in table]
