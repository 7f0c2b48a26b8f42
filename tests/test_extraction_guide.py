"""What docs/extraction.md says about adding a row is so."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.reading import document, shipped

from spacekg import lexicon
from spacekg.corpus import extraction
from spacekg.corpus.extraction import Tools

GUIDE = Path(__file__).parent.parent / "docs" / "extraction.md"


def test_the_row_of_the_guide_reads_its_own_example(tmp_path: Path) -> None:
    known, _, tables, _ = shipped()
    (row,) = re.findall(r"^```\n(v-.*)\n```$", GUIDE.read_text(encoding="utf-8"), re.MULTILINE)
    folder = tmp_path / "lexicon"
    shutil.copytree(known.folder / "data" / "lexicon", folder)
    with (folder / "frames.csv").open("a", encoding="utf-8") as stream:
        stream.write(f"{row}\n")
    words = lexicon.read(folder, known)
    *_, example, says = row.split(",")
    (read,) = extraction.extract([document(example)], Tools(tables, words))
    assert [f"{claim.subject} {claim.predicate} {claim.object}" for claim in read.claims] == [says]


def test_the_guide_names_every_table_of_words() -> None:
    known, *_ = shipped()
    text = GUIDE.read_text(encoding="utf-8")
    tables = {path.name for path in (known.folder / "data" / "lexicon").glob("*.csv")} - {"prefixes.csv"}
    assert {name for name in tables if f"`{name}`" not in text} == set()
