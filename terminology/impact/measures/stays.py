"""Inpatient stays whose CC or MCC level hangs on a distinction that ICD-11 does not make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from terminology.facility import Setting
from terminology.impact.coded import Facility
from terminology.impact.measures.payment import LOST, NONE, Worth, collisions
from terminology.impact.records import Records
from terminology.impact.table import Column, Table, Value

LEVELS = (NONE, "CC", "MCC")
"""What a stay may have, the least first."""


@dataclass(slots=True)
class _Code:
    """Stays that a code alone lifts, and what they would gain or lose in weight."""

    stays: int = 0
    weight: float = 0.0


def level_of(statuses: Sequence[str]) -> str:
    """Return the level of a stay by the statuses of its secondary diagnoses.

    >>> level_of(["none", "CC", "MCC"]), level_of([])
    ('MCC', 'none')
    """
    return max((s for s in statuses if s in LEVELS), key=LEVELS.index, default=NONE)


def stays(
    facility: Facility,
    records: Records,
    status: Mapping[str, str],
    steps: Worth,
    base_rate: float | None = None,
) -> tuple[Table, Table]:
    """Return what becomes of the levels of inpatient stays, and the codes that lift a stay alone.

    A code whose whole expression codes of another status share takes the status most frequent there.
    ``status`` is CC or MCC by code key, ``steps`` the mean weight that each adds, ``base_rate`` the dollars
    of weight 1.
    """
    weights = facility.volumes.get(Setting.INPATIENT, {})
    usual = {
        coded.key: found.usual
        for found in collisions(facility, weights, status, steps)
        if found.outcome == LOST
        for coded, _, _ in found.codes
    }
    levels: Counter[tuple[str, str]] = Counter()
    sole: Counter[str] = Counter()
    lost: dict[str, _Code] = {}
    for setting, keys in records:
        if setting is not Setting.INPATIENT:
            continue
        lifting = [(key, status[key]) for key in keys[1:] if key in status]
        before = level_of([each for _, each in lifting])
        after = level_of([usual.get(key, status.get(key, NONE)) for key in keys[1:]])
        levels[before, after] += 1
        alone = [key for key, each in lifting if each == before]
        if len(alone) == 1:
            sole[before] += 1
            if usual.get(alone[0], before) != before:
                code = lost.setdefault(alone[0], _Code())
                code.stays += 1
                code.weight += steps.get(after, 0.0) - steps.get(before, 0.0)
    return _summary(levels, sole, lost, steps, base_rate), _codes(facility, status, lost, base_rate)


def _dollars(weight: float, base_rate: float | None) -> Value:
    return None if base_rate is None else round(weight * base_rate)


def _summary(
    levels: Mapping[tuple[str, str], int],
    sole: Mapping[str, int],
    lost: Mapping[str, _Code],
    steps: Worth,
    base_rate: float | None,
) -> Table:
    moved = {pair: n for pair, n in levels.items() if pair[0] != pair[1]}
    change = {pair: n * (steps.get(pair[1], 0.0) - steps.get(pair[0], 0.0)) for pair, n in moved.items()}
    alone = "of these, the code is no longer told from others"
    counts = [
        ("inpatient stays", sum(levels.values())),
        *(
            (f"stays with {level} as highest", sum(n for (b, _), n in levels.items() if b == level))
            for level in LEVELS[:0:-1]
        ),
        *((f"stays whose {level} is one diagnosis alone", sole.get(level, 0)) for level in LEVELS[:0:-1]),
        (alone, sum(code.stays for code in lost.values())),
    ]
    weighed = [
        *((f"level {b} to {a}", n, change[b, a]) for (b, a), n in sorted(moved.items(), key=lambda m: -m[1])),
        ("in all, net", sum(moved.values()), sum(change.values())),
        ("in all, gross", sum(moved.values()), sum(map(abs, change.values()))),
    ]
    rows: list[tuple[Value, ...]] = [
        *((what, n, None, None) for what, n in counts),
        *(
            (what, n, round(weight, 3) if steps else None, _dollars(weight, base_rate) if steps else None)
            for what, n, weight in weighed
        ),
    ]
    return Table(
        "stays",
        "Stays by CC and MCC",
        "How many stays hang on one CC or MCC that ICD-11 does not tell from others?",
        "Inpatient records of the file; its first diagnosis is taken for the principal one. A code whose "
        "whole expression is shared by codes of another status takes the most frequent status there. Weight: "
        "mean step over DRG families split three ways; dollars: weight times the base rate that was given"
        + ("." if base_rate is None else f", {base_rate:,.2f}.")
        + " CC exclusions, procedures and DRG families without a split are not applied: for the DRG of each "
        "stay see 'teneleven estimate drg'.",
        (Column("what"), Column("stays", "count"), Column("weight", "number"), Column("dollars", "count")),
        tuple(rows),
    )


def _codes(
    facility: Facility, status: Mapping[str, str], lost: Mapping[str, _Code], base_rate: float | None
) -> Table:
    ranked = sorted(lost.items(), key=lambda pair: (-abs(pair[1].weight), -pair[1].stays, pair[0]))
    rows = []
    for key, found in ranked:
        coded = facility.codes[key]
        expression = coded.first.expression if coded.first else ""
        money = (round(found.weight, 3), _dollars(found.weight, base_rate))
        rows.append((coded.code, coded.title, status[key], expression, found.stays, *money))
    return Table(
        "sole",
        "Sole CC and MCC",
        "Which codes lift a stay alone and are no longer told from others?",
        "As 'Stays by CC and MCC'; largest change of weight first.",
        (
            Column("code"),
            Column("title"),
            Column("status"),
            Column("ICD-11"),
            Column("stays", "count"),
            Column("weight", "number"),
            Column("dollars", "count"),
        ),
        tuple(rows),
    )
