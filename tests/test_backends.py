"""A release in somebody else's SPARQL server answers as it does in our own store, or says that it cannot."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from tests import asking, backing, endpoints, fronts
from tests.backing import Running
from tests.endpoints import Proxy

from spacekg import formats, guard, publication, steps, web
from spacekg.answers import (
    AbandonedError,
    Answer,
    AnswerTooLargeError,
    BusyError,
    Caller,
    DeadlineError,
    Engine,
    Limits,
    QuerySyntaxError,
    Request,
    never,
)
from spacekg.backends import Backend, ahead, kinds, loading
from spacekg.backends.graphs import Stored
from spacekg.backends.kinds import Server
from spacekg.backends.lines import Line
from spacekg.backends.loading import Loader
from spacekg.cli import releases
from spacekg.declared import Declared
from spacekg.errors import BackendError, BadQueryError, ReleaseError, SpacekgError
from spacekg.release import Release, publish
from spacekg.search import Index
from spacekg.steps import Need, Steps, Until, Wait
from spacekg.store import Store

LIMITS = Limits(seconds=60)


@pytest.fixture(scope="module", params=list(backing.SERVERS))
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Each server, empty at first."""
    start, missing = backing.SERVERS[request.param]
    if missing:
        pytest.skip(missing)
    server = start(tmp_path_factory.mktemp(request.param))
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def server(
    running: Running, rules: Declared, shipped_release: Release, tmp_path_factory: pytest.TempPathFactory
) -> Server:
    """The same with the shipped release in it, and a smaller one beside it."""
    there = running.server(rules)
    Loader(there, rules).load(shipped_release, tmp_path_factory.mktemp("work"))
    Loader(there, rules).load(
        _small(shipped_release, tmp_path_factory.mktemp("small")), tmp_path_factory.mktemp("more")
    )
    return there


@pytest.fixture(scope="module")
def store(shipped_release: Release, rules: Declared) -> Store:
    return releases.stored(shipped_release, rules, releases.OWN_MACHINE)


@pytest.fixture(scope="module")
def backend(server: Server, shipped_release: Release, rules: Declared, store: Store) -> Iterator[Backend]:
    found = Backend(loading.connected(server, rules, shipped_release), rules, LIMITS, store.index)
    yield found
    found.close()


def _small(release: Release, out: Path) -> Release:
    quads = [quad for number, quad in enumerate(release.quads()) if number % 50 == 0]
    return publish(quads, [], {}, {}, out)


OTHERWISE: dict[tuple[str, str], str] = {
    ("fuseki", "contradictions"): "STR of the decimal 15 is 15.0",
    ("fuseki", "quantities"): "STR of the decimal 15 is 15.0",
    ("fuseki", "crewed_missions_by_decade"): "GROUP_CONCAT of texts in one language is in none",
    ("fuseki", "typed_collaborations"): "GROUP_CONCAT of texts in one language is in none",
    ("fuseki", "/"): "MIN of NASA's short names is NASA HQ",
    ("virtuoso", "crewed_missions_by_decade"): "GROUP_CONCAT of texts in one language is in none",
    ("virtuoso", "typed_collaborations"): "GROUP_CONCAT of texts in one language is in none, and of nothing is a text",
    (
        "virtuoso",
        "predecessors_of_roscosmos",
    ): "a path with * from a name lacks that name where it is joined to another",
    ("virtuoso", "a base spacekg/"): "no second BASE",
    ("virtuoso", "/"): "a boolean is written 1",
    ("virtuoso", "a graph in what is given"): "a boolean is a number",
    ("virtuoso", "a path beside a graph"): "a path with + wants one of its ends given",
}
"""Where a server differs from what SPARQL says: the server and the question or page, and why."""


def differs(running: Running, what: str) -> None:
    """Expect a difference that is known."""
    if (running.kind, what) in OTHERWISE:
        pytest.xfail(OTHERWISE[running.kind, what])


def rows(engine: Engine, query: str, **iris: str) -> Counter[str]:
    """The rows of an answer, in no order, their terms as `meaning` gives them."""
    return counted(engine, Request(query, bindings=iris))


