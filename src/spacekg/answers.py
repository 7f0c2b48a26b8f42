"""answers   Request, Answer, Limits, Engine: what passes between whoever asks and whatever answers."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, QuerySolutions, Triple

from spacekg import formats
from spacekg.errors import BadQueryError, SpacekgError, UnknownQueryError
from spacekg.formats import GraphFormat, ResultFormat
from spacekg.scan import Scan
from spacekg.steps import Need, Steps


class QuerySyntaxError(BadQueryError):
    """A query cannot be read; `line` and `column` (both from 1, in code points) say where, 0 when unknown."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message, line, column)
        self.message = message
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}" if self.line else self.message


class ForbiddenQueryError(BadQueryError):
    """A query asks for what this endpoint never does: to change data, or to call another endpoint."""


class QueryTooLargeError(BadQueryError):
    """A query is longer, deeper or has more operators than the limits allow."""


class AnswerTooLargeError(SpacekgError):
    """The answer to a query has more bytes or rows than the limits allow; nothing of it is sent."""


class CostlyError(SpacekgError):
    """A query cost more than it may; `hints` say what in it may be the reason."""

    def __init__(self, message: str, hints: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.hints = tuple(hints)


class DeadlineError(CostlyError):
    """A query took longer than the limits allow and was stopped."""


class BusyError(SpacekgError):
    """Too many queries wait already."""


class TooManyError(BusyError):
    """One client has too many queries running or waiting."""


class SpentError(TooManyError):
    """One client has used up its time; after `retry_after` seconds it has some again."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class LostWorkerError(CostlyError):
    """The process that worked on a query ended, most often for want of memory; no other query was touched."""


class EndingError(LostWorkerError):
    """Nobody works on queries any more: the server is ending, or its last answer from this release is sent."""


class StoppedError(SpacekgError):
    """Whoever runs the server stopped the query."""


class AbandonedError(SpacekgError):
    """Whoever asked has gone away, so the query was stopped."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one query may cost; every number stands in docs/limits.md."""

    query_bytes: int = 64 * 1024
    """Length of the query text in UTF-8."""
    depth: int = 100
    """How many brackets of any kind may be open at once."""
    operators: int = 2_000
    """How many operators, path steps and pattern keywords a query may have."""
    answer_bytes: int = 20_000_000
    rows: int = 100_000
    """Rows of a SELECT, triples of a CONSTRUCT or DESCRIBE."""
    seconds: float = 30.0
    """Wall-clock time for reading, planning, evaluating and writing; held by query workers only."""
    memory_bytes: int = 1_000_000_000
    """What a worker may take beyond the data it started with; held by query workers only."""
    copies: float = 1.0
    """How often all workers together may copy the data in memory, to be quick; held by query workers only."""
    waiting: int = 32
    """How many queries may wait for a worker; held by query workers only."""
    wait_seconds: float = 10.0
    """How long a query waits for a worker; held by query workers only."""
    per_client: int = 4
    """How many queries of one client may run or wait at once."""
    at_work: int = 2
    """How many queries of one client are worked on at once; the others wait. Held by query workers only."""
    client_seconds: float = 60.0
    """How many seconds of answering one client may use in each minute."""
    names_at_once: int = 8
    """How many requests of one client to /reconcile and /lookup may be answered at once."""
    names_seconds: float = 30.0
    """How many seconds of processor time these may take for one client in each minute."""
    kept_bytes: int = 100_000_000
    """Bytes of answers that the server keeps, so that who asks again gets them at once; 0 for none."""
    list_rows: int = 1_000
    """Rows of a list that is linked on a page."""
    list_bytes: int = 400_000
    """Bytes of such a list, as a file and as text."""

    def allow(self, seconds: float) -> float:
        """Give the time of a query that asked for so many seconds, or for 0 to have as many as there may be."""
        return min(seconds or self.seconds, self.seconds)


@dataclass(frozen=True, slots=True)
class Request:
    """One question: a SPARQL query, the data it is about, and how its answer is to be written."""

    query: str
    results: ResultFormat = formats.JSON
    """Used when the answer is rows or a truth value."""
    graph: GraphFormat = formats.TURTLE
    """Used when the answer is a graph."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    """The dataset as SPARQL Protocol parameters give it; both empty means what the query says itself."""
    bindings: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    """Variable name to the IRI that stands for it, or to several of which each may."""
    seconds: float = 0.0
    """How long the answer may take, if that is less than the limits allow; 0 for as long as they do."""
    began: float = field(default=0.0, compare=False)
    """When its time began (`time.monotonic`), such as when its text had come; 0 for when an engine is given it."""
    base: str = ""
    """What relative IRIs in the query are relative to; without one there may be none."""
    scan: Scan | None = field(default=None, compare=False)
    """What the guard told when it let the query pass; without it, whoever answers asks the guard."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: bytes that can be sent as they are, and the format they are in."""

    content: bytes
    format: GraphFormat | ResultFormat
    rows: int = field(default=0, compare=False)
    """Rows or triples; of JSON and XML a number that a text in the answer can make too high."""
    seconds: float = field(default=0.0, compare=False)
    """How long it took to make, without the time it waited for its turn; measured by query workers only."""


@dataclass(frozen=True, slots=True)
class Summary:
    """What an engine answers from: a release's id and the size of each of its graphs."""

    release: str
    triples: int
    """Triples of the default graph, each counted once."""
    graphs: Mapping[str, int]
    """IRI of each named graph to its number of triples, sorted by IRI."""


Row = dict[str, NamedNode | BlankNode | Literal | Triple]
"""One row of a table: variable name to term, without the variables that have none."""


def never() -> bool:
    """Say that nobody has gone away: what `abandoned` is when there is no connection to lose."""
    return False


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever asks: the queries of one client share its places, and a query is stopped when nobody waits for it."""

    client: str = ""
    """The same for all queries of one client; empty for those that share no places."""
    gone: Callable[[], bool] = never
    """Asked now and then whether nobody waits for the answer any more."""


NOBODY = Caller()


def is_question(name: str) -> bool:
    """Whether a shipped query is for people: those in folders are what parts of spacekg are made of."""
    return "/" not in name


class Engine(ABC):
    """Whatever answers SPARQL over one release: the in-process `Store`, or a pool of workers."""

    def __init__(self, queries: Mapping[str, str], limits: Limits) -> None:
        self.queries = queries
        """The shipped queries: name to text."""
        self.limits = limits

    @property
    @abstractmethod
    def summary(self) -> Summary:
        """What this engine answers from."""

    @abstractmethod
    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:
        """Answer a request wholly or not at all.

        Raises:
            BadQueryError: the query cannot be parsed (QuerySyntaxError), asks for what is never done
                (ForbiddenQueryError) or is too large (QueryTooLargeError).
            AnswerTooLargeError: the answer is over the limits.
            DeadlineError, BusyError, LostWorkerError, AbandonedError: only where workers answer.
        """

    def answering(self, request: Request, caller: Caller = NOBODY) -> Steps[Answer]:
        """Answer a request step by step; see `answer`."""
        yield Need.THREAD
        return self.answer(request, caller)

    def state(self) -> Mapping[str, float]:
        """Count what an operator wants to see, by name; nothing where there are no workers."""
        return {}

    def answer_own(self, request: Request) -> Answer:
        """Answer a cheap question of the site itself, which the questions of others must not keep waiting."""
        return self.answer(request)

    def answer_named(self, name: str, **iris: str | Sequence[str]) -> list[Row]:
        """Run a shipped SELECT query with IRIs for its variables; give its rows as variable name to term.

        Raises:
            UnknownQueryError: no shipped query has that name, or it gives no rows.
        """
        return self.answer_text(self.shipped(name), **iris)

    def answer_part(self, name: str, first: int, number: int) -> list[Row]:
        """Run a shipped SELECT query for so many of its rows, from a place that is counted from 0.

        Raises:
            UnknownQueryError: no shipped query has that name, or it gives no rows.
        """
        return self.answer_text(f"{self.shipped(name)}\nLIMIT {number} OFFSET {first}")

    def answer_text(self, text: str, **iris: str | Sequence[str]) -> list[Row]:
        """Run a SELECT query of the site itself with IRIs for its variables; give its rows.

        Raises:
            UnknownQueryError: it gives no rows.
        """
        rows = pyoxigraph.parse_query_results(self.answer_own(Request(text, bindings=iris)).content, formats.JSON.codec)
        if not isinstance(rows, QuerySolutions):
            question = text.partition("\n")[0][:80]
            raise UnknownQueryError(f"the query {question!r} does not give rows: ask for one that begins with SELECT")
        return table(rows)

    def shipped(self, name: str) -> str:
        """Give the text of a shipped query.

        Raises:
            UnknownQueryError: none has that name; the message lists the nearest ones.
        """
        text = self.queries.get(name)
        if text is None:
            near = difflib.get_close_matches(name, self.queries, cutoff=0.4) or sorted(self.queries)[:5]
            raise UnknownQueryError(f"no shipped query is called {name!r}; the nearest are: {', '.join(near)}")
        return text


def table(solutions: QuerySolutions) -> list[Row]:
    """Give the solutions of a SELECT query as rows."""
    names = [variable.value for variable in solutions.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in solutions]
