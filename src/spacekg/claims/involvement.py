"""involvement who has a hand in what, where a clause says it in words that no pattern foresees."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from spacekg.claims import acting, apart, carried, clauses, denials, focus, frames, gapped, moods, timing, turns
from spacekg.claims.anaphors import PARTING
from spacekg.claims.arguments import STAFF, Reading
from spacekg.claims.focus import CRAFT, INDEFINITE
from spacekg.claims.sentences import Group
from spacekg.claims.statements import DOUBTFUL_BELOW, Rule, Statement, sure
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link, PassageKind

PARTICIPANT, AGENT = "hasParticipant", "Agent"
THINGS = ("SpaceMission", "SpaceProgramme", "Spacecraft", "SpaceStation", "Instrument", "StationModule")
OTHERS = ("SpaceAsset", "Agreement", "LaunchSite", "CelestialBody")
CLAUSE = Rule("i-clause", 0.75)
TOPIC = Rule("i-topic", 0.75)
CARRYING = {"carries", "carried", "board", "aboard", "inside"}
"""Words of a heading under which stands what a craft carries, beside nouns such as «instruments»."""
ACTING = {"by", "with", "from", "between", "among", "including", "of", "as", "alongside"}
"""Prepositions behind which a state acts; behind the others it is a place."""
EMPTY_VERBS = {"have", "see"}
PRONOUNS = frozenset("it they them this these those one ones first second third other others".split())
WATCHING = {"watch", "witness", "follow", "hear", "wait"}
"""Verbs of those who only look on: «had followed the countdown»."""
MADE_FOR = frozenset("build make develop manage operate run launch assemble manufacture design construct".split())
"""Verbs behind which an organization after `for` is whose thing it is: «built Juno for NASA»."""


def apply(reading: Reading, said: Iterable[Statement]) -> Iterator[Statement]:
    """Yield that an agent takes part in a thing of its clause, where nothing said of the sentence joins the two.

    A word of doubt, plan or denial silences all of its sentence, but for a clause that stands apart from it.
    """
    if reading.sentence.passage.kind in {PassageKind.QUESTION, PassageKind.HEADING, PassageKind.ROW}:
        return
    tree = reading.sentence.tree
    declared = [word for word in tree.words if _declared(reading, word)]
    doubts = moods.doubting(reading) if declared else set()
    triggers = [w for w in declared if apart.part_of(tree, w) not in doubts and not _empty(reading, w)]
    left_out = [pair for trigger in triggers[:1] for pair in gapped.agents(reading, trigger)]
    sure_of = [s for s in said if isinstance(s.object, str) and s.confidence >= DOUBTFUL_BELOW]
    joined = {frozenset((s.subject, s.object)) for s in sure_of}
    # What a verb says of an agent it says of one thing.
    busy = {(s.trigger, s.object) for s in sure_of if s.trigger is not None and _is_thing(reading, s.subject)}
    for trigger in triggers:
        clause = clauses.clause(tree, trigger)
        if denials.by_nobody(reading, clause):
            continue
        agents = [(word, link) for word, link in _named(reading, clause, (AGENT,)) if _acts(reading, word, link)]
        if trigger.lemma in carried.CARRYING and not _involves(reading, trigger):
            agents = [(word, link) for word, link in agents if carried.is_giver(reading, word)]
        agents += left_out if agents else []
        for agent, thing, rule in _pairs(reading, trigger, clause, agents):
            pair = frozenset((thing.entity, agent.entity))
            # A person takes part in a programme; of a craft or flight one is crew.
            crew = reading.is_any(agent, ("Person",)) and not reading.is_any(thing, ("SpaceProgramme",))
            if pair not in joined and not crew and not (rule is TOPIC and (trigger, agent.entity) in busy):
                joined.add(pair)
                confidence = sure(rule.confidence, [agent, thing])
                yield Statement(thing.entity, PARTICIPANT, agent.entity, rule.id, confidence, trigger)


def _is_thing(reading: Reading, end: str) -> bool:
    known = reading.entities.get(end)
    return known is not None and not reading.lexicon.declared.upward(known.kind).isdisjoint(THINGS)


def _declared(reading: Reading, word: Word) -> bool:
    if word.index in reading.sentence.by_word:
        return False
    return _involves(reading, word) or (word.tag.startswith("VB") and word.lemma in carried.CARRYING)


def _empty(reading: Reading, word: Word) -> bool:
    """Whether a verb says nothing by itself and its object nothing of a hand in something: «Chile has clear skies»."""
    verb = reading.sentence.tree.words[word.head] if word.relation == "aux" else word
    seen = verb.lemma == "see" and clauses.is_passive(reading.sentence.tree, verb)
    if seen or verb.lemma in WATCHING:
        return True
    objects = reading.sentence.tree.children(word, "dobj") if word.lemma in EMPTY_VERBS else []
    nouns = [noun for noun in objects if noun.index not in reading.sentence.by_word]
    return bool(nouns) and not any(
        noun.lemma in STAFF or _involves(reading, noun) or singular(noun.text.lower()) in reading.lexicon.class_nouns
        for noun in nouns
    )


def _involves(reading: Reading, word: Word) -> bool:
    """Whether a word, with or without the noun before it, tells of a hand in something: «ground station»."""
    kind, known = frames.part(word), reading.lexicon.involvements
    if (kind, word.lemma) in known:
        return True
    near = reading.sentence.tree.children(word, "compound", "amod") if kind == "noun" else []
    return any((kind, f"{child.text.lower()} {word.lemma}") in known for child in near)


def _named(reading: Reading, clause: Sequence[Word], kinds: Sequence[str]) -> Iterator[tuple[Word, Link]]:
    """The names of these classes in a clause, but for those that it only compares with or dates by."""
    for word in clause:
        group: Group | None = reading.sentence.by_word.get(word.index)
        meant = group.links if group else _taken_up(reading, word) if AGENT in kinds else ()
        if meant and not acting.aside(reading.sentence.tree, word):
            yield from ((word, link) for link in reading.fitting(meant, kinds))


def _taken_up(reading: Reading, word: Word) -> Sequence[Link]:
    """The agent that a pronoun or noun stands for where one acts: «the agency lent a dish», «it helped»."""
    above = reading.sentence.tree.governor(word)
    if above is None or not (word.relation == "nsubj" or (word.relation == "pobj" and above.lemma == "by")):
        return ()
    plural = word.tag in {"NNS", "CD"} and word.relation == "nsubj"  # «six others chipped in: Austria, Belgium, …»
    listed = reading.fitting(reading.links(word, "examples"), (AGENT,)) if plural else []
    carries = above.lemma in carried.CARRYING and word.text.lower() == "it"  # «it has seven mirrors» tells of no body
    meant = () if carries else reading.referents(word)
    return listed or (meant if len(meant) == 1 and reading.is_any(meant[0], (AGENT,)) else ())


def _acts(reading: Reading, word: Word, link: Link) -> bool:
    """Whether a name stands where one acts: an organization does anywhere, a state not where it is a place."""
    tree = reading.sentence.tree
    above = tree.governor(word)
    if frames.is_part_of_world(reading, link) or acting.another(tree, word):
        return False
    if above is None:
        return True
    if word.relation in clauses.MODIFIERS and word.relation != "poss":
        return _modifies_maker(reading, above)
    if reading.is_any(link, ("GeopoliticalEntity",)):
        return _state_acts(reading, word, above)
    if word.relation == "pobj" and above.lemma == "for":
        return any(step.lemma in MADE_FOR for step in tuple(tree.ancestors(above))[:2])
    return word.relation != "pobj" or above.lemma not in {"in", "at", "on", "to", "under"}


def _state_acts(reading: Reading, word: Word, above: Word) -> bool:
    if word.relation == "pobj":
        noun = reading.sentence.tree.governor(above)
        if above.lemma == "from" and noun is not None and (noun.lemma, "") in reading.lexicon.launch_verbs:
            return False  # «lofted from French Guiana»
        if above.lemma == "in" and noun is not None and noun.lemma in STAFF:
            # «Built by engineers in Norway»
            return noun.relation == "nsubj" or reading.sentence.tree.words[noun.head].lemma == "by"
        owns = above.lemma != "of" or (noun is not None and _modifies_maker(reading, noun))
        return owns and (above.lemma in ACTING or above.text.lower() in ACTING)
    if word.relation == "poss" and any(reading.is_any(x, ("Organization",)) for x in reading.named(above)):
        return False  # «South Korea's space agency KARI»: the agency acts.
    return word.relation in {"nsubj", "poss", "dobj"} or _is_told_of(reading, word, above)


def _is_told_of(reading: Reading, word: Word, verb: Word) -> bool:
    """«Its camera was German», «it was Germany that gave it»: what a part is called, or who a clause tells of."""
    tree = reading.sentence.tree
    if word.relation not in {"acomp", "attr"}:
        return False
    subjects = tree.children(verb, "nsubj")  # «two of its cameras were German», «of its cameras, two were German»
    counted = [prep for prep in tree.children(verb, "prep") if prep.lemma == "of" and prep.index < verb.index]
    counted = counted if any(noun.tag == "CD" for noun in subjects) else []
    preps = [prep for noun in subjects for prep in tree.children(noun, "prep")]
    of = [end for prep in (*preps, *counted) for end in tree.children(prep, "pobj")]
    parts = any(_modifies_maker(reading, noun) for noun in (*subjects, *of))
    return parts or bool(tree.children(word, "relcl"))


def _modifies_maker(reading: Reading, noun: Word) -> bool:
    """Whether a noun is one whose owner takes part: «Italian instruments», «an ESA camera»."""
    return noun.lemma in STAFF or _involves(reading, noun) or carried.is_cargo(reading, noun)


def _pairs(
    reading: Reading, trigger: Word, clause: Sequence[Word], agents: Sequence[tuple[Word, Link]]
) -> Iterator[tuple[Link, Link, Rule]]:
    if not agents:
        return
    told_of = apart.told(reading.sentence.tree, trigger)
    things = list(_named(reading, clause, THINGS)) or [
        (noun, link) for noun in told_of for link in reading.fitting(reading.named(noun), THINGS)
    ]
    owned = {owner.index: noun for noun, _ in things for owner in reading.sentence.tree.children(noun, "poss")}
    for word, agent in agents:
        part = acting.within(reading.sentence.tree, word, {noun.index for noun, _ in things})
        only = owned.get(word.index, reading.sentence.tree.words[part] if part is not None else None)
        near = gapped.nearest(reading.sentence.tree, word, [noun for noun, _ in things], [by for by, _ in agents])
        yield from ((agent, thing, CLAUSE) for noun, thing in things if only in {None, noun} and noun in near)
    if not things and not _of_another_kind(reading, clause) and not _unknown(reading, trigger):
        others = [word for word in clause if word not in {acting for acting, _ in agents}]
        its = [word for word in others if word.text.lower() == "it" and word.relation != "nsubj"]
        told = (
            reading.pointed(its, THINGS)
            or _elsewhere(reading)
            or reading.pointed(others, THINGS)
            or _section(reading, trigger)
        )
        own = [agent for word, agent in agents if not _owner_of_body(reading, word)]
        yield from ((agent, thing, TOPIC) for agent in own for thing in told)


def _owner_of_body(reading: Reading, word: Word) -> bool:
    """Whether a name only says whose a body is: «Germany's DLR leads it» tells of DLR."""
    owned = reading.sentence.by_word.get(word.head) if word.relation == "poss" else None
    return owned is not None and bool(reading.fitting(owned.links, ("Organization",)))


