"""linking   /link: a page that links a list of names as `spacekg link` does; it keeps nothing and needs no script."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, g, render_template, request
from werkzeug.exceptions import RequestEntityTooLarge

from spacekg.answers import Engine
from spacekg.errors import TableError
from spacekg.linking import decisions, upload
from spacekg.linking.outcomes import Outcome
from spacekg.linking.run import Job
from spacekg.linking.upload import Bounds, ListTooLargeError, Sheet, Task
from spacekg.matching.agreement import SPOKEN
from spacekg.matching.scoring import Matcher
from spacekg.reconciliation.types import Types
from spacekg.web import errors, negotiation, responses

FILES = {
    "linked.csv": ("the list with what was found (CSV)", "text/csv; charset=utf-8"),
    "linked.tsv": ("the same, with tabs", "text/tab-separated-values; charset=utf-8"),
    "linked.jsonl": ("the same, as JSON Lines", "application/jsonl"),
    "linked.sssom.tsv": ("the mappings as SSSOM", "text/tab-separated-values; charset=utf-8"),
    "linked.linkset.ttl": ("the mappings as RDF", "text/turtle; charset=utf-8"),
    "linked.review.html": ("a page of what is not certain", responses.PAGE),
    "linked.decisions.csv": ("what you decided, for spacekg link", "text/csv; charset=utf-8"),
}
"""What can be downloaded, what it is, and its media type."""
LIKELY = ("name", "names", "label", "title", "mission", "agency")
"""What the column of names is often called."""
OF_A_NAME = 600
"""Bytes that a form sends for the decision about one name."""
NONE, OWN = "none", "own"
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
        return render_template("link.html", bounds=self._bounds, encodings=upload.ENCODINGS[1:], files=FILES, **shown)

    def answer(self) -> Response:
        """Answer the step that a form asks for.

        Raises:
            TableError: the list or what is to be done with it is wrong.
        """
        form = self._form()
        if "sheet" not in form:
            return _sent(self._choosing(self._read(form), Task(0)))
        sheet = upload.from_json(form["sheet"], self._bounds)
        task = self._task(sheet, form)
        if form.get("step") == "choose":
            return _sent(self._choosing(sheet, task))
        found = upload.outcomes(sheet, task, self.matcher)
        decided = list(_decided(found, form))
        upload.check(decided, self.matcher)
        if "file" in form:
            return self._file(sheet, task, decided, form["file"])
        return _sent(self._matches(sheet, task, found, form))

    @property
    def _bounds(self) -> Bounds:
        return Bounds(self.engine.limits.list_rows, self.engine.limits.list_bytes)

    def _form(self) -> Mapping[str, str]:
        bounds = self._bounds
        most = bounds.bytes + OF_A_NAME * bounds.rows
        request.max_content_length = request.max_form_memory_size = most
        request.max_form_parts = 2 * bounds.rows + 2 * upload.COLUMNS
        try:
            return request.form
        except RequestEntityTooLarge as error:
            raise ListTooLargeError(
                f"more was sent than a list may have here, {bounds.bytes:,} bytes and {bounds.rows:,} rows: "
                "split it, or use the command spacekg link, which has no such limit"
            ) from error

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
        column = _place(sheet, form.get("column", "0"))
        return Task(column, properties.kind(kind[:60]) if kind else "", tuple(beside))

    def _choosing(self, sheet: Sheet, task: Task) -> str:
        likely = [place for place, name in enumerate(sheet.columns) if name.lower() in LIKELY]
        properties = sorted(self.matcher.properties.names - set(SPOKEN))
        chosen = Task(task.column or (likely or [0])[0], task.kind, task.beside)
        types = [(each.id, each.name) for each in Types(self.engine, self.matcher.index).known.values()]
        return self.page(step="choose", sheet=sheet, task=chosen, types=types, properties=properties, first=PREVIEWED)

    def _matches(self, sheet: Sheet, task: Task, found: Sequence[Outcome], form: Mapping[str, str]) -> str:
        picks = [_pick(number, form) for number in range(len(found))]
        return self.page(step="matches", sheet=sheet, task=task, found=list(zip(found, picks, strict=True)))

    def _file(self, sheet: Sheet, task: Task, decided: Sequence[Sequence[str]], name: str) -> Response:
        if name not in FILES:
            raise TableError(f"there is no file {name[:40]!a}; ask for one of {', '.join(FILES)}")
        out = name if name.count(".") == 1 else "linked.csv"
        with tempfile.TemporaryDirectory() as folder:
            job = Job(Path(), "", Path(folder, out), release=self.engine.summary.release)
            made = upload.link(sheet, task, decided, self.matcher, job)
            content = next(path for path in made if path.name == name).read_bytes()
        response = _sent(content, FILES[name][1])
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response


def _decided(found: Sequence[Outcome], form: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Give the rows of the decisions file that a form stands for; its fields have the numbers of the names."""
    for number, outcome in enumerate(found):
        picked, own = _pick(number, form)
        if picked == NONE:
            yield outcome.name, outcome.context, decisions.REJECT, ""
        elif picked:
            id = own if picked == OWN else picked
            if len(id) > 200 or not id:
                raise TableError(f"{outcome.name[:50]!r}: wants a QID such as Q23548, or an id or IRI of spacekg")
            yield outcome.name, outcome.context, decisions.ACCEPT, id


def _pick(number: int, form: Mapping[str, str]) -> tuple[str, str]:
    """Read what was chosen for a name, and the id that was written for it; a written id is meant by itself."""
    picked, own = form.get(f"pick-{number}", ""), form.get(f"own-{number}", "").strip()
    own = own.replace("\0", "")
    picked = picked.replace("\0", "")
    return (OWN if own and not picked else picked), own


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
    g.outcome = row.name
    return _sent(desk.page(wrong=str(error).replace("--encoding", "Encoding")), status=row.status)


def _sent(content: str | bytes, kind: str = responses.PAGE, status: int = 200) -> Response:
    response = Response(content, status, content_type=kind)
    response.headers["Cache-Control"] = "no-store"
    return response
