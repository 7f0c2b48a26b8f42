"""Opening documents in portions: the same documents as at once, wherever each is opened, and no text is held."""

from __future__ import annotations

import fcntl
import os
import pickle
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from tests.reading import shipped
from tests.test_partitioned import TEXTS, small
from tests.test_rows import archive, lines

from spacekg import corpus, documents, partitioned, pipeline
from spacekg.corpus import crew
from spacekg.corpus.extraction import Extraction, Tools
from spacekg.corpus.written import dump
from spacekg.documents import listing, rows
from spacekg.errors import DocumentError, MissingExtraError
from spacekg.model import Document
from spacekg.partitioned import opening, saying, spreading

FIXTURES = Path(__file__).parent / "documents"
PAGE = b"<html><title>Mio</title><body><p>Mio is an orbiter.</p></body></html>"
SILENT = dump(Extraction((), (), (), (), (), ()))


@pytest.fixture
def pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Makes portions so small that each has a document or two."""
    monkeypatch.setattr(rows, "PIECE", 100)
    monkeypatch.setattr(listing, "PIECE", 100)


def many(folder: Path) -> list[Path]:
    """Files of every kind, the larger ones of several portions."""
    pyarrow = pytest.importorskip("pyarrow", reason="an extra")
    parquet = pytest.importorskip("pyarrow.parquet", reason="an extra")
    (folder / "files").mkdir()
    for at, text in enumerate(TEXTS):
        (folder / "files" / f"file-{at}.txt").write_text(text, encoding="utf-8")
    (folder / "files" / "picture.png").write_bytes(b"\x89PNG")
    (folder / "files" / "mercury.pdf").write_bytes((FIXTURES / "mercury.pdf").read_bytes())
    table = pyarrow.table({"name": [f"row-{at}" for at in range(9)], "text": [f"ESA, row {at}." for at in range(9)]})
    parquet.write_table(table, folder / "many.parquet", row_group_size=2)
    crawl = archive(
        folder / "crawl.warc.gz",
        ("https://example.org/mio", "200 OK", "text/html", PAGE),
        ("https://example.org/logo", "200 OK", "image/png", b"\x89PNG"),
    )
    rows_of_lines = [{"name": f"line-{9 - at}", "text": f"NASA, line {at}."} for at in range(9)]
    return [folder / "files", lines(folder, *rows_of_lines), folder / "many.parquet", crawl]


def read(paths: Sequence[Path | str], folder: Path, spread: opening.Spread = map) -> opening.Reading:
    return opening.read(paths, folder / "opened", spread, documents.fail)


def nowhere(function: Callable[[int], object], numbers: Iterable[int]) -> Iterator[None]:
    """Whoever works has none of the files."""
    return (None for _ in numbers)


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize("spread", [map, nowhere])
def test_what_is_opened_in_portions_is_what_is_opened_at_once(tmp_path: Path, spread: opening.Spread) -> None:
    paths = many(tmp_path)
    at_once = documents.read(paths)
    apart = read(paths, tmp_path, spread)
    assert len([*(tmp_path / "opened").glob("portion-*")]) > 10
    assert (*apart.documents,) == (*apart.documents,) == at_once.documents
    assert len(apart.documents) == len(at_once.documents) == 6 + 1 + 9 + 9 + 1
    assert [path.name for path in apart.ignored] == [path.name for path in at_once.ignored]
    assert len(apart.ignored) == 2


def test_processes_open_what_lies_in_s3(bucket: str, tmp_path: Path) -> None:
    import fsspec  # noqa: PLC0415  # an extra, which comes with that of the bucket

    paths = many(tmp_path)[1:]
    for path in paths:
        fsspec.filesystem("s3", skip_instance_cache=True).pipe(f"bucket/{path.name}", path.read_bytes())
    with spreading.processes(2) as spread:
        apart = read([f"{bucket}/{path.name}" for path in paths], tmp_path, spread)
    assert (*apart.documents,) == documents.read(paths).documents


def test_a_file_that_is_another_elsewhere_is_opened_here(tmp_path: Path) -> None:
    path = lines(tmp_path, {"name": "one", "text": "NASA."})
    told: list[object] = []

    def elsewhere(function: Callable[[int], object], numbers: Iterable[int]) -> Iterator[object]:
        for number in numbers:
            was = path.stat()
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns + 1))
            told.append(function(number))
            os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
            yield told[-1]

    assert (*read([path], tmp_path, elsewhere).documents,) == documents.read([path]).documents
    assert told == [None]


@pytest.mark.usefixtures("pieces")
@pytest.mark.parametrize(
    "row",
    [
        "{",
        "[1]",
        {"text": "No name."},
        {"name": 7, "text": "a"},
        {"name": "blank", "text": " \n"},
        {"name": "line-3", "text": "b"},
    ],
)
def test_what_is_wrong_is_told_as_at_once(tmp_path: Path, row: object) -> None:
    path = lines(tmp_path, *({"name": f"line-{at}", "text": f"NASA, line {at}."} for at in range(9)), row)
    with pytest.raises(DocumentError, match=r"many\.jsonl:10") as at_once:
        documents.read([path])
    with pytest.raises(DocumentError) as apart:
        read([path], tmp_path)
    assert str(apart.value) == str(at_once.value)


def test_nothing_at_all_is_told_as_at_once(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match=r"many\.jsonl: holds no document"):
        read([lines(tmp_path)], tmp_path)


def engine(texts: Iterable[Document], tools: Tools, seconds: float) -> Iterator[tuple[Document, crew.Told]]:
    return crew.read(texts, tools, 0, seconds)


@pytest.mark.usefixtures("pieces")
def test_an_engine_sets_aside_what_cannot_be_opened(tmp_path: Path) -> None:
    known, _, _, _ = shipped()
    (tmp_path / "files").mkdir()
    for at, text in enumerate(TEXTS[:2]):
        (tmp_path / "files" / f"text-{at}.txt").write_text(text, encoding="utf-8")
    others = [{"name": f"text-{at}", "text": text} for at, text in enumerate(TEXTS[2:], start=2)]
    whole = pipeline.build([tmp_path / "files", lines(tmp_path, *others)], tmp_path / "whole", known, small(), print)
    (tmp_path / "files" / "locked.pdf").write_bytes((FIXTURES / "locked.pdf").read_bytes())
    (tmp_path / "files" / "empty.txt").write_bytes(b"")
    paths = [tmp_path / "files", lines(tmp_path, "{", {"name": "blank", "text": " \n"}, *others)]
    with pytest.raises(DocumentError, match=r"empty\.txt: is empty"):
        pipeline.build(paths, tmp_path / "none", known, small(), print)
    at_once = pipeline.build(paths, tmp_path / "once", known, small(), print, engine=engine)
    in_parts = pipeline.build_in_parts(
        paths, tmp_path / "parts", known, small(), print, shards=2, spread=map, engine=engine
    )
    assert [*at_once.report["set_aside"]] == ["blank", "empty", "locked", "many.jsonl:1"]
    assert at_once.report["set_aside"]["empty"].startswith("is empty")
    assert in_parts.manifest == at_once.manifest
    assert in_parts.graph.read_bytes() == at_once.graph.read_bytes() == whole.graph.read_bytes()


def test_where_nothing_can_be_opened_there_is_no_release(tmp_path: Path) -> None:
    known, _, tables, _ = shipped()
    path = lines(tmp_path, "{")
    with pytest.raises(DocumentError, match=r"many\.jsonl: holds no document; .*; many\.jsonl:1: is no JSON"):
        pipeline.build([path], tmp_path / "out", known, tables, print, engine=engine)


def silent(texts: Iterable[Document], tools: Tools, seconds: float) -> Iterator[tuple[Document, crew.Told]]:
    return ((each, SILENT) for each in texts)


def test_no_text_is_held_from_opening_to_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _, words, _, _ = shipped()
    tables = small()
    monkeypatch.setattr(rows, "PIECE", 100_000)

    def most(opened: Callable[[list[Path]], documents.Reading | opening.Reading], number: int) -> int:
        texts = ({"name": f"text-{at}", "text": "NASA built it. " * 1000} for at in range(number))
        path = lines(tmp_path, *texts)
        tracemalloc.start()
        said = corpus.told(opened([path]).documents, tables, words, corpus.Means(tmp_path / "cache", engine=silent))
        both = zip(said.documents, said.texts, strict=True)
        saying.part(both, saying.Parts(tmp_path / "parts"), ((), ()), 100_000)  # tables do not grow with the texts
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    most(documents.read, 1)  # what is loaded once is loaded
    held, apart = (
        most(opened, 2000) - most(opened, 10) for opened in (documents.read, lambda paths: read(paths, tmp_path))
    )
    assert held > 25_000_000  # of 30
    assert apart < held / 4


def test_what_a_killed_build_left_is_removed_and_what_is_used_is_not(tmp_path: Path) -> None:
    for name in (".parts-left", ".parts-used"):
        (tmp_path / name).mkdir()
    with (tmp_path / ".parts-used" / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with partitioned.workplace(tmp_path) as folder:
            assert {*tmp_path.glob(".parts-*")} == {folder, tmp_path / ".parts-used"}
    assert [*tmp_path.glob(".parts-*")] == [tmp_path / ".parts-used"]


def test_an_extra_that_another_process_misses_is_told_here() -> None:
    error = pickle.loads(pickle.dumps(MissingExtraError("pyarrow", "scale")))  # noqa: S301  # made here
    assert isinstance(error, MissingExtraError)
    assert str(error) == "pyarrow is not installed: pip install 'spacekg[scale]'"
