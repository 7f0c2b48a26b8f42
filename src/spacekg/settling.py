"""settling  settle    claims → the graph in which none of them breaks a rule, and the claims that were held back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Quad

from spacekg import reasoning, validation
from spacekg.declared import Declared
from spacekg.graph import claim_iri
from spacekg.model import Claim, Status
from spacekg.validation import Report
from spacekg.validation.report import VIOLATION

ROUNDS = 3
"""How often claims are held back before the graph is left as it is, for the report to refuse it."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What the documents say and what follows, checked; `claims` has those held back as `uncertain`."""

    claims: tuple[Claim, ...]
    said: tuple[Quad, ...]
    inferred: tuple[Quad, ...]
    report: Report


def settle(
    claims: Sequence[Claim],
    assemble: Callable[[Sequence[Claim]], list[Quad]],
    known: Sequence[Quad],
    declared: Declared,
) -> Settled:
    """Assemble, infer and check; hold back the claims behind a violation and do it again.

    So one text cannot keep a graph from being published. `assemble` makes the quads of claims; `known` is what stands
    beside them. A violation that no claim led to stays in the report.
    """
    settled = _try(claims, assemble, known, declared)
    for _ in range(ROUNDS):
        blamed = blame(settled.report)
        if not blamed:
            break
        settled = _try(hold_back(settled.claims, blamed), assemble, known, declared)
    return settled


def hold_back(claims: Iterable[Claim], blamed: Mapping[str, str]) -> list[Claim]:
    """Make those of the claims uncertain that are blamed for a violation; `blamed` has them by IRI, each with why."""
    return [_held_back(claim, blamed) for claim in claims]


def _try(
    claims: Sequence[Claim],
    assemble: Callable[[Sequence[Claim]], list[Quad]],
    known: Sequence[Quad],
    declared: Declared,
) -> Settled:
    said = assemble(claims)
    inferred = reasoning.infer([*known, *said], declared.ontology)
    report = validation.check([*known, *said, *inferred], declared.shapes, declared.ontology)
    return Settled(tuple(claims), tuple(said), tuple(inferred), report)


def blame(report: Report) -> dict[str, str]:
    """Find the claims behind violations, by IRI, each with what is wrong."""
    wrong = [violation for violation in report.violations if violation.severity == VIOLATION]
    return {quote.claim: violation.message for violation in wrong for quote in violation.claims}


def _held_back(claim: Claim, blamed: Mapping[str, str]) -> Claim:
    message = blamed.get(claim_iri(claim))
    if message is None or claim.status is not Status.ACCEPTED:
        return claim
    return replace(claim, status=Status.UNCERTAIN, reason=f"it would break a rule of the graph: {message}")
