"""The bodies that are read by the decoders of the domain, as JSON Schema: claims, patients, volumes.

Strings that a decoder reads as dates are told as such; ``tests/web/openapi/test_bodies.py`` holds the schemas
to the dataclasses that the decoders fill.
"""

from __future__ import annotations

from typing import Any

from terminology.claims.claim import SETTING_ALIASES, ClaimSetting, Sex
from terminology.claims.encoding.claim_json import MOST_CLAIMS, MOST_CODES, MOST_LINES
from terminology.claims.encoding.json_field import LONGEST_TEXT
from terminology.claims.payment.patient_json import MOST_PATIENTS

Json = dict[str, Any]


def _text(description: str) -> Json:
    return {**_TEXT, "description": description}


def _day(description: str) -> Json:
    """A day; an empty text is none, as programs write what they do not know."""
    given = ({"type": "string", "format": "date"}, {"type": "string", "maxLength": 0}, {"type": "null"})
    return {"anyOf": [*given], "description": description}


def _list(items: Json, most: int, description: str) -> Json:
    return {"type": ["array", "null"], "items": items, "maxItems": most, "description": description}


def _object(told: str, /, required: tuple[str, ...] = (), **properties: Json) -> Json:
    found: Json = {"type": "object", "description": told, "properties": properties}
    if required:
        found["required"] = list(required)
    return {**found, "additionalProperties": False}


