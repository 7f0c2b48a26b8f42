"""store     Store: quads → answers to SPARQL, in this process."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pyoxigraph
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    Quad,
    QueryTriples,
    Variable,
)

from spacekg import concise, formats, guard, search, shortcuts, united, writing
from spacekg.answers import (
    NOBODY,
    Answer,
    Caller,
    Engine,
    Limits,
    QuerySyntaxError,
    Request,
    Summary,
)
from spacekg.errors import BadQueryError, ReleaseError
from spacekg.scan import Scan
from spacekg.search import Index
from spacekg.shortcuts import Shortcut
from spacekg.united import United

SIZES = "store/graphs"
"""The shipped query that counts what each named graph has."""

MUCH = 1_000_000
"""Statements, of graphs and of their union, from which on columns gain more than they make a start longer: numpy and
they take a second at a third of that, where few questions cost more than their way to a worker."""

_POSITION = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_ADVICE = {
    "Prefix not found": "its prefix is not declared: begin the query with PREFIX name: <IRI>",
    "IRI parsing failed": "an IRI is not whole: write it in full, from its scheme on",
}
_REASON = re.compile(r"[A-Za-z]+( [A-Za-z]+)+")


class Store(Engine):
    """An in-memory store of one release.

    Its default graph is the union of the named graphs, each triple once, without the alignments.
    """

    def __init__(
        self,
        quads: Iterable[Quad] | United,
        release: str,
        queries: Mapping[str, str] | None = None,
        prefixes: Mapping[str, str] | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(queries or {}, limits or Limits())
        self._prefixes = dict(prefixes or {})
        self._data = quads.data if isinstance(quads, United) else united.load(quads).data
        self._summary = _summed(self._data, release, self.queries.get(SIZES, ""))
        self._counts = shortcuts.count(self._data.query, self.queries)
        self._arranged: Sequence[Shortcut] = ()
        self._index: Index | None = None
        self._texts: Callable[[], Mapping[str, str]] = dict

    @property
    def summary(self) -> Summary:
        """Id of the release and size of each graph."""
        return self._summary

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002  # no way to stop
        """Answer a request wholly or not at all; see `Engine.answer`."""
        scan = request.scan or guard.scan(request.query, self.limits)
        try:
            return writing.write(self._solved(request, scan), request, self.limits, self._prefixes)
        except SyntaxError as error:
            raise located(self._as_sent(error, request), request.query) from None
        except (RuntimeError, ValueError) as error:
            raise BadQueryError(f"the query cannot be evaluated: {error}") from None

    def index(self) -> Index:
        """Give the index of its texts; it is made once, when the first query searches or somebody asks before."""
        if self._index is None:
            self._index = search.read(self._data, self._texts())
        return self._index

    def arrange(self) -> None:
        """Arrange the data otherwise as well, if it is much: what counts it or looks for text in it is faster then."""
        if len(self._data) >= MUCH:
            from spacekg.shortcuts import arranging  # noqa: PLC0415  # who has little need not wait for numpy

            self._arranged = arranging.over(self._data)

    @property
    def indexed(self) -> bool:
        """Whether the index is made."""
        return self._index is not None

    def reading(self, texts: Callable[[], Mapping[str, str]]) -> Store:
        """Search whole documents too: their texts by their IRIs, which are read when the index is made."""
        self._texts = texts
        return self

    def keep(
        self, folder: Path
    ) -> tuple[Mapping[str, str], Mapping[str, str], Limits, Callable[[], Mapping[str, str]]]:
        """Write the data to a folder, for `pyoxigraph.Store.read_only`; give all else that makes this store anew."""
        kept = pyoxigraph.Store(str(folder))
        kept.bulk_extend(self._data)
        kept.flush()
        return self.queries, self._prefixes, self.limits, self._texts

    def _as_sent(self, error: SyntaxError, request: Request) -> SyntaxError:
        """Find an error again in the query as it was sent: what was put into it moves places."""
        try:
            with suppress(RuntimeError):
                self._data.query(request.query, base_iri=request.base or None)
        except SyntaxError as original:
            return original
        return error

    def _solved(self, request: Request, scan: Scan) -> writing.Solved:
        query, default, named = posed(request, scan, self.index)
        if not default and not named:
            query = shortcuts.shorten(query, self._counts, self._arranged)
            default, named = _several(scan)
        data: pyoxigraph.Store = self._data
        chosen: list[NamedNode | BlankNode | DefaultGraph] = [*default]
        if len(default) > 1:
            data, chosen = _merged(self._data, default, named), [DefaultGraph()]
        base = request.base or None
        if default or named:
            solved: writing.Solved = data.query(query, base_iri=base, default_graph=chosen, named_graphs=[*named])
        else:
            solved = data.query(query, base_iri=base)
            chosen = [NamedNode(iri) for iri in scan.default_graphs] or [DefaultGraph()] * (not scan.named_graphs)
        if scan.form == "DESCRIBE" and isinstance(solved, QueryTriples):
            return concise.describe(solved, data, chosen)
        return solved


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


def posed(request: Request, scan: Scan, index: Callable[[], Index]) -> tuple[str, list[NamedNode], list[NamedNode]]:
    """Give a query with its values and with what its searches find, and the default and named graphs it is about.

    Raises:
        BadQueryError: one of its parameters is not what it must be, or a search is not written as it must be.
    """
    try:
        default = [NamedNode(iri) for iri in request.default_graphs]
        named = [NamedNode(iri) for iri in request.named_graphs]
        return search.expand(bound(request, scan), index), default, named
    except ValueError as error:
        raise BadQueryError(f"a parameter is not what it must be: {error}") from None


def located(error: SyntaxError, query: str) -> QuerySyntaxError:
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


def bound(request: Request, scan: Scan) -> str:
    """Give the query with values for some of its variables, each checked to be an IRI.

    pyoxigraph's own substitution knows only the variables that are asked for, not those of the pattern.
    """
    listed = {name: [iris] if isinstance(iris, str) else iris for name, iris in sorted(request.bindings.items())}
    values = [
        f"VALUES {Variable(name)} {{ {' '.join(str(NamedNode(i)) for i in iris)} }}" for name, iris in listed.items()
    ]
    if values and not scan.body:
        raise BadQueryError("the query has no pattern, so there is nothing to bind its variables in")
    return " ".join([request.query[: scan.body], *values, request.query[scan.body :]]) if values else request.query


def _summed(data: pyoxigraph.Store, release: str, counting: str) -> Summary:
    """Count what each graph has, by the shipped query for it where there is one, which is quicker."""
    sizes = dict.fromkeys(data.named_graphs(), 0)
    if counting:
        sizes |= {row["key"]: int(row["number"].value) for row in data.query(counting)}  # type: ignore[union-attr]
    else:
        sizes |= {graph: sum(1 for _ in data.quads_for_pattern(None, None, None, graph)) for graph in sizes}
    graphs = {graph.value: size for graph, size in sizes.items() if isinstance(graph, NamedNode)}
    return Summary(release, len(data) - sum(sizes.values()), dict(sorted(graphs.items())))


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
