"""discourse  what a document has spoken of so far: its last names, its topic, and what its sentences were about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacekg.claims import focus
from spacekg.claims.acting import OTHERS
from spacekg.claims.focus import CRAFT, INDEFINITE, Spoken, names_class
from spacekg.claims.sentences import Group, Item, Sentence
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Word
from spacekg.lexicon import Lexicon
from spacekg.model import Link, Passage, PassageKind
from spacekg.reference import Entity

TOPICS = ("SpaceMission", "SpaceProgramme", "SpaceAsset", "Agreement", "LaunchSite")
TITLE = re.compile(r"\b(?:an?|the|its|their)\s(?:[\w-]+\s){0,3}?([a-z]+),?\s(?:called\s|named\s)?(?:the\s)?$")
"""What stands before a name that it is called: «an American orbiter, X», «the lander X»."""
TITLED = 60
"""How many characters before a name are read for it."""
PRESENTING = {"come", "follow", "lead", "enter", "begin"}
"""Verbs behind which stands what the next sentences are about."""
VEHICLES = ("LaunchVehicle",)
STATES = ("GeopoliticalEntity",)
AGREEMENTS = ("Agreement",)
REACH = 4
"""How many passages back a name may stand that a pronoun takes up."""


@dataclass
class Memory:
    """The names of the passages just read, the newest last; one for each document."""

    lexicon: Lexicon
    entities: Mapping[str, Entity]
    passages: list[Spoken] = field(default_factory=list)
    topics: dict[str, Link] = field(default_factory=dict)
    """What a heading or an announcing sentence is about, by its letters: the one thing that it names."""
    topic: tuple[Link, ...] = ()
    """What the passage read now is about."""
    asked: tuple[Link, ...] = ()
    """What opened the answer to the first question, where no heading says what the document is about."""
    answering: bool = False
    centre: tuple[Link, ...] = ()
    """The craft or mission that last opened a sentence of the section: what goes on is said of it."""
    accord: tuple[Link, ...] = ()
    """The agreement that last opened a sentence of the section, as long as it may be taken up."""
    named: dict[str, Link] = field(default_factory=dict)
    """What the document has named so far, each thing by the link of its first name."""
    classes: set[str] = field(default_factory=set)
    """The classes of what it has named, with those above them."""
    called: dict[str, Link | None] = field(default_factory=dict)
    """A noun that the text gave to one thing alone: «a European probe, Huygens»; none where it gave it to several."""
    pairs: list[tuple[Link, ...]] = field(default_factory=list)
    """Agents that were named two together, the newest last: «NASA and ESA»."""
    owners: dict[str, set[str]] = field(default_factory=dict)
    """The states by which the text called a thing: «a Japanese probe, X»."""
    lead: tuple[Link, ...] = ()
    """The craft or mission that a report is about whose title only describes it."""
    speaker: tuple[Link, ...] = ()
    """The body for which an interview's «we» speaks."""
    section: tuple[str, ...] = ()
    question: str = ""
    """The question in front of the passage read now, which an answer without a verb completes."""

    def keep(self, sentence: Sentence, subject: Sequence[Link], objects: Sequence[Link] = ()) -> None:
        """Remember the names of a sentence that has been read, and what its subject and «it» behind the verb are."""
        told = focus.of(sentence, subject, self.lexicon)
        self.passages = [*self.passages[1 - REACH :], self._gone_on(told, objects)]
        self._name(sentence)
        self._call(sentence)
        self.question = ""
        text = sentence.passage.text
        if _asks(sentence.passage):
            self.question, self.answering = text, True
        elif self.answering and sentence.passage.kind is PassageKind.SENTENCE:
            self._answered(sentence)
        lost = () if self.passages[-1].stranger or self.passages[-1].unknown else self.centre
        away = self.passages[-1].stranger in OTHERS  # «Its rival was colder» tells nothing of what it names.
        self.centre = () if away else self._opening(sentence, subject) or lost
        self._agree()
        if sentence.passage.kind is PassageKind.HEADING or _asks(sentence.passage) or text.rstrip().endswith(":"):
            links = [link for link in sentence.links if self.is_any(link, TOPICS)]
            if len({link.entity for link in links}) == 1:
                self.topics[_letters(text)] = replace(links[0], method=COREFERENT)

    def turn_to(self, passage: Passage) -> None:
        """Make the topic what the nearest heading above a passage is about."""
        above = (self.topics.get(_letters(heading)) for heading in reversed(passage.headings))
        if passage.headings != self.section or passage.kind is PassageKind.ITEM:
            self.section, self.centre, self.accord = passage.headings, (), ()
        # A box above the text may be of anything: «Agencies involved: …».
        told = passage.kind is PassageKind.SENTENCE or any(link.entity in self.named for link in self.lead)
        self.topic = tuple(link for link in above if link)[:1] or self.asked or (self.lead if told else ())

    def is_any(self, link: Link, ancestors: Sequence[str]) -> bool:
        """Whether a name stands for a thing of one of these classes."""
        return not self._upward(link).isdisjoint(ancestors)

    def _upward(self, link: Link) -> frozenset[str]:
        return self.lexicon.declared.upward(self.entities[link.entity].kind)

    def pair(self, kinds: Collection[str]) -> list[Link]:
        """The two agents of these classes that the document has spoken of: all of them, or named together last."""
        own = [link for link in self.named.values() if self.entities[link.entity].kind in kinds]
        pairs = (list(pair) for pair in reversed(self.pairs))
        fitting = (pair for pair in pairs if all(self.entities[link.entity].kind in kinds for link in pair))
        found = own if len(own) == 2 else next(fitting, [])
        return [replace(link, method=COREFERENT) for link in found]

    def _agree(self) -> None:
        """Remember the agreement that a sentence opens with, until another is named or it is too far back."""
        opened = [link for told in self.passages for group in told.core[:1] for link in group.links]
        own = [link for link in opened if self.is_any(link, AGREEMENTS)]
        lately = [link for told in self.passages for group in told.groups for link in group.links]
        one = len({link.entity for link in lately if self.is_any(link, AGREEMENTS)}) == 1
        self.accord = (replace(own[-1], method=COREFERENT),) if own and one else ()

    def _gone_on(self, told: Spoken, objects: Sequence[Link]) -> Spoken:
        """With what «it» was next in line, or first where a rocket carried it: «a Falcon 9 took it up. It …»."""
        kept = tuple(Item(link, link.mention.end) for link in objects)
        if not kept:
            return told
        ridden = all(self.is_any(link, VEHICLES) for group in told.core for link in group.links)
        order = (Group(kept), *told.core) if ridden else (*told.core, Group(kept))
        return replace(told, core=order)

    def _name(self, sentence: Sentence) -> None:
        for group in sentence.groups:
            agents = all(self.is_any(link, ("Agent",)) for link in group.links)
            self.pairs += [group.links] if agents and len(group.links) == 2 else []
            for link in group.links:
                self.named.setdefault(link.entity, link)
                self.classes |= self._upward(link)

    def _call(self, sentence: Sentence) -> None:
        """Remember the nouns that the sentence gives to its names: «the orbiter Cassini», «Huygens, a probe»."""
        tree = sentence.tree
        for index, group in sentence.by_word.items():
            word, above = tree.words[index], tree.governor(tree.words[index])
            near = [*tree.children(word, "appos"), *([above] if above is not None and word.relation == "appos" else [])]
            near += tree.children(above, "attr") if above is not None and above.lemma == "be" else []
            before = TITLE.search(sentence.text_before(group.start)[-TITLED:])
            self._own(sentence, group, [word, *(noun for noun in near if noun.index not in sentence.by_word)])
            nouns = [noun.text.lower() for noun in near if noun.tag == "NN" and noun.index not in sentence.by_word]
            for noun in [*nouns, *([before[1]] if before else [])] if len(group.links) == 1 else ():
                if self._fits(noun, group.links[0]):
                    link = replace(group.links[0], method=COREFERENT)
                    known = self.called.setdefault(noun, link)
                    self.called[noun] = link if known is not None and known.entity == link.entity else None

    def _own(self, sentence: Sentence, group: Group, nouns: Sequence[Word]) -> None:
        """Remember by which states the words call a thing: «the Japanese probe X», «X, a European lander»."""
        beside = [c for noun in nouns for c in sentence.tree.children(noun, "amod", "compound", "nmod", "poss")]
        states = {x.entity for g in sentence.groups_of(beside) for x in g.links if self.is_any(x, STATES)}
        if states and len(group.links) == 1:
            self.owners.setdefault(group.links[0].entity, set()).update(states)

    def _fits(self, noun: str, link: Link) -> bool:
        kind = self.lexicon.class_nouns.get(noun, "")
        craft = any(self.lexicon.declared.is_a(kind, wide) for wide in CRAFT)
        return bool(kind) and self.is_any(link, CRAFT if craft else (kind,))

    def _opening(self, sentence: Sentence, subject: Sequence[Link]) -> tuple[Link, ...]:
        """The craft or mission that a sentence opens with, or that is its subject."""
        for index, group in sentence.by_word.items():
            word = sentence.tree.words[index]
            first = word.relation in {"nsubj", "nsubjpass"} and sentence.tree.words[word.head].head == word.head
            first = first or _presented(sentence, word)
            opens = (first or word.head == index) and not focus.compared(sentence, group)
            if opens and len(group.links) == 1 and self.is_any(group.links[0], CRAFT):
                return (replace(group.links[0], method=COREFERENT),)
        craft = [link for link in subject if self.is_any(link, CRAFT)]
        return (replace(craft[0], method=COREFERENT),) if len(subject) == len(craft) == 1 else ()

    def _answered(self, sentence: Sentence) -> None:
        """The thing that opens the first answer is what all the answers below are about."""
        self.answering = False
        first = sentence.groups[0] if sentence.groups else None
        if first and not self.asked and first.start == sentence.passage.start and len(first.links) == 1:
            link = first.links[0]
            self.asked = (replace(link, method=COREFERENT),) if self.is_any(link, TOPICS) else ()


