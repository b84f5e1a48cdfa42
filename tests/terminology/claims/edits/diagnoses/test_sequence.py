"""The order of diagnoses."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.claims.finding import Severity
from tests.terminology.claims.checking import found, stay, visit


def test_a_manifestation_flagged_by_the_editor_is_an_error_first_in_any_setting(claim_store: Store) -> None:
    for claim in (stay("F02.80", "G30.9"), visit("F02.80", "G30.9")):
        (finding,) = found("dx.manifestation_first", claim, claim_store)
        assert (finding.dx, finding.severity, finding.source.row) == ((1,), Severity.ERROR, 15)
        assert finding.why == "Alzheimer's (G30.-)"
    assert not found("dx.manifestation_first", visit("G30.9", "F02.80"), claim_store)


def test_without_the_editors_table_the_title_tells_a_manifestation(claim_store: Store) -> None:
    (finding,) = found("dx.manifestation_first", visit("F02"), claim_store)
    assert finding.source.row == "I.A.13"


@pytest.mark.parametrize(("code", "row"), [("W01.0XXA", 17), ("W01.0XXD", "I.C.20.a.6")])
def test_an_external_cause_is_never_first(code: str, row: int | str, claim_store: Store) -> None:
    (finding,) = found("dx.external_cause_first", visit(code, "S52.502A"), claim_store)
    assert (finding.dx, finding.severity, finding.source.row) == ((1,), Severity.ERROR, row)
    assert not found("dx.external_cause_first", visit("S52.502A", code), claim_store)


def test_a_repeat_is_an_error_in_any_setting(claim_store: Store) -> None:
    (finding,) = found("dx.duplicate", visit("I10", "E11.9", "i10"), claim_store)
    assert (finding.dx, finding.severity) == ((3,), Severity.ERROR)
    assert "diagnosis 1" in finding.message


def test_a_stays_repeat_of_its_principal_diagnosis_meets_the_editor_too(claim_store: Store) -> None:
    findings = found("dx.duplicate", stay("I10", "E11.9", "I10"), claim_store)
    assert [(f.severity, f.source.publisher) for f in findings] == [
        (Severity.ERROR, "NCHS"),
        (Severity.WARNING, "CMS"),
    ]
    assert len(found("dx.duplicate", stay("I10", "E11.9", "E11.9"), claim_store)) == 1


@pytest.mark.parametrize("code", ["Z00.00", "Z38.00", "Z51.11", "Z99.12", "Z34.80"])
def test_a_code_that_may_only_be_first_is_a_warning_later(code: str, claim_store: Store) -> None:
    (finding,) = found("dx.must_be_first", visit("I10", code), claim_store)
    assert (finding.dx, finding.severity, finding.source.row) == ((2,), Severity.WARNING, "I.C.21.c.16")
    assert not found("dx.must_be_first", visit(code, "I10"), claim_store)


@pytest.mark.parametrize("codes", [("I10", "Z00.6"), ("I10", "Z52.9"), ("Z51.0", "Z51.11"), ("I10", "Z79.4")])
def test_exceptions_of_the_list_and_two_reasons_for_one_encounter_are_no_finding(
    codes: tuple[str, ...], claim_store: Store
) -> None:
    assert not found("dx.must_be_first", visit(*codes), claim_store)


@pytest.mark.parametrize("code", ["Z68.35", "R40.2121", "R29.705", "Z59.01", "Z28.310"])
def test_a_code_that_only_stands_beside_another_is_a_warning_first(code: str, claim_store: Store) -> None:
    (finding,) = found("dx.secondary_only", visit(code, "I10"), claim_store)
    assert (finding.severity, finding.source.row) == (Severity.WARNING, "I.B.14")
    assert not found("dx.secondary_only", visit("I10", code), claim_store)


@pytest.mark.parametrize(
    ("code", "section"), [("B95.61", "I.C.1.b"), ("Z16.12", "I.C.1.c"), ("Z37.0", "I.C.15.b.5")]
)
def test_what_is_said_about_another_disease_is_a_warning_first(
    code: str, section: str, claim_store: Store
) -> None:
    (finding,) = found("dx.secondary_only", visit(code, "I10"), claim_store)
    assert (finding.severity, finding.source.row) == (Severity.WARNING, section)
    assert not found("dx.secondary_only", visit("I10", code), claim_store)


def test_a_coma_without_a_scale_may_be_first(claim_store: Store) -> None:
    assert not found("dx.secondary_only", visit("R40.20"), claim_store)


@pytest.mark.parametrize(
    ("code", "wrong"), [("S52.502S", True), ("B90.9", True), ("I69.30", False), ("S52.502D", False)]
)
def test_what_left_a_sequela_does_not_stand_before_it(code: str, wrong: bool, claim_store: Store) -> None:
    assert bool(found("dx.sequela_first", visit(code, "G43.9"), claim_store)) is wrong
    assert not found("dx.sequela_first", visit("G43.9", code), claim_store)


@pytest.mark.parametrize(
    ("code", "section"), [("T45.515A", "I.C.19.e.5.a"), ("T45.516A", "I.C.19.e.5.c"), ("T45.511A", None)]
)
def test_an_adverse_effects_drug_and_an_underdosing_are_not_first_a_poisoning_is(
    code: str, section: str | None, claim_store: Store
) -> None:
    findings = found("dx.secondary_only", visit(code, "I10"), claim_store)
    assert [each.source.row for each in findings] == ([section] if section else [])
    assert not found("dx.secondary_only", visit("I10", code), claim_store)
