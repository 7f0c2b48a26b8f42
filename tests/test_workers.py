"""Query workers: hostile queries over real HTTP cost one request each, and nobody else anything."""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from tests import asked

from spacekg import formats, guard, steps, store, web, workers
from spacekg.answers import (
    NOBODY,
    Answer,
    BusyError,
    Caller,
    DeadlineError,
    EndingError,
    Limits,
    LostWorkerError,
    Request,
)
from spacekg.errors import BadQueryError, ReleaseError
from spacekg.steps import Need
from spacekg.store import Store
from spacekg.workers import Pool, wire
from spacekg.workers.copies import Copies
from spacekg.workers.desk import Desk
from spacekg.workers.slate import SIZE, Slate
from spacekg.workers.spawner import SLOW_PRIORITY, Worker

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are held by Linux")

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
DEADLINE = 1.0
SLACK = 2.5
"""More than it takes on a machine with nothing else to do: other work and measuring coverage slow the server down."""
LIMITS = Limits(
    seconds=DEADLINE,
    memory_bytes=400_000_000,
    answer_bytes=2_000_000,
    rows=5_000,
    wait_seconds=4,
    client_seconds=600,
    kept_bytes=0,  # each answer comes from a worker
)
GOOD = "SELECT ?label { <https://w3id.org/spacekg/id/nasa> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"


def patterns(number: int) -> str:
    return " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(number))


def doubled(times: int) -> str:
    steps = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(times))
    return f"BIND('aaaaaaaaaa' AS ?x0) {steps}"


# Name: query. Each of them took a server down, held it for ever or filled its memory somewhere.
BOMBS = {
    "deep str": "SELECT (" + "STR(" * 30_000 + "1" + ")" * 30_000 + " AS ?x) {}",
    "deep braces": "ASK " + "{" * 30_000 + "}" * 30_000,
    "deep not exists": "ASK {" + "FILTER NOT EXISTS {" * 2_000 + "}" * 2_001,
    "deep subselects": "SELECT * " + "{ SELECT * " * 3_000 + "{}" + "}" * 3_000,
    "deep optionals": "ASK {" + "OPTIONAL {" * 5_000 + "}" * 5_001,
    "deep lists": "ASK { ?s ?p " + "(" * 3_000 + ")" * 3_000 + " }",
    "deep blank nodes": "ASK { ?s ?p " + "[ ?q " * 3_000 + "1" + "]" * 3_000 + " }",
    "deep paths": "ASK { ?s " + "(" * 10_000 + "a" + ")*" * 10_000 + " ?o }",
    "deep if": "SELECT (" + "IF(true," * 2_000 + "1" + ",2)" * 2_000 + " AS ?x) {}",
    "deep as allowed": "SELECT (" + "STR(" * 97 + "1" + ")" * 97 + " AS ?x) {}",
    "many not": "ASK { FILTER(" + "!" * 20_000 + "true) }",
    "many minus": "ASK { FILTER(" + "-" * 20_000 + "1) }",
    "many plus": "SELECT (" + "1+" * 20_000 + "1 AS ?x) {}",
    "many unions": "ASK { {}" + " UNION {}" * 7_000 + " }",
    "many steps": "ASK { ?s " + "/".join(["a"] * 10_000) + " ?o }",
    "many or": "ASK { FILTER(" + "||".join(["?x"] * 10_000) + ") }",
    "many inverse": "ASK { ?s " + "^" * 30_000 + "a ?o }",
    "cartesian count": f"SELECT (COUNT(*) AS ?n) {{ {patterns(10)} }}",
    "cartesian rows": f"SELECT * {{ {patterns(8)} }}",
    "cartesian order": f"SELECT * {{ {patterns(8)} }} ORDER BY ?a0 ?c7 LIMIT 10",
    "cartesian distinct": f"SELECT DISTINCT * {{ {patterns(6)} }}",
    "cartesian groups": f"SELECT ?a0 ?b1 ?c2 (COUNT(*) AS ?n) {{ {patterns(8)} }} GROUP BY ?a0 ?b1 ?c2",
    "cartesian concat": f"SELECT (GROUP_CONCAT(?a0) AS ?x) {{ {patterns(8)} }}",
    "cartesian ask": f"ASK {{ {patterns(8)} FILTER(?a0 = <x:y>) }}",
    "cartesian construct": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} WHERE {{ {patterns(8)} }}",
    "cartesian describe": f"DESCRIBE ?a0 {{ {patterns(8)} }}",
    "cartesian minus": f"SELECT * {{ {patterns(6)} MINUS {{ {patterns(5)} FILTER(?a0 != ?a0) }} }}",
    "cartesian exists": f"ASK {{ {patterns(4)} FILTER NOT EXISTS {{ {patterns(6)} }} FILTER(?a0 = <x:y>) }}",
    "path both ends free": "SELECT (COUNT(*) AS ?n) { ?a (!<u:x>)* ?b . ?c (!<u:x>)* ?d . ?e (!<u:x>)* ?f }",
    "path of alternatives": "ASK { ?a " + "/".join(["(!<u:x>|^!<u:x>)*"] * 60) + " ?b . FILTER(?a = <x:y>) }",
    "planner list": "ASK { ?s ?p (" + "1 " * 700 + ") }",
    "planner patterns": f"ASK {{ {patterns(900)} }}",
    "planner steps": "ASK { ?s " + "/".join(["a"] * 1_500) + " ?o }",
    "doubling text": f"SELECT (STRLEN(?x29) AS ?n) {{ {doubled(30)} }}",
    "doubling answer": f"SELECT ?x20 {{ {doubled(20)} }}",
    "replacing text": "SELECT (" + "REPLACE(" * 9 + "'aaaaaaaaaa'" + ",'a','aaaaaaaaaa')" * 9 + " AS ?x) {}",
    "repeated values": "SELECT * { "
    + " ".join(f"VALUES ?v{n} {{ {'1 ' * 90} }}" for n in range(9))
    + " } ORDER BY ?v0",
    "regex": f"SELECT * {{ {patterns(3)} FILTER(REGEX('{'a' * 200}!', '^(a+)+$')) }}",
    "huge regex": "ASK { FILTER(REGEX('a', '" + "(a{1000}){1000}" * 20 + "')) }",
    "endless string": "ASK { ?s ?p '" + "a" * 60_000,
    "endless long string": 'ASK { ?s ?p """' + '\\"""' * 10_000,
    "too long": "ASK {} #" + "a" * 70_000,
    "only dots": "." * 65_000,
    "nothing": "\0",
    "unknown function": "SELECT (<http://example.org/f>(1) AS ?x) {}",
    "huge number": "SELECT (" + "9" * 60_000 + " * 2 AS ?x) {}",
    "huge offset": "SELECT * { ?s ?p ?o } OFFSET 99999999999999999999999",
}

