"""Patterns of coding with their denominators and intervals."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting
from terminology.claims.studies.patterns import PatternRate, VisitLevel, pattern_rates, wilson
from tests.payer_library import IN_QUARTER

LEVELS = {"G9931": VisitLevel("visits", 1), "G9932": VisitLevel("visits", 2)}


def claims(count: int, code: str = "G9931", *modifiers: str, units: float = 1) -> list[Claim]:
    """Claims of one line each."""
    line = ClaimLine(code, modifiers, units=units, date_of_service=IN_QUARTER)
    return [Claim(ClaimSetting.PROFESSIONAL, lines=(line,))] * count


def rates(
    store: Store, groups: dict[str, list[Claim]], **reference: float
) -> dict[tuple[str, str], PatternRate]:
    """The rates by group and pattern."""
    found = pattern_rates(groups, store, LEVELS, reference)
    return {(rate.group, rate.pattern): rate for rate in found}


@pytest.mark.parametrize(
    ("count", "of", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_the_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    found = wilson(count, of)
    assert [found.low, found.high] == pytest.approx([low, high], abs=1e-4)


def test_a_rate_is_compared_with_its_peers(claim_store: Store) -> None:
    groups = {"A": claims(50, "G9931", "25"), "B": claims(100)}
    found = rates(claim_store, groups)["A", "modifier 25"]
    assert (found.count, found.of, found.rate, found.reference, found.verdict) == (50, 50, 1.0, 0.0, "above")
    assert found.certainty == "heuristic"


def test_a_distribution_that_is_given_counts_in_place_of_peers(claim_store: Store) -> None:
    groups = {"A": claims(20, "G9932") + claims(20)}
    found = rates(claim_store, groups, **{"visits, level 2": 0.5})["A", "visits, level 2"]
    assert (found.of, found.rate, found.reference, found.verdict) == (40, 0.5, 0.5, "within")


def test_few_claims_and_no_reference_give_no_verdict(claim_store: Store) -> None:
    few = rates(claim_store, {"A": claims(5, "G9931", "25")}, **{"modifier 25": 0.01})
    assert few["A", "modifier 25"].verdict == "too few"
    alone = rates(claim_store, {"A": claims(50)})
    assert alone["A", "modifier 25"].verdict == "no reference"


def test_units_at_the_limit_count_only_lines_whose_limit_is_above_one(claim_store: Store) -> None:
    groups = {"A": claims(40, "G9903", units=3) + claims(10, "G9903") + claims(5, "G9902")}
    found = rates(claim_store, groups)["A", "units at the limit"]
    assert (found.count, found.of) == (40, 50)
