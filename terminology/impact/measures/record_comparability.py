"""Comparability by record, as NCHS counts it: records that hold a condition, before and after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from terminology.facility import Setting
from terminology.impact.coded import Facility
from terminology.impact.measures.comparability import condition_groups, places_of
from terminology.impact.records import Records
from terminology.impact.table import Column, Table, Value, unmeasured

_BEFORE, _MAIN, _ANY = 0, 1, 2
_KINDS = 3
_NO_RECORDS = "codes were coded by hand, no records"


def record_comparability(facility: Facility, records: Records) -> Table:
    """Return, per scope and condition, how many records hold it in ICD-10-CM and in ICD-11."""
    counted = _counted(records, _masks(facility))
    rows: list[tuple[Value, ...]] = []
    for scope in (None, *(setting for setting in Setting if any(s is setting for s, _ in counted))):
        some: Counter[int] = Counter()
        for (setting, mask), n in counted.items():
            some[mask] += n if scope in (None, setting) else 0
        for at, group in enumerate(condition_groups()):
            before, main, holding = (
                sum(n for mask, n in some.items() if mask >> (_KINDS * at + kind) & 1)
                for kind in (_BEFORE, _MAIN, _ANY)
            )
            if before:
                name = "all settings" if scope is None else scope.value
                ratios = (round(main / before, 3), round(holding / before, 3))
                rows.append((name, group.name, before, main, holding, *ratios))
    return Table(
        "comparability_records",
        "Comparability by record",
        "In how many records would a condition stand, before and after?",
        "As 'Comparability of time series', but a record counts once however many of its diagnoses are of "
        "the condition, which is what NCHS counts. Records are the claims of the file, or its rows with "
        "several diagnoses, coded once and carried over by the crosswalk: none was coded twice by people.",
        (
            Column("scope"),
            Column("condition"),
            Column("records, ICD-10-CM", "count"),
            Column("records, ICD-11 main stem", "count"),
            Column("records, ICD-11 any member", "count"),
            unmeasured("ratio, main stem", _NO_RECORDS, "number"),
            unmeasured("ratio, any member", _NO_RECORDS, "number"),
        ),
        tuple(rows),
    )


def _masks(facility: Facility) -> dict[str, int]:
    """Return for each code which conditions it is of, three bits a condition: before, main stem, any."""
    masks: dict[str, int] = {}
    for at, group in enumerate(condition_groups()):
        for key, place in places_of(group, facility).items():
            bits = place.before << _BEFORE | place.main << _MAIN | place.any << _ANY
            masks[key] = masks.get(key, 0) | bits << (_KINDS * at)
    return masks


def _counted(records: Records, masks: Mapping[str, int]) -> Counter[tuple[Setting, int]]:
    found: Counter[tuple[Setting, int]] = Counter()
    for setting, keys in records:
        mask = 0
        for key in keys:
            mask |= masks.get(key, 0)
        found[setting, mask] += 1
    return found
