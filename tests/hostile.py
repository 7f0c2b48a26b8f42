"""Requests that are meant to do harm: each took some SPARQL server down, held it for ever, or made it call another."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import quote

LONG = 60_000
"""Bytes of a query that is as long as it may be, nearly."""
DEEP = 100_000
ALLOWED_DEEP = 90
"""Fewer brackets than may be open at once, for those that hold one more."""

# What is repeated before and behind the middle of a query: name → (before, opening, middle, closing, behind).
NESTED = {
    "parentheses": ("SELECT (", "(", "1", ")", " AS ?x) {}"),
    "braces": ("ASK ", "{", "", "}", ""),
    "str": ("SELECT (", "STR(", "1", ")", " AS ?x) {}"),
    "if": ("SELECT (", "IF(true,", "1", ",2)", " AS ?x) {}"),
    "coalesce": ("SELECT (", "COALESCE(", "1", ")", " AS ?x) {}"),
    "concat": ("SELECT (", "CONCAT('a',", "'b'", ")", " AS ?x) {}"),
    "in": ("ASK { FILTER(", "1 IN (", "1", ")", ") }"),
    "exists": ("ASK {", "FILTER EXISTS {", "", "}", "}"),
    "not exists": ("ASK {", "FILTER NOT EXISTS {", "", "}", "}"),
    "optional": ("ASK {", "OPTIONAL {", "", "}", "}"),
    "minus": ("ASK {", "?s ?p ?o MINUS {", "", "}", "}"),
    "union": ("ASK {", "{} UNION {", "", "}", "}"),
    "graph": ("ASK {", "GRAPH ?g {", "", "}", "}"),
    "subselect": ("SELECT * {", "{ SELECT * {", "", "}}", "}"),
    "list": ("ASK { ?s ?p ", "(", "", ")", " }"),
    "blank node": ("ASK { ?s ?p ", "[ ?q ", "1", "]", " }"),
    "path": ("ASK { ?s ", "(", "a", ")*", " ?o }"),
    "negated path": ("ASK { ?s ", "(", "!(a|^a)", ")", " ?o }"),
    "triple term": ("ASK { ", "<<( ?s ?p ", "1", " )>>", " ?p ?o }"),
    "reified triple": ("ASK { ", "<< ?s ?p ", "1", " >>", " ?p ?o }"),
    "not": ("ASK { FILTER(", "!", "true", "", ") }"),
    "unary minus": ("ASK { FILTER(", "-", "1", "", ") }"),
}

# Name → (before, repeated, behind): flat, but long.
REPEATED = {
    "plus": ("SELECT (", "1+", "1 AS ?x) {}"),
    "times": ("SELECT (", "1*", "1 AS ?x) {}"),
    "or": ("ASK { FILTER(", "?x||", "?x) }"),
    "and": ("ASK { FILTER(", "?x&&", "?x) }"),
    "equals": ("ASK { FILTER(", "?x = ?y && ", "true) }"),
    "unions": ("ASK { {}", " UNION {}", " }"),
    "steps": ("ASK { ?s ", "a/", "a ?o }"),
    "alternatives": ("ASK { ?s ", "a|", "a ?o }"),
    "inverses": ("ASK { ?s ", "^", "a ?o }"),
    "filters": ("ASK { ", "FILTER(1<2) ", "}"),
    "binds": ("ASK { ", "BIND(1 AS ?x) ", "}"),
    "prefixes": ("", "PREFIX a: <b:> ", "ASK {}"),
    "bases": ("", "BASE <a:b> ", "ASK {}"),
    "values": ("ASK { VALUES ?x { ", "1 ", "} }"),
    "dataset clauses": ("ASK ", "FROM <a:b> ", "{}"),
    "projections": ("SELECT ", "?x ", "{}"),
    "orders": ("SELECT * { ?s ?p ?o } ORDER BY", " ?s", ""),
    "groups": ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY", " ?s", ""),
    "havings": ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o } HAVING ", "(1<2) ", ""),
    "optionals": ("SELECT * {", "OPTIONAL { ?s ?p ?o } ", "}"),
    "minuses": ("SELECT * { ?s ?p ?o ", "MINUS { ?s a ?s } ", "}"),
    "list items": ("ASK { ?s ?p (", "1 ", ") }"),
    "objects": ("ASK { ?s ?p 1", ",1", " }"),
    "comments": ("ASK ", "#\n", "{}"),
}


def patterns(number: int) -> str:
    """Patterns of which no two share a variable."""
    return " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(number))


def doubled(times: int, call: str = "CONCAT({x},{x})") -> str:
    """A text that is made of itself, again and again."""
    steps = " ".join(f"BIND({call.format(x=f'?x{n}')} AS ?x{n + 1})" for n in range(times))
    return f"BIND('aaaaaaaaaa' AS ?x0) {steps}"


CARTESIAN = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {patterns(10)} }}",
    "count distinct": f"SELECT (COUNT(DISTINCT ?a0) AS ?n) {{ {patterns(8)} }}",
    "sum": f"SELECT (SUM(STRLEN(STR(?c7))) AS ?n) {{ {patterns(8)} }}",
    "rows": f"SELECT * {{ {patterns(8)} }}",
    "limit": f"SELECT * {{ {patterns(8)} }} LIMIT 1000000000",
    "offset": f"SELECT * {{ {patterns(8)} }} OFFSET 100000000000 LIMIT 1",
    "order": f"SELECT * {{ {patterns(8)} }} ORDER BY ?a0 ?c7 LIMIT 10",
    "order by rand": f"SELECT * {{ {patterns(8)} }} ORDER BY RAND() LIMIT 1",
    "distinct": f"SELECT DISTINCT * {{ {patterns(6)} }}",
    "reduced": f"SELECT REDUCED * {{ {patterns(6)} }}",
    "groups": f"SELECT ?a0 ?b1 ?c2 (COUNT(*) AS ?n) {{ {patterns(8)} }} GROUP BY ?a0 ?b1 ?c2",
    "concat": f"SELECT (GROUP_CONCAT(?a0) AS ?x) {{ {patterns(8)} }}",
    "sample": f"SELECT (SAMPLE(?a0) AS ?x) {{ {patterns(8)} }} GROUP BY ?c7",
    "ask": f"ASK {{ {patterns(8)} FILTER(?a0 = <x:y>) }}",
    "construct": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} WHERE {{ {patterns(8)} }}",
    "describe": f"DESCRIBE ?a0 {{ {patterns(8)} }}",
    "minus": f"SELECT * {{ {patterns(6)} MINUS {{ {patterns(5)} FILTER(?a0 != ?a0) }} }}",
    "exists": f"ASK {{ {patterns(4)} FILTER NOT EXISTS {{ {patterns(6)} }} FILTER(?a0 = <x:y>) }}",
    "optional": f"ASK {{ {' '.join(f'OPTIONAL {{ ?a{n} ?b{n} ?c{n} }}' for n in range(9))} FILTER(?a0 = <x:y>) }}",
    "graphs": f"ASK {{ {' '.join(f'GRAPH ?g{n} {{ ?a{n} ?b{n} ?c{n} }}' for n in range(9))} FILTER(?a0 = <x:y>) }}",
    "unions": "ASK { " + "{ ?a ?b ?c } UNION { ?d ?e ?f } " * 12 + " FILTER(?a = <x:y>) }",
    "subselects": "ASK { "
    + " ".join(f"{{ SELECT * {{ ?a{n} ?b{n} ?c{n} }} }}" for n in range(9))
    + " FILTER(?a0 = <x:y>) }",
    "values": "SELECT * { " + " ".join(f"VALUES ?v{n} {{ {'1 ' * 90} }}" for n in range(9)) + " } ORDER BY ?v0",
    "filter late": f"SELECT * {{ {patterns(8)} FILTER(STRLEN(CONCAT(STR(?a0), STR(?c7))) < 0) }}",
}
PATHS = {
    "both ends free": "SELECT (COUNT(*) AS ?n) { ?a (!<u:x>)* ?b . ?c (!<u:x>)* ?d . ?e (!<u:x>)* ?f }",
    "plus": "SELECT (COUNT(*) AS ?n) { ?a (!<u:x>)+ ?b . ?c (!<u:x>)+ ?d . ?e (!<u:x>)+ ?f . ?g ?h ?i }",
    "star of star": f"ASK {{ ?a {'(' * 40}!<u:x>{')*' * 40} ?b . {patterns(5)} FILTER(?a = <x:y>) }}",
    "both ways": f"SELECT (COUNT(*) AS ?n) {{ ?a (!<u:x>|^!<u:x>)* ?b . {patterns(5)} }}",
    "chain": "ASK { ?a " + "/".join(["(!<u:x>|^!<u:x>)*"] * 60) + " ?b . FILTER(?a = <x:y>) }",
    "optional steps": f"ASK {{ ?a {'/'.join(['(!<u:x>)?'] * 60)} ?b . {patterns(4)} FILTER(?a = <x:y>) }}",
    "order": f"SELECT * {{ ?a (!<u:x>)* ?b . ?c (!<u:x>)* ?d . {patterns(3)} }} ORDER BY ?d",
    "in exists": f"ASK {{ {patterns(4)} FILTER NOT EXISTS {{ ?a0 (!<u:x>)* ?c3 . ?c3 (!<u:x>)* ?z }} "
    "FILTER(?a0 = <x:y>) }",
    "in graphs": "SELECT (COUNT(*) AS ?n) { "
    + " ".join(f"GRAPH ?g{n} {{ ?a{n} (!<u:x>)* ?b{n} }}" for n in range(6))
    + " }",
}
TRIPLED = doubled(20, "REPLACE({x},'','aaa')")
ENCODED = doubled(26, "ENCODE_FOR_URI(CONCAT({x},'é'))")
MEMORY = {
    "concat": f"SELECT (STRLEN(?x29) AS ?n) {{ {doubled(29)} }}",
    "concat answer": f"SELECT ?x20 {{ {doubled(20)} }}",
    "replace": "SELECT (" + "REPLACE(" * 9 + "'aaaaaaaaaa'" + ",'a','aaaaaaaaaa')" * 9 + " AS ?x) {}",
    "replace empty": f"SELECT (STRLEN(?x20) AS ?n) {{ {TRIPLED} }}",
    "encode": f"SELECT (STRLEN(?x26) AS ?n) {{ {ENCODED} }}",
    "ucase": f"SELECT (STRLEN(?x28) AS ?n) {{ {doubled(28, 'UCASE(CONCAT({x},{x}))')} }}",
    "hash": f"SELECT (SHA512(?x28) AS ?n) {{ {doubled(28)} }}",
    "iri": f"SELECT (IRI(CONCAT('a:', ?x28)) AS ?n) {{ {doubled(28)} }}",
    "language": f"SELECT (STRLANG(?x28, 'en') AS ?n) {{ {doubled(28)} }}",
    "many": "SELECT * { " + " ".join(f"BIND('{'a' * 500}' AS ?v{n})" for n in range(90)) + f" {patterns(6)} }}",
    "group concat": f"SELECT (STRLEN(GROUP_CONCAT(?t)) AS ?n) {{ {patterns(6)} BIND('{'a' * 10_000}' AS ?t) }}",
    "order of long": f"SELECT ?t {{ {patterns(6)} BIND(CONCAT(STR(?a0), '{'a' * 10_000}') AS ?t) }} ORDER BY ?t",
    "distinct of long": f"SELECT DISTINCT ?t {{ {patterns(6)} BIND(CONCAT(STR(?a5), '{'a' * 9_000}') AS ?t) }}",
    "construct": f"CONSTRUCT {{ ?a0 <a:b> ?t }} WHERE {{ {patterns(6)} "
    f"BIND(CONCAT(STR(?c5), '{'a' * 9_000}') AS ?t) }}",
    "triple terms": "SELECT ?t5 { BIND(<<( <a:a> <a:a> 1 )>> AS ?t0) "
    + " ".join(f"BIND(TRIPLE(<a:a>, <a:a>, ?t{n}) AS ?t{n + 1})" for n in range(5))
    + f" {patterns(7)} }} ORDER BY ?t5",
}
EXPRESSIONS = [
    "^(a+)+$",
    "^(a|aa)+$",
    "(.*a){20}",
    "^(a*)*b",
    "(x+x+)+y",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(a{1000}){1000}",
    "(((a{100}){100}){100}){100}",
    "[a-z]{1,99999}",
    "(?:a?){500}a{500}",
    "\\\\p{L}{5000}",
    "(",
    "[",
    "*",
    "a{99999999999}",
    "(?<=a+)b",
    "(a)\\\\1",
    "(?i)" + "k" * 9_000,
    "|" * 9_000,
    "." * 20_000,
]
PLANNER = {
    "list": "ASK { ?s ?p (" + "1 " * 700 + ") }",
    "list of lists": "ASK { ?s ?p " + "(" * 90 + "1 " * 90 + ")" * 90 + " }",
    "patterns": f"ASK {{ {patterns(900)} }}",
    "joined patterns": "ASK { " + " ".join(f"?v{n} ?p{n} ?v{n + 1} ." for n in range(900)) + " }",
    "star": "ASK { ?s " + " ; ".join(f"?p{n} ?o{n}" for n in range(900)) + " }",
    "clique": "ASK { " + " ".join(f"?v{n} ?p ?v{m} ." for n in range(30) for m in range(30)) + " }",
    "steps": "ASK { ?s " + "/".join(["a"] * 1_500) + " ?o }",
    "steps both ways": "ASK { ?s " + "/".join(["^a", "a"] * 700) + " ?o }",
    "alternatives": "ASK { ?s " + "|".join(f"<a:{n}>" for n in range(1_500)) + " ?o }",
    "negated": "ASK { ?s !(" + "|".join(f"<a:{n}>" for n in range(1_500)) + ") ?o }",
    "optionals": "ASK { " + " ".join(f"OPTIONAL {{ ?s{n} ?p ?s{n + 1} }}" for n in range(500)) + " }",
    "unions": "ASK { " + " UNION ".join(f"{{ ?s{n} ?p ?o }}" for n in range(900)) + " }",
    "in list": "ASK { ?s ?p ?o FILTER(?o IN (" + ",".join(map(str, range(9_000))) + ")) }",
    "not in list": f"ASK {{ {patterns(6)} FILTER(?a0 NOT IN (" + ",".join(f"<a:{n}>" for n in range(5_000)) + ")) }",
}
ODD = {
    "nothing": "",
    "a space": " ",
    "a zero": "\0",
    "zeros": "\0" * 9_000,
    "only dots": "." * LONG,
    "only quotes": '"' * 60_001,
    "only openings": "<" * LONG,
    "only backslashes": "\\" * LONG,
    "only question marks": "?" * LONG,
    "only hashes": "#" * LONG,
    "only colons": ":" * LONG,
    "only at": "@" * LONG,
    "only digits": "9" * LONG,
    "only letters": "a" * LONG,
    "only accents": "e" + "\u0301" * 20_000,
    "turned round": "\u202eASK {}",
    "no break": "ASK\u00a0{}",
    "a bom": "\ufeffASK {}",
    "surrogates in escapes": "ASK { ?s ?p '\\uD800' }",
    "too high an escape": "ASK { ?s ?p '\\UFFFFFFFF' }",
    "an endless string": "ASK { ?s ?p '" + "a" * 50_000,
    "an endless iri": "ASK { ?s ?p <" + "a" * 50_000,
    "an endless long string": 'ASK { ?s ?p """' + '\\"""' * 10_000,
    "a huge number": "SELECT (" + "9" * 50_000 + " * 2 AS ?x) {}",
    "a huge exponent": "SELECT (1e99999999999 AS ?x) {}",
    "division by zero": "SELECT (1/0 AS ?x) {}",
    "a huge offset": "SELECT * { ?s ?p ?o } OFFSET 99999999999999999999999",
    "a negative limit": "SELECT * {} LIMIT -1",
    "unknown function": "SELECT (<http://example.org/f>(1) AS ?x) {}",
    "a class of java": "SELECT (<java:java.lang.Runtime>(1) AS ?x) {}",
    "script function": "PREFIX js: <http://jena.apache.org/ARQ/jsFunction#> SELECT (js:f(1) AS ?x) {}",
    "a wide date": "PREFIX x: <http://www.w3.org/2001/XMLSchema#> "
    "SELECT ('9999999999999-01-01T00:00:00Z'^^x:dateTime + 'P9999999999Y'^^x:duration AS ?x) {}",
    "a wide substring": "SELECT (SUBSTR('abc', -9223372036854775808, 9223372036854775807) AS ?x) {}",
    "a wide rounding": "SELECT (ROUND(1e308 * 10) AS ?x) (ABS(-9223372036854775808) AS ?y) {}",
    "many of one variable": "SELECT " + "?x " * 9_000 + "{ ?x ?x ?x }",
    "a clash": "SELECT (1 AS ?x) (2 AS ?x) { BIND(3 AS ?x) }",
}

_CALLS = [
    "ASK {{ SERVICE <{there}> {{}} }}",
    "ASK {{ service<{there}>{{}} }}",
    "ASK {{ SERVICESILENT<{there}>{{}} }}",
    "ASK {{ SERVICE SILENT <{there}> {{ ?s ?p ?o }} }}",
    "ASK {{ FILTER(1<2)SERVICE#>\n<{there}>{{}} }}",
    "ASK {{ FILTER(1<2)SERVICE<{there}>{{}} }}",
    "ASK {{ ?s ?p ?o.SERVICE<{there}>{{}} }}",
    "SELECT * {{ OPTIONAL {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{there}> {{ ?s ?p ?o }} }} }} }}",
    "ASK {{ FILTER EXISTS {{ SERVICE <{there}> {{}} }} }}",
    "ASK {{ FILTER NOT EXISTS {{ SERVICE <{there}> {{}} }} }}",
    "ASK {{ ?s ?p ?o MINUS {{ SERVICE <{there}> {{}} }} }}",
    "ASK {{ {{}} UNION {{ SERVICE <{there}> {{}} }} }}",
    "ASK {{ GRAPH ?g {{ SERVICE <{there}> {{}} }} }}",
    "SELECT * {{ VALUES ?g {{ <{there}> }} SERVICE ?g {{}} }}",
    "SELECT * {{ BIND(<{there}> AS ?g) SERVICE ?g {{}} }}",
    "PREFIX : <{there}> ASK {{ SERVICE:x{{}} }}",
    "PREFIX : <{there}> PREFIX SERVICE: <a:> ASK {{ SERVICE:x{{}} }}",
    "PREFIX : <{there}> ASK {{ ?s ?p trueSERVICE:x {{}} }}",
    "BASE <{there}> ASK {{ SERVICE <x> {{}} }}",
    "ASK {{ ?s ?p 1SERVICE<{there}>{{}} }}",
    "ASK {{ ?s ?p 1.5e3SERVICE<{there}>{{}} }}",
    "ASK {{ ?s ?p 'a'SERVICE<{there}>{{}} }}",
    "ASK {{ VALUES ?x {{ '''a''''b' }} SERVICE<{there}>{{ ?s ?p 'c' }} }}",
    "ASK {{ ?s ?p '\\'' . SERVICE<{there}>{{ ?s ?p '\\'' }} }}",
    "ASK {{ # '\n SERVICE<{there}>{{ ?s ?p 'c' }} }}",
    "ASK {{ # <\r SERVICE<{there}>{{ ?s ?p 'c' }} }}",
    "ASK {{ SERVICE\t<{there}>\n{{}} }}",
    "ASK {{ SERVICE#\n<{there}>{{}} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "ASK {{ \\u0053ERVICE <{there}> {{}} }}",
    "ASK {{ ＳＥＲＶＩＣＥ <{there}> {{}} }}",
    "ASK {{ ſervice <{there}> {{}} }}",
    "SELECT * FROM <{there}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{there}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * FROM <{there}a> FROM <{there}b> {{ ?s ?p ?o }}",
    "PREFIX : <{there}> SELECT * FROM :x {{ ?s ?p ?o }}",
    "SELECT * {{ GRAPH <{there}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{there}>",
    "ASK {{ <{there}> ?p ?o }}",
    "LOAD <{there}>",
    "LOAD SILENT <{there}> INTO GRAPH <a:b>",
    "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{there}> {{ ?s ?p ?o }} }}",
    "ASK {{}} ; LOAD <{there}>",
    "PREFIX a: <{there}> LOAD a:x",
    "SELECT * FROM <file:///etc/hostname> {{ ?s ?p ?o }}",
    "SELECT * FROM </etc/hostname> {{ ?s ?p ?o }}",
    "SELECT (<{there}>(1) AS ?x) {{}}",
]


def calls(there: str) -> dict[str, str]:
    """Queries that would have the server call somewhere else."""
    return {f"call {number}": query.format(there=there) for number, query in enumerate(_CALLS)}


def _deep() -> Iterator[tuple[str, str]]:
    for name, (before, opening, middle, closing, behind) in NESTED.items():
        fitting = (LONG - len(before) - len(behind)) // max(1, len(opening) + len(closing))
        for depth in (DEEP, fitting, ALLOWED_DEEP // max(1, len(closing))):
            yield f"{name} {depth}", before + opening * depth + middle + closing * depth + behind


def _flat() -> Iterator[tuple[str, str]]:
    for name, (before, again, behind) in REPEATED.items():
        yield f"many {name}", before + again * ((LONG - len(before) - len(behind)) // len(again)) + behind


def _expressions() -> Iterator[tuple[str, str]]:
    text = "a" * 5_000 + "!"
    for number, expression in enumerate(EXPRESSIONS):
        yield f"regex {number}", f"ASK {{ {patterns(2)} FILTER(REGEX('{text}', '{expression}')) }}"
        yield f"replace {number}", f"SELECT (REPLACE('{text}', '{expression}', '$0$0') AS ?x) {{}}"


def _noise() -> Iterator[tuple[str, str]]:
    pieces = [
        "SELECT",
        "{",
        "}",
        "(",
        ")",
        "?x",
        "<a:b>",
        "'",
        '"""',
        ".",
        ";",
        "*",
        "FILTER",
        "UNION",
        "1e9",
        "\\",
        "#",
        "^^",
        "@en",
        "\n",
        "𐀀",
    ]
    for seed in range(25):
        chance = random.Random(seed)
        yield f"noise {seed}", " ".join(chance.choices(pieces, k=chance.randint(5, 3_000)))


