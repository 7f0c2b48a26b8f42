"""shapes    where a name stands beside the words of a cue; one regular expression for each shape."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from spacekg.lexicon import Lexicon, NameCue
from spacekg.model import Passage

WORD = r"(?<!\w)[^\W\d_a-z][\w&+/]{0,40}(?:[-.'’][^\W_][\w&+/]{0,40}){0,5}"
"""A word with a capital, or at least not a small Latin letter, at its start; bounded, as no text is trusted."""
NAME = rf"{WORD}(?:[ ](?:{WORD}|\d[\w-]*)){{0,5}}"
SEPARATOR = r"(?:,[ ](?:and|or)[ ]|,[ ]|[ ](?:and|or|&)[ ])(?:the[ ])?"
LIST = rf"{NAME}(?:[ ]\([^()]{{1,40}}\))?(?:{SEPARATOR}{NAME}(?:[ ]\([^()]{{1,40}}\))?){{0,9}}"
OWNER = r"(?:\b(?:[Tt]he|[Ii]ts|[Tt]heir|[Oo]ur|[Tt]his|[Tt]hat|[Hh]is|[Hh]er)|['’]s|s['’])[ ]"
ENDS = (
    r"(?=[,.;:!?)]|$|[ ](?:and|based|built|by|for|founded|from|in|launched|made|of|operated|run|that|to|which|with)\b)"
)
SHAPES = {
    "before": rf"{OWNER}(?:[a-z-]+[ ]){{0,2}}(?P<names>{LIST})[ ](?P<cue>%s)\b(?!-)",
    "after": rf"\b(?P<cue>%s)[ ][\"“«*_]*(?P<names>{NAME})",
    "within": rf"(?P<names>(?:{WORD}[ ]){{1,5}}(?P<cue>%s))\b",
    "examples": rf"\b(?P<cue>%s),?[ ](?:such[ ]as|like|including|namely)[ ](?:the[ ])?(?P<names>{LIST})",
    "apposition": rf"(?P<names>{NAME}),[ ](?:an?|the|its|another)[ ](?:[\w'’-]+[ ]){{0,4}}?(?P<cue>%s)\b{ENDS}",
    "called": rf"\b(?P<cue>%s)[ ](?:called|named|dubbed|known[ ]as)[ ](?:the[ ])?[\"“«*_]*(?P<names>{NAME})",
}
ONE = re.compile(rf"{NAME}(?=$|[ ]\(|,|[ ](?:and|or|&)[ ])")
OWNING = re.compile(r"['’]s?(?=[ ]|$)")
BRACKET = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True)
class Hit:
    """A stretch of a passage that stands where a cue wants a name; offsets count in the document."""

    passage: Passage
    start: int
    end: int
    cue: NameCue
    word: tuple[int, int]
    """The words of the cue."""

    @property
    def name(self) -> str:
        """The name as it is written here."""
        return self.passage.document.text[self.start : self.end]


def find(passage: Passage, lexicon: Lexicon) -> Iterator[Hit]:
    """Yield what stands beside the cues of a passage, by cue and then from left to right."""
    text = passage.text
    any_word, cues = _by_word(lexicon.name_cues)
    met = {cue for word in any_word.findall(text) for cue in cues[word]}
    for cue in (cue for cue in lexicon.name_cues if cue in met):
        for match in _pattern(cue).finditer(text):
            spans = list(_names(text, match.span("names"), cue.shape))
            if cue.shape == "before" and len(spans) > 1 and not match["cue"].endswith("s"):
                spans = spans[-1:]
            start, end = match.span("cue")
            for one in spans:
                yield Hit(
                    passage,
                    passage.start + one[0],
                    passage.start + one[1],
                    cue,
                    (passage.start + start, passage.start + end),
                )


def _names(text: str, span: tuple[int, int], shape: str) -> Iterator[tuple[int, int]]:
    """The single names of a list; with an owner, what is owned where a cue follows, elsewhere the owner."""
    # What stands in brackets is no name of the list; its place is kept.
    listed = BRACKET.sub(lambda match: f"({'.' * (len(match.group()) - 2)})", text[slice(*span)])
    for match in ONE.finditer(listed):
        start, end = match.span()
        owners = list(OWNING.finditer(listed, start, end))
        if owners and shape == "before" and owners[-1].end() < end:
            start = owners[-1].end() + 1
        elif owners:
            end = owners[0].start()
        yield span[0] + start, span[0] + end


@cache
def _pattern(cue: NameCue) -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in sorted(cue.words, key=len, reverse=True))
    return re.compile(SHAPES[cue.shape] % f"(?:{words})")


@cache
def _by_word(cues: Sequence[NameCue]) -> tuple[re.Pattern[str], Mapping[str, Sequence[NameCue]]]:
    """What finds the last word of any cue in a text, and the cues that each such word ends."""
    words: dict[str, list[NameCue]] = {}
    for cue in cues:
        for last in dict.fromkeys(word.split()[-1] for word in cue.words):
            words.setdefault(last, []).append(cue)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(words)))})\b"), words
