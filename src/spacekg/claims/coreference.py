"""coreference what pronouns and definite nouns point back to, by rule: the last name of a fitting kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from spacekg.claims import anaphors, clauses, discourse, focus, nationals, owners, plurals, turns
from spacekg.claims.acting import OTHERS
from spacekg.claims.anaphors import NUMBERS, OBJECTS, ORDER, PLACES, PLURAL, SINGULAR, SUBJECTS
from spacekg.claims.descriptions import class_noun
from spacekg.claims.discourse import Memory
from spacekg.claims.focus import CRAFT
from spacekg.claims.sentences import Group, Sentence, words_within
from spacekg.grammar import Word
from spacekg.lexicon import singular
from spacekg.model import Link

THINGS = ("Endeavour", "SpaceAsset", "Organization")
SITE = ("LaunchSite",)
ENDS = {*SUBJECTS, "dobj"}
PARTIES = {"partner", "side", "party", "power", "government", "participant"}
"""Nouns for agents of any class who work together."""
NO_IT = ("GeopoliticalEntity", "Person")


@dataclass(frozen=True)
class Coreference:
    """What the words of one sentence point back to, in a document whose sentences before it are remembered."""

    memory: Memory
    found: dict[int, Sequence[Link]] = field(default_factory=dict)
    """What was found before, whatever its class."""

    def subject(self, sentence: Sentence) -> list[Link]:
        """What the main subject of a sentence stands for, or whose it is: «it», «its launch»."""
        found: list[Link] = []
        for word in focus.root_subjects(sentence.tree):
            called = [w for w in sentence.tree.children(word, "appos") if w.index in sentence.by_word] or [word]
            # «Its successor was X»: what goes on is said of X.
            told = sentence.tree.children(sentence.tree.words[word.head], "attr") if word.lemma in OTHERS else []
            near = [*(w for w in told if w.index in sentence.by_word), *called, *sentence.tree.children(word, "poss")]
            found += next((x for step in near if (x := self._standing(sentence, step))), [])
        return found

    def objects(self, sentence: Sentence) -> list[Link]:
        """What «it» stands for behind the verb of a sentence: «a Falcon 9 carried it up»."""
        tree = sentence.tree
        words = [word for root in tree.roots for word in tree.children(root, "dobj") if word.text.lower() == "it"]
        return [link for word in words for link in self.antecedents(sentence, word, turns.THINGS)]

    def antecedents(self, sentence: Sentence, word: Word, kinds: Sequence[str]) -> Sequence[Link]:
        """What `word` points back to; nothing when it is no pronoun and no definite noun, or nothing fits.

        `kinds` are the classes that are wanted, none if any will do.
        """
        if word.index not in self.found:
            self.found[word.index] = self._nearest(sentence, word)
        found, text = self.found[word.index], word.text.lower()
        if not kinds or any(self._is_any(link, kinds) for link in found):
            return found
        rival = word.tag.startswith("NN") and turns.to_rival(self.memory)
        if rival or any(spoken.stranger == singular(text) for spoken in self.memory.passages):
            return ()
        if text in SINGULAR:
            return () if anaphors.emphatic(word) else self._it_of_class(sentence, word, kinds, found)
        plural = anaphors.plural(sentence, word) and anaphors.definite(sentence, word)
        if text in PLURAL or (not found and (plural or (text in NUMBERS and not sentence.tree.children(word, "prep")))):
            return (
                plurals.several(self.memory, sentence, word, kinds)
                or found
                or plurals.fleet(self.memory, sentence, word, kinds)
            )
        if (
            word.tag == "NN"
            and not plural
            and anaphors.definite(sentence, word)
            and plurals.speaks_of_craft(self.memory, sentence, word)
        ):
            about = self.memory.centre or self.memory.topic
            topic = [link for link in about if self._is_any(link, CRAFT) and self._is_any(link, kinds)]
            craft = self._last(sentence, word, lambda link: self._is_any(link, (*CRAFT, "SpaceProgramme")), 1)
            return topic or [link for link in craft if self._is_any(link, kinds)]
        return found

    def _standing(self, sentence: Sentence, word: Word) -> list[Link]:
        group = sentence.by_word.get(word.index)
        return list(group.links) if group else list(self._nearest(sentence, word))

    def _it_of_class(
        self, sentence: Sentence, word: Word, kinds: Sequence[str], found: Sequence[Link]
    ) -> Sequence[Link]:
        """The topic, or the last name, of a class that «it» must be of, where what it seems to be is of none."""
        verb = anaphors.verb_over(sentence, word)
        joined = verb is not None and anaphors.joined_object(sentence, word, verb)
        if joined or (verb is not None and anaphors.idle(sentence, word, verb)):
            return self._noun_before(sentence, word, kinds) if joined else ()
        actors = self._actors(sentence, word) if word.relation in OBJECTS else set()
        strange = self._turned(sentence, word)
        things = [link for group in self._here(sentence, word) for link in group.links if self._is_any(link, THINGS)]
        here = {x.entity: x for x in things if self._is_any(x, kinds) and x.entity not in actors}
        if here:
            return [focus.pointed(link, sentence, word) for link in here.values()] if len(here) == 1 else ()
        about = [link for link in self.memory.topic if self._is_any(link, kinds) and link.entity not in actors]
        wide = ("Agent",) if any(self.memory.lexicon.declared.is_a(kind, "Agent") for kind in kinds) else ()
        if strange or (wide and found and owners.of_craft(sentence, word, self.memory)):
            return ()
        first = {x.entity for spoken in self.memory.passages[-1:] for group in spoken.core[:1] for x in group.links}
        if wide and word.relation in SUBJECTS and not first.isdisjoint(link.entity for link in found):
            return ()  # «NASA was glad. Ariane 6 is cheap. It launched …» tells of the rocket.
        # Where «it» could not be the agent named last, it is the last thing, and the other way round.
        if about or any(self._is_any(link, ("Agent",)) == bool(wide) for link in found):
            return about
        last = self._last(sentence, word, lambda x: x.entity not in actors and self._is_any(x, (*kinds, *wide)), 1)
        return [link for link in last if self._is_any(link, kinds) and not self._is_any(link, NO_IT)]

    def _nearest(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        text = word.text.lower()
        if text in SINGULAR:
            return () if anaphors.emphatic(word) else self._it(sentence, word)
        if text in PLACES or text in ORDER:
            return self._there(sentence, word) if text in PLACES else turns.in_order(self.memory, sentence, word)
        if text in NUMBERS:
            return plurals.counted(self.memory, sentence, word, NUMBERS[text])
        if text in PLURAL:
            return self._last(sentence, word, lambda link: self._is_any(link, ("Agent",)), 2)
        by_state = not anaphors.definite(sentence, word)
        if by_state and not anaphors.of_a_state(sentence, word):
            return ()
        return nationals.meant(sentence, word, self.memory) if by_state else self._by_noun(sentence, word)

    def _by_noun(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """The last thing with the noun in its name, else the last of the noun's class."""
        text, noun = word.text.lower(), singular(word.text.lower())
        if any(spoken.stranger == noun for spoken in self.memory.passages) or turns.to_rival(self.memory):
            return ()
        called, many = self.memory.called.get(noun), 2 if anaphors.plural(sentence, word) else 1
        lately = (link.entity for spoken in self.memory.passages for group in spoken.groups for link in group.links)
        if called is not None and many == 1 and called.entity in lately:
            return [focus.pointed(called, sentence, word)]
        said = class_noun(sentence, self.memory.lexicon, word)
        kinds = self.memory.lexicon.kinds_of_noun(said)
        # The tables call many a craft a mission, and the other way round.
        wide = CRAFT if self.memory.lexicon.class_nouns.get(said) in CRAFT else ()
        if noun in PARTIES:
            kinds = self.memory.lexicon.kinds_of_noun("agency") | self.memory.lexicon.kinds_of_noun("country")
        same_word = self._last(sentence, word, lambda link: self._bears(link, noun, text), 1)
        found = same_word or self._last(
            sentence, word, lambda link: self._kind(link) in kinds or self._is_any(link, wide), many
        )
        count = anaphors.count(sentence, word)
        if found and count in {0, len(found)}:
            return found
        return [focus.pointed(link, sentence, word) for link in self.memory.pair(kinds)] if count == many == 2 else ()

    def _there(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """«From here», «from there»: the site that the text is about, or that was named last."""
        above = sentence.tree.governor(word)
        if above is None or (above.lemma != "from" and word.relation != "advmod"):
            return ()
        about = [x for x in self.memory.topic if word.text.lower() == "here" and self._is_any(x, SITE)]
        return about or self._last(sentence, word, lambda link: self._is_any(link, SITE), 1)

    def _it(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """The last thing named, but never who acts on it, nor where «it» is a thing without a name just spoken of."""
        verb = anaphors.verb_over(sentence, word)
        if verb is not None and (anaphors.idle(sentence, word, verb) or anaphors.joined_object(sentence, word, verb)):
            return ()
        state = [focus.pointed(link, sentence, word) for link in owners.acting_state(sentence, word, self.memory)]
        same = state or self._chained(sentence, word)
        if same:
            return same
        actors = self._actors(sentence, word) if word.relation in OBJECTS else set()

        def fits(link: Link) -> bool:
            return link.entity not in actors and self._is_any(link, THINGS)

        if self._turned(sentence, word):
            return ()
        near = self._last_of(self._near(sentence, word), sentence, word, fits) or self.memory.topic
        last = () if near else self._last(sentence, word, fits, 1)
        return near or (() if owners.goes_on_about_state(last, self.memory) else last)

    def _chained(self, sentence: Sentence, word: Word) -> Sequence[Link]:
        """What an «it» or «its» before this one in the sentence is, where no other thing is named between them."""
        before = [step for step in sentence.tree.words[: word.index] if step.text.lower() in SINGULAR]
        if not before:
            return ()
        start = sentence.passage.start
        between = [g for g in sentence.groups if start + before[-1].start < g.start < start + word.start]
        tree = sentence.tree
        ends = {step.index for step in tree.words if step.relation in {*SUBJECTS, *OBJECTS, "appos", "attr"}}
        ends -= {step.head for step in tree.words if step.relation == "case"}  # «larger than Hubble's»
        named = [g for index, g in sentence.by_word.items() if g in between and index in ends]
        named = [group for group in named if not focus.compared(sentence, group)]
        things = [x for g in named for x in g.links if self._is_any(x, turns.THINGS)]
        found = self._it(sentence, before[-1]) if not things else ()
        # «Built for ESA. A rocket took it up, and it fell …»: the first is no body, where it is acted on.
        if not things and before[-1].relation in OBJECTS and not self._turned(sentence, before[-1]):
            found = self.antecedents(sentence, before[-1], turns.THINGS)
        return [focus.pointed(link, sentence, word) for link in found if self._is_any(link, turns.THINGS)]

    def _actors(self, sentence: Sentence, word: Word) -> set[str]:
        verb = anaphors.verb_over(sentence, word)
        subjects = clauses.subject(sentence.tree, verb) if verb is not None else []
        below = [step for head in subjects for step in words_within(sentence.tree, head)]
        return {link.entity for link in _named(sentence, below)}

    def _bears(self, link: Link, noun: str, text: str) -> bool:
        """Whether a name has the noun in it: «the station» is the Space Station, «the rovers» are the Mars rovers."""
        words = [word.lower() for word in link.mention.surface.split()]
        return text in words or (noun != text and self._is_any(link, ("SpaceProgramme",)) and noun in words)

    def _kind(self, link: Link) -> str:
        return self.memory.entities[link.entity].kind

    def _is_any(self, link: Link, ancestors: Sequence[str]) -> bool:
        return self.memory.is_any(link, ancestors)

    def _last(self, sentence: Sentence, word: Word, fits: Callable[[Link], bool], count: int) -> Sequence[Link]:
        """The nearest group before `word` with one fitting name, or with two or more where `count` is 2."""
        here = self._here(sentence, word)
        before = [group for spoken in reversed(self.memory.passages) for group in spoken.groups]
        return self._last_of([*here, *before], sentence, word, fits, count)

    def _last_of(
        self, groups: Sequence[Group], sentence: Sentence, word: Word, fits: Callable[[Link], bool], count: int = 1
    ) -> Sequence[Link]:
        for group in groups:
            links = [link for link in group.links if fits(link)]
            if links and min(len(links), 2) == count:
                return [focus.pointed(link, sentence, word) for link in links]
        return ()

    def _near(self, sentence: Sentence, word: Word) -> list[Group]:
        """The names in front of a word, and those that the passage before says something of."""
        return [*self._here(sentence, word), *(group for spoken in self.memory.passages[-1:] for group in spoken.core)]

    def _turned(self, sentence: Sentence, word: Word) -> bool:
        """Whether the text before a pronoun has turned to what has no known name, and nothing stands beside it."""
        acted_on = word.relation in OBJECTS  # «… X pays for it» is not X.
        here = [g for g in self._here(sentence, word) if not (acted_on and self._is_any(g.links[0], ("Agent",)))]
        away = turns.away(self.memory) and not here
        return away or discourse.brought_up(sentence, self.memory, word) or self._open_noun(sentence, word)

    def _noun_before(self, sentence: Sentence, word: Word, kinds: Sequence[str]) -> Sequence[Link]:
        """What the last noun before «it» stands for: «India joined the agreement, and Germany signed it»."""
        nouns = [step for step in sentence.tree.words[: word.index] if step.tag == "NN" and step.relation in ENDS]
        last = next((noun for noun in reversed(nouns) if anaphors.definite(sentence, noun)), None)
        found = self.antecedents(sentence, last, kinds) if last is not None else ()
        return [focus.pointed(link, sentence, word) for link in found if self._is_any(link, kinds)]

    def _open_noun(self, sentence: Sentence, word: Word) -> bool:
        """Whether a clause before a pronoun is about a craft by a noun of which it stays open what it means."""
        before = [step for step in sentence.tree.words[: word.index] if step.relation in SUBJECTS]
        nouns = [step for step in before[-1:] if step.tag == "NN" and step.index not in sentence.by_word]
        said = [noun for noun in nouns if plurals.speaks_of_craft(self.memory, sentence, noun)]
        told = (anaphors.definite(sentence, noun) or anaphors.of_a_state(sentence, noun) for noun in said)
        return any(told) and not self.antecedents(sentence, said[0], ())

    def _here(self, sentence: Sentence, word: Word) -> list[Group]:
        """The names in front of a word, the likeliest first: a subject takes up a subject, all else the nearest."""
        offset = sentence.passage.start + word.start
        here = [group for group in reversed(sentence.groups) if group.end < offset]
        owned = word.relation == "poss" and sentence.tree.words[word.head].relation in SUBJECTS
        if word.relation in SUBJECTS or owned:
            own = sentence.groups_of(anaphors.fronted(sentence, word)) if word.text.lower() in SINGULAR else []
            here = [group for group in here if group not in own]
            subjects = sentence.groups_of(step for step in sentence.tree.words if step.relation in SUBJECTS)
            here.sort(key=lambda group: group not in subjects)
        return here


def _named(sentence: Sentence, words: Sequence[Word]) -> list[Link]:
    return [link for word in words if word.index in sentence.by_word for link in sentence.by_word[word.index].links]
