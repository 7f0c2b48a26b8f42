"""store     Store: quads → answers to SPARQL, in this process."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Triple, Variable

from spacekg import formats, guard
from spacekg.answers import (
    Answer,
    AnswerTooLargeError,
    BoundedBuffer,
    Engine,
    Limits,
    QuerySyntaxError,
    Request,
    Summary,
    never,
)
from spacekg.errors import BadQueryError, ReleaseError
from spacekg.formats import GraphFormat, ResultFormat
from spacekg.guard import Scan

ALIGNMENTS = "https://w3id.org/spacekg/graph/alignments"
"""The one graph that the default graph leaves out: what other vocabularies would make of ours."""

_POSITION = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_ADVICE = {
    "Prefix not found": "its prefix is not declared: begin the query with PREFIX name: <IRI>",
    "IRI parsing failed": "an IRI is not whole: write it in full, from its scheme on",
}
_REASON = re.compile(r"[A-Za-z]+( [A-Za-z]+)+")


class Store(Engine):
    """An in-memory store of one release.

    Its default graph is the union of the named graphs, each triple once, without the alignments. pyoxigraph's own
    union counts a triple as often as there are graphs that hold it, so the union is kept beside them.
    """

    def __init__(
        self,
        quads: Iterable[Quad],
        release: str,
        queries: Mapping[str, str] | None = None,
        prefixes: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(queries or {}, limits or Limits())
        self._prefixes = dict(prefixes or {})
        self._data, self._summary = _loaded(quads, release)

    @property
    def summary(self) -> Summary:
        """Id of the release and size of each graph."""
        return self._summary

    def answer(self, request: Request, abandoned: Callable[[], bool] = never) -> Answer:  # noqa: ARG002  # no way to stop
        """Answer a request wholly or not at all; see `Engine.answer`."""
        scan = guard.scan(request.query, self.limits)
        try:
            return self._written(self._solved(request, scan), request)
        except SyntaxError as error:
            raise _syntax_error(error, request.query) from None
        except RuntimeError as error:
            raise BadQueryError(f"the query cannot be evaluated: {error}") from None

    def _solved(self, request: Request, scan: Scan) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            default = [NamedNode(iri) for iri in request.default_graphs]
            named = [NamedNode(iri) for iri in request.named_graphs]
            query = _bound(request, scan)
        except ValueError as error:
            raise BadQueryError(f"a parameter is not what it must be: {error}") from None
        if not default and not named:
            default, named = _several(scan)
        if not default and not named:
            return self._data.query(query)
        if len(default) < 2:
            return self._data.query(query, default_graph=[*default], named_graphs=[*named])
        return _merged(self._data, default, named).query(query, default_graph=DefaultGraph(), named_graphs=[*named])

    def _written(self, solved: QuerySolutions | QueryBoolean | QueryTriples, request: Request) -> Answer:
        buffer = BoundedBuffer(self.limits.answer_bytes)
        format: GraphFormat | ResultFormat = request.results
        if isinstance(solved, QueryTriples):
            format = request.graph
            triples = _sorted_triples(solved, self.limits.rows)
            pyoxigraph.serialize(triples, buffer, request.graph.codec, prefixes=self._prefixes)
        else:
            solved.serialize(buffer, request.results.codec)
            _check_rows(buffer.getvalue(), request.results, self.limits.rows)
        formats.check_written(buffer.getvalue(), format)
        return Answer(buffer.getvalue(), format)


def open_file(
    path: Path,
    release: str,
    queries: Mapping[str, str],
    prefixes: Mapping[str, str],
    limits: Limits | None = None,
) -> Store:
    """Make a store of a file of quads.

    Raises:
        ReleaseError: the file is missing or damaged.
        UnknownFormatError: its ending stands for no format.
    """
    format = formats.of_file(path, formats.GRAPHS)
    try:
        return Store(pyoxigraph.parse(path=path, format=format.codec), release, queries, prefixes, limits)
    except (OSError, SyntaxError) as error:
        raise ReleaseError(f"{path}: cannot be read as {format.label} ({error}): build the release again") from None


def _bound(request: Request, scan: Scan) -> str:
    """Give the query with values for some of its variables, each checked to be an IRI.

    pyoxigraph's own substitution knows only the variables that are asked for, not those of the pattern.
    """
    values = [f"VALUES {Variable(name)} {{ {NamedNode(iri)} }}" for name, iri in sorted(request.bindings.items())]
    if values and not scan.body:
        raise BadQueryError("the query has no pattern, so there is nothing to bind its variables in")
    return " ".join([request.query[: scan.body], *values, request.query[scan.body :]]) if values else request.query


def _loaded(quads: Iterable[Quad], release: str) -> tuple[pyoxigraph.Store, Summary]:
    data = pyoxigraph.Store()
    data.bulk_extend(quads)
    union = (Quad(quad.subject, quad.predicate, quad.object) for quad in data if _in_union(quad))
    data.bulk_extend(list(union))
    sizes = Counter(quad.graph_name for quad in data)
    graphs = {graph.value: sizes[graph] for graph in sizes if isinstance(graph, NamedNode)}
    return data, Summary(release, sizes[DefaultGraph()], dict(sorted(graphs.items())))


def _in_union(quad: Quad) -> bool:
    return isinstance(quad.graph_name, NamedNode) and quad.graph_name.value != ALIGNMENTS


def _several(scan: Scan) -> tuple[list[NamedNode], list[NamedNode]]:
    """Give the dataset of a query with more than one FROM, which pyoxigraph would not merge; else nothing."""
    if len(scan.default_graphs) < 2:
        return [], []
    return [NamedNode(iri) for iri in scan.default_graphs], [NamedNode(iri) for iri in scan.named_graphs]


def _merged(data: pyoxigraph.Store, default: Sequence[NamedNode], named: Sequence[NamedNode]) -> pyoxigraph.Store:
    """Copy some graphs into a store of their own whose default graph is their merge, as SPARQL wants it."""
    merged = pyoxigraph.Store()
    for graph in dict.fromkeys(default):
        quads = data.quads_for_pattern(None, None, None, graph)
        merged.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for graph in dict.fromkeys(named):
        merged.bulk_extend(data.quads_for_pattern(None, None, None, graph))
    return merged


def _sorted_triples(solved: QueryTriples, limit: int) -> list[Triple]:
    """Give each triple once, and the triples of a subject together."""
    triples: set[Triple] = set()
    for triple in solved:
        triples.add(triple)
        if len(triples) > limit:
            raise AnswerTooLargeError(f"the answer has more than {limit:,} triples: add a LIMIT to the query")
    return sorted(triples, key=str)


def _check_rows(content: bytes, format: ResultFormat, limit: int) -> None:
    """Count rows in what was written: first by a bound that costs nothing, and exactly only where that is too high."""
    separator = {formats.JSON: b"},{", formats.XML: b"<result>", formats.CSV: b"\n", formats.TSV: b"\n"}[format]
    rows = content.count(separator) + (format is formats.JSON)
    if rows <= limit:
        return
    if format is formats.JSON:
        rows = len(json.loads(content)["results"]["bindings"])
    elif format is formats.CSV:
        rows = sum(1 for _ in csv.reader(io.StringIO(content.decode(), newline=""))) - 1
    elif format is formats.TSV:
        rows -= 1
    if rows > limit:
        raise AnswerTooLargeError(f"the answer has {rows:,} rows and may have {limit:,}: add a LIMIT to the query")


def _syntax_error(error: SyntaxError, query: str) -> QuerySyntaxError:
    """Say behind which words a query goes wrong, and why where pyoxigraph knows it.

    What it says it expected is left out: the lists hold nearly all of the grammar and miss what is wanted.
    """
    match = _POSITION.match(str(error))
    if match is None:
        return QuerySyntaxError(f"the query is not SPARQL: {error}")
    line, column = int(match[1]), int(match[2])
    reasons = [part.strip() for part in re.split(r"[,|\n]", match[3]) if _REASON.fullmatch(part.strip())]
    reasons = [_ADVICE.get(reason, reason) for reason in reasons]
    before = query.split("\n")[line - 1][: column - 1].rstrip()[-40:]
    place = f"the query goes wrong in {before!r}" if before else "no query can begin like this"
    return QuerySyntaxError("; ".join([place, *reasons]), line, column)
