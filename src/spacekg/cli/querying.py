"""querying  the commands query, queries and export."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click
from pyoxigraph import Literal, NamedNode, QueryBoolean, parse_query_results

from spacekg import declared, export, formats, guard, remote
from spacekg.answers import Answer, Request, is_question
from spacekg.cli import linted, releases, screen
from spacekg.declared import Declared
from spacekg.errors import UnknownFormatError, UnknownQueryError
from spacekg.formats import Codec, Format
from spacekg.release import open_release

TABLE = "table"
QUERY_ENDINGS = (".rq", ".sparql")
OF_ROWS = [each.name for each in formats.RESULTS]
OF_GRAPHS = [each.name for each in formats.TRIPLES]


@click.command("query")
@click.argument("question", metavar="(TEXT | FILE.rq | NAME)")
@click.option("--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of a release.")
@releases.release_option
@click.option(
    "--format", "spelling", metavar="NAME", help="table, csv, tsv, json or xml; of a graph turtle, ntriples, json-ld, …"
)
@click.option("--lint", is_flag=True, help="Say what is probably wrong in the query, and do not answer it.")
def query(question: str, endpoint: str | None, folder: Path, spelling: str | None, lint: bool) -> None:
    """Answer a SPARQL query.

    The query is given as it is (known prefixes such as skg: need not be declared), as a file, as - for standard
    input, or by the name of a shipped query (see spacekg queries). Rows are shown as a table on a terminal and as
    CSV in a pipe, a graph as Turtle.

    \b
    spacekg query NAME
    spacekg query question.rq --format json
    spacekg query 'SELECT ?rover { ?rover a skg:Rover }'
    spacekg query question.rq --endpoint https://query.wikidata.org/sparql
    spacekg query question.rq --lint
    """  # noqa: D301  # \b keeps click from filling the lines
    rules = releases.shipped()
    if lint:
        assumed = rules.prefixes if "{" in question else {}
        linted.check(_text(question, replace(rules, prefixes={})), folder, rules, assumed)
        return
    wanted = spelling or (TABLE if screen.on_terminal() else "")
    request = _request(_text(question, rules), wanted)
    if endpoint:
        content = remote.query(remote.Endpoint(endpoint), request.query, request.results, request.graph)
    else:
        answer = releases.stored(open_release(folder), rules, releases.OWN_MACHINE).answer(request)
        _check_kind(answer, wanted)
        content = answer.content
    if wanted == TABLE and content.startswith(b"{"):
        _show(content, rules)
    else:
        sys.stdout.buffer.write(content)


@click.command("queries")
def queries() -> None:
    """List the shipped queries, each with its question.

    \b
    spacekg queries
    spacekg queries | grep agreement
    """  # noqa: D301  # \b keeps click from filling the lines
    asked = [each for each in releases.shipped().queries.values() if is_question(each.name)]
    screen.table(("name", "question"), [(each.name, each.question) for each in asked])


@click.command("export", short_help="Write the whole graph of a release to a file.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@releases.release_option
def export_(file: Path, folder: Path) -> None:
    """Write the whole graph of a release to FILE; its ending says in which format.

    .nq and .trig keep the named graphs, and so the source of each triple. .ttl, .nt, .jsonld and .rdf hold their
    union without the alignments to other vocabularies, which is what a query sees. The same release always gives
    the same bytes.

    \b
    spacekg export graph.ttl
    spacekg export graph.nq --release release
    """  # noqa: D301  # \b keeps click from filling the lines
    format = formats.of_file(file, formats.GRAPHS)
    rules = releases.shipped()
    apart = None if format.keeps_graphs else declared.GRAPHS["alignments"]
    quads = (quad for quad in open_release(folder).quads() if quad.graph_name != apart)
    export.write(quads, file, format, rules.prefixes, rules.context)
    screen.say(f"{file}: {file.stat().st_size:,} bytes of {format.label}")


def _text(question: str, rules: Declared) -> str:
    if question == "-":
        return sys.stdin.read()
    if "{" in question:
        return guard.declaring(question, rules.prefixes)
    path = Path(question)
    if path.suffix not in QUERY_ENDINGS and not path.is_file():
        return rules.query(question).text
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UnknownQueryError(f"{path}: {error.strerror}; see: spacekg query --help") from None
    except UnicodeDecodeError:
        raise UnknownQueryError(f"{path}: is not text in UTF-8; give a file that holds a SPARQL query") from None


def _request(text: str, wanted: str) -> Request:
    """Ask for the wanted format in both tables: whether rows or a graph come back, the query decides."""
    if not wanted:
        return Request(text, results=formats.CSV)
    rows, graph = _find(wanted, formats.RESULTS), _find(wanted, formats.TRIPLES)
    if wanted != TABLE and rows is None and graph is None:
        raise UnknownFormatError(f"--format {wanted}: choose one of {', '.join([TABLE, *OF_ROWS, *OF_GRAPHS])}")
    return Request(text, results=rows or formats.JSON, graph=graph or formats.TURTLE)


def _find(spelling: str, table: tuple[Format[Codec], ...]) -> Format[Codec] | None:
    return next((each for each in table if spelling.lower() in each.spellings()), None)


def _check_kind(answer: Answer, wanted: str) -> None:
    if wanted in ("", TABLE) or wanted.lower() in answer.format.spellings():
        return
    kind, names = ("rows", OF_ROWS) if answer.format.name in OF_ROWS else ("a graph", OF_GRAPHS)
    raise UnknownFormatError(f"this query gives {kind}: choose one of {', '.join(names)}")


def _show(content: bytes, rules: Declared) -> None:
    solved = parse_query_results(content, formats.JSON.codec)
    if isinstance(solved, QueryBoolean):
        click.echo("yes" if solved else "no")
        return
    names = [variable.value for variable in solved.variables]
    rows = [[_cell(row[name], rules) for name in names] for row in solved]
    screen.draw(names, rows)
    screen.say(f"{len(rows)} row{'s' if len(rows) != 1 else ''}")


def _cell(term: object, rules: Declared) -> str:
    if isinstance(term, NamedNode):
        return rules.compact(term.value)
    return term.value if isinstance(term, Literal) else "" if term is None else str(term)