# What each becomes: a refusal, or an answer that is right.
ALLOWED = {200, 400, 403, 406, 413, 503, 504}


class Client:
    """One client with its own address of this machine."""

    def __init__(self, address: str, source: str = "127.0.0.1") -> None:
        self._host = urlsplit(address).netloc
        self._source = source

    def ask(self, query: str) -> tuple[int, dict, float]:
        began = time.monotonic()
        connection = http.client.HTTPConnection(self._host, timeout=30, source_address=(self._source, 0))
        connection.request("POST", "/sparql", query.encode(), {"Content-Type": "application/sparql-query"})
        response = connection.getresponse()
        content = response.read()
        connection.close()
        took = time.monotonic() - began
        kind = response.headers.get_content_type()
        read = json.loads(content) if kind.endswith("json") else {"text": content.decode()}
        assert b"Traceback" not in content
        assert (kind == "application/problem+json") == (response.status >= 400)
        return response.status, {**read, "retry": response.headers.get("Retry-After")}, took

    def open(self, query: str) -> socket.socket:
        host, port = self._host.split(":")
        channel = socket.create_connection((host, int(port)))
        channel.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        return channel


@contextmanager
def served(limits: Limits, size: int) -> Iterator[str]:
    with pool_of(limits, size) as pool, served_by(pool) as address:
        yield address


def served_by(pool: Pool) -> AbstractContextManager[str]:
    return asked.served(web.create_app(pool))


def pool_of(limits: Limits, size: int) -> AbstractContextManager[Pool]:
    return workers.staffed(lambda: store.open_file(TINY, "r1", {"good": GOOD}, {}, limits), size)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served(LIMITS, 4) as address:
        yield address


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address)


@pytest.fixture(scope="module")
def canary() -> Iterator[tuple[str, Callable[[], int]]]:
    """A server that counts who comes by."""
    with asked.listening() as (port, hits):
        yield f"http://127.0.0.1:{port}/", lambda: len(hits)


