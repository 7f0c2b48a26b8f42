"""writers   sorted quads → bytes of each RDF format, a piece after the other, in memory that does not grow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from spacekg import formats
from spacekg.dumps.lines import Row, bare, united
from spacekg.formats import GraphFormat, InexpressibleError

PIECE = 10_000
"""How many statements are put into one piece."""
REMEMBERED = 50_000
"""How many names are remembered before all are forgotten, so that memory is bounded."""
TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_LOCAL = re.compile(rb"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
_ELEMENT = re.compile(rb"<(.*?)([A-Za-z_][A-Za-z0-9._-]*)>", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

Lines = Iterable[bytes]
Graphs = Sequence[tuple[bytes, Callable[[], Lines]]]
"""The named graphs of a part in order, each with what gives its lines."""


@dataclass(frozen=True, slots=True)
class Names:
    """Shortens IRIs by prefixes; each IRI is looked at once as long as it is remembered."""

    prefixes: Mapping[str, str]
    _spaces: dict[bytes, bytes] = field(default_factory=dict)
    _known: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._spaces.update({space.encode(): prefix.encode() for prefix, space in sorted(self.prefixes.items())})

    def short(self, term: bytes) -> bytes:
        """Write an IRI with its prefix where one fits, and everything else as it is."""
        found = self._known.get(term)
        if found is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            found = self._known[term] = self._shortened(term)
        return found

    def _shortened(self, term: bytes) -> bytes:
        cut = max(term.rfind(b"#"), term.rfind(b"/")) + 1
        prefix = self._spaces.get(term[1:cut])
        if prefix is None or not term.startswith(b"<") or not _LOCAL.fullmatch(term[cut:-1]):
            return term
        return prefix + b":" + term[cut:-1]

    def value(self, term: bytes) -> bytes:
        """Write an object in Turtle: of a literal, the datatype is shortened."""
        found = self._known.get(term)
        if found is not None:
            return found
        if not term.startswith(b'"'):
            return self.short(term)
        if not term.endswith(b">"):
            return term
        text, _, kind = term.rpartition(b"^^")
        return text + b"^^" + self.short(kind)


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
    held = [first]
    for line in lines:
        held.append(line)
        if len(held) >= PIECE:
            yield b"".join(held)
            held.clear()
    yield b"".join(held)


def _declared(names: Names) -> bytes:
    return "".join(f"@prefix {prefix}: <{space}> .\n" for prefix, space in sorted(names.prefixes.items())).encode()


def _turtle(rows: Iterable[Row], names: Names) -> Iterator[bytes]:
    before = verb = b""
    short, value = names.short, names.value
    for subject, predicate, written in rows:
        if subject != before:
            yield b" .\n\n" if before else b"\n"
            yield short(subject)
            yield b" "
        elif predicate != verb:
            yield b" ;\n\t"
        else:
            yield b" , "
            yield value(written)
            continue
        before, verb = subject, predicate
        yield _verb(predicate, short)
        yield b" "
        yield value(written)
    if before:
        yield b" .\n"


def _verb(predicate: bytes, short: Callable[[bytes], bytes]) -> bytes:
    return b"a" if predicate == TYPE else short(predicate)


def _trig(graphs: Graphs, names: Names) -> Iterator[bytes]:
    for graph, lines in graphs:
        yield b"\n%b {" % names.short(graph) if graph else b"\n{"
        yield from _turtle(united(lines()), names)
        yield b"}\n"


def _json_ld(rows: Iterable[Row], names: Names) -> Iterator[bytes]:
    context = {prefix: {"@id": space, "@prefix": True} for prefix, space in sorted(names.prefixes.items())}
    yield b'{"@context": ' + json.dumps(context).encode() + b',\n"@graph": ['
    subject = predicate = b""
    between = b"\n"
    for row in rows:
        if row[0] != subject:
            yield between + b'{"@id":' + _json_name(row[0], names)
            subject, predicate, between = row[0], b"", b"]},\n"
        if row[1] == predicate:
            yield b"," + _json_value(row, names)
        else:
            key = b'"@type"' if row[1] == TYPE else _json_name(row[1], names)
            yield (b"]," if predicate else b",") + key + b":[" + _json_value(row, names)
            predicate = row[1]
    yield b"]}\n]}\n" if subject else b"\n]}\n"


def _json_name(term: bytes, names: Names) -> bytes:
    short = names.short(term)
    return b'"' + (short[1:-1] if short.startswith(b"<") else short) + b'"'


def _json_value(row: Row, names: Names) -> bytes:
    value = row[2]
    if not value.startswith(b'"'):
        _no_triple(value, "JSON-LD")
        name = _json_name(value, names)
        return name if row[1] == TYPE else b'{"@id":' + name + b"}"
    text, kind, language = _literal(value, "JSON-LD")
    # The escapes of canonical N-Quads are escapes of JSON too.
    if kind:
        return b'{"@value":%b,"@type":%b}' % (text, _json_name(kind, names))
    return b'{"@value":%b%b}' % (text, b',"@language":"%b"' % language if language else b"")


def _literal(value: bytes, format: str) -> tuple[bytes, bytes, bytes]:
    """Part a literal into its quoted text, its datatype and its language."""
    if value.endswith(b'"'):
        return value, b"", b""
    if value.endswith(b">"):
        text, _, kind = value.rpartition(b"^^")
        return text, kind, b""
    text, _, language = value.rpartition(b"@")
    if b"--" in language:
        raise InexpressibleError(f"{format} is not written with directions of text: take N-Quads or TriG")
    return text, b"", language


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
    elements: dict[bytes, tuple[bytes, bytes]] = {}
    subject = b""
    for row in rows:
        if row[0] != subject:
            end = b"</rdf:Description>\n" if subject else b""
            subject = row[0]
            yield end + b"<rdf:Description " + _xml_name(subject, b"rdf:about") + b">\n"
        if row[1] not in elements:
            elements[row[1]] = _element(row[1], spaces)
        yield _property(row[2], *elements[row[1]])
    yield (b"</rdf:Description>\n" if subject else b"") + b"</rdf:RDF>\n"


def _element(predicate: bytes, spaces: Mapping[bytes, bytes]) -> tuple[bytes, bytes]:
    """Give the name of a property's element and what declares its prefix, if nothing has yet."""
    match = _ELEMENT.fullmatch(predicate)
    if match is None:
        raise InexpressibleError(f"RDF/XML has no element for {predicate.decode()}, which does not end in a name")
    prefix = spaces.get(match[1])
    if prefix is None:
        return b"ns:" + match[2], b' xmlns:ns="%b"' % _xml(match[1].decode()).encode()
    return prefix + b":" + match[2], b""


def _property(value: bytes, element: bytes, declared: bytes) -> bytes:
    if not value.startswith(b'"'):
        _no_triple(value, "RDF/XML")
        return b" <%b%b %b/>\n" % (element, declared, _xml_name(value, b"rdf:resource"))
    text, kind, language = _literal(value, "RDF/XML")
    said = b' rdf:datatype="%b"' % _xml(kind[1:-1].decode()).encode() if kind else b""
    said = b' xml:lang="%b"' % language if language else said
    written = _xml(_ESCAPE.sub(_unescaped, text[1:-1].decode()) if b"\\" in text else text[1:-1].decode())
    return b" <%b%b%b>%b</%b>\n" % (element, declared, said, written.encode(), element)


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    return chr(int(code, 16)) if code else _ESCAPED.get(match[3], match[3])


def _xml_name(term: bytes, attribute: bytes) -> bytes:
    if term.startswith(b"_:"):
        return b'rdf:nodeID="%b"' % term[2:]
    return b'%b="%b"' % (attribute, _xml(term[1:-1].decode()).encode())


def _xml(text: str) -> str:
    if _NO_XML.search(text):
        raise InexpressibleError("RDF/XML cannot hold control characters: take another format")
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    return text.replace("\r", "&#13;")
