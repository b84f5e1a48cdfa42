"""axe finds nothing on any page, all folds open, in light and dark, at three widths (WCAG 2.2 AA)."""

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
    "/index/diseases",
    "/changes/icd-10-cm",
    "/changes/icd-10",
    "/index/diseases?term=Diabetes",
    "/index/diseases?q=diabetes",
    "/crosswalk/S52.501A",
    "/crosswalk/5A11",
    "/builder?expression=NC32.5%26XK9K&axis=271422288",
    "/builder?expression=XK9K",
    "/compare/E11.9?other=E11.A",
    "/compare",
    "/check",
    "/check?codes=E11.9+E11.A+ZZ99+%2F+G0447+x0+RT&date=2026-10-15&setting=professional&view=icd-11",
    "/validate",
    "/validate?codes=E11.9+E11+E11.8+ZZ99&date=2026-10-15",
    "/impact?example",
    "/impact",
    "/scenario",
    "/scenario?stays=1200&minutes=30&wage=40&curve=50,20",
    "/lists",
    "/about",
    "/docs",
    "/forms",
)
NARROW = {"width": 360, "height": 740}
WIDTHS = (1280, 390, 320)
OPENED = "document.querySelectorAll('details').forEach(one => (one.open = true))"
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
#: All that a colour scheme can change.
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation_at_three_widths_in_light_and_dark(still: Any, path: str) -> None:
    still.emulate_media(color_scheme="light")
    still.goto(path)
    still.evaluate(OPENED)
    for width in WIDTHS:
        still.set_viewport_size({"width": width, "height": 800})
        still.emulate_media(color_scheme="light")
        assert _violations(still, RULES) == []
        still.emulate_media(color_scheme="dark")
        assert _violations(still, CONTRAST) == []


@pytest.mark.parametrize("width", [320, 360, 390, 600])
def test_no_page_scrolls_sideways_on_a_phone_or_at_200_percent(still: Any, width: int) -> None:
    still.set_viewport_size({"width": width, "height": 740})
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    for path in PAGES:
        still.goto(path)
        still.evaluate(OPENED)
        assert still.evaluate(wider) <= 0, path


def test_every_page_of_the_menu_is_in_reach_of_a_thumb(still: Any) -> None:
    still.set_viewport_size(NARROW)
    still.goto("/about")
    shown = [link for link in still.locator(".top nav a").all() if link.is_visible()]
    assert [link.inner_text() for link in shown] == [
        "Browse",
        "Index",
        "Builder",
        "Compare",
        "Check",
        "Validate",
        "Impact",
        "About",
        "API",
    ]
    for link in shown:
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= NARROW["width"]
        assert box["height"] >= 24


def test_the_colours_follow_the_system(still: Any) -> None:
    still.goto("/")
    seen = []
    for scheme in ("light", "dark"):
        still.emulate_media(color_scheme=scheme)
        seen.append(still.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert seen == ["rgb(251, 251, 250)", "rgb(20, 24, 27)"]


def _violations(page: Any, rules: Any) -> list[tuple[str, str]]:
    found = Axe().run(page, options=rules).response["violations"]
    return [(v["id"], node["html"][:160] + str(node["any"])[:300]) for v in found for node in v["nodes"]]
