"""discourse  what a document has spoken of so far: its last names, its topic, and what its sentences were about."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacekg.claims.sentences import Group, Item, Sentence
from spacekg.claims.statements import COREFERENT
from spacekg.grammar import Tree, Word
from spacekg.lexicon import Lexicon, singular
from spacekg.model import Link, Mention, Passage, PassageKind
from spacekg.reference import Entity

TOPICS = ("SpaceMission", "SpaceProgramme", "SpaceAsset", "Agreement", "LaunchSite")
CRAFT = ("Spacecraft", "SpaceMission")
COMPARING = {"than", "like", "unlike", "before", "after", "since", "ahead", "behind", "besides", "beyond"}
"""Words behind which stands what a sentence only compares with or dates by."""
CORE = {"nsubj", "nsubjpass", "dobj", "attr"}
"""Relations of what a sentence says something of."""
TITLE = re.compile(r"\b(?:an?|the|its|their)\s(?:[\w-]+\s){0,3}?([a-z]+),?\s(?:called\s|named\s)?(?:the\s)?$")
"""What stands before a name that it is called: «an American orbiter, X», «the lander X»."""
TITLED = 60
"""How many characters before a name are read for it."""
INDEFINITE = {"a", "an", "another"}
SEVERAL = {"two", "twin", "twins", "pair", "both", "duo"}
PRESENTING = {"come", "follow", "lead", "enter", "begin"}
"""Verbs behind which stands what the next sentences are about."""
REACH = 4
"""How many passages back a name may stand that a pronoun takes up."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """The names of a passage: those that it says something of, first what its subject stands for, and the others."""

    core: tuple[Group, ...]
    rest: tuple[Group, ...]
    stranger: str = ""
    """The noun of the thing without a known name that the passage is about: «a new probe», «Zorblax-2»."""
    strangers: bool = False
    """Whether it is about several things without names, which «they» then are: «the pictures are free»."""

    unknown: bool = False
    """Whether its subject is a name that no table knows, or that stayed open: «Galileo had been there before»."""
    several: bool = False
    """Whether it says that a thing is two or more: «the twin satellites of GRACE»."""

    @property
    def groups(self) -> tuple[Group, ...]:
        """All names, the likeliest to be taken up first."""
        return (*self.core, *self.rest)


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
    named: dict[str, Link] = field(default_factory=dict)
    """What the document has named so far, each thing by the link of its first name."""
    classes: set[str] = field(default_factory=set)
    """The classes of what it has named, with those above them."""
    called: dict[str, Link | None] = field(default_factory=dict)
    """A noun that the text gave to one thing alone: «a European probe, Huygens»; none where it gave it to several."""
    pairs: list[tuple[Link, ...]] = field(default_factory=list)
    """Agents that were named two together, the newest last: «NASA and ESA»."""
    lead: tuple[Link, ...] = ()
    """The craft or mission that a report is about whose title only describes it."""
    speaker: tuple[Link, ...] = ()
    """The body for which an interview's «we» speaks."""
    section: tuple[str, ...] = ()
    question: str = ""
    """The question in front of the passage read now, which an answer without a verb completes."""

    def keep(self, sentence: Sentence, subject: Sequence[Link]) -> None:
        """Remember the names of a sentence that has been read, and what its subject stands for."""
        self.passages = [*self.passages[1 - REACH :], _spoken(sentence, subject, self.lexicon)]
        self._name(sentence)
        self._call(sentence)
        self.question = ""
        text = sentence.passage.text
        if _asks(sentence.passage):
            self.question, self.answering = text, True
        elif self.answering and sentence.passage.kind is PassageKind.SENTENCE:
            self._answered(sentence)
        lost = () if self.passages[-1].stranger or self.passages[-1].unknown else self.centre
        self.centre = self._opening(sentence, subject) or lost
        if sentence.passage.kind is PassageKind.HEADING or _asks(sentence.passage) or text.rstrip().endswith(":"):
            links = [link for link in sentence.links if self.is_any(link, TOPICS)]
            if len({link.entity for link in links}) == 1:
                self.topics[_letters(text)] = replace(links[0], method=COREFERENT)

    def turn_to(self, passage: Passage) -> None:
        """Make the topic what the nearest heading above a passage is about."""
        above = (self.topics.get(_letters(heading)) for heading in reversed(passage.headings))
        if passage.headings != self.section or passage.kind is PassageKind.ITEM:
            self.section, self.centre = passage.headings, ()
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
            nouns = [noun.text.lower() for noun in near if noun.tag == "NN" and noun.index not in sentence.by_word]
            for noun in [*nouns, *([before[1]] if before else [])] if len(group.links) == 1 else ():
                if self._fits(noun, group.links[0]):
                    link = replace(group.links[0], method=COREFERENT)
                    known = self.called.setdefault(noun, link)
                    self.called[noun] = link if known is not None and known.entity == link.entity else None

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
            opens = (first or word.head == index) and not compared(sentence, group)
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
        _names_class(step, memory.lexicon, CRAFT)
        and step.index not in sentence.by_word
        and step.tag == "NN"
        and any(c.relation == "poss" or c.text.lower() in fresh for c in sentence.tree.children(step, "poss", "det"))
        and not any(c.index in sentence.by_word for c in sentence.tree.children(step, "appos", "compound"))
        for step in before[-1:]
    )


