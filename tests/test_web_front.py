"""What is kept is given again as it was answered, to the same request and to nobody else."""

from __future__ import annotations

import http.client
import itertools
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import request_started
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.asked import served
from tests.serving import PARTS
from werkzeug.test import Client, TestResponse

from spacekg import store, web
from spacekg.answers import Limits
from spacekg.web import compression, log
from spacekg.web.front import Front

TINY = Path(__file__).parent / "graphs" / "tiny.trig"
SELECT = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
QUERIES = [
    SELECT, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "DESCRIBE <https://w3id.org/spacekg/id/cassini-huygens>",
    "ASK { FILTER(isIRI(NOW())) }", "SELECT ?s { ?s <id/relative> ?o }", "SELECT (<x> AS ?x) {}", "SELEC",
    "ASK { SERVICE <a:b> {} }",
]  # fmt: skip
PATHS = [
    "/", "/sparql", "/store?default", "/store?graph=nothing", "/queries", "/lint?query=ASK+%7B%7D",
    "/page/cassini-huygens", "/id/cassini-huygens", "/data/id/cassini-huygens.ttl", "/data/id/cassini-huygens",
    "/linkset/id/cassini-huygens", "/page/nothing", "/static/style.css", "/.well-known/void", "/search?q=cassini",
    "/health", "/robots.txt", "//sparql", "/queries/running",
]  # fmt: skip
HEADERS = {
    "Accept": ["text/csv", "*/*", "text/html", "text/turtle", "image/png", "application/json;q=0.5, text/csv;q=0.4"],
    "Accept-Encoding": ["gzip", "br", "zstd, gzip;q=0", "gzip;q=0", "*", "identity, gzip;q=0.2", "GZIP", "nothing"],
    "Accept-Language": ["zh", "de", "fr, en;q=0.5"],
    "Host": ["localhost", "localhost:81", "evil.example", "127.0.0.1"],
    "X-Forwarded-For": ["192.0.2.1"],
    "X-Forwarded-Host": ["evil.example"],
    "X-Forwarded-Proto": ["https"],
    "X-Http-Method-Override": ["DELETE"],
    "X-Original-Url": ["/health"],
    "Origin": ["https://evil.example"],
    "Cookie": ["a=b"],
    "Range": ["bytes=0-9"],
    "If-Modified-Since": ["Wed, 21 Oct 2065 07:28:00 GMT"],
    "If-None-Match": ["*", '"nothing"', "KNOWN", 'W/"weak", KNOWN'],
    "Authorization": ["Bearer token"],
    "User-Agent": ["one", "two"],
}
FORM = "application/x-www-form-urlencoded"


def site(kept: int) -> Any:
    opened = store.open_file(TINY, "r1", PARTS, {"skg": "https://w3id.org/spacekg/ontology#"}, Limits(kept_bytes=kept))
    app = web.create_app(opened)
    for _ in range(100):  # until the linter has read what it checks by, answers are not kept
        if Client(app).get("/sparql?query=ASK+%7B%7D").headers["ETag"] and (not kept or app.wsgi_app.size):
            break
    return app


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[Any, Any]]:
    yield site(0), site(400_000)


def asked() -> st.SearchStrategy[dict[str, Any]]:
    got = st.sampled_from(PATHS).map(lambda path: {"path": path})
    return headed(st.one_of(got, queries(), posts()), st.one_of(got, queries()))


def queries() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda query, more: {"path": "/sparql", "query_string": {"query": query, **more}},
        st.sampled_from(QUERIES),
        st.sampled_from([{}, {"format": "csv"}, {"timeout": "3"}, {"default-graph-uri": "a:b"}, {"lint": "true"}]),
    )


def posts() -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(
        lambda query, way: {"path": "/sparql", "method": "POST", **way(query)},
        st.sampled_from(QUERIES),
        st.sampled_from(
            [
                lambda query: {"data": {"query": query}, "content_type": FORM},
                lambda query: {"data": query.encode(), "content_type": "application/sparql-query"},
                lambda query: {"data": query.encode(), "content_type": "text/plain"},
                lambda query: {"data": {"query": query, "update": ""}, "content_type": FORM},
            ]
        ),
    )


def headed(
    asked: st.SearchStrategy[dict[str, Any]], got: st.SearchStrategy[dict[str, Any]]
) -> st.SearchStrategy[dict[str, Any]]:
    heads = st.builds(lambda each: {**each, "method": "HEAD"}, got)
    chosen = st.lists(st.sampled_from(sorted(HEADERS)), max_size=3, unique=True)
    headers = chosen.flatmap(
        lambda names: st.fixed_dictionaries({name: st.sampled_from(HEADERS[name]) for name in names})
    )
    return st.builds(lambda each, headers: {**each, "headers": headers}, st.one_of(asked, heads), headers)


