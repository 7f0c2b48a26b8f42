"""Where the sites under test have their statements: our own store, or with STORE a server of others.

    STORE=fuseki FUSEKI=jena-fuseki-server.jar pytest tests/test_web_pages.py

So the suites of the endpoint hold for `spacekg serve --store` too, but for what `otherwise.csv` says of a server.
"""

from __future__ import annotations

import csv
import dataclasses
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Protocol

import pyoxigraph
import pytest
from tests import backing, fronts
from tests.asked import served
from tests.backing import Running

from spacekg import formats, release, store, web, workers
from spacekg.answers import Engine, Limits
from spacekg.backends import Backend, loading
from spacekg.backends.loading import Loader
from spacekg.declared import Declared, Query
from spacekg.matching import index
from spacekg.release import MANIFEST, Release, open_release

STORE = os.environ.get("STORE", "")
SECONDS = int(os.environ.get("STORE_SECONDS", "30"))
"""How long Oxigraph's server, which learns no time from a query, works on most of them."""
OTHERWISE = Path(__file__).parent / "otherwise.csv"


class Opened(Protocol):
    """Opens a file of quads as an engine, as `spacekg.store.open_file` does."""

    def __call__(
        self, path: Path, release: str, queries: Mapping[str, str], prefixes: Mapping[str, str],
        limits: Limits | None = None,
    ) -> Engine: ...  # fmt: skip


Hosted = Callable[[Path, Limits], AbstractContextManager[str]]
"""Serves a file of quads in processes of its own, with no queries but the shipped ones; gives the site's address."""


@dataclass(frozen=True)
class Places:
    """Where the tests have their statements."""

    opened: Opened
    hosted: Hosted
    stand: Callable[[], None]
    """Called before each test: starts a server again that ended or is held."""
    rise: Callable[[], None]
    """Starts a server again that ended."""


@contextmanager
def own() -> Iterator[Places]:
    """Open files in our own store."""
    yield Places(store.open_file, _hosted, lambda: None, lambda: None)


@contextmanager
def _hosted(path: Path, limits: Limits) -> Iterator[str]:
    with (
        workers.staffed(partial(store.open_file, path, "r1", {}, {}, limits), 4) as pool,
        served(web.create_app(pool)) as address,
    ):
        yield address


class Elsewhere:
    """Opens files in a server of others, where each is loaded as a release when it is opened first."""

    def __init__(self, running: Running, rules: Declared, folder: Path) -> None:
        self._running = running
        self._rules = rules
        self._folder = folder
        self._opened: list[Backend] = []
        self._loaded = cache(self._load)

    def open(
        self, path: Path, release: str, queries: Mapping[str, str], prefixes: Mapping[str, str],
        limits: Limits | None = None,
    ) -> Engine:  # fmt: skip
        """Open a file; what is shipped and prefixes are as they are given, whatever stands in the server."""
        shipped = {name: Query(name, text.partition("\n")[0], text, path) for name, text in queries.items()}
        rules = dataclasses.replace(self._rules, queries=shipped, prefixes=prefixes)
        found = loading.connected(self._running.server(self._rules), self._rules, self._loaded(path))
        named = dataclasses.replace(found, summary=dataclasses.replace(found.summary, release=release))
        index = cache(lambda: store.open_file(path, release, {}, {}).index())
        self._opened.append(Backend(named, rules, limits or Limits(), index))
        return self._opened[-1]

    @contextmanager
    def host(self, path: Path, limits: Limits) -> Iterator[str]:
        """Serve a file by `spacekg serve --store`."""
        there = self._running.server(self._rules)
        options = ["--store", f"sparql+{there.address}", "--kind", there.kind.name]
        options += ["--release", str(self._loaded(path).folder), "--workers", "4"]
        for field in dataclasses.fields(limits):
            options += ["--limit", f"{field.name}={getattr(limits, field.name)}"]
        with fronts.front(self._folder / "log", *options, environment=self._running.login) as front:
            yield front.address

    def stand(self) -> None:
        """Start the server again where a query took it down or holds it, as whatever watches over it would."""
        if self._has_ended() or self._is_held():
            self._again()

    def rise(self) -> None:
        """Start it again where a query took it down, and only there."""
        if self._has_ended():
            self._again()

    def _has_ended(self) -> bool:
        return self._running.process is not None and self._running.process.poll() is not None

    def _again(self) -> None:
        self._running.stop()
        self._running.start()

    def _is_held(self) -> bool:
        """Whether the server keeps all others waiting: some queries some servers never end."""
        return self._running.process is not None and not self._running.answers()

    def close(self) -> None:
        """Close all connections."""
        for backend in self._opened:
            backend.close()

    def _load(self, path: Path) -> Release:
        name = f"{path.parent.name}-{path.name}"
        (self._folder / name / "work").mkdir(parents=True)
        if (path.parent / MANIFEST).exists():
            made = open_release(path.parent)
        else:
            quads = pyoxigraph.parse(path=path, format=formats.of_file(path, formats.GRAPHS).codec)
            names = index.make(fronts.NOTHING, self._rules)
            made = release.publish(quads, [], {}, {}, self._folder / name, names=names)
        Loader(self._running.server(self._rules), self._rules).load(made, self._folder / name / "work")
        return made


@contextmanager
def elsewhere(kind: str, rules: Declared, folder: Path) -> Iterator[Places]:
    """Open files in a server of others that runs until the tests are over."""
    start, missing = backing.SERVERS[kind]
    assert not missing, missing
    running = backing.oxigraph(folder, SECONDS) if kind == "oxigraph" else start(folder)
    try:
        running.start()
        there = Elsewhere(running, rules, folder)
        yield Places(there.open, there.host, there.stand, there.rise)
        there.close()
    finally:
        running.stop()


def expect(tests: list[pytest.Item]) -> None:
    """Expect each test to fail that does with the server that STORE names; one that passes all the same is an error."""
    with OTHERWISE.open(encoding="utf-8", newline="") as file:
        known = {row["test"]: row["why"] for row in csv.DictReader(file) if row["server"] == STORE}
    for test in tests:
        why = next((why for name, why in known.items() if test.nodeid.startswith(f"tests/{name}")), "")
        if why:
            test.add_marker(pytest.mark.xfail(reason=why, strict=True))
