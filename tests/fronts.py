"""What the tests of front ends share: small releases that can be served, and `spacekg serve` in its own process."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pyoxigraph import Literal, NamedNode, Quad

from spacekg import release
from spacekg.declared import Declared
from spacekg.matching import index
from spacekg.reference import Reference
from spacekg.release import Release

WAIT = 120.0
NOTHING = Reference({}, (), (), (), (), (), ())
COUNT = "SELECT%20(COUNT(*)%20AS%20%3Fn)%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D"


def published(out: Path, rules: Declared, number: int) -> Release:
    """Publish a release of so many statements and no names, and make it the current one of a folder."""
    graph, label = NamedNode("https://w3id.org/spacekg/graph/document/x"), NamedNode(f"{rules.prefixes['rdfs']}label")
    things = (NamedNode(f"https://w3id.org/spacekg/id/thing-{each}") for each in range(number))
    quads = [Quad(thing, label, Literal(str(each), language="en"), graph) for each, thing in enumerate(things)]
    return release.publish(quads, [], {}, {}, out, names=index.make(NOTHING, rules))


def free_port() -> int:
    """Give a port that is free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])


def wait_for(what: Callable[[], object], seconds: float = WAIT) -> None:
    """Return when something is so."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not come to be"
        time.sleep(0.05)


@dataclass
class Front:
    """`spacekg serve` at a port, which can be stopped in two ways and come back."""

    port: int
    log: Path
    options: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        """Its own, not the proxy's."""
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self.log.open("ab") as written:
            self.process = _started(self.options, self.port, written, self.environment)
        wait_for(self._answers)

    def stop(self, number: signal.Signals = signal.SIGKILL) -> int:
        """Send it a signal, wait until it has ended, and give its exit code."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        return self.process.wait(WAIT)

    def counted(self) -> int:
        """Ask how many statements there are."""
        with urllib.request.urlopen(f"{self.address}sparql?query={COUNT}", timeout=20) as answer:
            return int(json.load(answer)["results"]["bindings"][0]["n"]["value"])

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log.read_text()
        try:
            with urllib.request.urlopen(f"{self.address}health", timeout=20):
                return True
        except OSError:
            return False


@contextmanager
def front(log: Path, *options: str, environment: Mapping[str, str] | None = None) -> Iterator[Front]:
    """Run a front end until the test is over."""
    running = Front(free_port(), log, options, environment or {})
    try:
        running.start()
        yield running
    finally:
        running.stop()


def _started(
    options: tuple[str, ...], port: int, written: IO[bytes], environment: Mapping[str, str]
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "spacekg", "serve", "--port", str(port), "--workers", "1", *options]
    return subprocess.Popen(command, stdout=written, stderr=written, env={**os.environ, **environment})
