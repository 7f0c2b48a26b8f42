"""What a build tells about itself."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from spacekg import summary
from spacekg.declared import RDF
from spacekg.errors import InvalidGraphError
from spacekg.model import Claim, Document, Mention, Passage, PassageKind, Status
from spacekg.validation.report import VIOLATION, Quote, Report, Violation

DOCUMENT = Document("note", "text/plain", "ESA flew.", "", "ab12", "A note")
PASSAGE = Passage(DOCUMENT, 0, 9, PassageKind.SENTENCE)


def claim(status: Status, reason: str = "") -> Claim:
    return Claim(PASSAGE, 0, 9, "esa", "operator", "x", "rule", 0.9, status=status, reason=reason)


def test_a_graph_that_conforms_is_passed_with_its_warnings() -> None:
    report = Report((Violation("Warning", "shape", "focus", "path", "value", "Look again."),))
    assert summary.passed(report)["violations"][0]["message"] == "Look again."  # type: ignore[index]


def test_a_graph_that_does_not_is_refused_with_its_sentence() -> None:
    wrong = Violation(VIOLATION, "shape", "urn:a", "urn:b", "", "Wrong.", (Quote("urn:claim", "So it says."),))
    warning = Violation("Warning", "shape", "urn:c", "", "", "Look again.")
    with pytest.raises(InvalidGraphError) as raised:
        summary.passed(Report((warning, wrong)))
    assert 'violations: 1): urn:a urn:b: Wrong. (from "So it says.")' in str(raised.value)
    assert "Look again" not in str(raised.value)


def test_what_was_not_used_is_told(tmp_path: Path) -> None:
    mention = Mention(PASSAGE, 0, 3, ())
    claims = [claim(Status.ACCEPTED), claim(Status.DISPUTED, "because"), claim(Status.UNCERTAIN)]
    long = [(PASSAGE, "it is too long"), (PASSAGE, "it is too long")]
    silent = replace(DOCUMENT, name="silent")
    assert summary.unused([tmp_path / "image.png"], [mention, mention], claims, long, [DOCUMENT, silent]) == {
        "silent_documents": ["silent"],
        "ignored_files": ["image.png"],
        "unparsed_passages": {"note: it is too long": 2},
        "open_names": {"ESA": 2},
        "held_back": {"because": 1, "uncertain": 1},
    }


def test_inputs_are_named_alike_on_every_machine(tmp_path: Path) -> None:
    (tmp_path / "data" / "lexicon").mkdir(parents=True)
    (tmp_path / "data" / "lexicon" / "words.csv").touch()
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "question.rq").touch()
    assert summary.inputs([DOCUMENT], tmp_path) == {
        "documents/note": "ab12",
        "data/lexicon/words.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    }


def test_a_thing_that_two_graphs_type_counts_once() -> None:
    craft, kind, type_ = NamedNode("urn:craft"), NamedNode("urn:Rover"), NamedNode(f"{RDF}type")
    quads = [Quad(craft, type_, kind, NamedNode("urn:one")), Quad(craft, type_, kind, NamedNode("urn:two"))]
    assert summary.classes(quads) == {"urn:Rover": 1}
