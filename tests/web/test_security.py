"""Security headers, and errors as pages only for readers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"


def test_pages_carry_a_policy_that_allows_nothing_inline(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/", "/api/v1/systems", "/static/teneleven.css"])
def test_every_answer_forbids_guessing_its_type(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_templates_hold_no_inline_script_style_or_handler() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), template.name


def test_nothing_is_loaded_from_another_host() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"(src|href|hx-get)=\"(https?:)?//", text), template.name


def test_the_api_keeps_problem_documents_for_browsers(client: FlaskClient) -> None:
    response = client.get("/api/v1/codes/icd-10-cm/QQQ", headers={"Accept": "text/html"})
    assert response.mimetype == "application/problem+json"


def test_a_program_gets_a_problem_document_for_an_unknown_page(client: FlaskClient) -> None:
    assert client.get("/nowhere").mimetype == "application/problem+json"


def test_an_asset_with_a_hash_is_kept_for_a_year(client: FlaskClient) -> None:
    page = client.get("/").get_data(as_text=True)
    found = re.search(r'"(/static/teneleven\.css\?v=\w+)"', page)
    assert found
    assert "immutable" in client.get(found[1]).headers["Cache-Control"]
    assert "immutable" not in client.get("/static/teneleven.css").headers["Cache-Control"]
