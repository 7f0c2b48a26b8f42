"""doubts    why what stands beside a cue is no new name: it is known, a common word, a date, a place or a person."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacekg.candidates.shapes import NAME, WORD, Hit
from spacekg.grammar import Tree, Word
from spacekg.lexicon import Lexicon
from spacekg.model import Document, Mention, Passage
from spacekg.names import Names, tokenize
from spacekg.reference import Reference

DEMONYM = "demonym"
PART = re.compile(r"[^\W_]+")
DIGITS = str.maketrans("01345", "oleas")
"""Digits that are set for letters."""
NUMBERED = re.compile(r"\d|[^\W\d_].*[A-Z]")
"""A digit or an inner capital: what no ordinary word has."""
NUMBER = re.compile(r"[ -](?:\d{1,3}|[A-Z])$")
NUMERALS = "i ii iii iv v vi vii viii ix x xi xii".split()
ROMAN = {str(n): roman for n, roman in enumerate(NUMERALS, 1)} | {roman: str(n) for n, roman in enumerate(NUMERALS, 1)}
LONGEST = 80
"""How many characters a name may have."""
COMPOUND = re.compile(r"-[a-z]{2,}$")
ARTICLE = re.compile(r"The\s(?=\w)")
PLACE = re.compile(r"\b(?:in|at|near|from|on|outside|around|across)\s(?:the\s)?$")
PROPER = {"NNP", "NNPS"}
MODIFIES = {"compound", "amod", "nmod"}


def people(document: Document, lexicon: Lexicon) -> frozenset[str]:
    """The words of the names that a document gives to persons: behind their title, or before what they say."""
    before, after = ("|".join(map(re.escape, lexicon.people.get(side, ()))) for side in ("before", "after"))
    patterns = [rf"\b(?i:{before})\.?[ ]({NAME})"] if before else []
    patterns += [rf"({WORD}[ ]{WORD})[ ](?:{after})\b"] if after else []
    found = [name for pattern in patterns for name in re.findall(pattern, document.text)]
    return frozenset(word for name in found for word in name.split())


@dataclass(frozen=True)
class Judge:
    """What speaks against a new name in one document."""

    lexicon: Lexicon
    known: tuple[Names, Reference]
    mentions: Mapping[Passage, Sequence[Mention]]
    people: frozenset[str]

    @cached_property
    def _agents(self) -> frozenset[str]:
        declared = self.lexicon.declared
        return frozenset(kind for kind in declared.classes if declared.is_a(kind, "Agent"))

    def cut(self, hit: Hit) -> Hit | None:
        """The hit without article, owner, nationality or a known name next to the cue; nothing where all is known."""
        article = ARTICLE.match(hit.name)
        start = hit.start + article.end() if article else hit.start
        while hit.cue.shape == "before" and (end := self._owner(hit.passage, start, hit.end)):
            start = end
        rest = replace(hit, start=start, end=self._end(hit, start))
        words = list(PART.finditer(rest.name))
        covered = [self._inside(hit.passage, start + word.start(), start + word.end()) for word in words]
        return rest if words and not all(covered) else None

    def _end(self, hit: Hit, start: int) -> int:
        """Where the name ends: before a known name between it and its cue, as in «STS-1 Space Shuttle mission»."""
        for mention in self.mentions.get(hit.passage, ()):
            before = hit.passage.document.text[start : mention.start]
            if hit.cue.shape == "before" and mention.end == hit.end and before.endswith(" "):
                return mention.start - 1
        return hit.end

    def _owner(self, passage: Passage, start: int, end: int) -> int:
        """Where the name proper starts behind an agent's name or a nationality; 0 where none stands first."""
        for mention in self.mentions.get(passage, ()):
            if mention.start == start and mention.end < end and self._owns(mention):
                return self._next(passage, mention.end, end)
        word = PART.match(passage.document.text, start, end)
        if word and word.end() < end and "nationality" in self.lexicon.no_names.get(word.group(), ""):
            return self._next(passage, word.end(), end)
        return 0

    def _owns(self, mention: Mention) -> bool:
        entities = self.known[1].entities
        return all(entities[name].kind in self._agents for name in mention.candidates)

    def _next(self, passage: Passage, start: int, end: int) -> int:
        """The start of the next word, where a space parts it from what is cut."""
        text = passage.document.text
        return start + 1 if start + 1 < end and text[start] == " " else 0

    def _inside(self, passage: Passage, start: int, end: int) -> Mention | None:
        within = (m for m in self.mentions.get(passage, ()) if m.start <= start and end <= m.end)
        return next(within, None)

    def reason(self, hit: Hit) -> str:
        """Why the hit is no new name, in words; empty where nothing is found but grammar was not asked."""
        name = hit.name
        if any(unicodedata.name(c, "").split(" ")[0] != "LATIN" for c in name if c.isalpha()):
            return "not in Latin letters: may be a known name in letters that look alike"
        if not name[0].isupper() or not 1 < sum(c.isalnum() for c in name) < LONGEST:
            return "no name, but a letter, a sign or too long"
        if COMPOUND.search(name):
            return "a compound word, such as NASA-led"
        if self._is_known(name):
            return "a known name in another spelling"
        return self._by_words(hit) or self._by_place(hit)

    def _is_known(self, name: str) -> bool:
        keys = tuple(token.key for token in tokenize(name))
        spelt = (keys, tuple(key.translate(DIGITS) for key in keys), tuple(ROMAN.get(key, key) for key in keys))
        return any(words in self.known[0].by_words for words in spelt)

    def _by_words(self, hit: Hit) -> str:
        common = self.lexicon.no_names
        words = hit.name.split()
        reasons = [self._ordinary(hit, match) for match in PART.finditer(hit.name)]
        if all(reasons) and not self._is_numbered(hit):
            return reasons[0]
        opening = common.get(words[0], "")
        if "word of every text" in opening or "person" in opening:
            return opening
        if self.people & set(words):
            return "a person's name in this document"
        return ""

    def _is_numbered(self, hit: Hit) -> bool:
        """Whether the name is that of a known thing and a number: «Soyuz 311» is another one."""
        number = NUMBER.search(hit.name)
        known = self._inside(hit.passage, hit.start, hit.start + number.start()) if number else None
        return known is not None and not self._owns(known)

    def _ordinary(self, hit: Hit, match: re.Match[str]) -> str:
        """Why one word of a name does not make it a name: an ordinary word, a number, or known."""
        word = match.group()
        if hit.cue.shape == "within" and hit.word[0] <= hit.start + match.start():
            return "the words of the cue itself"
        known = self._inside(hit.passage, hit.start + match.start(), hit.start + match.end())
        if known and (known.kind == DEMONYM or hit.cue.shape != "within"):
            return "made of known names and common words"
        return self.lexicon.no_names.get(word, "") or (
            "" if len(word) > 1 and not word.isdigit() else "a number or a letter"
        )

    def _by_place(self, hit: Hit) -> str:
        before = hit.passage.document.text[hit.passage.start : hit.start]
        return "may be a place" if hit.cue.shape == "apposition" and PLACE.search(before) else ""


def by_grammar(hit: Hit, tree: Tree) -> str:
    """Why grammar speaks against a name: a common word that opens its sentence, or a cue that only modifies."""
    offset = hit.passage.start
    words = [word for word in tree.words if word.start < hit.end - offset and hit.start - offset < word.end]
    opens = not any(c.isalnum() for c in hit.passage.document.text[offset : hit.start])
    if opens and not NUMBERED.search(hit.name) and not any(word.tag in PROPER for word in words):
        return "its capital is that of the sentence"
    if hit.cue.shape in ("before", "apposition") and _modifies(_at(tree, hit.word[1] - offset)):
        return "what stands beside it says of what kind something else is"
    return ""


def _at(tree: Tree, end: int) -> Word | None:
    return next((word for word in tree.words if word.end == end), None)


def _modifies(word: Word | None) -> bool:
    return word is not None and word.relation in MODIFIES and word.head > word.index
