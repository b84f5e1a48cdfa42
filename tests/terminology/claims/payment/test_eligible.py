"""Services that count for risk adjustment, by the loaded list."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.payment import risk as risk_module
from terminology.claims.payment.eligible import risk_by_services, service_standing
from terminology.claims.payment.risk import TAKEN_AS_ELIGIBLE, RiskPatient, risk_of
from tests.needs import missing

SERVED = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("code", "day", "eligible", "reason"),
    [
        ("g0447", SERVED, True, "CMS, CMS risk adjustment, eligible services, payment year 2027"),
        ("J3370", SERVED, False, "payment year 2027"),
        ("0000T", SERVED, None, "the loaded list has codes of HCPCS Level II alone"),
        ("G0447", date(2025, 7, 1), None, "no list of risk-eligible services of 2025 is loaded"),
    ],
)
def test_a_service_is_on_the_list_of_its_year_or_not_or_cannot_be_told(
    claim_store: Store, code: str, day: date, eligible: bool | None, reason: str
) -> None:
    found = service_standing(claim_store, code, day)
    assert found.eligible is eligible
    assert reason in found.reason


@pytest.fixture
def package() -> None:
    """The optional package."""
    if risk_module._package() is None:
        missing("hccinfhir is not installed")


@pytest.mark.usefixtures("package")
def test_a_diagnosis_none_of_whose_services_counts_is_left_out_of_the_score(claim_store: Store) -> None:
    services = {"E11.22": ("J3370",), "I50.22": ("J3370", "G0447")}
    patient = RiskPatient(70, "F", ("E11.22", "I50.22", "I10"), services=services)
    found = risk_by_services(claim_store, patient, 2027)
    assert found.not_eligible == ("E11.22",)
    assert found.raw == risk_of(RiskPatient(70, "F", ("I50.22", "I10")), 2027).raw
    assert "given without services, and taken as risk-eligible: I10" in found.not_checked
    assert TAKEN_AS_ELIGIBLE not in found.not_checked


@pytest.mark.usefixtures("package")
def test_a_service_that_cannot_be_told_leaves_the_diagnosis_in_and_is_said(claim_store: Store) -> None:
    patient = RiskPatient(70, "F", ("E11.22",), services={"E11.22": ("0000T", "J3370")})
    found = risk_by_services(claim_store, patient, 2027)
    assert found.not_eligible == ()
    assert any("E11.22 is taken as risk-eligible: 0000T was not checked" in why for why in found.not_checked)


@pytest.mark.usefixtures("package")
def test_without_services_all_diagnoses_are_taken_as_eligible(claim_store: Store) -> None:
    found = risk_by_services(claim_store, RiskPatient(70, "F", ("E11.22",)), 2027)
    assert TAKEN_AS_ELIGIBLE in found.not_checked


@pytest.mark.usefixtures("package")
def test_a_year_read_from_another_s_tables_says_so() -> None:
    said = [
        risk_module.stands_in(2024) in risk_of(RiskPatient(70, "F", ()), y).not_checked for y in (2024, 2025)
    ]
    assert said == [True, False]
