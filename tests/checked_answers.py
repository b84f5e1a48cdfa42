"""A test client that holds every JSON answer of the API to its published schema; unknown members fail."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

from apiflask import APIFlask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from tests.client import Client, client_of

_SPECS: list[dict[str, Any]] = []


def checking_client(app: APIFlask) -> Client:
    """Return a client of an application that fails where an answer is not as it is published."""
    app.test_client_class = CheckingClient
    return client_of(app)


class CheckingClient(FlaskClient):
    """Checks what it receives; see :func:`checking_client`."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request and check the answer."""
        response = super().open(*args, **kwargs)
        path = response.request.path
        compressed = "Content-Encoding" in response.headers
        if path.startswith("/api/v1/") and response.is_json and response.data and not compressed:
            check(self.application, response)  # type: ignore[arg-type]
        return response


def published_path(rule: str) -> str:
    """Return the path of a route as the document has it.

    >>> published_path("/codes/<system:system>/<code>")
    '/codes/{system}/{code}'
    """
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def check(app: APIFlask, response: TestResponse) -> None:
    """Fail unless the answer is one that the document has for its operation and status."""
    adapter = app.url_map.bind("localhost")
    try:
        rule, _ = adapter.match(response.request.path, response.request.method, return_rule=True)
    except HTTPException:
        return
    path = published_path(rule.rule)
    described = _spec(app)["paths"][path].get(response.request.method.lower())
    if described is None:
        return
    status = str(response.status_code)
    assert status in described["responses"], f"{path} does not say that it answers {status}"
    content = described["responses"][status]["content"]
    assert response.mimetype in content, f"{path}, {status}: {response.mimetype} is not declared"
    schema = content[response.mimetype]["schema"]
    faults = [
        f"{fault.json_path}: {fault.message[:200]}"
        for fault in _validator(json.dumps(schema)).iter_errors(response.json)
    ]
    assert not faults, f"{path} answers otherwise than {schema}: {faults[:5]}"


def _spec(app: APIFlask) -> dict[str, Any]:
    if not _SPECS:
        with app.app_context():
            _SPECS.append(_closed(FlaskClient(app, app.response_class).get("/api/openapi.json").get_json()))
    return _SPECS[0]


def _closed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a document that allows no members but its own: clients may meet others later, we may not now."""
    for name, schema in spec["components"]["schemas"].items():
        if name.endswith("Out"):
            schema["additionalProperties"] = False
    return spec


@cache
def _validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator({**json.loads(schema), "components": _SPECS[0]["components"]})
