"""Runs the notebooks of docs/notebooks over a release of the shipped documents and keeps what they show.

python tools/notebooks.py rewrites them; the tests run them in the same way and compare (tests/test_notebooks.py).
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from spacekg import declared, pipeline, reference

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "notebooks"
SECONDS = 300
"""How long one cell may take."""
PICTURES = frozenset({"image/png"})
"""Kinds of output whose bytes depend on the version of the library that drew them."""


def main() -> None:
    """Build a release, run all notebooks in a folder that has it, and write them."""
    with tempfile.TemporaryDirectory(prefix="spacekg-notebooks-") as place:
        rules = declared.read(declared.shipped())
        known = reference.read(rules.folder / "data" / "reference")
        pipeline.build([rules.folder / "data" / "documents"], Path(place) / "release", rules, known, lambda _: None)
        for path in sorted(FOLDER.glob("*.ipynb")):
            path.write_text(nbformat.writes(run(path, Path(place))) + "\n", encoding="utf-8")
            print(path, file=sys.stderr)


def run(path: Path, folder: Path) -> NotebookNode:
    """Run a notebook in a folder that has a release, and give it as it is then; the file stays as it was.

    Raises:
        nbclient.exceptions.CellExecutionError: a cell fails.
    """
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder)}}).execute()
    notebook.metadata = {"kernelspec": notebook.metadata["kernelspec"], "language_info": {"name": "python"}}
    for cell in notebook.cells:
        cell.metadata = {}  # when it ran
    return notebook


def shown(notebook: NotebookNode) -> list[tuple[str, list[object]]]:
    """Give each cell's source and what it shows; of pictures, only that there is one."""
    return [(cell.source, [_told(each) for each in cell.get("outputs", ())]) for cell in notebook.cells]


def _told(output: NotebookNode) -> object:
    if output.output_type == "stream":
        return output.text
    return {kind: "" if kind in PICTURES else content for kind, content in output.data.items()}


if __name__ == "__main__":
    main()