def good(client: Client) -> float:
    status, answer, took = client.ask(GOOD)
    assert status == 200, answer
    assert answer["results"]["bindings"][0]["label"]["value"] == "NASA"
    return took


def test_every_bomb_is_answered_in_time_and_the_next_good_query_at_once(client: Client) -> None:
    def drop(name: str) -> str:
        status, answer, took = client.ask(BOMBS[name])
        after = good(client)
        assert status in ALLOWED, (name, status, answer)
        assert took < DEADLINE + SLACK, (name, took)
        assert after < SLACK, (name, after)
        return f"{status} {answer.get('type', '').rpartition('/')[2]}"

    with ThreadPoolExecutor(2) as threads:
        outcomes = dict(zip(BOMBS, threads.map(drop, BOMBS), strict=True))
    assert outcomes["deep as allowed"] == "200 "
    assert {name for name in BOMBS if name.startswith(("deep", "many"))} - {"deep as allowed"} == {
        name for name, outcome in outcomes.items() if outcome == "413 query-too-large" and name[:4] in ("deep", "many")
    }
    assert outcomes["cartesian count"] == outcomes["planner patterns"] == "504 deadline"
    assert outcomes["doubling text"] in ("503 lost-worker", "504 deadline")
    assert outcomes["doubling answer"] == "413 answer-too-large"
    assert outcomes["endless string"] == "400 query-syntax"
    assert len(BOMBS) >= 40


SPELLINGS = [
    "ASK {{ SERVICE <{there}> {{}} }}",
    "ASK {{ service<{there}>{{}} }}",
    "ASK {{ SERVICESILENT<{there}>{{}} }}",
    "ASK {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER(1<2)SERVICE#>\n<{there}>{{}} }}",
    "ASK {{ ?s ?p ?o.SERVICE<{there}>{{}} }}",
    "SELECT * {{ OPTIONAL {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{there}> {{}} }} }}",
    "SELECT * {{ VALUES ?g {{ <{there}> }} SERVICE ?g {{}} }}",
    "PREFIX : <{there}> ASK {{ SERVICE:x{{}} }}",
    "PREFIX : <{there}> PREFIX SERVICE: <a:> ASK {{ SERVICE:x{{}} }}",
    "PREFIX : <{there}> ASK {{ ?s ?p trueSERVICE:x {{}} }}",
    "BASE <{there}> ASK {{ SERVICE <x> {{}} }}",
    "ASK {{ \\u0053ERVICE <{there}> {{}} }}",
    "ASK {{ VALUES ?x {{ '''a''''b' }} SERVICE<{there}>{{ ?s ?p 'c' }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{there}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{there}a> FROM <{there}b> {{ ?s ?p ?o }}",
    "SELECT * {{ GRAPH <{there}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{there}>",
    "LOAD <{there}>",
    "LOAD SILENT <{there}> INTO GRAPH <a:b>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "SELECT * FROM <file:///etc/hostname> {{ ?s ?p ?o }}",
]


def test_nobody_is_called_in_any_spelling(client: Client, canary: tuple[str, Callable[[], int]]) -> None:
    there, hits = canary
    for spelling in SPELLINGS:
        query = spelling.format(there=there)
        status, answer, _ = client.ask(query)
        if "SERVICE" in query.upper().replace("\\U0053", "S") and "\\u" not in query:
            assert (status, answer["title"]) == (403, "This endpoint does not do that"), query
        elif status == 200 and "results" in answer:
            assert answer["results"]["bindings"] == []
        else:
            assert status in (200, 400, 403), query
    parameters = quote(there)
    connection = http.client.HTTPConnection(urlsplit(client._host).path or client._host)
    connection.request("GET", f"/sparql?query=ASK%7B%7D&default-graph-uri={parameters}&named-graph-uri={parameters}")
    assert connection.getresponse().status == 200
    connection.close()
    assert hits() == 0
    socket.create_connection(urlsplit(there).netloc.split(":")).close()


def test_quick_queries_are_quick_beside_hostile_ones(address: str) -> None:
    stopped = threading.Event()

    def attack(number: int) -> list[int]:
        client, statuses = Client(address, f"127.0.0.{number}"), []
        while not stopped.is_set():
            statuses.append(client.ask(BOMBS["cartesian count"])[0])
        return statuses

    with ThreadPoolExecutor(2) as threads:
        attacks = [threads.submit(attack, number) for number in (3, 4)]
        try:
            waits = sorted(good(Client(address)) for _ in range(100))
        finally:
            stopped.set()
    assert {status for future in attacks for status in future.result()} == {504}
    assert waits[50] < 0.2
    assert waits[-1] < SLACK


