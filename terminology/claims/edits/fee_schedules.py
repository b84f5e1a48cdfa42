"""What fee schedules say of a line's code and modifiers; information, no denial.

Source: CMS, physician fee schedule relative value files and their documentation; OPPS Addenda B and D1; the
coverage letter of the HCPCS file. Each answers for its own period only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.fee_lookup import (
    indicators,
    modifier_indicators,
    outpatient_rate_on,
    relative_value_on,
)
from terminology.claims.finding import (
    CheckedEdit,
    Finding,
    InForce,
    NotChecked,
    Severity,
    Source,
    table_source,
)
from terminology.claims.ncci_lookup import PROCEDURES_ONLY, DatedLine, by_day, dated_lines
from terminology.claims.tables.fee_schedule import OUTPATIENT_RATES, RELATIVE_VALUES
from terminology.edit_table import EditTable
from terminology.errors import UnknownCodeError
from terminology.release import Release
from terminology.systems import HCPCS

STATUS, UNITS, MODIFIER = "hcpcs.status", "hcpcs.units_changed", "mod.indicator"
_DOSE = re.compile(
    r"(\d[\d,]*(?:\.\d+)?|\.\d+)\s*(mg|mcg|micrograms?|milligrams?|grams?|gm|ml|cc|units?|i\.?u\.?|mci|"
    r"millicuries?|microcuries?|sq(?:uare)? ?cm)\b",
    re.IGNORECASE,
)


def status(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield what the schedule of the claim's setting says of codes that it does not pay separately."""
    if claim.setting is ClaimSetting.OUTPATIENT:
        yield from _of_schedule(claim, context, OUTPATIENT_RATES, _outpatient_status)
    elif claim.setting is ClaimSetting.PROFESSIONAL:
        yield from _of_schedule(claim, context, RELATIVE_VALUES, _physician_status)
    for line in dated_lines(claim):
        yield from _coverage_letter(context, line)


def _of_schedule(claim: Claim, context: CheckContext, table: EditTable[Any], ask: Any) -> Iterator[Outcome]:
    for day, lines in by_day(dated_lines(claim)).items():
        release = context.tables.release_on(table, day)
        if release is None:
            yield NotChecked(STATUS, context.absent(table, day))
            continue
        yield CheckedEdit(STATUS, release.title, release.release)
        for line in lines:
            yield from ask(context, line)


def _physician_status(context: CheckContext, line: DatedLine) -> Iterator[Finding]:
    entry = relative_value_on(context, line.code, line.modifiers, line.day)
    letter = entry and indicators("pfs").get(entry.row.status)
    if entry and letter and not letter.paid:
        words = f"{line.code} has status {letter.code} in the physician fee schedule: {letter.meaning}."
        yield _information(STATUS, line, words, table_source(entry.release, entry.row.row))


def _outpatient_status(context: CheckContext, line: DatedLine) -> Iterator[Finding]:
    entry = outpatient_rate_on(context, line.code, line.day)
    letter = entry and indicators("opps").get(entry.row.indicator)
    if entry and letter and not letter.paid:
        words = f"{line.code} has status indicator {letter.code} in OPPS: {letter.meaning}."
        yield _information(STATUS, line, words, table_source(entry.release, entry.row.row))


def _coverage_letter(context: CheckContext, line: DatedLine) -> Iterator[Finding]:
    release = _hcpcs_on(context, line.day)
    if release is None:
        return
    title = _property(context, line.code, release, "coverage")
    letter = indicators("coverage").get(title or "")
    if letter:
        words = f"{line.code} has coverage code {letter.code} in the HCPCS file: {letter.meaning}."
        yield _information(STATUS, line, words, _hcpcs_source(release))


