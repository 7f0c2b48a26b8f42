"""preparation  what the first visitor would wait for is begun before: names are read, templates compiled."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import Flask

from spacekg.answers import EndingError
from spacekg.errors import SpacekgError

NAME = "spacekg.preparation"


def register(app: Flask, *reading: Callable[[], object]) -> None:
    """Keep with an app what reads what its pages need; all of it is read once only, whoever asks first."""
    app.extensions[NAME] = (*app.extensions.get(NAME, ()), *reading)


def prepare(app: Flask) -> threading.Thread:
    """Begin it, beside the first requests; what fails here fails again, and is told, when a page asks for it."""
    thread = threading.Thread(target=_read, args=(app,), daemon=True)
    thread.start()
    return thread


def _read(app: Flask) -> None:
    for read in app.extensions[NAME]:
        try:
            read()
        except EndingError:
            return
        except SpacekgError as error:
            app.logger.warning("not prepared: %s", error)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
