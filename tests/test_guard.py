"""What may run at all: no SERVICE in any spelling, no updates, nothing too large; and all else untouched."""

from __future__ import annotations

import contextlib
import time

import pyoxigraph
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacekg import guard
from spacekg.answers import ForbiddenQueryError, Limits, QuerySyntaxError, QueryTooLargeError

LIMITS = Limits()
THERE = "<http://127.0.0.1:1/>"
PREFIX = "PREFIX : <http://127.0.0.1:1/> "

# Each of these reaches the network in pyoxigraph, or would with a colder reading of the grammar.
SERVICES = [
    f"ASK {{ SERVICE {THERE} {{}} }}",
    f"ASK {{ service{THERE}{{}} }}",
    f"ASK {{ SeRvIcE SILENT {THERE} {{}} }}",
    f"ASK {{ SERVICESILENT{THERE}{{}} }}",
    f"ASK {{ FILTER(1<2)SERVICE#>\n{THERE}{{}} }}",
    f"ASK {{ FILTER(1<2)SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p trueSERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p 1SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p 1.5e3SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p 'a'SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p true.SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p ?o.SERVICE{THERE}{{}} }}",
    f'ASK {{ VALUES ?x {{ """a""""b" }} SERVICE{THERE}{{ ?s ?p "c" }} }}',
    f"ASK {{ VALUES ?x {{ '''a''''b' }} SERVICE{THERE}{{ ?s ?p 'c' }} }}",
    f"ASK {{ ?s ?p '\\'' . SERVICE{THERE}{{ ?s ?p '\\'' }} }}",
    f"ASK {{ # '\n SERVICE{THERE}{{ ?s ?p 'c' }} }}",
    f"ASK {{ # <\r SERVICE{THERE}{{ ?s ?p 'c' }} }}",
    f"ASK {{ FILTER EXISTS {{ SERVICE{THERE}{{}} }} }}",
    f"ASK {{ {{ SELECT * {{ SERVICE{THERE}{{}} }} }} }}",
    f"ASK {{ SERVICE ?where {{}} VALUES ?where {{ {THERE} }} }}",
    f"{PREFIX}ASK {{ SERVICE:x{{}} }}",
    f"{PREFIX}ASK {{ ?s ?p trueSERVICE:x{{}} }}",
    f"{PREFIX}PREFIX SERVICE: <http://elsewhere/> ASK {{ SERVICE:x{{}} }}",
    f"PREFIX ex: <http://elsewhere/> ASK {{ ?s ?p ex:a.SERVICE{THERE}{{}} }}",
    f"ASK {{ ?s ?p _:a.SERVICE{THERE}{{}} }}",
    "BASE <http://127.0.0.1:1/> DESCRIBE ?s { ?s ?p ?o SERVICE<x>{} }",
]

HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p """a " SERVICE <http://x/> {} " b""" }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://x/> {}",
    "SELECT * { ?service ?p $SERVICE }",
    "SELECT * { <http://example.org/service/a#service> ?p ?o }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service ex:my-service }",
    "SELECT * { ?s ?p ?o FILTER(?s<?o&&?o>?p) }",
    "SELECT * { ?s ?p 'a'@en-GB, 1.5e3, true . }",
    "SELECT * { VALUES ?x { '' \"\" '''a'b''c''' \"\"\"\\\"\"\"\" } }",
]

UPDATES = ["INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH"]


@given(st.text("SERVICe1.,;@\\~%# \n<>:?", max_size=12))
def test_what_long_lists_are_made_of_hides_nothing(text: str) -> None:
    """The guard leaps over numbers and commas, and refuses what it would refuse if it read them one by one."""
    query = f"ASK {{ ?s ?p {text}SERVICE{THERE}{{}} }}"
    words = {token.word for token in guard.cut(query)}
    if any("SERVICE" in word for word in words):
        with pytest.raises(ForbiddenQueryError):
            guard.scan(query, LIMITS)


