"""What the tests of services for programs share: a request with a body, an answer checked by a schema."""

from __future__ import annotations

import http.client
import json
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import jsonschema
from tests.asked import Answer

SCHEMAS = Path(__file__).parent / "reconciliation"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


def send(address: str, path: str, body: bytes, kind: str = JSON, **headers: str) -> Answer:
    """POST a body as it is."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request("POST", path, body, {"Content-Type": kind, **named})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def send_json(address: str, path: str, content: object, **headers: str) -> Answer:
    """POST JSON."""
    return send(address, path, json.dumps(content).encode(), **headers)


def send_form(address: str, path: str, **fields: object) -> Answer:
    """POST a form whose fields are texts or JSON."""
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}
    return send(address, path, urlencode(texts).encode(), FORM)


def checked(answer: Answer, schema: str, status: int = 200) -> Any:
    """Give the content of an answer that has the status and is as the schema says."""
    assert answer.status == status, answer.body
    content = json.loads(answer.body)
    _validator(schema).validate(content)
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    return content


def refused(answer: Answer, status: int) -> str:
    """Give the message of an answer that is a problem with the status."""
    assert answer.media_type == "application/problem+json"
    detail = checked(answer, "problem", status)["detail"]
    assert isinstance(detail, str)
    return detail


@lru_cache
def _validator(schema: str) -> jsonschema.Draft202012Validator:
    content = json.loads((SCHEMAS / f"{schema}.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)
