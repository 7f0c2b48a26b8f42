"""opening   a release that is being loaded → the site of it; imported while it is, since that takes a while too."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spacekg import publication, web
from spacekg.backends import Backend
from spacekg.cli.hosting import Terms
from spacekg.errors import ReleaseError, SpacekgError
from spacekg.reconciliation import register
from spacekg.release import GRAPH, Release
from spacekg.turnover import Site
from spacekg.web import operation
from spacekg.web.operation import Operation
from spacekg.web.running import Operator
from spacekg.workers import Pool

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


Served = Pool | Backend


@dataclass(frozen=True, slots=True)
class Kit:
    """What every release that this server serves is served with."""

    load: Callable[[Release], Future[Served]]
    """Begins to load a release in processes of its own, or finds it in the store where it is."""
    terms: Terms
    operated: Operation


def kit(load: Callable[[Release], Future[Served]], terms: Terms) -> Kit:
    """Begin to count what is asked, for all releases together."""
    return Kit(load, terms, _operated(terms))


def load_and_open(kit: Kit, release: Release) -> Site:
    """Load a release and make the site of it; see `site`.

    The memory of the one before is given back when its last answer is sent, be it what the server began with.
    """
    gc.unfreeze()
    return site(kit, release, kit.load(release))


def site(kit: Kit, release: Release, coming: Future[Served]) -> Site:
    """Make the site of a release; its names are read while its statements are still loaded, and verified over there.

    Raises:
        ReleaseError: what it holds is not what its manifest says.
    """
    try:
        release.verify(but=(GRAPH,))
        names = register.read(release, kit.terms.rules)
    except SpacekgError:
        coming.result().close()
        raise
    pool = coming.result()
    told = {graph: number for graph, number in release.manifest["quads"].items() if graph in pool.summary.graphs}
    if told != dict(pool.summary.graphs):
        pool.close()
        raise ReleaseError(f"{release.folder}: has not as many statements as its manifest says; build it again")
    app = web.create_app(pool, kit.terms.base, publication.read(kit.terms.rules, release), kit.operated, names)
    web.prepare(app)
    return Site(release.id, app, pool.close, held=pool.held)


def site_of_files(terms: Terms, prefixes: Mapping[str, str], pool: Pool) -> WSGIApplication:
    """Make the site of files that are no release."""
    published = replace(publication.read(terms.rules), prefixes=prefixes)
    app = web.create_app(pool, terms.base, published, _operated(terms))
    web.prepare(app)
    return app


def _operated(terms: Terms) -> Operation:
    return operation.begin(terms.limits, Operator(terms.token, local=terms.local))
