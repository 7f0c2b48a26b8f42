"""negotiation  which format an answer is sent in: what the request names, else what it accepts best."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from spacekg import formats
from spacekg.errors import SpacekgError, UnknownFormatError
from spacekg.formats import Format
from spacekg.web.bare import Asking

NAMING = ("format", "output", "results")
"""Parameters that name a format; SPARQLWrapper sends all three, twice."""

LONGEST, MANY = 500, 20
"""Characters and media types of an Accept header that is read only once for all who send it."""
READ = 16_384
"""Characters of an Accept header that are read; to read more of them would take a query's time."""

_PAGES = ("text/html", "application/xhtml+xml")
Codec = TypeVar("Codec", RdfFormat, QueryResultsFormat)


class NotAcceptableError(SpacekgError):
    """The request accepts none of the formats there are; `variants` lists them."""

    def __init__(self, accept: str, table: Sequence[Format[RdfFormat] | Format[QueryResultsFormat]]) -> None:
        self.variants = [{"type": format.media_type, "format": format.name} for format in table]
        listed = ", ".join(format.media_type for format in table)
        super().__init__(f"nothing here is {accept[:200]!r}: accept one of {listed}, or name one with ?format=")


def choose(names: Iterable[str], accept: MIMEAccept, table: tuple[Format[Codec], ...]) -> Format[Codec]:
    """Take the first name that the table knows, else what is accepted best; a name nobody knows changes nothing.

    Raises:
        NotAcceptableError: nothing in the table is accepted.
    """
    for name in names:
        try:
            return formats.find(name, table)
        except UnknownFormatError:
            continue
    best = (_best if len(accept) <= MANY else _best.__wrapped__)(tuple(accept), table)
    if best is None:
        raise NotAcceptableError(accept.to_header(), table)
    return next(format for format in table if format.media_type == best)


@lru_cache(maxsize=128)
def _best(accepted: tuple[tuple[str, float], ...], table: tuple[Format[Codec], ...]) -> str | None:
    """Give the media type of a table that is accepted best; clients of one kind all accept the same."""
    return _registered(MIMEAccept(accepted), table).best_match([format.media_type for format in table])


def accepted(request: Asking) -> MIMEAccept:
    """Give what a request accepts; everything, if it does not say. Parameters such as a charset do not matter.

    One that says it at great length has its header disregarded, as RFC 9110, section 12.5.1, lets a server do.
    """
    header = request.headers.get("Accept", "")
    if len(header) > READ:
        header = "*/*"
    return _accepted(header) if len(header) <= LONGEST else _accepted.__wrapped__(header)


@lru_cache(maxsize=128)
def _accepted(header: str) -> MIMEAccept:
    # Java's own client has long sent `q=.2`, which is no number to werkzeug.
    read = parse_accept_header(header.replace("q=.", "q=0."), MIMEAccept)
    wanted = [(_plain(value), quality) for value, quality in read]
    return MIMEAccept(wanted or [("*/*", 1)])


def prefers_html(accept: MIMEAccept) -> bool:
    """Say whether a page is wanted more than any format of graphs; what accepts everything wants no page."""
    offered = [format.media_type for format in formats.GRAPHS]
    return _registered(accept, formats.GRAPHS).best_match([*offered, *_PAGES]) in {*_PAGES}


def _registered(accept: MIMEAccept, table: tuple[Format[Codec], ...]) -> MIMEAccept:
    """Replace the aliases of a table by the types they stand for; a range such as `text/*` means no aliases."""
    registered = {alias: format.media_type for format in table for alias in format.accepted()}
    return MIMEAccept([(registered.get(value, value), quality) for value, quality in accept])


def _plain(value: str) -> str:
    media_type = value.partition(";")[0].strip().lower()
    return "*/*" if media_type == "*" else media_type
