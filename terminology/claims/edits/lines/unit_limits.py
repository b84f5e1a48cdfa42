"""NCCI medically unlikely edits: more units of a code than one patient gets on one line or day.

Source: CMS, NCCI Policy Manual for Medicare Services, chapter I, section V; MLN article SE1422 (adjudication
indicators).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.denials import carc_of
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, NotChecked, Severity, table_source
from terminology.claims.lookups.ncci_lookup import (
    ABN_WORDS,
    NOT_FOR_STAYS,
    PROCEDURES_ONLY,
    SERVICES,
    DatedLine,
    by_day,
    lines_of,
    unit_limit_on,
)
from terminology.claims.tables.ncci import UNIT_LIMITS, UnitLimit

EDIT = "mue.exceeded"
LINE, POLICY, CLINICAL = 1, 2, 3
_APPEALS = {
    LINE: "It counts each line by itself: where it is medically necessary, units may stand on separate lines "
    "with a modifier.",
    POLICY: "It counts the day and is absolute: it rests on policy, and no appeal lifts it.",
    CLINICAL: "It counts the day; more units are payable on appeal where the record supports them.",
}


def exceeded(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines, or all lines of a day, with more units of a code than its limit."""
    table = UNIT_LIMITS[SERVICES[claim.setting]]
    for day, lines in by_day(lines_of(claim, context)).items():
        release = context.tables.release_on(table, day)
        if release is None:
            yield NotChecked(EDIT, context.absent(table, day))
            continue
        yield CheckedEdit(EDIT, release.title, release.release)
        for code in dict.fromkeys(line.code for line in lines):
            yield from _of_code(claim, context, code, day, [line for line in lines if line.code == code])


def _of_code(
    claim: Claim, context: CheckContext, code: str, day: date, lines: Sequence[DatedLine]
) -> Iterator[Outcome]:
    entry = unit_limit_on(context, SERVICES[claim.setting], code, day)
    if entry is None:
        yield NotChecked(EDIT, f"{code} has no published limit: some are confidential, or the table is cut")
        return
    without = [line.number for line in lines if line.line.units is None]
    if without:
        yield NotChecked(EDIT, f"line {', '.join(map(str, without))} has no units")
    counted = [line for line in lines if line.line.units is not None]
    for group in [[line] for line in counted] if entry.row.adjudication == LINE else [counted]:
        units = sum(line.line.units or 0 for line in group)
        if units > entry.row.units:
            yield _finding(entry, units, group, day)


def _finding(entry: Entry[UnitLimit], units: float, lines: Sequence[DatedLine], day: date) -> Finding:
    limit = entry.row
    per = "on a line" if limit.adjudication == LINE else "a day"
    words = f"{units:g} units of {limit.code} on {day}; the limit is {limit.units} {per}. "
    return Finding(
        EDIT,
        Severity.ERROR,
        f"{words}{_APPEALS[limit.adjudication]} {ABN_WORDS}",
        table_source(entry.release, limit.row),
        line=tuple(line.number for line in lines),
        why=f"{limit.adjudication_text}; {limit.rationale}",
        carc=carc_of(EDIT),
        icd11=PROCEDURES_ONLY,
    )


EDITS = (
    Edit(
        EDIT,
        Severity.ERROR,
        "More units of a code than CMS's medically unlikely edit allows.",
        exceeded,
        frozenset(ClaimSetting) - {ClaimSetting.INPATIENT},
        tuple(table.name for table in UNIT_LIMITS.values()),
        NOT_FOR_STAYS,
    ),
)
