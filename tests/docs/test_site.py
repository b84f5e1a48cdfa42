"""The documentation is built as a site without a fault, and every page is in it."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

ROOT = Path(__file__).parents[2]


def test_the_site_is_built_with_search_and_asks_no_other_host(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NO_MKDOCS_2_WARNING", "1")
    with caplog.at_level(logging.WARNING):
        build(load_config(str(ROOT / "mkdocs.yml"), site_dir=str(tmp_path), strict=True))
    assert [record.message for record in caplog.records if "mkdocs" in record.name] == []
    assert (tmp_path / "search" / "search_index.js").is_file()
    for name in ("index.html", "how-to/ask-the-api.html", "404.html"):
        page = (tmp_path / name).read_text("utf-8")
        assert re.findall(r"<(?:script|link|img)[^>]+(?:src|href)=\"(?:https?:)?//[^\"]+", page) == []
        (shim,) = re.findall(r"\"([^\"]*iframe-worker/shim[^\"]*)\"", page)
        assert ((tmp_path / name).parent / shim).is_file()


def test_every_page_stands_in_the_contents(tmp_path: Path) -> None:
    text = (ROOT / "mkdocs.yml").read_text("utf-8")
    pages = {str(path.relative_to(ROOT / "docs")) for path in (ROOT / "docs").rglob("*.md")}
    assert {page for page in pages if page not in text} == set()
