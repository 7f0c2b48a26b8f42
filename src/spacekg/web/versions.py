"""versions  whether an answer needs RDF 1.2, and whether its client reads that."""

from __future__ import annotations

import re
from functools import lru_cache

from spacekg import formats
from spacekg.answers import Answer
from spacekg.formats import GraphFormat, InexpressibleError, ResultFormat
from spacekg.web.bare import Asking

RDF_1_2 = "1.2"
LONGEST = 500
"""Characters of an Accept header that is read only once for all who send it."""
_KNOWN = ("1.1", "1.2-basic", RDF_1_2)
_TERMS = re.compile(rb'"(?:[^"\\]|\\.)*+"(?P<direction>@[A-Za-z0-9-]+--(?:ltr|rtl))?|(?P<triple><<\()', re.DOTALL)
_MARKS: dict[object, tuple[bytes, ...]] = {
    formats.JSON: (b'"type":"triple"', b'"its:dir":"'),
    formats.XML: (b"<triple>", b' its:dir="'),
    formats.RDF_XML: (b' rdf:version="1.2',),
    formats.CSV: (),
}
"""What RDF 1.2 looks like in formats where no text can look like it; CSV has no types to tell it by."""


def content_type(answer: Answer, request: Asking) -> str:
    """Label an answer; one with triple terms or directions of text says that it is RDF 1.2.

    A client that asks for a version of what it gets (`Accept: text/turtle;version=1.1`) gets none that is newer.

    Raises:
        InexpressibleError: the answer needs RDF 1.2, and an older version was asked for.
    """
    wanted = asked(request, answer.format)
    new = _is_new(answer)
    if new and wanted == _KNOWN[0]:
        raise InexpressibleError(
            f"the answer has triple terms or text with a direction, which RDF 1.1 has not: accept "
            f"{answer.format.media_type};version={RDF_1_2}"
        )
    version = f"; version={RDF_1_2}" if new or wanted == RDF_1_2 else ""
    return f"{answer.format.content_type}{version}"


def _is_new(answer: Answer) -> bool:
    content = answer.content
    if answer.format in _MARKS:
        return any(mark in content for mark in _MARKS[answer.format])
    # In the other formats a text may look like it, so texts are skipped where there is a reason to look closer.
    near = b"<<(" in content or b"--ltr" in content or b"--rtl" in content
    return near and any(match["direction"] or match["triple"] for match in _TERMS.finditer(content))


def asked(request: Asking, format: GraphFormat | ResultFormat) -> str:
    """Give the version of RDF that a request asks for with a media type of a format; empty if it does not say."""
    header = request.headers.get("Accept", "")
    return _asked(header, format) if len(header) <= LONGEST else _asked.__wrapped__(header, format)


@lru_cache(maxsize=128)
def _asked(header: str, format: GraphFormat | ResultFormat) -> str:
    media_types = tuple(format.accepted())
    for item in header.split(","):
        kind, *parameters = (part.strip().lower() for part in item.split(";"))
        for parameter in parameters:
            name, _, value = parameter.partition("=")
            if name == "version" and value.strip('"') in _KNOWN and kind in media_types:
                return value.strip('"')
    return ""
