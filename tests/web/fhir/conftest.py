"""A way to ask the FHIR service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

Json = dict[str, Any]
Ask = Callable[..., Json]


@pytest.fixture
def ask(client: FlaskClient) -> Ask:
    """Return a function that posts Parameters to an operation, or gets an address, and returns the resource."""

    def asked(
        path: str, body: Json | None = None, status: int = 200, base: str = "/fhir/r4", **more: Any
    ) -> Json:
        if body is None:
            response = client.get(base + path, **more)
        else:
            response = client.post(base + path, json=body, **more)
        assert response.status_code == status, response.text
        found: Json = response.json
        return found

    return asked
