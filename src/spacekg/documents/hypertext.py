"""hypertext .html files: what a reader of the page sees, with its headings, lists and tables as in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, repeat

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spacekg.documents.content import Content, decoded
from spacekg.errors import DocumentError

DEEPEST = 500
"""How deep blocks nest; the parser takes the square of their depth, and browsers stop at 512 as well."""
MAX_INDENTS = 20
"""How deep nested lists are indented; what nests deeper stands at this depth."""

_UNSEEN = frozenset(
    """head script style noscript template nav iframe object svg math canvas form button select textarea
    dialog""".split()
)
_HEADINGS = {f"h{level}": "#" * level + " " for level in range(1, 7)}
_INLINE = frozenset(
    """a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q s samp small span
    strike strong sub sup time tt u var wbr""".split()
)
_LISTS = ("ul", "ol", "menu", "dl")
_ITEMS = ("li", "dt", "dd")
_NESTING = re.compile(r"<(/?)(?:ul|ol|menu|dl|div|blockquote|section|article)\b[^<>]*>", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]{1,40})", re.IGNORECASE)
_ENCODING = re.compile(
    r"utf-?8|(us-)?ascii|iso-8859-\d+|windows-\d+|koi8-[ru]|gb(k|2312|18030)|big5|euc-(jp|kr)|shift_jis"
)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


def extract(data: bytes) -> Content:
    """Render a page as lines: `#` before headings, `-` before list items, `|` between the cells of tables.

    Raises:
        DocumentError: the bytes are no text in the encoding that the page declares.
    """
    tree = LexborHTMLParser(_flattened(decoded(data, _encoding(data)).replace("\r\n", "\n")))
    root = tree.root
    page = _Page()
    if root is not None:
        page.render(root)
    return Content(
        page.text(),
        title=_first(tree, "title") or _first(tree, "h1"),
        source=_attribute(tree, "link[rel=canonical]", "href"),
        licence=_attribute(tree, "link[rel=license]", "href") or _attribute(tree, "a[rel=license]", "href"),
        language=_attribute(tree, "html", "lang"),
    )


def _encoding(data: bytes) -> str:
    declared = _CHARSET.search(data[:4096])
    name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if not _ENCODING.fullmatch(name):
        raise DocumentError(f"declares the encoding {name!r}, which is not read; save it as UTF-8")
    return name


def _flattened(page: str) -> str:
    """Take out the tags of blocks that nest deeper than `DEEPEST`; what is in them stays."""
    depth = 0

    def kept(tag: re.Match[str]) -> str:
        nonlocal depth
        if tag[1]:
            depth = max(depth - 1, 0)
            return tag[0] if depth < DEEPEST else ""
        depth += 1
        return tag[0] if depth <= DEEPEST else ""

    return _NESTING.sub(kept, page)


def _first(tree: LexborHTMLParser, selector: str) -> str:
    node = tree.css_first(selector)
    return "" if node is None else _collapsed("".join(_seen_text(node)))[:200]


def _attribute(tree: LexborHTMLParser, selector: str, name: str) -> str:
    node = tree.css_first(selector)
    return "" if node is None else _collapsed(node.attributes.get(name) or "")[:500]


def _walk(top: LexborNode) -> Iterator[tuple[LexborNode, bool]]:
    """Visit what is seen under `top`, each node before (True) and after (False) its children, however deep they go."""
    node: LexborNode | None = top.child
    depth = 1
    entered = True
    while node is not None:
        yield node, entered
        down = node.child if entered and not _is_whole(node) else None
        if down is not None:
            node, depth = down, depth + 1
        elif entered and not _is_text(node):
            entered = False
        elif node.next is not None:
            node, entered = node.next, True
        else:
            node, depth, entered = node.parent, depth - 1, False
            if depth == 0:
                return


def _is_text(node: LexborNode) -> bool:
    return str(node.tag) == "-text"


def _is_whole(node: LexborNode) -> bool:
    """Whether a node is not looked into: it is hidden, or a table of data, which is read at once."""
    return _is_unseen(node) or _is_data(node)


def _is_unseen(node: LexborNode) -> bool:
    if node.tag in _UNSEEN:
        return True
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or _HIDING.search(attributes.get("style") or "") is not None
    )


def _is_data(node: LexborNode) -> bool:
    """Whether a node is a table with columns, and not one that only places things on the page."""
    if node.tag != "table" or node.attributes.get("role") in ("presentation", "none"):
        return False
    return (
        node.css_first("table table, h1, h2, h3, h4") is None
        and node.css_first("td + td, th + td, th + th") is not None
    )


def _seen_text(top: LexborNode) -> Iterator[str]:
    for node, entered in _walk(top):
        if _is_text(node):
            yield node.text_content or ""
        elif entered and node.tag not in _INLINE:
            yield " "


def _collapsed(text: str) -> str:
    return " ".join(text.translate(_INVISIBLE).split())


@dataclass(slots=True)
class _Page:
    """The lines of a page, and the one that is being written."""

    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    mark: str = ""
    """What goes before the line that is being written: `## `, `- `."""
    lists: list[Iterator[str]] = field(default_factory=list)
    """For each list that is open, the marks of the items to come."""

    def render(self, root: LexborNode) -> None:
        """Write down what is seen under a node."""
        for node, entered in _walk(root):
            tag = str(node.tag)
            if tag == "-text":
                self.line.append(node.text_content or "")
            elif tag == "br" and self.mark.startswith("#"):
                self.line.append(" ")
            elif tag not in _INLINE and not _is_unseen(node):
                self._end_line()
                self._enter(node, tag) if entered else self._leave(tag)
        self._end_line()

    def text(self) -> str:
        """The page so far, one empty line between its blocks."""
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self.lines)).strip("\n") + "\n"

    def _enter(self, node: LexborNode, tag: str) -> None:
        if tag in _LISTS:
            self.lists.append(map("{}. ".format, count(1)) if tag == "ol" else repeat("- "))
        elif tag in _ITEMS:
            self.mark = next(self.lists[-1]) if self.lists else "- "
            if tag == "dd":
                self.lists.append(repeat("- "))
        elif tag != "br" and not self.mark:
            self.lines.append("")
        self.mark = _HEADINGS.get(tag, self.mark)
        if _is_data(node):
            self.lines.extend(_rows(node))

    def _leave(self, tag: str) -> None:
        if tag in _ITEMS or tag in _HEADINGS:
            self.mark = ""
        if (tag in _LISTS or tag == "dd") and self.lists:
            self.lists.pop()
        if tag != "br" and not self.lists:
            self.lines.append("")

    def _end_line(self) -> None:
        text = _collapsed("".join(self.line))
        self.line.clear()
        if text:
            level = min(len(self.lists), MAX_INDENTS)
            indent = level - 1 if self.mark and level else level
            self.lines.append("  " * indent + self.mark + text)
            self.mark = ""


def _rows(table: LexborNode) -> Iterator[str]:
    """The caption of a table and its rows as Markdown; the first row heads the columns when the page says so."""
    caption = table.css_first("caption")
    if caption is not None:
        yield from (_collapsed("".join(_seen_text(caption))), "")
    rows = [row for row in table.css("tr") if not _is_unseen(row)]
    for at, row in enumerate(rows):
        cells = [cell for cell in row.iter() if cell.tag in ("td", "th") and not _is_unseen(cell)]
        words = [_collapsed("".join(_seen_text(cell))).replace("|", "\\|") for cell in cells]
        yield f"| {' | '.join(words)} |"
        if at == 0 and (row.css_first("td") is None or (row.parent is not None and row.parent.tag == "thead")):
            yield "|" + "---|" * len(cells)
