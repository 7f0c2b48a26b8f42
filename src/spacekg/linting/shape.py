"""shape     finds patterns that do not hang together, paths without ends, and variables that lead nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz, process

from spacekg.declared import RDF
from spacekg.guard import Names, Token
from spacekg.linting.findings import Finding, place
from spacekg.linting.groups import Group, Part, Triple, names
from spacekg.linting.vocabulary import Vocabulary

AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
ENDLESS = ("*", "+")
ISLANDS, UNBOUND = 50, 5
"""How many parts that do not touch are told apart, and for how many variables a likely one is looked for."""
MANY = 1_000
"""Rows of an answer beyond which nobody reads it."""


def disconnected(query: str, group: Group) -> Iterator[Finding]:
    """Find parts of a group that share nothing: each solution of one is combined with each of the other."""
    for inner in group.walk():
        subjects = {part.triple.subject.text for part in inner.parts if part.triple and _constant(part.triple.subject)}
        islands: list[tuple[Part, frozenset[str]]] = []
        for part in inner.parts:
            held = part.names | _held(part, subjects)
            if part.names and part.kind not in ("MINUS", "OPTIONAL"):
                if len(islands) > ISLANDS:
                    break
                touching = [island for island in islands if island[1] & held]
                first = touching[0][0] if touching else part
                merged = held.union(*(island[1] for island in touching))
                islands = [island for island in islands if island not in touching] + [(first, merged)]
        matching = [island for island in islands if island[0].kind not in ("FILTER", "BIND", "VALUES")]
        for start, shared in sorted(matching, key=lambda island: island[0].start.start)[1:]:
            variables = ", ".join(sorted(name for name in shared if name.startswith("?"))[:3]) or "this pattern"
            yield Finding(
                "cross-product",
                f"{variables}: nothing joins this to the patterns before it, so every solution is combined with every "
                "other: use a variable of theirs in it",
                *place(query, start.start.start),
            )


def endless(query: str, group: Group) -> Iterator[Finding]:
    """Find paths of any length between two variables that nothing else in the query holds."""
    uses = Counter(name for inner in group.walk() for part in inner.parts for name in _own(part))
    for inner in group.walk():
        for part in inner.parts:
            if part.triple is None or not any(token.text in ENDLESS for token in part.triple.verb):
                continue
            ends = names((part.triple.subject, part.triple.value))
            if len(ends) == 2 and all(uses[name] == 1 for name in ends):
                yield Finding(
                    "unbounded-path",
                    f"the path from {part.triple.subject.text} to {part.triple.value.text} may begin and end anywhere: "
                    "give it a beginning or an end",
                    *place(query, part.triple.verb[0].start),
                )


def lonely(query: str, tokens: Sequence[Token], group: Group, body: int) -> Iterator[Finding]:
    """Find variables that are asked for and not in the pattern, and values that nothing else in the query looks at."""
    counts = Counter(f"?{token.text[1:]}" for token in tokens if token.kind == "variable")
    inside = _inside(group)
    head = [token for token in tokens if token.start < body]
    unbound = [
        token
        for before, token in zip([None, *head], head, strict=False)
        if token.kind == "variable" and f"?{token.text[1:]}" not in inside and not (before and before.word == "AS")
    ]
    for token in unbound[:UNBOUND]:
        name = f"?{token.text[1:]}"
        scores = process.extract(name, sorted(inside), scorer=fuzz.ratio, score_cutoff=60, limit=3)
        near = tuple(each for each, _, _ in scores)
        advice = f"did you mean {' or '.join(near)}?" if near else "it will be empty in every row"
        yield Finding("unbound-variable", f"{name} is not in the pattern: {advice}", *place(query, token.start), near)
    if any(token.text == "*" or token.word == "ASK" for token in head):
        return
    for token in _values(group):
        if counts[f"?{token.text[1:]}"] == 1:
            message = f"{token.text} is used only once: if it is no typing error, write [] for what does not matter"
            yield Finding("single-variable", message, *place(query, token.start))


def unlimited(
    query: str, tokens: Sequence[Token], group: Group, known: Vocabulary, prefixes: Names
) -> Iterator[Finding]:
    """Find a query for very much: no LIMIT, nothing named or counted, and even its rarest pattern is frequent."""
    words = {token.word for token in tokens}
    if words & {"LIMIT", "VALUES", "ASK", "DESCRIBE", *AGGREGATES}:
        return
    rarest = min((_frequency(triple, known, prefixes) for triple in group.triples()), default=0)
    if rarest > MANY:
        first = next(token for token in tokens if token.word in ("SELECT", "CONSTRUCT"))
        message = f"the answer may have {rarest:,} rows or more: end the query with LIMIT 100 until it is what you want"
        yield Finding("no-limit", message, *place(query, first.start))


def _frequency(triple: Triple, known: Vocabulary, prefixes: Names) -> int:
    if _constant(triple.subject):
        return 0
    if not triple.verb or len(triple.verb) > 1 or triple.verb[0].kind == "variable":
        return 0 if _constant(triple.value) else known.triples
    if triple.verb[0].text == "a" and _constant(triple.value):
        return known.classes.get(prefixes.iri(triple.value) or "", 0)
    iri = f"{RDF}type" if triple.verb[0].text == "a" else prefixes.iri(triple.verb[0]) or ""
    return 0 if _constant(triple.value) else known.properties.get(iri, 0)


def _values(group: Group) -> Iterator[Token]:
    """Give the variables among predicates and objects, without patterns that only test whether there is something."""
    for part in group.parts:
        if part.triple is not None:
            yield from (token for token in (*part.triple.verb, part.triple.value) if token.kind == "variable")
        if part.kind not in ("FILTER", "MINUS", "SELECT"):
            for inner in part.groups:
                yield from _values(inner)


def _held(part: Part, subjects: set[str]) -> frozenset[str]:
    """Give the things that the group tells of which a part is about: what is said of one thing hangs together."""
    if part.triple is None:
        return frozenset()
    return frozenset(subjects & {part.triple.subject.text, part.triple.value.text})


def _own(part: Part) -> frozenset[str]:
    return frozenset() if part.kind in ("FILTER",) or part.groups else part.names


def _inside(group: Group) -> frozenset[str]:
    every = (part.names for inner in group.walk() for part in inner.parts)
    return frozenset(name for found in every for name in found if name.startswith("?"))


def _constant(token: Token) -> bool:
    return token.kind in ("iri", "name", "string", "number")
