"""terms     finds the names in a query that the data do not know."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from spacekg.declared import RDF
from spacekg.guard import Names, Token
from spacekg.linting.findings import Finding, place
from spacekg.linting.groups import Group
from spacekg.linting.vocabulary import SEARCH, Vocabulary

LOOKED_UP = 5
"""How many different unknown names of a query are looked up; a list of a thousand is no typing error."""


def undeclared(query: str, tokens: Sequence[Token], names: Names, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find prefixes that the query does not declare, each where it is first used."""
    seen: set[str] = {f"{prefix}:" for prefix in names.prefixes}
    for token, before in zip(tokens, [None, *tokens], strict=False):
        prefix = token.text.partition(":")[0] + ":"
        declaring = before is not None and before.word == "PREFIX"
        if token.kind != "name" or declaring or prefix in seen:
            continue
        if len(seen) > len(names.prefixes) + LOOKED_UP:
            return
        seen.add(prefix)
        near = vocabulary.near_prefixes(prefix[:-1])
        advice = f"did you mean {' or '.join(near)}" if near else f"begin the query with PREFIX {prefix} <IRI>"
        yield Finding("unknown-prefix", f"{prefix} is not declared: {advice}", *place(query, token.start), near)


def unknown(query: str, group: Group, names: Names, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Find classes, properties and things that the data do not know, each where it is first used."""
    seen: set[str] = set()
    found = 0
    if not vocabulary.properties:
        return
    for kind, token in _used(group, names):
        iri = names.iri(token)
        if iri is None or iri in seen or iri.startswith(SEARCH) or found >= LOOKED_UP:
            continue
        seen.add(iri)
        known = _known(kind, vocabulary)
        if iri in known or (kind == "thing" and vocabulary.exists(iri)):
            continue
        found += 1
        near = vocabulary.near_things(iri) if kind == "thing" else vocabulary.near(iri, known)
        advice = f"did you mean {' or '.join(near)}?" if near else "nothing in the data is called like it"
        message = f"the data have no {kind} {token.text}: {advice}"
        yield Finding(f"unknown-{kind}", message, *place(query, token.start), near)


def _known(kind: str, vocabulary: Vocabulary) -> Collection[str]:
    known: Mapping[str, Collection[str]] = {
        "class": vocabulary.classes,
        "property": vocabulary.properties,
        "graph": vocabulary.graphs,
    }
    return known.get(kind, ())


def _used(group: Group, names: Names) -> Iterator[tuple[str, Token]]:
    for inner in group.walk():
        for part in inner.parts:
            if part.graph is not None:
                yield "graph", part.graph
            if part.triple is None:
                continue
            verb, value = part.triple.verb, part.triple.value
            yield from (("property", token) for token in verb if token.kind in ("iri", "name"))
            yield "thing", part.triple.subject
            of_class = len(verb) == 1 and (verb[0].text == "a" or names.iri(verb[0]) == f"{RDF}type")
            yield "class" if of_class else "thing", value
