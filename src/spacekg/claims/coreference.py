"""coreference what pronouns and definite nouns point back to, by rule: the last name of a fitting kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from spacekg.claims.sentences import Group, Sentence
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

    def keep(self, sentence: Sentence) -> None:
        """Remember the names of a sentence that has been read."""
        self.passages = [*self.passages[1 - REACH :], sentence.groups]
        text = sentence.passage.text
        if sentence.passage.kind is PassageKind.HEADING or text.rstrip().endswith(":"):
            links = [link for group in sentence.groups for link in group.links if self._is_any(link, TOPICS)]
            if len({link.entity for link in links}) == 1:
                self.topics[_letters(text)] = replace(links[0], method=COREFERENT)

    def turn_to(self, passage: Passage) -> None:
        """Make the topic what the nearest heading above a passage is about."""
        above = (self.topics.get(_letters(heading)) for heading in reversed(passage.headings))
        self.topic = tuple(link for link in above if link)[:1]

    def antecedents(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """What `word` points back to; nothing when it is no pronoun and no definite noun, or nothing fits."""
        text = word.text.lower()
        if text in SINGULAR:
            return self._last(sentence, word, lambda link: self._is_any(link, THINGS), 1) or self.topic
        if text in PLURAL:
            return self._last(sentence, word, lambda link: self._is_any(link, ("Agent",)), 2)
        determiners = {c.text.lower() for c in sentence.tree.children(word, "det", "predet")}
        preps = {c.lemma for c in sentence.tree.children(word, "prep")}
        if not determiners & DETERMINERS or "of" in preps or sentence.tree.children(word, "amod", "relcl", "acl"):
            return ()
        noun = singular(text)
        kinds = self.lexicon.kinds_of_noun(noun)
        many = 2 if word.tag == "NNS" else 1
        same_word = self._last(sentence, word, lambda link: self._bears(link, noun, text), 1)
        return same_word or self._last(sentence, word, lambda link: self.entities[link.entity].kind in kinds, many)

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


def _letters(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _pointed(link: Link, sentence: Sentence, word: Word) -> Link:
    start = sentence.passage.start
    mention = Mention(sentence.passage, start + word.start, start + word.end, (link.entity,), "pronoun")
    return replace(link, mention=mention, method=COREFERENT)
