"""What /openapi.json promises of every route is what the route does, whatever it is asked.

It takes a minute or two, so it runs when it is asked for: make openapi.
"""

from __future__ import annotations

import os

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import BaseSchema, Case
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from spacekg import publication, store, web
from spacekg.declared import Declared
from spacekg.reconciliation import register
from spacekg.release import Release

pytestmark = pytest.mark.skipif("OPENAPI" not in os.environ, reason="takes minutes: make openapi runs it")
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def described(rules: Declared, shipped_release: Release) -> BaseSchema:
    queries = {query.name: query.text for query in rules.queries.values()}
    engine = store.open_file(shipped_release.graph, shipped_release.id, queries, rules.prefixes)
    names = register.read(shipped_release, rules)
    app = web.create_app(engine, published=publication.read(rules, shipped_release), register=names)
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


def test_every_route_keeps_what_is_promised_of_it(described: BaseSchema) -> None:
    operations = [found.ok() for found in described.get_all_operations()]
    assert len(operations) > 40
    for operation in operations:

        @settings(
            max_examples=4,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        )
        @given(case=operation.as_strategy())
        def holds(case: Case) -> None:
            case.call_and_validate(checks=CHECKS)

        holds()
