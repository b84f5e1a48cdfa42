"""Reading claims from JSON."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.encoding.claim_json import MOST_CLAIMS, claims_of, is_single
from terminology.errors import InvalidRequestError


def one(**fields: Any) -> Claim:
    """Decode a professional claim with these fields."""
    (claim,) = claims_of({"setting": "professional", **fields})
    return claim


def test_every_field_of_a_claim_is_read() -> None:
    (claim,) = claims_of(
        {
            "id": "A-1",
            "setting": "inpatient",
            "patient": {"age": 60, "sex": "f"},
            "admission_date": "2026-08-10",
            "discharge_date": "2026-08-15",
            "diagnoses": [{"code": "E11.9", "poa": "y"}, "I10"],
            "external_causes": [{"code": "W01.0XXA", "poa": "Y"}],
            "condition_codes": ["45"],
            "lines": [{"revenue_code": "0120", "units": 5, "charge": 4500.5}],
        }
    )
    assert claim.id == "A-1"
    assert claim.setting is ClaimSetting.INPATIENT
    assert claim.patient == Patient(60, Sex.FEMALE)
    assert claim.diagnoses == (Diagnosis("E11.9", "Y"), Diagnosis("I10"))
    assert claim.discharge_date == date(2026, 8, 15)
    assert claim.lines == (ClaimLine(None, units=5, charge=4500.5, revenue_code="0120"),)


@pytest.mark.parametrize(
    ("name", "setting"),
    [("outpatient_hospital", ClaimSetting.OUTPATIENT), ("DME_supplier", ClaimSetting.DME)],
)
def test_settings_have_aliases(name: str, setting: ClaimSetting) -> None:
    (claim,) = claims_of({"setting": name})
    assert claim.setting is setting


def test_a_line_that_leaves_fields_out_takes_the_claims_date_its_diagnoses_and_one_unit() -> None:
    (line,) = one(date_of_service="2026-08-15", diagnoses=["I10", "E11.9"], lines=[{"code": "G0447"}]).lines
    assert (line.date_of_service, line.pointers, line.units) == (date(2026, 8, 15), (1, 2), 1)


def test_null_says_that_a_line_has_no_date_no_units_and_no_pointers() -> None:
    line = {"code": "G0447", "date_of_service": None, "units": None, "pointers": None}
    (read,) = one(date_of_service="2026-08-15", diagnoses=["I10"], lines=[line]).lines
    assert (read.date_of_service, read.units, read.pointers) == (None, None, ())


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"diagnosis": []}, "diagnosis"),
        ({"diagnoses": {}}, "diagnoses"),
        ({"diagnoses": [{"poa": "Y"}]}, "diagnoses[1].code"),
        ({"date_of_service": "15.08.2026"}, "date_of_service"),
        ({"date_of_service": "2026-02-30"}, "date_of_service"),
        ({"lines": [{"code": "G0447"}, {"code": "G0447", "units": "two"}]}, "lines[2].units"),
        ({"lines": [{"code": "G0447", "pointers": ["A"]}]}, "lines[1].pointers[1]"),
        ({"lines": [{}]}, "lines[1].code"),
        ({"patient": {"age": "old"}}, "patient.age"),
        ({"patient": {"age": -1}}, "patient.age"),
        ({"patient": {"sex": "x"}}, "patient.sex"),
        ({"setting": "hospice"}, "setting"),
    ],
)
def test_a_wrong_field_is_refused_by_its_path(fields: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        one(**fields)
    assert refused.value.parameter == path


def test_an_unknown_field_is_told_with_the_one_that_was_meant() -> None:
    with pytest.raises(InvalidRequestError, match="did you mean diagnoses"):
        one(diagnosis=[])


def test_the_claim_of_several_that_is_wrong_is_named() -> None:
    with pytest.raises(InvalidRequestError) as refused:
        claims_of({"claims": [{"setting": "dme"}, {"setting": "dme", "lines": 3}]})
    assert refused.value.parameter == "claims[2].lines"


def test_several_claims_come_as_an_object_or_as_a_list() -> None:
    one_claim = {"setting": "dme"}
    assert len(claims_of([one_claim, one_claim])) == len(claims_of({"claims": [one_claim] * 2})) == 2
    assert is_single(one_claim)
    assert not is_single([one_claim])


def test_more_claims_than_a_request_may_hold_are_refused() -> None:
    with pytest.raises(InvalidRequestError, match=str(MOST_CLAIMS)):
        claims_of([{"setting": "dme"}] * (MOST_CLAIMS + 1))


def test_a_document_that_is_no_object_is_refused() -> None:
    with pytest.raises(InvalidRequestError):
        claims_of("E11.9")