def test_a_flood_of_one_client_is_turned_away_and_another_is_served(address: str) -> None:
    flooder, other = Client(address), Client(address, "127.0.0.2")
    with ThreadPoolExecutor(40) as threads:
        flood = [threads.submit(flooder.ask, BOMBS["cartesian count"]) for _ in range(40)]
        waits = [good(other) for _ in range(3)]
        outcomes = [future.result() for future in flood]
    statuses = [status for status, _, _ in outcomes]
    assert {429, 504} <= set(statuses) <= {429, 503, 504}
    assert statuses.count(504) >= LIMITS.at_work
    assert all(answer["retry"] for _, answer, _ in outcomes)
    assert max(waits) < 3 * DEADLINE
    assert good(flooder) < SLACK


def test_a_flood_of_many_clients_ends_in_a_full_queue(address: str) -> None:
    clients = [Client(address, f"127.0.0.{number}") for number in range(10, 100)]
    with ThreadPoolExecutor(len(clients)) as threads:
        outcomes = [future.result() for future in [threads.submit(c.ask, BOMBS["cartesian count"]) for c in clients]]
        health = http.client.HTTPConnection(urlsplit(address).netloc)
    assert {status for status, _, _ in outcomes} == {503, 504}
    assert any("wait already" in answer["detail"] for status, answer, _ in outcomes if status == 503)
    assert max(took for _, _, took in outcomes) < DEADLINE + 2
    health.request("GET", "/health")
    assert health.getresponse().status == 200
    health.close()
    assert good(clients[0]) < SLACK


def test_clients_that_send_nothing_or_half_silence_nobody(address: str, client: Client) -> None:
    host, port = urlsplit(address).netloc.split(":")
    idle = [socket.create_connection((host, int(port))) for _ in range(300)]
    for channel in idle[::2]:
        channel.sendall(b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nquery=")
    assert good(client) < SLACK
    for channel in idle:
        channel.close()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"POST /sparql HTTP/1.1\r\nContent-Length: 10000000\r\n\r\n" + b"x" * 3_000_000, b"413"),
        (b"GET /" + b"a" * 400_000 + b" HTTP/1.1\r\n\r\n", b"431"),
        (b"GET /sparql?query=ASK{}%0d%0aX:%20y HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /sparql?query=\xff\xfe HTTP/1.1\r\n\r\n", b"400"),
        (b"GET /sparql HTTP/1.1\r\nAccept: \xff\x00\r\n\r\n", b"4"),
        (b"POST /sparql HTTP/1.1\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n", b"501"),
        (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
    ],
)
def test_what_is_hardly_http_is_refused(address: str, client: Client, sent: bytes, status: bytes) -> None:
    host, port = urlsplit(address).netloc.split(":")
    with socket.create_connection((host, int(port)), timeout=10) as channel:
        with suppress(ConnectionError):
            channel.sendall(sent)
        answer = channel.recv(65536)
    assert answer.split()[1].startswith(status), answer
    assert b"Traceback" not in answer
    assert b"\nX: y" not in answer
    assert good(client) < SLACK


def test_a_query_nobody_waits_for_is_stopped() -> None:
    with served(Limits(seconds=20, wait_seconds=20, kept_bytes=0), 1) as address:
        for _ in range(3):
            channel = Client(address).open(BOMBS["cartesian count"])
            channel.close()
        assert good(Client(address)) < 5


def test_workers_that_are_killed_are_replaced() -> None:
    with pool_of(replace(LIMITS, seconds=20, wait_seconds=20), 2) as pool, served_by(pool) as address:
        client = Client(address)
        for _ in range(30):
            for worker in list(pool._desk._idle):
                with suppress(ProcessLookupError):
                    os.kill(worker.process, signal.SIGKILL)
            good(client)
        os.kill(pool._spawner.process, signal.SIGKILL)
        good(client)
        good(client)


def give_way() -> None:
    """Work until the server has this query give way to others."""
    end, before = time.monotonic() + 10, os.getpriority(os.PRIO_PROCESS, 0)
    while os.getpriority(os.PRIO_PROCESS, 0) == before and time.monotonic() < end:
        pass


