"""What the fee schedules state for a line: physician fee schedule, OPPS rate, drug limit, as estimates.

Source: CMS, physician fee schedule (amount = (work x GPCI + practice expense x GPCI + malpractice x GPCI) x
conversion factor; Claims Processing Manual, Pub. 100-04, chapter 12); OPPS Addendum B; ASP payment limits.
A code that a schedule does not pay separately gets the meaning of its status, never an amount of 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.finding import Source, table_source
from terminology.claims.lookups.fee_lookup import (
    drug_limit_on,
    indicators,
    localities_on,
    outpatient_rate_on,
    relative_value_on,
)
from terminology.claims.lookups.ncci_lookup import DatedLine, dated_lines
from terminology.claims.payment import NOTICE
from terminology.claims.tables.fee_schedule import (
    LOCALITIES,
    OUTPATIENT_RATES,
    RELATIVE_VALUES,
    Locality,
    RelativeValue,
)
from terminology.claims.tables.place_of_service import PLACE_OF_SERVICE
from terminology.edit_table import EditTable

#: Places of service paid by the facility value (CMS, Pub. 100-04, chapter 26, 10.5), without the table.
FACILITIES = frozenset(
    (
        "02",
        "06",
        "08",
        "19",
        "21",
        "22",
        "23",
        "24",
        "26",
        "31",
        "34",
        "41",
        "42",
        "51",
        "52",
        "53",
        "56",
        "61",
    )
)


@dataclass(frozen=True, slots=True)
class LineAmount:
    """What one schedule states for one line. ``amount`` in US dollars for all units, ``None`` with a reason.

    ``basis`` says how it was made; ``line`` is 1-based.
    """

    line: int
    code: str
    schedule: str
    amount: float | None
    unit_amount: float | None
    basis: str
    source: Source | None
    notice: str = NOTICE


def amounts_of(
    claim: Claim, context: CheckContext, conversion_factor: float | None = None
) -> list[LineAmount]:
    """Return what the schedules of the claim's setting state for each dated line.

    ``conversion_factor`` is used in place of the one the relative value file states.
    """
    found: list[LineAmount] = []
    for line in dated_lines(claim):
        if claim.setting is ClaimSetting.PROFESSIONAL:
            found.append(_physician(claim, context, line, conversion_factor))
        elif claim.setting is ClaimSetting.OUTPATIENT:
            found.append(_outpatient(context, line))
        found += _drug(context, line)
    return found


def _physician(
    claim: Claim, context: CheckContext, line: DatedLine, conversion_factor: float | None
) -> LineAmount:
    name = "physician fee schedule"
    entry = relative_value_on(context, line.code, line.modifiers, line.day)
    if entry is None:
        return _none(line, name, _absent(context, line, RELATIVE_VALUES))
    source, row = table_source(entry.release, entry.row.row), entry.row
    letter = indicators("pfs").get(row.status)
    if letter is None or not letter.paid:
        meaning = letter.meaning if letter else "unknown"
        return _none(line, name, f"status {row.status}: {meaning}; no amount of its own", source)
    place = _locality(claim, context, line)
    if isinstance(place, str):
        return _none(line, name, place, source)
    facility = _is_facility(context, line.line.place_of_service)
    if row.practice_facility_na if facility else row.practice_non_facility_na:
        where = "a facility" if facility else "a non-facility setting"
        return _none(line, name, f"CMS states that it is not done in {where}", source)
    factor = conversion_factor or row.conversion_factor
    amount = round(_units(row, place, facility) * factor, 2)
    stated = "" if line.line.place_of_service else " (no place of service is stated)"
    of_modifier = f" of modifier {row.modifier}" if row.modifier else ""
    basis = (
        f"{'facility' if facility else 'non-facility'} values{of_modifier}{stated}, "
        f"locality {place.contractor}-{place.locality} {place.name}, conversion factor {factor:g}"
    )
    return _amount(line, name, amount, basis, source)


def _units(row: RelativeValue, place: Locality, facility: bool) -> float:
    practice = row.practice_facility if facility else row.practice_non_facility
    return row.work * place.work + practice * place.practice + row.malpractice * place.malpractice


def _locality(claim: Claim, context: CheckContext, line: DatedLine) -> Locality | str:
    if not claim.locality:
        return "the claim names no locality (contractor and number, e.g. 01112-05)"
    found = localities_on(context, claim.locality, line.day)
    if not found:
        return _absent(context, line, LOCALITIES, f"locality {claim.locality}")
    if len(found) > 1:
        named = ", ".join(f"{entry.row.contractor}-{entry.row.locality}" for entry in found[:6])
        return f"locality {claim.locality} is that of several contractors: name one of {named}"
    return found[0].row


def _is_facility(context: CheckContext, place: str | None) -> bool:
    """Whether CMS's list calls a place of service a facility."""
    entries = context.tables.find(PLACE_OF_SERVICE, place or "")
    return entries[-1].row.facility if entries else place in FACILITIES


def _outpatient(context: CheckContext, line: DatedLine) -> LineAmount:
    name = "OPPS"
    entry = outpatient_rate_on(context, line.code, line.day)
    if entry is None:
        return _none(line, name, _absent(context, line, OUTPATIENT_RATES))
    source, row = table_source(entry.release, entry.row.row), entry.row
    letter = indicators("opps").get(row.indicator)
    meaning = letter.meaning if letter else "unknown"
    if row.rate is None:
        return _none(line, name, f"status indicator {row.indicator}: {meaning}; no rate of its own", source)
    basis = f"APC {row.apc}, status indicator {row.indicator} ({meaning}), national rate without wage index"
    return _amount(line, name, row.rate, basis, source)


def _drug(context: CheckContext, line: DatedLine) -> Iterator[LineAmount]:
    entry = drug_limit_on(context, line.code, line.day)
    if entry is None:
        return
    source, row = table_source(entry.release, entry.row.row), entry.row
    if row.limit is None:
        yield _none(line, "ASP limit", f"no limit is printed: {row.note or 'no reason given'}", source)
    else:
        yield _amount(line, "ASP limit", row.limit, f"limit per {row.dosage}", source)


def _absent(context: CheckContext, line: DatedLine, table: EditTable[Any], what: str = "") -> str:
    """Why a table says nothing of a line: not loaded for the day, or without the code."""
    release = context.tables.release_on(table, line.day)
    if release is None:
        return context.absent(table, line.day)
    return f"{what or line.code} is not in {release.title} {release.release}"


def _amount(line: DatedLine, schedule: str, unit: float, basis: str, source: Source) -> LineAmount:
    if line.line.units is None:
        return _none(line, schedule, "the line has no units", source)
    total = round(unit * line.line.units, 2)
    return LineAmount(line.number, line.code, schedule, total, unit, basis, source)


def _none(line: DatedLine, schedule: str, reason: str, source: Source | None = None) -> LineAmount:
    return LineAmount(line.number, line.code, schedule, None, None, reason, source)
