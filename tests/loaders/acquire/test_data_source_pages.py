"""The pages of docs/data-sources agree with the code they describe."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from loaders.acquire.packages import ICD10CM_PACKAGE
from loaders.acquire.publishers import publications
from loaders.acquire.wheels import wheels

PAGES = Path(__file__).parents[3] / "docs" / "data-sources"
TEXTS = {page.name: page.read_text(encoding="utf-8") for page in PAGES.glob("*.md")}


def test_every_page_is_in_the_index() -> None:
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", TEXTS["README.md"]))
    assert linked == set(TEXTS) - {"README.md"}


def test_every_link_between_files_leads_somewhere() -> None:
    for name, text in TEXTS.items():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            assert (PAGES / target).exists(), f"{name} links to {target}"


def test_every_publisher_that_is_asked_is_named() -> None:
    pages = "".join(TEXTS.values())
    for row in publications(older=True):
        assert urlsplit(row.url).netloc in pages, row


def test_every_package_is_described_with_its_licence() -> None:
    assert ICD10CM_PACKAGE in TEXTS["packages.md"]
    for wheel in wheels():
        assert f"## {wheel.package}:" in TEXTS["packages.md"]
        assert wheel.licence.split()[0] in TEXTS["packages.md"]
