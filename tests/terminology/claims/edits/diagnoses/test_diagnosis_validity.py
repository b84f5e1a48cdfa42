"""Whether diagnosis codes exist, on their date, and are whole."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis
from terminology.claims.edits.diagnoses.diagnosis_validity import SAYS
from terminology.claims.finding import Finding, Severity
from tests.terminology.claims.checking import checked, found, line, reasons, stay, visit

LAST_OF_2026 = date(2026, 9, 30)
FIRST_OF_2027 = date(2026, 10, 1)


def faults(claim: Claim, store: Store) -> list[Finding]:
    """The findings of all validity edits."""
    return [finding for finding in check(claim, store).findings if finding.edit in SAYS]


def test_a_code_that_is_whole_and_valid_is_no_finding(claim_store: Store) -> None:
    claim = stay("E11.9", "D69.1", "S52.502A", "W01.0XXA", day=LAST_OF_2026)
    assert not faults(claim, claim_store)
    assert checked("dx.not_found", claim, claim_store) == ["2026"]


def test_a_code_never_heard_of_is_not_found(claim_store: Store) -> None:
    (finding,) = faults(stay("E11.9", "Q99.77"), claim_store)
    assert (finding.edit, finding.dx, finding.severity) == ("dx.not_found", (2,), Severity.ERROR)


def test_a_code_of_another_year_is_not_valid_on_the_date_and_says_what_is(claim_store: Store) -> None:
    (finding,) = faults(stay("E11.8", day=FIRST_OF_2027), claim_store)
    assert finding.edit == "dx.not_valid_on_date"
    assert finding.suggest == ("E11.A",)
    assert finding.source.in_force.end == LAST_OF_2026
    assert "2026-09-30" in finding.message
    (early,) = faults(stay("E11.A", day=LAST_OF_2026), claim_store)
    assert (early.edit, "not yet valid" in early.message) == ("dx.not_valid_on_date", True)


def test_a_code_that_was_divided_is_a_heading_from_that_day_and_suggests_its_children(
    claim_store: Store,
) -> None:
    assert not faults(stay("D69.1", day=LAST_OF_2026), claim_store)
    (finding,) = faults(stay("D69.1", day=FIRST_OF_2027), claim_store)
    assert (finding.edit, finding.suggest) == ("dx.not_billable", ("D69.11", "D69.19"))


def test_a_heading_far_above_suggests_what_lies_below_it(claim_store: Store) -> None:
    (finding,) = faults(stay("S52"), claim_store)
    assert (finding.edit, finding.suggest) == ("dx.not_billable", ("S52.5",))


@pytest.mark.parametrize("code", ["S52.502", "W01.0", "W01.0X", "W01.0XX"])
def test_a_code_without_its_7th_character_says_what_each_means(code: str, claim_store: Store) -> None:
    (finding,) = faults(stay(code), claim_store)
    assert finding.edit == "dx.missing_7th"
    assert [suggested[-1] for suggested in finding.suggest][:2] == ["A", "D"]
    assert "D = subsequent encounter" in finding.message


def test_a_code_without_its_placeholder_suggests_the_whole_one(claim_store: Store) -> None:
    (finding,) = faults(stay("W01.0A"), claim_store)
    assert (finding.edit, finding.suggest) == ("dx.placeholder", ("W01.0XXA",))


def test_a_placeholder_may_be_missing_within_a_code(claim_store: Store) -> None:
    (finding,) = faults(stay("T52.81A"), claim_store)
    assert (finding.edit, finding.suggest) == ("dx.placeholder", ("T52.8X1A",))


def test_a_7th_character_that_is_none_is_not_found_and_says_which_there_are(claim_store: Store) -> None:
    (finding,) = faults(stay("S52.502Q"), claim_store)
    assert (finding.edit, finding.suggest[0]) == ("dx.not_found", "S52.502A")
    assert "Q is none of A = initial encounter" in finding.message


def test_professional_lines_are_asked_each_on_its_date(claim_store: Store) -> None:
    lines = (line(date_of_service=LAST_OF_2026), line(date_of_service=FIRST_OF_2027))
    (finding,) = faults(visit("E11.8", lines=lines), claim_store)
    assert (finding.dx, finding.line) == ((1,), (2,))


def test_only_the_lines_that_point_to_a_diagnosis_are_asked(claim_store: Store) -> None:
    lines = (line(date_of_service=LAST_OF_2026), line(date_of_service=FIRST_OF_2027, pointers=(2,)))
    assert not faults(visit("E11.8", "E11.9", lines=lines), claim_store)


def test_the_discharge_date_counts_for_a_stay(claim_store: Store) -> None:
    claim = stay("E11.8", day=FIRST_OF_2027, admission_date=LAST_OF_2026)
    assert faults(claim, claim_store)


def test_an_outpatient_diagnosis_is_good_on_either_end_of_the_statement(claim_store: Store) -> None:
    def claim(code: str) -> Claim:
        period: dict[str, Any] = {"statement_from": LAST_OF_2026, "statement_through": FIRST_OF_2027}
        return Claim(ClaimSetting.OUTPATIENT, diagnoses=(Diagnosis(code),), **period)

    assert not faults(claim("E11.8"), claim_store)
    assert not faults(claim("E11.A"), claim_store)
    assert faults(claim("S52"), claim_store)


def test_other_diagnoses_of_the_claim_are_looked_at_too(claim_store: Store) -> None:
    claim = stay(
        "E11.9",
        admitting_diagnosis="S52",
        reason_for_visit=("Q99.77",),
        external_causes=(Diagnosis("W01.0"),),
    )
    messages = [finding.message for finding in faults(claim, claim_store)]
    assert all(finding.dx == () for finding in faults(claim, claim_store))
    assert {message.split(":")[0] for message in messages} == {
        "Admitting diagnosis",
        "Reason for the visit",
        "External cause",
    }


def test_after_the_last_release_an_unknown_code_is_not_judged(claim_store: Store) -> None:
    claim = stay("Q99.77", day=date(2028, 1, 1))
    assert not faults(claim, claim_store)
    assert reasons("dx.not_valid_on_date", claim, claim_store)


def test_a_claim_without_any_date_is_not_judged(claim_store: Store) -> None:
    claim = Claim(ClaimSetting.INPATIENT, diagnoses=(Diagnosis("Q99.77"),))
    assert not faults(claim, claim_store)
    assert reasons("dx.not_found", claim, claim_store) == ["the claim has no date"]
    assert not found("dx.not_found", claim, claim_store)


def test_behind_the_last_edition_no_code_is_told_valid_and_none_unknown(claim_store: Store) -> None:
    claim = stay("E11.9", "Q99.77", "S52", day=date(2027, 10, 1))
    assert not faults(claim, claim_store)
    assert checked("dx.not_found", claim, claim_store) == []
    (why,) = reasons("dx.not_billable", claim, claim_store)
    assert "the newest, 2027, ends on 2027-09-30" in why
