"""turnover  serves each new release from the moment it is there, and lets the one before it finish what it began."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from spacekg import repeats
from spacekg.errors import BackendError, ReleaseError, SpacekgError
from spacekg.release import CURRENT, ID, Release, find
from spacekg.repeats import Repeat, Reply, Sent
from spacekg.steps import Steps

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOGGER = "spacekg.turnover"
INTERVAL = 1.0
"""Seconds between two looks for a new release."""

Opened = TypeVar("Opened")


@dataclass(slots=True)
class Site:
    """What one release is served by."""

    release: str
    app: WSGIApplication
    close: Callable[[], None]
    """Gives back what it holds; called once nobody is inside."""
    held: tuple[str, ...] = ()
    """Which walls stand around its workers."""
    inside: int = 0
    """Requests that are being answered."""


class Turnover:
    """A WSGI application that passes each request on to the newest site; a site is closed when its last one is done."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._turning = threading.Lock()

    @property
    def release(self) -> str:
        """The id of the release that is served."""
        return self._site.release

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request from one release, whatever comes meanwhile."""
        with self._turning:
            site = self._site
            site.inside += 1
        try:
            content = site.app(environ, start_response)
        except BaseException:  # whatever it is, this request is over
            self._leave(site)
            raise
        wrapper = environ.get("wsgi.file_wrapper")
        if isinstance(wrapper, type) and isinstance(content, wrapper):
            # A file needs nobody's engine, and the server sends it best as it is.
            self._leave(site)
            return content
        return _Answer(content, lambda: self._leave(site))

    def again(self, sent: Sent, there: str) -> Repeat | None:
        """Answer at once what the newest site has answered before; see `repeats.again`."""
        return repeats.again(self._site.app, sent, there)

    def answering(self, environ: WSGIEnvironment) -> Steps[Reply] | None:
        """Answer one request step by step from one release; see `repeats.answering`."""
        with self._turning:
            site = self._site
            work = repeats.answering(site.app, environ)
            if work is None:
                return None
            site.inside += 1
        return self._inside(site, work)

    def turn(self, site: Site) -> None:
        """Serve another site from now on."""
        with self._turning:
            before, self._site = self._site, site
            done = not before.inside
        if done:
            before.close()

    def close(self) -> None:
        """Close the site that is served."""
        self._site.close()

    def _inside(self, site: Site, work: Steps[Reply]) -> Steps[Reply]:
        try:
            return (yield from work)
        finally:
            self._leave(site)

    def _leave(self, site: Site) -> None:
        with self._turning:
            site.inside -= 1
            done = not site.inside and site is not self._site
        if done:
            site.close()


class _Answer:
    """The content of an answer, which tells when it was sent."""

    def __init__(self, content: Iterable[bytes], sent: Callable[[], None]) -> None:
        self._content = content
        self._sent = sent

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._content)

    def close(self) -> None:
        """Close the content, and tell."""
        try:
            close: Any = getattr(self._content, "close", None)
            if close is not None:
                close()
        finally:
            self._sent()


class Watch:
    """Looks for new releases in a folder and turns to them; one that is damaged is refused, and said once.

    `opened` is given a release of which only the manifest is verified, and verifies what it reads.
    """

    def __init__(self, folder: Path, turnover: Turnover, opened: Callable[[Release], Site]) -> None:
        self._folder = folder
        self._turnover = turnover
        self._opened = opened
        self._refused = self._awaited = ("", 0)
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="turnover", daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        self._thread.join()

    def look(self) -> None:
        """Look once."""
        named, written = _named(self._folder)
        if named in ("", self._turnover.release) or (named, written) == self._refused:
            return
        log = logging.getLogger(LOGGER)
        try:
            site = self._opened(find(self._folder))
        except BackendError as error:
            # It may be on its way there, so the store is asked again; that is said once.
            if self._awaited != (named, written):
                log.warning("release %s is awaited, and %s served on: %s", named, self._turnover.release, error)
            self._awaited = (named, written)
            return
        except SpacekgError as error:
            self._refused = (named, written)
            log.error("release %s is refused, and %s served on: %s", named, self._turnover.release, error)
            return
        self._refused = ("", 0)
        before = self._turnover.release
        self._turnover.turn(site)
        log.info("release %s is served from now on, and no longer %s", site.release, before)

    def _run(self) -> None:
        while not self._ending.wait(INTERVAL):
            self.look()


def newest(folder: Path, opened: Callable[[Release], Opened]) -> tuple[Opened, str]:
    """Open the current release; where it is damaged, the newest whole one beside it, and say what is wrong.

    `opened` is given a release of which only the manifest is verified, and verifies what it reads.

    Raises:
        ReleaseError: none can be served.
    """
    try:
        return opened(find(folder)), ""
    except ReleaseError as error:
        for other in _others(folder):
            with suppress(ReleaseError):
                return opened(find(other)), str(error)
        raise


def _named(folder: Path) -> tuple[str, int]:
    """Give the id of the current release and when it was named; a release that was mended is named anew."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip(), (folder / CURRENT).stat().st_mtime_ns
    except (OSError, UnicodeDecodeError):
        return "", 0


def _others(folder: Path) -> list[Path]:
    """List the releases of a folder beside the current one, the newest first."""
    if not (folder / CURRENT).exists():
        return []
    current, _ = _named(folder)
    found = [path for path in folder.iterdir() if ID.fullmatch(path.name) and path.name != current]
    return sorted(found, key=lambda path: (path.stat().st_mtime, path.name), reverse=True)
