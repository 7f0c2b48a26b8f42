"""What an operator sees and does: counters, the log, running queries, a client's time."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spacekg import store, web
from spacekg.answers import NOBODY, AbandonedError, Answer, Caller, Limits, Request, SpentError, TooManyError
from spacekg.store import Store
from spacekg.web import operation, running
from spacekg.web.log import LOGGER, Formatter
from spacekg.web.running import Operator
from spacekg.web.turnstile import KNOWN, Turnstile, client_at

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
ALL = "SELECT * { ?s a ?o }"
TOKEN = "a token of some length"


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Waiting(Store):
    """A store whose answers come only when nobody waits for them any more."""

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:
        if "wait" not in request.query:
            return super().answer(request)
        while not caller.gone():
            time.sleep(0)
        raise AbandonedError("gone")


class Lines(logging.Handler):
    """Keeps what would be written to the log."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(Formatter())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler = Lines()
    log = logging.getLogger(LOGGER)
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    yield handler.lines
    log.removeHandler(handler)
    log.setLevel(logging.NOTSET)


@pytest.fixture
def client() -> FlaskClient:
    return web.create_app(store.open_file(TINY, "r1", {}, {})).test_client()


def counted(client: FlaskClient, name: str) -> float:
    text = client.get("/metrics").text
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(name))


def test_a_client_has_so_much_time_and_gets_it_back() -> None:
    clock = Clock()
    turnstile = Turnstile(4, 60, clock)
    with turnstile.passed("a"):
        turnstile.charge("a", 90)
    with pytest.raises(SpentError, match="31 seconds") as spent, turnstile.passed("a"):
        raise AssertionError
    assert spent.value.retry_after == 31
    with turnstile.passed("b"):
        pass
    clock.now = 30
    with pytest.raises(SpentError), turnstile.passed("a"):
        raise AssertionError
    clock.now = 31
    with turnstile.passed("a"):
        turnstile.charge("a", 0.5)
    clock.now = 1000
    turnstile.charge("a", 60)
    with pytest.raises(SpentError), turnstile.passed("a"):
        raise AssertionError


def test_a_client_has_so_many_places() -> None:
    turnstile = Turnstile(2, 60)
    with ExitStack() as inside:
        for client in ("a", "a", "b"):
            inside.enter_context(turnstile.passed(client))
        with pytest.raises(TooManyError, match="2 queries"), turnstile.passed("a"):
            raise AssertionError
    with turnstile.passed("a"):
        pass


def test_clients_that_have_all_their_time_are_forgotten() -> None:
    clock = Clock()
    turnstile = Turnstile(1, 60, clock)
    with turnstile.passed("busy"):
        for number in range(2 * KNOWN):
            turnstile.charge(str(number), 1)
            clock.now += 1
        assert len(turnstile._accounts) <= KNOWN + 1
        with pytest.raises(TooManyError), turnstile.passed("busy"):
            raise AssertionError


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=50))
def test_nobody_uses_more_than_their_time_and_one_last_query(steps: list[tuple[float, float]]) -> None:
    clock, used, longest = Clock(), 0.0, 0.0
    turnstile = Turnstile(1, 60, clock)
    for pause, cost in steps:
        clock.now += pause
        try:
            with turnstile.passed("a"):
                turnstile.charge("a", cost)
                used, longest = used + cost, max(longest, cost)
        except SpentError:
            pass
        assert used <= 60 + clock.now + longest + 1e-6


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("127.0.0.1", "127.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("localhost", "localhost", True),
        ("", "127.0.0.1", False),
    ],
)
def test_a_network_of_ipv6_is_one_client(one: str, other: str, same: bool) -> None:
    assert (client_at(one) == client_at(other)) == same


