"""The MCP server, asked by the SDK's own client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from tests.asked import served

from spacekg import remote, web
from spacekg.declared import Declared
from spacekg.errors import RemoteError
from spacekg.knowledge import local
from spacekg.reconciliation import register
from spacekg.release import Release
from spacekg.remote import Endpoint

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("search", {"words": "webb telescope"}),
    ("describe", {"name": "jwst"}),
    ("lint", {"query": "SELECT ?x { ?x a skg:Rovr }"}),
    ("reconcile", {"name": "NASA"}),
    ("describe", {"name": "no-such-thing-at-all"}),
    ("describe", {"name": "x" * 100_000}),
    ("query", {"query": ENDLESS}),
    ("query", {"query": f"SELECT * {{ {'?a ?b ?c . ' * 50_000} }}"}),
    ("query", {"query": "DELETE WHERE { ?s ?p ?o }"}),
    ("query", {"query": "SELECT * { ?s ?p ?o }"}),
    ("query", {}),
    ("query", {"query": "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 300"}),
]


@pytest.fixture(scope="module")
def answers(shipped_release: Release) -> list[Any]:
    return asked(["--seconds", "4", "--release", str(shipped_release.folder)], CALLS)


def asked(arguments: list[str], calls: list[tuple[str, dict[str, Any]]]) -> list[Any]:
    command = ["-m", "spacekg", "mcp", *arguments]
    server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))

    async def ask() -> list[Any]:
        async with Client(server) as client:
            assert len((await client.list_tools()).tools) == 5
            return [await client.call_tool(name, given) for name, given in calls]

    return asyncio.run(asyncio.wait_for(ask(), 120))


def told(answer: Any) -> dict[str, Any]:
    assert not answer.is_error, answer.content
    return json.loads(answer.content[0].text)


def test_a_claim_comes_with_its_words(answers: list[Any], shipped_release: Release) -> None:
    claims = told(answers[1])["claims"]
    assert claims
    for claim in claims:
        source = claim["source"]
        text = shipped_release.text(source["document"].rpartition("/")[2])
        assert text[source["start"] : source["end"]] == source["quote"]
        assert claim["status"]


def test_tools_answer(answers: list[Any]) -> None:
    assert told(answers[0])["found"][0]["id"] == "jwst"
    assert told(answers[2])["findings"]
    assert told(answers[3])["candidates"][0]["id"] == "nasa"


def test_what_is_wrong_is_an_error_and_the_server_goes_on(answers: list[Any]) -> None:
    assert [place for place, answer in enumerate(answers) if answer.is_error] == list(range(4, 11))
    last = told(answers[-1])
    assert (len(last["rows"]), last["rows_in_all"]) == (200, 300)


def test_an_endpoint_is_asked_for_everything(shipped_release: Release, rules: Declared) -> None:
    app = web.create_app(
        local.stored(shipped_release, rules, local.OWN_MACHINE), register=register.read(shipped_release, rules)
    )
    with served(app) as address:
        calls = [*CALLS[:4], ("reconcile", {"name": "Orion", "kind": "Spacecraft", "limit": 2})]
        found = [told(each) for each in asked(["--endpoint", f"{address}sparql"], calls)]
    assert found[0]["found"][0]["id"] == "jwst"
    assert found[1]["claims"]
    assert found[2]["findings"]
    best = found[3]["candidates"][0]
    assert (best["id"], best["match"]) == ("nasa", True)
    assert 0 < len(found[4]["candidates"]) <= 2


def test_without_the_extra_it_says_which_to_install() -> None:
    code = "import sys; sys.modules['mcp'] = None\nfrom spacekg import cli\nsys.exit(cli.run(['mcp']))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "is not installed: pip install 'spacekg[mcp]'" in done.stderr


@pytest.mark.parametrize("body", [b"<h1>Hello</h1>", b"{}", b'{"q0": {"result": [{"name": "no id"}]}}', b'{"q0": '])
def test_what_is_no_reconciliation_service_is_an_error(body: bytes) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        known = environ["PATH_INFO"] == "/reconcile"
        start_response("200 OK" if known else "404 Not Found", [("Content-Length", str(len(body)))])
        return [body]

    with served(app) as address:
        with pytest.raises(RemoteError, match="no reconciliation service"):
            remote.candidates(Endpoint(f"{address}sparql", 5), "NASA", "", 5)
        with pytest.raises(RemoteError, match="404"):
            remote.candidates(Endpoint(f"{address}a/sparql", 5), "NASA", "", 5)


def test_a_line_that_is_no_message_does_not_end_the_server(shipped_release: Release) -> None:
    command = [sys.executable, "-m", "spacekg", "mcp", "--release", str(shipped_release.folder)]
    begin = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}}
    lines = [
        _message(1, "initialize", begin),
        b"{broken",
        b"\xff\xfe[]",
        b'{"jsonrpc": "2.0", "method": "notifications/initialized"}',
        _message(2, "tools/list", {}),
    ]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b"\n".join([*lines, b""]))
        process.stdin.flush()
        answered = {}
        while 2 not in answered:
            line = process.stdout.readline()
            assert line, "it ended"
            answered[json.loads(line).get("id")] = line
        process.stdin.close()
        assert process.wait(30) == 0


def _message(id: int, method: str, params: dict[str, Any]) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}).encode()
