"""A way to ask the FHIR service; all tests share one application, which answers keep no state in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from tests.client import Client, client_of
from web.app import create_app

Json = dict[str, Any]
Ask = Callable[..., Json]


@pytest.fixture(scope="session")
def fhir_app(small_bundle: Path) -> APIFlask:
    """The application over the small bundle."""
    return create_app(small_bundle)


@pytest.fixture
def client(fhir_app: APIFlask) -> Client:
    """A client of the shared application."""
    return client_of(fhir_app)


@pytest.fixture
def ask(client: Client) -> Ask:
    """Return a function that posts Parameters, or gets an address, and returns the resource."""

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
