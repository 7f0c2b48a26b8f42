"""Lines are told apart by their shape, and every word stands in exactly one passage."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from spacekg import passages
from spacekg.model import Document, Passage, PassageKind

HEADING, SENTENCE, ITEM, ROW, QUESTION = PassageKind


def document(text: str, media_type: str = "text/markdown", body: int = 0) -> Document:
    return Document("a", media_type, text, "", "", "a", body=body)


def told(text: str, media_type: str = "text/markdown") -> list[tuple[PassageKind, str, tuple[str, ...]]]:
    return [(p.kind, p.text, p.headings) for p in passages.split(document(text, media_type))]


def plain(text: str) -> list[tuple[PassageKind, str, tuple[str, ...]]]:
    return told(text, "text/plain")


def cells(passage: Passage) -> list[str]:
    return [passage.document.text[start:end] for start, end in passage.cells]


def test_markdown_headings_nest_and_sentences_stand_under_them() -> None:
    assert told("Before.\n\n# One #\nA first. A second.\n## *Two*\nThird\nline.\n# Three\n\nUnder\n---\nx") == [
        (SENTENCE, "Before.", ()),
        (HEADING, "One", ()),
        (SENTENCE, "A first.", ("One",)),
        (SENTENCE, "A second.", ("One",)),
        (HEADING, "*Two*", ("One",)),
        (SENTENCE, "Third\nline.", ("One", "Two")),
        (HEADING, "Three", ()),
        (HEADING, "Under", ("Three",)),
        (SENTENCE, "x", ("Three", "Under")),
    ]


def test_the_front_matter_is_not_part_of_it() -> None:
    text = "---\ntitle: x\n---\nText."
    assert [p.text for p in passages.split(document(text, body=text.index("Text")))] == ["Text."]


def test_plain_headings_are_short_lines_without_a_stop_before_a_gap() -> None:
    assert plain("The partners\n\nNASA leads. ESA helps.\n\nNo heading, as it stops.\n\nThe end") == [
        (HEADING, "The partners", ()),
        (SENTENCE, "NASA leads.", ("The partners",)),
        (SENTENCE, "ESA helps.", ("The partners",)),
        (SENTENCE, "No heading, as it stops.", ("The partners",)),
        (SENTENCE, "The end", ("The partners",)),
    ]


def test_a_plain_heading_needs_no_gap_when_it_is_much_shorter_than_the_lines_below() -> None:
    lines = "Two orbiters\nBepiColombo carries two orbiters to the planet\nMercury, and they will part in its orbit."
    assert [kind for kind, _, _ in plain(lines)] == [HEADING, SENTENCE]
    assert [kind for kind, _, _ in told(lines)] == [SENTENCE]


def test_a_heading_with_a_colon_stands_over_a_paragraph_and_a_label_before_its_values() -> None:
    paragraph = (
        "\n\nThe next ten years bring many missions to the planets, their moons and the small bodies between them."
    )
    assert plain("Outlook: Planets, Moons and More" + paragraph)[0][0] is HEADING
    assert plain("Partners: NASA, ESA\n\nGoals: Moon")[0] == (ITEM, "Partners: NASA, ESA", ())


def test_items_nest_and_stand_under_the_line_that_announces_them() -> None:
    assert told("The partners are:\n\n- **NASA**\n  1. JPL\n  2. Goddard,\n     in Maryland\n- ESA\n\nAfter.") == [
        (SENTENCE, "The partners are:", ()),
        (ITEM, "**NASA**", ("The partners are",)),
        (ITEM, "JPL", ("The partners are", "NASA")),
        (ITEM, "Goddard,\n     in Maryland", ("The partners are", "NASA")),
        (ITEM, "ESA", ("The partners are",)),
        (SENTENCE, "After.", ()),
    ]


def test_the_sentences_of_an_item_stand_under_its_label() -> None:
    assert told("* **Costs:** They are shared. Each pays less.\n\n  A second paragraph.\n* Risks. They shrink.") == [
        (ITEM, "**Costs:** They are shared.", ()),
        (SENTENCE, "Each pays less.", ("Costs",)),
        (SENTENCE, "A second paragraph.", ("Costs",)),
        (ITEM, "Risks.", ()),
        (SENTENCE, "They shrink.", ("Risks",)),
    ]


def test_an_item_that_names_a_class_heads_the_items_after_it() -> None:
    listed = (
        "  • Lead Agencies\n  • NASA (USA)\n  • Partner Agencies\n  • JAXA (Japan)\n  • Moon and Mars\n  • NASA (USA)\n"
    )
    assert plain(listed) == [
        (HEADING, "Lead Agencies", ()),
        (ITEM, "NASA (USA)", ("Lead Agencies",)),
        (HEADING, "Partner Agencies", ()),
        (ITEM, "JAXA (Japan)", ("Partner Agencies",)),
        (ITEM, "Moon and Mars", ("Partner Agencies",)),
        (ITEM, "NASA (USA)", ("Lead Agencies",)),
    ]


def test_a_list_of_names_has_no_headings_in_it() -> None:
    for names in (
        ["Mars", "Moon", "Asteroids"],
        ["United States", "Japan"],
        ["Space Agencies", "New Players", "NASA (USA)"],
    ):
        assert {kind for kind, _, _ in told("\n".join(f"- {name}" for name in names))} == {ITEM}


def test_a_bold_line_or_a_bold_run_in_is_a_heading() -> None:
    assert told("**Partners**\n\nNASA.\n\n**The Moon.** All go there. So do we.\n\nLast.") == [
        (HEADING, "**Partners**", ()),
        (SENTENCE, "NASA.", ("Partners",)),
        (HEADING, "**The Moon.**", ("Partners",)),
        (SENTENCE, "All go there.", ("Partners", "The Moon")),
        (SENTENCE, "So do we.", ("Partners", "The Moon")),
        (SENTENCE, "Last.", ("Partners",)),
    ]


def test_a_markdown_table_gives_its_rows_cells_and_column_headings() -> None:
    head, first, second, after = passages.split(
        document("| Partners | Type |\n|---|:-:|\n| NASA, ESA | Joint \\| shared |\n|| none |\n\nAfter.")
    )
    assert (head.kind, head.text, head.cells) == (HEADING, "Partners | Type", ())
    assert (first.kind, first.header, cells(first)) == (ROW, ("Partners", "Type"), ["NASA, ESA", "Joint \\| shared"])
    assert (second.text, cells(second)) == ("none", ["", "none"])
    assert (after.kind, after.headings) == (SENTENCE, ())


def test_a_table_needs_no_outer_bars_and_no_header() -> None:
    rows = passages.split(document("A | B\n--|--\nx | y\n\n| c | d |\n| e | f |"))
    assert [(row.kind, row.header, cells(row)) for row in rows[1:]] == [
        (ROW, ("A", "B"), ["x", "y"]),
        (ROW, (), ["c", "d"]),
        (ROW, (), ["e", "f"]),
    ]


def test_a_plain_table_has_rows_without_cells_under_the_line_that_heads_it() -> None:
    found = passages.split(
        document(
            "Who Does What\nNASA, CSA Robot arms for a station\nAPXS Chemistry of rocks\nESA, JAXA A visit\n\n",
            "text/plain",
        )
    )
    assert [(p.kind, p.text) for p in found] == [
        (HEADING, "Who Does What"),
        (ROW, "NASA, CSA Robot arms for a station"),
        (ROW, "APXS Chemistry of rocks"),
        (ROW, "ESA, JAXA A visit"),
    ]
    assert {(p.header, p.cells) for p in found[1:]} == {(("Who Does What",), ())}


def test_tabs_or_gaps_divide_the_cells_of_a_plain_table() -> None:
    for table in ("Craft\tBuilder\nMio\tJAXA\nMPO\tESA", "Craft   Builder\nMio     JAXA\nMPO     ESA"):
        _, row, _ = passages.split(document(table, "text/plain"))
        assert (row.kind, row.header, cells(row)) == (ROW, ("Craft", "Builder"), ["Mio", "JAXA"])


def test_an_answer_stands_under_its_question() -> None:
    assert plain("Who leads? NASA does. It pays.\nWho helps?\n\nESA helps.\n\nNobody else.") == [
        (QUESTION, "Who leads?", ()),
        (SENTENCE, "NASA does.", ("Who leads?",)),
        (SENTENCE, "It pays.", ("Who leads?",)),
        (QUESTION, "Who helps?", ()),
        (SENTENCE, "ESA helps.", ("Who helps?",)),
        (SENTENCE, "Nobody else.", ()),
    ]


def test_questions_are_headings_items_and_labels_too() -> None:
    assert told("## Who leads?\n\nNASA.\n\n1. **Who helps?**\n\n   ESA.\n2. Where?\n\nQ: When?\nA: In 2018.\n") == [
        (QUESTION, "Who leads?", ()),
        (SENTENCE, "NASA.", ("Who leads?",)),
        (QUESTION, "**Who helps?**", ("Who leads?",)),
        (SENTENCE, "ESA.", ("Who leads?", "Who helps?")),
        (QUESTION, "Where?", ("Who leads?",)),
        (QUESTION, "Q: When?", ("Who leads?",)),
        (ITEM, "A: In 2018.", ("Who leads?", "Q: When?")),
    ]


def test_a_question_inside_a_paragraph_heads_nothing() -> None:
    assert told("They left. Why? Nobody knows.")[1:] == [(QUESTION, "Why?", ()), (SENTENCE, "Nobody knows.", ())]


def test_headings_lose_their_marks() -> None:
    assert told("# See [the **ISS**](https://example.org/) and `x`:\n\ny")[1][2] == ("See the ISS and x",)


def test_windows_and_old_mac_newlines_are_newlines() -> None:
    for newline in ("\r\n", "\r"):
        kinds = [kind for kind, _, _ in told("# A\n\n- b\n- c\n\nDone. Ended.".replace("\n", newline))]
        assert kinds == [HEADING, ITEM, ITEM, SENTENCE, SENTENCE]


def test_a_numbered_line_within_a_paragraph_is_no_item() -> None:
    assert told("The landing was in July\n1969. It was a Sunday.")[0][1] == "The landing was in July\n1969."


WORDS = st.text("AbcÅ中9 ", min_size=1, max_size=12)
LINES = st.one_of(
    WORDS,
    st.builds("{}{}".format, st.sampled_from(["# ", "### ", "- ", "    * ", "  • ", "12. ", "> ", "| ", "\t"]), WORDS),
    st.builds("{}: {}, {}.".format, WORDS, WORDS, WORDS),
    st.builds("| {} | {} |".format, WORDS, WORDS),
    st.builds("{}? {}. {}".format, WORDS, WORDS, WORDS),
    st.builds("**{}** {}\t{}".format, WORDS, WORDS, WORDS),
    st.sampled_from(["", "", "---", "|---|---|", "===", "***", "•", "🚀", "\u2028"]),
)
TEXTS = st.one_of(st.lists(LINES, max_size=12).map("\n".join), st.text(max_size=200))


@given(TEXTS, st.sampled_from(["text/plain", "text/markdown", "text/html", "application/pdf"]))
def test_passages_are_in_order_do_not_overlap_and_leave_out_no_letter(text: str, media_type: str) -> None:
    position = 0
    for passage in passages.split(document(text, media_type)):
        assert position <= passage.start < passage.end <= len(text)
        assert passage.text == passage.text.strip()
        assert not any(letter.isalpha() for letter in text[position : passage.start])
        position = passage.end
        for start, end in passage.cells:
            assert passage.start <= start <= end <= passage.end or start == end
    assert not any(letter.isalpha() for letter in text[position:])


@given(TEXTS)
def test_only_rows_have_cells_and_headers(text: str) -> None:
    for passage in passages.split(document(text)):
        assert passage.kind is ROW or not (passage.cells or passage.header)
        assert all(heading == heading.strip() for heading in passage.headings)


@given(TEXTS, st.integers(0, 40))
def test_nothing_before_the_body_is_in_a_passage(text: str, body: int) -> None:
    assert all(p.start >= body for p in passages.split(document(text, body=min(body, len(text)))))


def test_long_texts_take_no_longer_than_their_length() -> None:
    item = "- Lead Agencies\n- NASA (USA)\n" * 20_000
    line = "Nasa went up\n" * 40_000
    started = time.process_time()
    assert len(passages.split(document(item))) == 40_000
    assert len(passages.split(document(line, "text/plain"))) == 1
    assert len(passages.split(document("[" * 500_000 + "|" * 500_000 + "?" * 500_000))) == 1
    assert time.process_time() - started < 10


def test_a_stop_behind_a_name_that_ends_in_a_capital_ends_the_sentence() -> None:
    text = "First came CoRoT. Paris paid for it. J. Smith of the U.S. Army watched."
    assert [passage.text for passage in passages.split(document(text))] == [
        "First came CoRoT.",
        "Paris paid for it.",
        "J. Smith of the U.S. Army watched.",
    ]
