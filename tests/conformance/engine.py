"""Our store as an engine of the conformance harness: its data and its queries go the way that those of users go."""

from __future__ import annotations

import io
from typing import Any

import common  # of the harness, which the runner puts on the path
import pyoxigraph
from engines import Broken, Rejected
from pyoxigraph import DefaultGraph, NamedNode, Quad

from spacekg import formats
from spacekg.answers import Limits, QuerySyntaxError, Request
from spacekg.errors import SpacekgError
from spacekg.store import Store
from spacekg.united import United

READ = {"csv": common.parse_csv_res, "tsv": common.parse_tsv_res, "srj": common.parse_srj, "srx": common.parse_srx}


class Engine:
    """What the harness calls: reset, query, syntax_query; updates are refused."""

    in_process = True
    name = "spacekg"

    def reset(self, default: Any = (), named: Any = ()) -> None:
        """Load graphs given as the harness has them."""
        loaded = [quad for graph in default for quad in quads(graph, DefaultGraph())]
        loaded += [quad for iri, graph in named for quad in quads(graph, NamedNode(iri))]
        # The tests want a default graph that holds only what no named graph does.
        separate = pyoxigraph.Store()
        separate.bulk_extend(loaded)
        self.store = Store(United(separate), "test", limits=Limits(rows=1_000_000, query_bytes=10_000_000))

    def query(self, query: str, base: str, want: str | None = None) -> Any:
        """Answer in the format that the test expects, or in JSON and N-Triples, and read that."""
        results = {"csv": formats.CSV, "tsv": formats.TSV, "srx": formats.XML}.get(want or "", formats.JSON)
        try:
            answer = self.store.answer(Request(_based(query, base), results, formats.N_TRIPLES))
        except QuerySyntaxError as error:
            raise Rejected(error) from None
        except SpacekgError as error:
            raise Broken(f"{type(error).__name__}: {error}") from None
        if answer.format is formats.N_TRIPLES:
            return common.Res("graph", quads={(*_term_of(triple), None) for triple in _parsed(answer.content)})
        return READ[{"json": "srj", "xml": "srx"}.get(answer.format.name, answer.format.name)](answer.content)

    def update(self, *_: str) -> None:
        """Refuse: the endpoint only reads."""
        raise Rejected("updates are refused")

    def syntax_query(self, query: str, base: str) -> None:
        """Read a query."""
        self.reset()
        self.query(query, base)

    syntax_update = update


def _based(query: str, base: str) -> str:
    return f"BASE <{base}>\n{query}"


def quads(graph: Any, name: NamedNode | DefaultGraph) -> list[Quad]:
    """Give a graph of the harness as quads."""
    text = common.to_nt(graph)
    parsed = pyoxigraph.parse(io.BytesIO(text.encode()), pyoxigraph.RdfFormat.N_TRIPLES)
    return [Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed]


def _parsed(content: bytes) -> Any:
    return pyoxigraph.parse(content, pyoxigraph.RdfFormat.N_TRIPLES)


def _term_of(quad: Quad) -> tuple[Any, ...]:
    return tuple(common.from_ox(term) for term in (quad.subject, quad.predicate, quad.object))
