"""questions  a query of queries/wikidata → its rows, asked in batches of items or page by page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from spacekg import formats, remote
from spacekg.answers import Row
from spacekg.declared import Declared
from spacekg.errors import DeclarationError
from spacekg.reference import QID
from spacekg.remote import Endpoint
from spacekg.wikidata.patience import Patience
from spacekg.wikidata.shelf import Shelf

ENTITY = "http://www.wikidata.org/entity/"
ITEMS = re.compile(r"(?<=VALUES \?item \{)[^{}]*(?=\})")
"""Where a query names the items it is about; as it is shipped it names an example."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Whom to ask, with what patience, how much at once, and where the answers are kept.

    `tell` is told what is being asked, in words for people.
    """

    endpoint: Endpoint
    rules: Declared
    patience: Patience
    tell: Callable[[str], None]
    shelf: Shelf | None = None
    batch: int = 100
    page: int = 20_000

    def about(self, name: str, items: Iterable[str]) -> Iterator[Row]:
        """Ask a query about items, some at a time.

        Raises:
            RemoteError: the endpoint gives no answer.
            DeclarationError: the query does not say which items it is about, or one of `items` is no QID.
        """
        text, wanted = self._text(name), in_order(items)
        for start in range(0, len(wanted), self.batch):
            self.tell(f"asking for the {name} of items {start:,} to {start + self.batch:,} of {len(wanted):,}")
            yield from self._rows(bound(text, wanted[start : start + self.batch]))

    def pages(self, name: str) -> Iterator[Row]:
        """Ask a query for all there is, page by page, until a page is empty.

        Raises:
            RemoteError: the endpoint gives no answer.
        """
        text, start = self._text(name), 0
        while found := self._rows(f"{text}LIMIT {self.page:d} OFFSET {start:d}\n"):
            yield from found
            start += len(found)
            self.tell(f"asking for what is {name}: {start:,} rows")

    def _text(self, name: str) -> str:
        return self.rules.query(f"wikidata/{name}").text

    def _rows(self, text: str) -> list[Row]:
        if self.shelf is None:
            return self.patience.until_answered(lambda: self._asked(text)[1])
        if (kept := self.shelf.find(self.endpoint.address, text)) is not None:
            return remote.table(self.endpoint, kept)
        content, found = self.patience.until_answered(lambda: self._asked(text))
        self.shelf.keep(self.endpoint.address, text, content)
        return found

    def _asked(self, text: str) -> tuple[bytes, list[Row]]:
        content = remote.query(self.endpoint, text, formats.JSON, formats.TURTLE)
        return content, remote.table(self.endpoint, content)


def bound(text: str, items: Iterable[str]) -> str:
    """Put items into the place of a query that names those it is about.

    Raises:
        DeclarationError: the query has no such place or several, or an item is no QID.
    """
    names = list(items)
    if wrong := [name for name in names if not QID.fullmatch(name)]:
        raise DeclarationError(f"{wrong[0]!r} is no item of Wikidata: wants Q and a number")
    bound_text, places = ITEMS.subn(f" {' '.join(f'wd:{name}' for name in names)} ", text)
    if places != 1:
        raise DeclarationError(f"a query about items names them once, in VALUES ?item {{ … }}; here: {places} times")
    return bound_text


def in_order(items: Iterable[str]) -> list[str]:
    """Give items in the order of their numbers, each once; what is no QID comes first, to be refused."""
    return sorted(set(items), key=lambda qid: (int(qid[1:]) if QID.fullmatch(qid) else -1, qid))


def qid(term: object) -> str:
    """Give the QID of an item's IRI; empty when it is something else."""
    name = term.value.removeprefix(ENTITY) if isinstance(term, NamedNode) else ""
    return name if QID.fullmatch(name) else ""