def counted(engine: Engine, asked: Request) -> Counter[str]:
    """The same of a whole request."""
    answer = engine.answer(asked)
    found = json.loads(answer.content)
    if "boolean" in found:
        return Counter([str(found["boolean"])])
    bindings = found["results"]["bindings"]
    return Counter(str(sorted((name, meaning(term)) for name, term in row.items())) for row in bindings)


def meaning(term: Mapping[str, str]) -> tuple[str, ...]:
    """What a term means: a number by its value, and a list that was joined in whichever order and language as one."""
    value, datatype = term["value"], term.get("datatype", "")
    if datatype.endswith(("#decimal", "#double", "#integer")):
        return ("number", str(float(value)))
    if ", " in value:
        return ("list", *sorted(value.split(", ")))
    return (term["type"], value, datatype, term.get("xml:lang", ""))


@pytest.mark.parametrize("name", asking.QUESTIONS)
def test_every_shipped_question_has_the_same_answer(
    backend: Backend, store: Store, rules: Declared, running: Running, name: str
) -> None:
    differs(running, name)
    text = rules.query(name).text
    assert rows(backend, text) == rows(store, text)


GRAPHS = {
    "a graph by its name": "SELECT (COUNT(*) AS ?n) { GRAPH graph:ontology { ?s a ?c } }",
    "each graph": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s a ?c } } GROUP BY ?g",
    "all variables": "SELECT * { GRAPH ?g { ?s a owl:Ontology } }",
    "all variables of a part": "SELECT * { { SELECT * { GRAPH $g { ?s a owl:Ontology } } } }",
    "a graph that is also a thing": "SELECT ?g ?p { GRAPH ?g { ?s a owl:Ontology } ?g ?p ?o }",
    "two graphs": "SELECT ?g ?h { GRAPH ?g { ?s a owl:Ontology } OPTIONAL { GRAPH ?h { ?s owl:versionInfo ?o } } }",
    "no such graph": "SELECT ?s { GRAPH graph:nothing { ?s ?p ?o } }",
    "from": "SELECT (COUNT(*) AS ?n) FROM graph:ontology { ?s ?p ?o }",
    "from two": "SELECT (COUNT(*) AS ?n) FROM graph:ontology FROM graph:vocab { ?s a ?o }",
    "from named": "SELECT ?g (COUNT(*) AS ?n) FROM NAMED graph:vocab { GRAPH ?g { ?s a ?o } } GROUP BY ?g",
    "relative to a base": "BASE <https://w3id.org/spacekg/graph/> SELECT (COUNT(*) AS ?n) FROM <vocab> { ?s ?p ?o }",
    "the default graph and a graph": "SELECT ?g ?s { ?s a owl:Ontology . GRAPH ?g { ?s a owl:Ontology } }",
    "a graph in a filter": "SELECT ?s { ?s a owl:Ontology FILTER EXISTS { GRAPH ?g { ?s owl:versionInfo ?o } } }",
    "a graph in what is given": "SELECT (EXISTS { GRAPH ?g { ?s a owl:Ontology } } AS ?x) {}",
    "a path beside a graph": "SELECT ?s { ?s rdfs:subClassOf+ ?c . GRAPH ?g { ?c a owl:Class } FILTER isIRI(?s) }",
    "everything": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "with a word in a text": 'SELECT ?s { ?s ?p "GRAPH <https://w3id.org/spacekg/graph/vocab>" }',
    "a search": 'PREFIX search: <https://w3id.org/spacekg/search#> SELECT ?thing { ?thing search:label "webb" }',
    "truth": "ASK { ?s a owl:Ontology }",
}


@pytest.mark.parametrize("asked", GRAPHS)
def test_graphs_have_the_names_they_always_have(
    backend: Backend, store: Store, rules: Declared, running: Running, asked: str
) -> None:
    differs(running, asked)
    query = guard.declaring(GRAPHS[asked], {**rules.prefixes, "graph": "https://w3id.org/spacekg/graph/"})
    assert rows(backend, query) == rows(store, query)


