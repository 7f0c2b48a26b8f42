"""journal   what a run has written so far, on disk, so that an interrupted one goes on where it was."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from spacekg.linking import outcomes
from spacekg.linking.outcomes import Outcome

SCHEMA = """
CREATE TABLE IF NOT EXISTS run (fingerprint TEXT, rows INTEGER, bytes INTEGER, tally TEXT);
CREATE TABLE IF NOT EXISTS outcome (name TEXT, context TEXT, subject TEXT, content TEXT,
    PRIMARY KEY (name, context, subject)) WITHOUT ROWID;
"""


class Journal:
    """The rows of the output written so far, and each outcome once, in a folder beside the output.

    What `keep` was called for survives whatever happens later; anything after is written again.
    """

    def __init__(self, out: Path, fingerprint: str) -> None:
        """Go on with a run of this fingerprint, or begin one.

        Raises:
            OSError: the folder cannot be written.
            sqlite3.Error: likewise.
        """
        self._folder = out.with_name(out.name + ".unfinished")
        self.rows_file = self._folder / "rows"
        if self._folder.exists() and not self._continues(fingerprint):
            shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._base = sqlite3.connect(self._folder / "outcomes.sqlite")
        self._base.executescript(SCHEMA)
        done: tuple[int, int, str] | None = self._base.execute("SELECT rows, bytes, tally FROM run").fetchone()
        if done is None:
            self._base.execute("INSERT INTO run VALUES (?, 0, 0, '')", (fingerprint,))
            self._base.commit()
        self.rows, size, tally = done or (0, 0, "")
        self.tally = Counter({name: int(n) for name, n in (each.split("=") for each in tally.split())})
        self.rows_file.touch()
        os.truncate(self.rows_file, size)

    def _continues(self, fingerprint: str) -> bool:
        try:
            base = sqlite3.connect(f"file:{self._folder / 'outcomes.sqlite'}?mode=ro", uri=True)
            try:
                return bool(base.execute("SELECT 1 FROM run WHERE fingerprint = ?", (fingerprint,)).fetchone())
            finally:
                base.close()
        except sqlite3.Error:
            return False  # killed before it had written anything that counts

    def add(self, fresh: Iterable[Outcome]) -> None:
        """Write outcomes down; one that is there already stays as it is."""
        rows = ((each.name, each.context, each.subject, each.to_json()) for each in fresh)
        self._base.executemany("INSERT OR IGNORE INTO outcome VALUES (?, ?, ?, ?)", rows)

    def keep(self, stream: IO[str], rows: int) -> None:
        """Bring to disk all that was written: `rows` rows in `stream`, and the outcomes."""
        stream.flush()
        os.fsync(stream.fileno())
        size = os.fstat(stream.fileno()).st_size
        tally = " ".join(f"{name}={number}" for name, number in sorted(self.tally.items()))
        self._base.execute("UPDATE run SET rows = ?, bytes = ?, tally = ?", (rows, size, tally))
        self._base.commit()
        self.rows = rows

    def outcomes(self) -> Iterator[Outcome]:
        """Give each outcome once, in the order of the names."""
        for (content,) in self._base.execute("SELECT content FROM outcome ORDER BY name, context, subject"):
            yield outcomes.from_json(content)

    def namespaces(self) -> Iterator[str]:
        """Give the IRIs of the rows, each once."""
        yield from (iri for (iri,) in self._base.execute("SELECT DISTINCT subject FROM outcome WHERE subject <> ''"))

    def close(self) -> None:
        """Let the files go; they stay for the next run."""
        self._base.close()

    def remove(self) -> None:
        """Delete the folder: the run is complete."""
        self.close()
        shutil.rmtree(self._folder)
