"""By keyboard alone: the tree's pattern, the search box and its results, the order and sight of focus."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

CHAPTER = '[data-code="4"]'
#: What shows the focus of the element in focus: its own outline, or that of the label of a hidden radio.
#: A field of a date has several stops of its own.
FOCUS = """() => {
  const at = document.activeElement;
  const shown = at.matches("input[type=radio]") ? at.nextElementSibling : at;
  const style = getComputedStyle(shown), box = shown.getBoundingClientRect();
  return {
    name: at.id || at.textContent.trim() || at.name,
    seen: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && box.width > 0,
    after: !window.before || window.before === at || Boolean(window.before.compareDocumentPosition(at) & 4),
    kept: (window.before = at) !== null,
  };
}"""


@pytest.fixture
def tree(page: Any) -> Any:
    """The tree of ICD-10-CM with its first chapter in focus."""
    page.goto("/browse/icd-10-cm")
    page.locator(CHAPTER).focus()
    return page


def test_home_and_end_go_to_the_first_and_last_visible_node(tree: Any) -> None:
    tree.keyboard.press("End")
    expect(tree.locator('[data-code="19"]')).to_be_focused()
    tree.keyboard.press("Home")
    expect(tree.locator(CHAPTER)).to_be_focused()


def test_a_screenful_down_and_up_stops_at_the_ends(tree: Any) -> None:
    tree.keyboard.press("PageDown")
    expect(tree.locator('[data-code="19"]')).to_be_focused()
    tree.keyboard.press("PageUp")
    expect(tree.locator(CHAPTER)).to_be_focused()


def test_typing_goes_to_the_next_node_that_begins_so(tree: Any) -> None:
    tree.keyboard.press("*")
    expect(tree.locator('[data-code="S50-S59"]')).to_be_visible()
    tree.keyboard.type("s5")
    expect(tree.locator('[data-code="S50-S59"]')).to_be_focused()


def test_a_lone_c_copies_and_within_a_word_is_a_letter(tree: Any) -> None:
    tree.keyboard.press("c")
    expect(tree.locator("#said")).to_have_text("Copied 4")
    tree.keyboard.type("ec")
    expect(tree.locator("#said")).to_have_text("Copied 4")


def test_an_asterisk_opens_all_beside_it(tree: Any) -> None:
    tree.keyboard.press("*")
    expect(tree.locator('.tree > li > .row > [aria-expanded="true"]')).to_have_count(2)
    expect(tree).to_have_url(re.compile(r"/browse/icd-10-cm$"))


def test_left_goes_to_the_parent_and_one_node_alone_is_a_tab_stop(tree: Any) -> None:
    tree.keyboard.press("ArrowRight")
    expect(tree.locator('[data-code="E08-E13"]')).to_be_visible()
    tree.keyboard.press("ArrowRight")
    expect(tree.locator('[data-code="E08-E13"]')).to_be_focused()
    tree.keyboard.press("ArrowLeft")
    expect(tree.locator(CHAPTER)).to_be_focused()
    expect(tree.locator('.tree [tabindex="0"]')).to_have_count(1)
    tree.keyboard.press("Enter")
    expect(tree).to_have_url(re.compile("/code/icd-10-cm/4"))


def test_a_branch_that_cannot_be_fetched_is_said(tree: Any) -> None:
    tree.route("**/children?*", lambda route: route.fulfill(status=400, body=""))
    tree.wait_for_load_state("networkidle")
    tree.keyboard.press("ArrowRight")
    expect(tree.locator("#said")).to_have_text("4 could not be opened")


def test_a_code_typed_above_the_tree_opens_it_there(tree: Any) -> None:
    tree.get_by_label("Go to a code").fill("e119")
    tree.keyboard.press("Enter")
    expect(tree.locator('[aria-current="true"][data-code="E11.9"]')).to_be_in_viewport()


def test_arrows_walk_the_results_and_escape_returns_to_the_box(page: Any) -> None:
    page.goto("/?q=diabetes")
    hits = page.locator(".hit")
    last = hits.count() - 1
    for _ in range(last + 3):
        page.keyboard.press("ArrowDown")
    expect(hits.nth(last)).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(hits.nth(last - 1)).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()


def test_escape_in_the_box_clears_it_and_shows_the_start(page: Any) -> None:
    page.goto("/?q=diabetes")
    page.locator("#q").focus()
    page.keyboard.press("Escape")
    expect(page.locator("#q")).to_have_value("")
    expect(page.locator(".start")).to_be_visible()
    expect(page).to_have_url(re.compile("/$"))


def test_tabs_are_walked_by_arrows_and_narrow_at_once(page: Any) -> None:
    page.goto("/?q=diabetes")
    page.locator('input[name="system"]:checked').focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("system=icd-10-cm"))
    expect(page.locator('input[name="system"][value="icd-10-cm"]')).to_be_focused()


def test_the_first_stop_skips_to_the_content(page: Any) -> None:
    page.goto("/code/icd-10-cm/E11.9")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator(".trail a").first).to_be_focused()


@pytest.mark.parametrize(
    "path",
    [
        "/?q=diabetes",
        "/code/icd-10-cm/S52.501A",
        "/crosswalk/S52.501A",
        "/builder?expression=NC32.5",
        "/impact",
        "/impact?example#annex",
        "/scenario?stays=1200&minutes=30&wage=40",
        "/lists",
        "/changes/icd-10-cm",
        "/index/diseases?q=diabetes",
        "/validate?codes=E11.9+E11+E11.8+ZZ99",
    ],
)
def test_focus_goes_down_the_page_and_is_always_seen(page: Any, path: str) -> None:
    page.goto(path)
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); window.before = null")
    stops = []
    for _ in range(25):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        stops.append(page.evaluate(FOCUS))
    assert len(stops) > 10
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert [stop["name"] for stop in stops[1:] if not stop["after"]] == []


def test_the_builder_keeps_the_keyboard_where_the_next_member_is_typed(page: Any) -> None:
    page.goto("/builder?expression=NC32.5")
    page.get_by_label("Search", exact=True).fill("right")  # one request, so that one answer comes
    page.get_by_role("link", name="Add XK9K Right").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#expression")).to_have_value("NC32.5&XK9K")
    expect(page.get_by_label("Search", exact=True)).to_be_focused()
    expect(page.locator("#said")).to_have_text("NC32.5&XK9K: valid")
