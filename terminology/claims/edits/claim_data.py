"""Data that is missing or cannot be: diagnoses, pointers, dates, units, places.

Source: the implementation guides of the 837 claim (005010X222A1 professional, 005010X223A2 institutional).
"""

from __future__ import annotations

from collections.abc import Iterator

from terminology.claims.claim import LINE_CLAIMS, MOST_POINTERS, Claim, ClaimLine, ClaimSetting
from terminology.claims.context import CheckContext
from terminology.claims.edit import ALL_SETTINGS, Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, Severity, Source, table_source
from terminology.claims.service_dates import claim_day, line_day
from terminology.claims.tables.place_of_service import PLACE_OF_SERVICE

_NO_POINTERS = "lines of hospital claims have no pointers and no place of their own"

MOST_DIAGNOSES = {True: 12, False: 25}
"""By whether the claim is one of lines: 837P takes 12; 837I the principal and 24 others."""
MOST_EXTERNAL_CAUSES = 12
MOST_REASONS = 3


def guide(claim: Claim, segment: str) -> Source:
    """Return the implementation guide of a claim's kind as a source; ``segment`` stands as its row."""
    professional = claim.setting in LINE_CLAIMS
    name, version = ("837P", "005010X222A1") if professional else ("837I", "005010X223A2")
    return Source("ASC X12", f"{name} implementation guide", version, segment)


def missing_diagnosis(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield whether the claim has no diagnosis at all."""
    edit, source = "claim.missing_diagnosis", guide(claim, "HI")
    yield CheckedEdit(edit, source.table, source.release)
    if not claim.diagnoses:
        yield Finding(edit, Severity.ERROR, "The claim has no diagnosis.", source)


def too_many_diagnoses(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lists of diagnoses that are longer than the claim can carry."""
    edit, source = "claim.too_many_diagnoses", guide(claim, "HI")
    yield CheckedEdit(edit, source.table, source.release)
    counts = (
        ("diagnoses", len(claim.diagnoses), MOST_DIAGNOSES[claim.setting in LINE_CLAIMS]),
        ("external causes", len(claim.external_causes), MOST_EXTERNAL_CAUSES),
        ("reasons for the visit", len(claim.reason_for_visit), MOST_REASONS),
    )
    for what, count, most in counts:
        if count > most:
            beyond = tuple(range(most + 1, count + 1)) if what == "diagnoses" else ()
            message = f"{count} {what}; the claim has room for {most}."
            yield Finding(edit, Severity.ERROR, message, source, dx=beyond)


def pointers(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose pointers are missing, too many, or lead to no diagnosis."""
    edit, source = "line.pointer", guide(claim, "SV107")
    yield CheckedEdit(edit, source.table, source.release)
    for number, line in enumerate(claim.lines, 1):
        for message in _wrong_pointers(claim, line):
            yield Finding(edit, Severity.ERROR, message, source, line=(number,))


def _wrong_pointers(claim: Claim, line: ClaimLine) -> Iterator[str]:
    wrong = [str(each) for each in line.pointers if not 1 <= each <= len(claim.diagnoses)]
    if wrong:
        noun = "diagnosis" if len(claim.diagnoses) == 1 else "diagnoses"
        yield f"Points to {', '.join(wrong)}, but the claim has {len(claim.diagnoses)} {noun}."
    if not line.pointers and claim.diagnoses:
        yield "Points to no diagnosis."
    if len(line.pointers) > MOST_POINTERS:
        yield f"{len(line.pointers)} pointers; a line has room for {MOST_POINTERS}."


def dates(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines without a date of service, or with one outside the statement."""
    edit, source = "line.missing_date", guide(claim, "DTP*472")
    yield CheckedEdit(edit, source.table, source.release)
    needed = claim.setting in LINE_CLAIMS or _spans_days(claim)
    for number, line in enumerate(claim.lines, 1):
        if line.date_of_service is None:
            if needed:
                yield Finding(
                    edit, Severity.ERROR, "The line has no date of service.", source, line=(number,)
                )
        elif _outside(claim, line):
            message = f"The line's date {line.date_of_service} lies outside the claim's period."
            yield Finding(edit, Severity.ERROR, message, source, line=(number,))


def _spans_days(claim: Claim) -> bool:
    """An outpatient statement of several days dates each line (837I, DTP*472)."""
    start, end = claim.statement_from, claim.statement_through
    outpatient = claim.setting is ClaimSetting.OUTPATIENT
    return outpatient and (start is None or end is None or start != end)


def _outside(claim: Claim, line: ClaimLine) -> bool:
    day, start, end = line.date_of_service, claim.statement_from, claim.statement_through
    if day is None or claim.setting in LINE_CLAIMS:
        return False
    return (start is not None and day < start) or (end is not None and day > end)


def units(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines without units, or with none or fewer."""
    edit, source = "line.units", guide(claim, "SV1/SV2")
    yield CheckedEdit(edit, source.table, source.release)
    for number, line in enumerate(claim.lines, 1):
        if line.units is None or line.units <= 0:
            told = "no units" if line.units is None else f"{line.units:g} units"
            message = f"The line has {told}; there must be more than 0."
            yield Finding(edit, Severity.ERROR, message, source, line=(number,))


def place_of_service(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the lines whose place of service CMS's list does not assign."""
    edit = "line.place_of_service"
    _, told = context.release_for(edit, PLACE_OF_SERVICE, claim_day(claim))
    yield told
    for number, line in enumerate(claim.lines, 1):
        day = line_day(claim, line)
        if day is None or line.place_of_service is None:
            continue
        release = context.tables.release_on(PLACE_OF_SERVICE, day)
        entries = context.tables.find(PLACE_OF_SERVICE, line.place_of_service)
        if release is not None and not any(entry.release == release for entry in entries):
            message = f"{line.place_of_service} is no place of service code."
            yield Finding(edit, Severity.ERROR, message, table_source(release), line=(number,))


EDITS = (
    Edit("claim.missing_diagnosis", Severity.ERROR, "The claim has no diagnosis.", missing_diagnosis),
    Edit(
        "claim.too_many_diagnoses",
        Severity.ERROR,
        "More diagnoses than an 837 claim can carry (professional 12, institutional 25).",
        too_many_diagnoses,
    ),
    Edit(
        "line.pointer",
        Severity.ERROR,
        "A line points to no diagnosis, to one that is not there, or to more than four.",
        pointers,
        LINE_CLAIMS,
        elsewhere=_NO_POINTERS,
    ),
    Edit("line.missing_date", Severity.ERROR, "A line without a date, or outside the statement.", dates),
    Edit("line.units", Severity.ERROR, "A line without units, or with none.", units, ALL_SETTINGS),
    Edit(
        "line.place_of_service",
        Severity.ERROR,
        "A place of service that CMS's list does not assign.",
        place_of_service,
        LINE_CLAIMS,
        (PLACE_OF_SERVICE.name,),
        _NO_POINTERS,
    ),
)
