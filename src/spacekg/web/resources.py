"""resources  /id, /page, /data and /linkset: every name of ours leads to what is known of it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import cast
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request
from pyoxigraph import Quad

from spacekg import export, formats, framing
from spacekg.declared import BASE
from spacekg.description import OWN_LICENCE
from spacekg.entities import Entities, UnknownThingError, WithdrawnError
from spacekg.entities.outline import Outline
from spacekg.entities.values import END, START, Description, Place
from spacekg.formats import GraphFormat
from spacekg.publication import Publication
from spacekg.web import addresses, facts, negotiation, profile, reading, responses, signposts
from spacekg.web.addresses import Name
from spacekg.web.shelf import BYTES, Shelf, Written
from spacekg.web.signposts import KINDS, Link, Signposts

ANY_KIND = f"/<any({','.join(addresses.PARTS)}):part>/<path:local>"
WIDEST = "Thing"
"""What a thing is called, and framed as, when no class of it is known better."""


@dataclass(frozen=True, slots=True)
class Site:
    """What the addresses of things are answered from; `root` is the address of this site with its last slash."""

    entities: Entities
    published: Publication
    root: str
    merged: Mapping[str, str] = field(default_factory=dict)
    """Wikidata items that were merged, and the items they are part of now."""
    contents: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """Documents that were written already, by name and format: a release never changes."""
    quads: dict[str, list[Quad]] = field(default_factory=dict)
    """What those documents hold, by name."""
    shelf: Shelf[Written] = field(default_factory=Shelf)
    """What was written of single things."""
    outlines: Shelf[Outline] = field(default_factory=lambda: Shelf(BYTES // 4))
    """Into which parts the documents are cut."""

    def signposts(self, name: Name, description: Description | None = None) -> Signposts:
        """Give the links of a thing."""
        if description is None:
            return Signposts(name, self.root)
        return Signposts(name, self.root, kind_of(description), self.shape(description))

    def shape(self, description: Description) -> str:
        """Name the frame for a thing: that of its nearest class that has one."""
        kinds = (iri.rpartition("#")[2] for iri in description.shapes)
        return next((kind for kind in kinds if kind in self.published.frames), WIDEST)


def blueprint(site: Site) -> Blueprint:
    """Make the addresses of all things that the graph names."""
    part = Blueprint("resources", __name__)

    @part.get(ANY_KIND)
    def thing(part: str, local: str) -> Response:
        return _redirected(site, part, local)

    @part.get("/page/<path:path>")
    def page(path: str) -> Response:
        name = addresses.of_path(path)
        return _moved(site, name, "page/", "") or _page(site, _possible(site, name, path))

    @part.get("/data/<path:path>.csv")
    def table(path: str) -> Response:
        name = addresses.of_path(path)
        return _moved(site, name, "data/", ".csv") or _table(site, _existing(site, name, path))

    @part.get("/data/<path:path>")
    def file(path: str) -> Response:
        return _file(site, path)

    @part.get("/linkset/<path:path>")
    def linkset(path: str) -> Response:
        name = addresses.of_path(path)
        return _moved(site, name, "linkset/", "") or _linkset(site, _possible(site, name, path))

    return part


def kind_of(description: Description) -> str:
    """Say what schema.org calls a thing."""
    kinds = (iri.rpartition("#")[2] for iri in description.shapes)
    return next((KINDS[kind] for kind in kinds if kind in KINDS), WIDEST)


def _redirected(site: Site, part: str, local: str) -> Response:
    name = _of_item(site, local) if part == "id" and addresses.ITEM.fullmatch(local) else addresses.named(part, local)
    moved = _moved(site, name, "id/", "")
    if moved is not None:
        return moved
    name = _existing(site, name, local)
    accept = negotiation.accepted(request)
    links = site.signposts(name)
    if negotiation.prefers_html(accept):
        address = links.page
    else:
        address = links.file(negotiation.choose((), accept, formats.GRAPHS))
    return responses.elsewhere(303, address, links.of_name(), "Accept")


def _of_item(site: Site, item: str) -> Name | None:
    iri = site.entities.same_as(f"{addresses.WIKIDATA}{site.merged.get(item, item)}")
    return addresses.named("id", iri.removeprefix(f"{BASE}id/")) if iri else None


def _moved(site: Site, name: Name | None, place: str, suffix: str) -> Response | None:
    """Lead on from an id that is no more; None for all others.

    Raises:
        WithdrawnError: nothing stands in its place.
    """
    if name is None or name.part != "id" or name.local not in site.published.retired:
        return None
    replacement = site.published.retired[name.local]
    if not replacement:
        raise WithdrawnError(f"the id {name.local} was withdrawn, and nothing stands in its place")
    return responses.elsewhere(301, f"{site.root}{place}{replacement}{suffix}")


def _existing(site: Site, name: Name | None, path: str) -> Name:
    def look_up() -> Written:
        if name is None or not site.entities.knows(name.iri):
            raise UnknownThingError(path, site.entities.near(path.rpartition("/")[2]))
        return Written(b"", ())

    site.shelf.fetch(("known", name), look_up)
    return cast(Name, name)


def _possible(site: Site, name: Name | None, path: str) -> Name:
    """Give a name that a thing could have; whether there is one is found when it is described."""
    return _existing(site, name, path) if name is None else name


def _place() -> Place:
    asked = request.args
    return Place(asked.get("property", START), asked.get("subject", START), asked.get("claim", START))


def _next(address: str, after: Place | None) -> list[Link]:
    if after is None:
        return []
    asked = {"property": after.property, "subject": after.subject, "claim": after.claim}
    return [Link("next", f"{address}?{urlencode(asked)}")]


def _page(site: Site, name: Name) -> Response:
    languages, place, part = responses.languages(), _place(), None
    if name.part == "document":
        # What links to a document is the evidence of its claims, which the page shows.
        place, part = replace(place, property=END), reading.asked(site, name)
    key = ("page", name, languages, place, part)
    page = site.shelf.fetch(key, lambda: _written_page(site, name, languages, place, part))
    response = responses.whole(page.content, responses.PAGE, page.links, "Accept-Language")
    response.headers["Content-Language"] = page.language
    return response


def _written_page(site: Site, name: Name, languages: tuple[str, ...], place: Place, part: int | None) -> Written:
    description = site.entities.describe(name.iri, languages, place)
    posts = site.signposts(name, description)
    following = _next(posts.page, description.after)
    links = (*posts.of_page(), *following)
    claim = site.entities.claim(name.iri) if name.part == "claim" else None
    arranged = facts.arrange(description, site.published.sections)
    shown: dict[str, object] = {
        "title": facts.sentence(claim) if claim else description.thing.name,
        "described": description,
        "facts": arranged,
        "profile": profile.draw(site.entities, description, arranged),
        "claim": claim,
        "links": links,
        "following": following[0].target if following else "",
        "formats": [*((format.label, posts.file(format)) for format in formats.GRAPHS), ("CSV", posts.table)],
        "embedded": _embedded(description, posts),
    }
    if part is not None:
        shown |= reading.shown(site, name, part)
    template = "entity.html" if part is None else "document.html"
    return Written(render_template(template, **shown).encode(), links, description.thing.language or "en")


def _embedded(description: Description, posts: Signposts) -> dict[str, object]:
    """Say the least that search engines read, in schema.org's words."""
    same = [each.value for each in facts.arrange(description, ()).elsewhere]
    return {
        "@context": "https://schema.org",
        "@type": posts.kind,
        "@id": description.thing.iri,
        "name": description.thing.name,
        "url": f"{BASE}page/{posts.name.path}",
        "sameAs": [each.iri for each in same if hasattr(each, "iri")],
    }


