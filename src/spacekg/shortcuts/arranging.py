"""arranging  arrange a graph in columns → what rewrites queries about it with them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pyoxigraph

from spacekg import columns
from spacekg.shortcuts import Shortcut, conditions, containing, removing, tabling


def over(data: pyoxigraph.Store) -> Sequence[Shortcut]:
    """Give what rewrites queries about the default graph of a store; nothing where that cannot be arranged so."""
    graph = columns.arrange(data)
    if graph is None:
        return ()
    grams = columns.index(graph.terms)
    return (
        Shortcut(tabling.WORDS, partial(tabling.shorten, graph, tabling.GAIN)),
        Shortcut(conditions.CALLS, partial(containing.shorten, graph, grams, containing.GAIN)),
        Shortcut(removing.WORDS, partial(removing.shorten, graph, removing.GAIN)),
    )
