"""Claim and ExplanationOfBenefit resources as claims."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from terminology.claims.claim import ClaimSetting, Diagnosis, Sex
from terminology.errors import InvalidRequestError
from terminology.exchange.fhir.claims import FhirClaim, fhir_claims
from terminology.systems import HCPCS, ICD10CM

Json = dict[str, Any]
CARIN = "http://hl7.org/fhir/us/carin-bb/CodeSystem/"
PATIENT: Json = {"resourceType": "Patient", "id": "p", "birthDate": "1950-09-01", "gender": "female"}


def concept(code: str, system: str = "http://terminology.hl7.org/CodeSystem/any") -> Json:
    return {"coding": [{"system": system, "code": code}]}


def diagnosis(sequence: int, code: str, *types: str, poa: str | None = None) -> Json:
    found: Json = {"sequence": sequence, "diagnosisCodeableConcept": concept(code, ICD10CM.uri)}
    if types:
        found["type"] = [concept(each) for each in types]
    return found if poa is None else {**found, "onAdmission": concept(poa)}


def item(sequence: int, code: str, **more: Any) -> Json:
    return {"sequence": sequence, "productOrService": concept(code, HCPCS.uri), **more}


PROFESSIONAL: Json = {
    "resourceType": "Claim",
    "id": "c1",
    "type": concept("professional"),
    "contained": [PATIENT],
    "patient": {"reference": "#p"},
    "billablePeriod": {"start": "2026-08-15", "end": "2026-08-15"},
    "diagnosis": [diagnosis(2, "E10.9"), diagnosis(1, "E11.9", "principal")],
    "item": [
        item(
            1,
            "G0447",
            diagnosisSequence=[2],
            modifier=[concept("gt")],
            quantity={"value": 2},
            net={"value": 30.5, "currency": "USD"},
            locationCodeableConcept=concept("11"),
            servicedDate="2026-08-14",
        ),
        item(
            2,
            "J0001",
            detail=[{"sequence": 1, "productOrService": concept("1", "http://hl7.org/fhir/sid/ndc")}],
        ),
    ],
}
STAY: Json = {
    "resourceType": "ExplanationOfBenefit",
    "type": concept("institutional"),
    "patient": {"reference": "Patient/p"},
    "billablePeriod": {"start": "2026-08-01", "end": "2026-08-10"},
    "supportingInfo": [
        {"category": concept("typeofbill", CARIN + "C4BBSupportingInfoType"), "code": concept("0111")},
        {"category": concept("discharge-status"), "code": concept("1")},
        {
            "category": concept("admissionperiod"),
            "timingPeriod": {"start": "2026-08-01T10:00:00Z", "end": "2026-08-10"},
        },
        {"category": concept("medicalrecordnumber"), "valueString": "x"},
    ],
    "diagnosis": [
        diagnosis(1, "R07.9", "admitting"),
        diagnosis(2, "I21.9", "principal", poa="y"),
        diagnosis(3, "W19.XXXA", "externalcauseofinjury"),
    ],
    "procedure": [{"sequence": 1, "procedureCodeableConcept": concept("0ZZZZZZ")}],
    "item": [
        {
            "sequence": 1,
            "revenue": concept("450"),
            "adjudication": [{"category": concept("submitted"), "amount": {"value": 10}}],
        }
    ],
}


def read(document: Json) -> FhirClaim:
    (found,) = fhir_claims(document)
    return found


def test_a_professional_claim_is_read_with_its_principal_diagnosis_first() -> None:
    found = read(PROFESSIONAL)
    assert found.claim.setting is ClaimSetting.PROFESSIONAL
    assert found.claim.diagnoses == (Diagnosis("E11.9"), Diagnosis("E10.9"))
    assert found.diagnoses == (1, 0)
    assert (found.claim.patient.age, found.claim.patient.sex) == (75, Sex.FEMALE)


def test_an_item_is_a_line_that_points_to_diagnoses_by_their_sequence() -> None:
    first, second = read(PROFESSIONAL).claim.lines
    assert (first.code, first.modifiers, first.units, first.charge) == ("G0447", ("GT",), 2, 30.5)
    assert (first.pointers, first.place_of_service) == ((2,), "11")
    assert first.date_of_service == date(2026, 8, 14)
    assert (second.pointers, second.units, second.ndc) == ((1, 2), 1, "1")
    assert second.date_of_service == date(2026, 8, 15)


def test_a_stay_is_told_by_its_type_of_bill_and_its_patient_stands_beside_it() -> None:
    bundle = {"resourceType": "Bundle", "entry": [{"resource": PATIENT}, {"resource": STAY}]}
    found = read(bundle)
    claim = found.claim
    assert (claim.setting, claim.type_of_bill, claim.discharge_status) == (
        ClaimSetting.INPATIENT,
        "111",
        "01",
    )
    assert (claim.admission_date, claim.discharge_date) == (date(2026, 8, 1), date(2026, 8, 10))
    assert (claim.diagnoses, found.diagnoses) == ((Diagnosis("I21.9", "Y"),), (1,))
    assert (claim.admitting_diagnosis, claim.external_causes) == ("R07.9", (Diagnosis("W19.XXXA"),))
    assert (claim.lines[0].revenue_code, claim.lines[0].code, claim.lines[0].charge) == ("0450", None, 10)
    assert claim.patient.age == 75


def test_what_is_not_read_is_told() -> None:
    unread = " ".join(read(STAY).unread)
    assert "medicalrecordnumber" in unread
    assert "no Patient was sent along" in unread
    assert "Claim.item[1].detail" in " ".join(read(PROFESSIONAL).unread)


def test_a_diagnosis_may_be_a_condition_that_was_sent_along() -> None:
    condition = {"resourceType": "Condition", "id": "d", "code": concept("E11.9", ICD10CM.uri)}
    by_reference = [{"sequence": 1, "diagnosisReference": {"reference": "#d"}}]
    claim = {**PROFESSIONAL, "contained": [condition], "diagnosis": by_reference}
    assert read(claim).claim.diagnoses == (Diagnosis("E11.9"),)


def test_a_benefit_says_its_setting_in_its_subtype() -> None:
    claim = {**STAY, "subType": concept("outpatient", CARIN + "C4BBInstitutionalClaimSubType")}
    assert read(claim).claim.setting is ClaimSetting.OUTPATIENT


def test_diagnoses_of_icd9_are_marked() -> None:
    old = [{"sequence": 1, "diagnosisCodeableConcept": concept("250.00", "http://hl7.org/fhir/sid/icd-9-cm")}]
    assert read({**PROFESSIONAL, "diagnosis": old}).icd9


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type": concept("oral")}, "Claim.type"),
        ({"type": concept("institutional")}, "Claim.subType"),
        ({"diagnosis": {}}, "Claim.diagnosis"),
        (
            {"diagnosis": [{"diagnosisCodeableConcept": concept("1", "http://snomed.info/sct")}]},
            "Claim.diagnosis[0]",
        ),
        ({"diagnosis": [{"diagnosisReference": {"reference": "Condition/1"}}]}, "diagnosisReference"),
        ({"item": [{"sequence": 1, "productOrService": {"text": "visit"}}]}, "item[0].productOrService"),
        ({"item": [item(1, "G0447", quantity={"value": "2"})]}, "Claim.item[0].quantity.value"),
        ({"billablePeriod": {"start": "2026-08"}}, "Claim.billablePeriod.start"),
        ({"item": 3}, "Claim.item"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_place(change: Json, place: str) -> None:
    with pytest.raises(InvalidRequestError) as refused:
        fhir_claims({**PROFESSIONAL, **change})
    assert place in str(refused.value)


@pytest.mark.parametrize("document", [[], {}, {"resourceType": "Patient"}, {"resourceType": "Bundle"}])
def test_a_document_without_claims_is_refused(document: Any) -> None:
    with pytest.raises(InvalidRequestError):
        fhir_claims(document)
