"""What a time series of a condition group would show across the switch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from math import sqrt

from terminology.codes import code_key
from terminology.impact.coded import Coded, Facility, Weights, mapped
from terminology.impact.table import Column, Table, Value
from terminology.rule_tables import read_rules

Z95 = 1.96
"""Half-width of a 95 % interval in standard deviations."""


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """A condition as ICD-10-CM counts it: the keys its codes begin with."""

    name: str
    prefixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Diagnoses of a group in ICD-10-CM, expected in ICD-11, their ratio and its 95 % interval."""

    before: int
    after: float
    ratio: float
    low: float
    high: float


@cache
def condition_groups() -> tuple[ConditionGroup, ...]:
    """Return the chosen groups (``condition_groups.tsv``)."""
    return tuple(
        ConditionGroup(row.group, tuple(map(code_key, row.codes)))
        for row in read_rules("terminology.impact", "condition_groups.tsv", _GroupRow)
    )


@dataclass(frozen=True, slots=True)
class _GroupRow:
    group: str
    codes: tuple[str, ...]
    source: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """The mapped volume of one scope, by stem: the codes that have it as a target, and what it receives."""

    rows: list[tuple[Coded, int]]
    touching: dict[str, list[tuple[Coded, int]]]
    received: Counter[str]


def _scope(facility: Facility, weights: Weights) -> _Scope:
    rows = list(mapped(facility, weights))
    touching: dict[str, list[tuple[Coded, int]]] = {}
    received: Counter[str] = Counter()
    for coded, count in rows:
        for stem in {d.stem for d in coded.destinations}:
            touching.setdefault(stem, []).append((coded, count))
        if coded.first is not None:
            received[coded.first.stem] += count
    return _Scope(rows, touching, received)


def comparability_ratio(group: ConditionGroup, facility: Facility, weights: Weights) -> Ratio | None:
    """Return the comparability ratio of a group, ``None`` when it has no volume.

    The group in ICD-11 is every stem that receives most of its volume (recommended targets) from the
    group. A code is expected there by the normalised confidence of its targets; since a rule is followed for
    a code as a whole, the variance is the sum of n^2 p (1 - p).
    """
    return _ratio(group, _scope(facility, weights))


def _ratio(group: ConditionGroup, scope: _Scope) -> Ratio | None:
    inside: Counter[str] = Counter()
    before = 0
    for coded, count in scope.rows:
        if coded.key.startswith(group.prefixes):
            before += count
            if coded.first is not None:
                inside[coded.first.stem] += count
    if not before:
        return None
    stems = {stem for stem, n in inside.items() if n and 2 * n > scope.received[stem]}
    reaching = {c.key: (c, n) for stem in stems for c, n in scope.touching[stem]}
    after = variance = 0.0
    for key in sorted(reaching):
        coded, count = reaching[key]
        p = min(1.0, _inside(coded, stems))
        after += count * p
        variance += count * count * p * (1 - p)
    spread = Z95 * sqrt(variance)
    return Ratio(before, after, after / before, max(0.0, after - spread) / before, (after + spread) / before)


def comparability(facility: Facility) -> Table:
    """The ratio of every condition group in every scope that has it."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        reported = _scope(facility, weights)
        for group in condition_groups():
            found = _ratio(group, reported)
            if found is not None:
                numbers = (found.ratio, found.low, found.high)
                rows.append(
                    (scope, group.name, found.before, round(found.after), *(round(x, 3) for x in numbers))
                )
    return Table(
        "comparability",
        "Comparability of time series",
        "Would a condition seem to rise or fall at the switch?",
        "Expected ICD-11 count over ICD-10-CM count of the same records (the comparability ratio "
        "of double-coding "
        "studies), with the engine's confidence in place of coders: a prediction, not a "
        "double-coding study. 1 means "
        "no break in the series.",
        (
            Column("scope"),
            Column("condition"),
            Column("ICD-10-CM", "count"),
            Column("expected ICD-11", "count"),
            Column("ratio", "number"),
            Column("low 95 %", "number"),
            Column("high 95 %", "number"),
        ),
        tuple(rows),
    )


def _inside(coded: Coded, stems: set[str]) -> float:
    total = sum(d.confidence for d in coded.destinations)
    if total <= 0:
        return 0.0
    return sum(d.confidence for d in coded.destinations if d.stem in stems) / total
