"""blocks    document → blocks: headings, list items, table rows and paragraphs, told by the shape of their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from spacekg.model import Document

PLAIN_HEADING = 2
"""The level of every heading that is told by its looks."""

SUBHEADING = 7
"""The level of a line in bold that stands where a heading would: below all six of Markdown."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)?")
_RULE = re.compile(r"[-=*_~`|:+#>\s•‣◦▪●·–—]+")
_UNDERLINE = re.compile(r"={2,}|-{3,}")
_SEPARATOR = re.compile(r"\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?")
_MARKER = re.compile(r"(?:[-*+•‣◦▪●·–]|\d{1,3}[.)])\s+(?=\S)")
_ATX = re.compile(r"(#{1,6})\s+(?=\S)")
_BOLD = re.compile(r"(\*\*|__)(?!\s)[^*_]+\1:?")
_LABEL = re.compile(r"[^\W_][^:.?!|]{0,58}:\s+\S")
_STOP_INSIDE = re.compile(r"[.?!]\s")
_GAP = re.compile(r"\t| {2,}")
_PIPE = re.compile(r"(?<!\\)\|")
_STOPS = (".", "?", "!", ":", ";", ",", "…", "。", "！", "？", "।", "۔", "؟")
_PLAIN = ("text/plain", "application/pdf")


class BlockKind(StrEnum):
    """What a block of lines is."""

    HEADING = "heading"
    ITEM = "item"
    HEADER = "header"
    ROW = "row"
    PROSE = "prose"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of a document that is one thing; `start` and `end` leave its marks out."""

    kind: BlockKind
    start: int
    end: int
    depth: int
    """The level of a heading, 1 the highest; the indentation of everything else, in columns."""
    cells: tuple[tuple[int, int], ...] = ()
    header: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    start: int
    indent: int
    plain: bool
    """Whether the document has no markup of its own, so that headings and tables are told by their looks."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_Found = tuple[list[Block], int]
"""Blocks, and the index of the line behind them."""


def lay_out(document: Document) -> Iterator[Block]:
    """Tell the blocks of a document's body, in order; rules, underlines and table separators are none."""
    lines = list(_lines(document))
    at = 0
    while at < len(lines):
        if not lines[at].text or _RULE.fullmatch(lines[at].text):
            at += 1
            continue
        for reader in _READERS:
            found = reader(lines, at)
            if found:
                break
        blocks, at = found or _paragraph(lines, at)
        yield from blocks


def _lines(document: Document) -> Iterator[_Line]:
    plain = document.media_type in _PLAIN
    for match in _LINE.finditer(document.text, document.body):
        whole = match[0].rstrip()
        text = whole.lstrip()
        lead = whole[: len(whole) - len(text)]
        yield _Line(text, match.start() + len(lead), len(lead.expandtabs(4)), plain)


def _heading(lines: Sequence[_Line], at: int) -> _Found | None:
    line = lines[at]
    if marks := _ATX.match(line.text):
        words = line.text.rstrip("#")
        end = len(words.rstrip()) if words[-1].isspace() else len(line.text)
        if end > marks.end():
            return [Block(BlockKind.HEADING, line.start + marks.end(), line.start + end, len(marks[1]))], at + 1
    under = lines[at + 1].text if at + 1 < len(lines) else ""
    if _UNDERLINE.fullmatch(under) and not _opens(line):
        return [_whole(line, BlockKind.HEADING, 1 if under[0] == "=" else 2)], at + 2
    return None


def _item(lines: Sequence[_Line], at: int) -> _Found | None:
    line = lines[at]
    marker = _MARKER.match(line.text)
    if not marker:
        return None
    after = at + 1
    while after < len(lines) and _carries_on(lines[after], line.indent):
        after += 1
    return [Block(BlockKind.ITEM, line.start + marker.end(), lines[after - 1].end, line.indent)], after


def _carries_on(line: _Line, indent: int) -> bool:
    return bool(line.text) and not _opens(line) and (line.indent > indent or line.text[0].islower())


def _opens(line: _Line) -> bool:
    return any(pattern.match(line.text) for pattern in (_MARKER, _ATX)) or bool(
        line.text.startswith("|") or _RULE.fullmatch(line.text)
    )


def _table(lines: Sequence[_Line], at: int) -> _Found | None:
    under = lines[at + 1].text if at + 1 < len(lines) else ""
    headed = "|" in lines[at].text and "|" in under and _SEPARATOR.fullmatch(under) is not None
    if not headed and not (lines[at].text.startswith("|") and lines[at].text.endswith("|")):
        return None
    blocks: list[Block] = []
    header: tuple[str, ...] = ()
    if headed:
        blocks.append(_row(lines[at], BlockKind.HEADER, ()))
        header = tuple(lines[at].text[a - lines[at].start : b - lines[at].start] for a, b in blocks[0].cells)
        at += 2
    while at < len(lines) and "|" in lines[at].text:
        if not _RULE.fullmatch(lines[at].text):
            blocks.append(_row(lines[at], BlockKind.ROW, header))
        at += 1
    return [replace(block, cells=()) if block.kind is BlockKind.HEADER else block for block in blocks], at


def _row(line: _Line, kind: BlockKind, header: tuple[str, ...]) -> Block:
    bars = [bar.start() for bar in _PIPE.finditer(line.text)]
    if bars[:1] != [0]:
        bars.insert(0, -1)
    if bars[-1] != len(line.text) - 1:
        bars.append(len(line.text))
    return _celled(line, bars, kind, header)