class Curious(Store):
    """A store that does what no worker may."""

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002
        if request.query == "crash":
            ctypes.string_at(0)
        if request.query == "be slow":
            give_way()
        deeds: dict[str, Callable[[], object]] = {
            "socket": socket.socket,
            "pair": socket.socketpair,
            "read": TINY.read_bytes,
            "write": lambda: TINY.with_name("written").write_bytes(b""),
            "remove": lambda: TINY.with_name("written").unlink(),
            "fork": os.fork,
            "exec": lambda: os.execv(sys.executable, [sys.executable]),
            "kill": lambda: os.kill(os.getppid(), signal.SIGKILL),
        }
        outcomes = {}
        for name, deed in deeds.items():
            try:
                outcomes[name] = str(deed())
            except PermissionError:
                outcomes[name] = "refused"
        return Answer(json.dumps(outcomes).encode(), formats.JSON)


@pytest.fixture
def curious() -> Iterator[Pool]:
    with workers.staffed(lambda: Curious([], "r", {}, limits=LIMITS), 1) as pool:
        yield pool


def test_a_worker_reaches_nothing(curious: Pool) -> None:
    if "network" not in curious.held:
        pytest.skip("this kernel has no seccomp")
    (before,) = [worker.process for worker in curious._desk._idle]
    for query in ("", "be slow", ""):  # after a slow one, it is another thread that answers
        assert set(json.loads(curious.answer(Request(query)).content).values()) == {"refused"}
    assert [worker.process for worker in curious._desk._idle] == [before]


def test_chance_is_another_one_in_each_worker() -> None:
    with pool_of(LIMITS, 1) as pool:
        request = Request("SELECT (UUID() AS ?a) (STRUUID() AS ?b) (RAND() AS ?c) {}", results=formats.CSV)
        answers = []
        for _ in range(3):
            answers += [pool.answer(request).content.split()[-1] for _ in range(2)]
            os.kill(pool._desk._idle[0].process, signal.SIGKILL)
    assert len({part for answer in answers for part in answer.split(b",")}) == 18


def test_a_crash_is_one_answer(curious: Pool) -> None:
    with pytest.raises(LostWorkerError, match="memory"):
        curious.answer(Request("crash"))
    assert curious.answer(Request("")).content


def test_a_pool_answers_as_its_store_does() -> None:
    alone = store.open_file(TINY, "r1", {"good": GOOD}, {}, LIMITS)
    with pool_of(LIMITS, 1) as pool:
        compare(pool, alone)


def compare(pool: Pool, alone: Store) -> None:
    graphs = ("https://w3id.org/spacekg/graph/ontology",)
    for request in (
        Request(GOOD, results=formats.CSV),
        Request("DESCRIBE ?s { ?s ?p ?o }", graph=formats.RDF_XML),
        Request("SELECT * { GRAPH ?g { ?s ?p ?o } }", named_graphs=graphs),
        Request("SELECT ?o { ?s ?p ?o }", default_graphs=graphs, bindings={"s": "a:b"}),
    ):
        assert pool.answer(request) == alone.answer(request)
    assert pool.answer_named("good") == alone.answer_named("good")
    assert (pool.summary, pool.queries, pool.limits) == (alone.summary, alone.queries, alone.limits)
    for wrong in ("SELEC", "CLEAR ALL", "(" * 200, "SELECT (<a:b>(1) AS ?x) {}"):
        with pytest.raises(BadQueryError) as ours:
            alone.answer(Request(wrong))
        with pytest.raises(BadQueryError) as theirs:
            pool.answer(Request(wrong))
        assert (type(ours.value), str(ours.value)) == (type(theirs.value), str(theirs.value))


def test_a_query_that_takes_all_memory_is_one_answer() -> None:
    with pool_of(Limits(seconds=60, memory_bytes=100_000_000), 1) as pool:
        with pytest.raises(LostWorkerError, match="100,000,000 bytes"):
            pool.answer(Request(BOMBS["doubling text"]))
        assert pool.answer(Request(GOOD)).content


