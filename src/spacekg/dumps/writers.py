"""writers   sorted quads → bytes of each RDF format, a piece after the other, in memory that does not grow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from spacekg import formats
from spacekg.dumps.lines import Row, bare, united
from spacekg.formats import GraphFormat, InexpressibleError

PIECE = 10_000
"""How many statements are put into one piece."""
REMEMBERED = 50_000
"""How many names are remembered before all are forgotten, so that memory is bounded."""
TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

QUOTE, CLOSED, OPENED, BLANK = b'"><_'
"""The first byte of a literal, the last of one with a type, the first of an IRI and of a blank node."""

_PARTS = re.compile(rb"<(.*[#/])([A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)>", re.DOTALL)
_ELEMENT = re.compile(rb"<(.*?)([A-Za-z_][A-Za-z0-9._-]*)>", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_SAFE = bytes(byte for byte in range(32, 256) if byte not in b'&<>"\xef')
"""What stands in XML as it is; 0xEF may begin one of two characters that XML has not."""
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Lines = Iterable[bytes]
Graphs = Sequence[tuple[bytes, Callable[[], Lines]]]
"""The named graphs of a part in order, each with what gives its lines."""


class Memo(dict[bytes, bytes]):
    """What a function makes of terms, remembered until they are too many; a look-up costs no call."""

    def __init__(self, make: Callable[[bytes], bytes]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, term: bytes) -> bytes:
        if len(self) >= REMEMBERED:
            self.clear()
        self[term] = made = self._make(term)
        return made


class Names:
    """Shortens IRIs by prefixes: `short[term]` is an IRI with its prefix where one fits, and else what it was."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        self.prefixes = prefixes
        self.short = Memo(self._shortened)
        self._spaces = {space.encode(): prefix.encode() for prefix, space in sorted(prefixes.items())}

    def _shortened(self, term: bytes) -> bytes:
        parts = _PARTS.fullmatch(term)
        prefix = self._spaces.get(parts[1]) if parts else None
        return prefix + b":" + parts[2] if parts and prefix is not None else term


def write(format: GraphFormat, lines: Lines, graphs: Graphs, names: Names, about: Sequence[str]) -> Iterator[bytes]:
    """Write a part in a format, with what is to be said about it as a comment where the format has comments.

    `lines` are the quads of the part, sorted; they are used by all formats but TriG, which takes graph by graph.

    Raises:
        InexpressibleError: the format has no triple terms or directions of text, and there are some, or a text has
            control characters that XML forbids, or no element can be called as a property is.
    """
    said = "".join(f"# {line}\n" for line in about).encode()
    if format is formats.N_QUADS:
        return _pieces(lines, said)
    if format is formats.N_TRIPLES:
        return _pieces((triple + b" .\n" for triple in bare(lines)), said)
    if format is formats.TURTLE:
        return _pieces(_turtle(united(lines), names), said + _declared(names))
    if format is formats.TRIG:
        return _pieces(_trig(graphs, names), said + _declared(names))
    if format is formats.JSON_LD:
        return _pieces(_json_ld(united(lines), names), b"")
    return _pieces(_rdf_xml(united(lines), names), _opened(names, about))


def _pieces(lines: Iterable[bytes], first: bytes) -> Iterator[bytes]:
    source = iter(lines)
    yield first
    while piece := b"".join(islice(source, PIECE)):
        yield piece


def _declared(names: Names) -> bytes:
    return "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(names.prefixes.items())).encode()


def _turtle(rows: Iterable[Row], names: Names) -> Iterator[bytes]:
    before = verb = b""
    short = names.short
    verbs = Memo(lambda predicate: b"a " if predicate == TYPE else short[predicate] + b" ")
    for subject, predicate, value in rows:
        if value[0] != QUOTE:
            written = short[value]
        elif value[-1] != CLOSED:
            written = value
        else:
            text, _, kind = value.rpartition(b"^^")
            written = text + b"^^" + short[kind]
        if subject != before:
            yield (b" .\n\n" if before else b"\n") + short[subject] + b" " + verbs[predicate] + written
            before, verb = subject, predicate
        elif predicate != verb:
            yield b" ;\n\t" + verbs[predicate] + written
            verb = predicate
        else:
            yield b" , " + written
    if before:
        yield b" .\n"


def _trig(graphs: Graphs, names: Names) -> Iterator[bytes]:
    for graph, lines in graphs:
        yield b"\n%b {" % names.short[graph] if graph else b"\n{"
        yield from _turtle(united(lines()), names)
        yield b"}\n"


