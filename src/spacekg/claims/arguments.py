"""arguments from the words of a sentence to the entities, concepts and dates that they name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from spacekg.claims import acting, anaphors, clauses, focus, routes, timing
from spacekg.claims.clauses import DEPTH, MODIFIERS
from spacekg.claims.dates import DateSpan
from spacekg.claims.sentences import Sentence
from spacekg.grammar import Word
from spacekg.lexicon import Lexicon
from spacekg.model import Link
from spacekg.reference import Entity

EXAMPLE_PREPOSITIONS = {"including", "like", "as", "especially", "namely", "notably", "particularly", "e.g."}
AMONG = re.compile(r"(?:(?:among (?:them|others|these|those)|including|such as|namely),?|^[^,;:]{0,40}:)\s(?:the\s)?$")
"""What stands before names that a plural earlier in the sentence stands for."""
THINGS = ("Endeavour", "SpaceAsset")
ELSEWHERE = {"section", "examples", "topic", "above"}
"""Paths at whose end no pronoun is looked for."""
STAFF = {
    *("controller", "engineer", "scientist", "team", "specialist", "expert", "researcher", "staff", "official"),
    *("group", "workshop", "factory", "plant", "division", "arm", "industry", "colleague", "technician", "navigator"),
    *("government", "ministry", "taxpayer", "people", "laboratory", "institute", "astronomer", "crew", "hand", "side"),
    *("student", "pupil", "graduate", "subsidiary", "contractor", "company", "consortium", "president", "premier"),
    *("minister", "chancellor", "administrator", "director", "head", "chief"),
}
"""Nouns for those who act for an agent, or for its works: whoever is named behind them acts."""


@dataclass(frozen=True)
class Reading:
    """A sentence together with what is known of its names and words, and with what its pronouns point back to."""

    sentence: Sentence
    lexicon: Lexicon
    entities: Mapping[str, Entity]
    antecedents: Callable[[Sentence, Word, Sequence[str]], Sequence[Link]]
    topic: Sequence[Link] = ()
    """What the document or section is about: the one craft, mission or body its heading names."""
    question: str = ""
    """The question that the passage answers; empty where none stands right before it."""
    centre: Sequence[Link] = ()
    """The craft or mission that a sentence before this one, in the same section, opened with."""
    known: Collection[str] = ()
    """The classes of all that the text has named so far, with those above them."""
    before: Reading | None = None
    """The sentence before, as it was read, without what was before it."""
    found: dict[Hashable, list[Link]] = field(default_factory=dict, compare=False, repr=False)
    """What was looked for before, as most patterns look for the same: a word, a path or paths, and classes."""
    led: dict[tuple[int, str], list[Word]] = field(default_factory=dict, compare=False, repr=False)
    """Where a path was seen to lead from a word."""

    def kind(self, link: Link) -> str:
        """The class of the entity that a name stands for."""
        return self.entities[link.entity].kind

    def is_any(self, link: Link, kinds: Sequence[str]) -> bool:
        """Whether a name stands for an entity of one of these classes."""
        return not self.lexicon.declared.upward(self.kind(link)).isdisjoint(kinds)

    @cached_property
    def classes(self) -> frozenset[str]:
        """The classes of all that a word of the sentence may name or point back to, with those above them."""
        return self.classes_of((*self.sentence.links, *self.topic)).union(self.known)

    def classes_of(self, links: Iterable[Link]) -> frozenset[str]:
        """The classes of what some names stand for, with those above them."""
        return frozenset(kind for link in links for kind in self.lexicon.declared.upward(self.kind(link)))

    def may_name(self, kinds: Iterable[str]) -> bool:
        """Whether any word could stand for an entity of these classes."""
        return not self.classes.isdisjoint(kinds)

    @cached_property
    def pointing(self) -> frozenset[int]:
        """The words that may point back to something."""
        return anaphors.pointing(self.sentence)

    def fitting(self, links: Sequence[Link], kinds: Sequence[str]) -> list[Link]:
        """The names of these classes, each entity once."""
        return list({link.entity: link for link in links if self.is_any(link, kinds)}.values()) if links else []

    def first(self, word: Word, paths: Sequence[str], kinds: Sequence[str]) -> list[Link]:
        """The names of these classes at the first path that leads to any."""
        sought = (word.index, tuple(paths), tuple(kinds))
        if sought not in self.found:
            self.found[sought] = self._first(word, paths, kinds) if self.may_name(kinds) else []
        return self.found[sought]

    def _first(self, word: Word, paths: Sequence[str], kinds: Sequence[str]) -> list[Link]:
        named = next(filter(None, (self._at(word, path, kinds) for path in paths)), [])
        return named or self._pointed(word, paths, kinds) or self._left_out(word, paths, kinds)

    def _at(self, word: Word, path: str, kinds: Sequence[str]) -> list[Link]:
        found = self.fitting(self.links(word, path), kinds)
        # What the sentences before this one go on about is nearer than what a heading names.
        onward = path == "section" and not self._spoken_of(word)
        return (self.fitting(self.centre, kinds) or found) if onward else found

    def _left_out(self, word: Word, paths: Sequence[str], kinds: Sequence[str]) -> list[Link]:
        """What the text is about, where a sentence leaves its subject out: «Launched by X», «Carries a dish»."""
        if word.tag not in clauses.OPENING_TAGS or not ("agent" in paths or "patient" in paths):
            return []
        opens = self.sentence.labelled[0] - self.sentence.passage.start if self.sentence.label and not self.label else 0
        return self.about(kinds) if clauses.left_out(self.sentence.tree, word, opens) in paths else []

    def _pointed(self, word: Word, paths: Sequence[str], kinds: Sequence[str]) -> list[Link]:
        """What a pronoun or definite noun at a path points back to, where the nearest name is of no fitting class."""
        paths = [path for path in paths if path not in ELSEWHERE] if self.pointing else []
        return self.pointed([head for path in paths for head in self.heads(word, path)], kinds)

    def pointed(self, words: Iterable[Word], kinds: Sequence[str]) -> list[Link]:
        """The names of these classes that the first of some pronouns and definite nouns points back to."""
        return next(filter(None, (self.fitting(self.referents(word, kinds), kinds) for word in words)), [])

    def referents(self, word: Word, kinds: Sequence[str] = ()) -> Sequence[Link]:
        """What a word points back to, of these classes or of any."""
        return self.antecedents(self.sentence, word, kinds) if word.index in self.pointing else ()

    def about(self, kinds: Sequence[str]) -> list[Link]:
        """What a sentence that names none of these classes is about: what one before it opened with, or the topic."""
        tree = self.sentence.tree
        ends = (word for word in tree.words if word.relation in {"nsubj", "nsubjpass", "dobj"})
        if any(focus.nameless(self.sentence, self.lexicon, word, focus.CRAFT) for word in ends):
            return []
        return self.fitting(self.centre or self.topic, kinds)

    def all(self, word: Word, paths: Sequence[str], kinds: Sequence[str]) -> list[Link]:
        """The names of these classes at the end of any of the paths."""
        return self.fitting([link for path in paths for link in self.links(word, path)], kinds)

    def heads(self, word: Word, path: str) -> list[Word]:
        """The words at the end of a path: a row of `routes.PATHS`, or a preposition, for its objects."""
        if (word.index, path) not in self.led:
            found = routes.heads(self.sentence.tree, word, path)
            self.led[word.index, path] = acting.uncompared(self.sentence.tree, word, found)
        return self.led[word.index, path]

    def links(self, word: Word, path: str) -> list[Link]:
        """The names at the end of a path of `routes.PATHS`, behind a preposition, or given as `examples`."""
        if (word.index, path) not in self.found:
            self.found[word.index, path] = self._links(word, path)
        return self.found[word.index, path]

    def _links(self, word: Word, path: str) -> list[Link]:
        if path == "section":
            return [] if self._spoken_of(word) else list(self.topic)
        if path == "examples":
            return self._examples(word, DEPTH) or self._appositions(word, DEPTH)
        # «Both ride on the module, an ESA contribution»: that is said of the module, not of the topic.
        aside = path == "topic" and word.relation == "appos"
        heads = [] if aside else self.heads(word, path)
        match path:
            case "compound":
                return [link for head in heads for link in self._group(head)]
            case "topic" | "above":
                return next((found for head in heads if (found := self.deep(head))), []) or self._labelled(word)
            case "host":
                named = [link for head in heads for link in self.named(head)]
                return named or self._titled(word) or self._adjacent(word) or self._labelled(word)
        return [link for head in heads for link in self.named(head)]

    def _spoken_of(self, word: Word) -> bool:
        """Whether the sentence says of what a word speaks, named or not: then that is not the section's topic."""
        tree = self.sentence.tree
        if word.tag.startswith("VB"):
            return bool(clauses.patient(tree, word))
        prepositions = {child.lemma for child in tree.children(word, "prep")}
        return bool(prepositions & {"of", "for", "in", "on", "to"} or tree.children(word, "poss", "relcl"))

    def named(self, word: Word, depth: int = DEPTH) -> list[Link]:
        """The names that a word stands for: its own, those of its examples, of its modifiers, of what it joins."""
        if depth == 0:
            return []
        tree = self.sentence.tree
        joined = [link for child in acting.joined(tree, word) for link in self.named(child, depth - 1)]
        own = (
            list(self._group(word))
            or (self._titled(word) if word.relation == "nsubj" else [])
            or [*self._examples(word, depth), *self._appositions(word, depth)]
            or [*(near := self._modifying(word)), *(self.fitting(self._predicated(word), THINGS) if near else ())]
            or self._employed(word, depth)
            or self._predicated(word)
            or list(self.referents(word))
        )
        return [*own, *joined]

    def _modifying(self, word: Word) -> list[Link]:
        """«The Columbus laboratory», «ESA's engineers»; but Gaia is not its camera."""
        tree = self.sentence.tree
        part = ("noun", word.lemma) in self.lexicon.involvements
        own = [link for child in tree.children(word, "poss") for link in self._group(child)]
        near = [link for child in tree.children(word, *MODIFIERS) for link in self._group(child) if link not in own]
        # «Matra Marconi Space» is not Matra, nor the «Paris Force» Paris, and a former engineer no longer NASA's.
        if word.tag.startswith("NNP") or acting.formerly(tree, word):
            near = [x for x in near if x.mention.kind == "demonym" or not self.is_any(x, ("Agent",))]
        kept = [*own, *near] if part else own
        agents = self.fitting(kept, ("Agent",))
        kind = self.lexicon.class_nouns.get(word.lemma, "") if part else ""  # «The Nauka module» is Nauka.
        return [*self.fitting(near, (kind,)), *agents] if part else [*near, *agents]

    def _employed(self, word: Word, depth: int) -> list[Link]:
        """«Engineers of ESA», «a team from Japan»: whose people or works they are; «operating Gaia»: what is done."""
        tree = self.sentence.tree
        if word.tag == "VBG" and word.relation == "pcomp":
            return [link for child in tree.children(word, "dobj") for link in self.named(child, depth - 1)]
        employers = clauses.employers(tree, word) if word.lemma in STAFF else []
        return [link for child in employers for link in self.named(child, depth - 1)]

    def deep(self, word: Word, depth: int = DEPTH) -> list[Link]:
        """The names that a noun phrase is about: as `named`, or behind `of`, as in «the birth of the station»."""
        found = self.named(word)
        if found or depth == 0:
            return found
        tree = self.sentence.tree
        behind = [child for prep in tree.children(word, "prep") if prep.lemma == "of" for child in tree.children(prep)]
        return [link for child in behind for link in self.deep(child, depth - 1)]

    def concepts(self, word: Word) -> list[str]:
        """The concepts that a word or one of its modifiers names, with those of the words it joins."""
        tree = self.sentence.tree
        reach = [word, *tree.children(word, *MODIFIERS), *tree.children(word, "conj")]
        reach += [far for near in tree.children(word, "conj") for far in tree.children(near, "conj", *MODIFIERS)]
        return list(dict.fromkeys(c for w in reach if (c := self.sentence.concept_by_word.get(w.index))))

    def date(self, word: Word) -> DateSpan | None:
        """The date of a word; see `timing.date`."""
        return timing.date(self.sentence, word)

    def word_at(self, offset: int) -> Word | None:
        """The word at an offset of the passage."""
        return next((word for word in self.sentence.tree.words if word.start <= offset < word.end), None)

    @cached_property
    def label(self) -> list[Link]:
        """The names in front of a label's colon or in a row's first cell: what the rest of the line is about."""
        ends = self.sentence.label
        return [link for group in self.sentence.groups if ends and group.end <= ends[1] for link in group.links]

    @property
    def bodies(self) -> set[str]:
        """The celestial bodies that the sentence names."""
        return {link.entity for link in self.fitting(self.sentence.links, ("CelestialBody",))}

    def _labelled(self, word: Word) -> list[Link]:
        ends = self.sentence.label
        return self.label if ends and self.sentence.passage.start + word.start >= ends[1] else []

    def _titled(self, word: Word) -> list[Link]:
        """«the space telescope Euclid», «the French agency CNES»: what a noun is the title of."""
        above = self.sentence.tree.governor(word)
        if above is not None and word.relation in MODIFIERS:
            return list(self._group(above))
        # «India's space agency ISRO built it»: the parser gives the verb two subjects.
        behind = self.sentence.tree.words[word.index + 1 : word.index + 2]
        twin = behind and (behind[0].head, behind[0].relation) == (word.head, word.relation)
        return list(self._group(behind[0])) if twin else []

    def _adjacent(self, word: Word) -> list[Link]:
        """«…, by Arianespace, a company»: the name in front of the comma, wherever the parser hung the noun."""
        words, left = self.sentence.tree.words, word.index - 1
        while left > 0 and words[left].head == word.index and words[left].relation in {"det", *MODIFIERS}:
            left -= 1
        behind_comma = left > 0 and words[left].text == "," and left < word.index - 1
        return list(self._group(words[left - 1])) if behind_comma else []

    def _group(self, word: Word) -> Sequence[Link]:
        group = self.sentence.by_word.get(word.index)
        return group.links if group else ()

    def _predicated(self, word: Word) -> list[Link]:
        """«Artemis is a programme led by …»: the programme is Artemis."""
        if word.relation not in {"attr", "appos"}:
            return []
        hosts = clauses.host(self.sentence.tree, word)
        return [link for host in hosts for link in self._group(host)] or self._adjacent(word)

    def _examples(self, word: Word, depth: int) -> list[Link]:
        tree = self.sentence.tree
        preps = [p for p in tree.children(word, "prep") if {p.lemma, p.text.lower()} & EXAMPLE_PREPOSITIONS]
        found = [link for prep in preps for child in tree.children(prep) for link in self.named(child, depth - 1)]
        return found or (self._among(word) if word.tag == "NNS" else [])

    def _among(self, plural: Word) -> list[Link]:
        """Names further on that say who a plural is: «sixteen countries take part, among them Japan and Canada»."""
        sentence = self.sentence
        text, start = sentence.passage.document.text, sentence.passage.start
        for group in sentence.groups:
            if group.start >= start + plural.end and AMONG.search(text[start + plural.end : group.start]):
                between = [w for w in sentence.tree.words[plural.index + 1 :] if start + w.start < group.start]
                return [] if any(w.tag == "NNS" for w in between) else list(group.links)
        return []

    def _appositions(self, word: Word, depth: int) -> list[Link]:
        return [link for child in self.sentence.tree.children(word, "appos") for link in self.named(child, depth - 1)]
