"""declared  reads ontology/, data/lexicon/prefixes.csv and queries/ once, and checks them."""

from __future__ import annotations

import csv
import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from spacekg.errors import DeclarationError, UnknownQueryError

BASE = "https://w3id.org/spacekg/"
SKG = f"{BASE}ontology#"
SKV = f"{BASE}vocab/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

PARTS = {"space": "ontology", "vocab": "vocab", "alignments": "alignments", "shapes": "shapes"}
"""Which part of the declarations a file or folder of `ontology/` holds, by its name; each is a named graph."""
GRAPHS = {part: NamedNode(f"{BASE}graph/{part}") for part in PARTS.values()}

CLASS_KINDS = frozenset({f"{OWL}Class", f"{RDFS}Class"})
PROPERTY_KINDS = frozenset(
    {f"{OWL}{kind}Property" for kind in ("Object", "Datatype", "Annotation")} | {f"{RDF}Property"}
)


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the ontology; domain and range are names of classes or datatypes, empty where none is declared."""

    name: str
    domain: str = ""
    range: str = ""


@dataclass(frozen=True, slots=True)
class Concept:
    """A term of the vocabulary: `kind` is its class (`CollaborationType`), `labels` all its names, the best first."""

    id: str
    kind: str
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A shipped SPARQL query; `question` is the comment in its first line."""

    name: str
    question: str
    text: str
    path: Path


@dataclass(frozen=True)
class Declared:
    """Everything that is declared rather than programmed, read and found to be consistent in itself.

    A class or property is called by its local name (`SpaceAgency`) when it is ours, else by its compact IRI
    (`prov:Agent`); a concept is called as claims write it (`vocab:joint-development`).
    """

    folder: Path
    prefixes: Mapping[str, str]
    ontology: tuple[Quad, ...]
    vocab: tuple[Quad, ...]
    alignments: tuple[Quad, ...]
    shapes: tuple[Quad, ...]
    context: Mapping[str, Any]
    """The JSON-LD context."""
    queries: Mapping[str, Query]

    @cached_property
    def classes(self) -> Mapping[str, frozenset[str]]:
        """Each class with itself and every class above it."""
        above: dict[str, set[str]] = {self.name(iri): set() for iri in _typed(self.ontology, CLASS_KINDS)}
        for child, parent in _pairs(self.ontology, f"{RDFS}subClassOf"):
            above.setdefault(self.name(child), set()).add(self.name(parent))
        return {name: frozenset(_closure(name, above)) for name in sorted(above)}

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """Each property with its domain and range."""
        domains = dict(_pairs(self.ontology, f"{RDFS}domain"))
        ranges = dict(_pairs(self.ontology, f"{RDFS}range"))
        return {
            self.name(iri): Property(self.name(iri), self.name(domains.get(iri, "")), self.name(ranges.get(iri, "")))
            for iri in sorted(_typed(self.ontology, PROPERTY_KINDS))
        }

    @cached_property
    def concepts(self) -> Mapping[str, Concept]:
        """Each concept of the vocabulary, with its class of the ontology."""
        labels: dict[str, list[str]] = {}
        for part in ("prefLabel", "altLabel"):
            for quad in sorted(self.vocab, key=lambda quad: (getattr(quad.object, "language", "") != "en", str(quad))):
                if quad.predicate.value == f"{SKOS}{part}" and isinstance(quad.object, Literal):
                    labels.setdefault(str(quad.subject), []).append(quad.object.value)
        kinds = sorted((iri, kind) for iri, kind in _pairs(self.vocab, f"{RDF}type") if kind.startswith(SKG))
        return {
            f"vocab:{iri.removeprefix(SKV)}": Concept(
                f"vocab:{iri.removeprefix(SKV)}", self.name(kind), tuple(labels.get(f"<{iri}>", ()))
            )
            for iri, kind in kinds
            if iri.startswith(SKV)
        }

    def query(self, name: str) -> Query:
        """Look a shipped query up.

        Raises:
            UnknownQueryError: none has that name; the message lists the nearest ones.
        """
        if name not in self.queries:
            near = difflib.get_close_matches(name, self.queries, cutoff=0.4)
            hint = f"did you mean {' or '.join(near)}?" if near else "list them with: spacekg queries"
            raise UnknownQueryError(f"no shipped query is called {name!r}; {hint}")
        return self.queries[name]

    def is_a(self, kind: str, ancestor: str) -> bool:
        """Whether `kind` is `ancestor` or a class below it; an undeclared kind is nothing but itself."""
        return ancestor in self.upward(kind)

    def upward(self, kind: str) -> frozenset[str]:
        """A class with every class above it; an undeclared kind is nothing but itself."""
        return self.classes.get(kind) or frozenset((kind,))

    def has_class(self, name: str) -> bool:
        """Whether the ontology declares this class."""
        return name in self.classes

    def has_property(self, name: str) -> bool:
        """Whether a claim may use this property: one of the ontology, or a compact IRI of another vocabulary."""
        prefix, colon, local = name.partition(":")
        return name in self.properties or bool(colon and local and prefix in self.prefixes and prefix != "skg")

    def name(self, iri: str) -> str:
        """Write an IRI as terms are called: the local name of ours, a compact IRI of others, else the IRI itself."""
        return iri.removeprefix(SKG) if iri.startswith(SKG) else self.compact(iri)

    def compact(self, iri: str) -> str:
        """Write an IRI with the prefix of the longest namespace it stands in; the IRI itself where there is none."""
        found = [(len(space), prefix) for prefix, space in self.prefixes.items() if iri.startswith(space)]
        if not found:
            return iri
        length, prefix = max(found)
        return f"{prefix}:{iri[length:]}"

    def iri(self, name: str) -> str:
        """Write a term as its IRI; the reverse of `name`.

        Raises:
            DeclarationError: the prefix of a compact IRI is not in the table.
        """
        prefix, colon, local = name.partition(":")
        if not colon:
            return f"{SKG}{name}"
        if prefix == "vocab":
            return f"{SKV}{local}"
        if prefix not in self.prefixes:
            raise DeclarationError(f"{name}: no prefix {prefix!r}; add it to data/lexicon/prefixes.csv")
        return f"{self.prefixes[prefix]}{local}"