@pytest.mark.parametrize("own", ["https://w3id.org/spacekg/", "spacekg/"])
def test_a_query_may_have_a_base_of_its_own(backend: Backend, store: Store, running: Running, own: str) -> None:
    differs(running, f"a base {own}")
    asked = Request(f"BASE <{own}> SELECT ?p ?o {{ <id/jwst> ?p ?o }}", base="https://w3id.org/sparql")
    found = counted(backend, asked)
    assert found == rows(store, "SELECT ?p ?o { <https://w3id.org/spacekg/id/jwst> ?p ?o }")
    assert found


def test_a_query_does_not_grow_with_the_graphs_of_a_release() -> None:
    asked = Request("SELECT ?g ?h { GRAPH ?g { ?s ?p ?o } OPTIONAL { GRAPH ?h { ?o ?p ?s } } }")
    scan = guard.scan(asked.query, LIMITS)
    few, many = (Stored("r", [f"https://example.org/{n}" for n in range(number)]) for number in (1, 1_000))
    assert few.asked(asked.query, asked, scan) == many.asked(asked.query, asked, scan)


def test_graphs_may_be_chosen_by_the_protocol(backend: Backend, store: Store) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    chosen = Request(
        query, default_graphs=("https://w3id.org/spacekg/graph/vocab", "https://w3id.org/spacekg/graph/none")
    )
    assert json.loads(backend.answer(chosen).content) == json.loads(store.answer(chosen).content)


def test_nothing_of_another_release_is_seen(backend: Backend, server: Server, rules: Declared) -> None:
    other = next(each for each in Loader(server, rules).held() if each != backend.summary.release)
    union = f"https://w3id.org/spacekg/stored/{other}/"
    for query in (f"SELECT ?s {{ GRAPH <{union}> {{ ?s ?p ?o }} }}", f"SELECT ?s FROM <{union}> {{ ?s ?p ?o }}"):
        assert not rows(backend, query)
    assert not json.loads(backend.answer(Request("ASK { ?s ?p ?o }", default_graphs=(union,))).content)["boolean"]


@pytest.mark.parametrize("format", [formats.TURTLE, formats.JSON_LD, formats.RDF_XML], ids=lambda format: format.name)
def test_a_graph_is_made_the_same(backend: Backend, store: Store, format: formats.GraphFormat) -> None:
    query = (
        "CONSTRUCT { ?s <http://www.w3.org/2000/01/rdf-schema#label> ?l } "
        "WHERE { ?s a <http://www.w3.org/2002/07/owl#Class> ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }"
    )
    assert backend.answer(Request(query, graph=format)).content == store.answer(Request(query, graph=format)).content


@pytest.mark.parametrize("format", formats.RESULTS, ids=lambda format: format.name)
def test_rows_are_written_the_same(
    backend: Backend, store: Store, rules: Declared, format: formats.ResultFormat
) -> None:
    asked = Request(rules.query("nasa_and_esa").text, results=format)
    assert backend.answer(asked).content == store.answer(asked).content


