"""Checking a claim in a browser: by keyboard, with and without JavaScript."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

CLAIM = "/check?codes=E11.9+%2F+G0447+x0&date=2026-10-15&setting=professional"


def test_a_digit_makes_the_fix_of_that_number(page: Any) -> None:
    page.goto(CLAIM)
    expect(page.locator("[data-fix-key='1']")).to_contain_text("One unit")
    page.keyboard.press("1")
    expect(page.locator("#codes")).to_have_value("E11.9 / G0447")
    expect(page.locator("[data-fix-key]")).to_have_count(0)


def test_a_digit_typed_into_the_box_stays_a_digit(page: Any) -> None:
    page.goto(CLAIM)
    page.locator("#codes").fill("E1")
    page.keyboard.type("1.9")
    expect(page.locator("#codes")).to_have_value("E11.9")


def test_the_answer_is_copied_as_text(page: Any) -> None:
    page.goto(CLAIM)
    page.get_by_role("button", name="Copy as text").click()
    expect(page.locator("#said")).to_contain_text("Copied")


def test_the_form_works_without_javascript_and_keeps_age_out_of_the_address(plain: Any) -> None:
    plain.goto("/check")
    plain.locator("#codes").fill("E11.9 / G0447 x0")
    plain.locator("[name=age]").fill("61")
    plain.get_by_role("button", name="Check", exact=True).click()
    expect(plain.locator("#found-h")).to_contain_text("error")
    assert "?" not in plain.url
    plain.get_by_role("button", name="One unit").click()
    expect(plain.locator("[name=age]").first).to_have_value("61")
    assert "?" not in plain.url


def test_a_list_is_validated_without_javascript(plain: Any) -> None:
    plain.goto("/validate")
    plain.locator("#codes").fill("E11.9\nZZ99")
    plain.get_by_role("button", name="Validate", exact=True).click()
    expect(plain.locator("#list tbody tr")).to_have_count(2)