def _of_another_kind(reading: Reading, clause: Sequence[Word]) -> bool:
    """Whether a clause is about something in which nobody takes part: a rocket, a site, an agreement, a body."""
    return any(reading.fitting(group.links, OTHERS) for group in reading.sentence.groups_of(clause))


def _unknown(reading: Reading, trigger: Word) -> bool:
    """Whether what a verb is done to has a name that no table knows: then that is meant, not the topic."""
    tree = reading.sentence.tree
    told = [tree.words[trigger.head]] if trigger.relation in {"relcl", "acl"} else []
    nouns = [*told, *clauses.patient(tree, trigger), *clauses.subject(tree, trigger)]
    if any(_another(reading, noun) for noun in nouns):
        return True
    parts = _under_parts(reading)
    for noun in nouns:
        near = [noun, *tree.children(noun, "compound", "appos", "nmod")]
        part = parts or any(_part(reading, word) for word in near)
        if not part and any(word.tag.startswith("NNP") and word.index not in reading.sentence.by_word for word in near):
            return True
    return False


def _open_pronoun(reading: Reading, trigger: Word) -> bool:
    """Whether the clause says by a pronoun what it speaks of, and what that is stays open: «they carried a camera»."""
    tree = reading.sentence.tree
    ends = [*clauses.subject(tree, trigger), *clauses.patient(tree, trigger)] if trigger.tag.startswith("VB") else []
    return any(word.text.lower() in PRONOUNS and not reading.referents(word) for word in ends)


