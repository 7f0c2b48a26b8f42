"""run       link a list: read its rows, judge each name, write the rows, and at the end what is beside them."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from spacekg.errors import TableError
from spacekg.linking import decisions, linkset, review, rows, sssom, tables
from spacekg.linking.cells import shown
from spacekg.linking.decisions import Decisions
from spacekg.linking.journal import Journal
from spacekg.linking.judging import Judge
from spacekg.linking.outcomes import Outcome
from spacekg.linking.tables import Row, Table
from spacekg.matching.scoring import Matcher

KEPT_EVERY = 5_000
"""Rows after which all that was written is brought to disk, and progress is told."""
NAMESPACES = 1_000
IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")


@dataclass(frozen=True, slots=True)
class Job:
    """What to link: the list, the column of its names, and what else of a row speaks for a match."""

    source: Path
    column: str
    out: Path
    kind: str = ""
    """The class that the names are wanted from, or empty."""
    beside: tuple[tuple[str, str], ...] = ()
    """Properties, each with the column that has its values."""
    subject: str = ""
    """The column of the IRIs of the rows, or empty."""
    encoding: str = ""
    release: str = ""
    decided: Path | None = None
    """The decisions file, where it is not the one beside the output."""
    titled: str = ""
    """What the outputs call the list, where that is not the name of its file."""

    def beside_out(self, ending: str) -> Path:
        """Name a file beside the output."""
        return self.out.with_name(f"{self.out.stem}.{ending}")

    @property
    def decisions(self) -> Path:
        """The file in which a person decides."""
        return self.decided or self.beside_out("decisions.csv")


@dataclass(frozen=True, slots=True)
class Report:
    """What came of a run: rows by what they came to, and the files that were written."""

    rows: int
    resumed: int
    """How many of the rows an earlier, interrupted run had done."""
    tally: Mapping[str, int]
    open: int
    """Names, each counted once, that a person should look at."""
    files: tuple[Path, ...]


def link(job: Job, matcher: Matcher, tell: Callable[[int], None]) -> Report:
    """Link a list; `tell` is told how many rows are done.

    The output and the files beside it appear when the run is complete. Until then its work lies in a folder beside
    them, and the same command goes on with it after an interruption.

    Raises:
        TableError: the list, a column or a decision is wrong, or the output cannot be written.
    """
    table = tables.read(job.source, job.encoding)
    known = decisions.read(job.decisions)
    judge = Judge(matcher, job.kind, known)
    if job.out.resolve() in (job.source.resolve(), job.decisions.resolve()):
        raise TableError(f"{job.out}: is what is read; give another file to write")
    with _writing(job), closing(Journal(job.out, _fingerprint(job, table, known))) as journal:
        resumed = journal.rows
        _link_rows(job, table, judge, journal, tell)
        return _finish(job, journal, known, resumed)


def _link_rows(job: Job, table: Table, judge: Judge, journal: Journal, tell: Callable[[int], None]) -> None:
    places = _Places.of(job, table)
    with journal.rows_file.open("a", encoding="utf-8", newline="") as stream:
        write = rows.writer(job.out, stream, table.columns)
        fresh: dict[tuple[str, str, str], Outcome] = {}
        number = journal.rows
        for number, row in enumerate(islice(table.rows(), journal.rows, None), journal.rows + 1):
            name, values, subject = places.cells(row, number)
            outcome = judge.outcome(name, values)
            write(row, outcome)
            journal.tally[_state(outcome)] += 1
            if subject:
                outcome = replace(outcome, subject=subject)
            fresh[name, outcome.context, subject] = outcome
            if number % KEPT_EVERY == 0:
                journal.add(fresh.values())
                journal.keep(stream, number)
                fresh.clear()
                tell(number)
        journal.add(fresh.values())
        journal.keep(stream, number)
        tell(number)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where in a row its name, the values beside it and its IRI stand."""

    job: Job
    name: int
    beside: tuple[tuple[str, int], ...]
    subject: int

    @classmethod
    def of(cls, job: Job, table: Table) -> _Places:
        beside = tuple((name, table.place(column)) for name, column in job.beside)
        return cls(job, table.place(job.column), beside, table.place(job.subject) if job.subject else -1)

    def cells(self, row: Row, number: int) -> tuple[str, tuple[tuple[str, str], ...], str]:
        values = tuple((name, shown(row[place])) for name, place in self.beside)
        subject = shown(row[self.subject]).strip() if self.subject >= 0 else ""
        check_iri(subject, f"{self.job.source.name}: row {number + 1}")
        return shown(row[self.name]), values, subject


def check_iri(subject: str, where: str) -> None:
    """Accept what the list gives as the IRI of a row, or that it gives none.

    Raises:
        TableError: it is something else.
    """
    if subject and not IRI.fullmatch(subject):
        raise TableError(f"{where}: {subject[:60]!r} is no IRI; see --id")


def _finish(job: Job, journal: Journal, known: Decisions, resumed: int) -> Report:
    """Write what stands beside the output, then the output itself, each whole or not at all."""
    title, spaces = job.titled or job.source.name, _spaces(journal)
    about = {"id": f"https://w3id.org/spacekg/mappings/{job.release}", "title": title, "release": job.release}
    made = [job.beside_out(ending) for ending in ("sssom.tsv", "linkset.ttl", "review.html")]
    with rows.whole(made[0]) as path, path.open("w", encoding="utf-8", newline="") as stream:
        sssom.write(stream, journal.outcomes(), about, spaces)
    with rows.whole(made[1]) as path, path.open("w", encoding="utf-8") as stream:
        linkset.write(stream, journal.outcomes(), about)
    with rows.whole(made[2]) as path, path.open("w", encoding="utf-8") as stream:
        review.write(stream, journal.outcomes(), title, job.decisions.name)
    decisions.write(job.decisions, known, (each for each in journal.outcomes() if each.needs_eyes))
    looked_at = sum(1 for each in journal.outcomes() if each.needs_eyes)
    journal.rows_file.replace(job.out)
    report = Report(journal.rows, resumed, dict(journal.tally), looked_at, (job.out, *made, job.decisions))
    journal.remove()
    return report


def _state(outcome: Outcome) -> str:
    return "matched" if outcome.match else "open" if outcome.candidates else "unknown"


def _spaces(journal: Journal) -> dict[str, str]:
    spaces = sorted({sssom.namespace(iri) for iri in journal.namespaces()})
    if len(spaces) > NAMESPACES:
        raise TableError(f"--id: IRIs of {len(spaces)} namespaces; at most {NAMESPACES} can be written as SSSOM")
    return {space: f"ns{number}" for number, space in enumerate(spaces, 1)}


@contextmanager
def _writing(job: Job) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        trouble = getattr(error, "strerror", None) or str(error)
        raise TableError(
            f"{job.out}: cannot be written: {trouble}; mend that and run the same command: it goes on where it was"
        ) from error


def _fingerprint(job: Job, table: Table, known: Decisions) -> str:
    """Name all that the output depends on; another input begins anew."""
    with job.source.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256")
    depends = (job.column, job.out.suffix, job.kind, job.beside, job.subject, job.encoding, job.release)
    digest.update(repr((depends, table.columns, sorted(known.verdicts.items(), key=repr))).encode())
    return digest.hexdigest()
