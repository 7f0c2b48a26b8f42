"""sentences a passage made ready for reading: its names in groups, its dates, its grammar."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from spacekg import grammar
from spacekg.claims import dates
from spacekg.claims.dates import DateSpan
from spacekg.grammar import Chunk, Tree, Word
from spacekg.model import Link, Passage, PassageKind

BRANCHES = (
    "Organization",
    "GeopoliticalEntity",
    "Person",
    "CelestialBody",
    "LaunchSite",
    "Agreement",
    "Endeavour",
    "SpaceAsset",
)
STAND_INS = {
    "Organization": "NASA",
    "GeopoliticalEntity": "Russia",
    "Person": "Smith",
    "CelestialBody": "Mars",
    "LaunchSite": "Florida",
}
THING = "Cassini"
LEADING = "Then"
ADJECTIVE = "American"

PARENTHESIS = re.compile(r"\s?\([^()\n]{1,60}\)")
OF_PLACE = re.compile(r"\s(?:of|in|from)\s(?:[A-Z][\w-]+,\s)?(?:the\s)?")
ALSO = re.compile(r"\s?(?:,|,? or|,? also called)\s(?:the\s)?")
"""What stands between a name and its short form outside brackets."""
JOINT = re.compile(
    r"(?P<comma>,?)\s?(?P<and>(?:and|or|&|as well as|along with|together with|alongside|plus)\s|[/\u2010-\u2013-])?\s?"
    r"(?:(?:also\s|even\s)?(?:the|an|a|several|many|some)\s)?"
    r"(?P<like>(?:many\s|several\s)?(?:other|further)\s(?P<called>(?:[a-z]+\s){0,2}[a-z]+)\s"
    r"(?:like|such as|including)\s(?:the\s)?)?"
)
GOES_ON = re.compile(r",?\s(?:and|or)\s")
"""What follows a list whose last part is no known name: «the Moon, Mars, and asteroids»."""
HYPHENED = re.compile(
    r"[-\u2010\u2011](?P<word>(?:led|built|made|run|flown|bound|owned|operated|managed|funded|financed|sponsored|backed"
    r"|designed|developed|manufactured|launched|supplied|provided|contributed))(?=\s)"
)
"""A participle that a hyphen joins to the name of who does it: with it the name is an adjective."""
LABEL = re.compile(r"(?P<label>[^:\n]{2,80}?)(?:\*\*)?:(?:\*\*)?\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class Item:
    """One name of a list with what belongs to it: «CSA (Canadian Space Agency)», «Roscosmos in Russia»."""

    link: Link
    end: int
    called: str = ""
    """What the list calls it: `agencies` in «… and other agencies like the CSA»."""
    inside: tuple[Link, ...] = ()
    """Names within the item: the long form or the state in parentheses, or the place behind `of` or `in`."""


@dataclass(frozen=True)
class Group:
    """Names that stand in one place of the sentence, as «NASA, ESA and the Canadian Space Agency» do."""

    items: tuple[Item, ...]

    @property
    def start(self) -> int:
        """Where the first name starts, as an offset into the document."""
        return self.items[0].link.mention.start

    @property
    def end(self) -> int:
        """Where the last item ends."""
        return self.items[-1].end

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """The entities named, in order."""
        return tuple(item.link for item in self.items)


@dataclass(frozen=True)
class Sentence:
    """A passage with its names grouped, its dates found and its words parsed."""

    passage: Passage
    groups: tuple[Group, ...]
    dates: tuple[DateSpan, ...]
    concepts: tuple[tuple[int, int, str], ...]
    tree: Tree
    by_word: dict[int, Group]
    """Index of a word of `tree` → the names it stands for."""
    date_by_word: dict[int, DateSpan]
    concept_by_word: dict[int, str]

    @cached_property
    def links(self) -> list[Link]:
        """All its names, in their order."""
        return [link for group in self.groups for link in group.links]

    def groups_of(self, words: Iterable[Word]) -> list[Group]:
        """What words stand for that stand for names."""
        return [self.by_word[word.index] for word in words if word.index in self.by_word]

    @cached_property
    def label(self) -> tuple[int, int] | None:
        """Where the line's label stands: before a colon, or in the first cell of a row of two; none if it has none."""
        passage = self.passage
        if passage.kind is PassageKind.ROW:
            if len(passage.cells) == 2:
                return passage.cells[0]
            first = self.groups[0] if self.groups else None
            alone = first is not None and not passage.cells and first.start == passage.start and first.end < passage.end
            return (first.start, first.end) if first and alone else None
        match = LABEL.match(passage.text) if passage.kind in {PassageKind.ITEM, PassageKind.SENTENCE} else None
        return (passage.start, passage.start + match.end("label")) if match else None

    @property
    def labelled(self) -> tuple[int, int]:
        """Where the rest of a line stands that has a label."""
        passage = self.passage
        if passage.kind is PassageKind.ROW:
            return passage.cells[1] if passage.cells else (self.groups[0].end, passage.end)
        match = LABEL.match(passage.text)
        return (passage.start + (match.end() if match else 0), passage.end)

    def text_before(self, offset: int) -> str:
        """The words of the passage before an offset of the document."""
        return self.passage.document.text[self.passage.start : offset]


