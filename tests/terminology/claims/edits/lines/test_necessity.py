"""Medical necessity by coverage documents."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient
from terminology.claims.finding import Severity
from tests.payer_library import IN_QUARTER
from tests.terminology.claims.checking import checked, found, reasons

EDIT = "necessity.not_supported"


def visit(
    code: str, *dx: str, pointers: tuple[int, ...] = (1,), modifiers: tuple[str, ...] = (), **more: Any
) -> Claim:
    """A professional claim of one line that points to some of its diagnoses."""
    day = more.pop("day", IN_QUARTER)
    setting = more.pop("setting", ClaimSetting.PROFESSIONAL)
    lines = (ClaimLine(code, modifiers, date_of_service=day, pointers=pointers),)
    return Claim(setting, Patient(60), tuple(map(Diagnosis, dx)), lines, **more)


def test_a_code_on_the_list_supports_the_service_and_the_list_is_called_not_sufficient(
    claim_store: Store,
) -> None:
    claim = visit("G9921", "E11.9")
    assert not found(EDIT, claim, claim_store)
    assert "necessary, not sufficient" in reasons(EDIT, claim, claim_store)[0]
    assert checked(EDIT, claim, claim_store) == ["version 2"]


def test_a_code_that_is_not_pointed_to_does_not_count_and_is_suggested(claim_store: Store) -> None:
    (finding,) = found(EDIT, visit("G9921", "I10", "E11.9"), claim_store)
    assert (finding.severity, finding.line, finding.dx, finding.suggest) == (
        Severity.ERROR,
        (1,),
        (1,),
        ("E11.9",),
    )
    assert "diagnosis 2 (E11.9)" in finding.message
    assert (finding.carc, finding.source.row) == (("50",), 3)


def test_the_version_of_the_day_decides(claim_store: Store) -> None:
    assert not found(EDIT, visit("G9921", "I10", day=date(2023, 12, 31)), claim_store)
    assert found(EDIT, visit("G9921", "I10", day=date(2024, 1, 1)), claim_store)


def test_a_code_listed_as_not_covered_is_named_so(claim_store: Store) -> None:
    (finding,) = found(EDIT, visit("G9921", "Z00.00"), claim_store)
    assert "listed as not covered" in finding.message


@pytest.mark.parametrize("modifier", ["GA", "GY", "GZ"])
def test_a_liability_modifier_makes_it_an_expected_denial(claim_store: Store, modifier: str) -> None:
    (finding,) = found(EDIT, visit("G9921", "I10", modifiers=(modifier,)), claim_store)
    assert finding.severity is Severity.INFO
    assert "denial is expected" in finding.message


def test_a_group_that_needs_another_beside_it(claim_store: Store) -> None:
    claim = visit("G9922", "E11.9", payer="01111")
    (finding,) = found(EDIT, claim, claim_store)
    assert "another code is needed" in finding.message
    assert finding.why == "For G9922 and G9923: report with a code from Group 2."
    assert not found(EDIT, visit("G9922", "E11.9", "I10", pointers=(1, 2), payer="01111"), claim_store)


def test_a_group_for_another_service_does_not_count(claim_store: Store) -> None:
    assert found(EDIT, visit("G9923", "I10"), claim_store)


def test_an_asterisk_is_a_condition_and_no_approval(claim_store: Store) -> None:
    claim = visit("G9922", "N40.0", payer="01111")
    assert not found(EDIT, claim, claim_store)
    assert any(
        "Only after another treatment failed." in reason for reason in reasons(EDIT, claim, claim_store)
    )


def test_contractors_that_differ_are_told_where_the_claim_names_none(claim_store: Store) -> None:
    claim = visit("G9922", "P22.0")
    assert not found(EDIT, claim, claim_store)
    assert any("name the contractor" in reason for reason in reasons(EDIT, claim, claim_store))
    assert found(EDIT, visit("G9922", "P22.0", payer="01111"), claim_store)


def test_a_service_without_a_rule_is_not_checked(claim_store: Store) -> None:
    assert reasons(EDIT, visit("G9999", "I10"), claim_store) == ["line 1, G9999: no rule is known"]
    early = visit("G9921", "I10", day=date(1990, 1, 1))
    assert "no loaded document about it is in force" in reasons(EDIT, early, claim_store)[0]


def test_a_claim_without_pointers_is_asked_for_all_its_diagnoses_where_its_kind_has_none(
    claim_store: Store,
) -> None:
    outpatient = visit("G9921", "I10", "E11.9", pointers=(), setting=ClaimSetting.OUTPATIENT)
    assert not found(EDIT, outpatient, claim_store)
    professional = visit("G9921", "I10", "E11.9", pointers=())
    assert "points to no diagnosis" in reasons(EDIT, professional, claim_store)[0]