def told(answer: TestResponse) -> tuple[object, ...]:
    headers = sorted((name, value) for name, value in answer.headers if name not in (log.HEADER, "Date"))
    # How long a running thing has run, and when something was looked at, is another matter.
    return answer.status, headers, re.sub(rb"[0-9]{4}-[0-9-]+T[0-9:.]+[+Z][0-9:]*", b"", answer.data)


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=asked())
def test_a_kept_answer_is_the_answer(sites: tuple[Any, Any], request: dict[str, Any]) -> None:
    plain, kept = sites
    held = request["headers"].get("If-None-Match", "")
    if "KNOWN" in held:
        bare = {
            **request,
            "headers": {name: value for name, value in request["headers"].items() if name != "If-None-Match"},
        }
        tag = Client(plain).open(**bare).headers.get("ETag", '"none"')
        request = {**request, "headers": {**request["headers"], "If-None-Match": held.replace("KNOWN", tag)}}
    expected = told(Client(plain).open(**request))
    assert told(Client(kept).open(**request)) == expected
    assert told(Client(kept).open(**request)) == expected
    assert 0 < kept.wsgi_app.size <= 400_000


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=headed(st.one_of(queries(), posts()), queries()))
def test_without_flask_a_query_is_answered_and_logged_as_with_it(
    sites: tuple[Any, Any], caplog: pytest.LogCaptureFixture, request: dict[str, Any]
) -> None:
    plain, _ = sites
    caplog.set_level(logging.INFO, log.LOGGER)
    # With a slash behind it, Flask alone knows the address.
    answers = [told(Client(plain).open(**{**request, "path": path})) for path in ("/sparql", "/sparql/")]
    assert answers[0] == answers[1]
    lines = [record.msg for record in caplog.records if record.name == log.LOGGER][-2:]
    assert lines[0] == {**lines[1], "path": "/sparql", "id": lines[0]["id"], "seconds": lines[0]["seconds"]}


@pytest.mark.parametrize(
    ("query", "headers", "passed"),
    [
        ("ASK {}", {}, 0), ("ASK {}", {"Accept-Encoding": "gzip"}, 0), (SELECT, {}, 0), ("SELEC", {}, 1),
        (SELECT, {"Accept-Encoding": "gzip"}, 1), ("ASK { SERVICE <a:b> {} }", {}, 1),
    ],
)  # fmt: skip
def test_flask_sees_only_what_is_an_error_or_compressed(
    sites: tuple[Any, Any], query: str, headers: dict[str, str], passed: int
) -> None:
    plain, _ = sites
    seen: list[Any] = []
    with request_started.connected_to(lambda _: seen.append(1), plain):
        Client(plain).get("/sparql", query_string={"query": query}, headers=headers)
    assert len(seen) == passed


@pytest.mark.parametrize("name", sorted(HEADERS))
@pytest.mark.parametrize(
    "path", ["/page/cassini-huygens", "/sparql", "/linkset/id/cassini-huygens", "/sparql?query=ASK+%7B%7D"]
)
def test_one_header_after_the_other(sites: tuple[Any, Any], path: str, name: str) -> None:
    plain, kept = sites
    for value in [*HEADERS[name], *reversed(HEADERS[name])]:
        headers = {name: value, "X-Request-Id": "same-for-all"}
        assert told(Client(kept).get(path, headers=headers)) == told(Client(plain).get(path, headers=headers))


def counted(client: Client, name: str) -> float:
    text = client.get("/metrics").data.decode()
    return sum(float(line.split()[-1]) for line in text.splitlines() if line.startswith(name))


def test_who_asks_again_is_counted_and_logged_and_has_an_id_of_their_own(
    sites: tuple[Any, Any], caplog: pytest.LogCaptureFixture
) -> None:
    client = Client(sites[1])
    asked = {"query_string": {"query": f"{SELECT} LIMIT 2"}, "headers": {"X-Request-Id": "mine-0001"}}
    before = [counted(client, name) for name in ("spacekg_requests_again_total", 'spacekg_queries_total{outcome="ok"}')]
    with caplog.at_level(logging.INFO, log.LOGGER):
        answers = [
            client.get("/sparql", **asked),
            client.get("/sparql", **asked),
            client.get("/sparql", query_string=asked["query_string"]),
        ]
    after = [counted(client, name) for name in ("spacekg_requests_again_total", 'spacekg_queries_total{outcome="ok"}')]
    assert [now - then for now, then in zip(after, before, strict=True)] == [2, 3]
    lines = [record.msg for record in caplog.records if record.name == log.LOGGER][:3]
    assert [{**line, "seconds": 0, "id": 0} for line in lines[1:]] == [{**lines[0], "seconds": 0, "id": 0}] * 2
    ids = [answer.headers["X-Request-Id"] for answer in answers]
    assert ids == [line["id"] for line in lines]
    assert ids[0] == ids[1] == "mine-0001" != ids[2]


