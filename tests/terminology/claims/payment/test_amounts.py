"""Amounts of the fee schedules."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Patient
from terminology.claims.context import check_context
from terminology.claims.payment.amounts import LineAmount, amounts_of
from tests.payer_library import IN_QUARTER


def amounts(
    store: Store,
    line: ClaimLine,
    setting: ClaimSetting = ClaimSetting.PROFESSIONAL,
    locality: str | None = "01112-05",
    factor: float | None = None,
) -> list[LineAmount]:
    """The amounts of a claim of one line."""
    claim = Claim(setting, Patient(70), (), (line,), locality=locality)
    return amounts_of(claim, check_context(store), factor)


def line(
    code: str, *modifiers: str, place: str = "11", units: float = 1, day: date = IN_QUARTER
) -> ClaimLine:
    """A line at a place of service."""
    return ClaimLine(code, modifiers, units=units, date_of_service=day, place_of_service=place)


@pytest.mark.parametrize(("place", "practice"), [("11", 2.0), ("22", 0.5)])
def test_a_physicians_amount_is_values_by_indices_by_factor(
    claim_store: Store, place: str, practice: float
) -> None:
    (found,) = amounts(claim_store, line("G9901", place=place, units=2))
    one = round((1.0 * 1.1 + practice * 1.3 + 0.1 * 0.5) * 32.0, 2)
    assert (found.unit_amount, found.amount) == (one, 2 * one)
    assert "locality 01112-05" in found.basis
    assert "not a payment determination" in found.notice


def test_the_line_of_the_modifier_counts(claim_store: Store) -> None:
    (found,) = amounts(claim_store, line("G9901", "26"))
    assert found.amount == round((0.4 * 1.1 + 0.2 * 1.3 + 0.1 * 0.5) * 32.0, 2)


def test_the_users_conversion_factor_counts(claim_store: Store) -> None:
    (found,) = amounts(claim_store, line("G9901"), factor=10.0)
    assert found.amount == round((1.1 + 2.6 + 0.05) * 10, 2)


@pytest.mark.parametrize(
    ("code", "place", "locality", "words"),
    [
        ("G9902", "11", "01112-05", "status B: bundled"),
        ("G9903", "11", "01112-05", "not done in a non-facility setting"),
        ("G9901", "11", None, "names no locality"),
        ("G9901", "11", "99", "locality 99 is not in"),
        ("G9999", "11", "01112-05", "G9999 is not in"),
    ],
)
def test_what_has_no_amount_says_why_and_is_never_0(
    claim_store: Store, code: str, place: str, locality: str | None, words: str
) -> None:
    (found,) = amounts(claim_store, line(code, place=place), locality=locality)
    assert found.amount is None
    assert words in found.basis


def test_a_schedule_of_another_year_gives_no_amount(claim_store: Store) -> None:
    (found,) = amounts(claim_store, line("G9901", day=date(2026, 8, 15)))
    assert found.amount is None
    assert "not loaded for 2026-08-15" in found.basis


def test_an_outpatient_rate_and_a_packaged_code(claim_store: Store) -> None:
    (paid,) = amounts(claim_store, line("G9901"), ClaimSetting.OUTPATIENT)
    assert paid.amount == 1062.94
    (packaged,) = amounts(claim_store, line("G9902"), ClaimSetting.OUTPATIENT)
    assert packaged.amount is None
    assert "packaged" in packaged.basis


def test_a_drug_has_its_limit_by_units(claim_store: Store) -> None:
    found = amounts(claim_store, line("J9901", units=10), ClaimSetting.DME)
    assert [(each.schedule, each.amount) for each in found] == [("ASP limit", 32.98)]
