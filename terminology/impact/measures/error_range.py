"""What the engine's errors of judgement leave of a share: a range, from codes that people coded by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

from terminology.crosswalk.model import Representation
from terminology.rule_tables import read_rules

Z95 = 1.96
"""Half-width of a 95 % interval in standard deviations."""
KEPT = (Representation.FULL, Representation.FULL_POSTCOORDINATED)


@dataclass(frozen=True, slots=True)
class _ErrorRow:
    engine: str
    coder: str
    codes: int


def wilson(part: float, whole: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a proportion (J Am Stat Assoc 1927;22:209); 0 to 1 of nothing.

    >>> low, high = wilson(9, 10)
    >>> round(low, 3), round(high, 3)
    (0.596, 0.982)
    """
    if whole <= 0:
        return 0.0, 1.0
    p, z2 = part / whole, Z95 * Z95
    middle = (p + z2 / (2 * whole)) / (1 + z2 / whole)
    spread = Z95 * sqrt(p * (1 - p) / whole + z2 / (4 * whole * whole)) / (1 + z2 / whole)
    return max(0.0, middle - spread), min(1.0, middle + spread)


@cache
def kept_rates() -> Mapping[Representation, tuple[float, float]]:
    """Return, by what the engine says, the range of the part that a coder says keeps its meaning.

    A full code that was not full counts against a share, a partial one that was full for it
    (``measured_error.tsv``). What has no place keeps nothing.
    """
    rows = read_rules("terminology.impact", "measured_error.tsv", _ErrorRow)
    rates = {Representation.NONE: (0.0, 0.0)}
    for kind in (*KEPT, Representation.PARTIAL):
        all_codes = sum(r.codes for r in rows if r.engine == kind)
        kept = sum(r.codes for r in rows if r.engine == kind and r.coder in KEPT)
        rates[kind] = wilson(kept, all_codes)
    return rates


def kept_range(volume: Mapping[Representation, int]) -> tuple[float, float]:
    """Return the range of the share of a volume that keeps its meaning, 0 to 1, by the measured errors.

    The bounds of each kind are taken together, so that the range is wide rather than narrow.
    """
    total = sum(volume.values())
    if not total:
        return 0.0, 0.0
    rates = kept_rates()
    low, high = (sum(n * rates[kind][end] for kind, n in volume.items()) / total for end in (0, 1))
    return low, high
