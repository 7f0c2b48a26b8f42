"""Hostile requests over real HTTP: each gets an answer that is right or a refusal, in time, and nobody else notices."""

from __future__ import annotations

import http.client
import json
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from tests import hostile
from tests.asked import listening
from tests.opening import STORE, Hosted

from spacekg.answers import Limits
from spacekg.server import FROM_ONE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are held by Linux")

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
DEADLINE = 2.0 if STORE else 0.5
"""Another server is asked over the network, and may still work on what was given up."""
SLACK = 0.5
CROWDED = 8.0 if STORE else 2.0
"""Seconds that a machine with other things to do may add before a test says that a server hangs."""
BACK = 30.0
"""Seconds in which another server that a query took down or holds is to be back, watched over as it is here."""
LIMITS = Limits(
    seconds=DEADLINE,
    memory_bytes=400_000_000,
    answer_bytes=2_000_000,
    rows=5_000,
    wait_seconds=4,
    client_seconds=1e9,
    per_client=30,
    kept_bytes=0,  # each answer comes from a worker
)
GOOD = "SELECT ?label { <https://w3id.org/spacekg/id/nasa> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"
EXPECTED = {200, 400, 403, 406, 413, 503, 504}
QUERIES = hostile.queries()
THERE = "http://127.0.0.1:{port}/"
CALLS = hostile.calls(THERE)


class Site(str):
    """Where a site is, and what starts again the server behind it: one that has ended, and also one that is held."""

    rise: Callable[[], None]
    stand: Callable[[], None]


@pytest.fixture(scope="module")
def address(hosted: Hosted, rise: Callable[[], None], stand: Callable[[], None]) -> Iterator[Site]:
    with hosted(TINY, LIMITS) as address:
        site = Site(urlsplit(address).netloc)
        site.rise, site.stand = rise, stand
        yield site


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[int, list[str]]]:
    """A port, and who came by."""
    with listening() as found:
        yield found


