"""What a time series of a condition group would show across the switch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from terminology.codes import code_key
from terminology.impact.coded import Coded, Facility, Weights, mapped
from terminology.impact.measures.error_range import Range, part_range
from terminology.impact.table import Certainty, Column, Table, Value, measured
from terminology.rule_tables import read_rules

MAIN, ANY = "in the condition by main stem", "in the condition by any member"
"""The claims of both ratios, as they stand among the measured errors."""


@dataclass(frozen=True, slots=True)
class ConditionGroup:
    """A condition as both classifications count it: what its codes begin with, the same for every file."""

    name: str
    prefixes: tuple[str, ...]
    icd_11: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Diagnoses of a group in ICD-10-CM, and in ICD-11 by the recommended expressions.

    ``main`` counts expressions whose first stem is in the group, ``any`` those that hold such a stem at all.
    ``low`` and ``high`` are bounds of ``main``, no interval: what joins the group by alternatives only counts
    in ``high``, by their confidence; what stays counts in ``low`` by the confidence of the targets inside.
    ``main_range`` and ``any_range`` are by measured errors: codes that stayed, left or joined by the coder.
    """

    before: int
    main: int
    any: int
    low: float
    high: float
    main_range: Range = (0.0, 0.0)
    any_range: Range = (0.0, 0.0)

    @property
    def main_ratio(self) -> float:
        """ICD-11 by main stem over ICD-10-CM."""
        return self.main / self.before

    @property
    def any_ratio(self) -> float:
        """ICD-11 by any member over ICD-10-CM."""
        return self.any / self.before


@dataclass(frozen=True, slots=True)
class _GroupRow:
    group: str
    icd_10_cm: tuple[str, ...]
    icd_11: tuple[str, ...]
    source: str


@cache
def condition_groups() -> tuple[ConditionGroup, ...]:
    """Return the chosen groups (``condition_groups.tsv``)."""
    return tuple(
        ConditionGroup(row.group, tuple(map(code_key, row.icd_10_cm)), row.icd_11)
        for row in read_rules("terminology.impact", "condition_groups.tsv", _GroupRow)
    )


@dataclass(frozen=True, slots=True)
class _Place:
    """Where one code stands towards a group: in it before, by its main stem, by any; its chance inside."""

    before: bool
    main: bool
    any: bool
    chance: float


def places_of(group: ConditionGroup, facility: Facility) -> dict[str, _Place]:
    """Return the codes that have to do with a group, by key."""
    found: dict[str, _Place] = {}
    for key, coded in facility.codes.items():
        before = key.startswith(group.prefixes)
        chance = _confidence_inside(coded, group.icd_11)
        main = coded.first is not None and coded.first.stem.startswith(group.icd_11)
        holds = coded.first is not None and any(s.startswith(group.icd_11) for s in coded.first.stems)
        if before or holds or chance:
            found[key] = _Place(before, main, holds, chance)
    return found


def moves(*, before: bool, after: bool) -> str:
    """Return what a code does to a group at the switch: the kinds whose errors are counted together."""
    return ("stays" if after else "leaves") if before else ("joins" if after else "apart")


def comparability_ratio(group: ConditionGroup, facility: Facility, weights: Weights) -> Ratio | None:
    """Return the comparability ratio of a group, ``None`` when it has no volume in ICD-10-CM."""
    return _ratio(places_of(group, facility), {c.key: n for c, n in mapped(facility, weights)})


def _ratio(places: Mapping[str, _Place], volume: Weights) -> Ratio | None:
    counted = [(place, volume[key]) for key, place in places.items() if key in volume]
    before = sum(n for place, n in counted if place.before)
    if not before:
        return None
    whole = sum(volume.values())
    low = sum(n * place.chance for place, n in counted if place.main)
    high = sum(n if place.main else n * place.chance for place, n in counted)
    main, holding = (sum(n for place, n in counted if getattr(place, what)) for what in ("main", "any"))
    ends = (_measured(counted, whole, before, claim) for claim in (MAIN, ANY))
    return Ratio(before, main, holding, low / before, high / before, *ends)


def _measured(counted: Iterable[tuple[_Place, int]], whole: int, before: int, claim: str) -> Range:
    """The range of a ratio: of every code's volume, the part that a coder would put into the group."""
    volume: Counter[str] = Counter()
    for place, n in counted:
        volume[moves(before=place.before, after=place.main if claim == MAIN else place.any)] += n
    volume["apart"] += whole - volume.total()
    low, high = part_range(claim, volume)
    return round(low / before, 3), round(high / before, 3)


def comparability(facility: Facility) -> Table:
    """The ratio of every condition group in every scope that has it."""
    rows: list[tuple[Value, ...]] = []
    places = {group.name: places_of(group, facility) for group in condition_groups()}
    for scope, weights in facility.scopes():
        volume = {coded.key: n for coded, n in mapped(facility, weights)}
        for group in condition_groups():
            found = _ratio(places[group.name], volume)
            if found is not None:
                ratios = (
                    *(found.main_ratio, *found.main_range),
                    *(found.any_ratio, *found.any_range),
                    *(found.low, found.high),
                )
                counts = (found.before, found.main, found.any)
                rows.append((scope, group.name, *counts, *(round(x, 3) for x in ratios)))
    return Table(
        "comparability",
        "Comparability of time series",
        "Would a condition seem to rise or fall at the switch?",
        "Diagnoses that the recommended expressions put into a fixed list of ICD-11 codes, over those in a "
        "fixed list of ICD-10-CM codes (terminology/impact/condition_groups.tsv). Main stem: the first stem "
        "of the expression; any member: any of its stems, as a search through clusters would count. 1 "
        "means no "
        "break in the series. Measured: whether the coder's stems are of the same condition, for codes that "
        "stay, leave, join and have nothing to do with it. Bounds are by the confidence of the crosswalk's "
        "targets, no interval. NCHS's comparability ratios count records coded twice by people; these are "
        "predictions per diagnosis.",
        (
            Column("scope"),
            Column("condition"),
            Column("ICD-10-CM", "count"),
            Column("ICD-11, main stem", "count"),
            Column("ICD-11, any member", "count"),
            *measured("ratio, main stem", "number"),
            *measured("ratio, any member", "number"),
            Column("low bound, main stem", "number", Certainty.BOUND),
            Column("high bound, main stem", "number", Certainty.BOUND),
        ),
        tuple(rows),
    )


def _confidence_inside(coded: Coded, stems: tuple[str, ...]) -> float:
    """Return the confidence that a code belongs to a group: of all its targets inside, at most 1."""
    return min(1.0, sum(d.confidence for d in coded.destinations if d.stem.startswith(stems)))
