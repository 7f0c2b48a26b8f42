"""writing   what a query found → an answer in the format that was asked for, whole and within the limits."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping

import pyoxigraph
from pyoxigraph import QueryBoolean, QuerySolutions, Triple

from spacekg import formats
from spacekg.answers import Answer, AnswerTooLargeError, Limits, Request
from spacekg.formats import GraphFormat, InexpressibleError, ResultFormat

_BETWEEN_ROWS = {
    formats.JSON.name: b"},{", formats.XML.name: b"<result>", formats.CSV.name: b"\n", formats.TSV.name: b"\n",
}  # fmt: skip
Solved = QuerySolutions | QueryBoolean | Iterable[Triple]


def write(solved: Solved, request: Request, limits: Limits, prefixes: Mapping[str, str]) -> Answer:
    """Write rows, a truth value or triples as a request wants them.

    Raises:
        AnswerTooLargeError: it is more than the limits allow.
        InexpressibleError: the format cannot hold it.
    """
    buffer = BoundedBuffer(limits.answer_bytes)
    format: GraphFormat | ResultFormat = request.results
    if isinstance(solved, QuerySolutions | QueryBoolean):
        solved.serialize(buffer, request.results.codec)
        rows = _counted(buffer.getvalue(), request.results, limits.rows)
    else:
        format = request.graph
        triples = _sorted_triples(solved, limits.rows)
        rows = len(triples)
        _write_triples(triples, buffer, format, prefixes)
    formats.check_written(buffer.getvalue(), format)
    return Answer(buffer.getvalue(), format, rows)


def written(content: bytes, format: ResultFormat, limits: Limits) -> Answer:
    """Take rows that are written already.

    Raises:
        AnswerTooLargeError: they are more than the limits allow.
    """
    buffer = BoundedBuffer(limits.answer_bytes)
    buffer.write(content)
    return Answer(content, format, _counted(content, format, limits.rows))


def _write_triples(
    triples: list[Triple], buffer: BoundedBuffer, format: GraphFormat, prefixes: Mapping[str, str]
) -> None:
    try:
        pyoxigraph.serialize(triples, buffer, format.codec, prefixes=dict(prefixes))
    except OSError as error:
        raise InexpressibleError(f"{format.label} cannot hold this ({error}): accept text/turtle instead") from None


def _sorted_triples(solved: Iterable[Triple], limit: int) -> list[Triple]:
    """Give each triple once, and the triples of a subject together."""
    triples: set[Triple] = set()
    for triple in solved:
        triples.add(triple)
        if len(triples) > limit:
            raise AnswerTooLargeError(f"the answer has more than {limit:,} triples: add a LIMIT to the query")
    return sorted(triples, key=str)


def _counted(content: bytes, format: ResultFormat, limit: int) -> int:
    """Count rows in what was written: first by a bound that costs nothing, and exactly only where that is too high.

    Raises:
        AnswerTooLargeError: there are more than may be.
    """
    rows = content.count(_BETWEEN_ROWS[format.name]) + (format is formats.JSON and b'"bindings":[{' in content)
    if rows <= limit:
        return max(0, rows - (format in (formats.CSV, formats.TSV)))
    if format is formats.JSON:
        rows = len(json.loads(content)["results"]["bindings"])
    elif format is formats.CSV:
        rows = sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1
    elif format is formats.TSV:
        rows -= 1
    if rows > limit:
        raise AnswerTooLargeError(f"the answer has {rows:,} rows and may have {limit:,}: add a LIMIT to the query")
    return rows


class BoundedBuffer(io.BytesIO):
    """A file in memory that refuses to grow beyond a number of bytes."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self._limit = limit

    def write(self, chunk: bytes) -> int:  # type: ignore[override]  # it is only ever given bytes
        """Take a chunk.

        Raises:
            AnswerTooLargeError: with it the content would be over the limit.
        """
        if self.tell() + len(chunk) > self._limit:
            raise AnswerTooLargeError(
                f"the answer is larger than {self._limit:,} bytes: add a LIMIT, ask for fewer columns, "
                "or take a dump of the whole graph"
            )
        return super().write(chunk)
