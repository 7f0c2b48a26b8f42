"""Other engines that could read a corpus, to be compared with Dask: Ray and Spark, each with workers on this machine.

They have what `corpus.cluster` has: orders of many documents, and a worker with a process of a crew that reads them.
The packages `ray` and `pyspark`, and Java 17 or newer for Spark, are for this comparison alone and not among the
project's. Both listen on all addresses of the machine, so run it where nobody else is: `unshare -n` gives a network
of its own, in which `ip link set lo up` has to come first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, partial
from itertools import cycle, islice
from typing import Any

from spacekg.corpus import crew
from spacekg.corpus.crew import Answer, Crew, Told, Trouble
from spacekg.corpus.extraction import Tools
from spacekg.model import Document

AHEAD = 2
"""How many orders a worker of Ray has: as with Dask."""
TRIES = 4
"""How often an order is given out whose worker is lost."""
Read = Iterator[tuple[Document, Told]]


def ray(workers: int, documents: Iterable[Document], tools: Tools, seconds: float) -> Read:
    """Read by actors of Ray, each with a process that reads; whoever is lost is started anew."""
    import ray as engine  # noqa: PLC0415  # only who compares has it

    os.environ |= {"RAY_USAGE_STATS_ENABLED": "0", "PYTHONPATH": _path()}
    engine.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, _node_ip_address="127.0.0.1")
    try:
        made = engine.remote(num_cpus=1, max_restarts=-1, max_task_retries=TRIES)(_Actor)
        sent = engine.put(crew.packed(tools))
        actors = [made.remote(sent, seconds) for _ in range(workers)]
        orders = zip(crew.batches(documents), cycle(actors), strict=False)
        running = {actor.ask.remote(order): (order, actor) for order, actor in islice(orders, AHEAD * workers)}
        rest = (order for order, _ in orders)
        while running:
            done, _ = engine.wait([*running])
            order, actor = running.pop(done[0])
            for following in islice(rest, 1):
                running[actor.ask.remote(following)] = following, actor
            yield from _told(order, engine.get(done[0]))
    finally:
        engine.shutdown()


def spark(workers: int, documents: Iterable[Document], tools: Tools, seconds: float) -> Read:
    """Read by executors of Spark, a process of Java each with one of Python and one that reads; all at the end."""
    from pyspark.sql import SparkSession  # noqa: PLC0415  # only who compares has it

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.task.maxFailures": str(TRIES),
        "spark.log.level": "OFF",
    }
    session = SparkSession.builder.master(f"local-cluster[{workers},1,1024]").config(map=settings).getOrCreate()
    try:
        context = session.sparkContext
        context.addPyFile(__file__)
        sent = context.broadcast((crew.packed(tools), seconds))
        orders = [*crew.batches(documents)]
        for number, answer in (
            context.parallelize([*enumerate(orders)], len(orders)).map(partial(_asked, sent)).collect()
        ):
            yield from _told(orders[number], answer)
    finally:
        session.stop()


class _Actor:
    def __init__(self, tools: bytes, seconds: float) -> None:
        self._crew = Crew(tools, 1, seconds)

    def ask(self, documents: Sequence[Document]) -> Answer:
        return self._crew.ask(documents)


def _asked(sent: Any, order: tuple[int, Sequence[Document]]) -> tuple[int, Answer]:
    number, documents = order
    return number, _crew(sent).ask(documents)


@cache
def _crew(sent: Any) -> Crew:
    """The one of this process, which has orders one after the other."""
    tools, seconds = sent.value
    return Crew(tools, 1, seconds)


def _path() -> str:
    """Where a worker finds what is imported here."""
    return os.pathsep.join(filter(None, sys.path))


def _told(order: Sequence[Document], answer: Answer) -> Read:
    if isinstance(answer, Trouble):
        raise SystemExit(f"{order[0].name} or one beside it: {answer.reason}")
    return zip(order, answer, strict=True)