def brought_up(sentence: Sentence, memory: Memory, word: Word) -> bool:
    """Whether a clause before a pronoun is about a craft without a name: «ESA's probe will go far; it was …»."""
    before = [step for step in sentence.tree.words[: word.index] if step.relation in {"nsubj", "nsubjpass"}]
    fresh = {*INDEFINITE, "one"}
    return any(
        names_class(step, memory.lexicon, CRAFT)
        and step.index not in sentence.by_word
        and step.tag == "NN"
        and any(c.relation == "poss" or c.text.lower() in fresh for c in sentence.tree.children(step, "poss", "det"))
        and not any(c.index in sentence.by_word for c in sentence.tree.children(step, "appos", "compound"))
        for step in before[-1:]
    )


def _presented(sentence: Sentence, word: Word) -> bool:
    """Whether a sentence brings up what its verb leads to: «first came CoRoT», «that success led to Jason-2»."""
    tree = sentence.tree
    above = tree.governor(word)
    verb = tree.governor(above) if above is not None and word.relation == "pobj" and above.lemma == "to" else above
    return verb is not None and verb.head == verb.index and verb.lemma in PRESENTING and word.index > verb.index


def _asks(passage: Passage) -> bool:
    heading = passage.kind is PassageKind.HEADING and passage.text.rstrip("* \n").endswith("?")
    return heading or passage.kind is PassageKind.QUESTION


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
