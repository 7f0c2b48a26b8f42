"""spreading  one thing for each part or shard → done by processes of this machine."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from spacekg.partitioned.following import Spread


@contextmanager
def processes(number: int) -> Iterator[Spread]:
    """Give what has things done by so many processes, which begin with nothing of this one."""
    with ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool.map
