"""passages  split     document → passages: the sentences, headings, list items and table rows that can be quoted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from spacekg import grammar
from spacekg.model import Document, Passage, PassageKind
from spacekg.passages.blocks import Block, BlockKind, lay_out

MAX_PARENTS = 6
"""How many of the list items above a nested one are kept as its headings, counted from the nearest."""

_STOP = re.compile(r"[.!?…。！？।۔؟]")
_UNBROKEN = re.compile(r"\S{500}")
_ROUGH = re.compile(r"\S(?:[^.!?]|[.!?]+(?!\s|[.!?]))*[.!?]*")
_QUESTION = re.compile(r"[?？؟][\"'”’»)*_]*$")
_ANSWER = re.compile(r"[\s*_]*A(?:nswer)?[*_]*[.:]")
_SPEAKER = re.compile(r"[\s*_]*([A-Z][\w .'-]{0,40}?)[*_]*:[*_]*\s")
_RUN_IN = re.compile(r"(\*\*|__)[^*_]{1,80}\1")
_LABEL = re.compile(r"([^:.?!\n]{1,60}):\s")
_LINK = re.compile(r"\[([^\[\]]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)")
_TITLE = re.compile(r"[A-Z][\w-]*(?: [A-Z][\w-]*)*")


def split(document: Document) -> tuple[Passage, ...]:
    """Cut a document's body into passages, in order and without overlap.

    Every word of the body stands in exactly one of them, except the numbers of numbered lists.
    The headings of a passage are, outermost first: the document's headings above it, the question it answers,
    the sentence that announces its list, the items it is nested in. They are plain words, without marks.
    """
    blocks = list(lay_out(document))
    outline = _Outline(document, _list_headings(document, blocks))
    return tuple(passage for block in blocks for passage in outline.read(block))


def _list_headings(document: Document, blocks: Sequence[Block]) -> dict[int, str]:
    """Find the items of flat lists that head the items after them: `Space Agencies`, then `NASA (United States)`.

    Returns the heading of each item of such a list by the item's start, empty for those that are headings.
    An item that is said a second time stands where it stood first.
    """
    found: dict[int, str] = {}
    for is_item, run in groupby(blocks, key=lambda block: block.kind is BlockKind.ITEM):
        listed = list(run) if is_item else []
        flat = len({block.depth for block in listed}) == 1
        items = {block.start: document.text[block.start : block.end] for block in listed if flat}
        heads = [at for at, text in enumerate(items.values()) if _heads(text)]
        if _are_headings(heads, list(items.values())):
            current = ""
            first: dict[str, str] = {}
            heading = set(heads)
            for at, (start, text) in enumerate(items.items()):
                current = text if at in heading else current
                found[start] = "" if at in heading else first.setdefault(text, current)
    return found


def _heads(text: str) -> bool:
    """Whether an item reads like the name of a class of things: few words, all capitalised, the last a plural."""
    return len(text) <= 40 and text.endswith("s") and len(text.split()) <= 4 and _TITLE.fullmatch(text) is not None


def _are_headings(heads: Sequence[int], items: Sequence[str]) -> bool:
    if heads[:1] != [0] or heads[-1] == len(items) - 1:
        return False
    if any(later - earlier < 2 for earlier, later in pairwise(heads)):
        return False
    structured = sum(":" in item or "(" in item for item in items)
    return structured > 0 if len(heads) > 1 else structured == len(items) - 1


@dataclass(slots=True)
class _Outline:
    """Where in the document the reading stands: what the next passage stands under."""

    document: Document
    list_headings: dict[int, str]
    sections: list[tuple[int, str]] = field(default_factory=list)
    items: list[tuple[int, str]] = field(default_factory=list)
    announced: str = ""
    question: str = ""
    question_depth: int = -1
    """The indentation of the item that asks the question; -1 when a paragraph does."""

    def read(self, block: Block) -> Iterator[Passage]:
        """Cut one block into passages."""
        match block.kind:
            case BlockKind.HEADING:
                yield self._heading(block)
            case BlockKind.ITEM:
                yield from self._item(block)
            case BlockKind.PROSE:
                yield from self._prose(block)
            case BlockKind.HEADER:
                yield self._passage(block.start, block.end, PassageKind.HEADING)
            case BlockKind.ROW:
                yield Passage(
                    self.document, block.start, block.end, PassageKind.ROW, self._headings(), block.cells, block.header
                )

    def _heading(self, block: Block) -> Passage:
        self._leave_lists(0)
        self.announced = self.question = ""
        while self.sections and self.sections[-1][0] >= block.depth:
            self.sections.pop()
        asked = _QUESTION.search(self.document.text, block.start, block.end)
        passage = self._passage(block.start, block.end, PassageKind.QUESTION if asked else PassageKind.HEADING)
        self.sections.append((block.depth, _words(passage.text)))
        return passage

    def _item(self, block: Block) -> Iterator[Passage]:
        self._leave_lists(block.depth)
        if block.depth <= self.question_depth and not self._answers(block):
            self.question = ""
        heading = self.list_headings.get(block.start)
        if heading == "":
            yield self._passage(block.start, block.end, PassageKind.HEADING)
            return
        (start, end), *others = self._sentences(block)
        asked = _QUESTION.search(self.document.text[start:end])
        above = (heading,) if heading else ()
        first = self._passage(start, end, PassageKind.QUESTION if asked else PassageKind.ITEM, above)
        yield first
        words = _words(first.text)
        label = _LABEL.match(words)
        if asked:
            self.question, self.question_depth = words, block.depth
        else:
            self.items.append((block.depth, words if label is None or not others else label[1]))
        for start, end in others:
            yield self._passage(start, end, PassageKind.SENTENCE, above)

    def _answers(self, block: Block) -> bool:
        """Whether an item answers the question before it: it says so, or another speaker says it."""
        text = self.document.text
        asking, speaking = _SPEAKER.match(self.question), _SPEAKER.match(text, block.start, block.end)
        other = asking is not None and speaking is not None and asking[1] != speaking[1]
        return other or _ANSWER.match(text, block.start, block.end) is not None

    def _prose(self, block: Block) -> Iterator[Passage]:
        self._leave_lists(block.depth)
        self.announced = ""
        sentences = self._sentences(block)
        if len(sentences) > 1 and _RUN_IN.fullmatch(self.document.text[slice(*sentences[0])]):
            heading = self._passage(*sentences.pop(0), PassageKind.HEADING)
            yield heading
            self.announced = _words(heading.text)
        for start, end in sentences:
            yield self._sentence(start, end)
        text = self.document.text[start:end]
        if not _QUESTION.search(text):
            self.question = ""
        self.announced = _words(text) if text.rstrip("*_").endswith(":") else ""

    def _sentence(self, start: int, end: int) -> Passage:
        text = self.document.text[start:end]
        opens_line = self.document.text[max(start - 80, 0) : start].rstrip(" \t")[-1:] in ("", "\r", "\n")
        if not _QUESTION.search(text):
            return self._passage(start, end, PassageKind.SENTENCE)
        self.question = "" if opens_line else self.question
        asked = self._passage(start, end, PassageKind.QUESTION)
        if opens_line:
            self.question, self.question_depth = _words(text), -1
        return asked

    def _leave_lists(self, indent: int) -> None:
        while self.items and self.items[-1][0] >= indent:
            self.items.pop()

    def _headings(self) -> tuple[str, ...]:
        told = [self.question, self.announced, *(words for _, words in self.items[-MAX_PARENTS:])]
        return (*(words for _, words in self.sections), *filter(None, told))

    def _passage(self, start: int, end: int, kind: PassageKind, above: tuple[str, ...] = ()) -> Passage:
        return Passage(self.document, start, end, kind, self._headings() + above)

    def _sentences(self, block: Block) -> list[tuple[int, int]]:
        text = self.document.text[block.start : block.end]
        if not _STOP.search(text, 0, len(text) - 1):
            return [(block.start, block.end)]
        split = _roughly if _UNBROKEN.search(text) else grammar.sentences
        return [(block.start + start, block.start + end) for start, end in split(text)]


def _roughly(text: str) -> list[tuple[int, int]]:
    """Split at stops before white space: for text with runs so long that a tokenizer takes their square."""
    return [match.span() for match in _ROUGH.finditer(text)]


def _words(text: str) -> str:
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", text)).split()).rstrip(":.#").rstrip()
