"""headers   what every answer says: who may read it, and that a browser runs nothing in it but our own files."""

from __future__ import annotations

from flask import Flask, Response, g, request

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "default-src 'self'; object-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": (
        "Content-Disposition, ETag, Link, Query-Limits, Query-Lint, Retry-After, X-Request-Id"
    ),
}
FRAMED = EVERYWHERE["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
"""What a preview says, which clients show in a frame: it has nothing to click on but links."""
PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def register(app: Flask) -> None:
    """Put the headers on every answer of an app, and those of a CORS preflight on every OPTIONS."""

    @app.after_request
    def complete(response: Response) -> Response:
        response.headers.update(EVERYWHERE)
        if g.get("framed", False):
            response.headers["Content-Security-Policy"] = FRAMED
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
            response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        return response