def _file(site: Site, path: str) -> Response:
    stem, dot, ending = path.rpartition(".")
    format = next((each for each in formats.GRAPHS if each.suffix == f".{ending}"), None) if dot else None
    name = addresses.of_path(stem if format else path)
    moved = _moved(site, name, "data/", format.suffix if format else "")
    if moved is not None:
        return moved
    if format is None:
        name = _existing(site, name, path)
        best = negotiation.choose((), negotiation.accepted(request), formats.GRAPHS)
        return responses.elsewhere(303, site.signposts(name).file(best), (), "Accept")
    known, place = _possible(site, name, stem), _place()
    written = site.shelf.fetch((format.name, known, place), lambda: _written_data(site, known, format, place))
    return responses.whole(written.content, format.content_type, written.links)


def _table(site: Site, name: Name) -> Response:
    table = site.shelf.fetch(("table", name), lambda: Written(site.entities.overview.table(name.iri), ()))
    return responses.whole(table.content, formats.CSV.content_type, [Link("describes", site.signposts(name).page)])


def _written_data(site: Site, name: Name, format: GraphFormat, place: Place) -> Written:
    description = site.entities.describe(name.iri, (), place)
    posts = site.signposts(name, description)
    links = (*posts.of_data(format), *_next(posts.file(format), description.after))
    return Written(_serialized(site, description, format), links)


def _serialized(site: Site, description: Description, format: GraphFormat) -> bytes:
    frame = site.published.frames.get(site.shape(description))
    if format is formats.JSON_LD and frame is not None:
        return framing.written(framing.frame(description.thing.iri, description.quads, frame, site.published.context))
    stream = io.BytesIO()
    export.write(description.quads, stream, format, site.published.prefixes, {"@context": {}})
    return stream.getvalue()


def _linkset(site: Site, name: Name) -> Response:
    # Readers of link sets take their links for absolute.
    root = responses.absolute(site.root)
    written = site.shelf.fetch(("linkset", name, root), lambda: _written_linkset(site, name, root))
    return responses.whole(written.content, signposts.LINKSET, written.links)


def _written_linkset(site: Site, name: Name, root: str) -> Written:
    posts = replace(site.signposts(name, site.entities.describe(name.iri)), root=root)
    return Written(posts.as_linkset(), (Link("license", OWN_LICENCE),))
