"""review    outcomes that a person should look at → a page of HTML that needs nothing else."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice
from typing import IO

from spacekg.linking import decisions
from spacekg.linking.cells import guarded
from spacekg.linking.outcomes import Choice, Outcome
from spacekg.matching.records import WIKIDATA

MOST = 5_000
"""Names on the page; the decisions file has all."""
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Review: {title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 80rem; padding: 0 1rem; color: #1a1a1a }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem; border-bottom: 1px solid #ccc;
  overflow-wrap: anywhere }}
th {{ border-bottom: 2px solid #1a1a1a }}
td.score {{ text-align: right }}
ul {{ margin: 0; padding-left: 1.1rem }}
code {{ background: #f2f2f2; padding: .1rem .3rem; user-select: all }}
</style></head><body>
<h1>Review: {title}</h1>
<p>These names are not certain. To decide about one, write <code>accept</code> or <code>reject</code> into its row of
<code>{file}</code> (any spreadsheet will do), then run the same command again; or copy a line below to the end of that
file. To accept another candidate, change the id; to say that a name is nothing of these, reject it with an empty id.
What you decide is kept in that file and used in every later run.</p>
<table><thead><tr><th scope="col">Name</th><th scope="col">Score</th><th scope="col">Candidates</th>
<th scope="col">Why</th><th scope="col">Lines to copy</th></tr></thead><tbody>
"""


def write(stream: IO[str], found: Iterable[Outcome], title: str, file: str) -> None:
    """Write the page; `file` is the name of the decisions file."""
    stream.write(PAGE.format(title=escape(title), file=escape(file)))
    uncertain = (outcome for outcome in found if outcome.needs_eyes)
    shown = 0
    for outcome in islice(uncertain, MOST):
        stream.write("".join(_row(outcome)))
        shown += 1
    left = sum(1 for _ in uncertain)
    more = f" {left} more are in <code>{escape(file)}</code>." if left else ""
    stream.write(f"</tbody></table>\n<p>{shown} names.{more}</p>\n</body></html>\n")


def _row(outcome: Outcome) -> Iterator[str]:
    context = f"<br><small>{escape(outcome.context)}</small>" if outcome.context else ""
    state = "match" if outcome.match else "open"
    yield f'<tr><th scope="row">{escape(outcome.name)}{context}</th><td class="score">{outcome.score:g}<br>{state}</td>'
    yield f"<td><ul>{''.join(_candidate(each) for each in outcome.candidates)}</ul></td><td>{escape(outcome.why)}</td>"
    lines = (_line(outcome, decision) for decision in (decisions.ACCEPT, decisions.REJECT))
    yield f"<td>{'<br>'.join(f'<code>{escape(line)}</code>' for line in lines)}</td></tr>\n"


def _candidate(each: Choice) -> str:
    address = WIKIDATA + each.id if each.id.startswith("Q") else each.iri
    link = f'<a href="{escape(address)}">{escape(each.id)}</a>'
    return f"<li>{escape(each.label)} ({escape(each.kind)}) {link} {each.score:g}</li>"


def _line(outcome: Outcome, decision: str) -> str:
    """Write a line of the decisions file with the decision in it."""
    row = {**decisions.proposed(outcome), "decision": decision, "why": "", "candidates": ""}
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(guarded(row[name]) for name in decisions.COLUMNS)
    return text.getvalue()