@pytest.mark.parametrize(
    "path", ["/", "/sparql?query=ASK+%7B%7D", "/page/cassini-huygens", "/health", "/static/style.css"]
)
def test_over_a_connection_what_is_asked_again_is_answered_and_logged_the_same(
    sites: tuple[Any, Any], path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, log.LOGGER)
    told: list[list[tuple[object, ...]]] = []
    for app in sites:
        with asked_over(app) as get:
            tag = get(path, {"Accept-Encoding": "gzip"})[1].get("etag", "")
            headers = [{}, {"Accept-Encoding": "gzip"}, {"X-Request-Id": "mine-0002"}, {"If-None-Match": tag or "*"}]
            answers = [get(path, each) for each in headers for _ in range(4)]
        ids = [answer[1].pop("x-request-id") for answer in answers]
        assert len(set(ids)) == 4 * len(headers) - 3
        lines = [record.msg for record in caplog.records if record.name == log.LOGGER][-len(answers) :]
        assert [line["id"] for line in lines] == ids
        told.append([(*answer, {**line, "seconds": 0, "id": 0}) for answer, line in zip(answers, lines, strict=True)])
    assert told[0] == told[1]


@contextmanager
def asked_over(app: Any) -> Iterator[Any]:
    """Serve an app; gives what asks it over one connection, as status, headers and body."""
    with served(app) as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)

        def get(path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
            connection.request("GET", path, headers={"Host": "localhost", **headers})
            answer = connection.getresponse()
            named = {name.lower(): value for name, value in answer.getheaders()}
            return (
                answer.status,
                {name: named[name] for name in named if name not in ("date", "connection")},
                answer.read(),
            )

        yield get
        connection.close()


def test_many_different_questions_take_no_more_memory_than_they_may() -> None:
    app = site(30_000)
    client = Client(app)
    for number in range(60):
        answer = client.get("/sparql", query_string={"query": f"SELECT ?s {{ ?s ?p ?o }} LIMIT {number}"})
        assert len(json.loads(answer.data)["results"]["bindings"]) <= number
        assert app.wsgi_app.size <= 30_000
    assert app.wsgi_app.size > 20_000


@pytest.mark.parametrize("length", ["", "x", "-1", "9999999"])
def test_a_body_of_unknown_or_great_length_is_left_to_the_site(length: str) -> None:
    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("400 BAD REQUEST", [])
        return [environ["wsgi.input"].read()]

    front = Front(app, counters(), 1000)
    answer = Client(front).open(
        "/sparql",
        method="POST",
        data=b"ASK {}",
        content_type="application/sparql-query",
        environ_overrides={"CONTENT_LENGTH": length},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])  # with a slash behind it, Flask alone knows the address
def test_a_body_that_ends_early_is_no_query(sites: tuple[Any, Any], path: str) -> None:
    plain, _ = sites
    sent = {"method": "POST", "data": b"ASK {}", "content_type": "application/sparql-query"}
    assert Client(plain).open(path, **sent).status_code == 200
    assert Client(plain).open(path, **sent, environ_overrides={"CONTENT_LENGTH": "20"}).status_code == 400


class Slow:
    """A site that answers when it is let, each time with its number."""

    def __init__(self, status: str) -> None:
        self._status = status
        self.begun, self.let = threading.Semaphore(0), threading.Semaphore(0)
        self._numbers = itertools.count()

    def __call__(self, _environ: Any, start_response: Any) -> list[bytes]:
        number = next(self._numbers)
        self.begun.release()
        assert self.let.acquire(timeout=20)
        body = str(number).encode()
        headers = {"Content-Length": str(len(body)), "ETag": '"x"', "Cache-Control": "public, no-cache"}
        start_response(self._status, list(headers.items()))
        return [body]


@pytest.mark.parametrize(("status", "bodies"), [("200 OK", ["0"] * 3), ("504 GATEWAY TIMEOUT", ["0", "1", "2"])])
def test_what_is_asked_while_the_same_is_answered_waits_for_it_and_shares_no_error(
    monkeypatch: pytest.MonkeyPatch, status: str, bodies: list[str]
) -> None:
    monkeypatch.setattr(web.front, "PATIENCE", 20)
    told = together(Slow(status), lambda slow, front: wait_until(lambda: front._waiting == 2) or slow.let.release())
    assert sorted(told) == bodies


def test_nobody_waits_long_for_the_answer_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web.front, "PATIENCE", 0)
    told = together(Slow("200 OK"), lambda slow, _: [slow.begun.acquire(timeout=20) for _ in range(2)])
    assert sorted(told) == ["0", "1", "2"]


def together(slow: Slow, meanwhile: Callable[[Slow, Front], object]) -> list[str]:
    """Ask the same thing three times, the second and third time when the first one is being answered."""
    front = Front(slow, counters(), 100_000)

    def ask() -> str:
        return Client(front).get("/sparql?query=ASK+%7B%7D").text

    with ThreadPoolExecutor(3) as threads:
        asked = [threads.submit(ask)]
        assert slow.begun.acquire(timeout=20)
        asked += [threads.submit(ask) for _ in range(2)]
        meanwhile(slow, front)
        slow.let.release(3)
        return [each.result() for each in asked]


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end


def counters() -> Any:
    return web.operation.begin(Limits()).metrics


@given(st.text(max_size=60) | st.lists(st.sampled_from(HEADERS["Accept-Encoding"])).map(", ".join))
def test_an_encoding_is_one_that_is_offered(accepted: str) -> None:
    assert compression.chosen(accepted) in ("", *compression.ENCODINGS)
