"""outcomes  a name of a list → what it was linked to, or which candidates it has, after what a person decided."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from spacekg.matching.records import Record
from spacekg.matching.scoring import Candidate

CERTAIN = 95.0
"""A match below is put before a person, as are all names without a match that have candidates."""
DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Choice:
    """An entity that a name may mean; `id` is its Wikidata item, or ours where it has none."""

    id: str
    iri: str
    label: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a name. `qid`, `iri` and `label` are empty unless it is a match."""

    name: str
    context: str
    """The values that came with the name, as text."""
    subject: str
    """The IRI that the list gives the row, or empty."""
    match: bool
    score: float
    qid: str
    iri: str
    label: str
    relation: str
    """`exact` or `close`: how the Wikidata item stands to our entity."""
    seen: str
    how: str
    why: str
    candidates: tuple[Choice, ...] = ()
    rejected: tuple[str, ...] = ()
    """IRIs of what a person said it is not."""

    @property
    def needs_eyes(self) -> bool:
        """Whether a person should look at it."""
        return self.how != DECIDED and bool(self.candidates) and (not self.match or self.score < CERTAIN)

    @property
    def others(self) -> str:
        """The candidates as text."""
        return " | ".join(f"{each.id} {each.label} ({each.kind}) {each.score:g}" for each in self.candidates)

    def to_json(self) -> str:
        """Write it down so that `from_json` gives the same."""
        return json.dumps(asdict(self), ensure_ascii=False)


def from_json(text: str) -> Outcome:
    """Read what `to_json` wrote."""
    fields = json.loads(text)
    choices = tuple(Choice(**each) for each in fields.pop("candidates"))
    rejected = tuple(fields.pop("rejected"))
    return Outcome(**fields, candidates=choices, rejected=rejected)


def choice(candidate: Candidate) -> Choice:
    """Give what is kept of a candidate."""
    record = candidate.record
    return Choice(id_of(record), record.iri, record.label, record.kind, candidate.score)


def id_of(record: Record) -> str:
    """Give the id by which a person names an entity: its QID where it has one."""
    return record.qid or record.id