def _of(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


#: Where a claim has a text, a whole number is read as it is written: programs leave the quotes of digits out.
_TEXT: Json = {"type": ["string", "integer", "null"], "maxLength": LONGEST_TEXT}
_CODE: Json = {
    "type": ["string", "integer"],
    "minLength": 1,
    "maxLength": LONGEST_TEXT,
    "description": "the code",
}
_REPORTED: Json = {"anyOf": [_of("ReportedDiagnosisIn"), {"type": "string", "minLength": 1}]}
_DIAGNOSIS: Json = {"anyOf": [_of("DiagnosisIn"), {"type": "string", "minLength": 1}]}
_SETTINGS = [*(setting.value for setting in ClaimSetting), *SETTING_ALIASES]
_FLAG: Json = {"type": "boolean"}
_YEAR: Json = {"type": ["integer", "null"]}
_YEARS: Json = {
    "payment_year": _YEAR | {"description": "the year after the service"},
    "service_year": _YEAR | {"description": "in place of the payment year"},
    "normalization": {"type": ["object", "null"], "description": "factors by model, V24 and V28"},
    "coding_intensity": {"type": ["number", "null"], "description": "a share such as 0.059"},
}

#: By the name of a schema, for ``components`` of the document.
SCHEMAS: dict[str, Json] = {
    "DiagnosisIn": _object(
        "A diagnosis.", ("code",), code=_CODE, poa=_text("present on admission: Y, N, U, W or 1")
    ),
    "ClaimPatientIn": _object(
        "The patient, without name, birth date or number.",
        age={"type": ["integer", "null"], "minimum": 0, "description": "whole years"},
        sex={
            "anyOf": [{"type": "string", "enum": [*Sex]}, {"type": "null"}],
            "description": "as on the claim",
        },
    ),
    "ClaimLineIn": _object(
        "A service line; what it leaves out has its default, null says that there is none.",
        code=_text("HCPCS or CPT code; may be missing beside a revenue code"),
        modifiers=_list(_TEXT, MOST_CODES, "in the order of the claim"),
        units={"type": ["number", "null"], "description": "one if left out"},
        charge={"type": ["number", "null"], "description": "US dollars"},
        date_of_service=_day("the claim's if left out"),
        pointers=_list({"type": "integer"}, MOST_CODES, "diagnoses by number; the first four if left out"),
        place_of_service=_text("two digits"),
        revenue_code=_text("four digits"),
        description=_text("what an unlisted service is"),
        ndc=_text("national drug code"),
    ),
    "ClaimIn": _object(
        "A claim (docs/claims.md).",
        ("setting",),
        setting={"type": "string", "enum": _SETTINGS, "description": "which kind of claim it is"},
        id=_text("given back with the answer"),
        patient={"anyOf": [_of("ClaimPatientIn"), {"type": "null"}], "description": "age and sex"},
        diagnoses=_list(_DIAGNOSIS, MOST_CODES, "the first is the principal or first-listed one"),
        lines=_list(_of("ClaimLineIn"), MOST_LINES, "the service lines"),
        date_of_service=_day("the day of service"),
        admission_date=_day("of a stay"),
        discharge_date=_day("of a stay: the day by which its codes are judged"),
        statement_from=_day("first day of the statement"),
        statement_through=_day("last day of the statement"),
        type_of_bill=_text("of an institutional claim, such as 0131"),
        discharge_status=_text("two digits"),
        condition_codes=_list(_TEXT, MOST_CODES, "of an institutional claim"),
        payer=_text("whom the claim goes to"),
        locality=_text("of the fee schedule"),
        admitting_diagnosis=_text("of a stay"),
        reason_for_visit=_list(_TEXT, MOST_CODES, "of an outpatient claim"),
        external_causes=_list(_DIAGNOSIS, MOST_CODES, "where they stand apart from the diagnoses"),
        procedures_icd10pcs=_list(_TEXT, MOST_CODES, "ICD-10-PCS codes"),
    ),
    "ClaimsIn": _object(
        "Several claims.", ("claims",), claims=_list(_of("ClaimIn"), MOST_CLAIMS, "answered in order")
    ),
    "ReportedDiagnosisIn": _object(
        "A diagnosis and the services by which it was reported.",
        ("code",),
        code=_CODE,
        poa=_text("present on admission, as on a claim"),
        services=_list(_TEXT, MOST_CODES, "CPT and HCPCS codes: where none counts, neither does it"),
    ),
    "RiskPatientIn": _object(
        "A patient for a risk score, the payment year beside it.",
        ("diagnoses",),
        id=_text("given back with the answer"),
        age={"type": "integer", "minimum": 0, "description": "whole years"},
        sex={"type": "string", "description": "F or M"},
        patient={
            "anyOf": [_of("ClaimPatientIn")],
            "description": "age and sex, as on a claim",
        },
        diagnoses=_list(_REPORTED, MOST_CODES, "all of the year of service"),
        dual_status=_TEXT | {"description": "Medicaid dual status code: NA, 00 to 10, 99"},
        original_reason=_TEXT | {"description": "original reason for entitlement: 0 to 3"},
        current_reason=_TEXT | {"description": "current reason for entitlement"},
        new_enrollee=_FLAG | {"description": "newly enrolled"},
        special_needs_plan=_FLAG | {"description": "in a special needs plan"},
        low_income=_FLAG | {"description": "has the low income subsidy"},
        institutional=_FLAG | {"description": "lives in an institution"},
        **_YEARS,
    ),
    "RiskPatientsIn": _object(
        "Several patients.",
        ("patients",),
        patients=_list(_of("RiskPatientIn"), MOST_PATIENTS, "answered in order; without years of their own"),
        **_YEARS,
    ),
}

_CLAIM: Json = {"anyOf": [_of("ClaimIn"), _of("ClaimsIn")]}
_FILE: Json = {"type": "string", "contentMediaType": "application/octet-stream", "description": "the file"}
#: The content of a body by operation and media type.
BODIES: dict[str, dict[str, Json]] = {
    "POST /api/v1/claims/check": {
        "application/json": _CLAIM,
        "application/edi-x12": {"type": "string", "description": "an 837 file"},
        "application/fhir+json": {
            "type": "object",
            "description": "a Claim, an ExplanationOfBenefit or a Bundle of them",
            "properties": {"resourceType": {"type": "string"}},
            "required": ["resourceType"],
        },
    },
    "POST /api/v1/claims/drg": {"application/json": _CLAIM},
    "POST /api/v1/claims/amounts": {"application/json": _CLAIM},
    "POST /api/v1/claims/risk": {
        "application/json": {"anyOf": [_of("RiskPatientIn"), _of("RiskPatientsIn")]}
    },
    "POST /api/v1/impact": {
        "text/csv": {"type": "string", "description": "volumes, a line for each code"},
        "multipart/form-data": {
            "type": "object",
            "properties": {"file": _FILE, "episodes": _FILE | {"description": "episode definitions, TOML"}},
        },
    },
}
