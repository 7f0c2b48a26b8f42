"""gate      lets a client ask for names only so much at a time, and so many seconds of work in a minute."""

from __future__ import annotations

import time
from contextlib import ExitStack

from flask import Flask, g, request

from spacekg.web.turnstile import Turnstile, client_at

GUARDED = ("reconcile", "lookup", "link")
"""The first parts of the names of the endpoints that are behind it."""


def close(app: Flask, turnstile: Turnstile) -> None:
    """Have every request that asks for names pass a turnstile.

    What is counted is the processor time of the thread that answers: on the wall clock, a client would also pay for the
    others that are answered at the same time.
    """

    @app.before_request
    def enter() -> None:
        if (request.endpoint or "").partition(".")[0] not in GUARDED or request.method == "OPTIONS":
            return
        client = client_at(request.remote_addr or "")
        g.entered = ExitStack()
        g.entered.enter_context(turnstile.passed(client))
        began = time.thread_time()
        g.entered.callback(lambda: turnstile.charge(client, time.thread_time() - began))

    @app.teardown_request
    def leave(_: BaseException | None) -> None:
        if "entered" in g:
            g.pop("entered").close()
