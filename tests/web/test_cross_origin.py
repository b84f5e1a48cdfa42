"""Which pages of other origins may read the API, and who decides."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.concept import Concept, Kind
from terminology.edition import Edition
from terminology.errors import InvalidRequestError
from terminology.graph import TerminologyGraph
from terminology.release import Release
from tests.client import Client
from tests.small_library import small_library
from web.app import create_app
from web.settings import Settings

VIEWER = "https://viewer.example.org"
ALLOW = "Access-Control-Allow-Origin"
READ_ONLY = ["/api/v1/codes/icd-10-cm/E11.9", "/api/v1/systems", "/api/openapi.json", "/fhir/r4/CodeSystem"]


@pytest.mark.parametrize("path", [*READ_ONLY, "/api/v1/codes/icd-10-cm/none", "/fhir/r4/CodeSystem/none"])
def test_a_page_of_any_origin_may_read_answers_and_errors_without_credentials(
    client: Client, path: str
) -> None:
    answer = client.get(path, headers={"Origin": VIEWER})
    assert answer.headers[ALLOW] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "ETag" in answer.headers["Access-Control-Expose-Headers"]


def test_a_browser_that_asks_first_is_told_what_it_may_do(client: Client) -> None:
    asked = {"Origin": VIEWER, "Access-Control-Request-Method": "GET"}
    told = client.options("/api/v1/search?q=x&no-parameter=1", headers=asked)
    assert told.status_code == 200
    assert told.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert "If-None-Match" in told.headers["Access-Control-Allow-Headers"]


def test_what_is_sent_to_the_server_and_pages_for_people_are_not_opened(client: Client) -> None:
    body = {"system": "icd-10-cm", "codes": ["E11.9"]}
    assert ALLOW not in client.post("/api/v1/crosswalk", json=body, headers={"Origin": VIEWER}).headers
    for path in ("/code/icd-10-cm/E11.9", "/metrics", "/readyz"):
        assert ALLOW not in client.get(path, headers={"Origin": VIEWER}).headers


def test_named_origins_are_named_back_and_no_others(small_bundle: Path) -> None:
    client = create_app(
        small_bundle, Settings(cors_origins=f"{VIEWER}/, http://localhost:3000")
    ).test_client()
    for path in READ_ONLY:
        named = client.get(path, headers={"Origin": VIEWER})
        assert named.headers[ALLOW] == VIEWER
        assert "Origin" in named.headers["Vary"]
        other = client.get(path, headers={"Origin": "https://example.org"})
        assert ALLOW not in other.headers
        assert "Origin" in other.headers["Vary"]


@pytest.mark.parametrize("path", READ_ONLY)
def test_it_can_be_switched_off(small_bundle: Path, path: str) -> None:
    client = create_app(small_bundle, Settings(cors_origins="off")).test_client()
    assert ALLOW not in client.get(path, headers={"Origin": VIEWER}).headers


@pytest.mark.parametrize("text", ["example.org", "https://example.org/path", "*, https://a.example", "null"])
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequestError, match="origin"):
        Settings.gathered({"cors_origins": text})


@pytest.mark.parametrize("path", READ_ONLY)
def test_licensed_content_is_closed_unless_it_is_opened_by_name(
    tmp_path: Path, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    library = small_library()
    invented = Concept("cpt", "0000Z", "Invented service, performed on a teapot", Kind.CHAPTER, None)
    licensed = Edition(Release("cpt", "2026", date(2026, 1, 1), date(2026, 12, 31)), [invented])
    library = replace(library, editions=[*library.editions, licensed])
    (tmp_path / "b").mkdir()
    write_library(library, TerminologyGraph.of(library).report, tmp_path / "b", (), "test")
    with caplog.at_level(logging.WARNING):
        closed = create_app(tmp_path / "b").test_client()
    assert "CPT is loaded" in caplog.text
    assert ALLOW not in closed.get(path, headers={"Origin": VIEWER}).headers
    opened = create_app(tmp_path / "b", Settings(cors_origins=VIEWER)).test_client()
    assert opened.get(path, headers={"Origin": VIEWER}).headers[ALLOW] == VIEWER


def test_resources_of_the_operator_are_closed_too(
    small_bundle: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    own = '{"resourceType": "ValueSet", "id": "own", "url": "http://h.example/own", "status": "draft"}'
    (tmp_path / "own.json").write_text(own)
    with caplog.at_level(logging.WARNING):
        client = create_app(small_bundle, Settings(resources=str(tmp_path))).test_client()
    assert "resources of your own" in caplog.text
    assert ALLOW not in client.get("/fhir/r4/ValueSet/own", headers={"Origin": VIEWER}).headers
