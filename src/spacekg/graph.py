"""graph     assemble: claims → triples, each claim with its evidence, in one named graph per document."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version

from pyoxigraph import Literal, NamedNode, Quad

from spacekg.declared import BASE, SKG, SKV, Declared
from spacekg.model import Claim, Coined, Document, Link, Polarity, Status, Value
from spacekg.names import NEW
from spacekg.reference import Entity

CONTEXT = 32
"""How many characters before and behind a quote are kept, so that it can be found in another edition."""
XSD = "http://www.w3.org/2001/XMLSchema#"
VOCAB = "vocab:"
DATES = {4: "gYear", 7: "gYearMonth", 10: "date"}
IMPLIED_BY = f"{SKG}impliedBy"
PROVIDED, BELONGS = "providedBy", frozenset({"supports", "partOf"})
"""Who provides something has a role also in what that supports or is a part of."""

Term = NamedNode | Literal
Triple = tuple[NamedNode, NamedNode, Term]
Entities = Mapping[str, Entity]
Roles = Mapping[tuple[str, str], set[NamedNode]]
"""What somebody does in something: by the thing and the agent."""


def assemble(
    claims: Sequence[Claim],
    links: Iterable[Link],
    documents: Iterable[Document],
    declared: Declared,
    entities: Entities,
) -> list[Quad]:
    """Turn claims into quads, sorted. `entities` are the known ones, by local id.

    Each claim is a node with its evidence; one that is disputed because another denies it points to that one. An
    accepted one is also stated as a plain triple, in the same graph; a participation also as a node of its
    collaboration, with the roles that the same document tells of. A coined entity gets its class only if an accepted
    claim speaks of it, so that what is merely said to exist is never counted.
    """
    writer = _Writer(declared, entities, _denials(claims))
    implied: dict[object, object] = {q.object: q.subject for q in declared.vocab if q.predicate.value == IMPLIED_BY}
    quads: set[Quad] = set()
    mentioned: dict[str, set[str]] = {}
    for link in links:
        mentioned.setdefault(link.mention.passage.document.name, set()).add(link.entity)
    by_document: dict[str, list[Claim]] = {}
    for claim in claims:
        by_document.setdefault(claim.passage.document.name, []).append(claim)
    for document in documents:
        graph = NamedNode(f"{BASE}graph/document/{document.name}")
        triples = [*writer.document(document), *writer.mentions(document, mentioned.get(document.name, ()))]
        stated = by_document.get(document.name, ())
        roles = _roles(stated, declared, implied)
        for claim in stated:
            triples += writer.claim(claim)
            triples += writer.fact(claim, roles)
        quads.update(Quad(*triple, graph) for triple in triples)
    return sorted(quads, key=str)


def facts(claims: Iterable[Claim], declared: Declared) -> list[Triple]:
    """The plain triples of the accepted claims, in their order: what the documents are taken at their word for."""
    writer = _Writer(declared, {}, {})
    return [writer.statement(claim) for claim in claims if claim.status is Status.ACCEPTED]


class _Writer:
    def __init__(self, declared: Declared, entities: Entities, denials: Mapping[object, list[str]]) -> None:
        self._declared = declared
        self._entities = entities
        self._denials = denials
        self._version = version("spacekg")  # it is read from a file

    def document(self, document: Document) -> Iterator[Triple]:
        node = _document(document)
        yield node, self._term("rdf:type"), self._term("Document")
        yield node, self._term("dcterms:title"), Literal(document.title, language=document.language)
        yield node, self._term("dcterms:format"), Literal(document.media_type)
        yield node, self._term("dcterms:language"), Literal(document.language)
        yield node, self._term("textSha256"), Literal(document.text_sha256)
        yield node, self._term("fileSha256"), Literal(document.file_sha256)
        for name, value in (("dcterms:source", document.source), ("dcterms:license", document.licence)):
            if value:
                yield node, self._term(name), NamedNode(value) if value.startswith("http") else Literal(value)
        if document.date:
            datatype = NamedNode(XSD + DATES.get(len(document.date), "string"))
            yield node, self._term("dcterms:date"), Literal(document.date, datatype=datatype)

    def mentions(self, document: Document, mentioned: Iterable[str]) -> Iterator[Triple]:
        for entity in sorted(mentioned):
            yield _document(document), self._term("schema:mentions"), _entity(entity)

    def claim(self, claim: Claim) -> Iterator[Triple]:
        node, run = NamedNode(claim_iri(claim)), NamedNode(f"{BASE}run/spacekg-{self._version}")
        evidence = NamedNode(f"{node.value}#evidence")
        yield node, self._term("rdf:type"), self._term("Claim")
        yield node, self._term("rdf:subject"), _entity(claim.subject)
        yield node, self._term("rdf:predicate"), self._term(claim.predicate)
        yield node, self._term("rdf:object"), self._object(claim)
        yield node, self._term("status"), NamedNode(SKV + claim.status)
        yield node, self._term("polarity"), NamedNode(SKV + claim.polarity)
        yield node, self._term("modality"), NamedNode(SKV + claim.modality)
        yield node, self._term("confidence"), Literal(f"{claim.confidence:g}", datatype=NamedNode(f"{XSD}decimal"))
        yield node, self._term("rule"), Literal(claim.rule)
        yield node, self._term("prov:wasDerivedFrom"), evidence
        yield node, self._term("prov:wasGeneratedBy"), run
        yield run, self._term("rdf:type"), self._term("ExtractionRun")
        yield run, self._term("rdfs:label"), Literal(f"spacekg {self._version}", language="en")
        if claim.reason:
            yield node, self._term("disputeReason"), Literal(claim.reason, language="en")
        if claim.status is Status.DISPUTED:
            for denial in self._denials.get(_said(claim), ()):
                yield node, self._term("contradictedBy"), NamedNode(denial)
        if claim.attributed_to:
            yield node, self._term("attributedTo"), _entity(claim.attributed_to)
        for coined in claim.coined:
            yield _entity(coined.id), self._term("rdfs:label"), self._label(coined)
        yield from self._evidence(claim, evidence)

    def statement(self, claim: Claim) -> Triple:
        return _entity(claim.subject), self._term(claim.predicate), self._object(claim)

    def fact(self, claim: Claim, roles: Roles) -> Iterator[Triple]:
        if claim.status is not Status.ACCEPTED:
            return
        yield self.statement(claim)
        for coined in claim.coined:
            yield from self._coined(coined)
        if (
            claim.predicate == "hasParticipant"
            and isinstance(claim.object, str)
            and not self._is_rivalry(claim.subject)
        ):
            yield from self._participation(claim, claim.object, roles)

    def _is_rivalry(self, subject: str) -> bool:
        """Whether those who take part do so against each other: no collaboration follows from it."""
        known = self._entities.get(subject)
        return known is not None and self._declared.is_a(known.kind, "Competition")

    def _coined(self, coined: Coined) -> Iterator[Triple]:
        node = _entity(coined.id)
        yield node, self._term("rdf:type"), self._term(coined.kind)
        yield node, self._term("skos:prefLabel"), self._label(coined)
        for name, value in coined.facts:
            yield node, self._term(name), self._literal(value) if isinstance(value, Value) else _entity(value)

    def _participation(self, claim: Claim, agent: str, roles: Roles) -> Iterator[Triple]:
        """The same participation as a node of the collaboration, with what the agent does in it where that is told."""
        own = any(node.id == claim.subject and node.kind == "Collaboration" for node in claim.coined)
        collaboration = claim.subject if own else f"collaboration-on-{claim.subject}"
        node, part = _entity(collaboration), _entity(f"{collaboration}-{agent}")
        if not own:
            yield node, self._term("rdf:type"), self._term("Collaboration")
            label = Literal(f"collaboration on {self._name(claim.subject)}", language="en")
            yield node, self._term("skos:prefLabel"), label
            yield node, self._term("rdfs:label"), label
            yield node, self._term("concerns"), _entity(claim.subject)
        yield node, self._term("hasParticipation"), part
        yield part, self._term("rdf:type"), self._term("Participation")
        yield part, self._term("participant"), _entity(agent)
        things = [claim.subject, *(v for c in claim.coined for name, v in c.facts if name == "concerns")]
        for role in {role for thing in things for role in roles.get((str(thing), agent), ())}:
            yield part, self._term("role"), role
        named = [self._label(coined).value for coined in claim.coined if own and coined.id == claim.subject]
        text = f"{self._name(agent)} in the {named[0] if named else f'collaboration on {self._name(claim.subject)}'}"
        yield part, self._term("rdfs:label"), Literal(text, language="en")

    def _evidence(self, claim: Claim, evidence: NamedNode) -> Iterator[Triple]:
        text = claim.passage.document.text
        quote, position = NamedNode(f"{evidence.value[:-9]}#quote"), NamedNode(f"{evidence.value[:-9]}#position")
        integer = NamedNode(f"{XSD}nonNegativeInteger")
        yield evidence, self._term("rdf:type"), self._term("oa:SpecificResource")
        yield evidence, self._term("oa:hasSource"), _document(claim.passage.document)
        yield evidence, self._term("oa:hasSelector"), quote
        yield evidence, self._term("oa:hasSelector"), position
        yield quote, self._term("rdf:type"), self._term("oa:TextQuoteSelector")
        yield quote, self._term("oa:exact"), Literal(claim.quote)
        yield quote, self._term("oa:prefix"), Literal(text[max(claim.start - CONTEXT, 0) : claim.start])
        yield quote, self._term("oa:suffix"), Literal(text[claim.end : claim.end + CONTEXT])
        yield position, self._term("rdf:type"), self._term("oa:TextPositionSelector")
        yield position, self._term("oa:start"), Literal(str(claim.start), datatype=integer)
        yield position, self._term("oa:end"), Literal(str(claim.end), datatype=integer)

    def _object(self, claim: Claim) -> Term:
        if isinstance(claim.object, Value):
            return self._literal(claim.object)
        return self._term(claim.object) if claim.predicate == "rdf:type" else _entity(claim.object)

    def _literal(self, value: Value) -> Literal:
        if value.datatype:
            return Literal(value.text, datatype=self._term(value.datatype))
        return Literal(value.text, language=value.language) if value.language else Literal(value.text)

    def _label(self, coined: Coined) -> Literal:
        words, names = coined.naming
        named = [self._name(name) for name in names]
        return Literal(f"{words} {_listed(named)}".strip(), language="en")

    def _name(self, entity: str) -> str:
        known = self._entities.get(entity)
        return known.label if known else entity.replace("-", " ")

    def _term(self, name: str) -> NamedNode:
        return NamedNode(self._declared.iri(name))


def _roles(claims: Sequence[Claim], declared: Declared, implied: Mapping[object, object]) -> Roles:
    """What the accepted claims of one document say that somebody does in something; `implied` has a property's role."""
    accepted = [claim for claim in claims if claim.status is Status.ACCEPTED and isinstance(claim.object, str)]
    wholes: dict[str, list[str]] = {}
    for claim in accepted:
        if claim.predicate in BELONGS:
            wholes.setdefault(claim.subject, []).append(str(claim.object))
    roles: dict[tuple[str, str], set[NamedNode]] = {}
    for claim in accepted:
        role = implied.get(NamedNode(declared.iri(claim.predicate)))
        if isinstance(role, NamedNode):
            for thing in (claim.subject, *(wholes.get(claim.subject, ()) if claim.predicate == PROVIDED else ())):
                roles.setdefault((thing, str(claim.object)), set()).add(role)
    return roles


def _denials(claims: Iterable[Claim]) -> dict[object, list[str]]:
    """The claims that deny something, by what they deny."""
    found: dict[object, list[str]] = {}
    for claim in claims:
        if claim.polarity is Polarity.DENIED:
            found.setdefault(_said(claim), []).append(claim_iri(claim))
    return found


def _said(claim: Claim) -> object:
    return claim.subject, claim.predicate, claim.object


def claim_iri(claim: Claim) -> str:
    """The claim's IRI, made of what it says and where: reading the same document again mints the same ones."""
    value = claim.object if isinstance(claim.object, str) else f"{claim.object.text}^^{claim.object.datatype}"
    parts = [
        claim.passage.document.text_sha256,
        str(claim.start),
        str(claim.end),
        claim.subject,
        claim.predicate,
        value,
    ]
    return f"{BASE}claim/{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()[:24]}"


def _entity(name: str) -> NamedNode:
    if name.startswith(VOCAB):
        return NamedNode(f"{SKV}{name.removeprefix(VOCAB)}")
    return NamedNode(f"{BASE}{name}" if name.startswith(NEW) else f"{BASE}id/{name}")


def _document(document: Document) -> NamedNode:
    return NamedNode(f"{BASE}document/{document.name}")


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else ""