IsA = Callable[[str, str], bool]
KindOf = Callable[[str], str]


def group(passage: Passage, links: Sequence[Link], branch_of: Callable[[str], str]) -> tuple[Group, ...]:
    """Gather the names of a passage into lists. `branch_of` gives an entity's top class."""
    items = list(_items(passage, links, branch_of))
    groups: list[list[Item]] = []
    joints: list[list[str]] = []
    for item in items:
        joint = _joint(passage, groups[-1][-1], item) if groups else None
        if joint is not None and _alike(groups[-1][-1].link, item.link, branch_of):
            groups[-1].append(replace(item, called=joint[1]))
            joints[-1].append(joint[0])
        else:
            groups.append([item])
            joints.append([])
    return tuple(
        Group(tuple(part)) for items, links_ in zip(groups, joints, strict=True) for part in _sound(items, links_)
    )


def prepare(
    passages: Iterable[tuple[Passage, tuple[Group, ...], tuple[tuple[int, int, str], ...]]], class_of: KindOf, is_a: IsA
) -> Iterator[Sentence]:
    """Parse passages with their groups as single words."""
    ready = [(passage, groups, dates.find(passage, _spans(groups)), concepts) for passage, groups, concepts in passages]
    trees = grammar.parse(
        (passage.text, _chunks(passage, groups, found, class_of, is_a)) for passage, groups, found, _ in ready
    )
    for (passage, groups, found, concepts), tree in zip(ready, trees, strict=True):
        offset = passage.start
        yield Sentence(
            passage,
            groups,
            found,
            concepts,
            tree,
            {i: g for g in groups if not _hyphened(passage, g) and (i := _word_at(tree, g.start - offset)) is not None},
            {i: d for d in found if (i := _word_at(tree, d.start - offset)) is not None},
            {
                word.index: concept
                for start, end, concept in concepts
                for word in tree.words
                if start - offset <= word.start and word.end <= end - offset
            },
        )


def _items(passage: Passage, links: Sequence[Link], branch_of: Callable[[str], str]) -> Iterator[Item]:
    text = passage.document.text
    position = 0
    while position < len(links):
        link = links[position]
        end = link.mention.end
        inside: list[Link] = []
        bracket = PARENTHESIS.match(text, end, passage.end)
        rest = links[position + 1 :]
        if bracket:
            inside = [other for other in rest if other.mention.end <= bracket.end()]
            end = bracket.end()
        elif rest and _belongs(text, link, rest[0], branch_of):
            inside = [rest[0]]
            end = rest[0].mention.end
        yield Item(link, end, inside=tuple(inside))
        position += 1 + len(inside)


def _belongs(text: str, link: Link, other: Link, branch_of: Callable[[str], str]) -> bool:
    """Whether the next name only tells more of this one: its state, or its short form."""
    gap = (link.mention.end, other.mention.start)
    if OF_PLACE.fullmatch(text, *gap):
        return _place(link, other, branch_of)
    # «The French space agency CNES»
    return link.entity == other.entity and (text[slice(*gap)] == " " or ALSO.fullmatch(text, *gap) is not None)


