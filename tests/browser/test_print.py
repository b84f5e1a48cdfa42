"""Every page prints whole: what stands in it is in its PDF."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.needs import missing

CODES = 200


@pytest.fixture
def printed(page: Any, tmp_path: Path) -> Any:
    """Print an address and return the words of its PDF and how many pages it has."""
    if shutil.which("pdftotext") is None:
        missing("no pdftotext on this machine; install 'poppler-utils' to run the print tests")

    def words_of(address: str) -> tuple[list[str], int]:
        page.goto(address)
        path = tmp_path / "page.pdf"
        page.pdf(path=path, format="Letter")
        command = ["pdftotext", "-layout", str(path), "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return text.split(), text.count("\f")

    return words_of


def test_a_long_list_prints_all_its_rows(printed: Any) -> None:
    words, _ = printed(f"/validate?date=2026-10-15&codes={'E11.9+' * CODES}")
    assert words.count("E11.9") == CODES


def test_every_column_of_a_list_prints(printed: Any) -> None:
    words, _ = printed("/validate?date=2026-10-15&codes=E11.9")
    assert {"Code", "Status", "Title", "Instead", "5A11"} <= set(words)


@pytest.mark.parametrize("shown", ["/?q=diabetes", "/changes/icd-10-cm", "/index/diseases?q=diabetes"])
def test_what_a_list_shows_is_in_print(printed: Any, page: Any, shown: str) -> None:
    words, pages = printed(shown)
    codes = page.locator("main :is(.hit, #changes tbody th, .book) .code").all_inner_texts()
    assert codes
    for code in codes:
        assert code.split()[-1] in words, code
    assert pages <= 2


def test_notes_that_are_folded_on_screen_are_open_in_print(printed: Any, page: Any) -> None:
    words, _ = printed("/code/icd-10-cm/E11.9")
    folded = page.locator("details:not([open]) summary ~ *").all_text_contents()
    for text in folded:
        assert set(text.split()[:3]) <= set(words), text


def test_the_core_of_an_impact_report_prints_on_five_pages_and_what_is_open_prints_whole(
    printed: Any, page: Any, tmp_path: Path
) -> None:
    words, pages = printed("/impact?example")
    assert pages <= 5
    assert "sentences" in words
    codes = page.locator("#all-codes tbody td:first-child a").all_text_contents()
    assert codes
    assert not set(codes) <= set(words)
    page.get_by_role("button", name="Open all").click()
    path = tmp_path / "whole.pdf"
    page.pdf(path=path, format="Letter")
    command = ["pdftotext", "-layout", str(path), "-"]
    whole = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert set(codes) <= set(whole)


def test_a_scenario_prints_whole(printed: Any) -> None:
    words, pages = printed("/scenario?stays=1200&minutes=30&wage=40&curve=50,20")
    assert {"2,500", "62", "But:"} <= set(words)
    assert pages <= 2