def _of_itself(reading: Reading, verb: Word) -> bool:
    """Whether a relative clause tells of an agent what has to do with no craft: «X, which had made tests, agreed»."""
    tree, known = reading.sentence.tree, reading.lexicon.class_nouns
    objects = [noun for noun in tree.children(verb, "dobj") if not tree.children(noun, "det", "poss")]
    about = any(_part(reading, noun) or singular(noun.text.lower()) in known for noun in objects)
    return verb.relation == "relcl" and verb.head in reading.sentence.by_word and bool(objects) and not about


def _part(reading: Reading, word: Word) -> bool:
    return ("noun", word.lemma) in reading.lexicon.involvements


def _under_parts(reading: Reading) -> bool:
    """Whether the heading announces what a craft carries: a name that no table has is then that of such a part."""
    words = reading.sentence.passage.headings[-1].lower().split() if reading.sentence.passage.headings else []
    return any(("noun", singular(word)) in reading.lexicon.involvements or word in CARRYING for word in words)


def _another(reading: Reading, noun: Word) -> bool:
    """Whether a noun speaks of a craft or mission that has not been spoken of: «the other probe», «a new rover»."""
    tree = reading.sentence.tree
    parted = any(c.text.lower() in PARTING for c in tree.children(noun, "amod"))
    articles = {"another"} if noun.relation == "dobj" else INDEFINITE
    fresh = any(c.text.lower() in articles for c in tree.children(noun, "det"))
    bare = noun.tag == "NNS" or bool(tree.children(noun, "nummod"))  # «small satellites», «two craft»
    fresh = fresh or (bare and not tree.children(noun, "det", "poss", "predet"))
    kind = reading.lexicon.class_nouns.get(singular(noun.text.lower()), "")
    craft = noun.lemma in {"pair", "batch"} or any(reading.lexicon.declared.is_a(kind, wide) for wide in CRAFT)
    apart = noun.relation not in {"attr", "appos"} and noun.index not in reading.sentence.by_word
    return craft and apart and (parted or fresh)


