"""moods     whether a sentence affirms, denies, plans, supposes or reports what a word in it states."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.claims import acting, apart, denials, routes
from spacekg.claims.arguments import Reading
from spacekg.grammar import Word
from spacekg.model import Modality, PassageKind, Polarity

CLAUSE_ENDS = {"acl", "relcl", "appos"}
INFINITIVE = "infinitive"
BE, DEGREE = "be", "degree"
STANDING_IN = {"do", "have"}
"""Verbs that have no clause for their object."""
HAPPENING = {"happen", "exist", "occur", "materialize", "materialise", "begin", "start"}
WEIGHT = (
    Modality.ASSERTED,
    Modality.REPORTED,
    Modality.ENDED,
    Modality.PLANNED,
    Modality.POSSIBLE,
    Modality.HYPOTHETICAL,
)
"""Of several moods in one sentence the last of these counts."""


@dataclass(frozen=True, slots=True)
class Mood:
    """Polarity and modality of a statement, and whom the sentence names as its source."""

    polarity: Polarity = Polarity.AFFIRMED
    modality: Modality = Modality.ASSERTED
    attributed_to: str = ""


def mood(reading: Reading, trigger: Word | None) -> Mood:
    """Read the mood of the trigger's statement; without a trigger that of the whole sentence, or of its label."""
    trigger = trigger or _verb_of_label(reading)
    effects = list(_sentence_effects(reading, trigger))
    if trigger is not None:
        effects += _climb(reading, trigger)
    denied = denials.neither(reading, trigger) or sum(effect == Polarity.DENIED for effect, _ in effects) % 2
    moods = [Modality(effect) for effect, _ in effects if effect != Polarity.DENIED]
    sources = [source for _, source in effects if source]
    return Mood(
        Polarity.DENIED if denied else Polarity.AFFIRMED,
        max(moods, key=WEIGHT.index, default=Modality.ASSERTED),
        sources[0] if sources else "",
    )


def _verb_of_label(reading: Reading) -> Word | None:
    """The last verb of what stands before a colon, «Four are to fly on X: …»; None where it has none."""
    start, end = reading.sentence.label or (0, 0)
    offset = reading.sentence.passage.start
    verbs = [w for w in reading.sentence.tree.words if w.tag.startswith("VB") and start <= w.start + offset < end]
    return verbs[-1] if verbs else None


def doubtful(reading: Reading, near: Word | None = None) -> bool:
    """Whether any word of the sentence could take the plain assertion out of any clause of it, or a date is to come.

    With a word `near`, what only a clause doubts that stands apart from it does not count.
    """
    doubts = doubting(reading)
    return bool(doubts) if near is None else apart.part_of(reading.sentence.tree, near) in doubts


def doubting(reading: Reading) -> set[int]:
    """Where words stand that could do so, told as by `apart.part_of`."""
    passage, tree = reading.sentence.passage, reading.sentence.tree
    if _asks(reading) or any(d.value > passage.document.date > "" for d in reading.sentence.dates):
        return {apart.MAIN, *(word.index for word in tree.words)}
    return {apart.part_of(tree, word) for word in tree.words if _doubts(reading, word)}


def _doubts(reading: Reading, word: Word) -> bool:
    cues = reading.lexicon.cues
    part, effect = cues.get(word.text.lower(), cues.get(word.lemma, ("", "")))
    if part == INFINITIVE:
        below = reading.sentence.tree.children(word)
        part, effect = "", effect if any(_infinitive(reading, child) for child in below) else ""
    elif _cue(reading, word)[0] == "verb":
        part, effect = _cue(reading, word)
    elif part == denials.PRONOUN or (
        part == DEGREE and not reading.sentence.tree.words[word.head].tag.startswith("VB")
    ):
        return False  # «Nobody» is told of one clause, and «almost twenty» is a number.
    other = part in {"verb", "noun"} and (part == "verb") != word.tag.startswith("VB")
    return bool(effect and not other and (part != "modal" or word.tag == "MD")) or bool(_bound_to(reading, word))


def _cue(reading: Reading, word: Word) -> tuple[str, str]:
    """What a verb with its particle does to what stands below it, «call off», or the word alone."""
    cues = reading.lexicon.cues
    tree = reading.sentence.tree
    beside = tree.children(word, "prt", "prep", "advmod") if word.tag.startswith("VB") else []
    phrases = [f"{word.lemma} {near.text.lower()}" for near in beside]
    # «Came to an end»
    phrases += [f"{word.lemma} {near.lemma} {end.lemma}" for near in beside for end in tree.children(near, "pobj")]
    return next((cues[phrase] for phrase in phrases if phrase in cues), cues.get(word.lemma, ("", "")))