def ask(address: str, query: str) -> tuple[int, dict, float]:
    """Status, content and seconds; what is no whole answer is an error of the test."""
    began = time.monotonic()
    connection = http.client.HTTPConnection(address, timeout=20)
    # What is far too long is refused before all of it was sent.
    with suppress(BrokenPipeError):
        connection.request("POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    took = time.monotonic() - began
    kind = response.headers.get_content_type()
    assert b"Traceback" not in content
    assert b"panicked" not in content
    assert (kind == "application/problem+json") == (response.status >= 400)
    return response.status, json.loads(content) if kind.endswith("json") else {}, took


def good(address: Site) -> None:
    address.rise()
    end = time.monotonic() + BACK
    status, answer, took = ask(address, GOOD)
    while STORE and status >= 500 and time.monotonic() < end:  # its server is about to end, or held
        time.sleep(1)
        address.stand()
        status, answer, took = ask(address, GOOD)
    assert (status, answer["results"]["bindings"][0]["label"]["value"]) == (200, "NASA")
    assert took < SLACK + CROWDED


def test_there_are_enough_of_them() -> None:
    assert len(QUERIES) + len(CALLS) + len(hostile.RAW) >= 300


@pytest.mark.parametrize("name", QUERIES)
def test_a_hostile_query_costs_nobody_else_anything(address: Site, name: str) -> None:
    status, answer, took = ask(address, QUERIES[name])
    assert status in EXPECTED, answer
    assert took < DEADLINE + SLACK + CROWDED
    good(address)


@pytest.mark.parametrize("name", CALLS)
def test_nobody_is_called(address: Site, canary: tuple[int, list[str]], name: str) -> None:
    port, hits = canary
    query = CALLS[name].replace(THERE, f"http://127.0.0.1:{port}/")
    status, answer, _ = ask(address, query)
    assert status in (200, 400, 403), answer
    if "SERVICE" in query.upper() and "\\u" not in query and query.isascii():
        assert status == 403
    if "results" in answer:
        assert answer["results"]["bindings"] in ([], [{}])
    assert not hits


@pytest.mark.parametrize("parameter", ["default-graph-uri", "named-graph-uri", "using-graph-uri"])
def test_nobody_is_called_for_a_parameter(address: Site, canary: tuple[int, list[str]], parameter: str) -> None:
    port, hits = canary
    for there in (f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", "file:///etc/hostname"):
        connection = http.client.HTTPConnection(address, timeout=20)
        connection.request("GET", f"/sparql?query=SELECT*%7B%3Fs%3Fp%3Fo%7D&{parameter}={quote(there)}")
        assert connection.getresponse().status in (200, 400)
        connection.close()
    assert not hits


def test_a_call_would_have_been_noticed(canary: tuple[int, list[str]]) -> None:
    port, hits = canary
    with socket.create_connection(("127.0.0.1", port)) as call:
        assert call.recv(1) == b""
    assert len(hits) == 1
    hits.clear()


@pytest.mark.parametrize("name", hostile.RAW)
def test_what_is_hardly_http_is_refused(address: Site, name: str) -> None:
    sent, status = hostile.RAW[name]
    answer = exchanged(address, sent)
    head, _, content = answer.partition(b"\r\n\r\n")
    assert head.split()[1].startswith(status), head
    assert b"Traceback" not in answer
    assert b"\nX: y" not in head
    assert b"<script>" not in answer
    if not head.split()[1].startswith((b"2", b"3")):
        assert b"application/problem+json" in head
        assert content.startswith(b"{")
    good(address)


def exchanged(address: Site, sent: bytes) -> bytes:
    host, port = address.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as channel:
        # A server that has seen enough may answer and close before it has all.
        with suppress(ConnectionError):
            channel.sendall(sent)
        answer = b""
        with suppress(ConnectionError):
            while b"\r\n\r\n" not in answer and (chunk := channel.recv(65_536)):
                answer += chunk
            answer += channel.recv(65_536) if answer.endswith(b"\r\n\r\n") else b""
    return answer


def test_slow_clients_silence_nobody(address: Site) -> None:
    host, port = address.split(":")
    slow = [socket.create_connection((host, int(port))) for _ in range(300)]
    for number, channel in enumerate(slow):
        channel.sendall(
            (
                b"",
                b"P",
                b"GET /sparql HTTP/1.1\r\nHost: x\r\nA: b",
                b"POST /sparql HTTP/1.1\r\nContent-Length: 9\r\n\r\nq",
            )[number % 4]
        )
    good(address)
    for channel in slow:
        channel.sendall(b"x")
    good(address)
    for channel in slow:
        channel.close()
    good(address)


def test_who_never_reads_silences_nobody(address: Site) -> None:
    host, port = address.split(":")
    deaf = []
    for _ in range(60):
        channel = socket.create_connection((host, int(port)), source_address=("127.0.0.8", 0))
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 900")
        channel.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        deaf.append(channel)
    good(address)
    for channel in deaf:
        channel.close()


def test_one_address_has_only_so_many_connections(address: Site) -> None:
    host, port = address.split(":")
    opened = [
        socket.create_connection((host, int(port)), source_address=("127.0.0.7", 0)) for _ in range(FROM_ONE + 50)
    ]
    good(address)
    closed = 0
    for channel in opened:
        channel.settimeout(0.001)
        try:
            closed += not channel.recv(1)
        except TimeoutError:
            pass
        except ConnectionError:
            closed += 1
        channel.close()
    assert closed == 50
    good(address)


FLOODS: dict[str, Callable[[int], str]] = {
    "of one query": lambda _: hostile.CARTESIAN["count"],
    "of many queries": lambda number: f"{hostile.CARTESIAN['count']} #{number}",
    "of large queries": lambda number: f"ASK {{}} #{number}" + "x" * 60_000,
    "of nonsense": lambda number: "SELECT" * number,
    "of memory": lambda number: f"{hostile.MEMORY['concat']} #{number}",
}


@pytest.mark.parametrize("kind", FLOODS)
def test_a_flood_ends_in_refusals(address: Site, kind: str) -> None:
    with ThreadPoolExecutor(60) as threads:
        flood = [threads.submit(ask, address, FLOODS[kind](number)) for number in range(60)]
        outcomes = [future.result() for future in flood]
    assert {status for status, _, _ in outcomes} <= {200, 400, 429, 503, 504}
    assert max(took for _, _, took in outcomes) < DEADLINE + SLACK + CROWDED
    good(address)
