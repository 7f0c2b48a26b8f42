"""index     Index: every label and longer text of the data, found by words in whichever language, the best first."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import pyoxigraph
from pyoxigraph import DefaultGraph, Literal, NamedNode

from spacekg.declared import RDFS, SKOS

OA = "http://www.w3.org/ns/oa#"
DCTERMS = "http://purl.org/dc/terms/"
LABELS = (
    f"{RDFS}label",
    f"{SKOS}prefLabel",
    f"{SKOS}altLabel",
    f"{SKOS}hiddenLabel",
    f"{DCTERMS}title",
    "https://schema.org/name",
    "http://schema.org/name",
    "http://xmlns.com/foaf/0.1/name",
)
TEXTS = (
    f"{RDFS}comment",
    f"{SKOS}definition",
    f"{SKOS}scopeNote",
    f"{SKOS}example",
    f"{DCTERMS}description",
)
SENTENCES = (f"{OA}exact",)
FOUND = 1_000
"""Entries of one kind that a search looks at; the best of them are given."""
_WORD = re.compile(r'"([^"]+)"|(\w+\*?)')
_END, _LETTERS = re.compile(r"(?<=[.!?])\s+(?=[^\Wa-z])|(?<=[。！？])"), re.compile(r"\w\w+\W+\w\w+|[^\x00-\x7f]{4}")
"""Where a sentence ends, and what there is in one."""
_SPACELESS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
"""Scripts whose words are not told apart by spaces."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: the thing, the text that was found, and how well it fits, up to 1."""

    thing: str
    text: Literal
    score: float


class Index:
    """Texts by their words, and by any three characters of scripts without spaces; it lives in memory only."""

    def __init__(self, entries: Iterable[tuple[str, str, str, str]]) -> None:
        # The process that made it may have forked since, and another thread may ask; it is never written to again.
        self._data = sqlite3.connect(":memory:", check_same_thread=False)
        self._data.executescript(
            """
            PRAGMA temp_store = MEMORY;
            CREATE TABLE entry (id INTEGER PRIMARY KEY, kind TEXT, thing TEXT, text TEXT, language TEXT);
            CREATE VIRTUAL TABLE word USING fts5(text, content='entry', content_rowid='id',
                tokenize="unicode61 remove_diacritics 2");
            CREATE VIRTUAL TABLE piece USING fts5(text, content='entry', content_rowid='id', tokenize="trigram");
            """
        )
        self._data.executemany("INSERT INTO entry (kind, thing, text, language) VALUES (?, ?, ?, ?)", entries)
        self._data.execute("INSERT INTO word(word) VALUES ('rebuild')")
        spaceless = ((row[0], row[1]) for row in self._data.execute("SELECT id, text FROM entry").fetchall())
        pieces = [row for row in spaceless if _SPACELESS.search(row[1])]
        self._data.executemany("INSERT INTO piece(rowid, text) VALUES (?, ?)", pieces)
        self._data.commit()

    def find(self, kind: str, words: str, language: str, limit: int) -> list[Hit]:
        """Find what has all of the words, the best first: each thing once, a document once for each sentence.

        `word*` is a beginning, `"several words"` stand beside each other. Case and accents do not matter. With a
        language, texts in it and in its variants only.
        """
        best: dict[tuple[str, str], Hit] = {}
        for hit in self._scored(kind, words, language.lower()):
            place = (hit.thing, hit.text.value if kind == "sentence" else "")
            held = best.get(place)
            if held is None or hit.score > held.score:
                best[place] = hit
        return sorted(best.values(), key=lambda hit: (-hit.score, hit.thing, hit.text.value))[:limit]

    def _scored(self, kind: str, words: str, language: str) -> Iterator[Hit]:
        rows = self._rows(kind, words, language)
        highest = max((row[3] for row in rows), default=0.0) or 1.0
        wanted = _folded(words)
        for thing, text, tag, rank in rows:
            folded = _folded(text)
            covered = min(1.0, len(wanted) / max(1, len(folded)))
            score = 1.0 if wanted == folded else 0.99 * (0.7 * covered + 0.3 * rank / highest)
            yield Hit(thing, Literal(text, language=tag) if tag else Literal(text), round(score, 4))

    def _rows(self, kind: str, words: str, language: str) -> list[tuple[str, str, str, float]]:
        printable = "".join(each if each.isprintable() else " " for each in words)
        parts = [phrase or word for phrase, word in _WORD.findall(printable)]
        if not parts:
            return []
        spaceless = bool(_SPACELESS.search(words))
        sought = " ".join(_quoted(part) for part in parts)
        chosen = "kind = ?1 AND (?2 = '' OR language = ?2 OR language LIKE ?2 || '-%')"
        if spaceless and min(len(part) for part in parts) < 3:  # no three characters to look up
            like = " AND ".join(f"text LIKE '%' || ?{number} || '%'" for number in range(3, 3 + len(parts)))
            asked = f"SELECT thing, text, language, 1.0 FROM entry WHERE {chosen} AND {like} ORDER BY id LIMIT {FOUND}"
            return self._data.execute(asked, (kind, language, *(part.rstrip("*") for part in parts))).fetchall()
        table = "piece" if spaceless else "word"
        asked = (
            f"SELECT thing, entry.text, language, -bm25({table}) FROM {table} JOIN entry ON entry.id = {table}.rowid "
            f"WHERE {table} MATCH ?3 AND {chosen} ORDER BY rank, entry.id LIMIT {FOUND}"
        )
        return self._data.execute(asked, (kind, language, sought)).fetchall()


def read(data: pyoxigraph.Store, texts: Mapping[str, str]) -> Index:
    """Index the default graph of a store, and the sentences of texts by the IRIs of their documents."""
    holders = {
        quad.object.value: quad.subject.value
        for quad in data.quads_for_pattern(None, NamedNode(f"{OA}hasSelector"), None, DefaultGraph())
        if isinstance(quad.object, NamedNode) and isinstance(quad.subject, NamedNode)
    }
    entries = chain(
        _entries(data, "label", LABELS, {}),
        _entries(data, "text", TEXTS, {}),
        _entries(data, "sentence", SENTENCES, holders),
        (("sentence", iri, sentence, "") for iri, text in texts.items() for sentence in _sentences(text)),
    )
    return Index(sorted(set(entries)))


def _entries(
    data: pyoxigraph.Store, kind: str, properties: Iterable[str], holders: dict[str, str]
) -> Iterator[tuple[str, str, str, str]]:
    for iri in properties:
        for quad in data.quads_for_pattern(None, NamedNode(iri), None, DefaultGraph()):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                thing = holders.get(quad.subject.value, quad.subject.value)
                yield kind, thing, quad.object.value, quad.object.language or ""


def _sentences(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield from (part.strip() for part in _END.split(line) if _LETTERS.search(part))


def _quoted(part: str) -> str:
    beginning = part.endswith("*")
    plain = part.rstrip("*").replace('"', '""')
    return f'"{plain}"{"*" * beginning}'


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return " ".join(re.findall(r"\w+", "".join(each for each in plain if not unicodedata.combining(each)).casefold()))
