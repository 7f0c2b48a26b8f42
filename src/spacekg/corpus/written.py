"""written   what a document says ↔ JSON, by which processes pass it on and in which it is kept."""

from __future__ import annotations

import json
from typing import Any

from spacekg.corpus.extraction import Extraction
from spacekg.model import (
    Claim,
    Coined,
    Document,
    Link,
    Mention,
    Modality,
    Passage,
    PassageKind,
    Polarity,
    Refusal,
    Status,
    Value,
)

Row = list[Any]
"""One value, its fields in the order of its class; another value is told by its place in the list of its kind."""


def dump(extraction: Extraction) -> str:
    """Write down what a document says, without the document; the same bytes for the same values."""
    passages = {passage: place for place, passage in enumerate(extraction.passages)}
    headings = {heading: place for place, heading in enumerate(dict.fromkeys(p.headings for p in passages))}
    headers = {header: place for place, header in enumerate(dict.fromkeys(p.header for p in passages))}
    mentions = {id(mention): place for place, mention in enumerate(extraction.mentions)}
    return json.dumps(
        {
            "headings": list(headings),
            "headers": list(headers),
            "passages": [
                [p.start, p.end, p.kind, headings[p.headings], p.cells, headers[p.header]] for p in extraction.passages
            ],
            "mentions": [
                [passages[m.passage], m.start, m.end, m.candidates, m.kind, m.risky] for m in extraction.mentions
            ],
            "links": [[mentions[id(link.mention)], link.entity, link.method] for link in extraction.links],
            "open": [mentions[id(mention)] for mention in extraction.open],
            "claims": [dump_claim(claim, passages[claim.passage]) for claim in extraction.claims],
            "refused": [[each.start, each.end, each.words, each.rule, each.reason] for each in extraction.refused],
        },
        separators=(",", ":"),
    )


def load(text: str, document: Document) -> Extraction:
    """Make the values again that `dump` wrote down of this document."""
    told = json.loads(text)
    headings = [tuple(each) for each in told["headings"]]
    headers = [tuple(each) for each in told["headers"]]
    passages = [
        Passage(document, start, end, PassageKind(kind), headings[above], _pairs(cells), headers[header])
        for start, end, kind, above, cells, header in told["passages"]
    ]
    mentions = [
        Mention(passages[place], start, end, tuple(candidates), kind, risky)
        for place, start, end, candidates, kind, risky in told["mentions"]
    ]
    return Extraction(
        tuple(passages),
        tuple(mentions),
        tuple(Link(mentions[place], entity, method) for place, entity, method in told["links"]),
        tuple(mentions[place] for place in told["open"]),
        tuple(load_claim(row, passages) for row in told["claims"]),
        tuple(Refusal(document.name, *row) for row in told["refused"]),
    )


def dump_claim(claim: Claim, place: int) -> Row:
    """Write down a claim; `place` is that of its passage among those that `load_claim` will be given."""
    return [
        place,
        claim.start,
        claim.end,
        claim.subject,
        claim.predicate,
        _object(claim.object),
        claim.rule,
        claim.confidence,
        claim.polarity,
        claim.modality,
        claim.attributed_to,
        claim.status,
        claim.reason,
        [
            [node.id, node.kind, node.naming, [[name, _object(value)] for name, value in node.facts]]
            for node in claim.coined
        ],
    ]


def load_claim(row: Row, passages: list[Passage]) -> Claim:
    """Make the claim again."""
    place, start, end, subject, predicate, value, rule, confidence, polarity, modality, source, *rest = row
    status, reason, coined = rest
    return Claim(
        passages[place],
        start,
        end,
        subject,
        predicate,
        _read_object(value),
        rule,
        confidence,
        Polarity(polarity),
        Modality(modality),
        source,
        Status(status),
        reason,
        tuple(
            Coined(name, kind, (words, tuple(named)), tuple((fact, _read_object(value)) for fact, value in facts))
            for name, kind, (words, named), facts in coined
        ),
    )


def _object(value: str | Value) -> str | Row:
    return value if isinstance(value, str) else [value.text, value.datatype, value.language]


def _read_object(value: str | Row) -> str | Value:
    return value if isinstance(value, str) else Value(*value)


def _pairs(cells: list[Row]) -> tuple[tuple[int, int], ...]:
    return tuple((start, end) for start, end in cells)
