"""networks  rows of pairs that work together → a networkx graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from spacekg.answers import Row
from spacekg.knowledge import extras


def make(rows: Iterable[Row], names: Mapping[str, str]) -> Any:
    """Make a graph: nodes are IRIs with a `name`; an edge has its `weight`, the number of `collaborations`.

    It has also the `types` of these, and as `evidence` the claims that say who takes part; all three are sorted lists
    of texts. What no document says, but a reference table, has no evidence.

    Raises:
        MissingExtraError: networkx is not installed.
    """
    graph = extras.networkx().Graph()
    edges: dict[tuple[str, str], dict[str, set[str]]] = {}
    for row in rows:
        told = edges.setdefault((_text(row, "first"), _text(row, "second")), {})
        for name, variable in (("collaborations", "collaboration"), ("types", "type"), ("evidence", "claim")):
            told.setdefault(name, set()).update({_text(row, variable)} - {""})
    for iri in sorted({end for pair in edges for end in pair}):
        graph.add_node(iri, name=names.get(iri, iri))
    for (first, second), told in sorted(edges.items()):
        lists = {name: sorted(found) for name, found in told.items()}
        graph.add_edge(first, second, weight=len(told["collaborations"]), **lists)
    return graph


def _text(row: Row, variable: str) -> str:
    term = row.get(variable)
    return getattr(term, "value", "")
