"""NCCI add-on codes: a code that is only paid beside a primary procedure of the same day.

Source: CMS, NCCI add-on code edits; Medicare Claims Processing Manual (Pub. 100-04), chapter 12, section 30.
Type 1 has listed primaries, type 2 the contractor's choice, type 3 both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.denials import carc_of
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, InForce, NotChecked, Severity, table_source
from terminology.claims.lookups.ncci_lookup import (
    NOT_FOR_STAYS,
    PROCEDURES_ONLY,
    DatedLine,
    add_ons_on,
    by_day,
    lines_of,
)
from terminology.claims.lookups.procedure_codes import is_licensed_code
from terminology.claims.tables.ncci import ADD_ONS, CONTRACTOR_DEFINED, AddOn

EDIT = "aoc.no_primary"
_SEVERITIES = {1: Severity.ERROR, 2: Severity.INFO, 3: Severity.WARNING}
_SHOWN = 8


def no_primary(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the add-on codes that stand without a primary on this claim, by the type of the edit."""
    lines = lines_of(claim, context)
    for day, of_day in by_day(lines).items():
        release = context.tables.release_on(ADD_ONS, day)
        if release is None:
            yield NotChecked(EDIT, context.absent(ADD_ONS, day))
            continue
        yield CheckedEdit(EDIT, release.title, release.release)
        for each in of_day:
            entries = add_ons_on(context, each.code, day)
            if entries:
                yield from _of_line(each, entries, of_day, lines)
    yield from _unknown_codes(context, lines)


def _of_line(
    add_on: DatedLine,
    entries: Sequence[Entry[AddOn]],
    of_day: Sequence[DatedLine],
    lines: Sequence[DatedLine],
) -> Iterator[Outcome]:
    listed = {entry.row.primary for entry in entries}
    others = [line for line in of_day if line.code != add_on.code]
    if any(line.code in listed for line in others):
        return
    kind = min(entry.row.kind for entry in entries)
    if kind == 2 and others:
        reason = (
            f"{add_on.code} may stand beside what the contractor accepts as primary; that is not published"
        )
        yield NotChecked(EDIT, reason)
        return
    yield _finding(add_on, kind, entries, [line for line in lines if line.code in listed])


def _finding(
    add_on: DatedLine, kind: int, entries: Sequence[Entry[AddOn]], elsewhere: Sequence[DatedLine]
) -> Finding:
    primaries = sorted({entry.row.primary for entry in entries} - {CONTRACTOR_DEFINED})
    words = f"{add_on.code} is an add-on code (type {kind}) and no primary of {add_on.day} is on this claim."
    if primaries:
        more = f" and {len(primaries) - _SHOWN} more" if len(primaries) > _SHOWN else ""
        words += f" Primaries: {', '.join(primaries[:_SHOWN])}{more}."
    if kind > 1:
        words += " The contractor may accept others."
    if elsewhere:
        words += f" {elsewhere[0].code} stands on {elsewhere[0].day} (line {elsewhere[0].number})."
    entry = next(each for each in entries if each.row.kind == kind)
    return Finding(
        EDIT,
        _SEVERITIES[kind],
        words,
        table_source(
            entry.release,
            entry.row.row,
            InForce(entry.row.effective, entry.row.deleted or entry.release.in_force_to),
        ),
        line=(add_on.number,),
        why=entry.row.note or None,
        suggest=tuple(primaries),
        carc=carc_of(EDIT),
        icd11=PROCEDURES_ONLY,
    )


def _unknown_codes(context: CheckContext, lines: Sequence[DatedLine]) -> Iterator[NotChecked]:
    """A table that is cut to HCPCS Level II knows no add-on code of CPT; that is no approval."""
    asked = sorted({line.code for line in lines if is_licensed_code(line.code)})
    if asked and context.tables.releases(ADD_ONS) and not _holds_ama_codes(context):
        yield NotChecked(EDIT, f"{', '.join(asked)}: the loaded table holds no CPT code")


def _holds_ama_codes(context: CheckContext) -> bool:
    held = context.memory.get(EDIT)
    if not isinstance(held, bool):
        held = any(is_licensed_code(entry.row.add_on) for entry in context.tables.rows(ADD_ONS))
        context.memory[EDIT] = held
    return held


EDITS = (
    Edit(
        EDIT,
        Severity.ERROR,
        "An add-on code without its primary procedure on this claim.",
        no_primary,
        frozenset({ClaimSetting.PROFESSIONAL, ClaimSetting.OUTPATIENT}),
        (ADD_ONS.name,),
        f"{NOT_FOR_STAYS}, and add-on codes are no supplies",
    ),
)
