"""The one decoder of claims from JSON (docs/claims.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from terminology.claims.claim import (
    LINE_CLAIMS,
    MOST_POINTERS,
    SETTING_ALIASES,
    Claim,
    ClaimLine,
    ClaimSetting,
    Diagnosis,
    Patient,
    Sex,
)
from terminology.claims.encoding.json_field import JsonField

MOST_CLAIMS = 500
"""Claims of one request."""
MOST_LINES = 999
"""Service lines of one claim: what an institutional 837 may hold."""
MOST_CODES = 200
"""Diagnoses, modifiers or other codes in one list: far beyond any claim, so that a list has an end."""

_CLAIM = tuple(field.name for field in fields(Claim))
_LINE = tuple(field.name for field in fields(ClaimLine))
_DAYS = ("date_of_service", "admission_date", "discharge_date", "statement_from", "statement_through")
_TEXTS = ("id", "type_of_bill", "discharge_status", "payer", "locality", "admitting_diagnosis")
_LISTS = ("condition_codes", "reason_for_visit", "procedures_icd10pcs")
_LINE_TEXTS = ("place_of_service", "revenue_code", "description", "ndc")
_SEXES = {"F": Sex.FEMALE, "FEMALE": Sex.FEMALE, "M": Sex.MALE, "MALE": Sex.MALE}
_SEXES |= {"U": Sex.UNKNOWN, "UNKNOWN": Sex.UNKNOWN}


def claims_of(document: Any) -> tuple[Claim, ...]:
    """Return the claims of a document: ``{"claims": [...]}``, a list of claims, or one claim.

    Raises :class:`InvalidRequestError` whose parameter is the path of the wrong field.
    """
    if isinstance(document, list):
        document = {"claims": document}
    if isinstance(document, dict) and "claims" in document:
        several = JsonField("", document).members(("claims",))["claims"]
        return tuple(_claim(one) for one in several.items(MOST_CLAIMS))
    return (_claim(JsonField("", document)),)


def is_single(document: Any) -> bool:
    """Return whether a document is one claim, to be answered by one report."""
    return isinstance(document, dict) and "claims" not in document


def _claim(field: JsonField) -> Claim:
    given = field.members(_CLAIM)
    if "setting" not in given:
        raise field.member("setting").fault(_SETTING_NAMES)
    setting = _setting(given["setting"])
    day = given["date_of_service"].day() if "date_of_service" in given else None
    values: dict[str, Any] = {name: given[name].day() for name in _DAYS if name in given}
    values |= {name: given[name].text() for name in _TEXTS if name in given}
    values |= {name: _texts(given[name]) for name in _LISTS if name in given}
    for name in ("diagnoses", "external_causes"):
        if name in given:
            values[name] = tuple(_diagnosis(one) for one in given[name].items(MOST_CODES))
    if "lines" in given:
        defaults = _LineDefaults(day, _first_pointers(values.get("diagnoses", ()), setting))
        values["lines"] = tuple(_line(one, defaults) for one in given["lines"].items(MOST_LINES))
    if "patient" in given:
        values["patient"] = _patient(given["patient"])
    return Claim(setting=setting, **values)


_SETTING_NAMES = f"one of {', '.join((*ClaimSetting, *SETTING_ALIASES))}"


def _setting(field: JsonField) -> ClaimSetting:
    name = (field.text() or "").lower()
    if name in SETTING_ALIASES:
        return SETTING_ALIASES[name]
    try:
        return ClaimSetting(name)
    except ValueError:
        raise field.fault(_SETTING_NAMES) from None


def _patient(field: JsonField) -> Patient:
    if field.value is None:
        return Patient()
    given = field.members(("age", "sex"))
    age = given["age"].whole() if "age" in given else None
    if age is not None and age < 0:
        raise given["age"].fault("an age in whole years, 0 or more")
    sex = given["sex"].text() if "sex" in given else None
    if sex is not None and sex.upper() not in _SEXES:
        raise given["sex"].fault("F, M or U")
    return Patient(age, None if sex is None else _SEXES[sex.upper()])


def _diagnosis(field: JsonField) -> Diagnosis:
    if isinstance(field.value, str):
        return Diagnosis(field.required_text())
    given = field.members(("code", "poa"))
    if "code" not in given:
        raise field.member("code").fault("a text")
    poa = given["poa"].text() if "poa" in given else None
    return Diagnosis(given["code"].required_text(), None if poa is None else poa.upper())


@dataclass(frozen=True, slots=True)
class _LineDefaults:
    """What a line has that leaves a field out: the claim's date, and pointers to its first diagnoses."""

    day: date | None
    pointers: tuple[int, ...]


def _first_pointers(diagnoses: Sequence[Diagnosis], setting: ClaimSetting) -> tuple[int, ...]:
    """A line that does not say points to as many of the first diagnoses as it has room for."""
    if setting not in LINE_CLAIMS:
        return ()
    return tuple(range(1, min(len(diagnoses), MOST_POINTERS) + 1))


def _line(field: JsonField, defaults: _LineDefaults) -> ClaimLine:
    """Read a line. Fields left out have their defaults (one unit); null or ``[]`` says there is none."""
    given = field.members(_LINE)
    code = given["code"].text() if "code" in given else None
    if code is None and (given.get("revenue_code") is None or given["revenue_code"].text() is None):
        raise field.member("code").fault("a text, or a revenue_code beside it")
    values: dict[str, Any] = {name: given[name].text() for name in _LINE_TEXTS if name in given}
    values["date_of_service"] = given["date_of_service"].day() if "date_of_service" in given else defaults.day
    values["pointers"] = defaults.pointers
    for name in ("units", "charge"):
        if name in given:
            values[name] = given[name].number()
    if "modifiers" in given:
        values["modifiers"] = tuple(text.upper() for text in _texts(given["modifiers"]))
    if "pointers" in given:
        values["pointers"] = tuple(_pointer(one) for one in given["pointers"].items(MOST_CODES))
    return ClaimLine(code=code, **values)


def _pointer(field: JsonField) -> int:
    pointer = field.whole()
    if pointer is None:
        raise field.fault("the number of a diagnosis")
    return pointer


def _texts(field: JsonField) -> tuple[str, ...]:
    return tuple(text for text in (one.text() for one in field.items(MOST_CODES)) if text)
