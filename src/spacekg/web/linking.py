"""linking   /link: a page that links a list of names as `spacekg link` does; it keeps nothing and needs no script."""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from spacekg.answers import Engine
from spacekg.errors import TableError
from spacekg.linking import corrections, upload
from spacekg.linking.corrections import NONE
from spacekg.linking.decisions import Decisions
from spacekg.linking.outcomes import Outcome
from spacekg.linking.run import Job
from spacekg.linking.upload import Bounds, ListTooLargeError, Sheet, Task
from spacekg.matching.agreement import SPOKEN
from spacekg.matching.scoring import Matcher
from spacekg.reconciliation.types import Types
from spacekg.web import errors, log, negotiation, responses

FILES = {
    "linked.csv": ("the list with what was found (CSV)", "text/csv; charset=utf-8"),
    "linked.tsv": ("the same, with tabs", "text/tab-separated-values; charset=utf-8"),
    "linked.jsonl": ("the same, as JSON Lines", "application/jsonl"),
    "linked.sssom.tsv": ("the mappings as SSSOM", "text/tab-separated-values; charset=utf-8"),
    "linked.linkset.ttl": ("the mappings as RDF", "text/turtle; charset=utf-8"),
    "linked.review.html": ("a page of what is not certain", responses.PAGE),
    "linked.decisions.csv": ("what you decided, for spacekg link", "text/csv; charset=utf-8"),
    "linked.zip": ("all of these", "application/zip"),
}
"""What can be downloaded, what it is, and its media type."""
LIKELY = ("name", "names", "label", "title", "mission", "agency")
"""What the column of names is often called."""
OF_A_NAME = 600
"""Bytes that a form sends for the decision about one name."""
OWN = "own"
LISTS = ("linked.csv", "linked.tsv", "linked.jsonl")
"""The outputs that hold the list itself, each with the same files beside it."""
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive, so that the same list gives the same bytes."""
PREVIEWED = 5


def blueprint(engine: Engine, matcher: Matcher) -> Blueprint:
    """Make the page."""
    part = Blueprint("link", __name__)
    desk = Desk(engine, matcher)

    @part.get("/link")
    def begin() -> Response:
        return responses.whole(desk.page().encode(), responses.PAGE)

    @part.post("/link")
    def go_on() -> Response:
        try:
            return desk.answer()
        except TableError as error:
            return _refused(desk, error)

    return part


@dataclass(frozen=True)
class Desk:
    """Answers the steps of one person after the other; everything about a list is in the form that is sent."""

    engine: Engine
    matcher: Matcher

    def page(self, **shown: Any) -> str:
        """Write the page with what a step shows; without any, the first step."""
        # A browser writes line ends anew in what a form sends, but not in JSON.
        decided = json.dumps(shown.pop("decided", ""))
        return render_template(
            "link.html", decided=decided, bounds=self._bounds, encodings=upload.ENCODINGS[1:], files=FILES, **shown
        )

    def answer(self) -> Response:
        """Answer the step that a form asks for.

        Raises:
            TableError: the list or what is to be done with it is wrong.
        """
        form = self._form()
        decided = self._decided(form)
        known = corrections.read(decided) if decided else Decisions()
        if "sheet" not in form:
            return _sent(self._choosing(self._read(form), Task(0), decided))
        sheet = upload.from_json(form["sheet"], self._bounds)
        task = self._task(sheet, form)
        if form.get("step") == "choose":
            return _sent(self._choosing(sheet, task, decided))
        found = upload.outcomes(sheet, task, self.matcher, known)
        picks = [_pick(number, form, each, corrections.chosen(known, each)) for number, each in enumerate(found)]
        choices = [_choice(each, *pick) for each, pick in zip(found, picks, strict=True)]
        upload.check(
            ((each.name, id) for each, id in zip(found, choices, strict=True) if id not in ("", NONE)), self.matcher
        )
        if "file" in form:
            kept = replace(known, kept=tuple(corrections.rows(known, found, choices)))
            return self._file(sheet, task, kept, form["file"])
        named = list(zip(found, picks, strict=True))
        return _sent(self.page(step="matches", sheet=sheet, task=task, found=named, decided=decided))

    @property
    def _bounds(self) -> Bounds:
        return Bounds(self.engine.limits.list_rows, self.engine.limits.list_bytes)

    def _form(self) -> Mapping[str, str]:
        bounds = self._bounds
        most = 2 * bounds.bytes + OF_A_NAME * bounds.rows
        request.max_content_length = request.max_form_memory_size = most
        request.max_form_parts = 2 * bounds.rows + 2 * upload.COLUMNS
        try:
            return request.form
        except RequestEntityTooLarge as error:
            raise ListTooLargeError(
                f"more was sent than a list may have here, {bounds.bytes:,} bytes and {bounds.rows:,} rows: "
                "split it, or use the command spacekg link, which has no such limit"
            ) from error

    def _decided(self, form: Mapping[str, str]) -> str:
        """Give the decisions file of a form as it came, from a file or from the step before."""
        file = request.files.get("decisions")
        sent = file is not None and file.filename
        text = upload.decoded(file.read()) if file and sent else upload.recovered(form.get("decisions", '""'))
        if len(text.encode()) > self._bounds.bytes:
            raise ListTooLargeError(f"the decisions have more than {self._bounds.bytes:,} bytes: use spacekg link")
        return text

    def _read(self, form: Mapping[str, str]) -> Sheet:
        file = request.files.get("list")
        if file is not None and file.filename:
            return upload.read(file.read(), file.filename, form.get("encoding", ""), self._bounds)
        pasted = form.get("pasted", "").strip("\r\n")
        if not pasted.strip():
            raise TableError("there is no list: paste one, or choose a file")
        return upload.read(pasted.replace("\r\n", "\n").encode(errors="replace"), "list.csv", "", self._bounds)

    def _task(self, sheet: Sheet, form: Mapping[str, str]) -> Task:
        kind, properties = form.get("kind", ""), self.matcher.properties
        beside = []
        for text in request.form.getlist("with")[: upload.COLUMNS]:
            name, _, place = text.rpartition(":")
            if name:
                beside.append((properties.named(name[:60]), _place(sheet, place)))
        column, subject = _place(sheet, form.get("column", "0")), form.get("id", "")
        kind = properties.kind(kind[:60]) if kind else ""
        return Task(column, kind, tuple(beside), _place(sheet, subject) if subject else -1)

    def _choosing(self, sheet: Sheet, task: Task, decided: str) -> str:
        likely = [place for place, name in enumerate(sheet.columns) if name.lower() in LIKELY]
        properties = sorted(self.matcher.properties.names - set(SPOKEN))
        chosen = replace(task, column=task.column or (likely or [0])[0])
        types = [(each.id, each.name) for each in Types(self.engine, self.matcher.index).known.values()]
        shown = {"sheet": sheet, "task": chosen, "types": types, "properties": properties, "first": PREVIEWED}
        return self.page(step="choose", decided=decided, **shown)

    def _file(self, sheet: Sheet, task: Task, known: Decisions, name: str) -> Response:
        if name not in FILES:
            raise TableError(f"there is no file {name[:40]!a}; ask for one of {', '.join(FILES)}")
        lists = LISTS if name == "linked.zip" else (name,) if name in LISTS else LISTS[:1]
        contents: dict[str, bytes] = {}
        for out in lists:
            with tempfile.TemporaryDirectory() as folder:
                job = Job(Path(), "", Path(folder, out), release=self.engine.summary.release)
                made = upload.link(sheet, task, known, self.matcher, job)
                contents |= {path.name: path.read_bytes() for path in made}
        content = _zipped(contents) if name == "linked.zip" else contents[name]
        response = _sent(content, FILES[name][1])
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    """Put files into an archive, in the order of the table."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as into:
        for name in (each for each in FILES if each in contents):
            into.writestr(zipfile.ZipInfo(name, LONG_AGO), contents[name], zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _pick(number: int, form: Mapping[str, str], outcome: Outcome, before: str) -> tuple[str, str]:
    """Read what was chosen for a name and the id that was written for it; before that, what was decided before.

    A written id is meant by itself.
    """
    if f"pick-{number}" not in form and f"own-{number}" not in form:
        offered = ("", NONE, *(each.id for each in outcome.candidates))
        return (before, "") if before in offered else (OWN, before)
    picked, own = form.get(f"pick-{number}", ""), form.get(f"own-{number}", "").strip()
    own = own.replace("\0", "")
    picked = picked.replace("\0", "")
    return (OWN if own and not picked else picked), own


def _choice(outcome: Outcome, picked: str, own: str) -> str:
    """Give the id that is chosen for a name, `none`, or nothing."""
    id = own if picked == OWN else picked
    if picked and (len(id) > 200 or not id):
        raise TableError(f"{outcome.name[:50]!r}: wants a QID such as Q23548, or an id or IRI of spacekg")
    return id


def _place(sheet: Sheet, text: str) -> int:
    place = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else len(sheet.columns)
    if place >= len(sheet.columns):
        raise TableError(
            f"there is no column {text[:20]!a}; choose one of the {len(sheet.columns)} columns of the list"
        )
    return place


def _refused(desk: Desk, error: TableError) -> Response:
    """Say on the page what is wrong; programs get a problem, as everywhere."""
    if not negotiation.prefers_html(negotiation.accepted(request)):
        return errors.problem(error)
    row = errors.row_of(error)
    log.visit(request.environ).outcome = row.name
    return _sent(
        desk.page(wrong=str(error).replace("--encoding", "Encoding").replace("; see --id", "")), status=row.status
    )


def _sent(content: str | bytes, kind: str = responses.PAGE, status: int = 200) -> Response:
    response = Response(content, status, content_type=kind)
    response.headers["Cache-Control"] = "no-store"
    return response
