"""ontology_docs write declarations → a folder of pages about every term, with the files to import beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from pyoxigraph import Literal, NamedNode, Quad

from spacekg import export, formats
from spacekg.declared import BASE, RDF, SKG, SKV, Declared
from spacekg.errors import SpacekgError
from spacekg.ontology_docs import axioms, constraints, pictures, terms, uses, vocabulary
from spacekg.ontology_docs.terms import MAIN, Book

HEADER = NamedNode(f"{BASE}ontology")
PARTS = ("ontology", "vocab", "alignments", "shapes")
"""The files beside the pages: each part of the declarations, in each of the formats below."""
WRITTEN = (formats.TURTLE, formats.RDF_XML, formats.JSON_LD)
PROPERTIES = ("object property", "data property", "annotation property")
LINES = {"class": axioms.of_class, "concept": axioms.of_concept}
STYLE = "style.css"


class OntologyDocsError(SpacekgError):
    """The pages cannot be written where they were asked for."""


def write(rules: Declared, out: Path, quads: Iterable[Quad] = ()) -> list[Path]:
    """Write the pages and files into a folder; returns their paths.

    The pages need nothing from elsewhere and no scripts. Given the quads of a release, each term also says how often
    the release uses it, with examples. The same declarations and quads give the same bytes.

    Raises:
        OntologyDocsError: the folder cannot be made or written to.
    """
    book = terms.gather(rules)
    pages = {name: content.encode() for name, content in _pages(book, uses.count(quads))}
    pages[STYLE] = files(__name__).joinpath("templates", STYLE).read_bytes()
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, content in pages.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise OntologyDocsError(f"{out}: cannot be written: {error.strerror}; choose another with --out") from error
    downloads = [(part, format) for part in PARTS for format in WRITTEN]
    for part, format in downloads:
        export.write(
            terms.steady(getattr(rules, part)), out / f"{part}{format.suffix}", format, rules.prefixes, rules.context
        )
    return [out / name for name in (*pages, *(f"{part}{format.suffix}" for part, format in downloads))]


def _pages(book: Book, used: Mapping[str, uses.Use]) -> Iterator[tuple[str, str]]:
    environment = Environment(
        loader=PackageLoader("spacekg.ontology_docs"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    schemes = vocabulary.schemes(book)
    shared: dict[str, Any] = {"book": book, "schemes": schemes, "described": _described(book, used)}
    properties = [term for kind in PROPERTIES for term in book.of_kind(kind)]
    tree = pictures.tree(book)
    yield (
        MAIN,
        environment.get_template(MAIN).render(
            shared,
            header=_header(book),
            tree=tree,
            classes=list(pictures.walk(tree)),
            properties=properties,
            drawings={"pattern": pictures.pattern(book), "classes": pictures.classes(book)},
            downloads=[(part, [(format.label, f"{part}{format.suffix}") for format in WRITTEN]) for part in PARTS],
            namespaces=[("skg", SKG), ("skv", SKV), ("skid", f"{BASE}id/")],
        ),
    )
    for scheme in schemes:
        yield scheme.page, environment.get_template("scheme.html").render(shared, scheme=scheme)


def _described(book: Book, used: Mapping[str, uses.Use]) -> dict[NamedNode, dict[str, Any]]:
    """What stands in the section of each term beside what the term itself has."""
    return {
        node: {
            "lines": LINES.get(term.kind, axioms.of_property)(term, book),
            "mappings": axioms.mappings(term, book),
            "constraints": constraints.on(term, book),
            "use": used.get(node.value),
        }
        for node, term in book.terms.items()
    }


def _header(book: Book) -> list[tuple[str, list[terms.Ref]]]:
    """What the ontology says of itself, a line for each property."""
    found = [(quad.predicate, quad.object) for quad in book.rules.ontology if quad.subject == HEADER]
    lines: dict[str, list[terms.Ref]] = {}
    for predicate, value in sorted(found, key=str):
        if predicate.value != f"{RDF}type":
            shown = book.ref(value) if isinstance(value, NamedNode | Literal) else terms.Ref("")
            lines.setdefault(book.rules.compact(predicate.value), []).append(shown)
    return sorted(lines.items())
