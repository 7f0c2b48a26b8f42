"""releases  /dumps, /release and /releases.atom: the files of every release, and what it said of things."""

from __future__ import annotations

import io
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pyoxigraph
from flask import Blueprint, Response, render_template, request, send_file
from werkzeug.exceptions import NotFound
from werkzeug.http import http_date, parse_date

from spacekg import comparison, dumps, export, formats
from spacekg.declared import BASE
from spacekg.dumps import Dumps, seeking
from spacekg.errors import ReleaseError
from spacekg.release import ID, Release, open_release
from spacekg.web import addresses, responses, slices
from spacekg.web.resources import Site
from spacekg.web.signposts import Link

LATEST = "latest"
COMPARED = 5
"""For how many of the newest releases the feed says what changed; each comparison reads two files once."""
OPENED = 16
"""How many releases are remembered as whole."""
ATOM = "application/atom+xml"
_ORDER = "all tab lic gra"
"""How the page orders parts: all, tables, licences, graphs."""
PLAIN = {dumps.MANIFEST: "application/json", dumps.SUMS: "text/plain; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Kept:
    """The releases beside the one that is served; each is verified when it is first asked for."""

    served: Release
    opened: OrderedDict[str, Release] = field(default_factory=OrderedDict)
    compared: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    comparing: threading.Lock = field(default_factory=threading.Lock)

    def all(self) -> list[tuple[str, datetime]]:
        """List ids and when each was published here, the newest first."""
        parent = self.served.folder.resolve().parent
        found = [(path.name, _published(path)) for path in parent.iterdir() if ID.fullmatch(path.name)]
        return sorted(found, key=lambda each: (each[1], each[0]), reverse=True)

    def find(self, name: str) -> Release:
        """Find a release by its id, the version of spacekg that made it, or `latest`.

        Raises:
            NotFound: it is not kept, or is damaged.
        """
        if name in (LATEST, self.served.id, self.served.manifest["spacekg"]):
            return self.served
        if ID.fullmatch(name):
            return self._open(name)
        for each, _ in self.all():
            release = self._open(each)
            if release.manifest["spacekg"] == name:
                return release
        raise NotFound

    def at(self, moment: datetime) -> Release:
        """Find the release that was the newest at a moment, or the first there is."""
        known = self.all()
        return self.find(next((name for name, published in known if published <= moment), known[-1][0]))

    def changes(self) -> dict[str, list[str]]:
        """Say in words what changed with each of the newest releases, as far as it and the one before are whole."""
        names = [name for name, _ in self.all()[: COMPARED + 1]]
        return {newer: told for newer, older in pairwise(names) if (told := self._compared(older, newer))}

    def _compared(self, older: str, newer: str) -> list[str]:
        with self.comparing:
            if (older, newer) not in self.compared:
                try:
                    tally = comparison.tally(self.find(older).graph, self.find(newer).graph)
                except (NotFound, OSError):
                    return []
                self.compared[older, newer] = [*tally.lines(), *tally.named()]
            return self.compared[older, newer]

    def _open(self, name: str) -> Release:
        if name not in self.opened:
            try:
                self.opened[name] = open_release(self.served.folder.resolve().parent / name)
            except ReleaseError:
                raise NotFound from None
            while len(self.opened) > OPENED:
                self.opened.popitem(last=False)
        return self.opened[name]


def blueprint(site: Site, served: Release) -> Blueprint:
    """Make the addresses of releases and their files."""
    part, kept = Blueprint("releases", __name__), Kept(served)

    @part.get("/dumps")
    def page() -> Response:
        return _page(site, kept, LATEST)

    @part.get("/release/<name>")
    def release(name: str) -> Response:
        return _page(site, kept, name)

    @part.get("/release/<name>/<file>")
    def file(name: str, file: str) -> Response:
        return _file(site, kept, name, file)

    @part.get("/release/<name>/data/<path:path>")
    def written(name: str, path: str) -> Response:
        return _described(site, kept.find(name), path)

    @part.get("/timegate/<path:path>")
    def timegate(path: str) -> Response:
        moment = parse_date(request.headers.get("Accept-Datetime", "")) or datetime.now(UTC)
        address = f"{site.root}release/{kept.at(moment).id}/data/{path}"
        original = Link("original", f"{site.root}data/{path}")
        return responses.elsewhere(302, address, (original,), "Accept-Datetime")

    @part.get("/releases.atom")
    def feed() -> Response:
        root = responses.absolute(site.root)
        content = render_template("releases.atom", releases=kept.all(), changes=kept.changes(), root=root, base=BASE)
        request.environ[responses.PASSING] = True
        return responses.whole(content.encode(), ATOM)

    return part


def _page(site: Site, kept: Kept, name: str) -> Response:
    release = kept.find(name)
    found = dumps.find(release)
    rows: dict[str, dict[str, object]] = {}
    for file, told in found.files.items() if found else ():
        row = rows.setdefault(str(told["part"]), {**told, "files": []})
        row["files"].append((file, told))  # type: ignore[attr-defined]  # it is a list, a line above
    ordered = sorted(rows.values(), key=lambda row: (_ORDER.find(str(row["part"])[:3]), str(row["part"])))
    address = f"{site.root}release/{name}/"
    request.environ[responses.PASSING] = True
    content = render_template("dumps.html", release=release, rows=ordered, address=address, releases=kept.all())
    return responses.whole(content.encode(), responses.PAGE)


def _file(site: Site, kept: Kept, name: str, file: str) -> Response:
    release = kept.find(name)
    found = dumps.find(release)
    if found is None:
        raise NotFound
    if file in PLAIN:
        path, kind, tag = found.folder / file, PLAIN[file], found.manifest["sha256"][:30] + file[:2]
    else:
        path, kind, tag = _dump(found, file)
    response = send_file(path, kind, conditional=True, etag=tag, as_attachment=file not in PLAIN, download_name=file)
    slices.from_disk(response, path)
    response.headers["Cache-Control"] = responses.FOREVER if name == release.id else responses.REVALIDATED
    links = [Link("describedby", f"{site.root}release/{release.id}/{dumps.MANIFEST}", PLAIN[dumps.MANIFEST])]
    if file.endswith(".csv"):
        about = next(name for name, told in found.files.items() if told["format"] == "csvw")
        links += [Link("describedby", f"{site.root}release/{release.id}/{about}", found.files[about]["media_type"])]
    links += [
        Link("license", each) for each in found.files.get(file, {}).get("licences", ()) if each.startswith("http")
    ]
    response.headers["Link"] = ", ".join(link.header() for link in links)
    return response


def _dump(found: Dumps, file: str) -> tuple[Path, str, str]:
    if file not in found.files:
        raise NotFound
    told = found.files[file]
    kind = dumps.COMPRESSIONS[f".{told['compression']}"] if told["compression"] else told["media_type"]
    return found.path(file), kind, told["sha256"][:32]


def _described(site: Site, release: Release, path: str) -> Response:
    """Give the quads about a thing as a release had them, from its file: no store of an old release is kept."""
    stem, _, ending = path.rpartition(".")
    format = next((each for each in formats.GRAPHS if each.suffix == f".{ending}"), None)
    name = addresses.of_path(stem)
    if format is None or name is None:
        raise NotFound
    quads = list(
        pyoxigraph.parse(
            b"".join(seeking.lines_of(release.graph, f"<{name.iri}>".encode())), format=formats.N_QUADS.codec
        )
    )
    if not quads:
        raise NotFound
    stream = io.BytesIO()
    export.write(quads, stream, format, site.published.prefixes, site.published.context or {"@context": {}})
    links = (Link("original", f"{site.root}data/{path}"), Link("timegate", f"{site.root}timegate/{path}"))
    response = responses.whole(stream.getvalue(), format.content_type, links)
    response.headers["Memento-Datetime"] = http_date(_published(release.folder))
    return response


def _published(folder: Path) -> datetime:
    return datetime.fromtimestamp(int(folder.stat().st_mtime), UTC)