def test_time_that_is_used_up_is_said_over_http_with_when_to_come_back() -> None:
    limits = Limits(client_seconds=0.000_001, kept_bytes=0)  # what is kept costs no time
    client = web.create_app(store.open_file(TINY, "r1", {}, {}, limits)).test_client()
    assert client.get("/sparql", query_string={"query": ALL}).status_code == 200
    refused = client.get("/sparql", query_string={"query": ALL})
    assert refused.status_code == 429
    assert refused.json is not None
    assert refused.json["type"].endswith("/spent")
    assert int(refused.headers["Retry-After"]) > 1
    other = client.get("/sparql", query_string={"query": ALL}, environ_base={"REMOTE_ADDR": "127.0.0.9"})
    assert other.status_code == 200
    assert client.get("/health").status_code == 200


def test_what_becomes_of_queries_is_counted(client: FlaskClient) -> None:
    for query in (ALL, ALL, "SELEC", "CLEAR ALL", "(" * 200):
        client.get("/sparql", query_string={"query": query})
    client.get("/nowhere")
    assert counted(client, 'spacekg_queries_total{outcome="ok"}') == 2
    assert counted(client, 'spacekg_queries_total{outcome="query-syntax"}') == 1
    assert counted(client, 'spacekg_queries_total{outcome="forbidden-query"}') == 1
    assert counted(client, 'spacekg_queries_total{outcome="query-too-large"}') == 1
    assert counted(client, "spacekg_query_seconds_count") == 5
    rows = len(client.get("/sparql", query_string={"query": ALL}).json["results"]["bindings"])
    assert counted(client, "spacekg_answer_rows_total") == 3 * rows > 0
    assert counted(client, 'spacekg_requests_total{status="404"}') == 1
    assert counted(client, 'spacekg_release{id="r1"}') == 1
    assert client.get("/metrics").content_type.startswith("text/plain; version=0.0.4")


def test_two_releases_count_together() -> None:
    operated = operation.begin(Limits())
    apps = [web.create_app(store.open_file(TINY, release, {}, {}), operated=operated) for release in ("r1", "r2")]
    for app in apps:
        app.test_client().get("/sparql", query_string={"query": ALL})
    assert counted(apps[1].test_client(), 'spacekg_queries_total{outcome="ok"}') == 2


def test_each_request_is_a_line_of_json(client: FlaskClient, lines: list[str]) -> None:
    answer = client.get("/sparql", query_string={"query": ALL}, headers={"X-Request-Id": "mine-0001"})
    refused = client.post("/sparql", data="SELEC", content_type="application/sparql-query")
    first, second = map(json.loads, lines)
    rows = len(answer.json["results"]["bindings"])
    assert answer.headers["X-Request-Id"] == first["id"] == "mine-0001"
    assert (first["outcome"], first["rows"], first["status"], first["query"]) == ("ok", rows, 200, ALL)
    assert first["bytes"] == len(answer.data)
    assert second["outcome"] == "query-syntax"
    assert refused.headers["X-Request-Id"] == second["id"] != first["id"]
    assert len(first["query_sha256"]) == 16


HOSTILE = st.text(st.characters(), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def empty() -> FlaskClient:
    return web.create_app(Store([], "r", {})).test_client()


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=HOSTILE, id=st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=80))
def test_nothing_a_client_sends_makes_a_line_of_its_own(
    empty: FlaskClient, lines: list[str], query: str, id: str
) -> None:
    lines.clear()
    encoded = query.encode("utf-8", "surrogatepass")
    answer = empty.get(f"/sparql?query={quote(encoded)}", headers={"X-Request-Id": id})
    empty.post("/sparql", data=encoded, content_type="application/sparql-query")
    empty.get(f"/{quote(encoded)}")
    assert answer.status_code < 500
    assert answer.headers["X-Request-Id"].isascii()
    assert len(lines) == 3
    for line in lines:
        assert line.isascii()
        assert line.isprintable()
        json.loads(line)


def test_a_long_query_is_cut_in_the_log(client: FlaskClient, lines: list[str]) -> None:
    client.post("/sparql", data="ASK {} #" + "x" * 50_000, content_type="application/sparql-query")
    assert len(lines[0]) < running.TEXT + 500