def _infinitive(reading: Reading, word: Word) -> bool:
    """Whether a word is the infinitive behind another: «is ready to launch»."""
    return word.relation == "xcomp" and any(near.tag == "TO" for near in reading.sentence.tree.children(word, "aux"))


Effects = list[tuple[str, str]]


def _sentence_effects(reading: Reading, trigger: Word | None) -> Effects:
    """What holds for all of a sentence, or of what of it stands together: a question, «Imagine …», «If …»."""
    effects: Effects = []
    if _asks(reading):
        effects.append((Modality.HYPOTHETICAL, ""))
    for word in reading.sentence.tree.words:
        part, effect = reading.lexicon.cues.get(word.text.lower(), reading.lexicon.cues.get(word.lemma, ("", "")))
        supposed = effect == Modality.HYPOTHETICAL and _supposes(reading, word, part)
        if part != "preposition" and not supposed:
            continue
        # Whoever is named as the source of one clause speaks for all of the sentence.
        reported = effect == Modality.REPORTED
        if trigger is None or reported or apart.together(reading.sentence.tree, word, trigger):
            effects.append((effect, "" if supposed else _source(reading, word)))
    return effects


def _asks(reading: Reading) -> bool:
    """Whether a passage asks, also where it is a heading."""
    passage = reading.sentence.passage
    return passage.kind is PassageKind.QUESTION or passage.text.rstrip("*_ \n").endswith("?")


def _supposes(reading: Reading, word: Word, part: str) -> bool:
    """Whether the sentence opens with «Imagine», or has a clause with «if»."""
    if part == "conjunction":
        return word.relation == "mark" and reading.sentence.tree.words[word.head].relation == "advcl"
    return word.head == word.index or (word.tag == "VB" and word.index == 0)


def _source(reading: Reading, word: Word) -> str:
    """Whom «according to …» names."""
    near = reading.sentence.tree.children(word)
    near += [far for child in near for far in reading.sentence.tree.children(child)]
    return next((link.entity for child in near for link in reading.named(child)), "")


def _climb(reading: Reading, trigger: Word) -> Effects:
    """What the words above the trigger do to it, up to the end of its clause."""
    effects = _beside(reading, trigger) + _bound_to(reading, trigger)
    effects += [(Polarity.DENIED, "")] if denials.by_none(reading, trigger) else []
    word, above, parted = trigger, reading.sentence.tree.governor(trigger), False
    while above is not None:
        effects += _bound_to(reading, above)
        effects += _from_noun(reading, word, above) + _cleft(reading, word, above)
        beside = _beside_it(reading, word, above)
        parted = parted or beside
        if word.relation in CLAUSE_ENDS:
            break
        part, effect = _cue(reading, above)
        effects += [(effect, "")] if part == INFINITIVE and _infinitive(reading, word) else []
        measured = trigger.tag == "CD" and above.lemma == "weigh"  # «weighing 600 kg» plans nothing
        verb = part == "verb" and above.tag.startswith("VB") and not measured
        if word.relation == "nsubj" and not _bare_participle(reading, above):
            spoken_of = effect == Modality.ENDED or above.lemma == BE  # «an agreement is under discussion»
            effects += [(effect, "")] if verb and spoken_of else []
            effects += _beside(reading, above) if above.lemma in HAPPENING else []
        else:
            effects += _from_above(reading, word, above, effect) if verb and not beside else []
            effects += [near for near in _beside(reading, above) if not parted or near[0] != Polarity.DENIED]
        word, above = above, reading.sentence.tree.governor(above)
    return effects


def _bare_participle(reading: Reading, verb: Word) -> bool:
    """«Seven satellites foreseen»: a participle that is all of a line or cell tells of its subject."""
    return verb.tag == "VBN" and verb.head == verb.index and not reading.sentence.tree.children(verb, "aux", "dobj")


def _beside_it(reading: Reading, word: Word, above: Word) -> bool:
    """Whether a clause with a subject of its own is joined to another by `and`: «A isn't X, and B does not run it».

    The parser hangs either on the other, which denies nothing of it.
    """
    tree = reading.sentence.tree
    own = bool(tree.children(word, "nsubj", "nsubjpass", "expl"))
    between = tree.words[word.index + 1 : above.index]
    joined = any(near.relation == "cc" and near.head in {word.index, above.index} for near in between)
    echoed = above.lemma in STANDING_IN and word.index < above.index  # «A has signed, B has not»
    return own and (word.relation == "conj" or (word.relation == "ccomp" and (joined or echoed)))


