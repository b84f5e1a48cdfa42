"""Care settings compared: does one keep more of its meaning than another?"""

from __future__ import annotations

from itertools import combinations
from math import sqrt

from terminology.impact.coded import Facility, Weights, mapped
from terminology.impact.measures.error_range import KEPT, Z95, difference_range
from terminology.impact.measures.representation import judged
from terminology.impact.table import Certainty, Column, Table, Value, measured

LEAST_CODES = 10
"""Codes of like weight below which an interval over codes says nothing."""
TOO_FEW = "too few codes"
"""What is said in place of whether two settings differ, where one of them has fewer."""


def difference(facility: Facility, one: Weights, other: Weights) -> tuple[float, float]:
    """Return how much more of its meaning one setting keeps than another, and the half-width of 95 %.

    Codes, not diagnoses, are what varies: a judgement is right or wrong for a code as a whole, so that
    millions of diagnoses do not make it surer. Linearised variance of the difference of two ratios over
    codes.
    """
    totals = [sum(n for _, n in mapped(facility, weights)) for weights in (one, other)]
    if not all(totals):
        return 0.0, 0.0
    kept = {key: float(coded.representation in KEPT) for key, coded in facility.codes.items()}
    parts = [
        {coded.key: n / total for coded, n in mapped(facility, weights)}
        for weights, total in zip((one, other), totals, strict=True)
    ]
    shares = [sum(kept[key] * part for key, part in weights.items()) for weights in parts]
    variance = sum(
        (parts[0].get(key, 0.0) * (kept[key] - shares[0]) - parts[1].get(key, 0.0) * (kept[key] - shares[1]))
        ** 2
        for key in {**parts[0], **parts[1]}
    )
    return shares[0] - shares[1], Z95 * sqrt(variance)


def _like_weight(weights: Weights) -> float:
    """Return how many codes of equal volume would tell as much (Kish, Survey Sampling, 1965)."""
    squares = sum(n * n for n in weights.values())
    return sum(weights.values()) ** 2 / squares if squares else 0.0


def settings_compared(facility: Facility) -> Table:
    """Every pair of settings: the difference of the kept share with its interval."""
    rows: list[tuple[Value, ...]] = []
    kinds = {scope: judged(mapped(facility, weights)) for scope, weights in facility.scopes()}
    for (one, first), (other, second) in combinations(facility.scopes()[1:], 2):
        found, spread = difference(facility, first, second)
        ends = (*difference_range(kinds[one], kinds[other]), found - spread, found + spread)
        apart = all(low > 0 or high < 0 for low, high in (ends[:2], ends[2:]))
        few = min(map(_like_weight, (first, second))) < LEAST_CODES
        says = TOO_FEW if few else "yes" if apart else "no"
        rows.append((one, other, *(round(100 * x, 2) for x in (found, *ends)), says))
    return Table(
        "settings",
        "Settings compared",
        "Does one care setting keep more of its meaning than another?",
        "Difference of the kept shares in percentage points, with its range by the errors of each kind of "
        "judgement and with a 95 % interval over codes (low, high): an answer is one for all diagnoses of a "
        "code, so that codes are the sample. Differs: 0 lies outside both; not said of settings with fewer "
        f"than {LEAST_CODES} codes of like weight (Kish's effective size).",
        (
            Column("setting"),
            Column("against"),
            *measured("difference (points)", "number", ends="difference"),
            Column("low", "number", Certainty.RANGE),
            Column("high", "number", Certainty.RANGE),
            Column("differs"),
        ),
        tuple(rows),
    )
