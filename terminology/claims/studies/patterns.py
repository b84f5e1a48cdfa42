"""Patterns of coding of a facility's own claims, against a distribution the user gives or its peers.

A pattern is a heuristic and no proof: every rate stands with its denominator and a 95 % confidence interval
(Wilson). What the law says of knowing overpayments is in docs/payment.md, with its date.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from terminology.bundle.store import Store
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext, check_context
from terminology.claims.edits.lines.code_pairs import DISTINCT
from terminology.claims.lookups.ncci_lookup import SERVICES, DatedLine, dated_lines, unit_limit_on
from terminology.claims.payment.drg import DrgEstimate, drg_of

EM, DRG = "em.pattern", "drg.pattern"
_Z = 1.959964
"""The normal quantile of a 95 % interval."""
SMALLEST = 30
"""A smaller denominator gives no verdict."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A 95 % confidence interval of a rate."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class PatternRate:
    """A rate with its denominator.

    ``group`` is what the claims were grouped by (a file, a provider). ``reference`` is the rate it is
    compared with, ``None`` without one; ``verdict``: ``above``, ``below`` or ``within`` by the interval, or
    ``too few``.
    """

    edit: str
    group: str
    pattern: str
    count: int
    of: int
    rate: float
    interval: Interval
    reference: float | None
    verdict: str
    certainty: str = "heuristic"


@dataclass(frozen=True, slots=True)
class VisitLevel:
    """A code of evaluation and management of the user's own list: its family and level."""

    family: str
    level: int


def wilson(count: int, of: int) -> Interval:
    """Return the Wilson score interval of a rate.

    >>> wilson(5, 10)
    Interval(low=0.2366, high=0.7634)
    """
    if not of:
        return Interval(0.0, 1.0)
    rate, square = count / of, _Z * _Z
    middle = (rate + square / (2 * of)) / (1 + square / of)
    half = _Z * sqrt(rate * (1 - rate) / of + square / (4 * of * of)) / (1 + square / of)
    return Interval(round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4))


def pattern_rates(
    groups: Mapping[str, Sequence[Claim]],
    store: Store,
    levels: Mapping[str, VisitLevel] | None = None,
    reference: Mapping[str, float] | None = None,
) -> list[PatternRate]:
    """Return the rates of each group, those above their reference first.

    ``reference`` are rates by pattern; without one a pattern is compared with the other groups together.
    """
    context = check_context(store)
    counted = {name: _counts(claims, context, store, levels or {}) for name, claims in groups.items()}
    found = [
        _rate(name, pattern, counts, _reference(pattern, name, counted, reference or {}))
        for name, counts in counted.items()
        for pattern in sorted(counts)
    ]
    order = ("above", "below", "within", "too few", "no reference")
    return sorted(found, key=lambda rate: (order.index(rate.verdict), rate.group, rate.pattern))


Counts = dict[str, tuple[str, int, int]]
"""Edit, count and denominator by pattern."""


def _counts(
    claims: Sequence[Claim], context: CheckContext, store: Store, levels: Mapping[str, VisitLevel]
) -> Counts:
    lines = [(claim, line) for claim in claims for line in dated_lines(claim)]
    visits = [line for _, line in lines if line.code in levels]
    return {
        **_modifiers(lines),
        **_units(lines, context),
        **_levels(visits, levels),
        **_stays([drg_of(claim, store) for claim in claims if claim.setting is ClaimSetting.INPATIENT]),
    }


def _modifiers(lines: Sequence[tuple[Claim, DatedLine]]) -> Counts:
    if not lines:
        return {}
    patterns = {"modifier 25": frozenset({"25"}), "modifier 59 or X{EPSU}": DISTINCT}
    return {
        name: (EM, sum(bool(line.modifiers & wanted) for _, line in lines), len(lines))
        for name, wanted in patterns.items()
    }


def _units(lines: Sequence[tuple[Claim, DatedLine]], context: CheckContext) -> Counts:
    """Lines whose units are exactly their limit, of those that have one above one unit."""
    at = of = 0
    for claim, line in lines:
        service = SERVICES.get(claim.setting)
        entry = unit_limit_on(context, service, line.code, line.day) if service else None
        if entry and entry.row.units > 1:
            of += 1
            at += line.line.units == entry.row.units
    return {"units at the limit": (EM, at, of)} if of else {}


def _levels(visits: Sequence[DatedLine], levels: Mapping[str, VisitLevel]) -> Counts:
    families: Counter[str] = Counter(levels[line.code].family for line in visits)
    each: Counter[tuple[str, int]] = Counter(
        (levels[line.code].family, levels[line.code].level) for line in visits
    )
    return {
        f"{family}, level {level}": (EM, each[family, level], families[family])
        for family in families
        for level in sorted({known.level for known in levels.values() if known.family == family})
    }


def _stays(estimates: Iterable[DrgEstimate]) -> Counts:
    grouped = [estimate for estimate in estimates if estimate.drg is not None]
    if not grouped:
        return {}
    with_any = [e for e in grouped if any(d.severity in ("CC", "MCC") for d in e.diagnoses[1:])]
    single = [e for e in with_any if len(e.without) == 1 and e.without[0].drg != e.drg]
    mcc = [e for e in grouped if any(d.severity == "MCC" for d in e.diagnoses[1:])]
    return {
        "stays with CC or MCC": (DRG, len(with_any), len(grouped)),
        "stays with MCC": (DRG, len(mcc), len(grouped)),
        "stays whose DRG rests on a single CC or MCC": (DRG, len(single), len(grouped)),
    }


def _reference(
    pattern: str, group: str, counted: Mapping[str, Counts], reference: Mapping[str, float]
) -> float | None:
    if pattern in reference:
        return reference[pattern]
    others = [counts[pattern] for name, counts in counted.items() if name != group and pattern in counts]
    total = sum(of for _, _, of in others)
    return sum(count for _, count, _ in others) / total if total >= SMALLEST else None


def _rate(group: str, pattern: str, counts: Counts, reference: float | None) -> PatternRate:
    edit, count, of = counts[pattern]
    interval = wilson(count, of)
    rate = round(count / of, 4) if of else 0.0
    known = None if reference is None else round(reference, 4)
    return PatternRate(edit, group, pattern, count, of, rate, interval, known, _verdict(of, interval, known))


def _verdict(of: int, interval: Interval, reference: float | None) -> str:
    if reference is None:
        return "no reference"
    if of < SMALLEST:
        return "too few"
    if interval.low > reference:
        return "above"
    return "below" if interval.high < reference else "within"