def units_changed(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the codes whose unit is another than in the loaded release before that of the day."""
    releases = context.store.releases(HCPCS.id)
    if not releases:
        yield NotChecked(UNITS, "HCPCS Level II is not loaded")
        return
    for day, lines in by_day(dated_lines(claim)).items():
        current = _hcpcs_on(context, day)
        if current is None:
            yield NotChecked(UNITS, f"no HCPCS release of {day} is loaded")
            continue
        yield CheckedEdit(UNITS, "HCPCS Level II", current.id)
        earlier = [release for release in releases if release.sort_key < current.sort_key]
        for line in lines:
            yield from _changed(context, line, current, earlier)


def _changed(
    context: CheckContext, line: DatedLine, current: Release, earlier: list[Release]
) -> Iterator[Finding]:
    now = _dose(_title(context, line.code, current))
    for release in reversed(earlier):
        title = _title(context, line.code, release)
        if title is None:
            continue
        then = _dose(title)
        if now and then and now != then:
            words = (
                f"The unit of {line.code} was {' '.join(then)} in {release.id} and is {' '.join(now)} now."
            )
            yield _information(UNITS, line, f"{words} Check the units billed.", _hcpcs_source(current))
        return


def modifier_indicator(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the modifiers that the fee schedule's indicators of a code speak against."""
    for day, lines in by_day(dated_lines(claim)).items():
        release = context.tables.release_on(RELATIVE_VALUES, day)
        if release is None:
            yield NotChecked(MODIFIER, context.absent(RELATIVE_VALUES, day))
            continue
        yield CheckedEdit(MODIFIER, release.title, release.release)
        for line in lines:
            yield from _against(context, line)


def _against(context: CheckContext, line: DatedLine) -> Iterator[Finding]:
    entry = relative_value_on(context, line.code, frozenset(), line.day)
    if entry is None:
        return
    for rule in modifier_indicators():
        value = getattr(entry.row, rule.field)
        for modifier in sorted(rule.modifiers & line.modifiers):
            if value in rule.values:
                indicator = f"{rule.field.replace('_', ' ')} {value}"
                words = f"{line.code} with modifier {modifier}: {rule.words} ({indicator})."
                yield _information(MODIFIER, line, words, table_source(entry.release, entry.row.row))


def _information(edit: str, line: DatedLine, words: str, source: Source) -> Finding:
    return Finding(edit, Severity.INFO, words, source, line=(line.number,), icd11=PROCEDURES_ONLY)


def _hcpcs_on(context: CheckContext, day: date) -> Release | None:
    releases = [r for r in context.store.releases(HCPCS.id) if r.effective_from and r.effective_from <= day]
    return next((r for r in reversed(releases) if r.effective_to is None or day <= r.effective_to), None)


def _hcpcs_source(release: Release) -> Source:
    return Source(
        "CMS", "HCPCS Level II", release.id, None, InForce(release.effective_from, release.effective_to)
    )


def _title(context: CheckContext, code: str, release: Release) -> str | None:
    try:
        return context.store.concept(HCPCS.id, code, release.id).title
    except UnknownCodeError:
        return None


def _property(context: CheckContext, code: str, release: Release, name: str) -> str | None:
    try:
        return context.store.concept(HCPCS.id, code, release.id).properties.get(name)
    except UnknownCodeError:
        return None


def _dose(title: str | None) -> tuple[str, str] | None:
    match = _DOSE.search(title or "")
    return (
        None
        if match is None
        else (match[1].replace(",", "").lstrip("0") or "0", match[2].lower().rstrip("s"))
    )


EDITS = (
    Edit(
        STATUS,
        Severity.INFO,
        "What fee schedule, Addendum B or the HCPCS file's coverage letter say of a code they do not pay.",
        status,
        frozenset({ClaimSetting.PROFESSIONAL, ClaimSetting.OUTPATIENT, ClaimSetting.DME}),
        (RELATIVE_VALUES.name, OUTPATIENT_RATES.name, HCPCS.id),
        "stays are paid by DRG, not by line",
    ),
    Edit(
        UNITS,
        Severity.INFO,
        "A code whose unit has changed since an earlier release.",
        units_changed,
        tables=(HCPCS.id,),
    ),
    Edit(
        MODIFIER,
        Severity.INFO,
        "A modifier that the fee schedule's indicators of the code speak against (50, 26, TC, 80, 62, 66).",
        modifier_indicator,
        frozenset({ClaimSetting.PROFESSIONAL}),
        (RELATIVE_VALUES.name,),
        "indicators of the physician fee schedule are for professional claims",
    ),
)
