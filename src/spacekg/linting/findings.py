"""findings  Finding: what a query may be wrong about, where, and what was meant; as JSON and as a header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from urllib.parse import quote

HEADER = 2_000
"""Characters of the header at most; a finding that does not fit is left out with all behind it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is probably not what was meant."""

    code: str
    """Kind of finding; docs/sparql.md lists them all."""
    message: str
    """What is wrong and what to do about it."""
    line: int
    column: int
    """Where, both from 1, in code points."""
    suggestions: tuple[str, ...] = ()
    """What may stand there instead, the most alike first."""

    def __str__(self) -> str:
        return f"{self.line}:{self.column} {self.code}: {self.message}"


def as_json(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Write findings for JSON."""
    return [asdict(finding) for finding in findings]


def as_header(findings: Sequence[Finding]) -> str:
    """Write findings as a list of strings with parameters, as HTTP's structured fields (RFC 9651) have it."""
    written = ""
    for finding in findings:
        item = f"{_string(finding.message)};code={finding.code};line={finding.line};column={finding.column}"
        if len(written) + len(item) > HEADER:
            break
        written += f", {item}" if written else item
    return written


def _string(text: str) -> str:
    plain = " ".join(text.split())
    if plain.isascii() and plain.isprintable():
        escaped = plain.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    return '%"' + quote(plain, safe=" !#$&'()*+,-./:;<=>?@[]^_`{|}~") + '"'


def place(query: str, start: int) -> tuple[int, int]:
    """Give line and column, both from 1, of an offset in a query."""
    return query.count("\n", 0, start) + 1, start - query.rfind("\n", 0, start)