def _json_ld(rows: Iterable[Row], names: Names) -> Iterator[bytes]:
    context = {prefix: {"@id": space, "@prefix": True} for prefix, space in sorted(names.prefixes.items())}
    yield b'{"@context": ' + json.dumps(context).encode() + b',\n"@graph": ['
    keys = Memo(lambda predicate: (b'"@type"' if predicate == TYPE else _json_name(predicate, names)) + b":[")
    nodes = Memo(lambda term: b'{"@id":' + _json_name(term, names) + b"}")
    ends = Memo(lambda kind: b',"@type":' + _json_name(kind, names) + b"}")
    before = verb = b""
    between = b"\n"
    for subject, predicate, value in rows:
        if value[0] != QUOTE:
            written = _json_name(value, names) if predicate == TYPE else nodes[value]
        elif value[-1] == CLOSED:
            text, _, kind = value.rpartition(b"^^")
            written = b'{"@value":' + text + ends[kind]
        else:
            written = _json_text(value)
        if subject != before:
            yield between + b'{"@id":' + _json_name(subject, names) + b"," + keys[predicate] + written
            before, verb, between = subject, predicate, b"]},\n"
        elif predicate != verb:
            yield b"]," + keys[predicate] + written
            verb = predicate
        else:
            yield b"," + written
    yield b"]}\n]}\n" if before else b"\n]}\n"


def _json_name(term: bytes, names: Names) -> bytes:
    _no_triple(term, "JSON-LD")
    short = names.short[term]
    return b'"' + (short[1:-1] if short[0] == OPENED else short) + b'"'


def _json_text(value: bytes) -> bytes:
    # The escapes of canonical N-Quads are escapes of JSON too.
    text, language = _said(value, "JSON-LD")
    return b'{"@value":' + text + (b',"@language":"' + language + b'"}' if language else b"}")


def _said(value: bytes, format: str) -> tuple[bytes, bytes]:
    """Part a literal without a datatype into its quoted text and its language."""
    if value[-1] == QUOTE:
        return value, b""
    text, _, language = value.rpartition(b"@")
    if b"--" in language:
        raise InexpressibleError(f"{format} is not written with directions of text: take N-Quads or TriG")
    return text, language


def _no_triple(value: bytes, format: str) -> None:
    if value.startswith(b"<<"):
        raise InexpressibleError(f"{format} is not written with triple terms: take N-Quads or TriG")


def _opened(names: Names, about: Sequence[str]) -> bytes:
    said = "".join(f"  {line.replace('--', '- -')}\n" for line in about)
    spaces = "".join(
        f'\n xmlns:{prefix}="{_xml(space)}"' for prefix, space in sorted({**names.prefixes, "rdf": RDF}.items())
    )
    comment = f"<!--\n{said}-->\n" if about else ""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{comment}<rdf:RDF{spaces}>\n'.encode()


def _rdf_xml(rows: Iterable[Row], names: Names) -> Iterator[bytes]:
    spaces = {space.encode(): prefix.encode() for prefix, space in names.prefixes.items()}
    begins = Memo(lambda predicate: b" <" + b"".join(_element(predicate, spaces)))
    ends = Memo(lambda predicate: b"</" + _element(predicate, spaces)[0] + b">\n")
    nodes = Memo(lambda term: b" " + _xml_name(term, b"rdf:resource") + b"/>\n")
    kinds = Memo(lambda kind: b' rdf:datatype="' + _xml_bytes(kind[1:-1]) + b'">')
    before = end = b""
    for subject, predicate, value in rows:
        if value[0] != QUOTE:
            written = begins[predicate] + nodes[value]
        elif value[-1] == CLOSED:
            text, _, kind = value.rpartition(b"^^")
            written = begins[predicate] + kinds[kind] + _xml_text(text) + ends[predicate]
        else:
            text, language = _said(value, "RDF/XML")
            said = b' xml:lang="' + language + b'">' if language else b">"
            written = begins[predicate] + said + _xml_text(text) + ends[predicate]
        if subject != before:
            yield end + b"<rdf:Description " + _xml_name(subject, b"rdf:about") + b">\n" + written
            before, end = subject, b"</rdf:Description>\n"
        else:
            yield written
    yield end + b"</rdf:RDF>\n"


def _element(predicate: bytes, spaces: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    """Give the name of a property's element and what declares its prefix, if nothing has yet."""
    match = _ELEMENT.fullmatch(predicate)
    if match is None:
        raise InexpressibleError(f"RDF/XML has no element for {predicate.decode()}, which does not end in a name")
    prefix = spaces.get(match[1])
    if prefix is None:
        return b"ns:" + match[2], b' xmlns:ns="%b"' % _xml(match[1].decode()).encode()
    return prefix + b":" + match[2], b""


def _xml_text(quoted: bytes) -> bytes:
    if b"\\" not in quoted:
        return _xml_bytes(quoted[1:-1])
    return _xml(_ESCAPE.sub(_unescaped, quoted[1:-1].decode())).encode()


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def _xml_name(term: bytes, attribute: bytes) -> bytes:
    _no_triple(term, "RDF/XML")
    if term[0] == BLANK:
        return b'rdf:nodeID="' + term[2:] + b'"'
    return attribute + b'="' + _xml_bytes(term[1:-1]) + b'"'


def _xml_bytes(text: bytes) -> bytes:
    return _xml(text.decode()).encode() if text.translate(None, _SAFE) else text


def _xml(text: str) -> str:
    if _NO_XML.search(text):
        raise InexpressibleError("RDF/XML cannot hold control characters: take another format")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;")
