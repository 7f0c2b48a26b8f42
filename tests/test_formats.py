"""The one table of formats, and what looks things up in it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacekg import formats
from spacekg.errors import UnknownFormatError
from spacekg.formats import Format

TABLES = [formats.GRAPHS, formats.RESULTS]


@pytest.mark.parametrize("table", TABLES)
def test_every_spelling_finds_its_format_in_any_case(table: tuple[Format, ...]) -> None:
    for format in table:
        for spelling in format.spellings():
            assert formats.find(spelling, table) is format
            assert formats.find(f" {spelling.upper()}; charset=UTF-8", table) is format


@pytest.mark.parametrize("table", TABLES)
def test_no_two_formats_share_a_spelling(table: tuple[Format, ...]) -> None:
    for one, other in combinations(table, 2):
        assert not set(one.spellings()) & set(other.spellings())


@pytest.mark.parametrize("table", TABLES)
def test_registered_types_are_those_of_the_library_that_writes(table: tuple[Format, ...]) -> None:
    for format in table:
        assert format.codec.media_type.partition(";")[0] == format.media_type
        assert format.codec == type(format.codec).from_media_type(format.media_type)


@given(st.text())
def test_an_unknown_name_is_answered_with_all_there_are(name: str) -> None:
    known = {spelling for format in formats.GRAPHS for spelling in format.spellings()}
    if name.partition(";")[0].strip().lower() in known:
        return
    with pytest.raises(UnknownFormatError) as raised:
        formats.find(name, formats.GRAPHS)
    assert all(format.name in str(raised.value) and format.media_type in str(raised.value) for format in formats.GRAPHS)


def test_the_ending_of_a_file_tells_its_format() -> None:
    for format in formats.GRAPHS:
        assert formats.of_file(Path(f"a.b/graph{format.suffix.upper()}"), formats.GRAPHS) is format


def test_a_file_without_a_known_ending_is_told_the_endings() -> None:
    with pytest.raises(UnknownFormatError, match=r"graph\.docx.*\.ttl.*\.jsonld.*\.nt.*\.rdf.*\.nq.*\.trig"):
        formats.of_file(Path("graph.docx"), formats.GRAPHS)


def test_only_quads_keep_graphs() -> None:
    assert {format.name for format in formats.GRAPHS if format.keeps_graphs} == {"nquads", "trig"}
    assert not any(format.keeps_graphs for format in formats.TRIPLES)
