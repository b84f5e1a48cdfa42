"""Every sample request of docs/fhir.md is sent, and its answer holds what the page says."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from web.fhir.maps.own_maps import OWN_MAPS

PAGE = (Path(__file__).parents[3] / "docs" / "fhir.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)
SAMPLES = [
    (found[1], found[2], found[3], found[4])
    for block in BLOCKS
    for found in re.finditer(r"(GET|POST) (\S+)\n((?:(?!=>).*\n)*)=> (.*)", block)
]


def test_the_page_has_samples() -> None:
    assert len(SAMPLES) == sum(block.count("=>") for block in BLOCKS) >= 15


@pytest.mark.parametrize(("method", "address", "body", "held"), SAMPLES)
def test_a_sample_request_answers_as_documented(
    client: Client, method: str, address: str, body: str, held: str
) -> None:
    content: dict[str, Any] = {"data": body, "content_type": "application/fhir+json"} if body else {}
    answer = client.open(address, method=method, **content)
    assert held in answer.text


def test_the_page_names_every_map() -> None:
    for own in OWN_MAPS:
        assert f"`{own.id}`" in PAGE
