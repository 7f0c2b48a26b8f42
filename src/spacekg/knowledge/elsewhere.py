"""elsewhere  an address → an engine whose answers come from the SPARQL endpoint there."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from spacekg import guard, remote
from spacekg.answers import NOBODY, Answer, Caller, Engine, Limits, Request, Summary
from spacekg.errors import BadQueryError
from spacekg.remote import Endpoint
from spacekg.store import bound


class Elsewhere(Engine):
    """A remote endpoint; it says itself what is too much, and an answer that it cuts is refused as no whole one."""

    def __init__(self, endpoint: Endpoint, queries: Mapping[str, str], limits: Limits) -> None:
        super().__init__(queries, limits)
        self._endpoint = endpoint

    @cached_property
    def _sizes(self) -> Mapping[str, int]:
        rows = self.answer_named("knowledge/graphs")
        return {row["graph"].value: int(row["triples"].value) for row in rows}  # type: ignore[union-attr]

    @property
    def summary(self) -> Summary:
        """The address, and the size of each named graph there."""
        sizes = dict(sorted(self._sizes.items()))
        return Summary(self._endpoint.address, sum(sizes.values()), sizes)

    def answer(self, request: Request, caller: Caller = NOBODY) -> Answer:  # noqa: ARG002  # it cannot be stopped
        """Send a request and give its whole answer.

        Raises:
            BadQueryError: the query asks for what is never done.
            RemoteError: no answer came, or none that can be used; or the endpoint says that it left out rows.
        """
        scan = guard.scan(request.query, self.limits)
        if request.default_graphs or request.named_graphs or request.base:
            raise BadQueryError("an endpoint elsewhere is asked by the query alone: name graphs with FROM")
        content = remote.query(self._endpoint, bound(request, scan), request.results, request.graph)
        return Answer(content, request.graph if scan.makes_graph else request.results)
