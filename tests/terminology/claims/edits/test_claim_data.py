"""Missing and impossible data."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis
from tests.terminology.claims.checking import DAY, found, line, stay, visit


def many(count: int) -> tuple[str, ...]:
    """So many diagnosis codes."""
    return tuple(f"E11.{number}" for number in range(count))


def test_a_claim_without_diagnosis_is_an_error(claim_store: Store) -> None:
    assert found("claim.missing_diagnosis", visit(), claim_store)
    assert not found("claim.missing_diagnosis", visit("E11.9"), claim_store)


def test_a_professional_claim_has_room_for_twelve_and_a_stay_for_twenty_five(claim_store: Store) -> None:
    edit = "claim.too_many_diagnoses"
    assert not found(edit, visit(*many(12)), claim_store)
    (finding,) = found(edit, visit(*many(14)), claim_store)
    assert finding.dx == (13, 14)
    assert not found(edit, stay(*many(25)), claim_store)
    assert found(edit, stay(*many(26)), claim_store)


def test_external_causes_and_reasons_have_room_of_their_own(claim_store: Store) -> None:
    causes = tuple(Diagnosis("Y65.51") for _ in range(13))
    assert found("claim.too_many_diagnoses", stay("I10", external_causes=causes), claim_store)
    assert not found("claim.too_many_diagnoses", stay("I10", external_causes=causes[:12]), claim_store)
    assert found("claim.too_many_diagnoses", stay("I10", reason_for_visit=many(4)), claim_store)


@pytest.mark.parametrize("pointers", [(), (0,), (2,), (1, 1, 1, 1, 1)])
def test_a_pointer_that_cannot_be_is_an_error(pointers: tuple[int, ...], claim_store: Store) -> None:
    (finding,) = found("line.pointer", visit("E11.9", lines=(line(pointers=pointers),)), claim_store)
    assert finding.line == (1,)


def test_lines_of_hospital_claims_have_no_pointers(claim_store: Store) -> None:
    assert not found("line.pointer", stay("E11.9", lines=(line(pointers=()),)), claim_store)


def test_a_professional_line_needs_a_date(claim_store: Store) -> None:
    claim = visit("E11.9", lines=(line(), line(date_of_service=None)))
    (finding,) = found("line.missing_date", claim, claim_store)
    assert finding.line == (2,)
    assert not found("line.missing_date", stay("E11.9", lines=(line(date_of_service=None),)), claim_store)


def test_an_outpatient_line_needs_a_date_where_the_statement_spans_days(claim_store: Store) -> None:
    def claim(through: date) -> Claim:
        lines = (line(date_of_service=None),)
        return Claim(
            ClaimSetting.OUTPATIENT,
            diagnoses=(Diagnosis("E11.9"),),
            lines=lines,
            statement_from=DAY,
            statement_through=through,
        )

    assert found("line.missing_date", claim(date(2026, 8, 16)), claim_store)
    assert not found("line.missing_date", claim(DAY), claim_store)


def test_a_line_outside_the_statement_is_an_error(claim_store: Store) -> None:
    claim = stay("E11.9", lines=(line(date_of_service=date(2026, 8, 9)),), statement_from=date(2026, 8, 10))
    (finding,) = found("line.missing_date", claim, claim_store)
    assert "2026-08-09" in finding.message


@pytest.mark.parametrize(("units", "wrong"), [(None, True), (0, True), (-1, True), (0.5, False), (2, False)])
def test_a_line_needs_units(units: float | None, wrong: bool, claim_store: Store) -> None:
    claim = visit("E11.9", lines=(line(units=units),))
    assert bool(found("line.units", claim, claim_store)) is wrong


@pytest.mark.parametrize(("place", "wrong"), [("11", False), ("28", True), ("1", True), (None, False)])
def test_a_place_must_be_on_cms_list(place: str | None, wrong: bool, claim_store: Store) -> None:
    claim = visit("E11.9", lines=(line(place_of_service=place),))
    assert bool(found("line.place_of_service", claim, claim_store)) is wrong


def test_days_before_the_list_are_not_judged(claim_store: Store) -> None:
    early = date(2023, 12, 31)
    lines = (line(place_of_service="28", date_of_service=early),)
    assert not found("line.place_of_service", visit("E11.9", lines=lines, day=early), claim_store)


def test_a_revenue_line_without_a_code_is_no_fault(claim_store: Store) -> None:
    claim = stay("E11.9", lines=(ClaimLine(None, revenue_code="0120"),))
    assert not found("line.units", claim, claim_store)