@pytest.mark.parametrize("query", SERVICES)
def test_service_is_refused_however_it_is_spelled(query: str) -> None:
    with pytest.raises(ForbiddenQueryError, match="SERVICE"):
        guard.scan(query, LIMITS)


@pytest.mark.parametrize("query", HARMLESS)
def test_the_word_elsewhere_is_no_service(query: str) -> None:
    assert guard.scan(query, LIMITS).form == "SELECT"
    pyoxigraph.Store().query(query)


@pytest.mark.parametrize("word", UPDATES)
def test_updates_are_refused_by_name(word: str) -> None:
    with pytest.raises(ForbiddenQueryError, match=word):
        guard.scan(f"# SELECT\nPREFIX select: <http://x/> {word.lower()} DATA {{}}", LIMITS)


@given(st.text(alphabet="\"'\\\n<># SERVICE{}?a.:_1@-^", max_size=40))
def test_whatever_surrounds_it_a_service_that_pyoxigraph_would_call_is_refused(text: str) -> None:
    query = f"ASK {{ {text} SERVICE<http://127.0.0.1:1/>{{}} }}"
    try:
        bool(pyoxigraph.Store().query(query))
    except SyntaxError:
        return
    except OSError as error:
        assert "not allowed" in str(error)
        with pytest.raises(ForbiddenQueryError):
            guard.scan(query, LIMITS)


@pytest.mark.parametrize("opening", ["(", "{", "[", "({["])
def test_depth_is_limited(opening: str) -> None:
    guard.scan("ASK" + opening * (LIMITS.depth // len(opening)), LIMITS)
    with pytest.raises(QueryTooLargeError, match="nests"):
        guard.scan("ASK" + opening * (LIMITS.depth + 1), LIMITS)


@pytest.mark.parametrize("step", ["!", "1+", "/", "UNION{}", "OPTIONAL{}", "FILTER NOT EXISTS{}", "a-", "^"])
def test_operators_are_limited(step: str) -> None:
    guard.scan(f"ASK {step * 200}", LIMITS)
    with pytest.raises(QueryTooLargeError, match="operators"):
        guard.scan(f"ASK {step * 2_001}", LIMITS)


def test_length_is_limited_in_bytes() -> None:
    guard.scan("#" + "é" * 32_000, LIMITS)
    with pytest.raises(QueryTooLargeError, match="65,5"):
        guard.scan("#" + "é" * 32_768, LIMITS)


def test_half_a_character_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="surrogate"):
        guard.scan("ASK { ?s ?p '\ud800' }", LIMITS)


def test_a_string_without_end_is_found_where_it_begins() -> None:
    with pytest.raises(QuerySyntaxError, match="line 2, column 8") as raised:
        guard.scan("ASK {\n ?s ?p 'abc }", LIMITS)
    assert (raised.value.line, raised.value.column) == (2, 8)


@pytest.mark.parametrize(
    "piece",
    ["a.", "a-", ".", "1.", "1e", "<a", "<\\u0041", '"""\\', '"""a""\\', "'''", "?", ":", "@a-", "%2", "_:", "é·"],
)
def test_the_lexer_reads_every_character_once(piece: str) -> None:
    query = piece * (LIMITS.query_bytes // len(piece.encode()))
    began = time.process_time()
    with contextlib.suppress(QuerySyntaxError, QueryTooLargeError):
        guard.scan(query, LIMITS)
    assert time.process_time() - began < 2


@given(st.text())
def test_any_text_is_scanned_or_refused(text: str) -> None:
    with contextlib.suppress(ForbiddenQueryError, QuerySyntaxError, QueryTooLargeError):
        guard.scan(text, LIMITS)


PIECES = [
    "SELECT", "ask", "Construct", "DESCRIBE", "WHERE", "insert", "NOW", "rand", "UNION", "IN", "{", "}", "(", ")", "[",
    "]", "?x", "$y", "?", "<a>", "<a", "<", ">", "'a'", '"b"', "'''c'''", '"""', "'", '"', "#", "\n", "a:b", "a:b.c",
    ":", "_:c", "_:", "_d", "@en", "@", "@1", "1.5e3", "1", "e", ".", "·", "true.", "a-b", "\\", "%2F", "^^", "||", "!",
    "é", "٣", ";", ",", " ",
]  # fmt: skip


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_a_short_query_is_told_by_its_words_what_it_is_told_piece_by_piece(query: str) -> None:
    """With more characters than it may have operators, be they spaces, it is read piece by piece."""

    def told(query: str) -> object:
        try:
            return guard.scan(query, LIMITS)
        except (ForbiddenQueryError, QuerySyntaxError, QueryTooLargeError) as error:
            return type(error), error.args

    assert told(query) == told(query + " " * LIMITS.operators)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# ASK\nBASE <http://x/>PREFIX ask:<y>construct{}where{}", "CONSTRUCT"),
        ("describe<http://x/>", "DESCRIBE"),
        ("Ask{}", "ASK"),
        ("", ""),
        ("SELEC * {}", ""),
    ],
)
def test_the_form_is_the_first_word_behind_the_prologue(query: str, form: str) -> None:
    scan = guard.scan(query, LIMITS)
    assert scan.form == form
    assert scan.makes_graph == (form in ("CONSTRUCT", "DESCRIBE"))


