"""Whether each diagnosis code exists, on its date, and is whole.

Source: the ICD-10-CM releases loaded; Guidelines I.A.4 (placeholder), I.A.5 (7th characters), I.B.2 (level of
detail). All diagnoses of a claim are looked at: the admitting one, reasons for the visit and external causes
too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from terminology.claims.claim import Claim
from terminology.claims.context import NO_DATE, CheckContext
from terminology.claims.edit import Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, InForce, NotChecked, Severity, Source
from terminology.claims.lookups.diagnosis_status import DiagnosisFault, diagnosis_status, not_covered
from terminology.claims.service_dates import CodingDay, diagnosis_days
from terminology.release import Release
from terminology.systems import ICD10CM

SAYS = {
    "dx.not_found": "A diagnosis code that does not exist.",
    "dx.not_valid_on_date": "A diagnosis code that is not valid on the date that counts.",
    "dx.not_billable": "A heading, where a code below it is needed.",
    "dx.missing_7th": "A code without the 7th character it needs.",
    "dx.placeholder": "A code without the placeholder X before its 7th character.",
}
_CODES = "ICD-10-CM codes"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a code stands: its number among the diagnoses, 0 elsewhere, and how to name that place."""

    number: int
    name: str
    code: str


def validity(edit: str, claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the findings of one validity edit."""
    outcomes: dict[str, list[Outcome]] | None = context.scratch.get(validity)
    if outcomes is None:
        outcomes = context.scratch[validity] = {each: [] for each in SAYS}
        for outcome in _outcomes(claim, context):
            outcomes[outcome.edit].append(outcome)
    yield from outcomes[edit]


def _outcomes(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    if not context.store.releases(ICD10CM.id):
        yield from (NotChecked(edit, "no release of ICD-10-CM is loaded") for edit in SAYS)
        return
    judged = False
    for place in _places(claim):
        days = diagnosis_days(claim, place.number)
        for coding_day in days:
            judged = True
            yield from _judged(place, coding_day, context)
    if not judged:
        yield from (NotChecked(edit, NO_DATE) for edit in SAYS)
        return
    for day in dict.fromkeys(each.days[0] for each in diagnosis_days(claim, 0)):
        if beyond := not_covered(context.store, day):
            yield from (NotChecked(edit, beyond) for edit in SAYS)
            continue
        release = context.store.release(ICD10CM.id, on=day).release
        yield from (CheckedEdit(edit, _CODES, release.id) for edit in SAYS)


def _judged(place: _Place, coding_day: CodingDay, context: CheckContext) -> Iterator[Outcome]:
    status = diagnosis_status(context, place.code, coding_day.days)
    if status is None:
        return
    if not isinstance(status, DiagnosisFault):
        yield NotChecked("dx.not_valid_on_date", status.reason)
        return
    release = context.store.release(ICD10CM.id, on=coding_day.days[0]).release
    message = status.message if place.number else f"{place.name}: {status.message}"
    numbers = (place.number,) if place.number else ()
    yield Finding(
        status.edit,
        Severity.ERROR,
        message,
        _source(status, release),
        dx=numbers,
        line=coding_day.lines,
        suggest=status.suggest,
    )


def _source(status: DiagnosisFault, release: Release) -> Source:
    table = status.source or _CODES
    period = status.in_force or InForce(release.effective_from, release.effective_to)
    return Source("CMS and NCHS", table, release.id, None, period)


def _places(claim: Claim) -> Iterator[_Place]:
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        yield _Place(number, "diagnosis", diagnosis.code)
    for cause in claim.external_causes:
        yield _Place(0, "External cause", cause.code)
    for reason in claim.reason_for_visit:
        yield _Place(0, "Reason for the visit", reason)
    if claim.admitting_diagnosis:
        yield _Place(0, "Admitting diagnosis", claim.admitting_diagnosis)


EDITS = tuple(
    Edit(edit, Severity.ERROR, says, partial(validity, edit), tables=(ICD10CM.id,))
    for edit, says in SAYS.items()
)
