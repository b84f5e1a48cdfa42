"""A claim: what was found, what was done, when and where, as far as codes are concerned.

It holds no name, no birth date and no member number: nothing here needs them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ClaimSetting(StrEnum):
    """Which kind of claim it is. A freestanding surgery centre bills a professional claim."""

    PROFESSIONAL = "professional"
    INPATIENT = "inpatient"
    OUTPATIENT = "outpatient"
    DME = "dme"


LINE_CLAIMS = frozenset({ClaimSetting.PROFESSIONAL, ClaimSetting.DME})
"""Settings whose claims are made of lines that point to diagnoses."""
MOST_POINTERS = 4
"""Pointers of one line (837P, SV107)."""

#: Other words users have for a setting.
SETTING_ALIASES = {
    "outpatient_hospital": ClaimSetting.OUTPATIENT,
    "dme_supplier": ClaimSetting.DME,
}


class Sex(StrEnum):
    """The patient's sex as the claim states it."""

    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


@dataclass(frozen=True, slots=True)
class Patient:
    """``age`` in whole years, at admission for a stay, else at service; ``None`` where it is not told."""

    age: int | None = None
    sex: Sex | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A diagnosis code as it stands on the claim, with its present-on-admission indicator if it has one."""

    code: str
    poa: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A service line. ``code`` is ``None`` where a revenue code stands alone, as on a hospital's claim.

    ``units`` is ``None`` where the claim has none; ``pointers`` are 1-based numbers of diagnoses; ``charge``
    is in dollars.
    """

    code: str | None
    modifiers: tuple[str, ...] = ()
    units: float | None = 1
    charge: float | None = None
    date_of_service: date | None = None
    pointers: tuple[int, ...] = ()
    place_of_service: str | None = None
    revenue_code: str | None = None
    description: str | None = None
    ndc: str | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim. The first of ``diagnoses`` is the principal or first-listed one.

    ``id`` is whatever its sender calls it, given back with the answer. ``external_causes`` stand apart from
    the diagnoses on institutional claims.
    """

    setting: ClaimSetting
    patient: Patient = Patient()
    diagnoses: tuple[Diagnosis, ...] = ()
    lines: tuple[ClaimLine, ...] = ()
    id: str | None = None
    date_of_service: date | None = None
    admission_date: date | None = None
    discharge_date: date | None = None
    statement_from: date | None = None
    statement_through: date | None = None
    type_of_bill: str | None = None
    discharge_status: str | None = None
    condition_codes: tuple[str, ...] = ()
    payer: str | None = None
    locality: str | None = None
    admitting_diagnosis: str | None = None
    reason_for_visit: tuple[str, ...] = ()
    external_causes: tuple[Diagnosis, ...] = ()
    procedures_icd10pcs: tuple[str, ...] = ()
