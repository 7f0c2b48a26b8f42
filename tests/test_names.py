"""Names in a text: the longest, in the case and spelling in which they may be written."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import names
from spacekg.reference import Name


def name(text: str, entity: str = "", kind: str = "label", risk: str = "") -> Name:
    return Name(text, entity or text.lower(), "en", kind, risk, "curated")


INDEX = names.index(
    [
        name("Space Telescope", "a-telescope"),
        name("Hubble Space Telescope", "hubble"),
        name("Hubble", "hubble", "alias"),
        name("CSA", "csa", "acronym"),
        name("Progress", "progress", risk="word"),
        name("EnVision", "envision", risk="word"),
        name("COROT", "corot"),
        name("Soyuz", "soyuz-rocket"),
        name("Soyuz", "soyuz-spacecraft"),
        name("Cassini–Huygens", "cassini-huygens"),
        name("Cosmic Vision Programme", "cosmic-vision"),
        name("space agency", "agency", "common"),
        name("Élan", "elan"),
        name("hope", "hope", "hidden", "word"),
        name("Ceres (dwarf planet)", "ceres", "hidden"),
        name("--", "nothing"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(text[f.start : f.end], "|".join(n.entity for n in f.names)) for f in INDEX.find(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the Hubble Space Telescope and Hubble", [("Hubble Space Telescope", "hubble"), ("Hubble", "hubble")]),
        ("Space Telescope", [("Space Telescope", "a-telescope")]),
        ("Hubble Space", [("Hubble", "hubble")]),
        ("Hubble's mirror, Hubble’s mirror", [("Hubble", "hubble"), ("Hubble", "hubble")]),
        ("CSA, csa, СSА", [("CSA", "csa"), ("СSА", "csa")]),  # the last is half Cyrillic
        ("Progress in progress", [("Progress", "progress")]),
        ("EnVision, Envision, envision", [("EnVision", "envision")]),
        ("CoRoT, COROT, Corot, corot, coRoT", [("CoRoT", "corot"), ("COROT", "corot")]),
        ("hubble, HUBBLE", [("HUBBLE", "hubble")]),
        ("Soyuz", [("Soyuz", "soyuz-rocket|soyuz-spacecraft")]),
        (
            "Cassini-Huygens, Cassini Huygens",
            [("Cassini-Huygens", "cassini-huygens"), ("Cassini Huygens", "cassini-huygens")],
        ),
        ("Cosmic Vision Program, cosmic vision program", [("Cosmic Vision Program", "cosmic-vision")]),
        ("a space agency or a Space Agency", [("space agency", "agency"), ("Space Agency", "agency")]),
        ("Elan, Élan", [("Elan", "elan"), ("Élan", "elan")]),
        ("hope, Hope, Ceres (dwarf planet), --", []),
        ("", []),
    ],
)
def test_names_are_found_as_they_may_be_written(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


def test_an_index_of_nothing_finds_nothing() -> None:
    assert list(names.index([]).find("NASA")) == []


@given(st.lists(st.sampled_from("Hubble Space Telescope CSA Soyuz and, of".split()), max_size=12).map(" ".join))
def test_names_do_not_overlap_and_are_in_order(text: str) -> None:
    ends = [0]
    for one in INDEX.find(text):
        assert ends[-1] <= one.start < one.end
        ends.append(one.end)


@given(st.text())
def test_a_text_of_names_and_signs_is_tokenized_in_order_and_in_place(text: str) -> None:
    end = 0
    for token in names.tokenize(text):
        assert end <= token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end


def test_a_name_is_found_with_its_accents_written_apart() -> None:
    written = unicodedata.normalize("NFD", "Arnaldo Tamayo Méndez")
    found = list(names.index([name("Arnaldo Tamayo Méndez")]).find(f"{written} flew."))
    assert [f"{written} flew."[hit.start : hit.end] for hit in found] == [written]
