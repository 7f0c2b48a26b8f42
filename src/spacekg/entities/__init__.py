"""entities  describe an IRI → what is known of it: statements, links, claims with their evidence, as values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from spacekg.answers import Engine, Row
from spacekg.declared import BASE, RDF, SKG
from spacekg.entities import claimed, lists, naming, outline
from spacekg.entities.directory import LONGEST, Directory
from spacekg.entities.directory import text as _iri
from spacekg.entities.lists import PART
from spacekg.entities.outline import Outline, Part, Spot
from spacekg.entities.overview import Overview
from spacekg.entities.values import Claim, Description, Links, Named, Place, Statement
from spacekg.errors import SpacekgError

ROLES = (f"{RDF}subject", f"{RDF}object")
"""How a claim links to what it is about: told as claims, not as links."""


class UnknownThingError(SpacekgError):
    """The graph says nothing of a name; `near` are known ids that look like it, the most alike first."""

    def __init__(self, name: str, near: Sequence[str]) -> None:
        self.name = name
        self.near = tuple(near)
        hint = f"did you mean {' or '.join(near)}?" if near else "search by name at /sparql, or begin at /"
        super().__init__(f"nothing here is called {name[:LONGEST]!r}; {hint}")


class WithdrawnError(SpacekgError):
    """A name that the graph once had and has no more."""


class Entities:
    """What an engine's release knows, one thing at a time."""

    def __init__(self, engine: Engine, directory: Directory | None = None) -> None:
        self._engine = engine
        self._directory = directory or Directory(engine)
        self.overview = Overview(engine)

    def read(self) -> None:
        """Read now what is read once only: the names of the ontology's terms, and of all entities if they are few."""
        self._directory.read()
        _ = self._terms

    def describe(self, iri: str, languages: Sequence[str] = (), place: Place | None = None) -> Description:
        """Describe a thing, or the part of its long lists that begins at a place.

        `languages` are lower-case tags, the most wanted first.

        Raises:
            UnknownThingError: no graph says anything of it.
        """
        place = place or Place()
        own = self._ask("own", thing=iri)
        counts = {_iri(row["predicate"]): int(_iri(row["links"])) for row in self._ask("links_in", thing=iri)}
        claimed_of = sum(counts.pop(role, 0) for role in ROLES)
        if not own and not counts:
            raise UnknownThingError(iri.removeprefix(BASE), self.near(iri.rpartition("/")[2]))
        around = self._ask("neighbours", thing=iri)
        names = _by_thing(around)
        subject = naming.choose(iri, _names(own), languages)
        kinds = self._kinds(own)
        linked = lists.links(self._engine, iri, place, counts)
        listed = lists.claims(self._engine, iri, place.claim, claimed_of) if claimed_of else []
        claims = self._claims(listed)
        after = self._after(place, linked, claims)
        return Description(
            thing=subject,
            kinds=tuple(self._named(kind, languages) for kind in kinds[:1] or ()),
            shapes=tuple(kinds),
            statements=tuple(self._statements(own, names, languages)),
            links=tuple(self._links(linked[:PART], counts, languages)),
            claims=claims[:PART],
            after=after,
            written=partial(self._quads, iri, own, around, linked[:PART], claims[:PART]),
        )

    def knows(self, iri: str) -> bool:
        """Whether any graph says anything of a thing, or links to it."""
        return bool(self._ask("own", thing=iri) or self._ask("links_in", thing=iri))

    def claim(self, iri: str) -> Claim | None:
        """Give a claim, or None when it is none."""
        return next(iter(self._claims([iri])), None)

    def outline(self, document: str, text: str) -> Outline:
        """Cut the text of a document into parts, each with claims that begin in it, and list what it names."""
        spots = {
            spot.claim: spot
            for spot in sorted(map(_spot, self._ask("claims_in_document", thing=document)), reverse=True)
        }
        return Outline(outline.cut(text, [*spots.values()]), self.overview.mentioned(document))

    def claims_of(self, document: str, part: Part) -> tuple[Claim, ...]:
        """Give the claims of a part of a document, in the order of its text."""
        if not part.spots:
            return ()
        rows = self._ask("claims_of_document", thing=document, claim=[spot.claim for spot in part.spots])
        return tuple(sorted(self._read(rows), key=lambda claim: (claim.evidence.start, claim.evidence.end, claim.iri)))

    def same_as(self, item: str) -> str:
        """Give the IRI of the entity that is the same as an item of another dataset; empty when there is none."""
        return next((row["entity"].value for row in self._ask("of_item", item=item)), "")  # type: ignore[union-attr]

    def documents(self, first: int, number: int) -> list[Named]:
        """List so many documents of the release, in the order of their names, from a place that is counted from 0."""
        if "entity/documents" not in self._engine.queries:
            return []
        rows = self._engine.answer_part("entity/documents", first, number)
        return [naming.choose(_iri(row["document"]), _titles(row), ()) for row in rows]

    @property
    def number_of_documents(self) -> int:
        """How many documents there are."""
        return lists.number_of_documents(self._engine)

    def dataset(self) -> list[Row]:
        """Give what is said of the dataset and its parts in the words of schema.org: subject, predicate, value."""
        if "entity/dataset" not in self._engine.queries:
            return []
        return self._ask("dataset", dataset=f"{BASE}dataset")

    def graph(self, iri: str) -> list[Quad]:
        """Give the whole of a named graph."""
        graph = NamedNode(iri)
        rows = self._ask("graph", graph=iri)
        return [Quad(row["subject"], row["predicate"], row["value"], graph) for row in rows]  # type: ignore[arg-type]

    @property
    def number(self) -> int:
        """How many entities there are."""
        return self._directory.number

    def listed(self, first: int, number: int) -> list[str]:
        """List so many local ids, in their order, of which the first has this place, counted from 0."""
        return self._directory.listed(first, number)

    def near(self, name: str) -> list[str]:
        """List at most five known ids that look like a name, or whose label does, the most alike first."""
        return self._directory.near(name)

    def name(self, local: str) -> str:
        """Give the English name of a local id, or the id where there is none."""
        return self._directory.labels.get(local) or local

    def _ask(self, query: str, **iris: str | Sequence[str]) -> list[Row]:
        return self._engine.answer_named(f"entity/{query}", **iris)

    @cached_property
    def _terms(self) -> tuple[Mapping[str, list[tuple[str, Literal]]], Mapping[str, set[str]]]:
        """Names of the ontology's terms, and the classes straight above each class."""
        names: dict[str, list[tuple[str, Literal]]] = {}
        above: dict[str, set[str]] = {}
        for row in self._ask("terms"):
            term, name = _iri(row["term"]), row["name"]
            if isinstance(name, Literal) and ("", name) not in names.setdefault(term, []):
                names[term].append(("", name))
            if "above" in row:
                above.setdefault(term, set()).add(_iri(row["above"]))
        return names, above

    def _property(self, iri: str) -> Named:
        return self._named(iri, ())

    def _named(self, iri: str, languages: Sequence[str]) -> Named:
        return naming.choose(iri, self._terms[0].get(iri, ()), languages)

    def _kinds(self, own: Iterable[Row]) -> list[str]:
        """List the classes of a thing from the nearest to the widest; its own vocabulary's come first."""
        above = self._terms[1]
        found = {_iri(row["value"]) for row in own if _iri(row["predicate"]) == f"{RDF}type"}
        depths = {kind: len(_upwards(kind, above)) for kind in found}
        return sorted(found, key=lambda kind: (not kind.startswith(SKG), -depths[kind], kind))

    def _statements(
        self, own: Iterable[Row], names: Mapping[str, list[tuple[str, Literal]]], languages: Sequence[str]
    ) -> Iterator[Statement]:
        graphs: dict[tuple[str, NamedNode | Literal], set[str]] = {}
        for row in own:
            value = row["value"]
            if isinstance(value, NamedNode | Literal):
                graphs.setdefault((_iri(row["predicate"]), value), set()).add(_iri(row["graph"]))
        for predicate, value in sorted(graphs, key=str):
            shown = value if isinstance(value, Literal) else self._called(value.value, names, languages)
            named = self._named(predicate, languages)
            yield Statement(named, shown, tuple(sorted(graphs[predicate, value])))

    def _called(self, iri: str, names: Mapping[str, list[tuple[str, Literal]]], languages: Sequence[str]) -> Named:
        return naming.choose(iri, names.get(iri, ()), languages)

    def _links(self, linked: Sequence[Row], counts: Mapping[str, int], languages: Sequence[str]) -> Iterator[Links]:
        subjects: dict[str, list[Named]] = {}
        for row in linked:
            subjects.setdefault(_iri(row["predicate"]), []).append(_subject(row))
        for predicate, total in sorted(counts.items()):
            yield Links(self._named(predicate, languages), total, tuple(subjects.get(predicate, ())))

    def _claims(self, iris: Sequence[str]) -> tuple[Claim, ...]:
        """Give those of some things that are claims, in the order of their IRIs."""
        return self._read(self._ask("claim", thing=iris)) if iris else ()

    def _read(self, rows: Sequence[Row]) -> tuple[Claim, ...]:
        ends = (row.get(end) for row in rows for end in ("subject", "object"))
        self._directory.meet(end.value for end in ends if isinstance(end, NamedNode))
        return claimed.read(rows, self._property, self._directory.thing)

    def _after(self, place: Place, linked: Sequence[Row], claims: Sequence[Claim]) -> Place | None:
        if len(linked) <= PART and len(claims) <= PART:
            return None
        last = linked[:PART][-1] if linked else None
        return Place(
            property=_iri(last["predicate"]) if last else place.property,
            subject=_iri(last["subject"]) if last else place.subject,
            claim=claims[:PART][-1].iri if claims else place.claim,
        )

    def _quads(
        self, iri: str, own: Iterable[Row], around: Iterable[Row], linked: Iterable[Row], claims: Sequence[Claim]
    ) -> Iterator[Quad]:
        yield from (_quad(NamedNode(iri), row) for row in own)
        yield from (_quad(row["node"], row) for row in self._ask("parts", thing=iri))
        for row in around:
            yield Quad(row["neighbour"], row["kind"], row["name"], row["graph"])  # type: ignore[arg-type]
        for row in linked:
            for graph in _iri(row["graphs"]).split():
                yield Quad(row["subject"], row["predicate"], NamedNode(iri), NamedNode(graph))  # type: ignore[arg-type]
            if "name" in row:
                yield Quad(row["subject"], NamedNode(naming.LABEL), row["name"], DefaultGraph())  # type: ignore[arg-type]
        if claims:
            rows = self._ask("evidence", claim=[claim.iri for claim in claims])
            yield from (_quad(row["node"], row) for row in rows)


