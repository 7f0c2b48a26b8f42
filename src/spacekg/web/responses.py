"""responses  content → an answer that can be cached, compared and asked for again only if it has changed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii

from flask import Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_etags

from spacekg.declared import BASE
from spacekg.web import signposts
from spacekg.web.bare import Asking
from spacekg.web.signposts import Link

PAGE = "text/html; charset=utf-8"
REVALIDATED = "public, no-cache"
"""Kept, and asked for again each time: a new release may say something else."""
FOREVER = "public, max-age=31536000, immutable"
PASSING = "spacekg.passing"
"""Set in the environment of a request whose answer may be another one soon, so that it is not kept."""
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
TAG = re.compile("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
LANGUAGES = 5
"""How many languages of a request are looked at."""


def whole(
    content: bytes, content_type: str, links: Iterable[Link] = (), vary: str = "", cache: str = REVALIDATED
) -> Response:
    """Answer with content, named by its hash; with 304 and no content to whoever has it already."""
    response = Response(content, content_type=content_type)
    response.set_etag(hashlib.sha256(content_type.encode() + b"\n" + vary.encode() + content).hexdigest()[:32])
    response.headers["Cache-Control"] = cache
    _linked(response, links, vary)
    response.make_conditional(request)
    return response


def tag(*parts: str) -> str:
    """Name an answer by its request: a release never changes, so the same request to it always gets the same bytes."""
    return hashlib.sha256(f"[{', '.join(map(encode_basestring_ascii, parts))}]".encode()).hexdigest()[:32]


def unchanged(request: Asking, naming: Callable[[], str]) -> Response | None:
    """Give a 304 to those who have the answer of a name already, before any work is done for it; few ask for that."""
    held = request.headers.get("If-None-Match")
    if held is None or request.method == "POST":
        return None
    tags, tag = parse_etags(held), naming()
    if not tag or tags.star_tag or not tags.contains(tag):
        return None
    return _named(Response(status=304), tag)


@dataclass(frozen=True, slots=True)
class Plain:
    """An answer before Flask or whoever sends it instead: its headers are yet to be completed."""

    body: bytes
    headers: dict[str, str]

    def made(self) -> Response:
        """Give it as Flask has it."""
        return Response(self.body, headers=self.headers)


def plain(content: bytes, content_type: str, tag: str) -> Plain:
    """Answer with content under its name; what has none is not to be kept."""
    named = {"ETag": f'"{tag}"'} if tag else {}
    cache = REVALIDATED if tag else "no-store"
    written = {"Content-Type": content_type, "Content-Length": str(len(content))}
    return Plain(content, {**written, "Vary": "Accept", "Cache-Control": cache, **named})


def tagged(content: bytes, content_type: str, tag: str) -> Response:
    """Answer with content under its name; what has none is not to be kept."""
    return plain(content, content_type, tag).made()


def elsewhere(status: int, address: str, links: Iterable[Link] = (), vary: str = "") -> Response:
    """Lead to another address of this site; it is never made of anything but names that were checked."""
    response = Response(status=status, headers={"Location": address})
    response.headers["Cache-Control"] = REVALIDATED
    _linked(response, links, vary)
    return response


def absolute(root: str) -> str:
    """Give the address of this site in full, for what cannot be relative; a stranger's Host header is not believed."""
    if root != "/":
        return root
    host = re.sub(r":\d+$", "", request.host)
    return request.host_url if host in LOOPBACK else BASE


def languages() -> tuple[str, ...]:
    """Give the languages that the request wants, lower-case, that of ?lang= first, then the most wanted."""
    named = request.args.get("lang", "")
    first = [named] if TAG.fullmatch(named) else []
    accepted = LanguageAccept([(tag, quality) for tag, quality in request.accept_languages if quality > 0])
    tags = (tag for tag in [*first, *accepted.values()] if tag != "*" and len(tag) <= 20)
    return tuple(dict.fromkeys(tag.lower() for tag in tags))[:LANGUAGES]


def _named(response: Response, tag: str) -> Response:
    response.vary.add("Accept")
    response.headers["Cache-Control"] = REVALIDATED if tag else "no-store"
    if tag:
        response.set_etag(tag)
    return response


def _linked(response: Response, links: Iterable[Link], vary: str) -> None:
    written = signposts.header(links)
    if written:
        response.headers["Link"] = written
    for name in filter(None, vary.split(", ")):
        response.vary.add(name)
