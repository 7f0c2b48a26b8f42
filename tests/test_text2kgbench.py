"""The benchmark's adapter on an ontology of our own: it knows no relation but those of the file it is given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

FOLDER = Path(__file__).parent.parent / "benchmarks" / "text2kgbench"
SHARED = FOLDER.parent.parent.parent / "shared" / "text2kgbench"
sys.path.insert(0, str(FOLDER))

import dataset  # noqa: E402  # the benchmark is a folder of scripts
import scoring  # noqa: E402
import spans  # noqa: E402
import weighing  # noqa: E402
from dataset import Case, Triple  # noqa: E402

from spacekg.errors import DeclarationError  # noqa: E402

ONTOLOGY = {
    "title": "Bridges",
    "concepts": [{"qid": "B", "label": "bridge"}, {"qid": "R", "label": "river"}],
    "relations": [
        {"pid": "P1", "label": "crosses", "domain": "B", "range": "R"},
        {"pid": "P2", "label": "opening date", "domain": "B", "range": ""},
    ],
}
BRIDGES = "Alder Birch Cedar Doral Elmer Fenwick Gorse Hazel Ivory Juniper Larch Maple".split()
RIVERS = "Tarn Usk Wye Avon Severn Trent Dart Tamar Mersey Ouse Tees Tyne".split()


def labels(subject: str, relation: str, value: str) -> dict[str, str]:
    return {"sub_label": subject, "rel_label": relation, "obj_label": value}


def rows(first: int, last: int) -> str:
    lines = []
    for i in range(first, last):
        bridge, river = f"{BRIDGES[i]} Bridge", RIVERS[i]
        crosses = f"{bridge} carries a road across the river {river} near the coast."
        opened = f"{bridge} was opened to traffic on {i + 2} May {1900 + i}."
        lines.append({"id": f"a{i}", "sent": crosses, **labels(bridge, "crosses", river)})
        date = f"{i + 2:02d} May {1900 + i}"
        lines.append(
            {"id": f"b{i}", "sent": opened, "sub_label": bridge, "rel_label": "opening date", "obj_label": date}
        )
    return "".join(json.dumps(line) + "\n" for line in lines)


def test_what_it_learns_from_some_sentences_it_reads_in_others(tmp_path: Path) -> None:
    (tmp_path / "ontology.json").write_text(json.dumps(ONTOLOGY), encoding="utf-8")
    (tmp_path / "train.jsonl").write_text(rows(0, 10), encoding="utf-8")
    (tmp_path / "test.jsonl").write_text(rows(10, 12), encoding="utf-8")
    command = [sys.executable, str(FOLDER / "run.py"), *(str(tmp_path / f) for f in ("ontology.json", "train.jsonl"))]
    command += [str(tmp_path / "test.jsonl"), "--bootstrap", "20", "--out", str(tmp_path / "out.jsonl")]
    command += ["--patterns", str(tmp_path / "patterns.csv")]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout
    assert "macro   P 1.000  R 1.000  F1 1.000" in printed
    found = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    assert found[0]["triples"] == [["Larch Bridge", "crosses", "Tees"]]
    assert found[1]["triples"] == [["Larch Bridge", "opening_date", "12 May 1910"]]
    learned = (tmp_path / "patterns.csv").read_text(encoding="utf-8")
    assert "crosses,object,before,the river,10,10,1.000" in learned


def test_the_benchmarks_figure_leaves_out_other_relations_and_the_strict_one_does_not() -> None:
    cases = [
        Case(("1",), "", (Triple("A", "r", "B"), Triple("A", "r", "C"))),
        Case(("2",), "", (Triple("D", "r", "E"),)),
    ]
    found = [[Triple("a", "r", "b"), Triple("A", "other", "Z")], []]
    macro, strict = scoring.macro(cases, found), scoring.strict(cases, found)
    assert (macro.precision, macro.recall) == (0.5, 0.25)
    assert macro.f1 == pytest.approx((2 / 3 + 0) / 2)
    assert (strict.precision, strict.recall) == (pytest.approx(1 / 2), pytest.approx(1 / 3))
    assert strict.f1 == pytest.approx(2 / 5)


def test_labels_are_compared_without_case_spaces_and_underscores() -> None:
    assert scoring.key(Triple("(12) AB 3", "Is_a", " X y ")) == scoring.key(Triple("( 12 )ab3", "is a", "xY"))


def test_the_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    cases = [Case((str(i),), "", (Triple("A", "r", str(i)),)) for i in range(30)]
    found = [[Triple("A", "r", str(i if i % 3 else -1))] for i in range(30)]
    first, second = scoring.macro(cases, found, 200), scoring.macro(cases, found, 200)
    assert first == second
    assert first.low < first.f1 < first.high


def test_both_forms_of_rows_are_read_and_one_sentence_is_one_case(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    lines = [
        {"id": "1", "sent": "S", "sub_label": "A", "rel_label": "r s", "obj_label": "B"},
        {"id": "2", "sent": "S", "sub_label": "A", "rel_label": "r s", "obj_label": "C"},
        {"id": "3", "sent": "T", "triples": [{"sub": "D", "rel": "r_s", "obj": "E"}]},
        {"id": "4", "sent": "U"},
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    cases = dataset.read(path)
    assert [case.ids for case in cases] == [("1", "2"), ("3",), ("4",)]
    assert [len(case.gold) for case in cases] == [2, 1, 0]
    assert cases[1].gold == (Triple("D", "r s", "E"),)


def test_a_row_of_neither_form_is_named_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text('{"id": "1", "sent": "S", "rel_label": "r"}\n', encoding="utf-8")
    with pytest.raises(DeclarationError, match=r"rows\.jsonl:1: "):
        dataset.read(path)


def test_names_dates_and_lists_are_found_as_stretches() -> None:
    text = "In May 1999 Anna Maria Olsen flew on Test 24/25 and ( 17 ) 1999 AB on 3 June 2001, and Olsen won."
    names = {span.label for span in spans.lay_out([text], [frozenset()])[0].spans}
    assert {"Anna Maria Olsen", "Anna Olsen", "Test 24", "Test 25", "( 17 ) 1999 AB", "03 June 2001"} <= names


def test_a_title_joins_no_number_and_a_last_name_is_not_cut_before_its_small_word() -> None:
    text = "Pilot of AB-7 was Carla De Vries."
    labels = {span.label for span in spans.lay_out([text], [frozenset()])[0].spans}
    assert {"AB-7", "Carla De Vries"} <= labels
    assert not {"Pilot of AB-7", "De Vries"} & labels


def test_members_of_a_series_are_as_likely_as_each_other_and_another_name_is_not() -> None:
    laid = spans.lay_out(["Olsen flew on Alder 4, Alder 5 and Birch 6."], [frozenset()])[0]
    names = {span.label: span for span in laid.spans}
    rates = {"Alder 4": 0.8, "Alder 5": 0.1, "Birch 6": 0.1}
    ranked = [
        (weighing.Candidate(Triple("Olsen", "r", label), names["Olsen"], names[label], (), 0.0), rate)
        for label, rate in rates.items()
    ]
    levelled = {candidate.triple.object: rate for candidate, rate in weighing.level(ranked)}
    assert levelled == pytest.approx({"Alder 4": 0.45, "Alder 5": 0.45, "Birch 6": 0.1})


@given(st.text(max_size=80))
def test_every_stretch_stands_in_the_sentence(text: str) -> None:
    laid = spans.lay_out([text], [frozenset({"Anna Olsen"})])[0]
    for span in laid.spans:
        assert 0 <= span.start < span.end <= len(text)
        assert span.label.strip()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the benchmark's sentences are not part of the project")
def test_what_the_benchmark_calls_right_scores_one() -> None:
    cases = dataset.read(SHARED / "ont_7_space_validation.jsonl")
    gold = [list(case.gold) for case in cases]
    assert scoring.macro(cases, gold).f1 == 1.0
    assert scoring.strict(cases, gold).f1 == 1.0
