"""Files of many documents: each line, row or record is the document that a file of its own would be."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from spacekg import documents
from spacekg.cli import building
from spacekg.errors import DocumentError, MissingExtraError

ROWS = (
    {"name": "hubble", "text": "NASA and ESA built Hubble.", "source": "https://example.org/h", "licence": "CC0-1.0"},
    {"name": "mio", "html": "<html><title>Mio</title><body><p>Mio is an orbiter.</p></body></html>", "licence": None},
    {"name": "planck", "markdown": "# Planck\n\nESA launched it.\n", "year": 2009},
)


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "many.jsonl"
    path.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def refusal(path: Path | str) -> str:
    with pytest.raises(DocumentError) as caught:
        documents.read([path])
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_line_is_the_document_that_a_file_would_be(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    for row, (ending, key) in zip(ROWS, ((".txt", "text"), (".html", "html"), (".md", "markdown")), strict=True):
        (tmp_path / "files" / f"{row['name']}{ending}").write_text(str(row[key]), encoding="utf-8")
    hubble, *others = documents.read([tmp_path / "files"]).documents
    described = replace(hubble, source="https://example.org/h", licence="CC0-1.0")
    assert documents.read([lines(tmp_path, *ROWS)]).documents == (described, *others)


def test_a_table_has_the_same_documents_as_lines(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="an extra")
    parquet = pytest.importorskip("pyarrow.parquet", reason="an extra")
    columns = {key: [row.get(key) for row in ROWS] for row in ROWS for key in row}
    parquet.write_table(pyarrow.table(columns), tmp_path / "many.parquet")
    assert documents.read([tmp_path / "many.parquet"]) == documents.read([lines(tmp_path, *ROWS)])
    parquet.write_table(pyarrow.table({"name": ["a", None], "text": ["b", "c"]}), tmp_path / "bad.parquet")
    assert "bad.parquet, row 2: wants a name and one of" in refusal(tmp_path / "bad.parquet")
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 and no more")
    assert "broken.parquet: cannot be read" in refusal(tmp_path / "broken.parquet")


def archive(path: Path, *pages: tuple[str, str, str, bytes]) -> Path:
    """A WARC file of responses: address, status, content type and body."""
    headers = pytest.importorskip("warcio.statusandheaders", reason="an extra").StatusAndHeaders
    writer_of = pytest.importorskip("warcio.warcwriter", reason="an extra").WARCWriter
    with path.open("wb") as stream:
        writer = writer_of(stream, gzip=path.suffix == ".gz")
        for address, status, kind, body in pages:
            told = headers(status, [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(address, "response", payload=io.BytesIO(body), http_headers=told)
            writer.write_record(record)
    return path


@pytest.mark.parametrize("name", ["crawl.warc", "crawl.warc.gz"])
def test_the_pages_of_a_crawl_are_documents_and_the_rest_is_told(tmp_path: Path, name: str) -> None:
    page = str(ROWS[1]["html"]).encode()
    path = archive(
        tmp_path / name,
        ("https://example.org/mio?lang=en", "200 OK", "text/html; charset=utf-8", page),
        ("https://example.org/gone", "404 Not Found", "text/html", page),
        ("https://example.org/logo", "200 OK", "image/png", b"\x89PNG"),
    )
    read = documents.read([path])
    (mio,) = read.documents
    assert (mio.source, mio.title, mio.media_type) == ("https://example.org/mio?lang=en", "Mio", "text/html")
    assert mio.name.startswith("example-org-mio-lang-en-")
    assert [ignored.name[:17] for ignored in read.ignored] == ["example-org-logo-"]


def test_a_broken_archive_is_told(tmp_path: Path) -> None:
    pytest.importorskip("warcio", reason="an extra")
    (tmp_path / "bad.warc").write_bytes(b"no archive at all\r\n\r\n")
    assert "bad.warc: is broken behind record 0" in refusal(tmp_path / "bad.warc")


@pytest.mark.parametrize(
    ("row", "trouble"),
    [
        ("{", ":2: is no JSON "),
        ("[1]", ":2: is no JSON object"),
        ({"text": "No name."}, ":2: wants a name and one of text, markdown, html"),
        ({"name": "both", "text": "a", "html": "b"}, ":2: wants a name and one of"),
        ({"name": 7, "text": "a"}, ":2: has a name that is no text"),
        ({"name": "blank", "text": " \n"}, ":2: holds no text"),
        ({"name": "hubble", "text": "Another."}, ":2 would both be the document 'hubble'"),
    ],
)
def test_a_bad_line_is_told_by_its_number(tmp_path: Path, row: object, trouble: str) -> None:
    assert f"many.jsonl{trouble}" in refusal(lines(tmp_path, ROWS[0], row))


def test_what_is_not_there_or_empty_is_told(tmp_path: Path) -> None:
    assert "no.jsonl: cannot be read" in refusal(tmp_path / "no.jsonl")
    assert "many.jsonl: holds no document" in refusal(lines(tmp_path))
    assert "only files of many documents are read from elsewhere" in refusal("memory://folder/page.html")


def test_a_file_may_be_wherever_fsspec_reaches(tmp_path: Path) -> None:
    fsspec = pytest.importorskip("fsspec", reason="an extra")
    with fsspec.open("memory://bucket/many.jsonl", "wb") as stream:
        stream.write(lines(tmp_path, *ROWS).read_bytes())
    assert documents.read(["memory://bucket/many.jsonl"]) == documents.read([tmp_path / "many.jsonl"])
    assert "memory://bucket/no.jsonl: cannot be read" in refusal("memory://bucket/no.jsonl")
    assert "no-such-protocol://a/b.jsonl: cannot be read" in refusal("no-such-protocol://a/b.jsonl")


def test_files_of_every_kind_are_read_from_s3(bucket: str, tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow", reason="an extra")
    parquet = pytest.importorskip("pyarrow.parquet", reason="an extra")
    import fsspec  # noqa: PLC0415  # an extra, which comes with that of the bucket

    columns = {key: [row.get(key) for row in ROWS] for row in ROWS for key in row}
    parquet.write_table(pyarrow.table(columns), tmp_path / "many.parquet")
    page = ("https://example.org/mio", "200 OK", "text/html", str(ROWS[1]["html"]).encode())
    files = [
        lines(tmp_path, *ROWS),
        tmp_path / "many.parquet",
        archive(tmp_path / "crawl.warc", page),
        archive(tmp_path / "crawl.warc.gz", page),
    ]
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    for path in files:
        store.pipe(f"bucket/texts/{path.name}", path.read_bytes())
        assert documents.read([f"{bucket}/texts/{path.name}"]) == documents.read([path])
    store.pipe("bucket/texts/bad.jsonl", b'{"name": "one", "text": "NASA."}\n{\n')
    assert f"{bucket}/texts/bad.jsonl:2: is no JSON" in refusal(f"{bucket}/texts/bad.jsonl")
    assert f"{bucket}/texts/no.jsonl: cannot be read" in refusal(f"{bucket}/texts/no.jsonl")
    assert "s3://none/many.parquet: cannot be read" in refusal("s3://none/many.parquet")


def test_a_store_that_does_not_answer_or_wants_a_key_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    store = pytest.importorskip("s3fs", reason="an extra: pip install 'spacekg[s3]'").S3FileSystem
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")  # else a key is looked for on the network
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    store.clear_instance_cache()
    assert "credentials" in refusal("s3://bucket/many.jsonl")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    store.clear_instance_cache()
    assert 'cannot be read (EndpointConnectionError: Could not connect to the endpoint URL: "http://127.0.0.1:9' in (
        refusal("s3://bucket/many.jsonl")
    )
    store.clear_instance_cache()


def test_a_url_stays_one_on_the_command_line(tmp_path: Path) -> None:
    pytest.importorskip("fsspec", reason="an extra")
    done = CliRunner().invoke(building.build, ["memory://nowhere/no.jsonl", "--out", str(tmp_path)])
    assert isinstance(done.exception, DocumentError | MissingExtraError)
    assert str(done.exception).startswith("memory://nowhere/no.jsonl: cannot be read")
