"""The notebooks of the documentation run over the shipped release, and show what their files say they show."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import nbformat
import pytest

from spacekg.release import Release

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "docs" / "notebooks").glob("*.ipynb"))


def test_there_are_notebooks_and_the_pages_lead_to_them() -> None:
    assert len(NOTEBOOKS) >= 2
    for page in ("README.md", "docs/python.md"):
        text = (ROOT / page).read_text(encoding="utf-8")
        assert all(f"notebooks/{path.name}" in text for path in NOTEBOOKS), page


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_its_file_says(
    path: Path, shipped_release: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = importlib.util.spec_from_file_location("notebooks", ROOT / "tools" / "notebooks.py")
    assert spec is not None
    assert spec.loader is not None
    notebooks = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(notebooks)
    monkeypatch.setenv("PYTHONPATH", ":".join(sys.path))
    (tmp_path / "release").symlink_to(shipped_release.folder.parent)
    written = notebooks.shown(nbformat.read(path, as_version=4))
    assert any(outputs for _, outputs in written)
    for (source, expected), (_, found) in zip(written, notebooks.shown(notebooks.run(path, tmp_path)), strict=True):
        assert found == expected, f"another output than in the file (make notebooks writes it anew):\n{source}"
