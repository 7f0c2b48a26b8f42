"""Names that no table has: found beside their cues, never taken for a known one, and never a fact."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests import asking
from tests.reading import document, shipped

from spacekg import candidates, mentions, passages, pipeline
from spacekg.candidates import Candidate
from spacekg.cli import releases
from spacekg.declared import SKG
from spacekg.lexicon import NameCue
from spacekg.model import Status
from spacekg.names import NEW, new_id
from spacekg.web import addresses

CUES = shipped()[1].name_cues


def considered(text: str) -> list[Candidate]:
    """What stands in a text where a cue wants a name."""
    _, words, tables, index = shipped()
    pieces = passages.split(document(text))
    return list(candidates.considered(pieces, mentions.find(pieces, index), words, (index, tables)))


def new_names(text: str) -> set[str]:
    return {each.hit.name for each in considered(text) if not each.reason}


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.id)
def test_a_cue_finds_the_new_names_of_its_example_and_no_others(cue: NameCue) -> None:
    found = [each for each in considered(cue.example) if not each.reason]
    assert cue.finds
    assert {each.hit.name for each in found} == set(cue.finds)
    assert cue.id in {each.hit.cue.id for each in found}


@pytest.mark.parametrize(
    "text",
    [
        "The rescue mission took three days, and the Rescue mission too.",
        "The Mars mission was late. The first mission failed. The First mission failed.",
        "Rescue missions such as Mars rescues are rare.",
        "However, a Japanese start-up, founded in Tokyo, won.",
        "Surprisingly, a Japanese start-up, based in Osaka, won.",
        "At a meeting in Nairobi, a company from Kenya signed. In Nairobi, a small company, built it.",
        "In March 2020, a Japanese start-up, won. On Friday, a company that builds rockets, failed.",
        "The Friday mission and the July 2020 mission flew.",
        "The Japanese Space Agency and the Chinese Space Agency met. The National Space Agency said so.",
        "The American satellite and the Soviet rocket met the Franco-German satellite.",
        "The NASA-led mission and the ESA-funded satellite flew.",
        "The N\u0410SA mission, the \u041d\u0410\u0421\u0410 mission, the Nasa mission and the N4SA mission flew.",
        "Astronaut Jane Doolittle led the Doolittle mission.",
        "Jane Doolittle said that it works. The Jane Doolittle mission came later.",
        "Jane Doolittle, a company founder, said so. Elon Musk, the company's chief, said so.",
        "The SSA mission, the Hope mission and the Apollo–Soyuz mission flew.",
        "The satellite Internet service of the company Friday was sold.",
        "The Iridium satellite operator met the Senate mission.",
        "The Phase B mission. The Block 5 booster. The X-ray telescope. The X mission. The 2020 mission.",
        "ESA, the space agency, and its Deep Space mission. A satellite called The First.",
        "# The Zorblax mission",
        f"The {'Zorblax' * 100} mission flew.",
    ],
)
def test_what_is_known_or_common_or_a_date_or_a_person_is_no_new_name(text: str) -> None:
    assert new_names(text) == set()


def test_owner_nationality_and_article_are_no_part_of_a_new_name() -> None:
    text = "NASA's Zorblax-2 mission met the Italian Tarnwick satellite. The STS-997 Space Shuttle mission ended."
    assert new_names(text) == {"Zorblax-2", "Tarnwick", "STS-997"}


def test_a_known_name_with_a_number_is_another_thing_but_not_with_the_number_written_otherwise() -> None:
    assert new_names("The Soyuz 311 mission met the Artemis 2 mission and the NASA 12 mission.") == {"Soyuz 311"}


def test_what_is_refused_has_a_reason() -> None:
    assert [each.reason for each in considered("The Friday mission flew.")] == ["a date"]


@given(
    st.lists(st.sampled_from(["the", "The", "Zorb", "NASA", "mission", "company", "such as", ",", "a", "Mars", "’s"]))
)
def test_every_new_name_is_quoted_has_an_id_of_its_own_and_is_no_fact(words: list[str]) -> None:
    _, lexicon, tables, index = shipped()
    pieces = passages.split(document(" ".join(words)))
    for claim in candidates.find(pieces, mentions.find(pieces, index), lexicon, (index, tables)):
        assert claim.status is Status.UNCERTAIN
        assert claim.subject.startswith(NEW)
        assert claim.subject not in tables.entities
        assert claim.coined[0].naming[0] in claim.quote


def test_a_new_name_has_a_page_of_its_own() -> None:
    name = addresses.named("candidate", new_id("Zorblax-2 Ünïcode").removeprefix(NEW))
    assert name is not None
    assert addresses.of_iri(name.iri) == "page/candidate/zorblax-2-unicode"


def test_a_build_reports_new_names_with_their_evidence_and_states_nothing_of_them(tmp_path: Path) -> None:
    (tmp_path / "note.md").write_text("NASA hired the company Fennimore Orbital. Fennimore Orbital built Planck.\n")
    known, _, tables, _ = shipped()
    release = pipeline.build([tmp_path / "note.md"], tmp_path / "out", known, tables, lambda _: None)
    report = json.loads((release.folder / "report.json").read_text())
    assert report["candidates"] == {
        "candidate/fennimore-orbital": {
            "name": "Fennimore Orbital",
            "classes": ["Company"],
            "evidence": [
                {"document": "note", "start": 0, "end": 41, "quote": "NASA hired the company Fennimore Orbital."}
            ],
        }
    }
    about = [
        quad
        for path in release.folder.glob("*.nq")
        for quad in path.read_text().splitlines()
        if quad.startswith("<https://w3id.org/spacekg/candidate/fennimore-orbital>")
    ]
    assert [quad.split()[1] for quad in about] == ["<http://www.w3.org/2000/01/rdf-schema#label>"]
    found = asking.rows(releases.stored(release, known, releases.OWN_MACHINE), "candidates", known)
    assert [row[1:] for row in found[1:]] == [["Fennimore Orbital", f"{SKG}Company"]]
