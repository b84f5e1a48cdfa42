"""Edits of the Medicare Code Editor."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.finding import Severity
from tests.terminology.claims.checking import checked, found, reasons, stay, visit


def test_a_principal_diagnosis_the_editor_does_not_accept_is_an_error_with_its_row(
    claim_store: Store,
) -> None:
    (finding,) = found("dx.unacceptable_principal", stay("B95.61"), claim_store)
    assert (finding.dx, finding.severity, finding.source.row) == ((1,), Severity.ERROR, 3)
    assert finding.source.release == "v44"
    assert finding.source.in_force.start == date(2017, 10, 1)


def test_the_row_of_the_discharge_date_decides(claim_store: Store) -> None:
    assert not found("dx.unacceptable_principal", stay("B95.61", day=date(2017, 9, 30)), claim_store)


def test_only_the_principal_diagnosis_can_be_unacceptable(claim_store: Store) -> None:
    assert not found("dx.unacceptable_principal", stay("E11.9", "B95.61"), claim_store)


def test_a_code_that_needs_a_secondary_diagnosis_is_accepted_with_one(claim_store: Store) -> None:
    assert found("dx.requires_secondary", stay("Z51.89"), claim_store)
    assert not found("dx.requires_secondary", stay("Z51.89", "E11.9"), claim_store)
    assert not found("dx.unacceptable_principal", stay("Z51.89", "E11.9"), claim_store)


def test_a_questionable_admission_is_a_warning(claim_store: Store) -> None:
    (finding,) = found("dx.questionable_admission", stay("I10"), claim_store)
    assert finding.severity is Severity.WARNING


def test_a_wrong_procedure_counts_in_any_position(claim_store: Store) -> None:
    (finding,) = found("dx.wrong_procedure", stay("E11.9", "Y65.51"), claim_store)
    assert finding.dx == (2,)


def test_unspecified_codes_are_told_from_april_2022_on(claim_store: Store) -> None:
    edit = "dx.unspecified_code"
    assert found(edit, stay("E11.9", "H40.10X0"), claim_store)
    assert not found(edit, stay("H40.10X0", day=date(2022, 3, 31)), claim_store)
    assert reasons(edit, stay("H40.10X0", day=date(2022, 3, 31)), claim_store)


@pytest.mark.parametrize(
    ("code", "age", "wrong"),
    [
        ("E28.310", 14, True),
        ("E28.310", 15, False),
        ("O80", 8, True),
        ("O80", 9, False),
        ("O80", 64, False),
        ("O80", 65, True),
        ("P22.0", 1, True),
        ("P22.0", 0, False),
        ("L70.4", 17, False),
        ("L70.4", 18, True),
    ],
)
def test_each_age_category_has_its_ages(code: str, age: int, wrong: bool, claim_store: Store) -> None:
    assert bool(found("dx.age_conflict", stay(code, age=age), claim_store)) is wrong


def test_maternity_was_12_to_55_before_october_2019(claim_store: Store) -> None:
    early = date(2019, 9, 30)
    assert found("dx.age_conflict", stay("O80", age=56, day=early), claim_store)
    assert not found("dx.age_conflict", stay("O80", age=56, day=date(2019, 10, 1)), claim_store)


def test_a_claim_without_age_is_not_checked_for_it(claim_store: Store) -> None:
    assert reasons("dx.age_conflict", stay("O80", age=None), claim_store) == ["the claim has no age"]


def test_sex_edits_hold_until_cms_ended_them(claim_store: Store) -> None:
    edit = "dx.sex_conflict"
    assert found(edit, stay("N40.0", day=date(2024, 9, 30)), claim_store)
    assert not found(edit, stay("N40.0", sex=Sex.MALE, day=date(2024, 9, 30)), claim_store)
    later = stay("N40.0", day=date(2024, 10, 1))
    assert not found(edit, later, claim_store)
    assert "ended by CMS" in reasons(edit, later, claim_store)[0]


def test_condition_code_45_passes_the_sex_edits_over(claim_store: Store) -> None:
    claim = stay("N40.0", day=date(2024, 9, 30), condition_codes=("45",))
    assert not found("dx.sex_conflict", claim, claim_store)
    assert "45" in reasons("dx.sex_conflict", claim, claim_store)[0]


def test_hospital_outpatient_claims_meet_age_and_sex_but_not_the_principal_edits(claim_store: Store) -> None:
    claim = Claim(
        ClaimSetting.OUTPATIENT,
        Patient(70, Sex.FEMALE),
        (Diagnosis("B95.61"), Diagnosis("O80")),
        statement_from=date(2026, 8, 15),
    )
    assert found("dx.age_conflict", claim, claim_store)
    assert reasons("dx.unacceptable_principal", claim, claim_store)
    assert not found("dx.unacceptable_principal", claim, claim_store)


def test_professional_claims_never_meet_the_editor(claim_store: Store) -> None:
    claim = visit("B95.61", "O80")
    for edit in ("dx.unacceptable_principal", "dx.age_conflict", "dx.questionable_admission"):
        assert not found(edit, claim, claim_store)
        assert reasons(edit, claim, claim_store)


def test_what_was_checked_names_the_release(claim_store: Store) -> None:
    assert checked("dx.unacceptable_principal", stay("E11.9"), claim_store) == ["v44"]


def test_without_the_master_no_verdict_is_given(store: Store) -> None:
    assert "not loaded" in reasons("dx.unacceptable_principal", stay("B95.61"), store)[0]