def root_subjects(tree: Tree) -> list[Word]:
    """The subjects of a sentence's main verb, also where the parser took that of a clause of time for it."""
    dated = [root for root in tree.roots if any(c.text.lower() in COMPARING for c in tree.children(root, "mark"))]
    roots = [clause for root in dated for clause in tree.children(root, "ccomp")] or tree.roots
    return [word for root in roots for word in tree.children(root, "nsubj", "nsubjpass")]


def _presented(sentence: Sentence, word: Word) -> bool:
    """Whether a sentence brings up what its verb leads to: «first came CoRoT», «that success led to Jason-2»."""
    tree = sentence.tree
    above = tree.governor(word)
    verb = tree.governor(above) if above is not None and word.relation == "pobj" and above.lemma == "to" else above
    return verb is not None and verb.head == verb.index and verb.lemma in PRESENTING and word.index > verb.index


def compared(sentence: Sentence, group: Group) -> bool:
    """Whether a sentence only compares with a name or dates by it: «one day ahead of X», «before X landed»."""
    tree = sentence.tree
    word = next((tree.words[index] for index, other in sentence.by_word.items() if other is group), None)
    for step in (word, *tree.ancestors(word)) if word is not None else ():
        if step.text.lower() in COMPARING:
            return True
        if step.tag.startswith("VB"):
            return any(mark.text.lower() in COMPARING for mark in tree.children(step, "mark"))
    return False


def stranger(sentence: Sentence, lexicon: Lexicon) -> str:
    """The noun of something that no table knows and that a sentence is about; empty where it is about none.

    That is «a new probe», «another rover», or a name that is a craft's by its digits or by the noun beside it.
    """
    return next((noun for word in root_subjects(sentence.tree) if (noun := nameless(sentence, lexicon, word))), "")


def nameless(sentence: Sentence, lexicon: Lexicon, word: Word, kinds: Sequence[str] = ()) -> str:
    """The noun by which a word means a thing of these classes, or any, that no table knows; empty if it means none."""
    tree = sentence.tree
    near = [word, *tree.children(word)]
    if any(step.index in sentence.by_word for step in near if step.relation != "poss"):
        return ""
    nouns = [step for step in near if _names_class(step, lexicon, kinds)]
    # «ESA built a lander»: that may be part of what the text is about, «another lander» is not.
    articles = {"another"} if word.relation == "dobj" else INDEFINITE
    fresh = any(step.text.lower() in articles for step in tree.children(word, "det"))
    named = word.tag.startswith("NNP") and (nouns or any(c.isdigit() for c in word.text))
    return singular(word.text.lower()) if named or (word in nouns and fresh) else ""


def _names_class(word: Word, lexicon: Lexicon, kinds: Sequence[str]) -> bool:
    kind = lexicon.class_nouns.get(singular(word.text.lower()), "")
    return bool(kind) and (not kinds or any(lexicon.declared.is_a(kind, wide) for wide in kinds))


def _spoken(sentence: Sentence, subject: Sequence[Link], lexicon: Lexicon) -> Spoken:
    tree = sentence.tree
    aside = [group for group in sentence.groups if compared(sentence, group)]
    subjects = [group for group in sentence.groups_of(root_subjects(tree)) if group not in aside]
    named = {link.entity for group in subjects for link in group.links}
    told = tuple(Item(link, link.mention.end) for link in subject if link.entity not in named)
    ends = [word for word in tree.words if word.relation in CORE or word.head == word.index]
    ends += [word for end in ends for word in tree.children(end, "appos")]
    core = [*subjects, *(group for group in sentence.groups_of(ends) if group not in subjects and group not in aside)]
    rest = [group for group in sentence.groups if group not in core and group not in aside]
    first = (Group(told),) if told else ()
    strangers = not subject and not subjects and any(word.tag == "NNS" for word in root_subjects(tree))
    several = not tree.forms.isdisjoint(SEVERAL)
    there = [word for root in tree.roots if tree.children(root, "expl") for word in tree.children(root, "attr")]
    unknown = not told and not subjects and any(open_name(sentence, w) for w in (*root_subjects(tree), *there))
    return Spoken((*first, *core), (*rest, *aside), stranger(sentence, lexicon), strangers, unknown, several)


def open_name(sentence: Sentence, subject: Word) -> bool:
    """Whether a subject is a name without a link, also one that is an ordinary word at the head of its sentence."""
    tree = sentence.tree
    if subject.index in sentence.by_word or any(c.index in sentence.by_word for c in tree.children(subject)):
        return False
    alone = subject.index == 0 and subject.tag == "NN" and not tree.children(subject, "det", "amod", "prep")
    return subject.tag == "NNP" or (alone and subject.lemma not in {"nobody", "nothing", "none"})


def _asks(passage: Passage) -> bool:
    heading = passage.kind is PassageKind.HEADING and passage.text.rstrip("* \n").endswith("?")
    return heading or passage.kind is PassageKind.QUESTION


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def pointed(link: Link, sentence: Sentence, word: Word) -> Link:
    """A name as a word stands for it that points back to it."""
    start, end = sentence.passage.start + word.start, sentence.passage.start + word.end
    return replace(link, mention=Mention(sentence.passage, start, end, (link.entity,), "pronoun"), method=COREFERENT)
