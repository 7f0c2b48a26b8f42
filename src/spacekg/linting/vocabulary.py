"""vocabulary  an engine → the words its data use: prefixes, classes, properties and the names of things."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode
from rapidfuzz import fuzz, process

from spacekg.answers import Engine, Row
from spacekg.declared import BASE
from spacekg.errors import SpacekgError

SEARCH = f"{BASE}search#"
"""Properties that search; the engine puts what they find in their place, so the data do not have them."""
NEAR = 3
"""How many suggestions a finding has."""
ALIKE, ALIKE_ELSEWHERE, ALIKE_IN_PART = 70, 85, 88
"""From which similarity on, of 100, one name may have been meant for another: of the same namespace, of another one,
and where one is a part of the other."""
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[-_]")
_LOCAL = re.compile(r"[^\W_](?:[\w.-]*\w)?")


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a release talks about, and how its terms are written; two are the same if they are one."""

    prefixes: Mapping[str, str] = field(default_factory=dict)
    """Prefix, without its colon, to namespace."""
    classes: Mapping[str, int] = field(default_factory=dict)
    """Each class with the number of things that have it."""
    properties: Mapping[str, int] = field(default_factory=dict)
    """Each property with the number of triples that have it."""
    graphs: frozenset[str] = frozenset()
    things: Mapping[str, str] = field(default_factory=dict)
    """Lower-case names of things, each with the IRI of the first thing that has it."""
    exists: Callable[[str], bool] = lambda _: True
    """Whether the data say anything of an IRI."""
    own: Mapping[str, str] = field(default_factory=dict)
    """The prefixes that the query declares, by which suggestions are written before all others."""

    @property
    def triples(self) -> int:
        """How many triples there are."""
        return sum(self.properties.values())

    def compact(self, iri: str) -> str:
        """Write an IRI as the query would: with a prefix of its own, another one that is known, or in full."""
        for prefixes in (self.own, self.prefixes):
            fitting = [(len(space), prefix) for prefix, space in prefixes.items() if space and iri.startswith(space)]
            for length, prefix in sorted(fitting, reverse=True):
                if _LOCAL.fullmatch(iri[length:]):
                    return f"{prefix}:{iri[length:]}"
        return f"<{iri}>"

    def near(self, iri: str, known: Iterable[str]) -> tuple[str, ...]:
        """Find the terms that are written most like one, those of its own namespace before the others."""
        words, space = _words(iri), iri.removesuffix(_local(iri))
        scores = process.extract(words, {each: _words(each) for each in known}, scorer=fuzz.ratio, limit=20)
        ranked = sorted((not each.startswith(space), -score, each) for _, score, each in scores)
        likely = [each for other, score, each in ranked if -score >= (ALIKE_ELSEWHERE if other else ALIKE)]
        return tuple(self.compact(each) for each in likely[:NEAR])

    def near_things(self, iri: str) -> tuple[str, ...]:
        """Find the things whose names are most like the end of an IRI."""
        words = _words(iri)
        whole = process.extract(words, self.things.keys(), scorer=fuzz.ratio, score_cutoff=ALIKE, limit=20)
        within = process.extract(words, self.things.keys(), scorer=fuzz.WRatio, score_cutoff=ALIKE_IN_PART, limit=20)
        scores = {name: score for name, score, _ in [*within, *whole]}
        ranked = sorted(scores, key=lambda name: (-scores[name], -fuzz.ratio(words, name), name))
        return tuple(dict.fromkeys(self.compact(self.things[name]) for name in ranked))[:NEAR]

    def near_prefixes(self, prefix: str) -> tuple[str, ...]:
        """Find the declarations of the prefixes that are written most like one; of itself, where it is known."""
        if prefix in self.prefixes:
            return (f"PREFIX {prefix}: <{self.prefixes[prefix]}>",)
        scores = process.extract(prefix, list(self.prefixes), scorer=fuzz.ratio, score_cutoff=60, limit=NEAR)
        return tuple(f"PREFIX {name}: <{self.prefixes[name]}>" for name, _, _ in scores)


def read(engine: Engine, prefixes: Mapping[str, str]) -> Vocabulary:
    """Read the words of what an engine answers from.

    Raises:
        SpacekgError: it has not the queries for that, or refuses them.
    """
    things: dict[str, str] = {}
    for row in sorted(engine.answer_named("lint/names"), key=lambda row: _value(row, "iri")):
        things.setdefault(_value(row, "name").lower(), _value(row, "iri"))
        things.setdefault(_words(_value(row, "iri")), _value(row, "iri"))
    return Vocabulary(
        {"search": SEARCH, **prefixes},
        _uses(engine, "classes"),
        _uses(engine, "properties"),
        frozenset(engine.summary.graphs),
        things,
        lambda iri: _exists(engine, iri),
    )


def _uses(engine: Engine, kind: str) -> dict[str, int]:
    """Count how often each is used; that it is declared is a use. They are counted by themselves: that is quick."""
    rows = [row for row in engine.answer_named(f"lint/{kind}") if isinstance(row["iri"], NamedNode)]
    uses = Counter({_value(row, "iri"): int(_value(row, "uses")) for row in rows})
    uses.update(_value(row, "iri") for row in engine.answer_named(f"lint/declared_{kind}"))
    return uses


def _value(row: Row, name: str) -> str:
    term = row[name]
    return term.value if isinstance(term, NamedNode | Literal) else ""


def _exists(engine: Engine, iri: str) -> bool:
    try:
        return bool(engine.answer_named("lint/known", iri=iri))
    except SpacekgError:
        return True


def _local(iri: str) -> str:
    return re.split(r"[/#:]", iri)[-1]


def _words(iri: str) -> str:
    return _CAMEL.sub(" ", _local(iri)).lower()
