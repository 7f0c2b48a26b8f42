"""claims    extract: passages and links → claims, each with the words that say it, and the words that say none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, groupby, islice

from spacekg import grammar
from spacekg.claims import (
    acting,
    agreements,
    aims,
    answers,
    brackets,
    captions,
    compounds,
    descriptions,
    frames,
    gaps,
    halves,
    involvement,
    kinds,
    launches,
    lines,
    members,
    mended,
    moods,
    openings,
    parallels,
    parts,
    periods,
    places,
    quantities,
    sentences,
    settings,
    shares,
    subtitles,
    whose,
)
from spacekg.claims.arguments import Reading
from spacekg.claims.coreference import Coreference
from spacekg.claims.discourse import Memory
from spacekg.claims.sentences import Sentence
from spacekg.claims.statements import DOUBTFUL_BELOW, Statement
from spacekg.lexicon import Lexicon
from spacekg.lexicon.calibration import BELIEVED_FROM
from spacekg.model import Claim, Link, Modality, Passage, Polarity, Refusal, Status, Value
from spacekg.reference import Entity

READERS = (
    *(frames.apply, launches.apply, periods.apply, kinds.apply),
    *(lines.apply, answers.apply, agreements.apply, quantities.apply, settings.apply, places.apply),
    *(compounds.apply, brackets.apply, captions.apply, whose.apply),
    *(subtitles.apply, shares.apply, members.apply, parts.apply),
)
"""Every way of reading a sentence; each yields statements."""
FALLBACKS = (involvement.apply, aims.apply)
"""What is read where these join nothing."""

PARTICIPANT = "hasParticipant"
NAMING = {"rdf:type", "skos:altLabel"}
"""Properties that hold of each of two names with `or` between them."""


def extract(
    passages: Sequence[Passage], links: Iterable[Link], lexicon: Lexicon, entities: Mapping[str, Entity]
) -> list[Claim]:
    """Read every passage and return its claims in the order of the text; each quotes the passage that makes it.

    A claim that is denied, planned, supposed or merely reported is returned with that mood and the status
    `uncertain`: it is kept as something said, and is no fact. A passage that grammar refuses makes no claim.
    """
    return examine(passages, links, lexicon, entities)[0]


def examine(
    passages: Sequence[Passage], links: Iterable[Link], lexicon: Lexicon, entities: Mapping[str, Entity]
) -> tuple[list[Claim], list[Refusal]]:
    """Read every passage as `extract` does, and return its claims and the declared words that state nothing."""
    found: list[Claim] = []
    refused: list[Refusal] = []
    for reading in _readings(passages, links, lexicon, entities):
        found += _claims(reading)
        refused += _refused(reading)
    return found, refused


def _readings(
    passages: Sequence[Passage], links: Iterable[Link], lexicon: Lexicon, entities: Mapping[str, Entity]
) -> Iterator[Reading]:
    """Yield the passages that grammar parses, ready for reading; use each before the next, which changes its memory."""
    parsed = [passage for passage in passages if not grammar.refused(passage.text)]
    for _, group in groupby(_prepared(parsed, links, lexicon, entities), key=lambda s: s.passage.document.name):
        memory = Memory(lexicon, entities)
        opening = list(islice(group, openings.READ))
        memory.lead, memory.speaker = openings.lead(opening, memory), openings.speaker(opening, memory)
        last: Reading | None = None
        for told in chain(opening, group):
            memory.turn_to(told.passage)
            sentence, back = descriptions.described(told, memory), Coreference(memory)
            reading = Reading(
                sentence,
                lexicon,
                entities,
                back.antecedents,
                memory.topic,
                memory.question,
                (*memory.centre, *memory.accord),
                memory.classes,
                last,
            )
            yield reading
            last = replace(reading, before=None)
            memory.keep(sentence, back.subject(sentence), back.objects(sentence))


def _refused(reading: Reading) -> Iterator[Refusal]:
    passage = reading.sentence.passage
    for pattern, word, lack in frames.silent(reading):
        start, end = passage.start + word.start, passage.start + word.end
        yield Refusal(passage.document.name, start, end, word.text, pattern, lack)


def _prepared(
    passages: Sequence[Passage], links: Iterable[Link], lexicon: Lexicon, entities: Mapping[str, Entity]
) -> Iterator[Sentence]:
    by_passage: dict[tuple[str, int], list[Link]] = {}
    for link in links:
        passage = link.mention.passage
        by_passage.setdefault((passage.document.name, passage.start), []).append(link)

    def kind_of(entity: str) -> str:
        return entities[entity].kind

    def branch_of(entity: str) -> str:
        return next((b for b in sentences.BRANCHES if lexicon.declared.is_a(kind_of(entity), b)), "")

    def named(passage: Passage) -> list[Link]:
        return halves.joined(by_passage.get((passage.document.name, passage.start), []), lexicon.halves)

    def is_agent(link: Link) -> bool:
        return lexicon.declared.is_a(kind_of(link.entity), "Agent")

    ready = ((p, sentences.group(p, named(p), branch_of), _concepts(p, lexicon)) for p in passages)
    for sentence in sentences.prepare(ready, kind_of, lexicon.declared.is_a):
        yield gaps.cut(mended.put_right(sentence, is_agent), lambda link: branch_of(link.entity))


def _concepts(passage: Passage, lexicon: Lexicon) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (passage.start + found.start, passage.start + found.end, name.entity)
        for found in lexicon.concepts.find(passage.text)
        for name in found.names
    )


def _claims(reading: Reading) -> Iterator[Claim]:
    best: dict[tuple[str, str, object], Statement] = {}
    for reader in (*READERS, _of_members):
        for statement in reader(reading):
            key = (statement.subject, statement.property, statement.object)
            if key not in best or best[key].confidence < statement.confidence:
                best[key] = statement
    for statement in parallels.apply(reading, list(best.values())):
        best.setdefault((statement.subject, statement.property, statement.object), statement)
    for statement in [s for fallback in FALLBACKS for s in fallback(reading, list(best.values()))]:
        best[statement.subject, statement.property, statement.object] = statement
    stated = _informative(best.values())
    by_trigger = {trigger: moods.mood(reading, trigger) for trigger in {statement.trigger for statement in stated}}
    open_ = acting.alternatives(reading.sentence)
    for statement in stated:
        mood = by_trigger[statement.trigger]
        unsure = mood.modality is Modality.ASSERTED and not open_.isdisjoint({statement.subject, statement.object})
        mood = replace(mood, modality=Modality.POSSIBLE) if unsure and statement.property not in NAMING else mood
        yield _claim(reading, statement, mood)


def _of_members(reading: Reading) -> Iterator[Statement]:
    return members.told_before(reading, READERS)


def _informative(found: Iterable[Statement]) -> list[Statement]:
    """Leave out that agents work together where the sentence says on what, and nothing else of their collaboration."""
    statements = list(found)
    partners: dict[str, set[str | Value]] = {}
    for statement in statements:
        if statement.property == PARTICIPANT:
            partners.setdefault(statement.subject, set()).add(statement.object)
    told = {statement.subject for statement in statements if statement.property != PARTICIPANT}
    own = {statement.subject for statement in statements if statement.coined}
    known = [agents for thing, agents in partners.items() if thing not in own]
    empty = {node for node in own - told if any(partners.get(node, set()) <= agents for agents in known)}
    return [statement for statement in statements if statement.subject not in empty]


def _claim(reading: Reading, statement: Statement, mood: moods.Mood) -> Claim:
    passage = reading.sentence.passage
    confidence = statement.confidence
    if confidence >= DOUBTFUL_BELOW:
        confidence = reading.lexicon.calibration.confidence(statement.rule, confidence)
    status, reason = _status(statement, mood)
    if status is Status.ACCEPTED and reading.lexicon.calibration.counts and confidence < BELIEVED_FROM:
        status, reason = Status.UNCERTAIN, f"its rule was right too seldom: {confidence:.2f}"
    return Claim(
        passage=passage,
        start=passage.start,
        end=passage.end,
        subject=statement.subject,
        predicate=statement.property,
        object=statement.object,
        rule=statement.rule,
        confidence=round(confidence, 3),
        polarity=mood.polarity,
        modality=mood.modality,
        attributed_to=mood.attributed_to,
        status=status,
        reason=reason,
        coined=statement.coined,
    )


def _status(statement: Statement, mood: moods.Mood) -> tuple[Status, str]:
    if mood.polarity is Polarity.DENIED:
        return Status.UNCERTAIN, "the text denies it"
    if mood.modality is not Modality.ASSERTED and mood.modality not in statement.tolerates:
        return Status.UNCERTAIN, f"the text does not assert it: {mood.modality}"
    if statement.confidence < DOUBTFUL_BELOW:
        return Status.UNCERTAIN, f"confidence {statement.confidence:.2f} is under {DOUBTFUL_BELOW}"
    return Status.ACCEPTED, ""
