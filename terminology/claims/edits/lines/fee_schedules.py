"""What fee schedules say of a line's code and modifiers; information, no denial.

Source: CMS, physician fee schedule relative value files and their documentation; OPPS Addenda B and D1; the
coverage letter of the HCPCS file. Each answers for its own period only.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import (
    CheckedEdit,
    Finding,
    InForce,
    NotChecked,
    Severity,
    Source,
    table_source,
)
from terminology.claims.lookups.fee_lookup import (
    indicators,
    modifier_indicators,
    outpatient_rate_on,
    relative_value_on,
)
from terminology.claims.lookups.hcpcs_file import HcpcsFile
from terminology.claims.lookups.ncci_lookup import PROCEDURES_ONLY, DatedLine, by_day, lines_of
from terminology.claims.tables.fee_schedule import OUTPATIENT_RATES, RELATIVE_VALUES
from terminology.edit_table import EditTable
from terminology.release import Release
from terminology.systems import HCPCS

STATUS, UNITS, MODIFIER = "hcpcs.status", "hcpcs.units_changed", "mod.indicator"


def status(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield what the schedule of the claim's setting says of codes that it does not pay separately."""
    if claim.setting is ClaimSetting.OUTPATIENT:
        yield from _of_schedule(claim, context, OUTPATIENT_RATES, _outpatient_status)
    elif claim.setting is ClaimSetting.PROFESSIONAL:
        yield from _of_schedule(claim, context, RELATIVE_VALUES, _physician_status)
    yield from _letters_applied(claim, context)
    for line in lines_of(claim, context):
        yield from _coverage_letter(context, line)


def _letters_applied(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Whether the HCPCS file of each day has coverage letters at all."""
    hcpcs = _hcpcs(context)
    for day in by_day(lines_of(claim, context)):
        release = hcpcs.on(day)
        if release is None:
            yield NotChecked(STATUS, f"no HCPCS release of {day} is loaded: no coverage letter")
        elif hcpcs.has_letters(release):
            yield CheckedEdit(STATUS, "HCPCS Level II, coverage", release.id)
        else:
            yield NotChecked(STATUS, f"the HCPCS file of {release.id} carries no coverage letters")


def _of_schedule(claim: Claim, context: CheckContext, table: EditTable[Any], ask: Any) -> Iterator[Outcome]:
    for day, lines in by_day(lines_of(claim, context)).items():
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
    release = _hcpcs(context).on(line.day)
    letter = (
        indicators("coverage").get(_hcpcs(context).facts(line.code, release).coverage) if release else None
    )
    if release and letter:
        words = f"{line.code} has coverage code {letter.code} in the HCPCS file: {letter.meaning}."
        yield _information(STATUS, line, words, _hcpcs_source(release))


def units_changed(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the codes whose unit is another than in the loaded release before that of the day."""
    hcpcs = _hcpcs(context)
    if not hcpcs.releases:
        yield NotChecked(UNITS, "HCPCS Level II is not loaded")
        return
    for day, lines in by_day(lines_of(claim, context)).items():
        current = hcpcs.on(day)
        if current is None:
            yield NotChecked(UNITS, f"no HCPCS release of {day} is loaded")
            continue
        yield CheckedEdit(UNITS, "HCPCS Level II", current.id)
        for line in lines:
            words = hcpcs.facts(line.code, current).unit_change
            if words:
                yield _information(UNITS, line, words, _hcpcs_source(current))


def modifier_indicator(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the modifiers that the fee schedule's indicators of a code speak against."""
    for day, lines in by_day(lines_of(claim, context)).items():
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


def _hcpcs_source(release: Release) -> Source:
    return Source(
        "CMS", "HCPCS Level II", release.id, None, InForce(release.effective_from, release.effective_to)
    )


def _hcpcs(context: CheckContext) -> HcpcsFile:
    """The HCPCS releases of an open bundle; what is read of them is kept with it."""
    held = context.memory.get(HcpcsFile)
    if not isinstance(held, HcpcsFile):
        held = context.memory[HcpcsFile] = HcpcsFile(context.store)
    return held


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
