"""layout    writes the table of modules for docs/architecture.md: each with its own first line, in import order."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "spacekg"


def write() -> None:
    print("| module | what for |\n|---|---|")
    for path in modules():
        first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
        name, *purpose = first.split()
        print(f"| `{name}` | {' '.join(purpose)} |")


def modules() -> Iterator[Path]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    order = next(each for each in settings["tool"]["importlinter"]["contracts"] if each["id"] == "order")
    for layer in reversed(order["layers"]):
        for name in layer.split("|"):
            if name == "__main__":
                continue
            package = SOURCE / name.strip() / "__init__.py"
            yield package if package.exists() else SOURCE / f"{name.strip()}.py"
