"""Present-on-admission indicators."""

from __future__ import annotations

from datetime import date

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, Diagnosis
from terminology.claims.finding import Severity
from tests.terminology.claims.checking import found, reasons, stay, visit

IN_FY2025 = date(2025, 2, 10)


def with_indicators(*diagnoses: tuple[str, str | None], day: date = IN_FY2025) -> Claim:
    """A stay whose diagnoses have these indicators."""
    return stay(day=day, listed=tuple(Diagnosis(code, poa) for code, poa in diagnoses))


def test_a_diagnosis_that_is_not_exempt_needs_an_indicator(claim_store: Store) -> None:
    claim = with_indicators(("E11.9", "Y"), ("I10", None))
    (finding,) = found("dx.poa_missing", claim, claim_store)
    assert (finding.dx, finding.severity) == ((2,), Severity.ERROR)
    assert "critical access" in (finding.why or "")


def test_an_exempt_code_needs_none(claim_store: Store) -> None:
    claim = with_indicators(("E11.9", "Y"), ("Z79.4", None))
    assert not found("dx.poa_missing", claim, claim_store)


def test_an_indicator_on_an_exempt_code_is_a_warning_with_the_lists_row(claim_store: Store) -> None:
    (finding,) = found("dx.poa_on_exempt", with_indicators(("Z79.4", "Y")), claim_store)
    assert (finding.severity, finding.source.row, finding.source.release) == (Severity.WARNING, 7, "FY2025")


def test_the_list_answers_for_its_fiscal_year_only(claim_store: Store) -> None:
    later = with_indicators(("I10", None), ("Z79.4", "Y"), day=date(2025, 10, 1))
    for edit in ("dx.poa_missing", "dx.poa_on_exempt"):
        assert not found(edit, later, claim_store)
        assert "FY2025: 2024-10-01 to 2025-09-30" in reasons(edit, later, claim_store)[0]


def test_an_indicator_must_be_one_of_four_in_any_year(claim_store: Store) -> None:
    claim = with_indicators(("E11.9", "X"), ("I10", "W"), ("Z79.4", None), day=date(2026, 8, 1))
    (finding,) = found("dx.poa_invalid", claim, claim_store)
    assert finding.dx == (1,)


def test_other_claims_have_no_indicator(claim_store: Store) -> None:
    assert not found("dx.poa_missing", visit("I10", day=IN_FY2025), claim_store)
    assert reasons("dx.poa_missing", visit("I10", day=IN_FY2025), claim_store)
