"""What the engine's errors leave of a share: a range, from codes that people coded by hand.

The table ``measured_error.tsv`` counts, for each claim the engine makes of a code (it is kept whole, it loses
a side, it does not fit into 7 characters ...), what the coder says where the engine says so and where it does
not. Of each part of a volume the range is Wilson's; the bounds of all parts are taken together, so that the
range is wide rather than narrow. A share may lie outside its range: the engine errs to one side then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import sqrt

from terminology.crosswalk.model import Representation
from terminology.impact.table import share
from terminology.rule_tables import read_rules

Z95 = 1.96
"""Half-width of a 95 % interval in standard deviations."""
KEPT = (Representation.FULL, Representation.FULL_POSTCOORDINATED)
ENCOUNTER_LOST = "partial-encounter"
"""A partial code that loses, alone or beside other facets, the encounter of a 7th character."""
REPRESENTATION = "representation"
YES, NO = "yes", "no"
Range = tuple[float, float]
"""The low and the high end."""
PAIRS = (
    "it takes pairs of codes with one expression that were both coded by hand, and the unread codings hold "
    "two"
)
"""Why what falls together has no range."""


@dataclass(frozen=True, slots=True)
class _ErrorRow:
    claim: str
    engine: str
    coder: str
    codes: int


def wilson(part: float, whole: float) -> Range:
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


def yes(claimed: object) -> str:
    """Return how a claim that is made or not stands in the table."""
    return YES if claimed else NO


def error_kind(representation: Representation, lost: Iterable[str]) -> str:
    """Return the kind of judgement whose errors are counted together.

    A partial code that loses its encounter is a kind of its own: that ICD-11 has no 7th character is known,
    while in the other partial codes the engine may have missed words that mean the same.
    """
    if representation is Representation.PARTIAL and any(facet.startswith("encounter=") for facet in lost):
        return ENCOUNTER_LOST
    return representation.value


@cache
def _counts() -> Mapping[tuple[str, str], Mapping[str, int]]:
    """The coder's answers in codes, by claim and the engine's answer."""
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in read_rules("terminology.impact", "measured_error.tsv", _ErrorRow):
        found[row.claim, row.engine][row.coder] += row.codes
    return found


def rate(claim: str, engine: str, true: Collection[str] = (YES,)) -> Range:
    """Return the range of the part that the coder answers with one of ``true`` where the engine says so.

    0 to 1 where no code of the codings has this answer of the engine.
    """
    coder = _counts().get((claim, engine), {})
    return wilson(sum(coder.get(each, 0) for each in true), sum(coder.values()))


def share_range(
    claim: str, volume: Mapping[str, float], true: Collection[str] = (YES,), whole: float | None = None
) -> Range:
    """Return the range of the share of a volume of which something is true, 0 to 1, rounded as shares are.

    ``volume`` is by the engine's answer. What ``whole`` has beyond it is known not to be of them.
    """
    total = sum(volume.values()) if whole is None else whole
    low, high = part_range(claim, volume, true)
    return share(low, total), share(high, total)


def part_range(claim: str, volume: Mapping[str, float], true: Collection[str] = (YES,)) -> Range:
    """Return the range of the part of a volume, by the engine's answer, of which something is true."""
    rates = {engine: rate(claim, engine, true) for engine in volume}
    low, high = (sum(n * rates[engine][end] for engine, n in volume.items()) for end in (0, 1))
    return low, high


def claim_range(claim: str, part: float, rest: float, whole: float | None = None) -> Range:
    """Return the range of the share that ``part`` is: the engine claims it of that, and not of ``rest``.

    What ``whole`` has beyond both is known not to be of them.
    """
    return share_range(claim, {YES: part, NO: rest}, whole=whole)


def kept_range(volume: Mapping[str, float]) -> Range:
    """Return the range of the share of a volume, by :func:`error_kind`, that keeps its meaning.

    A full code that was not full counts against a share, a partial one that was full for it. What has no
    place keeps nothing.
    """
    placed = {kind: n for kind, n in volume.items() if kind != Representation.NONE}
    return share_range(REPRESENTATION, placed, KEPT, sum(volume.values()))


def difference_range(one: Mapping[str, float], other: Mapping[str, float]) -> Range:
    """Return the range of how much more of its meaning one volume keeps than another, -1 to 1.

    Errors of a kind are the same in both, so that they cancel as far as both have as much of the kind.
    """
    sums = [sum(volume.values()) or 1.0 for volume in (one, other)]
    low = high = 0.0
    for kind in {*one, *other} - {Representation.NONE.value}:
        more = one.get(kind, 0) / sums[0] - other.get(kind, 0) / sums[1]
        ends = sorted(more * end for end in rate(REPRESENTATION, kind, KEPT))
        low, high = low + ends[0], high + ends[1]
    return low, high
