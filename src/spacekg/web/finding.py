"""finding   /search: whatever somebody typed → the things whose names look like it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request

from spacekg.answers import Engine
from spacekg.declared import BASE
from spacekg.reconciliation.register import Register
from spacekg.reconciliation.suggestions import Suggester
from spacekg.reconciliation.types import Types
from spacekg.reconciliation.views import OURS
from spacekg.web import responses
from spacekg.web.resources import Site

MOST = 25
"""Things that one page of results shows."""
NEAR = 5
"""Things that a page without content suggests."""
LONGEST = 200
"""Characters of what was typed that are read."""


@dataclass(frozen=True, slots=True)
class Found:
    """A thing whose name was found: its name, what it is, and what is said of it in a line."""

    iri: str
    name: str
    kind: str = ""
    description: str = ""


class Finder:
    """Finds things by the names in a register; without one, by ids and English names that look alike."""

    def __init__(self, engine: Engine, site: Site, register: Register | None) -> None:
        self._site = site
        self._types = Types(engine, register.matcher.index) if register else None
        self._suggester = Suggester(register, OURS) if register else None

    def read(self) -> None:
        """Read now what is read once only: what the classes are called."""
        self.find("a")

    def find(self, text: str, most: int = MOST) -> list[Found]:
        """List the things that a text may name, the likeliest first."""
        text = text.strip()[:LONGEST]
        if self._suggester is None or self._types is None:
            near = self._site.entities.near(text) if text else []
            return [Found(f"{BASE}id/{local}", self._site.entities.name(local)) for local in near]
        if not text:
            return []
        return [
            Found(each.iri, each.label, self._types.name(each.kind), each.description)
            for each in self._suggester.entities(text, most)[:most]
        ]

    def like(self, asked: str, most: int = NEAR) -> list[Found]:
        """List the things that the end of an address may mean: those a search finds, then ids that look like it."""
        known = self._site.entities
        alike = [Found(f"{BASE}id/{local}", known.name(local)) for local in known.near(asked)]
        found = {each.iri: each for each in [*self.find(asked, most), *alike]}
        return list(found.values())[:most]


def blueprint(finder: Finder) -> Blueprint:
    """Make the page of results; the search box of every page leads to it, with or without scripts."""
    part = Blueprint("finding", __name__)

    @part.get("/search")
    def search() -> Response:
        asked = request.args.get("q", "")[:LONGEST]
        page = render_template("search.html", asked=asked, found=finder.find(asked))
        return responses.whole(page.encode(), responses.PAGE)

    return part
