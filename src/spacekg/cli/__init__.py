"""cli       a command parses its arguments, calls one function, prints what came back."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from spacekg.answers import AnswerTooLargeError, BusyError, DeadlineError, LostWorkerError
from spacekg.errors import BackendError, InvalidGraphError, RemoteError, SpacekgError

COMMANDS = {
    "build": "building",
    "serve": "serving",
    "query": "querying",
    "queries": "querying",
    "explain": "explaining",
    "export": "querying",
    "plot": "plotting",
    "dumps": "dumping",
    "shards": "sharding",
    "store": "storing",
    "diff": "comparing",
    "validate": "checking",
    "stats": "checking",
    "ontology": "ontology",
    "wikidata": "wikidata",
    "link": "linking",
    "mcp": "assisting",
}
"""Each command and the module of this package that has it."""

EXIT_CODES: tuple[tuple[type[SpacekgError], int], ...] = (
    (InvalidGraphError, 1),
    (AnswerTooLargeError, 1),
    (BusyError, 1),
    (DeadlineError, 1),
    (LostWorkerError, 1),
    (BackendError, 3),
    (RemoteError, 3),
    (SpacekgError, 2),
)
"""What a command exits with after an error: the first row that fits."""
INTERRUPTED = 130
NO_READER = 141


class _Commands(click.Group):
    """Loads a command when it is asked for: loading the grammar takes a second that a query need not wait."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click passes it
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click passes it
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"spacekg.cli.{COMMANDS[cmd_name]}")
        return next(each for each in vars(module).values() if isinstance(each, click.Command) and each.name == cmd_name)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
    epilog="Exit codes: 0 well done, 1 something is wrong with the graph or the answer was refused, "
    "2 wrong usage or input, 3 a remote endpoint failed, 130 interrupted.",
)
@click.version_option(package_name="spacekg", message="%(prog)s %(version)s")
def spacekg() -> None:
    """A knowledge graph of international space collaboration, with evidence for every claim.

    \b
    spacekg serve                          serve the documents that come with spacekg
    spacekg build articles/ --out release  make a graph of your own documents
    spacekg queries                        list the questions that are ready to ask
    """  # noqa: D301  # \b keeps click from filling the lines


def main() -> None:
    """Run the command line and exit with its code; an error is one line on stderr."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; returns its exit code."""
    try:
        # Not `spacekg.main`, which ends a broken pipe with the code of a wrong graph.
        with spacekg.make_context("spacekg", arguments) as context:
            code = spacekg.invoke(context)
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        return done.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the output, such as `head`, has gone; what is left in the buffer must not be tried again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return NO_READER
    except SpacekgError as error:
        click.echo(f"spacekg: {error}", err=True)
        return next(code for kind, code in EXIT_CODES if isinstance(error, kind))
    return code if isinstance(code, int) else 0