def test_a_worker_that_has_grown_gives_its_memory_back() -> None:
    with pool_of(Limits(seconds=60, memory_bytes=2_000_000_000), 1) as pool:
        (before,) = [worker.process for worker in pool._desk._idle]
        grown = f"SELECT (STRLEN(?x25) AS ?n) {{ {doubled(25)} }}"
        assert b"335544320" in pool.answer(Request(grown)).content
        # It waits for the one worker there is.
        assert pool.answer(Request(GOOD)).content
        (after,) = [worker.process for worker in pool._desk._idle]
        assert before != after


class Burdened(Store):
    """A store that says what its worker is like; asked to, it is slow or writes to what all workers share."""

    shared = bytearray()
    quick = os.getpriority(os.PRIO_PROCESS, 0)

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002
        if request.query == "be slow":
            give_way()
        if request.query == "write":
            self.shared[::4096] = b"x" * len(self.shared[::4096])
        return Answer(json.dumps([os.getpid(), os.getpriority(os.PRIO_PROCESS, 0)]).encode(), formats.JSON)


def burdened(megabytes: int, copies: float = 1.0) -> Burdened:
    Burdened.shared = bytearray(b"-") * (megabytes << 20)
    return Burdened([], "r", {}, limits=Limits(copies=copies))


def test_a_slow_query_gives_way_and_its_worker_stays_for_the_next_one() -> None:
    with workers.staffed(lambda: burdened(0), 1) as pool:
        told = [json.loads(pool.answer(Request(query)).content) for query in ("", "be slow", "", "be slow", "")]
        quick = Burdened.quick
        assert [niceness for _, niceness in told] == [quick, SLOW_PRIORITY, quick, SLOW_PRIORITY, quick]
        assert len({process for process, _ in told}) == 1
        assert pool.state()["workers_replaced"] == 0


@pytest.mark.parametrize(("copies", "processes"), [(0.1, 2), (1.0, 1)])
def test_a_worker_that_has_copied_too_much_of_what_all_share_gives_that_back(copies: float, processes: int) -> None:
    with workers.staffed(lambda: burdened(300, copies), 1) as pool:
        told = [json.loads(pool.answer(Request(query)).content)[0] for query in ("", "", "write", "")]
        assert told[0] == told[1] == told[2]
        assert len(set(told)) == processes


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT { ?s ?p ?o } FROM <a:b> FROM NAMED <c:d> { ?s ?p ?o }"])
def test_what_the_guard_told_comes_to_the_worker_as_it_was(query: str) -> None:
    request = Request(query, scan=guard.scan(query, Limits()))
    received = wire.unpacked(json.loads(json.dumps(wire.packed(request))))
    assert (received, received.scan) == (request, request.scan)
    assert wire.unpacked(wire.packed(Request(query))).scan is None


def test_who_has_waited_for_a_place_elsewhere_is_told_of_all_the_time() -> None:
    desk: Desk[int] = Desk([1], 4, 10, 2)
    first = desk.taking(NOBODY)
    with pytest.raises(StopIteration) as taken:
        next(first)
    assert taken.value.value == 1
    second = desk.taking(NOBODY, time.monotonic() + 0.05)
    assert next(second) is Need.PLACE
    assert second.send(True) is Need.PLACE
    wait_past = time.monotonic() + 0.06
    while time.monotonic() < wait_past:
        assert second.send(True) is Need.PLACE
    with pytest.raises(BusyError, match=r"no worker was free for 0\.0[0-9]+ seconds"):
        second.send(False)
    third = desk.taking(NOBODY)
    assert next(third) is Need.PLACE
    desk.put(2, NOBODY)
    with pytest.raises(StopIteration) as taken:
        third.send(True)
    assert taken.value.value == 2


@pytest.mark.parametrize("size", [0, 60_000, 300_000])
def test_what_is_said_is_received_whole_however_it_comes(size: int) -> None:
    ours, theirs = socket.socketpair()
    ours.setblocking(False)
    with ours, theirs, ThreadPoolExecutor(1) as beside:
        sent = beside.submit(lambda: steps.finish(wire.sending(ours, {"text": "x" * size}, 20)))
        header, content = wire.receive(theirs)
        sent.result()
        assert (len(header["text"]), content) == (size, b"")
        beside.submit(wire.send, theirs, {"a": 1}, b"y" * size)
        assert steps.ready(ours, 20)
        assert steps.finish(wire.receiving(ours, time.monotonic() + 20)) == ({"a": 1}, b"y" * size)
        theirs.close()
        with pytest.raises(EOFError):
            wire.receive(ours)


