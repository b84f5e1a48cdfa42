"""Present on admission: the indicator beside each diagnosis of an inpatient stay.

Source: ICD-10-CM Official Guidelines, appendix I; the exempt list is one of a fiscal year.
"""

from __future__ import annotations

from collections.abc import Iterator

from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.edit import INPATIENT, Edit, Outcome
from terminology.claims.finding import CheckedEdit, Finding, Severity, Source, table_source
from terminology.claims.service_dates import claim_day
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.codes import code_key
from terminology.edit_table import TableRelease

INDICATORS = ("Y", "N", "U", "W")
_APPENDIX = Source("NCHS", "ICD-10-CM Official Guidelines", "FY2025", "appendix I")
_STAYS_ONLY = "the indicator belongs to inpatient stays"
#: Hospitals that need not report it (CMS, Hospital-Acquired Conditions: POA reporting).
EXEMPT_HOSPITALS = (
    "Not required of critical access, long-term care, cancer and children's hospitals, inpatient "
    "rehabilitation and psychiatric facilities, and religious non-medical institutions."
)


def missing(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses without indicator that are not on the exempt list of the stay's fiscal year."""
    edit = "dx.poa_missing"
    release, told = context.release_for(edit, POA_EXEMPT, claim_day(claim))
    yield told
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        if release and not diagnosis.poa and _exempt_row(context, diagnosis.code, release) is None:
            message = f"{diagnosis.code} needs a present-on-admission indicator (Y, N, U or W)."
            source = table_source(release)
            yield Finding(edit, Severity.ERROR, message, source, dx=(number,), why=EXEMPT_HOSPITALS)


def on_exempt(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses on the exempt list that carry an indicator all the same."""
    edit = "dx.poa_on_exempt"
    release, told = context.release_for(edit, POA_EXEMPT, claim_day(claim))
    yield told
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        if release is None or diagnosis.poa not in INDICATORS:
            continue
        row = _exempt_row(context, diagnosis.code, release)
        if row is not None:
            message = f"{diagnosis.code} is exempt: leave its present-on-admission indicator blank."
            yield Finding(edit, Severity.WARNING, message, table_source(release, row), dx=(number,))


def invalid(claim: Claim, context: CheckContext) -> Iterator[Outcome]:
    """Yield the diagnoses whose indicator is none of Y, N, U, W."""
    edit = "dx.poa_invalid"
    yield CheckedEdit(edit, _APPENDIX.table, _APPENDIX.release)
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        if diagnosis.poa and diagnosis.poa not in INDICATORS:
            message = f"{diagnosis.poa} is no present-on-admission indicator: Y, N, U, W, or blank if exempt."
            yield Finding(edit, Severity.ERROR, message, _APPENDIX, dx=(number,))


def _exempt_row(context: CheckContext, code: str, release: TableRelease) -> int | None:
    entries = context.tables.find(POA_EXEMPT, code_key(code))
    return next((entry.row.row for entry in entries if entry.release == release), None)


EDITS = (
    Edit(
        "dx.poa_missing",
        Severity.ERROR,
        "A diagnosis that is not exempt has no present-on-admission indicator.",
        missing,
        INPATIENT,
        (POA_EXEMPT.name,),
        _STAYS_ONLY,
    ),
    Edit(
        "dx.poa_invalid",
        Severity.ERROR,
        "A present-on-admission indicator other than Y, N, U, W.",
        invalid,
        INPATIENT,
        elsewhere=_STAYS_ONLY,
    ),
    Edit(
        "dx.poa_on_exempt",
        Severity.WARNING,
        "An exempt diagnosis has a present-on-admission indicator all the same.",
        on_exempt,
        INPATIENT,
        (POA_EXEMPT.name,),
        _STAYS_ONLY,
    ),
)
