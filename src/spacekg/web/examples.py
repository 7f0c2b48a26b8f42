"""examples   the shipped queries as pages show them: each with the question that it answers."""

from __future__ import annotations

from dataclasses import dataclass

from spacekg.answers import Engine, is_question


@dataclass(frozen=True, slots=True)
class Example:
    """A shipped query as a page shows it."""

    name: str
    question: str
    text: str


def listed(engine: Engine) -> list[Example]:
    """List the questions that an engine ships, by their names."""
    questions = [(name, text) for name, text in sorted(engine.queries.items()) if is_question(name)]
    return [Example(name, question(name, text), text) for name, text in questions]


def question(name: str, text: str) -> str:
    """Take a query's question from the comment in its first line, or make one of its name."""
    first = text.lstrip().partition("\n")[0]
    return first.lstrip("# ").strip() if first.startswith("#") else name.replace("_", " ")
