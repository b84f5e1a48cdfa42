"""Patients for a risk score, from JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from terminology.claims.encoding.json_field import JsonField
from terminology.claims.payment.risk import V24, V28, Adjustment, RiskPatient
from terminology.errors import InvalidRequestError

MOST_PATIENTS = 500
"""Patients of one request."""
_MOST_CODES = 500
_PATIENT = (*(field.name for field in fields(RiskPatient) if field.name != "services"), "patient")
_DOCUMENT = ("patients", "payment_year", "service_year", "normalization", "coding_intensity")
#: The codes of CMS's Medicare enrolment files: dual status, original and current reason for entitlement.
_CODED = {
    "dual_status": ("NA", "99", *(f"{number:02d}" for number in range(11))),
    "original_reason": ("0", "1", "2", "3"),
    "current_reason": ("0", "1", "2", "3"),
}
_FLAGS = ("new_enrollee", "special_needs_plan", "low_income", "institutional")
_MODELS = {"V24": V24, "V28": V28}


@dataclass(frozen=True, slots=True)
class RiskRequest:
    """The patients to score, the payment year, and the user's factors."""

    patients: tuple[RiskPatient, ...]
    payment_year: int
    adjustment: Adjustment


def risk_request(document: Any) -> RiskRequest:
    """Read ``{"patients": [...], "payment_year": 2026}``, or one patient with the year beside its fields.

    ``service_year`` may stand for the payment year, which is the year after; without either it is the year
    after this one's. Raises :class:`InvalidRequestError` whose parameter is the path of the wrong field.
    """
    field = JsonField("", document)
    several = isinstance(document, dict) and "patients" in document
    given = field.members(_DOCUMENT if several else (*_DOCUMENT[1:], *_PATIENT))
    if several:
        patients = tuple(
            _patient(one.members(_PATIENT), one) for one in given["patients"].items(MOST_PATIENTS)
        )
    else:
        patients = (_patient(given, field),)
    return RiskRequest(patients, _payment_year(given), _adjustment(given))


def _payment_year(given: dict[str, JsonField]) -> int:
    paid = given["payment_year"].whole() if "payment_year" in given else None
    served = given["service_year"].whole() if "service_year" in given else None
    if paid is not None and served is not None and paid != served + 1:
        raise InvalidRequestError("payment_year", f"is the year after service_year {served}, not {paid}")
    return paid or (served or date.today().year) + 1


def _adjustment(given: dict[str, JsonField]) -> Adjustment:
    factors: dict[str, float] = {}
    if "normalization" in given and given["normalization"].value is not None:
        for name, factor in given["normalization"].members(_MODELS).items():
            value = factor.number()
            if value is None or value <= 0:
                raise factor.fault("a factor above 0")
            factors[_MODELS[name]] = value
    intensity = given["coding_intensity"].number() if "coding_intensity" in given else None
    if intensity is not None and not 0 <= intensity < 1:
        raise given["coding_intensity"].fault("a share such as 0.059")
    return Adjustment(factors, intensity)


def _patient(given: dict[str, JsonField], field: JsonField) -> RiskPatient:
    if "patient" in given:  # as on a claim: {"patient": {"age": ..., "sex": ...}, "diagnoses": [...]}
        given = {**given, **given["patient"].members(("age", "sex"))}
    age = given["age"].whole() if "age" in given else None
    if age is None or age < 0:
        raise given.get("age", field.member("age")).fault("an age in whole years")
    sex = (given["sex"].text() or "").upper()[:1] if "sex" in given else ""
    if sex not in ("F", "M"):
        raise given.get("sex", field.member("sex")).fault("F or M")
    if "diagnoses" not in given:
        raise field.member("diagnoses").fault("a list of codes")
    values: dict[str, Any] = {
        name: _coded(given[name], codes) for name, codes in _CODED.items() if name in given
    }
    values |= {name: _flag(given[name]) for name in _FLAGS if name in given}
    read = [_diagnosis(one) for one in given["diagnoses"].items(_MOST_CODES)]
    services: dict[str, tuple[str, ...]] = {}
    for code, by in read:
        if by:
            services[code] = (*services.get(code, ()), *by)
    codes = tuple(code for code, _ in read)
    identity = given["id"].text() if "id" in given else None
    return RiskPatient(age, sex, codes, identity, services=services, **values)


def _diagnosis(field: JsonField) -> tuple[str, tuple[str, ...]]:
    """A diagnosis as text, or as on a claim; with the services that report it where they are given."""
    if isinstance(field.value, str):
        return field.required_text(), ()
    given = field.members(("code", "poa", "services"))
    code = given.get("code", field.member("code")).required_text()
    if "services" not in given:
        return code, ()
    return code, tuple(one.required_text().upper() for one in given["services"].items(_MOST_CODES))


def _coded(field: JsonField, codes: Sequence[str]) -> str:
    code = field.required_text().upper()
    if code not in codes:
        raise field.fault(f"one of {', '.join(codes)}")
    return code


def _flag(field: JsonField) -> bool:
    if not isinstance(field.value, bool):
        raise field.fault("true or false")
    return field.value
