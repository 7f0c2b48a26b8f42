"""spreading  one thing for each part or shard → done by processes of this machine."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager

from spacekg.partitioned.following import Spread


@contextmanager
def processes(number: int) -> Iterator[Spread]:
    """Give what has things done by so many processes, which begin with nothing of this one."""
    with ProcessPoolExecutor(number, multiprocessing.get_context("spawn"), keep) as pool:
        yield pool.map


def keep() -> None:
    """Have the collector of garbage never look again at what a process has loaded by now, which stays in any case."""
    gc.collect()
    gc.freeze()