def test_a_fault_of_ours_is_one_line_with_its_trace(lines: list[str]) -> None:
    record = logging.LogRecord(LOGGER, logging.ERROR, "", 0, "it broke\nhere", None, None)
    try:
        raise ZeroDivisionError("secret\n{}")
    except ZeroDivisionError as error:
        record.exc_info = (type(error), error, error.__traceback__)
    line = Formatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == "it broke\nhere"
    assert "ZeroDivisionError" in json.loads(line)["trace"]


@pytest.fixture
def busy() -> Iterator[Callable[[str], FlaskClient]]:
    """A site with one query that waits, asked until its client is told."""
    app = web.create_app(Waiting([], "r", {}), operated=operation.begin(Limits(), Operator(TOKEN)))
    answers: list = []
    asked = threading.Thread(
        target=lambda: answers.append(
            app.test_client().get("/sparql?query=ASK{}%23wait", headers={"X-Request-Id": "w" * 8})
        )
    )
    asked.start()

    def ask() -> FlaskClient:
        client = app.test_client()
        while not client.get("/queries/running").json:
            pass
        return client

    yield ask
    for run in app.test_client().get("/queries/running").json or []:
        app.test_client().delete(f"/queries/running/{run['id']}")
    asked.join(20)
    assert not asked.is_alive()
    assert [answer.status_code for answer in answers] == [503]
    assert answers[0].json["type"].endswith("/stopped")


def test_a_running_query_is_listed_and_can_be_stopped(busy: Callable[[], FlaskClient]) -> None:
    client = busy()
    (run,) = client.get("/queries/running").json
    assert (run["request"], run["query"], run["client"]) == ("w" * 8, "ASK{}#wait", "127.0.0.1")
    assert run["seconds"] >= 0
    assert counted(client, "spacekg_queries_running") == 1
    assert client.delete("/queries/running/0").status_code == 404
    assert client.delete(f"/queries/running/{run['id']}").status_code == 204
    while client.get("/queries/running").json:
        pass


@pytest.mark.parametrize(
    ("headers", "there"),
    [
        ({"Host": "kg.example.org"}, "127.0.0.1"),
        ({"Host": "localhost.example.org:8000"}, "127.0.0.1"),
        ({"Origin": "https://evil.example"}, "127.0.0.1"),
        ({"Origin": "null"}, "127.0.0.1"),
        ({"Sec-Fetch-Site": "cross-site"}, "127.0.0.1"),
        ({"X-Forwarded-For": "192.0.2.1"}, "127.0.0.1"),
        ({"Forwarded": "for=192.0.2.1"}, "127.0.0.1"),
        ({"Via": "1.1 proxy"}, "127.0.0.1"),
        ({}, "192.0.2.1"),
        ({"Host": "127.0.0.1"}, "192.0.2.1"),
        ({"Authorization": "Bearer "}, "192.0.2.1"),
        ({"Authorization": f"Bearer {TOKEN}x"}, "192.0.2.1"),
        ({"Authorization": f"Basic {TOKEN}"}, "192.0.2.1"),
        ({"Authorization": "Bearer ü"}, "192.0.2.1"),
    ],
)
def test_nobody_else_sees_or_stops_what_runs(busy: Callable[[], FlaskClient], headers: dict, there: str) -> None:
    client = busy()
    (run,) = client.get("/queries/running").json
    for method, path in (("GET", "/queries/running"), ("DELETE", f"/queries/running/{run['id']}")):
        answer = client.open(path, method=method, headers=headers, environ_base={"REMOTE_ADDR": there})
        assert answer.status_code == 403
        assert b"wait" not in answer.data
    allowed = {"Authorization": f"Bearer {TOKEN}"}
    assert len(client.get("/queries/running", headers=allowed, environ_base={"REMOTE_ADDR": "192.0.2.1"}).json) == 1


def test_behind_a_proxy_only_the_token_counts() -> None:
    app = web.create_app(Store([], "r", {}), operated=operation.begin(Limits(), Operator(local=False)))
    assert app.test_client().get("/queries/running").status_code == 403
    assert app.test_client().get("/queries/running", headers={"Authorization": "Bearer "}).status_code == 403
