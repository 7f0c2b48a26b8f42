"""statements what a rule found, before it is a claim: subject, property, object, and the word that brought it up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacekg.grammar import Word
from spacekg.model import Coined, Link, Value

DOUBTFUL_BELOW = 0.6
"""A claim of less confidence is kept, but it is no fact."""
COREFERENT = "antecedent"
COREFERENCE_FACTOR = 0.85
"""A pronoun that is read wrongly makes a false claim, so what rests on one counts less."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which pattern speaks, and how often it is right."""

    id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Statement:
    """One triple that a rule read out of a sentence."""

    subject: str
    property: str
    object: str | Value
    rule: str
    confidence: float
    trigger: Word | None = None
    """The word whose negation or mood is the statement's own; none where a list or a bracket says it."""
    tolerates: frozenset[str] = frozenset()
    """Moods in which the statement still holds: what a mission is planned to reach is its target."""
    coined: tuple[Coined, ...] = ()
    """Entities that this sentence brings up itself: a collaboration, an agreement, a quantity."""


def sure(confidence: float, links: Iterable[Link]) -> float:
    """The confidence of a rule, less where a name was only pointed back to."""
    return confidence * (COREFERENCE_FACTOR if any(link.method == COREFERENT for link in links) else 1.0)


def collaboration(
    things: Sequence[Link], participants: Sequence[Link], types: Sequence[str], targets: Sequence[str], rule: Rule
) -> Iterator[Statement]:
    """Say who works together: on each thing, or, where no thing is named, with one another."""
    for thing in dict.fromkeys(link.entity for link in things):
        about = [link for link in things if link.entity == thing]
        for agent in dict.fromkeys(link.entity for link in participants):
            by = [link for link in participants if link.entity == agent]
            yield Statement(thing, "hasParticipant", agent, rule.id, sure(rule.confidence, [*about, *by]))
        yield from _of(on_thing(thing), [("collaborationType", kind) for kind in types], rule, about)
    agents = list(dict.fromkeys(link.entity for link in participants))
    if not things and len(agents) > 1:
        said = [("hasParticipant", agent) for agent in agents]
        said += [("collaborationType", kind) for kind in types] + [("target", body) for body in targets]
        yield from _of(among(agents), said, rule, participants)


def standing(body: Link, types: Sequence[str], rule: Rule) -> Iterator[Statement]:
    """Say of a coordination body that it is a collaboration of these types, whoever its members are."""
    said = [("hasParticipant", body.entity), *(("collaborationType", kind) for kind in types)]
    yield from _of(among([body.entity]), said, rule, [body])


def _of(node: Coined, said: Sequence[tuple[str, str]], rule: Rule, links: Sequence[Link]) -> Iterator[Statement]:
    for name, value in said:
        yield Statement(node.id, name, value, rule.id, sure(rule.confidence, links), coined=(node,))


def on_thing(thing: str) -> Coined:
    """The collaboration that a mission, craft or programme is the work of."""
    return Coined(f"collaboration-on-{thing}", "Collaboration", ("collaboration on", (thing,)), (("concerns", thing),))


def among(agents: Iterable[str]) -> Coined:
    """The collaboration of these agents that a text speaks of without naming what they make."""
    ordered = tuple(sorted(set(agents)))
    return Coined(f"collaboration-of-{'-'.join(ordered)}", "Collaboration", ("collaboration of", ordered), ())