PAGES = (
    "/",
    "/page/jwst",
    "/page/esa",
    "/data/jwst.ttl",
    "/disputes",
    "/explore",
    "/vocab",
    "/search?q=webb",
    "/status/fair",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_the_same(
    backend: Backend, store: Store, rules: Declared, shipped_release: Release, running: Running, path: str
) -> None:
    differs(running, path)
    here, there = (_page(engine, rules, shipped_release, path) for engine in (store, backend))
    assert there.decode().splitlines() == here.decode().splitlines()


def _page(engine: Engine, rules: Declared, release: Release, path: str) -> bytes:
    app = web.create_app(engine, "https://example.org/", publication.read(rules, release))
    with app.test_client() as client:
        answer = client.get(path, headers={"Accept": "*/*" if path.endswith(".ttl") else "text/html"})
        assert answer.status_code == 200
        return answer.get_data()


def test_a_query_that_cannot_be_read_is_told_so(backend: Backend) -> None:
    with pytest.raises(QuerySyntaxError):
        backend.answer(Request("SELECT ?s { ?s ?p }"))


@pytest.mark.parametrize("base", ["", "https://example.org/sparql"])
def test_a_query_that_cannot_be_read_is_told_where(backend: Backend, running: Running, base: str) -> None:
    with pytest.raises(QuerySyntaxError) as told:
        backend.answer(Request("SELECT *\nWHERE { ?x nowhere:name ?y }", base=base))
    assert told.value.line == 2
    assert told.value.column > 0
    if running.kind == "oxigraph":
        assert "PREFIX" in told.value.message
    with pytest.raises(QuerySyntaxError) as moved:
        backend.answer(Request("SELECT * WHERE { GRAPH ?g {} ?x nowhere:name ?y }", base=base))
    assert moved.value.line == 0


def test_an_answer_with_too_many_rows_is_refused(
    server: Server, shipped_release: Release, rules: Declared, store: Store
) -> None:
    little = Backend(loading.connected(server, rules, shipped_release), rules, replace(LIMITS, rows=10), store.index)
    with pytest.raises(AnswerTooLargeError):
        little.answer(Request("SELECT ?s { ?s ?p ?o } LIMIT 11"))
    little.close()


def test_a_query_is_given_up_in_time(server: Server, shipped_release: Release, rules: Declared, store: Store) -> None:
    short = Backend(loading.connected(server, rules, shipped_release), rules, replace(LIMITS, seconds=1), store.index)
    with pytest.raises(DeadlineError):
        short.answer(Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"))
    short.close()


def test_who_goes_away_leaves_no_query(backend: Backend) -> None:
    began = time.monotonic()
    caller = Caller("someone", lambda: time.monotonic() > began + 0.5)
    with pytest.raises(AbandonedError):
        backend.answer(Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"), caller)
    assert rows(backend, "ASK {}") == Counter(["True"])


def test_a_light_query_needs_no_thread_of_its_own(backend: Backend) -> None:
    asked = Request("SELECT ?s { ?s a <http://www.w3.org/2002/07/owl#Class> } LIMIT 3")
    backend.answer(asked)
    waits = _waits(backend.answering(asked))
    assert waits
    assert all(isinstance(wait, Until) for wait in waits)


def test_what_may_take_long_has_a_thread_of_its_own(backend: Backend) -> None:
    backend.answer(Request("ASK {}"))
    large = Request("SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 2000")
    found = Request('SELECT ?thing { ?thing <https://w3id.org/spacekg/search#label> "webb" }')
    assert all(Need.THREAD in _waits(backend.answering(asked)) for asked in (large, found))


def test_a_query_that_is_given_up_between_two_steps_leaves_its_place(backend: Backend) -> None:
    idle = backend.state()["workers_idle"]
    work = backend.answering(Request("SELECT ?s { ?s ?p ?o } LIMIT 1000"))
    next(work)
    assert backend.state()["workers_idle"] == idle - 1
    work.close()
    assert backend.state()["workers_idle"] == idle
    assert rows(backend, "ASK {}") == Counter(["True"])


def _waits(work: Steps[Answer]) -> list[Wait]:
    """Do work, and give what it waited for."""
    waits: list[Wait] = []
    with suppress(StopIteration):
        waits.append(next(work))
        while True:
            wait = waits[-1]
            waits.append(work.send(wait is Need.THREAD or (isinstance(wait, Until) and steps.ready(wait.channel, 20))))
    return waits


def test_a_release_is_loaded_once(server: Server, shipped_release: Release, rules: Declared, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="there already"):
        Loader(server, rules).load(shipped_release, tmp_path)


@pytest.mark.parametrize("name", ahead.ASKED)
def test_what_the_site_asks_of_all_of_a_release_was_asked_when_it_was_loaded(
    server: Server, shipped_release: Release, rules: Declared, store: Store, name: str
) -> None:
    there = loading.connected(server, rules, shipped_release)
    asked = Backend(replace(there, answers={}), rules, LIMITS, store.index).answer_named(name)
    alone = Backend(replace(there, server=replace(server, address="http://127.0.0.1:9")), rules, LIMITS, store.index)
    assert alone.answer_named(name) == asked != []
    with pytest.raises(BackendError):
        alone.answer_text(f"{alone.shipped(name)}\nLIMIT 1")
    with pytest.raises(BackendError):
        alone.answer_named(name, first="http://www.wikidata.org/entity/Q23548")


def test_a_question_that_has_no_answer_when_a_release_is_loaded_is_told_and_left(
    server: Server, shipped_release: Release, rules: Declared, store: Store
) -> None:
    told: list[str] = []
    there = replace(
        loading.connected(server, rules, shipped_release),
        server=replace(server, address="http://127.0.0.1:9"),
        answers={},
    )
    assert list(ahead.answers(Backend(there, rules, LIMITS, store.index), told.append)) == []
    assert [line.split()[0] for line in told] == list(ahead.ASKED)


def test_nothing_of_a_release_is_left_when_it_is_taken_away(
    server: Server, shipped_release: Release, rules: Declared, tmp_path: Path
) -> None:
    few = publish([*shipped_release.quads()][::500], [], {}, {}, tmp_path / "out")
    loader = Loader(server, rules)
    (tmp_path / "work").mkdir()
    loader.load(few, tmp_path / "work")
    assert loader.answers(few.id)
    loader.drop(few.id)
    assert loader.answers(few.id) == {}


@pytest.fixture
def proxied(server: Server, shipped_release: Release, rules: Declared, store: Store) -> Iterator[tuple[Proxy, Backend]]:
    """The same behind a proxy whose faults spoil answers."""
    if server.kind.name != "oxigraph":
        pytest.skip("faults are the same whichever server has them")
    with endpoints.proxied(server.query) as proxy:
        found = loading.connected(server, rules, shipped_release)
        there = replace(server, address=proxy.address.rstrip("/"), kind=replace(server.kind, query=""))
        backend = Backend(replace(found, server=there), rules, replace(LIMITS, seconds=5), store.index)
        yield proxy, backend
        backend.close()


def _given_up(handler: endpoints.Handler, content: bytes) -> None:
    handler.answer(200, content[:-20] + b"The SPARQL operation has been cancelled", "application/sparql-results+json")


def _capped(handler: endpoints.Handler, content: bytes) -> None:
    handler.answer(200, content, "application/sparql-results+json", X_SPARQL_MaxRows="50")


PLANLESS = "Virtuoso 37000 Error TR...: Query contains a transitive derived table but neither end of it is bound"
FAULTS: dict[str, tuple[endpoints.Fault, type[SpacekgError]]] = {
    "half a body": (endpoints.cut_in_the_middle, BackendError),
    "half a chunked body": (endpoints.cut_a_chunk, BackendError),
    "half a body as if it were whole": (endpoints.end_early, BackendError),
    "a web page": (endpoints.send_a_page, BackendError),
    "no word": (endpoints.hang_up, BackendError),
    "500": (endpoints.refuse(500), BackendError),
    "500 for a query that Virtuoso cannot plan": (endpoints.refuse(500, PLANLESS), BadQueryError),
    "404": (endpoints.refuse(404), BackendError),
    "401": (endpoints.refuse(401), BackendError),
    "429": (endpoints.refuse(429), BusyError),
    "504": (endpoints.refuse(504), DeadlineError),
    "what Virtuoso calls a partial result": (endpoints.refuse(200, X_SQL_State="S1TAT"), DeadlineError),
    "rows that end with a word about the time": (_given_up, DeadlineError),
    "a limit of rows that is reached": (_capped, AnswerTooLargeError),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_the_server_is_an_error_and_the_next_answer_is_whole(
    proxied: tuple[Proxy, Backend], store: Store, name: str
) -> None:
    proxy, backend = proxied
    fault, error = FAULTS[name]
    query = "SELECT ?s { ?s a <http://www.w3.org/2002/07/owl#Class> } LIMIT 50"
    proxy.faults.append(fault)
    with pytest.raises(error):
        backend.answer(Request(query))
    assert rows(backend, query).total() == 50


def test_a_slow_server_is_given_up_at_the_deadline(proxied: tuple[Proxy, Backend]) -> None:
    proxy, backend = proxied
    proxy.faults.append(endpoints.be_silent)
    with pytest.raises(DeadlineError, match="1 seconds"):
        backend.answer(Request("ASK {}", seconds=1))
    proxy.go_on.set()
    assert rows(backend, "ASK {}") == Counter(["True"])


def test_the_time_of_a_query_begins_when_it_had_come(proxied: tuple[Proxy, Backend]) -> None:
    _, backend = proxied
    with pytest.raises((DeadlineError, BusyError)):
        backend.answer(Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c }", seconds=5, began=time.monotonic() - 6))


def test_the_server_may_die_and_come_back(
    shipped_release: Release, rules: Declared, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    start, missing = backing.SERVERS["oxigraph"]
    if missing:
        pytest.skip(missing)
    running = start(tmp_path_factory.mktemp("mortal"))
    try:
        running.start()
        small = _small(shipped_release, tmp_path / "release")
        (tmp_path / "work").mkdir()
        Loader(running.server(rules), rules).load(small, tmp_path / "work")
        backend = Backend(loading.connected(running.server(rules), rules, small), rules, LIMITS, lambda: Index([]))
        whole = rows(backend, "SELECT ?s { ?s a ?c }")
        running.stop()
        with pytest.raises(BackendError):
            backend.answer(Request("SELECT ?s { ?s a ?c }"))
        running.start()
        assert rows(backend, "SELECT ?s { ?s a ?c }") == whole
        backend.close()
    finally:
        running.stop()


def test_what_a_server_says_when_it_closes_a_connection_at_rest_is_no_answer(
    rules: Declared, tmp_path_factory: pytest.TempPathFactory
) -> None:
    if backing.SERVERS["oxigraph"][1]:
        pytest.skip(backing.SERVERS["oxigraph"][1])
    running = backing.oxigraph(tmp_path_factory.mktemp("impatient"), 1)
    try:
        running.start()
        line = Line(running.server(rules), 1_000)
        asked = ([("query", "ASK {}")], formats.JSON.media_type)
        for pause in (0, 2):  # it sends 500 on a connection that rested for a second
            time.sleep(pause)
            assert line.ask(*asked, time.monotonic() + 20, never).status == 200
        line.close()
    finally:
        running.stop()


@pytest.mark.parametrize("name", ["fuseki", "virtuoso"])  # Oxigraph's server works on
def test_a_server_stops_soon_what_was_given_up(
    shipped_release: Release, rules: Declared, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    start, missing = backing.SERVERS[name]
    if missing:
        pytest.skip(missing)
    folder = tmp_path_factory.mktemp("busy")
    running = start(folder)
    try:
        running.start()
        small = _small(shipped_release, tmp_path / "release")
        (tmp_path / "work").mkdir()
        Loader(running.server(rules), rules).load(small, tmp_path / "work")
        backend = Backend(loading.connected(running.server(rules), rules, small), rules, LIMITS, lambda: Index([]))
        with pytest.raises(DeadlineError):
            backend.answer(Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }", seconds=1))
        fronts.wait_for(lambda: _rests(running), seconds=15)
        backend.close()
    finally:
        running.stop()


def _rests(running: Running) -> bool:
    before = running.seconds()
    time.sleep(0.5)
    return running.seconds() - before < 0.1


def test_a_login_is_neither_taken_from_an_address_nor_shown(rules: Declared) -> None:
    folder = rules.folder / "data"
    with pytest.raises(BackendError, match=kinds.USER) as refused:
        kinds.find("sparql+http://me:secret@127.0.0.1/kg", "fuseki", folder)
    assert "secret" not in str(refused.value)
    there = kinds.find("sparql+http://127.0.0.1/kg", "fuseki", folder, {kinds.USER: "me", kinds.PASSWORD: "secret"})
    assert "secret" not in repr(there)


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "sparql+ftp://host/", "sparql+http://", "sparql+http://h/?a=b"]
)
def test_what_is_no_address_of_a_store_is_told_so(rules: Declared, address: str) -> None:
    with pytest.raises(BackendError, match="sparql"):
        kinds.find(address, "oxigraph", rules.folder / "data")


def test_an_unknown_kind_is_told_the_known_ones(rules: Declared) -> None:
    with pytest.raises(BackendError, match="oxigraph, fuseki, virtuoso"):
        kinds.find("sparql+http://127.0.0.1/", "mysql", rules.folder / "data")
