"""MS-DRGs of stays: the package's own known answers, dates, weights and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from loaders.cms.msdrg import read_drg_weights
from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.payment import drg as drg_module
from terminology.claims.payment.drg import DrgEstimate, drg_of, version_on
from terminology.facility import DrgWeight
from terminology.graph import TerminologyGraph
from tests.needs import missing
from tests.small_library import small_library

FY2026 = date(2026, 8, 15)


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bundle with the weights of two DRGs of FY2026."""
    folder = tmp_path_factory.mktemp("weighted")
    library = small_library()
    library.drg_weights = [
        DrgWeight("291", "MED", "HEART FAILURE WITH MCC", 1.3, "IPPS table 5", 1.25, 2026),
        DrgWeight("293", "MED", "HEART FAILURE WITHOUT CC/MCC", 0.6, "IPPS table 5", 0.6, 2026),
    ]
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    store = Store(folder)
    yield store
    store.close()


def stay(*codes: str, day: date | None = FY2026, age: int | None = 65, status: str | None = "01") -> Claim:
    """A stay of a man with these diagnoses, all present on admission."""
    diagnoses = tuple(Diagnosis(code, "Y") for code in codes)
    patient = Patient(age, Sex.MALE)
    return Claim(ClaimSetting.INPATIENT, patient, diagnoses, discharge_date=day, discharge_status=status)


def grouped(store: Store, *codes: str, day: date = FY2026) -> DrgEstimate:
    """The estimate of a stay, where the grouper is installed."""
    if drg_module._grouper() is None:
        missing("msdrg is not installed")
    return drg_of(stay(*codes, day=day), store)


def test_the_packages_own_example_is_answered_with_weight_and_severity(weighted: Store) -> None:
    found = grouped(weighted, "I50.20", "E11.65")
    assert (found.drg, found.version, found.weight, found.return_code) == ("293", "v43.1", 0.6, "OK")
    assert found.mdc == "05"
    assert [(each.code, each.severity) for each in found.diagnoses] == [("I50.20", "CC"), ("E11.65", "NONE")]
    assert found.without == ()


def test_each_cc_and_mcc_is_shown_with_the_drg_without_it(weighted: Store) -> None:
    found = grouped(weighted, "I50.20", "J96.01", "E11.65")
    assert (found.drg, found.weight, found.weight_before_cap) == ("291", 1.25, 1.3)
    (without,) = found.without
    assert (without.number, without.severity, without.drg, without.weight) == (2, "MCC", "293", 0.6)


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2022, 9, 30), None),
        (date(2022, 10, 1), 400),
        (date(2023, 9, 30), 401),
        (date(2025, 3, 31), 420),
        (date(2025, 4, 1), 421),
        (date(2026, 9, 30), 431),
        (date(2027, 3, 31), 440),
        (date(2027, 4, 1), None),
    ],
)
def test_the_discharge_date_chooses_the_version(day: date, version: int | None) -> None:
    assert version_on(day) == version


def test_a_weight_of_another_year_is_not_given(weighted: Store) -> None:
    found = grouped(weighted, "I50.20", "J96.01", day=date(2024, 11, 1))
    assert (found.drg, found.weight) == ("291", None)
    assert found.not_checked == ("relative weights of FY2026 are loaded, not of FY2025",)


def test_what_cannot_be_grouped_says_why(weighted: Store) -> None:
    for claim, words in (
        (stay("I50.20", day=date(2028, 1, 1)), "versions of 2022-10-01"),
        (stay("I50.20", day=None), "no discharge date"),
        (stay("I50.20", age=None), "age is not stated"),
        (stay(), "no principal diagnosis"),
        (Claim(ClaimSetting.PROFESSIONAL, diagnoses=(Diagnosis("I10"),)), "inpatient stays"),
    ):
        found = drg_of(claim, weighted)
        assert found.drg is None
        assert words in found.not_checked[0]


def test_without_the_package_nothing_is_invented(weighted: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drg_module, "_grouper", lambda: None)
    found = drg_of(stay("I50.20"), weighted)
    assert found.drg is None
    assert "msdrg is not installed" in found.not_checked[0]


def test_an_invalid_principal_diagnosis_is_told_as_the_grouper_does(weighted: Store) -> None:
    found = grouped(weighted, "Z99.99")
    assert found.drg == "999"
    assert "the grouper answers INVALID_PDX" in found.not_checked


def test_what_is_assumed_is_told(weighted: Store) -> None:
    if drg_module._grouper() is None:
        missing("msdrg is not installed")
    found = drg_of(stay("I50.20", status=None), weighted)
    assert found.assumptions == ("discharge status not stated: 01 (home) is taken",)


@pytest.mark.realdata
def test_the_published_weights_are_those_of_fy2026(data_dir: Path) -> None:
    with (data_dir / "payment" / "drg_weights.txt").open("rb") as file:
        weights = {weight.drg: weight for weight in read_drg_weights(file, "t")}
    assert (weights["001"].capped, weights["001"].fiscal_year) == (28.0239, 2026)
