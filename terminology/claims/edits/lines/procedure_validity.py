"""Whether codes and modifiers of service lines exist on the line's date.

Source: CMS's HCPCS Level II files (add and termination dates of each row). CPT codes and modifiers are looked
up where a licensee's own file is loaded; without it they are not checked, never "not found".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from terminology.claims.claim import Claim
from terminology.claims.context import NO_DATE, CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, InForce, NotChecked, Severity, Source
from terminology.claims.lookups.procedure_codes import ProcedureStatus, modifier, service_code
from terminology.claims.service_dates import line_day
from terminology.systems import HCPCS

_TABLE = "HCPCS Level II"
SAYS = {
    "hcpcs.not_found": "A service code that does not exist.",
    "hcpcs.not_valid_on_date": "A service code that is not valid on the line's date.",
    "mod.not_found": "A modifier that does not exist.",
    "mod.not_valid_on_date": "A modifier that is not valid on the line's date.",
}


@dataclass(frozen=True, slots=True)
class _Judged:
    """A code or modifier of a line and what was said of it."""

    prefix: str
    line: int
    status: ProcedureStatus


def validity(edit: str, claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield what one edit says of the codes or modifiers of all lines."""
    judged: list[_Judged] | None = context.scratch.get(validity)
    if judged is None:
        judged = context.scratch[validity] = list(_judged(claim, context))
    prefix, kind = edit.split(".")
    releases = set()
    for each in judged:
        if each.prefix != prefix:
            continue
        if each.status.kind == kind:
            yield _finding(edit, each)
        elif each.status.kind == "not_checked":
            yield NotChecked(edit, each.status.message)
        releases.add(each.status.release)
    for release in sorted(filter(None, releases)):
        yield CheckedEdit(edit, _TABLE, release)
    if not releases:
        yield CheckedEdit(edit, _TABLE, None)


def _judged(claim: Claim, context: CheckContext) -> Iterator[_Judged]:
    for number, line in enumerate(claim.lines, 1):
        day = line_day(claim, line)
        if line.code is not None:
            status = _NO_DAY if day is None else service_code(context, line.code, day)
            yield _Judged("hcpcs", number, status)
        for each in line.modifiers:
            status = _NO_DAY if day is None else modifier(context, each, line.code, day)
            yield _Judged("mod", number, status)


_NO_DAY = ProcedureStatus("not_checked", NO_DATE)


def _finding(edit: str, judged: _Judged) -> Finding:
    status = judged.status
    period = status.in_force or InForce()
    source = Source("CMS", status.source or _TABLE, status.release, in_force=period)
    return Finding(edit, Severity.ERROR, status.message, source, line=(judged.line,), suggest=status.suggest)


EDITS = tuple(
    Edit(edit, Severity.ERROR, says, partial(validity, edit), tables=(HCPCS.id,))
    for edit, says in SAYS.items()
)
