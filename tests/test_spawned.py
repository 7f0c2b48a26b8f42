"""Workers that are started afresh, as on systems without fork, keep the promises of the others that they can."""

from __future__ import annotations

import json
import os
import signal
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from tests.asked import served

from spacekg import store, web
from spacekg.answers import Limits, Request
from spacekg.workers import Pool
from spacekg.workers.spawned import SpawnedNursery

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
GOOD = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ {' '.join(f'?s{n} ?p{n} ?o{n} .' for n in range(9))} }}"


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    limits = Limits(seconds=1.5, kept_bytes=0)
    started = Pool(SpawnedNursery(lambda _: store.open_file(TINY, "r1", {}, {}, limits)), size=1)
    yield started
    started.close()


@pytest.fixture(scope="module")
def address(pool: Pool) -> Iterator[str]:
    with served(web.create_app(pool)) as address:
        yield address


def answered(address: str, query: str) -> tuple[int, dict[str, object]]:
    try:
        with urllib.request.urlopen(f"{address}sparql?query={quote(query)}", timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_query_is_answered_as_in_this_process(address: str) -> None:
    rows = json.loads(store.open_file(TINY, "r1", {}, {}).answer(Request(GOOD)).content)
    assert answered(address, GOOD) == (200, rows)


@pytest.mark.parametrize(
    ("query", "status"),
    [("SELECT nothing", 400), ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", 403), (SLOW, 504)],
)
def test_a_bad_query_is_refused_or_stopped_and_the_next_one_is_answered(address: str, query: str, status: int) -> None:
    assert answered(address, query)[0] == status
    assert answered(address, GOOD)[0] == 200


def test_a_worker_that_was_killed_is_replaced(pool: Pool, address: str) -> None:
    replaced = pool.state()["workers_replaced"]
    for process in pool._spawner._processes:
        os.kill(process, signal.SIGKILL)
    assert answered(address, GOOD)[0] == 200
    assert pool.state()["workers_replaced"] > replaced


def test_it_is_said_which_walls_are_lost(pool: Pool) -> None:
    assert pool.held == ("parent",)


def test_nothing_is_left_of_a_pool_that_was_closed() -> None:
    other = Pool(SpawnedNursery(lambda _: store.open_file(TINY, "r1", {}, {})), size=1)
    folder, processes = other._spawner._folder, list(other._spawner._processes.values())
    assert folder.exists()
    other.close()
    assert not folder.exists()
    assert not any(process.is_alive() for process in processes)
