"""What holds for every route: problems, caching, health, metrics, documentation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.checked_answers import published_path
from tests.client import Client
from web.api.schemas.compare import ComparisonOut
from web.api.schemas.impact import ReportOut
from web.opened import opened


def test_unknown_paths_and_methods_are_problems(client: Client) -> None:
    missing = client.get("/nowhere")
    assert (missing.status_code, missing.mimetype) == (404, "application/problem+json")
    wrong = client.delete("/api/v1/systems")
    assert (wrong.status_code, wrong.mimetype) == (405, "application/problem+json")
    assert "GET" in wrong.headers["Allow"]


def test_a_path_beside_a_system_offers_its_own_methods_alone(client: Client) -> None:
    assert set(client.options("/api/v1/codes/validate").headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    assert client.get("/api/v1/codes/validate").status_code == 405
    assert client.get("/api/v1/codes/validates?code=x").get_json()["type"].endswith("unknown-system")


def test_an_answer_carries_an_etag_and_is_not_sent_twice(client: Client) -> None:
    first = client.get("/api/v1/codes/icd-10-cm/E11.9")
    assert "max-age" in first.headers["Cache-Control"]
    again = client.get("/api/v1/codes/icd-10-cm/E11.9", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_problem_is_not_cached(client: Client) -> None:
    assert "ETag" not in client.get("/api/v1/codes/icd-10-cm/Z99.99").headers


def test_health_readiness_and_metrics(client: Client) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz").json
    assert ready["status"] == "ready"
    assert len(ready["bundle"]) == 64
    assert b'route="/readyz"' in client.get("/metrics").data


def test_systems_list_releases_counts_and_attribution(client: Client) -> None:
    systems = {s["id"]: s for s in client.get("/api/v1/systems").json["systems"]}
    cm = systems["icd-10-cm"]
    assert [(r["id"], r["default"]) for r in cm["releases"]] == [("2027", True), ("2026", False)]
    assert cm["releases"][0]["counts"]["billable"] == 3
    assert "World Health Organization" in systems["icd-11"]["releases"][0]["attribution"]
    assert systems["icd-11"]["uri"] == "http://id.who.int/icd/release/11/mms"


def test_the_openapi_document_describes_every_route(client: Client) -> None:
    spec = client.get("/api/openapi.json").json
    assert spec["openapi"].startswith("3.1")
    app = client.application
    documented = set(spec["paths"])
    for rule in app.url_map.iter_rules():
        path = published_path(rule.rule)
        if path.startswith("/api/v1"):
            assert path in documented


@pytest.mark.parametrize("code", ["E11.9", "S52.501A"])
def test_a_comparison_has_its_published_shape(client: Client, code: str) -> None:
    answer = client.get(f"/api/v1/compare/{code}").get_json()
    assert ComparisonOut().validate(answer) == {}


def test_an_impact_report_has_its_published_shape(client: Client) -> None:
    answer = client.post("/api/v1/impact?setting=inpatient", data=b"code,n\nE11.9,7\nzz,1\n").get_json()
    assert ReportOut().validate(answer) == {}
    assert answer["total"] == 8
    for table in answer["tables"]:
        assert all(len(row) == len(table["columns"]) for row in table["rows"]), table["id"]


def test_the_documentation_page_lists_operations_and_problems(client: Client) -> None:
    page = client.get("/docs").text
    assert "/api/v1/codes/{system}/{code}" in page
    assert 'id="unknown-code"' in page


@pytest.mark.parametrize("path", ["/docs", "/api/openapi.json"])
def test_documentation_asks_no_other_host(client: Client, path: str) -> None:
    assert "//cdn" not in client.get(path).text


def test_a_tag_changes_with_the_program_and_with_what_is_in_force(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = opened(client.application)
    before = here.etag
    assert before == client.get("/api/v1/systems").headers["ETag"]
    assert replace(here, version="99.0").etag != before
    monkeypatch.setattr(type(here.store), "unchanged_since", lambda *_: date(2099, 10, 1))
    assert here.etag != before


def test_a_tag_tells_the_bundle_whatever_else_it_depends_on(client: Client) -> None:
    here = opened(client.application)
    bundle = client.get("/readyz").json["bundle"]
    for tagged in (here, replace(here, version="99.0")):
        assert tagged.etag.strip('W/"') == bundle[:20]
