"""axe finds nothing on any page, in light and dark (WCAG 2.2 AA); no page is wider than a phone."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

PAGES = (
    "/",
    "/?q=diabetes",
    "/?q=diabetse",
    "/code/icd-10-cm/E11",
    "/code/icd-10-cm/S52.501A",
    "/code/icd-11/5A11",
    "/code/icd-10/E11.9",
    "/code/icd-10-cm/E11.8",
    "/?q=E11.8",
    "/browse/icd-10-cm?at=E11.9",
    "/crosswalk/S52.501A",
    "/crosswalk/5A11",
    "/builder?expression=NC32.5%26XK9K&axis=271422288",
    "/builder?expression=XK9K",
    "/compare/E11.9?other=E11.A",
    "/compare",
    "/impact?example",
    "/impact",
    "/about",
    "/docs",
)
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(page: Any, path: str) -> None:
    page.goto(path)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert _violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_a_phone_shows_the_page_without_scrolling_sideways(phone: Any, path: str) -> None:
    phone.goto(path)
    wider = phone.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0


def _violations(page: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], node["html"][:160] + str(node["any"])[:300]) for v in found for node in v["nodes"]]
