"""Whether codes and modifiers of lines exist on their date."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim
from terminology.claims.edits.lines.procedure_validity import SAYS
from tests.terminology.claims.checking import line, of, reasons, visit


def faults(claim: Claim, store: Store) -> list[tuple[str, tuple[int, ...]]]:
    """Edit and line of every finding about codes and modifiers."""
    return [(f.edit, f.line) for f in check(claim, store).findings if f.edit in SAYS]


def on(day: date, *codes: str) -> Claim:
    """A claim with these lines on a day."""
    return visit("I10", lines=tuple(line(code, date_of_service=day) for code in codes), day=day)


def test_valid_codes_and_modifiers_are_no_finding(claim_store: Store) -> None:
    assert not faults(visit("I10", lines=(line("G0447", "RT"), line("l1833", "lt"))), claim_store)


def test_a_code_that_ended_is_not_valid_on_a_later_date(claim_store: Store) -> None:
    assert not faults(on(date(2025, 6, 30), "J3370"), claim_store)
    assert faults(on(date(2025, 7, 1), "G0447", "J3370"), claim_store) == [("hcpcs.not_valid_on_date", (2,))]


def test_a_code_that_ended_is_told_with_its_own_period(claim_store: Store) -> None:
    report = check(on(date(2025, 7, 1), "J3370"), claim_store)
    periods = [each.source.in_force.end for each in of("hcpcs.not_valid_on_date", report)]
    assert periods == [date(2025, 6, 30)]


def test_a_code_is_not_valid_before_it_was_added(claim_store: Store) -> None:
    assert faults(on(date(2026, 6, 30), "G9999"), claim_store) == [("hcpcs.not_valid_on_date", (1,))]


def test_an_unknown_code_is_not_found_where_a_file_covers_the_date_else_not_checked(
    claim_store: Store,
) -> None:
    assert faults(on(date(2026, 8, 15), "G1234"), claim_store) == [("hcpcs.not_found", (1,))]
    earlier = on(date(2025, 8, 15), "G1234")
    assert not faults(earlier, claim_store)
    assert "none of them covers 2025-08-15" in reasons("hcpcs.not_found", earlier, claim_store)[0]


@pytest.mark.parametrize("code", ["00000", "0000T", "D0000"])
def test_codes_of_other_owners_are_not_checked_and_never_not_found(code: str, claim_store: Store) -> None:
    claim = on(date(2026, 8, 15), code)
    assert not faults(claim, claim_store)
    assert reasons("hcpcs.not_found", claim, claim_store)


def test_what_has_the_form_of_no_code_is_not_found(claim_store: Store) -> None:
    assert faults(on(date(2026, 8, 15), "G-44"), claim_store) == [("hcpcs.not_found", (1,))]


@pytest.mark.parametrize(
    ("modifier", "edit"),
    [("QQ", "mod.not_found"), ("CH", "mod.not_valid_on_date"), ("R", "mod.not_found")],
)
def test_modifiers_are_asked_too(modifier: str, edit: str, claim_store: Store) -> None:
    assert faults(visit("I10", lines=(line("G0447", modifier),)), claim_store) == [(edit, (1,))]


@pytest.mark.parametrize("modifier", ["25", "59", "1P", "P3"])
def test_cpt_modifiers_are_not_checked(modifier: str, claim_store: Store) -> None:
    claim = visit("I10", lines=(line("G0447", modifier),))
    assert not faults(claim, claim_store)
    assert reasons("mod.not_found", claim, claim_store)


@pytest.mark.parametrize(
    ("code", "trip", "fault"),
    [("A0999", "RH", []), ("A0999", "HX", []), ("G0447", "RH", [1]), ("A0999", "XH", [1])],
)
def test_origin_and_destination_are_modifiers_of_ambulance_lines_alone(
    code: str, trip: str, fault: list[int], claim_store: Store
) -> None:
    found = faults(visit("I10", lines=(line(code, trip),)), claim_store)
    assert [number for edit, lines in found if edit == "mod.not_found" for number in lines] == fault
