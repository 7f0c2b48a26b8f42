"""summary   what a build was made from, counted, found wrong and could not use: the release's inputs and its report."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from spacekg.declared import RDF
from spacekg.errors import InvalidGraphError
from spacekg.model import Claim, Document, Mention, Passage, Refusal
from spacekg.names import NEW
from spacekg.validation.report import VIOLATION, Report, Violation

MADE_FROM = (
    "ontology/**/*",
    "data/lexicon/*",
    "data/linking/*",
    "data/reference/*.csv",
    "queries/rules/*",
    "queries/checks/**/*",
)
"""The files that decide the graph beside the documents; other queries and hand-kept drafts do not."""
REFUSED = ("document", "start", "end", "words", "rule", "reason")
"""The columns of the table of what was refused."""
FIRST = 3
"""How many violations an error message names."""


def inputs(documents: Iterable[Document], folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every document and declaration, by names that are the same on every machine."""
    hashes = {f"documents/{document.name}": document.file_sha256 for document in documents}
    for pattern in MADE_FROM:
        for path in sorted(folder.glob(pattern)):
            if path.is_file():
                hashes[path.relative_to(folder).as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return hashes


def unused(
    ignored: Iterable[Path],
    open_mentions: Iterable[Mention],
    claims: Iterable[Claim],
    unparsed: Iterable[tuple[Passage, str]],
    documents: Iterable[Document],
) -> dict[str, object]:
    """Tell what was not used and why: files and passages that were not read, names left open, claims that are no facts.

    `unparsed` are the passages that grammar refuses, each with the reason. Of some documents nothing is claimed at
    all: they are in another language, of signs, or about something else.
    """
    claims = list(claims)
    said = {claim.passage.document.name for claim in claims}
    names = Counter(mention.surface for mention in open_mentions)
    return {
        "silent_documents": sorted(document.name for document in documents if document.name not in said),
        "ignored_files": sorted({path.name for path in ignored}),
        "unparsed_passages": dict(Counter(f"{passage.document.name}: {reason}" for passage, reason in unparsed)),
        "open_names": dict(names.most_common()),
        "held_back": dict(Counter(claim.reason or claim.status for claim in claims if claim.status != "accepted")),
    }


def refused(found: Iterable[Refusal]) -> bytes:
    """Write what was refused as a table of tab-separated values, in the order of documents and their texts."""
    text = io.StringIO()
    # A lone carriage return in a text would end its row, were it not in quotation marks.
    table = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    table.writerow(REFUSED)
    rows = sorted({tuple(getattr(each, name) for name in REFUSED) for each in found})
    table.writerows(rows)
    return text.getvalue().encode()


def candidates(claims: Iterable[Claim]) -> dict[str, dict[str, object]]:
    """Tell which things no table has and the documents name: by id, each with its name, classes and evidence."""
    found: dict[str, tuple[str, dict[str, None], dict[tuple[str, int, int, str], None]]] = {}
    for claim in claims:
        for node in claim.coined:
            if node.id.startswith(NEW):
                _, classes, places = found.setdefault(node.id, (node.naming[0], {}, {}))
                classes[node.kind] = None
                places[claim.passage.document.name, claim.start, claim.end, claim.quote] = None
    evidence = ("document", "start", "end", "quote")
    return {
        name: {"name": words, "classes": [*classes], "evidence": [dict(zip(evidence, p, strict=True)) for p in places]}
        for name, (words, classes, places) in sorted(found.items())
    }


def passed(report: Report) -> dict[str, object]:
    """Give the report of a graph that may be published, as JSON.

    Raises:
        InvalidGraphError: it may not; the message has the first things that are wrong.
    """
    if report.conforms:
        return asdict(report)
    wrong = [each for each in report.violations if each.severity == VIOLATION]
    first = "; ".join(_sentence(each) for each in wrong[:FIRST])
    raise InvalidGraphError(f"not published, since the graph breaks its rules (violations: {len(wrong)}): {first}")


def _sentence(violation: Violation) -> str:
    evidence = "".join(f' (from "{quote.sentence}")' for quote in violation.claims[:1])
    parts = (violation.focus, violation.path, violation.value)
    return f"{' '.join(part for part in parts if part)}: {violation.message}{evidence}"


def classes(quads: Iterable[Quad]) -> dict[str, int]:
    """Count the things of each class, by its IRI; a thing that several graphs type counts once."""
    typed = {(quad.subject, quad.object) for quad in quads if quad.predicate.value == f"{RDF}type"}
    return dict(sorted(Counter(kind.value for _, kind in typed if isinstance(kind, NamedNode)).items()))


def counts(**found: Iterable[object] | Mapping[object, object]) -> dict[str, int]:
    """Count what each stage made."""
    return {name: sum(1 for _ in each) for name, each in found.items()}
