"""Limits of a request that an operator sets: each is a 413 that says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client import Client, client_of
from web.app import create_app
from web.settings import Settings


@pytest.fixture(scope="module")
def client(small_bundle: Path) -> Client:
    return client_of(create_app(small_bundle, Settings(max_rows=2, max_entries=1)))


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_an_upload_of_more_rows_is_refused(client: Client, accept: str) -> None:
    rows = b"code,count\nE11.9,1\nE11,1\nS52,1\n"
    answer = client.post("/api/v1/impact", data=rows, content_type="text/csv", headers={"Accept": accept})
    assert (answer.status_code, "more than 2 rows" in answer.text) == (413, True)


def test_a_batch_of_more_entries_is_refused(client: Client) -> None:
    entry = {"request": {"method": "GET", "url": "metadata"}}
    body = {"resourceType": "Bundle", "type": "batch", "entry": [entry, entry]}
    answer = client.post("/fhir/r4", json=body)
    assert answer.status_code == 413
    assert "at most 1 entries, and this one 2" in answer.json["issue"][0]["details"]["text"]
    assert client.post("/fhir/r4", json={**body, "entry": [entry]}).status_code == 200
