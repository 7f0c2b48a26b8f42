"""items     QIDs → what Wikidata says about them, and which of them it merged or deleted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from spacekg.answers import Row
from spacekg.wikidata import questions
from spacekg.wikidata.questions import Inquiry

LABEL, ALIAS, DESCRIPTION = "label", "alias", "description"
LANGUAGES = ("en", "mul")
"""Whose label is shown: the English one, else that for all languages."""
PRECISIONS = {"9": 4, "10": 7, "11": 10}
"""How many characters of an ISO 8601 date are known, by Wikidata's precision; coarser than a year is no date."""
DATE = re.compile(r"\d{4}-\d\d-\d\d")
DATES = frozenset({"founded", "launched"})
SOMETHING = "/.well-known/genid/"
"""How Wikidata writes that there is a value nobody knows."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item: its names by kind, each with its languages, and the values of each column in their order."""

    qid: str
    labels: Mapping[str, frozenset[str]]
    aliases: Mapping[str, frozenset[str]]
    description: str
    values: Mapping[str, tuple[str, ...]]

    @property
    def label(self) -> str:
        """The English label; empty when there is none."""
        found = {code: text for text, codes in sorted(self.labels.items()) for code in codes}
        return next((found[code] for code in LANGUAGES if code in found), "")

    def first(self, column: str) -> str:
        """Give the first value of a column; empty when there is none."""
        return next(iter(self.values.get(column, ())), "")

    def names(self) -> dict[str, frozenset[str]]:
        """Every name with the languages it is used in."""
        every = {*self.labels, *self.aliases}
        return {text: self.labels.get(text, frozenset()) | self.aliases.get(text, frozenset()) for text in every}


def states(inquiry: Inquiry, items: Iterable[str]) -> dict[str, str]:
    """Ask which items are still there: the QID of each, with the one it was merged into or an empty text.

    A deleted item is not in the answer.

    Raises:
        RemoteError: the endpoint gives no answer.
    """
    found: dict[str, str] = {}
    for row in inquiry.about("state", items):
        found[questions.qid(row["item"])] = questions.qid(row.get("target"))
    return found


def describe(inquiry: Inquiry, items: Iterable[str]) -> list[Item]:
    """Ask for names and statements of items, in the order of their numbers.

    Raises:
        RemoteError: the endpoint gives no answer.
    """
    wanted = questions.in_order(items)
    names: dict[str, dict[str, dict[str, set[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(set)))
    for row in inquiry.about("names", wanted):
        if isinstance(name := row["value"], Literal):
            names[questions.qid(row["item"])][_text(row["column"])][_tidy(name.value)].add(
                (name.language or "").lower()
            )
    values: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in inquiry.about("statements", wanted):
        if value := _value(row):
            values[questions.qid(row["item"])][_text(row["column"])].add(value)
    return [_item(qid, names[qid], values[qid]) for qid in wanted]


def _item(qid: str, names: Mapping[str, Mapping[str, set[str]]], values: Mapping[str, set[str]]) -> Item:
    return Item(
        qid,
        {text: frozenset(codes) for text, codes in names.get(LABEL, {}).items()},
        {text: frozenset(codes) for text, codes in names.get(ALIAS, {}).items()},
        next(iter(sorted(names.get(DESCRIPTION, {}))), ""),
        {column: tuple(sorted(found)) for column, found in sorted(values.items())},
    )


def _value(row: Row) -> str:
    """The label of a thing, the known part of a date, else the value itself; empty for what nobody knows."""
    value = row["value"]
    if isinstance(value, BlankNode) or (isinstance(value, NamedNode) and SOMETHING in value.value):
        return ""
    if _text(row["column"]) in DATES:
        known = PRECISIONS.get(_text(row.get("precision")), 0)
        return _text(value)[:known] if DATE.match(_text(value)) else ""
    if questions.qid(value):
        return _tidy(_text(row.get("label")))
    return _tidy(_text(value))


def _text(term: object) -> str:
    return term.value if isinstance(term, Literal | NamedNode) else ""


def _tidy(text: str) -> str:
    """Without tabs, line ends and the bar that separates values in a cell."""
    return " ".join(text.replace("|", "/").split())
