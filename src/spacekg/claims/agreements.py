"""agreements who signed what with whom, when and about what: «In 1998 … signed an agreement on …»."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacekg.claims import moods
from spacekg.claims.arguments import Reading
from spacekg.claims.clauses import DEPTH
from spacekg.claims.dates import DateSpan
from spacekg.claims.statements import Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Coined, Link, Value

AGREEMENT = "Agreement"
PARTIES = ("between", "with", "by", "among", "of", "involving")
THINGS = ("Endeavour", "SpaceAsset")
ABOUT = ("on", "about", "for", "concerning")
SHARED = ("SpaceMission", "Spacecraft")
"""What those take part in who agree on it; about a programme they may agree on something else."""
CONFIDENCE = 0.85
JOINING = {
    "sign",
    "join",
    "accede",
    "ratify",
    "adhere",
    "follow",
    "come",
    "begin",
    "start",
    "add",
    "become",
    "enter",
    "put",
}
"""Verbs by which a state becomes a party, where the section is about an agreement."""


@dataclass(frozen=True, slots=True)
class _Deal:
    """An agreement that has no name: who, about what, when, and the word that says so."""

    agents: list[Link]
    about: list[Link]
    date: DateSpan | None
    trigger: Word


def apply(reading: Reading) -> Iterator[Statement]:
    """Yield the signatories, date and subject of agreements: named ones, or one that the sentence brings up."""
    yield from _under_heading(reading)
    for word in reading.sentence.tree.words:
        if _is_signing(reading, word):
            yield from _signed_by_name(reading, word)
        noun = word.tag.startswith("NN") and word.index not in reading.sentence.by_word
        if noun and reading.lexicon.class_nouns.get(singular(word.text.lower())) == AGREEMENT:
            deal = _deal(reading, word)
            if len(deal.agents) > 1:
                yield from _stated(deal)
                yield from _shared(deal, reading.fitting(deal.about, SHARED))


def _under_heading(reading: Reading) -> Iterator[Statement]:
    """States that «came next» or stand in a list, where the section is about an agreement."""
    about = reading.fitting(reading.topic, [AGREEMENT])
    if not about:
        return
    tree, text = reading.sentence.tree, reading.sentence.passage.document.text
    joining = [word for word in tree.words if word.tag.startswith("VB") and word.lemma in JOINING]
    if not joining or moods.doubtful(reading):
        return
    for index, group in reading.sentence.by_word.items():
        word = tree.words[index]
        subject = word.relation == "nsubj" and tree.words[word.head] in joining
        if subject or text[: group.start].rstrip().endswith((":", ";")):
            for state in reading.fitting(group.links, ["State"]):
                confidence = sure(CONFIDENCE, [about[0], state])
                yield Statement(about[0].entity, "signatory", state.entity, "a-joined", confidence, joining[0])


def _is_signing(reading: Reading, word: Word) -> bool:
    return word.tag.startswith("VB") and word.lemma in reading.lexicon.signings


def _signed_by_name(reading: Reading, verb: Word) -> Iterator[Statement]:
    for agreement in reading.first(verb, ["patient"], [AGREEMENT]):
        for agent in reading.first(verb, ["agent"], ["Agent"]):
            confidence = sure(CONFIDENCE, [agreement, agent])
            yield Statement(agreement.entity, "signatory", agent.entity, "a-signed", confidence, verb)


def _deal(reading: Reading, noun: Word) -> _Deal:
    above = reading.sentence.tree.governor(noun)
    signing = above if above is not None and _is_signing(reading, above) else None
    agents = reading.all(noun, PARTIES, ["Agent"])
    if signing is not None:
        signers = reading.all(signing, ["agent", "involving"], ["Agent"])
        if noun.tag == "NNS" and not signers and not reading.all(noun, ["between", "among"], ["Agent"]):
            agents = []  # «It signed agreements with A and B»: those are not with each other.
        agents = reading.fitting([*agents, *signers], ["Agent"])
    trigger = signing or noun
    ends = [end for path in ABOUT for end in reading.heads(noun, path)]
    about = reading.fitting(list(_below(reading, noun)), THINGS) or reading.pointed(ends, THINGS)
    return _Deal(agents, about, reading.date(trigger), trigger)


def _stated(deal: _Deal) -> Iterator[Statement]:
    names = sorted(agent.entity for agent in deal.agents)
    subject = [thing.entity for thing in deal.about[:1]]
    when = [deal.date.value] if deal.date else []
    node = Coined("-".join(["agreement-of", *names, *subject, *when]), AGREEMENT, ("agreement of", tuple(names)))
    said: list[tuple[str, str | Value]] = [("signatory", name) for name in names]
    said += [("concerns", thing.entity) for thing in deal.about]
    said += [("date", Value(deal.date.value, deal.date.datatype))] if deal.date else []
    confidence = sure(CONFIDENCE, [*deal.agents, *deal.about])
    for name, value in said:
        yield Statement(node.id, name, value, "a-agreed", confidence, deal.trigger, coined=(node,))


def _shared(deal: _Deal, things: list[Link]) -> Iterator[Statement]:
    for thing in things:
        for agent in deal.agents:
            confidence = sure(CONFIDENCE, [thing, agent])
            yield Statement(thing.entity, "hasParticipant", agent.entity, "a-shared", confidence, deal.trigger)


def _below(reading: Reading, word: Word, depth: int = DEPTH) -> Iterator[Link]:
    """Every name below a word: what the agreement is about stands in its clause, however it is put."""
    for child in reading.sentence.tree.children(word):
        group = reading.sentence.by_word.get(child.index)
        if group:
            yield from group.links
        if depth:
            yield from _below(reading, child, depth - 1)