def shipped() -> Path:
    """Return the folder that holds `ontology/`, `data/` and `queries/`: in an installed package, or the checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "_shipped"
    return installed if installed.is_dir() else package.parent.parent


def read(folder: Path) -> Declared:
    """Read and check the declarations below `folder`.

    Raises:
        DeclarationError: a file is missing or wrong; the message names the file and, where there is one, the line.
    """
    ontology = folder / "ontology"
    if not ontology.is_dir():
        raise DeclarationError(f"{ontology}: no such folder; the declarations are ontology/, data/ and queries/")
    files = {path: _turtle(path, _part(path.relative_to(ontology))) for path in sorted(ontology.rglob("*.ttl"))}
    graphs = [quad for quads in files.values() for quad in quads]
    declared = Declared(
        folder=folder,
        prefixes=_prefixes(folder / "data" / "lexicon" / "prefixes.csv"),
        context=read_json(ontology / "context.jsonld"),
        queries={query.name: query for query in _queries(folder / "queries")},
        **{part: tuple(quad for quad in graphs if quad.graph_name == graph) for part, graph in GRAPHS.items()},
    )
    for path, quads in files.items():
        if path.is_relative_to(ontology / "shapes") or path.stem == "shapes":
            _check_terms(path, quads, declared)
    return declared


def _part(path: Path) -> NamedNode:
    name = Path(path.parts[0]).stem
    if name not in PARTS:
        raise DeclarationError(f"ontology/{path}: expected one of {', '.join(f'{part}.ttl' for part in PARTS)}")
    return GRAPHS[PARTS[name]]


def _turtle(path: Path, graph: NamedNode) -> list[Quad]:
    try:
        quads = list(parse(path=path, format=RdfFormat.TURTLE, rename_blank_nodes=True))
    except SyntaxError as error:
        raise DeclarationError(f"{path}:{error.lineno or 1}: {error.msg}") from error
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]


def _prefixes(path: Path) -> dict[str, str]:
    prefixes: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if not row.get("prefix") or not row.get("namespace") or row["prefix"] in prefixes:
                    raise DeclarationError(f"{path}:{len(prefixes) + 2}: wants a prefix of its own and a namespace")
                prefixes[row["prefix"]] = row["namespace"]
    except OSError as error:
        raise DeclarationError(f"{path}: {error.strerror}; it is the table of prefixes") from error
    return prefixes


def read_json(path: Path) -> dict[str, Any]:
    """Read a file that holds an object of JSON.

    Raises:
        DeclarationError: it is missing or wrong; the message names the file and, where there is one, the line.
    """
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DeclarationError(f"{path}: {error.strerror}; it comes with spacekg") from error
    except json.JSONDecodeError as error:
        raise DeclarationError(f"{path}:{error.lineno}: {error.msg}") from error
    return content


def _queries(folder: Path) -> Iterator[Query]:
    nothing = Store()
    for path in sorted(folder.rglob("*.rq")):
        text = path.read_text(encoding="utf-8")
        first = text.partition("\n")[0]
        question = first.lstrip("# ").strip()
        if not first.startswith("#") or not question:
            raise DeclarationError(f"{path}:1: the first line is a comment that says the question")
        try:
            nothing.query(text)
        except SyntaxError as error:
            place = re.match(r"error at (\d+):(\d+): (.{0,200})", error.msg, re.DOTALL)
            line, reason = (place[1], place[3]) if place else ("1", error.msg)
            raise DeclarationError(f"{path}:{line}: not a SPARQL query: {reason}") from error
        yield Query(path.relative_to(folder).with_suffix("").as_posix(), question, text, path)


def _check_terms(path: Path, shapes: Iterable[Quad], declared: Declared) -> None:
    known = {iri for iri, _ in _pairs((*declared.ontology, *declared.vocab), f"{RDF}type")}
    for quad in shapes:
        term = quad.object.value if isinstance(quad.object, NamedNode) else ""
        if term.startswith((SKG, SKV)) and term not in known:
            name = re.split("[#/]", term)[-1]
            raise DeclarationError(f"{path}:{_line(path, name)}: a shape about {name}, which nothing declares")


def _line(path: Path, name: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((i for i, line in enumerate(lines, 1) if re.search(rf"[:/#]{re.escape(name)}\b", line)), 1)


def _typed(quads: Iterable[Quad], kinds: frozenset[str]) -> set[str]:
    return {subject for subject, kind in _pairs(quads, f"{RDF}type") if kind in kinds}


def _pairs(quads: Iterable[Quad], predicate: str) -> Iterator[tuple[str, str]]:
    for quad in quads:
        if quad.predicate.value == predicate:
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode):
                yield subject.value, value.value


def _closure(name: str, above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current not in found:
            found.add(current)
            waiting += above.get(current, ())
    return found
