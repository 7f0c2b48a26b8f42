"""kinds     an address → which server that is, where it takes queries and graphs, and who asks."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from spacekg.errors import BackendError, DeclarationError

SCHEME = "sparql+"
USER, PASSWORD = "SPACEKG_STORE_USER", "SPACEKG_STORE_PASSWORD"
"""The variables of the environment that hold a login; it is never read from an address, which is seen and logged."""
UNITS = {"milliseconds": (1000, ""), "seconds": (1, ""), "seconds-s": (1, "s"), "": (0, "")}
"""How servers want a number of seconds: the factor, and what is written behind it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A row of `data/backends/kinds.csv`: what differs between servers that speak the same protocols."""

    name: str
    query: str
    """Path of the query service below the address; empty for the address itself."""
    graph_store: str
    """Path of the Graph Store Protocol below the address."""
    login: str
    """How it is told who asks: `basic`, `digest` or `bearer`."""
    timeout: str
    """Parameter of a query that says how long it may take; empty where there is none."""
    unit: str
    chunk_bytes: int
    """How much is sent to a graph at a time."""


@dataclass(frozen=True, slots=True)
class Server:
    """A SPARQL server that somebody else runs."""

    address: str
    """Begins with http: or https: and has no slash at its end."""
    kind: Kind
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def query(self) -> str:
        """The address that takes queries."""
        return _below(self.address, self.kind.query)

    @property
    def graph_store(self) -> str:
        """The address that takes graphs."""
        return _below(self.address, self.kind.graph_store)

    def within(self, seconds: float) -> dict[str, str]:
        """Give the parameter that tells the server how long a query may take; nothing where it has none."""
        factor, suffix = UNITS[self.kind.unit]
        number = max(1, round(seconds * factor))
        return {self.kind.timeout: f"{number}{suffix}"} if self.kind.timeout else {}


def find(address: str, kind: str, folder: Path, environment: Mapping[str, str] = os.environ) -> Server:
    """Read an address such as `sparql+http://127.0.0.1:3030/dataset`; the login comes from the environment.

    Raises:
        BackendError: it is no such address, or holds a login.
        DeclarationError: the table of kinds, which `folder` (`data/`) holds, cannot be read.
    """
    plain = address.removeprefix(SCHEME)
    parts = urlsplit(plain)
    if plain == address or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise BackendError(f"{_shown(address)}: give an address such as sparql+http://127.0.0.1:3030/dataset")
    if parts.username or parts.password:
        raise BackendError(
            f"{_shown(address)}: an address with a login in it is seen by others: put it into {USER} and {PASSWORD}"
        )
    rows = read(folder / "backends" / "kinds.csv")
    if kind not in rows:
        raise BackendError(f"no kind of server is called {kind!r}: choose one of {', '.join(rows)}")
    return Server(plain.rstrip("/"), rows[kind], environment.get(USER, ""), environment.get(PASSWORD, ""))


def read(path: Path) -> dict[str, Kind]:
    """Read the table of kinds of servers, by name.

    Raises:
        DeclarationError: it cannot be read; the message names the line.
    """
    found: dict[str, Kind] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                if row["timeout_unit"] not in UNITS:
                    raise DeclarationError(f"{path}:{line}: the unit is one of {', '.join(filter(None, UNITS))}")
                found[row["kind"]] = Kind(
                    row["kind"], row["query"], row["graph_store"], row["login"], row["timeout"], row["timeout_unit"],
                    int(row["chunk_bytes"]),
                )  # fmt: skip
    except (OSError, KeyError, ValueError) as error:
        raise DeclarationError(f"{path}: cannot be read ({error}); it comes with spacekg") from None
    return found


def _below(address: str, path: str) -> str:
    return f"{address}/{path}" if path else address


def _shown(address: str) -> str:
    """An address without a login."""
    scheme, slashes, rest = address.partition("//")
    return f"{scheme}{slashes}{rest.rpartition('@')[2]}"
