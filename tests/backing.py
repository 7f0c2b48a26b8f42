"""What the tests of backends share: SPARQL servers that others made, each started on an empty store and stopped."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from tests.endpoints import BINARY

from spacekg.backends import kinds
from spacekg.backends.kinds import Server
from spacekg.declared import Declared

FUSEKI = os.environ.get("FUSEKI", "")
WAIT = 120.0


@dataclass
class Running:
    """A server that can be stopped and come back."""

    command: Sequence[str]
    folder: Path
    address: str
    kind: str
    login: Mapping[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True
            )
        end = time.monotonic() + WAIT
        while not self.answers():
            assert self.process.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < end, "it did not answer"
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill it, and whatever it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def seconds(self) -> float:
        """Processor time that it has used."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def answers(self) -> bool:
        """Whether it answers a question that costs nothing within 5 s."""
        try:
            with urllib.request.urlopen(f"{self.address}/{self._path()}?query=ASK%20%7B%7D", timeout=5):
                return True
        except (OSError, HTTPException):
            return False

    def server(self, rules: Declared) -> Server:
        """Give it as an address on the command line does."""
        return kinds.find(f"sparql+{self.address}", self.kind, rules.folder / "data", self.login)

    def _path(self) -> str:
        return "sparql" if self.kind == "virtuoso" else "query"


def oxigraph(folder: Path, seconds: int = 60) -> Running:
    """Oxigraph's server, from PyPI, on disk; it works so long on a query, for it learns no time from one."""
    port = _free()
    command = [BINARY or "", "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}"]
    command += ["--timeout-s", str(seconds)]
    return Running(command, folder, f"http://127.0.0.1:{port}", "oxigraph", {})


def fuseki(folder: Path) -> Running:
    """Apache Jena Fuseki with TDB2, where FUSEKI names its jar."""
    port = _free()
    (folder / "store").mkdir()
    command = [
        "java",
        "-Xmx1g",
        "-XX:+ExitOnOutOfMemoryError",  # else it goes on without answering
        "-jar",
        FUSEKI,
        "--localhost",
        f"--port={port}",
        "--tdb2",
        "--loc=store",
        "--update",
        "/kg",
    ]
    return Running(command, folder, f"http://127.0.0.1:{port}/kg", "fuseki", {})


def virtuoso(folder: Path) -> Running:
    """Virtuoso, from Debian."""
    port, control = _free(), _free()
    (folder / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile=v.db\nTransactionFile=v.trx\nErrorLogFile=v.log\nLockFile=v.lck\nxa_persistent_file=v.pxa\n"
        "[TempDatabase]\nDatabaseFile=t.db\nTransactionFile=t.trx\n"
        f"[Parameters]\nServerPort=127.0.0.1:{control}\nServerThreads=20\nThreadsPerQuery=1\nNumberOfBuffers=20000\nMaxDirtyBuffers=15000\n"
        f"[HTTPServer]\nServerPort=127.0.0.1:{port}\nServerRoot=.\nServerThreads=20\nMaxClientConnections=20\n"
        "[SPARQL]\nResultSetMaxRows=100001\n"
    )  # fmt: skip
    command = [
        "prlimit", "--as=4000000000",  # else one query takes all memory of the machine, and goes on without answering
        "virtuoso-t", "+foreground", "+configfile", "virtuoso.ini",
    ]  # fmt: skip
    login = {kinds.USER: "dba", kinds.PASSWORD: "dba"}
    return Running(command, folder, f"http://127.0.0.1:{port}", "virtuoso", login)


SERVERS: dict[str, tuple[Callable[[Path], Running], str]] = {
    "oxigraph": (oxigraph, "" if BINARY else "there is no oxigraph"),
    "fuseki": (fuseki, "" if Path(FUSEKI or "/nowhere").is_file() and shutil.which("java") else "FUSEKI names no jar"),
    "virtuoso": (
        virtuoso,
        "" if shutil.which("virtuoso-t") and shutil.which("prlimit") else "there is no virtuoso-t or no prlimit",
    ),
}
"""Each kind of server that the tests can start, with why not."""


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as ear:
        return int(ear.getsockname()[1])
