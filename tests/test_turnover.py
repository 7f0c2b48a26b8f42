"""A new release is served from the moment it is there; no request fails for it, and a damaged one changes nothing."""

from __future__ import annotations

import json
import logging
import os
import select
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import release, store, turnover, web
from spacekg.answers import Limits
from spacekg.errors import ReleaseError
from spacekg.release import Release, open_release
from spacekg.server import Server
from spacekg.turnover import Site, Turnover, Watch
from spacekg.web import operation
from spacekg.workers import Pool
from spacekg.workers.nursery import Nursery

COUNT = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"


def published(out: Path, number: int) -> Release:
    """A release of so many statements."""
    graph = NamedNode("https://w3id.org/spacekg/graph/document/x")
    quads = [Quad(NamedNode(f"a:{n}"), NamedNode("a:p"), Literal(str(n)), graph) for n in range(number)]
    return release.publish(quads, [], {}, {}, out)


def site(name: str, closed: list[str], content: Callable[[], Iterable[bytes]]) -> Site:
    def app(_environ: dict, start_response: Callable) -> Iterable[bytes]:
        start_response("200 OK", [])
        return content()

    return Site(name, app, lambda: closed.append(name))


def ignore(*_: object) -> None:
    """Take no notice of what an app begins to answer."""


def test_a_site_is_closed_when_its_last_answer_is_sent() -> None:
    closed: list[str] = []
    served = Turnover(site("one", closed, lambda: [b"1"]))
    first, second = served({}, ignore), served({}, ignore)
    served.turn(site("two", closed, lambda: [b"2"]))
    assert list(served({}, ignore)) == [b"2"]
    assert list(first) == [b"1"]
    first.close()
    assert closed == []
    second.close()
    assert closed == ["one"]
    served.turn(site("three", closed, lambda: [b"3"]))
    assert closed == ["one"], "an answer of the second was never closed"
    assert served.release == "three"


def test_a_site_that_fails_is_left() -> None:
    def broken() -> Iterable[bytes]:
        raise ZeroDivisionError

    closed: list[str] = []
    served = Turnover(site("one", closed, broken))
    with pytest.raises(ZeroDivisionError):
        served({}, ignore)
    served.turn(site("two", closed, lambda: []))
    assert closed == ["one"]


class Wrapper:
    """What a server sends files with."""


def test_a_file_is_passed_on_as_it_is() -> None:
    closed: list[str] = []
    file = Wrapper()
    served = Turnover(site("one", closed, lambda: file))
    assert served({"wsgi.file_wrapper": Wrapper}, ignore) is file
    served.turn(site("two", closed, lambda: []))
    assert closed == ["one"]


ASKED_ANEW = Limits(kept_bytes=0)
"""Nothing is answered by what was kept, so that each answer tells which release is served."""


@contextmanager
def watched(out: Path, ends: dict[str, int]) -> Iterator[tuple[str, Watch]]:
    """Serve what is current in a folder; `ends` gets a descriptor that tells the end of each release's processes."""
    nursery = Nursery(lambda name: store.open_file(open_release(Path(name)).graph, Path(name).name, {}, {}, ASKED_ANEW))
    operated = operation.begin(Limits(client_seconds=600, per_client=20, at_work=20))

    def opened(found: Release) -> Site:
        pool = Pool(nursery, str(found.folder), 2)
        ends[found.id] = os.pidfd_open(pool._spawner.process)
        return Site(found.id, web.create_app(pool, operated=operated), pool.close)

    served = Turnover(turnover.newest(out, opened)[0])
    server = Server(served, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server.address, Watch(out, served, opened)
    finally:
        server.stop()
        thread.join()
        served.close()
        nursery.close()
        for end in ends.values():
            os.close(end)


def asked(address: str) -> tuple[str, int]:
    """The ETag of an answer, which stands for its release, and what it counted."""
    with urllib.request.urlopen(f"{address}sparql?query={COUNT}", timeout=20) as answer:
        content = json.load(answer)
        return answer.headers["ETag"], int(content["results"]["bindings"][0]["n"]["value"])


@pytest.mark.skipif(sys.platform != "linux", reason="workers are held by Linux")
def test_no_request_fails_while_the_release_changes(tmp_path: Path) -> None:
    first, ends = published(tmp_path, 10), {}
    with watched(tmp_path, ends) as (address, watch), ThreadPoolExecutor(4) as threads:
        done = threading.Event()

        def ask_on() -> list[tuple[str, int]]:
            answers = [asked(address)]
            while not done.is_set():
                answers.append(asked(address))
            return answers

        loads = [threads.submit(ask_on) for _ in range(4)]
        for number in (20, 30, 40):
            published(tmp_path, number)
            watch.look()
            assert asked(address)[1] == number
        done.set()
        answers = [answer for load in loads for answer in load.result()]
        # Each release gave its own answers, under its own name, and its processes are gone.
        assert len({tag for tag, _ in answers}) == len({number for _, number in answers}) == len(set(answers))
        assert {number for _, number in answers} <= {10, 20, 30, 40}
        for name, end in ends.items():
            if name != open_release(tmp_path).id:
                assert select.select([end], [], [], 10)[0], name
    assert first.id in ends


@pytest.mark.skipif(sys.platform != "linux", reason="workers are held by Linux")
def test_a_damaged_release_is_refused_once_and_the_one_before_is_served(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first = published(tmp_path, 10)
    with watched(tmp_path, {}) as (address, watch):
        second = published(tmp_path, 20)
        whole = second.graph.read_bytes()
        second.graph.write_bytes(whole.replace(b'"7"', b'"8"'))
        with caplog.at_level(logging.INFO, turnover.LOGGER):
            watch.look()
            watch.look()
        (record,) = caplog.records
        assert "is refused" in record.getMessage()
        assert "build it again" in record.getMessage()
        assert asked(address)[1] == 10
        # When it is mended, which names it anew, it is served.
        second.graph.write_bytes(whole)
        os.utime(tmp_path / "current", ns=(1, 1))
        watch.look()
        assert asked(address)[1] == 20
    assert first.id != second.id


def newest(folder: Path) -> tuple[Release, str]:
    """The newest whole release, read as a server reads it."""
    return turnover.newest(folder, lambda found: open_release(found.folder))


def test_a_server_begins_with_the_newest_whole_release(tmp_path: Path) -> None:
    first, second, third = (published(tmp_path, number) for number in (10, 20, 30))
    for place, each in enumerate((second, first, third)):
        os.utime(each.folder, ns=(place, place))
    assert newest(tmp_path)[0].id == third.id
    third.graph.write_bytes(b"")
    found, damage = newest(tmp_path)
    assert found.id == first.id
    assert "is not what the manifest says" in damage
    first.graph.unlink()
    assert newest(tmp_path)[0].id == second.id
    (second.folder / "manifest.json").write_text("{}")
    with pytest.raises(ReleaseError, match="restore the release"):
        newest(tmp_path)
    with pytest.raises(ReleaseError, match="no release here"):
        newest(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"\xff", b"no release\n"])
def test_a_pointer_that_names_nothing_changes_nothing(tmp_path: Path, content: bytes) -> None:
    found = published(tmp_path, 1)
    served = Turnover(site(found.id, [], lambda: []))
    (tmp_path / "current").write_bytes(content)
    Watch(tmp_path, served, lambda _: pytest.fail("opened")).look()
    assert served.release == found.id
