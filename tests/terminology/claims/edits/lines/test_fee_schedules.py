"""What fee schedules and the NDC crosswalk say of lines."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Patient
from terminology.claims.edits.lines.drug_products import eleven_digits
from terminology.claims.finding import Severity
from tests.payer_library import IN_QUARTER
from tests.terminology.claims.checking import found, reasons


def billed(
    code: str,
    *modifiers: str,
    setting: ClaimSetting = ClaimSetting.PROFESSIONAL,
    ndc: str | None = None,
    day: date = IN_QUARTER,
) -> Claim:
    """A claim of one line."""
    return Claim(setting, Patient(60), (), (ClaimLine(code, modifiers, date_of_service=day, ndc=ndc),))


@pytest.mark.parametrize(
    ("setting", "code", "words"),
    [
        (ClaimSetting.PROFESSIONAL, "G9902", "status B in the physician fee schedule: bundled"),
        (ClaimSetting.OUTPATIENT, "G9902", "status indicator N in OPPS: packaged"),
    ],
)
def test_a_status_that_is_not_paid_is_told_by_its_meaning(
    claim_store: Store, setting: ClaimSetting, code: str, words: str
) -> None:
    (finding,) = found("hcpcs.status", billed(code, setting=setting), claim_store)
    assert words in finding.message
    assert finding.severity is Severity.INFO


def test_a_code_that_is_paid_is_no_finding(claim_store: Store) -> None:
    assert not found("hcpcs.status", billed("G9901"), claim_store)


def test_a_schedule_answers_for_its_own_period(claim_store: Store) -> None:
    later = billed("G9902", day=date(2026, 8, 15))
    assert not found("hcpcs.status", later, claim_store)
    assert "not loaded for 2026-08-15" in reasons("hcpcs.status", later, claim_store)[0]


@pytest.mark.parametrize(
    ("code", "modifier", "words"),
    [
        ("G9901", "50", "already that of both sides"),
        ("G9902", "26", "without professional and technical component"),
        ("G9901", "62", "co-surgeons are not permitted"),
        ("G9901", "66", "team surgery is not permitted"),
        ("G9903", "54", "no follow-up days"),
    ],
)
def test_indicators_speak_against_modifiers(claim_store: Store, code: str, modifier: str, words: str) -> None:
    (finding,) = found("mod.indicator", billed(code, modifier), claim_store)
    assert words in finding.message


@pytest.mark.parametrize("modifier", ["26", "TC", "80", "59"])
def test_modifiers_that_the_indicators_allow_are_no_finding(claim_store: Store, modifier: str) -> None:
    assert not found("mod.indicator", billed("G9901", modifier), claim_store)


def test_an_ndc_of_another_code_is_told_with_the_code(claim_store: Store) -> None:
    (finding,) = found("line.ndc", billed("J9902", ndc="00099-0001-02"), claim_store)
    assert (finding.suggest, finding.source.row) == (("J9901",), 10)
    assert not found("line.ndc", billed("J9901", ndc="N400099000102"), claim_store)


def test_an_ndc_the_crosswalk_lacks_is_not_checked(claim_store: Store) -> None:
    assert "not in the crosswalk" in reasons("line.ndc", billed("J9901", ndc="11111-1111-11"), claim_store)[0]
    assert "no NDC of eleven digits" in reasons("line.ndc", billed("J9901", ndc="aspirin"), claim_store)[0]


@pytest.mark.parametrize("written", ["99-0001-02", "00099-0001-2", "00099-001-02", "N4 00099000102"])
def test_ten_digits_are_filled_where_the_hyphens_show_the_gap(written: str) -> None:
    assert eleven_digits(written) in {"00099000102"}