def _elsewhere(reading: Reading) -> list[Link]:
    """The one thing that the sentence names in another of its clauses."""
    groups = [group for group in reading.sentence.groups if not focus.compared(reading.sentence, group)]
    tree, by_word = reading.sentence.tree, reading.sentence.by_word
    dating = [
        by_word[i] for i in by_word if any(timing.only_dates(tree, step) for step in tree.ancestors(tree.words[i]))
    ]
    things = reading.fitting([link for group in groups if group not in dating for link in group.links], THINGS)
    return things if len(things) == 1 else []


def _section(reading: Reading, trigger: Word) -> list[Link]:
    """What the section is about, for a verb in a sentence that names no other thing."""
    many = trigger.tag == "NNS" and trigger.lemma == "partnership"
    named = reading.fitting(reading.sentence.links, (*THINGS, *OTHERS))
    # A doubt of another clause may be meant of this one, too, where it names nothing itself.
    if many or named or _open_pronoun(reading, trigger) or turns.to_others(reading) or moods.doubtful(reading):
        return []
    # Who is named right at an instrument's name takes part in what the section is about; a list goes without verbs.
    tree = reading.sentence.tree
    above = tree.governor(trigger)
    owned = any(child.index in reading.sentence.by_word for child in carried.givers(reading, trigger, above))
    # «Spare, lent by X»: a caption about something else.
    caption = reading.sentence.passage.kind is PassageKind.SENTENCE and trigger.relation == "acl"
    if above is not None and caption and above.head == above.index and not _part(reading, above):
        return []
    if _of_itself(reading, above if above is not None and trigger.relation == "aux" else trigger):
        return []
    told = trigger.tag.startswith("VB") or reading.sentence.passage.kind is PassageKind.ITEM or owned
    return reading.about(THINGS) if told else []
