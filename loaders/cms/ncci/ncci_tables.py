"""The tables of NCCI among the files of a build: pairs put together from their parts, units, add-on codes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

from loaders.cms.ncci.add_on import add_on_quarter, read_add_ons
from loaders.cms.ncci.mue import LimitRelease, limit_release, read_unit_limits
from loaders.cms.ncci.ptp import PARTS, PairRelease, pair_release, read_code_pairs
from loaders.cms.twins import one_of_each
from loaders.files.catalog import Format, ReleaseFile
from loaders.files.reading import Reading
from terminology.claims.tables.ncci import ADD_ONS, CODE_PAIRS, UNIT_LIMITS, CodePair
from terminology.edit_table import LoadedTable, loaded_table


def ncci_tables(reading: Reading) -> Iterator[LoadedTable[Any]]:
    """Yield every table of NCCI; a broken file costs its table and is told."""
    yield from _code_pairs(reading)
    for limits, file in one_of_each(reading, reading.of(Format.NCCI_MUE), limit_release):
        yield from _unit_limits(reading, limits, file)
    for quarter, file in one_of_each(reading, reading.of(Format.NCCI_ADD_ON), add_on_quarter):
        rows = reading.read_or_tell(file, read_add_ons)
        if rows is not None:
            yield loaded_table(ADD_ONS, rows, _quarter_name(quarter[0]), file.label, quarter)


def _unit_limits(reading: Reading, limits: LimitRelease, file: ReleaseFile) -> Iterator[LoadedTable[Any]]:
    rows = reading.read_or_tell(file, partial(read_unit_limits, service=limits.service))
    if rows is not None:
        in_force = (limits.starts, limits.ends)
        yield loaded_table(UNIT_LIMITS[limits.service], rows, limits.starts.isoformat(), file.label, in_force)


def _code_pairs(reading: Reading) -> Iterator[LoadedTable[CodePair]]:
    parts = one_of_each(reading, reading.of(Format.NCCI_PTP), pair_release)

    def whole(item: tuple[PairRelease, ReleaseFile]) -> tuple[str, str]:
        return item[0].service.value, item[0].version

    for _, group in groupby(sorted(parts, key=lambda item: (*whole(item), item[0].part or 0)), whole):
        yield from _joined(reading, list(group))


def _joined(
    reading: Reading, parts: list[tuple[PairRelease, ReleaseFile]]
) -> Iterator[LoadedTable[CodePair]]:
    """Yield one release of its parts. With a part missing or broken the release says so in its name."""
    release = replace(parts[0][0], part=None)
    rows: list[CodePair] = []
    had: list[int] = []
    for part, file in parts:
        read = reading.read_or_tell(file, read_code_pairs)
        if read is not None:
            rows += read
            had.append(part.part or 0)
    if not rows:
        return
    version = release.version
    if had[0] and had != list(range(1, max(PARTS, had[-1]) + 1)):
        version = f"{version} (part {', '.join(map(str, had))} only)"
        reading.notice(
            f"NCCI pairs, {release.service.value}, {release.version}: CMS ships {PARTS} parts, part "
            f"{', '.join(map(str, had))} was read; pairs of the others are not known"
        )
    in_force = (_covered_from(rows, release.starts), release.ends)
    yield loaded_table(CODE_PAIRS[release.service], rows, version, parts[0][1].label, in_force)


def _covered_from(rows: list[CodePair], quarter: date) -> date:
    """Return the first day the rows can answer for: when the oldest pair still in force took effect.

    CMS's own table has pairs of 1996 that still count. A table whose active pairs all begin with the quarter
    has lost their dates, and says nothing of the days before.
    """
    return min((row.effective for row in rows if row.deleted is None), default=quarter)


def _quarter_name(starts: date) -> str:
    return f"{starts.year}Q{(starts.month + 2) // 3}"
