"""tongues   languages that a client asks for → those of them that there are names in, and the names."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

ENGLISH = "en"
"""What everything has a name in."""


def known(asked: Sequence[str], spoken: Collection[str]) -> tuple[str, ...]:
    """Keep the languages that have names, in the order in which they are asked for, as far as English comes.

    Tags are lower-case; `de-at` is answered in `de` where it has no names of its own.
    """
    found: list[str] = []
    for tag in asked:
        broad = tag.partition("-")[0]
        if broad == ENGLISH:
            break
        found += [each for each in (tag, broad) if each in spoken]
    return tuple(dict.fromkeys(found))


def among(names: Mapping[str, str], languages: Sequence[str]) -> Iterator[str]:
    """Give the names in these languages, the most wanted first."""
    return (names[language] for language in languages if language in names)
