"""The same names asked of csv-reconcile and datasette-reconcile, each in its own environment, without a network.

    python benchmarks/linking/peers.py list RELEASE FOLDER     with spacekg: write the names and the questions
    python benchmarks/linking/peers.py ours RELEASE FOLDER     with spacekg
    python benchmarks/linking/peers.py csv FOLDER              where csv-reconcile is installed
    python benchmarks/linking/peers.py datasette FOLDER        where datasette and datasette-reconcile are installed

The questions are the names of tests/linking that mean something and have nothing beside them. Peers get every shown
name of the index and are asked in batches of ten inside their own process, the first candidate counts; of each the
time includes what its service does for a batch, which for ours is the matcher alone.
"""

# ruff: noqa: PLC0415  # each part runs where only its own packages are installed

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path

LISTS = Path(__file__).resolve().parents[2] / "tests" / "linking"
BATCH = 10


def report(folder: Path, ask: Callable[[list[str]], list[str]]) -> None:
    """Ask for all names and print how fast and how well it went; `ask` gives the id of the best candidate of each."""
    questions = json.loads((folder / "questions.json").read_text(encoding="utf-8"))
    start, right = time.perf_counter(), 0
    for begin in range(0, len(questions), BATCH):
        batch = questions[begin : begin + BATCH]
        answers = ask([name for name, _ in batch])
        right += sum(answer == wanted for answer, (_, wanted) in zip(answers, batch, strict=True))
    seconds = time.perf_counter() - start
    found = {"names": len(questions), "per_second": round(len(questions) / seconds, 1), "best_is_right": right}
    print(json.dumps(found))


def write_list(release: Path, folder: Path) -> None:
    """Write names.csv, names.db and questions.json."""
    from spacekg.matching import index
    from spacekg.release import open_release

    folder.mkdir(parents=True, exist_ok=True)
    unshown = ("description", "hidden")
    forms = [form for form in index.read(open_release(release).names).forms if form.kind not in unshown]
    rows = [(f"{number}~{form.record}", form.text) for number, form in enumerate(forms)]
    with (folder / "names.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows([("id", "name"), *rows])
    (folder / "names.db").unlink(missing_ok=True)
    with sqlite3.connect(folder / "names.db") as base:
        base.execute("CREATE TABLE names (id TEXT PRIMARY KEY, name TEXT)")
        base.executemany("INSERT INTO names VALUES (?, ?)", rows)
        base.execute("CREATE VIRTUAL TABLE names_fts USING fts5(name, content='names')")
        base.execute("INSERT INTO names_fts (rowid, name) SELECT rowid, name FROM names")
    questions = []
    for path in sorted(LISTS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            questions += [(row["name"], row["id"]) for row in csv.DictReader(stream) if row["id"] and not row["with"]]
    (folder / "questions.json").write_text(json.dumps(questions, ensure_ascii=False), encoding="utf-8")


def ask_ours(release: Path, folder: Path) -> None:
    """Ask the matcher."""
    from spacekg.matching import index
    from spacekg.matching.scoring import Matcher, Query
    from spacekg.release import open_release

    matcher = Matcher(index.read(open_release(release).names))
    matcher.match(Query("a name that nobody has"))

    def ask(names: list[str]) -> list[str]:
        found = [matcher.match(Query(name)) for name in names]
        return [each[0].record.id if each else "" for each in found]

    report(folder, ask)


def ask_csv(folder: Path) -> None:
    """Ask csv-reconcile through its own application."""
    from csv_reconcile import create_app, initdb

    instance = folder.resolve() / "csv"
    instance.mkdir(exist_ok=True)
    (instance / "reconcile.config").write_text('CSVENCODING = "utf-8"\nCSVKWARGS = {"delimiter": "\\t"}\n')
    app = create_app(instance_path=str(instance), scorerOption="dice")
    with app.app_context():
        initdb.init_db_with_context(str(folder / "names.csv"), "id", "name")
    client = app.test_client()
    report(folder, lambda names: _read(client.post("/reconcile", data=_body(names)).get_json(), len(names)))


def ask_datasette(folder: Path) -> None:
    """Ask datasette-reconcile through datasette's own client."""
    from datasette.app import Datasette

    settings = {"id_field": "id", "name_field": "name", "fts_table": "names_fts"}
    plugins = {"databases": {"names": {"tables": {"names": {"plugins": {"datasette-reconcile": settings}}}}}}
    site = Datasette([str(folder / "names.db")], metadata=plugins)

    async def post(names: list[str]) -> list[str]:
        answer = await site.client.post("/names/names/-/reconcile", data=_body(names))
        return _read(answer.json(), len(names))

    loop = asyncio.new_event_loop()
    report(folder, lambda names: loop.run_until_complete(post(names)))


def _body(names: list[str]) -> dict[str, str]:
    return {"queries": json.dumps({f"q{number}": {"query": name, "limit": 5} for number, name in enumerate(names)})}


def _read(answer: dict[str, dict[str, list[dict[str, str]]]], count: int) -> list[str]:
    results = (answer[f"q{number}"]["result"] for number in range(count))
    return [found[0]["id"].partition("~")[2] if found else "" for found in results]


if __name__ == "__main__":
    what, *folders = sys.argv[1:]
    {"list": write_list, "ours": ask_ours, "csv": ask_csv, "datasette": ask_datasette}[what](*map(Path, folders))
