"""coreference what pronouns and definite nouns point back to, by rule: the last name of a fitting kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacekg.claims import clauses
from spacekg.claims.sentences import Group, Sentence, words_within
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Word
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Link, Mention, Passage, PassageKind
from spacekg.reference import Entity

SINGULAR = {"it", "its", "itself"}
PLURAL = {"they", "them", "their", "themselves"}
TOPICS = ("SpaceMission", "SpaceProgramme", "SpaceAsset", "Agreement", "LaunchSite")
THINGS = ("Endeavour", "SpaceAsset", "Organization")
DETERMINERS = {"the", "this", "that", "these", "those", "both"}
NUMBERS = {"both": 2, "pair": 2, "duo": 2, "two": 2, "three": 3, "trio": 3, "four": 4}
"""Words that alone stand for that many craft just named: «the pair», «all three»."""
CRAFT = ("Spacecraft", "SpaceMission")
NO_IT = ("GeopoliticalEntity", "Person")
OBJECTS = {"dobj", "pobj"}
PARTING = {
    *("other", "another", "first", "second", "third", "fourth", "next", "last", "previous", "earlier", "later"),
    *("former", "latter", "same", "similar", "different", "own", "new", "old", "only", "final", "original", "future"),
}
"""Adjectives that part one thing from others of its kind."""
REACH = 4
"""How many passages back a name may stand that a pronoun takes up."""


@dataclass
class Memory:
    """The names of the passages just read, the newest last; one for each document."""

    lexicon: Lexicon
    entities: Mapping[str, Entity]
    passages: list[tuple[Group, ...]] = field(default_factory=list)
    topics: dict[str, Link] = field(default_factory=dict)
    """What a heading or an announcing sentence is about, by its letters: the one thing that it names."""
    topic: tuple[Link, ...] = ()
    """What the passage read now is about."""
    asked: tuple[Link, ...] = ()
    """What opened the answer to the first question, where no heading says what the document is about."""
    answering: bool = False
    centre: tuple[Link, ...] = ()
    """The craft or mission that last opened a sentence of the section: what goes on is said of it."""
    section: tuple[str, ...] = ()
    question: str = ""
    """The question in front of the passage read now, which an answer without a verb completes."""

    def keep(self, sentence: Sentence) -> None:
        """Remember the names of a sentence that has been read."""
        self.passages = [*self.passages[1 - REACH :], sentence.groups]
        self.question = ""
        text = sentence.passage.text
        if _asks(sentence.passage):
            self.question, self.answering = text, True
        elif self.answering and sentence.passage.kind is PassageKind.SENTENCE:
            self._answered(sentence)
        self.centre = self._opening(sentence) or self.centre
        if sentence.passage.kind is PassageKind.HEADING or _asks(sentence.passage) or text.rstrip().endswith(":"):
            links = [link for link in sentence.links if self._is_any(link, TOPICS)]
            if len({link.entity for link in links}) == 1:
                self.topics[_letters(text)] = replace(links[0], method=COREFERENT)

    def turn_to(self, passage: Passage) -> None:
        """Make the topic what the nearest heading above a passage is about."""
        above = (self.topics.get(_letters(heading)) for heading in reversed(passage.headings))
        if passage.headings != self.section or passage.kind is PassageKind.ITEM:
            self.section, self.centre = passage.headings, ()
        self.topic = tuple(link for link in above if link)[:1] or self.asked

    def _opening(self, sentence: Sentence) -> tuple[Link, ...]:
        """The craft or mission that a sentence opens with, or that is its subject."""
        for index, group in sentence.by_word.items():
            word = sentence.tree.words[index]
            first = word.relation in {"nsubj", "nsubjpass"} and sentence.tree.words[word.head].head == word.head
            if (first or word.head == index) and len(group.links) == 1 and self._is_any(group.links[0], CRAFT):
                return (replace(group.links[0], method=COREFERENT),)
        return ()

    def _answered(self, sentence: Sentence) -> None:
        """The thing that opens the first answer is what all the answers below are about."""
        self.answering = False
        first = sentence.groups[0] if sentence.groups else None
        if first and not self.asked and first.start == sentence.passage.start and len(first.links) == 1:
            link = first.links[0]
            self.asked = (replace(link, method=COREFERENT),) if self._is_any(link, TOPICS) else ()

    def antecedents(self, sentence: Sentence, word: Word, kinds: Sequence[str]) -> Sequence[Link]:
        """What `word` points back to; nothing when it is no pronoun and no definite noun, or nothing fits.

        `kinds` are the classes that are wanted, none if any will do.
        """
        found = self._nearest(sentence, word)
        text = word.text.lower()
        if not kinds or any(self._is_any(link, kinds) for link in found):
            return found
        if text in SINGULAR:
            return self._it_of_class(sentence, word, kinds, found)
        subject = word.relation in {"nsubj", "nsubjpass"}
        if (text in PLURAL and subject) or (text in NUMBERS and not found):
            recent = self._recent(kinds)
            return recent if len(recent) == NUMBERS.get(text, len(recent)) and len(recent) > 1 else found
        if word.tag == "NN" and self._definite(sentence, word) and self._speaks_of_craft(text):
            about = self.centre or self.topic
            topic = [link for link in about if self._is_any(link, CRAFT) and self._is_any(link, kinds)]
            craft = self._last(sentence, word, lambda link: self._is_any(link, (*CRAFT, "SpaceProgramme")), 1)
            return topic or [link for link in craft if self._is_any(link, kinds)]
        return found

    def _it_of_class(
        self, sentence: Sentence, word: Word, kinds: Sequence[str], found: Sequence[Link]
    ) -> Sequence[Link]:
        """The topic, or the last name, of a class that «it» must be of, where what it seems to be is of none."""
        verb = _verb_over(sentence, word)
        if word.relation in OBJECTS and verb is not None and _joined_object(sentence, verb):
            return ()
        actors = self._actors(sentence, word) if word.relation in OBJECTS else set()
        about = [link for link in self.topic if self._is_any(link, kinds) and link.entity not in actors]
        wide = ("Agent",) if any(self.lexicon.declared.is_a(kind, "Agent") for kind in kinds) else ()
        # Where «it» could not be the agent named last, it is the last thing, and the other way round.
        if about or any(self._is_any(link, ("Agent",)) == bool(wide) for link in found):
            return about
        last = self._last(sentence, word, lambda x: x.entity not in actors and self._is_any(x, (*kinds, *wide)), 1)
        return [link for link in last if self._is_any(link, kinds) and not self._is_any(link, NO_IT)]

    def _nearest(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        text = word.text.lower()
        if text in SINGULAR:
            return self._it(sentence, word)
        if text in NUMBERS:
            return self._counted(sentence, word, NUMBERS[text])
        if text in PLURAL:
            return self._last(sentence, word, lambda link: self._is_any(link, ("Agent",)), 2)
        if not self._definite(sentence, word):
            return ()
        noun = singular(text)
        kinds = self.lexicon.kinds_of_noun(noun)
        many = 2 if word.tag == "NNS" else 1
        same_word = self._last(sentence, word, lambda link: self._bears(link, noun, text), 1)
        return same_word or self._last(sentence, word, lambda link: self.entities[link.entity].kind in kinds, many)

    def _it(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """The last thing named, but never who acts on it, nor where «it» is a thing without a name just spoken of."""
        verb = _verb_over(sentence, word)
        if word.relation not in OBJECTS or verb is None:
            return self._last(sentence, word, lambda link: self._is_any(link, THINGS), 1) or self.topic
        if _joined_object(sentence, verb):
            return ()
        actors = self._actors(sentence, word)
        return self._last(sentence, word, lambda x: x.entity not in actors and self._is_any(x, THINGS), 1) or self.topic

    def _definite(self, sentence: Sentence, word: Word) -> bool:
        """Whether a noun with its article means one that was spoken of: «the new spacecraft», not «the first one»."""
        tree = sentence.tree
        determiners = {c.text.lower() for c in tree.children(word, "det", "predet")}
        told = any(c.lemma == "of" for c in tree.children(word, "prep")) or _restricted(sentence, word)
        described = [c for c in tree.children(word, "amod", "compound", "nmod") if c.index < word.index]
        parted = any(
            c.text.lower() in PARTING or c.tag in {"JJR", "JJS"} or c.index in sentence.by_word for c in described
        )
        return bool(determiners & DETERMINERS) and not told and not parted

    def _recent(self, kinds: Sequence[str]) -> list[Link]:
        """The craft of these classes that were named last, in one passage or in the two last that name any."""
        found: dict[str, Link] = {}
        for groups in reversed(self.passages):
            craft = [x for group in groups for x in group.links if self._is_any(x, CRAFT) and self._is_any(x, kinds)]
            found.update({x.entity: replace(x, method=COREFERENT) for x in craft})
            if len(found) > 1:
                break
        return list(found.values())

    def _speaks_of_craft(self, text: str) -> bool:
        kind = self.lexicon.class_nouns.get(singular(text), "")
        return any(self.lexicon.declared.is_a(kind, craft) for craft in (*CRAFT, "Endeavour"))

    def _actors(self, sentence: Sentence, word: Word) -> set[str]:
        verb = _verb_over(sentence, word)
        subjects = clauses.subject(sentence.tree, verb) if verb is not None else []
        below = [step for head in subjects for step in words_within(sentence.tree, head)]
        return {link.entity for link in _named(sentence, below)}

    def _counted(self, sentence: Sentence, word: Word, count: int) -> Sequence[Link]:
        """«The pair», «all three»: the craft of the last passage that names any, where they are that many."""
        if sentence.tree.children(word, "prep", "amod") or word.relation in {"nummod", "det", "predet", "compound"}:
            return ()
        mission = [link for link in self.topic if self._is_any(link, ("SpaceMission",))]
        for groups in reversed(self.passages):
            craft = {x.entity: x for group in groups for x in group.links if self._is_any(x, CRAFT)}
            if craft:
                found = list(craft.values())
                if len(found) == count:
                    return [_pointed(link, sentence, word) for link in found]
                break
        return mission if word.text.lower() in {"pair", "duo", "trio"} else ()

    def _bears(self, link: Link, noun: str, text: str) -> bool:
        """Whether a name has the noun in it: «the station» is the Space Station, «the rovers» are the Mars rovers."""
        words = [word.lower() for word in link.mention.surface.split()]
        return text in words or (noun != text and self._is_any(link, ("SpaceProgramme",)) and noun in words)

    def _is_any(self, link: Link, ancestors: Sequence[str]) -> bool:
        return any(self.lexicon.declared.is_a(self.entities[link.entity].kind, ancestor) for ancestor in ancestors)

    def _last(self, sentence: Sentence, word: Word, fits: Callable[[Link], bool], count: int) -> Sequence[Link]:
        """The nearest group before `word` with one fitting name, or with two or more where `count` is 2."""
        offset = sentence.passage.start + word.start
        here = tuple(reversed([group for group in sentence.groups if group.end < offset]))
        for group in (group for groups in (here, *reversed(self.passages)) for group in groups):
            links = [link for link in group.links if fits(link)]
            if links and min(len(links), 2) == count:
                return [_pointed(link, sentence, word) for link in links]
        return ()


def _restricted(sentence: Sentence, word: Word) -> bool:
    """Whether a clause says which one is meant, with no comma before it: «the spacecraft that landed»."""
    words = sentence.tree.words
    return any(
        words[min((w.index for w in words_within(sentence.tree, clause)), default=clause.index) - 1].text != ","
        for clause in sentence.tree.children(word, "relcl", "acl")
    )


def _verb_over(sentence: Sentence, word: Word) -> Word | None:
    return next((step for step in sentence.tree.ancestors(word) if step.tag.startswith("VB")), None)


def _joined_object(sentence: Sentence, verb: Word) -> bool:
    """«ESA provides the platform and operates it»: «it» is the platform, which has no name."""
    above = sentence.tree.governor(verb)
    if verb.relation != "conj" or above is None:
        return False
    return any(
        noun.tag.startswith("NN") and noun.index not in sentence.by_word
        for noun in sentence.tree.children(above, "dobj")
    )


def _named(sentence: Sentence, words: Sequence[Word]) -> list[Link]:
    return [link for word in words if word.index in sentence.by_word for link in sentence.by_word[word.index].links]


def _asks(passage: Passage) -> bool:
    heading = passage.kind is PassageKind.HEADING and passage.text.rstrip("* \n").endswith("?")
    return heading or passage.kind is PassageKind.QUESTION


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _pointed(link: Link, sentence: Sentence, word: Word) -> Link:
    start = sentence.passage.start
    mention = Mention(sentence.passage, start + word.start, start + word.end, (link.entity,), "pronoun")
    return replace(link, mention=mention, method=COREFERENT)