def _bound_to(reading: Reading, verb: Word) -> Effects:
    """«A second rover was to fly»: that was the plan; «too small to fly»: it did not."""
    tree = reading.sentence.tree
    above = tree.governor(verb)
    if above is None or verb.relation != "xcomp" or not any(word.tag == "TO" for word in tree.children(verb, "aux")):
        return []
    if any(word.text.lower() == "too" for word in tree.children(above, "advmod")):
        return [(Polarity.DENIED, "")]
    return [(Modality.PLANNED, "")] if above.lemma == "be" and not tree.children(above, "acomp", "attr") else []


def _cleft(reading: Reading, word: Word, above: Word) -> Effects:
    """«It was not Boeing that built it»: what is denied of the name is denied of what it did."""
    tree = reading.sentence.tree
    verb = tree.governor(above) if word.relation == "relcl" and above.relation == "attr" else None
    it = verb is not None and any(child.text.lower() == "it" for child in tree.children(verb, "nsubj"))
    return _beside(reading, verb) if verb is not None and it else []


def _from_noun(reading: Reading, word: Word, above: Word) -> Effects:
    """«The claim that …», «a proposal to …», «an idea, an alliance of …»: the noun says how far its clause holds."""
    part, effect = reading.lexicon.cues.get(above.lemma, ("", ""))
    told = word.relation in {"acl", "ccomp"} and part in {"noun", "verb"}
    told = told or (word.relation in {"relcl", "appos"} and part == "noun")
    to_be = word.tag == "VB" and any(child.tag == "TO" for child in reading.sentence.tree.children(word, "aux"))
    told = told or (to_be and word.relation in {"acl", "relcl"} and part in {"noun", "verb", INFINITIVE})
    # The clause behind «it is a myth» and «rumour has it», or before «is a legend», hangs on the verb.
    said = (
        [child.lemma for child in reading.sentence.tree.children(above, "attr", "nsubj", "acomp")]
        if word.relation in {"ccomp", "csubj"}
        else []
    )
    effects: Effects = [(effect, "")] if told and above.tag.startswith("NN") else []
    nouns = [reading.lexicon.cues.get(lemma, ("", "")) for lemma in said]
    return effects + [(by, "") for kind, by in nouns if kind == "noun" or (kind, by) == ("adjective", Polarity.DENIED)]


def _from_above(reading: Reading, word: Word, above: Word, effect: str) -> Effects:
    if effect != Modality.REPORTED:
        to_be = word.tag == "VB" and effect == Polarity.DENIED  # «lacks the money to build it»
        apart = word.relation == "conj" or (word.relation == "advcl" and not to_be)
        return [] if apart else [(effect, "")]
    thought = word.relation == "xcomp" and bool(reading.sentence.tree.children(above, "auxpass"))  # «is said to own»
    if word.relation != "ccomp" and not thought:
        return []
    speakers = [link for head in routes.heads(reading.sentence.tree, above, "agent") for link in reading.named(head)]
    return [(effect, speakers[0].entity if speakers else "")]


def _beside(reading: Reading, word: Word) -> Effects:
    """Negations, auxiliaries and adjectives that stand right at a word."""
    effects: Effects = [(Modality.HYPOTHETICAL, "")] if denials.unreal(reading, word) else []
    tree = reading.sentence.tree
    # «X, not a member of Y»
    effects += [(Polarity.DENIED, "")] if word.relation == "appos" and acting.excepted(tree, word) else []
    for child in reading.sentence.tree.children(word):
        if tree.words[max(child.index - 1, 0)].text.lower() == "at":  # «signed it at once»
            continue
        part, effect = reading.lexicon.cues.get(child.text.lower(), reading.lexicon.cues.get(child.lemma, ("", "")))
        modal = part == "modal" and child.relation == "aux" and child.tag == "MD"
        negated = part in {"adverb", "determiner"} and child.relation in {"neg", "advmod", "det", "preconj", "cc"}
        described = part == "adjective" and child.relation in {"amod", "acomp"} and not word.tag.startswith("VB")
        asked = part == "conjunction" and child.relation == "mark" and word.relation != "advcl"  # «whether it flew»
        nearly = part == DEGREE and word.tag.startswith("VB")
        if (modal or negated or described or asked or nearly) and not denials.not_only(reading, child):
            effects.append((effect, ""))
    return effects
