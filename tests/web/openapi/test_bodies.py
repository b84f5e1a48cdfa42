"""The published bodies are those that the decoders read."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from terminology.claims.claim import Claim, ClaimLine, Diagnosis, Patient
from terminology.claims.encoding.claim_json import claims_of
from terminology.claims.payment.patient_json import risk_request
from terminology.claims.payment.risk import RiskPatient
from tests.client import Client
from web.openapi.bodies import SCHEMAS
from web.openapi.operations import OPERATIONS

_READ = {"ClaimIn": Claim, "ClaimLineIn": ClaimLine, "DiagnosisIn": Diagnosis, "ClaimPatientIn": Patient}


@pytest.mark.parametrize("name", list(_READ))
def test_a_schema_has_the_members_that_are_read(name: str) -> None:
    assert set(SCHEMAS[name]["properties"]) == {field.name for field in fields(_READ[name])}


def test_a_patient_has_the_members_that_are_read() -> None:
    beside = {"patient", "payment_year", "service_year", "normalization", "coding_intensity"}
    read = {f.name for f in fields(RiskPatient)} - {"services"}
    assert set(SCHEMAS["RiskPatientIn"]["properties"]) == read | beside
    assert set(SCHEMAS["ReportedDiagnosisIn"]["properties"]) == {"code", "poa", "services"}


def test_everything_that_a_schema_allows_is_read(client: Client) -> None:
    claim: dict[str, Any] = {
        "setting": "outpatient_hospital",
        "patient": {"age": 3, "sex": None},
        "diagnoses": ["E11.9", {"code": "E11", "poa": None}],
        "lines": [{"code": None, "revenue_code": "0450", "units": None, "pointers": [1]}],
        "date_of_service": "2026-11-02",
        "condition_codes": None,
    }
    spec = client.get("/api/openapi.json").json
    for body in (claim, {"claims": [claim]}):
        published = spec["paths"]["/api/v1/claims/check"]["post"]["requestBody"]["content"]
        schema = {**published["application/json"]["schema"], "components": spec["components"]}
        assert list(Draft202012Validator(schema).iter_errors(body)) == []
        assert len(claims_of(body)) == 1


def test_examples_are_as_published(client: Client) -> None:
    spec = client.get("/api/openapi.json").json
    for key, operation in OPERATIONS.items():
        if not isinstance(operation.body, dict):
            continue
        method, path = key.split(" ")
        content = spec["paths"][path][method.lower()]["requestBody"]["content"]["application/json"]
        schema = {**content["schema"], "components": spec["components"]}
        assert list(Draft202012Validator(schema).iter_errors(operation.body)) == [], key


def test_a_patient_with_every_member_is_read() -> None:
    patient = {"age": 70, "sex": "F", "diagnoses": ["E11.9"], "payment_year": 2027, "coding_intensity": 0.059}
    assert risk_request(patient).payment_year == 2027
