"""What the engine's errors of judgement leave of a share: a range, from codes that people coded by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

from terminology.crosswalk.model import Representation
from terminology.rule_tables import read_rules

Z95 = 1.96
"""Half-width of a 95 % interval in standard deviations."""
KEPT = (Representation.FULL, Representation.FULL_POSTCOORDINATED)
ENCOUNTER_LOST = "partial-encounter"
"""A partial code that loses, alone or beside other facets, the encounter of a 7th character."""


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


def error_kind(representation: Representation, lost: Iterable[str]) -> str:
    """Return the kind of judgement whose errors are counted together.

    A partial code that loses its encounter is a kind of its own: that ICD-11 has no 7th character is known,
    while in the other partial codes the engine may have missed words that mean the same.
    """
    if representation is Representation.PARTIAL and any(facet.startswith("encounter=") for facet in lost):
        return ENCOUNTER_LOST
    return representation.value


@cache
def kept_rates() -> Mapping[str, tuple[float, float]]:
    """Return, by kind of judgement, the range of the part that a coder says keeps its meaning.

    A full code that was not full counts against a share, a partial one that was full for it
    (``measured_error.tsv``). What has no place keeps nothing.
    """
    rows = read_rules("terminology.impact", "measured_error.tsv", _ErrorRow)
    rates = {Representation.NONE.value: (0.0, 0.0)}
    for kind in (*KEPT, Representation.PARTIAL.value, ENCOUNTER_LOST):
        all_codes = sum(r.codes for r in rows if r.engine == kind)
        kept = sum(r.codes for r in rows if r.engine == kind and r.coder in KEPT)
        rates[kind] = wilson(kept, all_codes)
    return rates


def kept_range(volume: Mapping[str, int]) -> tuple[float, float]:
    """Return the range of the share of a volume that keeps its meaning, 0 to 1, by the measured errors.

    ``volume`` is by :func:`error_kind`. The bounds of each kind are taken together, so that the range is wide
    rather than narrow.
    """
    total = sum(volume.values())
    if not total:
        return 0.0, 0.0
    rates = kept_rates()
    low, high = (sum(n * rates[kind][end] for kind, n in volume.items()) / total for end in (0, 1))
    return low, high
