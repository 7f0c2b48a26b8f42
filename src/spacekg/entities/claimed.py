"""claimed   rows of a query for claims → claims, and a text → its pieces with the claims that quote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, pairwise

from pyoxigraph import Literal, NamedNode

from spacekg.answers import Row
from spacekg.entities.naming import spelled
from spacekg.entities.values import Claim, Evidence, Named, Segment

SHORTEST = 2
"""Characters that a name has at least to be looked for in a text."""
Naming = Callable[[str], Named]


def read(rows: Iterable[Row], predicate: Naming, thing: Naming) -> tuple[Claim, ...]:
    """Make a claim of each row, in the order of their IRIs, with names for its property and its two ends."""
    found = {_text(row, "claim"): row for row in rows}
    return tuple(_claim(iri, row, predicate, thing) for iri, row in sorted(found.items()))


def mark(
    text: str,
    claims: Sequence[Claim],
    names: Mapping[str, Named] | None = None,
    within: tuple[int, int] | None = None,
) -> list[Segment]:
    """Cut a text, or what is `within` two places of it, wherever a quote or a name begins or ends.

    Put together again, the pieces are the text. `names` are what things of the document are called; where two overlap,
    the longer one counts.
    """
    first, last = within or (0, len(text))
    placed = [claim for claim in claims if 0 <= claim.evidence.start < claim.evidence.end <= len(text)]
    named = _named_in(text, names or {}, first, last)
    quotes = ((claim.evidence.start, claim.evidence.end) for claim in placed)
    inside = (place for place in chain(*quotes, *named) if first < place < last)
    segments = []
    for start, end in pairwise(sorted({first, last, *inside})):
        around = tuple(claim for claim in placed if claim.evidence.start <= start and end <= claim.evidence.end)
        begun = frozenset(claim.iri for claim in around if claim.evidence.start == start)
        thing = next((thing for (begin, until), thing in named.items() if begin <= start and end <= until), None)
        segments.append(Segment(text[start:end], around, begun, thing))
    return segments


def _named_in(text: str, names: Mapping[str, Named], first: int, last: int) -> dict[tuple[int, int], Named]:
    part = text[first:last]
    there = (name for name in names if len(name) >= SHORTEST and name in part)
    longest = sorted(there, key=lambda name: (-len(name), name))
    if not longest:
        return {}
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)")
    return {match.span(): names[match[0]] for match in pattern.finditer(text, first, last)}


def _claim(iri: str, row: Row, predicate: Naming, thing: Naming) -> Claim:
    value = row["object"]
    return Claim(
        iri=iri,
        subject=thing(_text(row, "subject")),
        predicate=predicate(_text(row, "predicate")),
        object=value if isinstance(value, Literal) else thing(_text(row, "object")),
        status=_word(row, "status"),
        polarity=_word(row, "polarity"),
        modality=_word(row, "modality"),
        confidence=_text(row, "confidence"),
        rule=_text(row, "rule"),
        reason=_text(row, "reason"),
        said_by=_word(row, "said"),
        against=tuple(sorted(_text(row, "against").split())),
        evidence=_evidence(row),
    )


def _evidence(row: Row) -> Evidence:
    return Evidence(
        document=Named(_text(row, "document"), _text(row, "title") or spelled(_text(row, "document"))),
        exact=_text(row, "exact"),
        prefix=_text(row, "prefix"),
        suffix=_text(row, "suffix"),
        start=int(_text(row, "start") or -1),
        end=int(_text(row, "end") or -1),
    )


def _word(row: Row, variable: str) -> str:
    """Give a concept by the end of its IRI, and a text as it is."""
    term = row.get(variable)
    return spelled(term.value) if isinstance(term, NamedNode) else _text(row, variable)


def _text(row: Row, variable: str) -> str:
    term = row.get(variable)
    return term.value if isinstance(term, NamedNode | Literal) else ""
