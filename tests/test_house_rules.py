"""What the house rules ask and no linter sees."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "spacekg"
MODULES = sorted(SOURCE.rglob("*.py"))
QUERIES = sorted((ROOT / "queries").rglob("*.rq"))

LINES = 300
FORBIDDEN = {"utils", "util", "helpers", "helper", "manager", "process", "handle", "data", "misc", "common"}
NEITHER_PART_NOR_STAGE = {"spacekg/__init__.py", "spacekg/__main__.py"}
SPARQL = re.compile(r"\b(SELECT|CONSTRUCT|ASK|DESCRIBE|INSERT|DELETE)\b[^\"]*\{", re.DOTALL)
# Each is spelled so that this file does not name what it looks for.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:wor[k]|far[m]|hom[e]/\w|roo[t])/[\w.]+|/tm[p]/\w")
REGISTRY = re.compile(
    r"registry\.npmj[s]|pythonhoste[d]\.org|pyp[i]\.org/simple|maven\.apach[e]|static\.crate[s]\.io|deb\.debia[n]"
)
ARTICLES = sorted((ROOT.parent / "shared" / "documents").glob("*.txt"))
RUN = 9


def relative(path: Path) -> str:
    return path.relative_to(SOURCE.parent).as_posix()


each_module = pytest.mark.parametrize("path", MODULES, ids=relative)


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Every text file of the project, tracked or about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    found = {}
    for name in sorted(set(listed.stdout.decode().split("\0")) - {""}):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content[:8192]:
            found[name] = content.decode(errors="replace")
    return found


@each_module
def test_a_module_keeps_its_budget(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").count("\n")
    assert lines <= LINES, f"{relative(path)}: {lines} lines; split it by subject"


@each_module
def test_a_module_begins_with_its_row_of_the_layout(path: Path) -> None:
    if relative(path) in NEITHER_PART_NOR_STAGE:
        return
    name = path.parent.name if path.name == "__init__.py" else path.stem
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").partition("\n")[0]
    assert re.match(rf"{name}\s+\S", first), f"{relative(path)}: begins with {first!r}"


@each_module
def test_nothing_has_a_name_that_says_nothing(path: Path) -> None:
    defined = {
        node.name
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert not ({name.lower().strip("_") for name in defined} | {path.stem}) & FORBIDDEN


@each_module
def test_only_the_command_line_prints(path: Path) -> None:
    if "cli" in path.relative_to(SOURCE).parts[0]:
        return
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    assert not [call.lineno for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]


@each_module
def test_only_exceptions_with_a_name_are_caught(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    broad = [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id in {"Exception", "BaseException"}))
    ]
    lines = source.splitlines()
    assert not [number for number in broad if "#" not in lines[number - 1]], "give the reason on the line"


@each_module
def test_no_module_keeps_state(path: Path) -> None:
    assert not [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Global)]


@each_module
def test_sparql_lives_in_queries(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    documentation = {id(node) for node in docstrings(tree)}
    found = [
        (node.lineno, node.value[:60])
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation
        if SPARQL.search(node.value)
    ]
    assert not found


def docstrings(tree: ast.AST) -> Iterator[ast.Constant]:
    """Find the strings that are statements of their own: documentation, whatever they document."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def test_there_are_queries() -> None:
    assert len([path for path in QUERIES if path.parent.name == "queries"]) >= 10


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_begins_with_its_question(path: Path) -> None:
    assert re.match(r"# \S.*", path.read_text(encoding="utf-8"))


def test_no_file_knows_the_machine_it_was_written_on(texts: dict[str, str]) -> None:
    found = {name: match[0] for name, text in texts.items() if (match := MACHINE_PATH.search(text))}
    assert not found


def test_no_file_names_a_package_registry(texts: dict[str, str]) -> None:
    found = {name: match[0] for name, text in texts.items() if (match := REGISTRY.search(text))}
    assert not found


@pytest.mark.skipif(not ARTICLES, reason="the source articles are not here")
def test_no_file_repeats_a_source_article(texts: dict[str, str]) -> None:
    known = {run for article in ARTICLES for run in runs(article.read_text(encoding="utf-8"))}
    found = {name: " ".join(run) for name, text in texts.items() for run in runs(text) if run in known}
    assert not found


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of nine words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return zip(*(words[start:] for start in range(RUN)), strict=False)
