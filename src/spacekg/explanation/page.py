"""page      explanation → one HTML page that needs nothing else: no script, no style sheet, no picture."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from spacekg.explanation import Explanation

TEMPLATE = "page.html"


def render(explanation: Explanation) -> str:
    """Write the page; everything that comes from the document is escaped."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template(TEMPLATE).render(explanation=explanation)
