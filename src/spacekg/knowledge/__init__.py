"""knowledge  opened    a release or an endpoint → Knowledge: its entities, rows, frames and graphs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph
from pyoxigraph import Literal, NamedNode, QuerySolutions

from spacekg import declared, formats, guard, local
from spacekg.answers import Engine, Request, Row
from spacekg.declared import BASE, Declared
from spacekg.entities import Entities, UnknownThingError, naming
from spacekg.entities.values import Named, Place
from spacekg.errors import BadQueryError, RemoteError
from spacekg.formats import ResultFormat
from spacekg.knowledge import cells, frames, networks, quick
from spacekg.knowledge.cells import Cells
from spacekg.knowledge.tables import Table
from spacekg.knowledge.things import Entity
from spacekg.knowledge.values import IRI
from spacekg.release import open_release

if TYPE_CHECKING:
    import rdflib

__all__ = ["Entity", "Knowledge", "Table", "opened"]

QID = re.compile(r"Q[1-9]\d*")
NO_ROWS = "this query gives no rows: ask with SELECT"
AT_ONCE = 300
"""Things whose names are asked for in one query."""


def opened(source: str, seconds: float) -> Knowledge:
    """Open what `spacekg.open` opens."""
    rules = declared.read(declared.shipped())
    if not source.lower().startswith(("http://", "https://")):
        return Knowledge(local.stored(open_release(Path(source)), rules, local.OWN_MACHINE), rules)
    from spacekg.knowledge.elsewhere import Elsewhere  # noqa: PLC0415  # a release needs no client
    from spacekg.remote import Endpoint  # noqa: PLC0415  # nor its settings

    queries = {query.name: query.text for query in rules.queries.values()}
    return Knowledge(Elsewhere(Endpoint(source, seconds), queries, local.OWN_MACHINE), rules, formats.JSON)


class Knowledge:
    """What can be asked of a release, in this process or at an endpoint; an answer is whole or an error.

    Rows are asked for as TSV, which is read fastest, but of an endpoint elsewhere as JSON: some leave types out of TSV.
    """

    def __init__(self, engine: Engine, rules: Declared, rows: ResultFormat = formats.TSV) -> None:
        self.engine = engine
        self.rules = rules
        self._format = rows

    @cached_property
    def _entities(self) -> Entities:
        return Entities(self.engine)

    def entity(self, name: str) -> Entity:
        """Describe the thing of a name: an id such as `jwst`, an IRI, a Wikidata item such as `Q186447`, or a label.

        Raises:
            UnknownThingError: nothing, or more than one thing, is called so; it names what is near.
        """
        iri = self._found(name)
        part = self._entities.describe(iri)
        first, claims = part, {claim.iri: claim for claim in part.claims}
        while part.after and part.claims:
            part = self._entities.describe(iri, (), Place(claim=part.after.claim))
            claims.update((claim.iri, claim) for claim in part.claims)
        return Entity(first, tuple(claims.values()))

    def entities(self, kind: str) -> list[Named]:
        """List the entities of a class, such as `SpaceAgency`, in the order of their IRIs.

        Raises:
            DeclarationError: there is no such class.
        """
        rows = self.engine.answer_named("knowledge/of_kind", **{"class": self.rules.iri(kind)})
        return [_named(row, "entity", "name") for row in rows]

    def search(self, words: str, limit: int = 10) -> list[Named]:
        """Find things by words of their names in any language, the best first; each with the name that was found."""
        spelled = str(Literal(words))
        text = self._query("knowledge/search").replace('"words"', spelled).replace("100", str(int(limit)))
        return [_named(row, "thing", "text") for row in self._rows(text)][:limit]

    def query(self, text: str) -> Table:
        """Answer a SELECT query, known prefixes undeclared or not, or a shipped one by its name; the rows are typed.

        Raises:
            BadQueryError, AnswerTooLargeError, RemoteError: there is no whole answer.
        """
        content = self._table(text)
        rows = tuple(zip(*(each.column() for each in cells.columns(content)), strict=True))
        return Table(cells.names(content), rows, self.rules.compact)

    def frame(self, text: str, library: str = "pandas", labels: Sequence[str] = ("en",)) -> Any:
        """Answer a SELECT query with a data frame of `pandas` or `polars`, each column of its true type.

        `labels` are the languages wanted for the names of things, the most wanted first; without any, columns of IRIs
        have no names beside them. See `spacekg.knowledge.frames.columns` for what each type becomes.

        Raises:
            BadQueryError, AnswerTooLargeError, RemoteError: there is no whole answer.
            UnknownFormatError: there is no such library; MissingExtraError: it is not installed.
        """
        content = self._table(text)
        names, columns = cells.names(content), quick.columns(content)
        found = (each for column in columns if isinstance(column, Cells) for each in column.values)
        things = {each for each in found if isinstance(each, IRI)} if labels else set()
        return frames.write(frames.columns(names, columns, self.rules.compact, self._labels(things, labels)), library)

    def graph(self, text: str) -> rdflib.Graph:
        """Answer a CONSTRUCT or DESCRIBE query with an rdflib graph.

        Raises:
            BadQueryError, AnswerTooLargeError, RemoteError: there is no whole answer, or it is none of triples.
        """
        import rdflib  # noqa: PLC0415  # most who ask want rows

        query = self._query(text)
        if not guard.scan(query, self.engine.limits).makes_graph:
            raise BadQueryError("a graph is made by CONSTRUCT or DESCRIBE; ask for rows with query or frame")
        content = self.engine.answer(Request(query, graph=formats.N_TRIPLES)).content
        try:
            triples = list(pyoxigraph.parse(content, formats.N_TRIPLES.codec))
        except SyntaxError as error:
            raise RemoteError(f"the answer is no graph ({error}): ask again later") from None
        graph = rdflib.Graph()
        # Only what was read whole is handed on: an answer that was cut is found above.
        return graph.parse(data="".join(f"{each.triple} .\n" for each in triples), format="nt")

    def network(self) -> Any:
        """Give the network of those who work together, as networkx has it; see `spacekg.knowledge.networks.make`.

        Raises:
            MissingExtraError: networkx is not installed.
        """
        rows = self.engine.answer_named("knowledge/network")
        partners = {IRI(row[end].value) for row in rows for end in ("first", "second")}  # type: ignore[union-attr]
        return networks.make(rows, self._labels(partners, ("en",)))

    def _found(self, name: str) -> str:
        if name.startswith(("http://", "https://")):
            return name
        if QID.fullmatch(name) and (same := self._entities.same_as(f"http://www.wikidata.org/entity/{name}")):
            return same
        iri = f"{BASE}id/{name}"
        if re.fullmatch(r"[\w.-]+", name) and self._entities.knows(iri):
            return iri
        alike = self.search(name, 50)
        exact = sorted({each.iri for each in alike if each.name.casefold() == name.strip().casefold()})
        if len(exact) == 1:
            return exact[0]
        found = exact or [each.iri for each in alike[:5]]
        near = [iri.rpartition("/")[2] for iri in found] or self._entities.near(name)
        raise UnknownThingError(name, list(dict.fromkeys(near)))

    def _query(self, text: str) -> str:
        """Give a shipped query by its name, and any other with the known prefixes that it uses."""
        if "{" not in text and re.fullmatch(r"[\w/]+", text.strip()):
            return self.engine.shipped(text.strip())
        return guard.declaring(text, self.rules.prefixes)

    def _solutions(self, text: str) -> QuerySolutions:
        answer = self.engine.answer(Request(self._query(text)))
        try:
            solved = pyoxigraph.parse_query_results(answer.content, formats.JSON.codec)
        except (SyntaxError, OSError) as error:
            raise RemoteError(f"the answer is no table ({error}): ask again later") from None
        if not isinstance(solved, QuerySolutions):
            raise BadQueryError(NO_ROWS)
        return solved

    def _rows(self, text: str) -> Iterable[Row]:
        solved = self._solutions(text)
        names = [variable.value for variable in solved.variables]
        try:
            yield from ({name: term for name in names if (term := row[name]) is not None} for row in solved)
        except (SyntaxError, OSError) as error:
            raise RemoteError(f"the answer breaks off ({error}): ask again later") from None

    def _table(self, text: str) -> bytes:
        """Give the rows of an answer as pyoxigraph writes them in TSV."""
        if self._format is not formats.TSV:
            solved = self._solutions(text)
            try:
                return solved.serialize(format=formats.TSV.codec) or b""
            except (SyntaxError, OSError) as error:
                raise RemoteError(f"the answer breaks off ({error}): ask again later") from None
        query = self._query(text)
        if guard.scan(query, self.engine.limits).form != "SELECT":
            raise BadQueryError(NO_ROWS)
        return self.engine.answer(Request(query, formats.TSV)).content

    def _labels(self, things: Iterable[str], languages: Sequence[str]) -> Mapping[str, str]:
        text = self.engine.shipped("knowledge/labels")
        body = guard.scan(text, self.engine.limits).body
        names: dict[str, list[tuple[str, Literal]]] = {}
        for some in _batches(sorted(things)):
            listed = " ".join(str(NamedNode(iri)) for iri in some)
            for row in self._rows(f"{text[:body]} VALUES ?thing {{ {listed} }} {text[body:]}"):
                if isinstance(name := row["name"], Literal):
                    names.setdefault(_text(row, "thing"), []).append((_text(row, "kind"), name))
        return {iri: naming.choose(iri, found, languages).name for iri, found in names.items()}


def _batches(things: Sequence[str]) -> Iterable[Sequence[str]]:
    return (things[start : start + AT_ONCE] for start in range(0, len(things), AT_ONCE))


def _text(row: Row, variable: str) -> str:
    return getattr(row.get(variable), "value", "")


def _named(row: Row, thing: str, name: str) -> Named:
    iri, found = _text(row, thing), row.get(name)
    return (
        Named(iri, found.value, found.language or "") if isinstance(found, Literal) else Named(iri, naming.spelled(iri))
    )
