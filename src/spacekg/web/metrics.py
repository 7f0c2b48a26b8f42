"""metrics   /metrics counts requests, queries and what became of them, for Prometheus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily

from spacekg.answers import Engine
from spacekg.web.running import Running

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
SECONDS = (0.001, 0.005, 0.02, 0.1, 0.5, 1.0, 5.0, 30.0)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a query; `outcome` is `ok` or the name of a problem."""

    outcome: str
    seconds: float
    rows: int
    size: int


class Metrics:
    """The counters of one server; a new release goes on counting where the one before it ended."""

    def __init__(self, running: Running) -> None:
        self.registry = CollectorRegistry()
        self._running = running
        # To find the counter of a label takes longer than to count, and there are few labels.
        self._by_status: dict[int, Counter] = {}
        self._by_outcome: dict[str, Counter] = {}
        self._requests = Counter("spacekg_requests", "HTTP requests.", ["status"], registry=self.registry)
        self._again = Counter(
            "spacekg_requests_again", "Requests that were answered by what was kept.", registry=self.registry
        )
        self._queries = Counter(
            "spacekg_queries", "SPARQL queries by what became of them.", ["outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "spacekg_query_seconds", "Time from a query to its answer.", registry=self.registry, buckets=SECONDS
        )
        self._rows = Counter("spacekg_answer_rows", "Rows and triples in answers.", registry=self.registry)
        self._bytes = Counter("spacekg_answer_bytes", "Bytes of answers.", registry=self.registry)
        ProcessCollector(registry=self.registry)

    def request(self, status: int) -> None:
        """Count a request."""
        counter = self._by_status.get(status)
        if counter is None:
            counter = self._by_status[status] = self._requests.labels(str(status))
        counter.inc()

    def again(self) -> None:
        """Count a request that was answered by what was kept."""
        self._again.inc()

    def query(self, told: Told) -> None:
        """Count a query."""
        counter = self._by_outcome.get(told.outcome)
        if counter is None:
            counter = self._by_outcome[told.outcome] = self._queries.labels(told.outcome)
        counter.inc()
        self._seconds.observe(told.seconds)
        self._rows.inc(told.rows)
        self._bytes.inc(told.size)

    def written(self, engine: Engine) -> bytes:
        """Write all that was counted, and how the engine is now."""
        return generate_latest(self.registry) + generate_latest(_Now(engine, len(self._running.all())))


class _Now:
    """A registry of what is so at this moment."""

    def __init__(self, engine: Engine, running: int) -> None:
        self._engine = engine
        self._asked = running

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Give each gauge."""
        release = GaugeMetricFamily("spacekg_release", "The release that is served.", labels=["id"])
        release.add_metric([self._engine.summary.release], 1)
        yield release
        yield GaugeMetricFamily("spacekg_triples", "Triples of its default graph.", self._engine.summary.triples)
        yield GaugeMetricFamily("spacekg_queries_running", "Queries that run or wait.", self._asked)
        for name, value in self._engine.state().items():
            yield GaugeMetricFamily(f"spacekg_{name}", f"{name.replace('_', ' ').capitalize()}.", value)


def blueprint(metrics: Metrics, engine: Engine) -> Blueprint:
    """Make the counters readable; they say nothing about who asked what."""
    part = Blueprint("metrics", __name__)

    @part.get("/metrics")
    def written() -> Response:
        response = Response(metrics.written(engine), content_type=CONTENT_TYPE)
        response.headers["Cache-Control"] = "no-store"
        return response

    return part