def test_the_dataset_is_read_from_the_query() -> None:
    scan = guard.scan(
        "BASE <http://b/> PREFIX g: <http://g/> SELECT * FROM g:a\\-b FROM NAMED <c> FROM <http://d/> { ?s ?p ?o }",
        LIMITS,
    )
    assert scan.default_graphs == ("http://g/a-b", "http://d/")
    assert scan.named_graphs == ("http://b/c",)


@pytest.mark.parametrize(
    ("query", "behind"),
    [
        ("SELECT * {X}", "{"),
        ("CONSTRUCT { ?s ?p '{' } WHERE {X}", "WHERE {"),
        ("CONSTRUCT { ?s ?p [ ?q {} ] } {X}", "} {"),
        ("CONSTRUCT WHERE {X}", "WHERE {"),
        ("DESCRIBE <a>", ""),
    ],
)
def test_the_pattern_is_found(query: str, behind: str) -> None:
    body = guard.scan(query, LIMITS).body
    assert query[:body].endswith(behind)
    assert query[body : body + 1] == ("X" if behind else "D")


def test_chance_and_the_clock_make_a_query_unrepeatable() -> None:
    assert guard.scan("SELECT ?now { ?now ?p 'NOW()' }", LIMITS).repeatable
    assert not guard.scan("SELECT (now() AS ?a) {}", LIMITS).repeatable
    assert not guard.scan("SELECT * {} ORDER BY RAND()", LIMITS).repeatable


@pytest.mark.parametrize("name", ["a:b", "a:b.c", "a:b\\.", "a:b.c\\..d", "a:"])
def test_a_full_stop_behind_a_name_is_none_of_it(name: str) -> None:
    tokens = [(token.kind, token.text, token.start) for token in guard.cut(f"{name}..")]
    assert tokens == [("name", name, 0), ("other", ".", len(name)), ("other", ".", len(name) + 1)]


def test_an_iri_is_whole_where_nothing_could_make_another_of_it() -> None:
    prologue = "BASE <http://b/> PREFIX a: <http://a/n#> PREFIX r: <r#>"
    names = guard.Names(list(guard.cut(prologue)))
    told = {
        "a:x": "http://a/n#x",
        "r:x": "http://b/r#x",
        "<x>": "http://b/x",
        "<urn:x>": "urn:x",
        "a:x\\-y": "http://a/n#x-y",
    }
    for text, iri in told.items():
        assert names.iri(next(guard.cut(text))) == names.whole(next(guard.cut(text))) == iri
    for text in ("<http://a/../x>", "<http://a/\\u0041>", "c:x"):
        assert names.whole(next(guard.cut(text))) is None
    assert guard.Names([]).whole(next(guard.cut("<x>"))) is None