def _celled(line: _Line, edges: Sequence[int], kind: BlockKind, header: tuple[str, ...]) -> Block:
    cells = tuple(_trimmed(line, left + 1, right) for left, right in pairwise(edges))
    start, end = _trimmed(line, edges[0] + 1, edges[-1])
    filled = [cell for cell in cells if cell[0] < cell[1]]
    if filled:
        start, end = filled[0][0], filled[-1][1]
    return Block(kind, start, end, line.indent, cells, header)


def _trimmed(line: _Line, start: int, end: int) -> tuple[int, int]:
    text = line.text[start:end]
    lead = len(text) - len(text.lstrip())
    return line.start + start + lead, line.start + start + max(lead, len(text.rstrip()))


def _paragraph(lines: Sequence[_Line], at: int) -> _Found:
    after = at + 1
    while after < len(lines) and lines[after].text and not _interrupts(lines[after], lines[at].indent):
        after += 1
    block = lines[at:after]
    below = next((line for line in lines[after : after + 8] if line.text), None)
    return _labels(block, below) or _rows(block) or _titles(block, below) or _prose(block), after


def _interrupts(line: _Line, indent: int) -> bool:
    """A line that starts with a number is the paragraph's own, unless it is 1 or stands further to the left."""
    numbered = line.text[0].isdigit() and not line.text.startswith(("1.", "1)"))
    return _opens(line) and (not numbered or line.indent < indent)


def _labels(block: Sequence[_Line], below: _Line | None) -> list[Block]:
    """`Partners: NASA, ESA` on a line of its own is a list item without a mark, unless it heads a paragraph."""
    labelled = [line for line in block if len(line.text) <= 300 and _LABEL.match(line.text.replace("**", ""))]
    if labelled == block[:1] and len(block) > 1:
        whole = " ".join(line.text for line in block)
        return [] if len(whole) > 300 or _STOP_INSIDE.search(whole) else [replace(_joined(block), kind=BlockKind.ITEM)]
    if len(labelled) < len(block):
        return []
    if len(block) == 1 and block[0].plain and _is_title(block[0]) and below and len(below.text) > 100:
        return []
    return [_whole(line, BlockKind.ITEM, line.indent) for line in block]


def _rows(block: Sequence[_Line]) -> list[Block]:
    """A plain-text table: a line that heads it, then lines without final stops, many of which list names."""
    listed = sum("," in line.text or _GAP.search(line.text) is not None for line in block[1:])
    if not block[0].plain or not listed or 3 * listed < len(block) - 1 or not all(map(_is_title, block)):
        return []
    if len(block) == 2 or re.search(r"[,(:\d]", block[0].text):
        return [_plain_row(line, ()) for line in block]
    header = tuple(filter(None, map(str.strip, _GAP.split(block[0].text))))
    return [_whole(block[0], BlockKind.HEADER, block[0].indent), *(_plain_row(line, header) for line in block[1:])]


def _plain_row(line: _Line, header: tuple[str, ...]) -> Block:
    gaps = [gap.start() for gap in _GAP.finditer(line.text)]
    row = _celled(line, [-1, *gaps, len(line.text)], BlockKind.ROW, header)
    return row if gaps else replace(row, cells=())


def _titles(block: Sequence[_Line], below: _Line | None) -> list[Block]:
    """Lines that head what stands below them by their looks alone."""
    if below is None or len(block) > 2:
        return []
    if len(block) == 1 and _BOLD.fullmatch(block[0].text):
        return [_whole(block[0], BlockKind.HEADING, SUBHEADING)]
    if not block[0].plain or not all(map(_is_title, block)):
        return []
    return [_whole(line, BlockKind.HEADING, PLAIN_HEADING) for line in block]


def _is_title(line: _Line) -> bool:
    text = line.text
    return (
        len(text) <= 120
        and (text[0].isupper() or text[0].isdigit() or text[0] in "\"'“‘«(")
        and not text.rstrip("\"')”’»").endswith(_STOPS)
        and len(text.split()) <= 16
    )


def _prose(block: Sequence[_Line]) -> list[Block]:
    """A paragraph; in plain text a short line that opens it, or stands between two of its sentences, is a heading."""
    blocks: list[Block] = []
    width = max(len(line.text) for line in block)
    first = 0
    for at, line in enumerate(block):
        opens = at == first or block[at - 1].text.endswith((".", "?", "!"))
        if opens and _stands_out(line, block[at + 1 : at + 2], width):
            if first < at:
                blocks.append(_joined(block[first:at]))
            blocks.append(_whole(line, BlockKind.HEADING, PLAIN_HEADING))
            first = at + 1
    if first < len(block):
        blocks.append(_joined(block[first:]))
    return blocks


def _stands_out(line: _Line, below: Sequence[_Line], width: int) -> bool:
    if not line.plain or not below or len(line.text) > min(60, 0.6 * width):
        return False
    return _is_title(line) and "," not in line.text and not below[0].text[0].islower()


def _joined(block: Sequence[_Line]) -> Block:
    return Block(BlockKind.PROSE, block[0].start, block[-1].end, block[0].indent)


def _whole(line: _Line, kind: BlockKind, depth: int) -> Block:
    return Block(kind, line.start, line.end, depth)


_READERS: tuple[Callable[[Sequence[_Line], int], _Found | None], ...] = (_heading, _table, _item)
"""What tells a block by its marks, in the order they are asked; a paragraph is what none of them knows."""
