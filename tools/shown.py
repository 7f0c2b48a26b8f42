"""shown     runs commands for the documentation and writes them down with what they print."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

INTERPRETER = """
import contextlib, doctest, io, sys
names, parser = {}, doctest.DocTestParser()
for at, session in enumerate(sys.argv[1:], 1):
    for example in parser.get_examples(session + "\\n"):
        with contextlib.redirect_stdout(io.StringIO()) as shown:
            exec(compile(example.source, "<documentation>", "single"), names)
        if at == len(sys.argv) - 1:
            first, *others = example.source.splitlines()
            print(">>> " + first, *("... " + line for line in others), sep="\\n")
            print(shown.getvalue(), end="")
"""
"""Runs sessions that are written as doctests without their outputs, and prints the last with them."""


def prepare(command: str) -> None:
    """Run a command whose output is not shown."""
    _output(command)


def put(name: str, text: str) -> None:
    """Write a file that the commands of a page read."""
    (Path(_folder().name) / name).write_text(text, encoding="utf-8")


def run(command: str, lines: int = 40) -> None:
    """Print a command and its output, at most so many lines of it, as a block of Markdown."""
    printed = _output(command)
    if len(printed) > lines:
        printed = [*printed[:lines], "…"]
    print("```console", f"$ {command}", *printed, "```", sep="\n")


def session(source: str) -> None:
    """Print lines of Python and what they show, as a block of Markdown.

    They run where the commands run, and a session goes on where the one before ended.
    """
    _sessions().append(source.strip("\n"))
    printed = _started([sys.executable, "-c", INTERPRETER, *_sessions()], "Python")
    print("```pycon", *printed, "```", sep="\n")


def table(page: str, heading: str) -> None:
    """Print the first table below a heading of another page, so that its figures stand in one place."""
    below = (ROOT / page).read_text(encoding="utf-8").partition(f"\n## {heading}\n")[2]
    print(re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)[0].rstrip("\n"))


def _output(command: str) -> list[str]:
    """Run spacekg as it is in this checkout, in a folder that all commands of one page share."""
    program, *arguments = shlex.split(command)
    if program != "spacekg":
        sys.exit(f"{command}: only spacekg is run for the documentation")
    return _started([sys.executable, "-m", program, *arguments], command)


def _started(words: list[str], name: str) -> list[str]:
    done = subprocess.run(
        words,
        cwd=_folder().name,
        env={**os.environ, "COLUMNS": "110", "NO_COLOR": "1", "PYTHONPATH": str(ROOT / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(f"{name}: {done.stdout}")
    return re.sub(r"[ \t]+$", "", done.stdout, flags=re.MULTILINE).splitlines()


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="spacekg-documentation-")


@cache
def _sessions() -> list[str]:
    return []