def test_a_worker_says_on_its_slate_which_query_has_come_and_who_answers_it() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        worker = Worker(0, ours, Slate(bytearray(SIZE)))
        number = worker.begin()
        assert not worker.has_begun
        worker.give_way()
        assert not worker.slow
        worker.slate.write(number, 0)
        assert worker.has_begun
        assert worker.begin() == number + 1
        assert not worker.has_begun


def test_of_those_that_have_copied_too_much_together_the_one_that_has_most_ends() -> None:
    ends = [socket.socketpair() for _ in range(3)]
    few, most, busy = (Worker(number, ours, Slate(bytearray(SIZE))) for number, (ours, _) in enumerate(ends))
    busy.begin()
    copies = Copies(1000 << 20)
    for worker, megabytes in ((few, 250), (most, 400), (busy, 100), (few, 300), (few, 499)):
        copies.note(worker, megabytes << 20)
        assert not any(worker.ready(0) for worker in (few, most, busy))
    copies.note(busy, 450 << 20)
    assert [worker.ready(0) for worker in (few, most, busy)] == [True, False, False]
    copies.note(busy, 700 << 20)
    assert (busy.alive, busy.ready(0), most.ready(0)) == (False, False, False)
    for channel in (channel for pair in ends for channel in pair):
        channel.close()


def test_a_deadline_is_told_with_what_to_do() -> None:
    with pool_of(Limits(seconds=0.2), 1) as pool:
        with pytest.raises(DeadlineError, match=r"0\.2 seconds.*variable") as late:
            pool.answer(Request(BOMBS["cartesian count"]))
        assert any("?a0 and ?a1" in hint for hint in late.value.hints)


def test_a_stopped_query_is_answered_before_another_worker_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()
    with pool_of(Limits(seconds=0.2), 1) as pool:
        spawn = pool._spawner.spawn

        def wait_and_spawn() -> Worker:
            assert told.wait(20)
            return spawn()

        monkeypatch.setattr(pool._spawner, "spawn", wait_and_spawn)
        with pytest.raises(DeadlineError):
            pool.answer(Request(BOMBS["cartesian count"]))
        told.set()
        assert pool.answer(Request(GOOD)).content


def test_the_time_of_a_query_begins_when_it_had_come() -> None:
    with pool_of(Limits(seconds=30), 1) as pool:
        come = Request(BOMBS["cartesian count"], began=time.monotonic() - 29.8)
        with pytest.raises(DeadlineError, match=r"after 30 seconds, (29|30)\.\d of which it waited"):
            pool.answer(come)


def test_the_site_takes_a_worker_that_rests_where_its_own_is_busy() -> None:
    with pool_of(Limits(seconds=20), 2) as pool, ThreadPoolExecutor(1) as threads:
        slow = threads.submit(pool.answer_own, Request(BOMBS["cartesian count"]))
        while pool._own_desk.idle:
            time.sleep(0.001)
        assert pool.answer_own(Request(GOOD)).content
        assert not slow.done()
        pool.close()
        with pytest.raises(EndingError):
            slow.result()


def test_what_cannot_be_loaded_is_said() -> None:
    with pytest.raises(ReleaseError, match=r"nowhere\.nq"):
        workers.staffed(lambda: store.open_file(Path("nowhere.nq"), "r", {}, {})).__enter__()
    with pytest.raises(LostWorkerError, match="memory"):
        workers.staffed(lambda: os._exit(3)).__enter__()


SERVER = """
import sys, threading
from spacekg.answers import Request
from spacekg.store import Store
from spacekg.workers import staffed
from pyoxigraph import NamedNode, Quad
quads = [Quad(NamedNode(f"a:{n}"), NamedNode("a:p"), NamedNode("a:o"), NamedNode("a:g")) for n in range(100)]
staffing = staffed(lambda: Store(quads, "r", {}), 2)
pool = staffing.__enter__()
busy = threading.Thread(target=pool.answer, args=(Request(sys.argv[1]),), daemon=True)
busy.start()
print(pool._nursery._process, pool._spawner.process, pool._own_desk._idle[0].process, flush=True)
threading.Event().wait()
"""


def test_workers_do_not_outlive_a_server_that_is_killed() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, BOMBS["cartesian count"]], stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        ends = [os.pidfd_open(int(number)) for number in process.stdout.readline().split()]
        process.kill()
    for end in ends:
        assert select.select([end], [], [], 5)[0]
        os.close(end)
