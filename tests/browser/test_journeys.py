"""The journeys people make, with mouse, by keyboard alone, without JavaScript and on a phone."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect

EXAMPLE = Path(__file__).parents[2] / "web" / "static" / "example-volumes.csv"


def test_results_appear_as_one_types_and_the_address_follows(page: Any) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("diabetes", delay=20)
    expect(page.locator(".hit").first).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?q=diabetes$"))


def test_a_tab_narrows_to_its_code_system(page: Any) -> None:
    page.goto("/?q=diabetes")
    page.get_by_text("ICD-11 MMS", exact=True).first.click()
    expect(page).to_have_url(re.compile("system=icd-11"))
    expect(page.locator(".hit .tag").first).to_have_text("ICD-11 MMS")
    assert set(page.locator(".hit .tag").all_text_contents()) == {"ICD-11 MMS"}


def test_a_code_is_found_opened_and_copied_by_keyboard_alone(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?q=E11.9")
    expect(page.locator(".hit").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hit").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#said")).to_have_text("Copied E11.9")
    assert page.evaluate("navigator.clipboard.readText()") == "E11.9"
    page.keyboard.press("ArrowUp")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/code/icd-10-cm/E11.9"))


def test_enter_opens_the_first_result_of_what_was_typed(page: Any) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("5A11", delay=20)
    expect(page.locator('.hit[data-code="5A11"]')).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/code/icd-11/5A11"))


def test_recent_codes_are_kept_in_the_browser_and_can_be_forgotten(page: Any) -> None:
    page.goto("/code/icd-10-cm/E11.9")
    page.goto("/")
    expect(page.locator(".recent a")).to_have_count(1)
    page.get_by_role("button", name="Forget recent codes").click()
    expect(page.locator("#recent")).to_be_hidden()


def test_the_picker_leads_to_the_billable_code(page: Any) -> None:
    page.goto("/code/icd-10-cm/S52.501A")
    expect(page.locator("tr.chosen th")).to_have_text("A")
    expect(page.locator(".pick a")).to_have_attribute("href", "/code/icd-10-cm/S52.501A")


def test_the_tree_opens_by_keyboard_and_keeps_its_place_in_the_address(page: Any) -> None:
    page.goto("/browse/icd-10-cm")
    page.locator(".node").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("at=4$"))
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-code="E08-E13"]')).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator('[data-code="E11"]')).to_be_visible()
    page.reload()
    expect(page.locator('[data-code="E11"]')).to_be_visible()
    page.locator('[data-code="E08-E13"]').focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-code="E11"]')).to_be_hidden()
    expect(page.get_by_role("tree")).to_have_count(1)


def test_the_crosswalk_is_two_clicks_from_a_code(page: Any) -> None:
    page.goto("/code/icd-10-cm/S52.501A")
    page.get_by_role("link", name=re.compile("Why, facet by facet")).click()
    expect(page.locator(".state-lost").first).to_have_text("− lost")
    expect(page.locator(".graph .forward").first).to_be_attached()


def test_a_cluster_is_built_by_searching(page: Any) -> None:
    page.goto("/builder?expression=NC32.5")
    page.get_by_label("Search", exact=True).press_sequentially("right", delay=20)
    page.get_by_role("link", name="Add XK9K Right").click()
    expect(page.locator("#expression")).to_have_value("NC32.5&XK9K")
    expect(page.locator("#b-h span")).to_have_text("valid")
    page.get_by_role("link", name="Remove XK9K").click()
    expect(page.locator("#expression")).to_have_value("NC32.5")


def test_a_comparison_is_copied_as_a_table(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/compare")
    page.get_by_label("ICD-10-CM code").fill("E11.9")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("button", name="Copy as a table").first.click()
    expect(page.locator("#said")).to_have_class("said on")
    assert page.evaluate("navigator.clipboard.readText()").split("\n")[1].startswith("Code\tE11.9\t")


def test_a_file_becomes_a_report_on_the_same_page_and_a_table_is_downloaded(page: Any) -> None:
    page.goto("/impact")
    page.locator("#file").set_input_files(EXAMPLE)
    page.get_by_role("button", name="Show the report").click()
    expect(page.locator(".report h2").first).to_contain_text("diagnoses, read against")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV").first.click()
    assert download.value.suggested_filename.endswith(".csv")
    table = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert not [cell for cell in table[1].split(",") if cell.endswith("%") or '"' in cell]
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all rows").first.click()
    assert download.value.suggested_filename.endswith(".zip")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download SVG").first.click()
    assert "<rect" in Path(download.value.path()).read_text("utf-8")


def test_all_rows_of_the_example_are_downloaded_without_a_file(page: Any) -> None:
    page.goto("/impact?example")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all rows").first.click()
    assert download.value.suggested_filename == "icd-11-impact.zip"
    with ZipFile(download.value.path()) as tables:
        assert any(name.startswith("kept") for name in tables.namelist())


def test_a_heading_sorts_the_table_of_a_report_by_mouse_and_keyboard(page: Any) -> None:
    page.goto("/impact?example")
    table = page.locator("#all-codes-t")
    page.locator("#all-codes summary").click()
    volumes = table.locator("tbody td:nth-child(4)")
    table.get_by_role("button", name="Volume").click()
    expect(table.locator("th").nth(3)).to_have_attribute("aria-sort", "descending")
    page.keyboard.press("Enter")
    expect(table.locator("th").nth(3)).to_have_attribute("aria-sort", "ascending")
    shown = [int(text.replace(",", "")) for text in volumes.all_inner_texts()]
    assert shown == sorted(shown)
    assert shown


def test_a_scenario_is_reckoned_with_and_without_javascript(page: Any, plain: Any) -> None:
    for one in (page, plain):
        one.goto("/impact")
        one.get_by_role("link", name="Reckon a scenario").click()
        one.get_by_label("Records coded in a year").fill("1200")
        one.get_by_role("link", name="Enter 24.16").click()
        one.get_by_label("Records coded in a year").fill("1200")
        one.get_by_label("Minutes to code one today").fill("30")
        one.get_by_label("Loss of productivity").fill("50")
        one.get_by_label("Loss of productivity").press("Enter")
        expect(one.get_by_role("status").first).to_contain_text("50 hours, 1,208 dollars")


def test_a_file_that_cannot_be_read_is_explained_beside_the_form(page: Any, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.csv"
    wrong.write_text("name,age\nx,1\n")
    page.goto("/impact")
    page.locator("#file").set_input_files(wrong)
    with page.expect_response("**/impact") as answer:
        page.get_by_role("button", name="Show the report").click()
    assert answer.value.status == 400
    expect(page.get_by_role("alert")).to_contain_text("name the column of the codes")


def test_search_code_tree_and_builder_work_without_javascript(plain: Any) -> None:
    plain.goto("/")
    plain.locator("#q").fill("diabetes")
    plain.get_by_role("button", name="Search").click()
    plain.locator('.hit[data-code="E11.9"]').first.click()
    expect(plain.locator("h1")).to_contain_text("E11.9")
    plain.goto("/browse/icd-10-cm")
    plain.get_by_role("link", name="Open 4", exact=True).click()
    plain.get_by_role("link", name="Open E08-E13").click()
    plain.get_by_role("link", name="Open E11", exact=True).click()
    expect(plain.locator('[data-code="E11.9"]')).to_be_visible()
    plain.goto("/builder")
    plain.get_by_label("Expression").fill("NC32.5")
    plain.get_by_role("button", name="Check").click()
    expect(plain.locator("#b-h span")).to_have_text("valid")
    plain.goto("/impact")
    plain.locator("#file").set_input_files(EXAMPLE)
    plain.get_by_role("button", name="Show the report").click()
    expect(plain.locator(".report h2").first).to_contain_text("diagnoses")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/?q=diabetes", ".hit"),
        ("/code/icd-10-cm/S52.501A", ".pick a"),
        ("/browse/icd-10-cm?at=E11.9", '[aria-current="true"][data-code="E11.9"]'),
        ("/crosswalk/S52.501A", ".state-lost"),
        ("/crosswalk/5A11", "#table-1 .code"),
        ("/compare/E11.9?other=E11.A", "#general"),
        ("/impact?example", ".report table"),
        ("/scenario?stays=1200&minutes=30&wage=40&curve=50", "#scenario"),
        ("/lists", "#codes"),
        ("/changes/icd-10-cm", "#changes"),
        ("/index/diseases?q=diabetes", ".book"),
        ("/validate?codes=E11.9", "main table"),
        ("/about", "#own"),
        ("/docs", "#operations"),
    ],
)
def test_each_page_is_whole_without_javascript_and_offers_nothing_that_needs_it(
    plain: Any, path: str, shown: str
) -> None:
    plain.goto(path)
    expect(plain.locator(shown).first).to_be_visible()
    for button in plain.locator("button.copy").all():
        assert not button.is_visible()


def test_forms_lead_on_without_javascript(plain: Any) -> None:
    plain.goto("/compare")
    plain.get_by_label("ICD-10-CM code").fill("E11.9")
    plain.get_by_role("button", name="Compare").click()
    plain.get_by_role("link", name="why").click()
    expect(plain.locator("h1")).to_have_text("E11.9 in ICD-11")
    plain.goto("/browse/icd-11")
    plain.get_by_label("Go to a code").fill("5a11")
    plain.get_by_role("button", name="Go").click()
    expect(plain.locator('[aria-current="true"][data-code="5A11"]')).to_be_visible()


def test_a_file_dropped_on_the_page_is_measured(page: Any) -> None:
    page.goto("/impact")
    dropped = page.evaluate_handle(
        "text => { const d = new DataTransfer(); d.items.add(new File([text], 'volumes.csv')); return d; }",
        "code,count\nE11.9,40\nS52.501A,2\n",
    )
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(page.locator(".report h2").first).to_have_text(re.compile("^42 diagnoses"))
    expect(page.locator("#said")).to_have_text("The report is ready")


def test_the_workbook_of_a_file_is_downloaded(page: Any) -> None:
    page.goto("/impact")
    page.locator("#file").set_input_files(EXAMPLE)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download workbook").click()
    assert download.value.suggested_filename == "icd-11-impact.xlsx"


def test_a_code_typed_exactly_shows_what_it_becomes_and_each_result_copies(page: Any) -> None:
    page.goto("/?q=S52.501A")
    expect(page.locator(".becomes").first).to_contain_text("In ICD-11: NC32.5&XK9K")
    page.get_by_role("button", name="Copy code S52.501A").first.click()
    expect(page.locator("#said")).to_have_text("Copied S52.501A")


def test_nothing_found_says_what_to_try(page: Any) -> None:
    page.goto("/?q=zzzzqqq&system=icd-11")
    page.get_by_role("link", name="Search everything for it").click()
    expect(page).to_have_url(re.compile(r"\?q=zzzzqqq$"))


def test_a_fault_is_a_friendly_page_with_a_number_and_no_traceback(
    page: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(import_module("web.pages.about"), "_in_force", lambda release: 1 / 0)
    page.goto("/about")
    expect(page.get_by_role("alert")).to_contain_text("The server failed to answer")
    number = page.locator(".error b.code").inner_text()
    assert f"request {number}: GET /about failed" in caplog.text
    assert "Traceback" not in page.content()
    assert "ZeroDivisionError" not in page.content()
    page.get_by_role("link", name="Search").first.click()
    expect(page.locator("#q")).to_be_visible()


def test_a_phone_searches_and_opens_a_code(phone: Any) -> None:
    phone.goto("/")
    phone.locator("#q").press_sequentially("diabetes", delay=20)
    phone.locator('.hit[data-code="E11.9"]').first.tap()
    expect(phone.locator("h1")).to_contain_text("E11.9")


def test_a_retired_code_typed_in_the_box_leads_to_its_successor(page: Any) -> None:
    page.goto("/")
    page.locator("#q").press_sequentially("E11.8", delay=20)
    page.locator("p.gone").get_by_role("link", name="E11.A").click()
    expect(page.locator("h1")).to_contain_text("E11.A")


def test_print_leaves_out_what_paper_cannot_use(page: Any) -> None:
    page.goto("/code/icd-10-cm/E11.9")
    page.emulate_media(media="print")
    expect(page.locator(".top nav")).to_be_hidden()
    expect(page.locator(".copy").first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()


def test_home_is_under_100_kb_and_nothing_shifts(page: Any) -> None:
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    page.add_init_script(
        "window.shift = 0; new PerformanceObserver((list) => { for (const e of list.getEntries()) "
        "if (!e.hadRecentInput) window.shift += e.value; })"
        ".observe({ type: 'layout-shift', buffered: true });"
    )
    page.goto("/", wait_until="networkidle")
    assert len(sizes) >= 5
    assert sum(sizes) < 100_000
    page.locator("#q").press_sequentially("diabetes", delay=20)
    expect(page.locator(".hit").first).to_be_visible()
    assert page.evaluate("window.shift") == 0


def test_no_page_asks_another_host(page: Any, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/?q=diabetes", "/code/icd-11/5A11", "/browse/icd-11", "/impact", "/about"):
        page.goto(path)
    assert asked
    assert [url for url in asked if not url.startswith(address)] == []


def test_the_box_at_the_head_of_a_page_searches_as_one_types_in_the_remembered_system(page: Any) -> None:
    page.goto("/about")
    page.locator(".top-search select").select_option("icd-11")
    page.locator(".top-search input").press_sequentially("diabetes", delay=20)
    expect(page.locator(".live a").first).to_be_visible()
    assert set(page.locator(".live .tag").all_text_contents()) == {"ICD-11 MMS"}
    page.goto("/docs")
    expect(page.locator(".top-search select")).to_have_value("icd-11")
    page.goto("/")
    expect(page.locator('#search input[name="system"]:checked')).to_have_value("icd-11")


def test_the_box_at_the_head_has_the_keys_of_the_first_page(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/about")
    page.keyboard.press("/")
    page.keyboard.type("E11.9")
    expect(page.locator('.live a[data-code="E11.9"]').first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".live a").first).to_be_focused()
    page.keyboard.press("c")
    expect(page.locator("#said")).to_have_text("Copied E11.9")
    page.keyboard.press("ArrowUp")
    expect(page.locator(".top-search input")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/code/icd-10-cm/E11.9"))


def test_a_favourite_stands_on_the_first_page_and_downloads(page: Any) -> None:
    page.goto("/code/icd-10-cm/E11.9")
    page.get_by_role("button", name="Favourite").click()
    page.goto("/")
    expect(page.locator("#kept .recent a")).to_have_count(1)
    with page.expect_download() as waited:
        page.get_by_role("button", name="Download favourites as CSV").click()
    rows = Path(waited.value.path()).read_text(encoding="utf-8").splitlines()
    assert rows[0] == '"system","code","title"'
    assert rows[1].startswith('"icd-10-cm","E11.9",')


def test_the_index_is_walked_by_keyboard_and_searched_as_one_types(page: Any) -> None:
    page.goto("/index/diseases?letter=D")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".heads a").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.type("type 2")
    expect(page.locator(".book a").first).to_contain_text("Diabetes")
    expect(page).to_have_url(re.compile(r"/index/diseases\?q=type(\+|%20)2$"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/index/diseases\?term=Diabetes#t\d+"))


def test_a_code_is_copied_though_the_box_that_was_left_has_its_words_selected(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/?q=E11.9")
    page.locator(".hit").first.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("c")
    expect(page.locator("#said")).to_have_text("Copied E11.9")


def test_index_and_changes_are_read_without_javascript(plain: Any) -> None:
    plain.goto("/index/diseases")
    plain.get_by_role("searchbox", name="Find in this book").fill("type 2")
    plain.get_by_role("button", name="Find").click()
    expect(plain.locator(".book li")).to_have_count(1)
    plain.goto("/changes/icd-10-cm")
    plain.get_by_label("List").first.select_option("deleted")
    plain.get_by_role("button", name="Show").click()
    expect(plain.locator("#changes tbody tr")).to_have_count(1)


def test_the_annex_of_a_report_opens_by_keyboard_and_without_javascript(page: Any, plain: Any) -> None:
    for one in (page, plain):
        one.goto("/impact?example")
        table = one.locator("#all-codes-t")
        expect(table).not_to_be_visible()
        one.locator("#all-codes summary").focus()
        one.keyboard.press("Enter")
        expect(table).to_be_visible()


def test_a_list_survives_without_javascript_and_its_rows_download(plain: Any) -> None:
    plain.goto("/lists")
    plain.get_by_label("ICD-10-CM codes or headings").fill("E11.9 Type 2 diabetes\nS52.501A")
    plain.get_by_role("button", name="Show what replaces it").click()
    expect(plain.get_by_role("status").first).to_contain_text("2 codes")
    with plain.expect_download() as download:
        plain.get_by_role("button", name="Download CSV").click()
    assert Path(download.value.path()).read_text("utf-8").startswith("level,icd_11,exact")