def _quad(subject: object, row: Row) -> Quad:
    return Quad(subject, row["predicate"], row["value"], row["graph"])  # type: ignore[arg-type]


def _spot(row: Row) -> Spot:
    return Spot(int(_iri(row.get("start")) or -1), int(_iri(row.get("end")) or -1), _iri(row["claim"]))


def _subject(row: Row) -> Named:
    iri, name = _iri(row["subject"]), row.get("name")
    return Named(iri, name.value, name.language or "") if isinstance(name, Literal) else Named(iri, naming.spelled(iri))


def _names(own: Iterable[Row]) -> list[tuple[str, Literal]]:
    pairs = ((_iri(row["predicate"]), row["value"]) for row in own)
    return [(kind, name) for kind, name in pairs if kind in naming.KINDS and isinstance(name, Literal)]


def _by_thing(around: Iterable[Row]) -> dict[str, list[tuple[str, Literal]]]:
    names: dict[str, list[tuple[str, Literal]]] = {}
    for row in around:
        if isinstance(row["name"], Literal):
            names.setdefault(_iri(row["neighbour"]), []).append((_iri(row["kind"]), row["name"]))
    return names


def _titles(row: Row) -> list[tuple[str, Literal]]:
    title = row.get("title")
    return [("", title)] if isinstance(title, Literal) else []


def _upwards(kind: str, above: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*above.get(kind, ())]
    while waiting:
        parent = waiting.pop()
        if parent not in found:
            found.add(parent)
            waiting += above.get(parent, ())
    return found
