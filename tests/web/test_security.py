"""Security headers, and errors as pages only for readers."""

from __future__ import annotations

import re
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pytest

from tests.client import Client

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


def test_pages_carry_a_policy_that_allows_nothing_inline(client: Client) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/api/v1/systems", "/static/teneleven.css"])
def test_every_answer_forbids_guessing_its_type(client: Client, path: str) -> None:
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), template.name


def test_nothing_is_loaded_from_another_host() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|hx-get)=\"(https?:)?//", text), template.name


def test_the_api_keeps_problem_documents_for_browsers(client: Client) -> None:
    response = client.get("/api/v1/codes/icd-10-cm/QQQ", headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"


def test_a_program_gets_a_problem_document_for_an_unknown_page(client: Client) -> None:
    assert client.get("/nowhere").mimetype == "application/problem+json"


def test_an_asset_with_a_hash_is_kept_for_a_year(client: Client) -> None:
    page = client.get("/").get_data(as_text=True)
    found = re.search(r'"(/static/teneleven\.css\?v=\w+)"', page)
    assert found
    assert "immutable" in client.get(found[1]).headers["Cache-Control"]
    for other in ("/static/teneleven.css", "/static/teneleven.css?v=0123456789"):
        assert "immutable" not in client.get(other).headers["Cache-Control"]


def test_a_file_too_large_is_refused_with_what_to_do(client: Client) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 2**20
    upload = {"file": (BytesIO(bytes(2**20 + 1)), "volumes.csv")}
    response = client.post("/impact", data=upload, headers={"Accept": "text/html"})
    assert response.status_code == 413
    assert "at most 1 MB: sum the file by code first" in response.get_data(as_text=True)


def test_a_fault_has_a_number_for_readers_and_for_programs(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("web.pages.about"), "_in_force", lambda release: 1 / 0)
    page = client.get("/about", headers={"Accept": "text/html"})
    assert page.status_code == 500
    assert "Number of this request" in page.get_data(as_text=True)
    problem = client.get("/about", headers={"Accept": "application/json"}).get_json()
    assert len(problem["request_id"]) == 12
    assert "ZeroDivision" not in str(problem)


@pytest.mark.parametrize("path", ["/", "/code/icd-11/5A11", "/browse/icd-10-cm", "/nowhere"])
def test_pages_are_asked_for_again_or_never_kept(client: Client, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert "max-age" not in response.headers.get("Cache-Control", "")
    assert response.headers["X-Frame-Options"] == "DENY"
    assert response.headers["Referrer-Policy"] == "no-referrer"