def queries() -> dict[str, str]:
    """Every hostile query by its name."""
    named = {"cartesian": CARTESIAN, "path": PATHS, "memory": MEMORY, "planner": PLANNER, "odd": ODD}
    found = {f"{kind} {name}": query for kind, group in named.items() for name, query in group.items()}
    return found | dict(_deep()) | dict(_flat()) | dict(_expressions()) | dict(_noise())


_HEAD = b" HTTP/1.1\r\nHost: x\r\n"
_DIRECT = b"Content-Type: application/sparql-query\r\n"


def _sent(body: bytes, headers: bytes = _DIRECT) -> bytes:
    return b"POST /sparql" + _HEAD + headers + b"Content-Length: %d\r\n\r\n" % len(body) + body


BROKEN_TEXT = [
    b"\xff",
    b"\xc0\xaf",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xe2\x82",
    b"\x80",
    b"\xfe\xff\0A\0S\0K",
    b"\xc3(",
    b"\xf8\x88\x80\x80\x80",
]

# Requests as bytes: name → (what is sent, the first figure or figures of the only status that is right).
RAW: dict[str, tuple[bytes, bytes]] = {
    **{f"broken text {n} in the body": (_sent(b"ASK { # " + text), b"400") for n, text in enumerate(BROKEN_TEXT)},
    **{
        f"broken text {n} in the address": (b"GET /sparql?query=ASK" + quote(text).encode() + _HEAD + b"\r\n", b"400")
        for n, text in enumerate(BROKEN_TEXT)
    },
    **{
        f"broken text {n} in a form": (
            _sent(b"query=" + text, b"Content-Type: application/x-www-form-urlencoded\r\n"),
            b"400",
        )
        for n, text in enumerate(BROKEN_TEXT)
    },
    "3 MB": (_sent(b"ASK {} #" + b"x" * 3_000_000), b"413"),
    "10 MB": (_sent(b"ASK {} #" + b"x" * 10_000_000), b"413"),
    "10 MB promised": (b"POST /sparql" + _HEAD + _DIRECT + b"Content-Length: 10000000\r\n\r\n", b"413"),
    "10 TB promised": (b"POST /sparql" + _HEAD + _DIRECT + b"Content-Length: 10000000000000\r\n\r\n", b"413"),
    "10 MB in chunks": (
        b"POST /sparql"
        + _HEAD
        + _DIRECT
        + b"Transfer-Encoding: chunked\r\n\r\n"
        + (b"10000\r\n" + b"x" * 65_536 + b"\r\n") * 160
        + b"0\r\n\r\n",
        b"413",
    ),
    "1.5 MB": (_sent(b"ASK {} #" + b"x" * 1_500_000), b"413"),
    "a bad chunk": (
        b"POST /sparql" + _HEAD + _DIRECT + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nASK {}\r\n0\r\n\r\n",
        b"400",
    ),
    "packed": (_sent(b"\x1f\x8b" + b"\0" * 100, _DIRECT + b"Content-Encoding: gzip\r\n"), b"415"),
    "multipart": (_sent(b"--x\r\n" * 9_000, b"Content-Type: multipart/form-data; boundary=x\r\n"), b"415"),
    "many fields": (_sent(b"a=b&" * 200_000, b"Content-Type: application/x-www-form-urlencoded\r\n"), b"400"),
    "a long address": (b"GET /sparql?query=" + b"a" * 400_000 + _HEAD + b"\r\n", b"431"),
    "a long header": (b"GET /sparql" + _HEAD + b"Accept: " + b"a" * 400_000 + b"\r\n\r\n", b"431"),
    "many headers": (b"GET /sparql" + _HEAD + b"X: y\r\n" * 60_000 + b"\r\n", b"431"),
    "many media types": (
        b"GET /sparql?query=ASK{}" + _HEAD + b"Accept: " + b"a/b;q=0.1," * 20_000 + b"*/*\r\n\r\n",
        b"2",
    ),
    "a line in the address": (b"GET /sparql?query=ASK{}%0d%0aX:%20y" + _HEAD + b"\r\n", b"400"),
    "a line in a path": (b"GET /page/x%0d%0aX:%20y" + _HEAD + b"\r\n", b"404"),
    "a line in the format": (b"GET /sparql?query=ASK{}&format=json%0d%0aX:%20y" + _HEAD + b"\r\n", b"2"),
    "a line in the id": (b"GET /health" + _HEAD + b"X-Request-Id: aaaaaaaa\x0bX: y\r\n\r\n", b"400"),
    "a bare line feed": (b"GET /health" + _HEAD + b"A: b\nX: y\r\n\r\n", b"400"),
    "a folded header": (b"GET /health" + _HEAD + b"A: b\r\n X: y\r\n\r\n", b"2"),
    "two lengths": (
        b"POST /sparql" + _HEAD + _DIRECT + b"Content-Length: 6\r\nContent-Length: 60\r\n\r\nASK {}",
        b"400",
    ),
    "length and chunks": (
        b"POST /sparql" + _HEAD + _DIRECT + b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"400",
    ),
    "a negative length": (b"POST /sparql" + _HEAD + b"Content-Length: -1\r\n\r\n", b"400"),
    "a length in words": (b"POST /sparql" + _HEAD + b"Content-Length: six\r\n\r\n", b"400"),
    "an unknown encoding": (b"POST /sparql" + _HEAD + b"Transfer-Encoding: x\r\n\r\n", b"501"),
    "bytes in a header": (b"GET /sparql" + _HEAD + b"Accept: \xff\x00\r\n\r\n", b"4"),
    "a zero in a path": (b"GET /page/%00" + _HEAD + b"\r\n", b"404"),
    "a way up": (b"GET /../../../../etc/hostname" + _HEAD + b"\r\n", b"404"),
    "a hidden way up": (b"GET /static/%2e%2e/%2e%2e/%2e%2e/etc/hostname" + _HEAD + b"\r\n", b"404"),
    "another site": (b"GET http://evil.example/sparql?query=ASK{}" + _HEAD + b"\r\n", b""),
    "a double slash": (b"GET //evil.example/" + _HEAD + b"\r\n", b"404"),
    "a tunnel": (b"CONNECT 127.0.0.1:22 HTTP/1.1\r\n\r\n", b"40"),
    "another protocol": (b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400"),
    "http 2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"4"),
    "http 0.9": (b"GET /\r\n\r\n", b""),
    "a hostile host": (b'GET /sparql HTTP/1.1\r\nHost: a"><script>\r\nAccept: text/turtle\r\n\r\n', b""),
    "a hostile range": (b"GET /health" + _HEAD + b"Range: bytes=" + b"0-1," * 9_000 + b"2-3\r\n\r\n", b"2"),
    "a hostile etag": (b"GET /sparql?query=ASK{}" + _HEAD + b"If-None-Match: " + b'"a",' * 9_000 + b"x\r\n\r\n", b"2"),
    "a hostile language": (
        b"GET /page/nasa" + _HEAD + b"Accept-Language: " + b"en;q=0.1," * 9_000 + b"de\r\n\r\n",
        b"",
    ),
}