def _place(link: Link, place: Link, branch_of: Callable[[str], str]) -> bool:
    return branch_of(link.entity) == "Organization" and branch_of(place.entity) == "GeopoliticalEntity"


def _joint(passage: Passage, left: Item, right: Item) -> tuple[str, str] | None:
    """How two names are joined, by `and` or a comma, and what the second is called; none where they are not."""
    gap = passage.document.text[left.end : right.link.mention.start]
    match = JOINT.fullmatch(gap.replace("\n", " "))
    if match is None or not (match["comma"] or match["and"]):
        return None
    return "and" if match["and"] or match["like"] else "comma", match["called"] or ""


def _alike(left: Link, right: Link, branch_of: Callable[[str], str]) -> bool:
    agents = {"Organization", "GeopoliticalEntity"}
    if branch_of(left.entity) == "Organization" != branch_of(right.entity) and _owns(right):
        return False  # «Roscosmos and Canada's CSA»: the state belongs to what follows.
    pair = {branch_of(left.entity), branch_of(right.entity)}
    hyphened = right.mention.start - left.mention.end == 1
    same_form = hyphened or (left.mention.kind == "demonym") == (right.mention.kind == "demonym")
    if hyphened and not pair <= agents:
        return False  # «Soyuz-Fregat» and «Earth–Moon» are no lists.
    return same_form and (len(pair) == 1 or pair <= agents or pair <= {"Endeavour", "SpaceAsset"})


def _owns(link: Link) -> bool:
    return link.mention.passage.document.text[link.mention.end :][:2] in {"'s", "’s"}


def _sound(items: list[Item], joints: list[str]) -> list[list[Item]]:
    """A list in running text ends in `and`; two names with only a comma between them are no list."""
    passage = items[0].link.mention.passage
    goes_on = GOES_ON.match(passage.document.text, items[-1].end, passage.end)
    if len(items) == 2 and joints == ["comma"] and passage.kind is PassageKind.SENTENCE and not goes_on:
        return [[items[0]], [items[1]]]
    return [items]


def _spans(groups: Sequence[Group]) -> list[tuple[int, int]]:
    return [(link.mention.start, link.mention.end) for group in groups for link in group.links]


def _chunks(
    passage: Passage, groups: Sequence[Group], found: Sequence[DateSpan], class_of: KindOf, is_a: IsA
) -> list[Chunk]:
    offset = passage.start
    ends = {g: (_hyphened(passage, g) or g.end) - offset for g in groups}
    chunks = [
        Chunk(g.start - offset, end, _stand_in(g, class_of, is_a) if end == g.end - offset else ADJECTIVE)
        for g, end in ends.items()
    ]
    starts = {d: dates.opened(passage, d, {group.start for group in groups}) for d in found}
    chunks += [
        Chunk(starts[d] - offset, d.end - offset, LEADING if d.leads or starts[d] < d.start else d.value[:4])
        for d in found
        if not d.relative and not any(g.start < d.end and d.start < g.end for g in groups)
    ]
    return sorted(chunks, key=lambda chunk: chunk.start)


def _hyphened(passage: Passage, names: Group) -> int:
    """Where the participle ends that a hyphen joins to a list of names; 0 where none does."""
    match = HYPHENED.match(passage.document.text, names.end, passage.end)
    return match.end() if match else 0


def _stand_in(names: Group, class_of: KindOf, is_a: IsA) -> str:
    link = names.links[0]
    if link.mention.kind == "demonym" and not link.mention.surface.endswith("s"):
        return ADJECTIVE
    kind = class_of(link.entity)
    return next((word for branch, word in STAND_INS.items() if is_a(kind, branch)), THING)


def _word_at(tree: Tree, offset: int) -> int | None:
    return next((word.index for word in tree.words if word.start <= offset < word.end), None)


def words_within(tree: Tree, word: Word) -> Iterator[Word]:
    """The word and all that stand below it."""
    yield word
    for child in tree.children(word):
        yield from words_within(tree, child)
