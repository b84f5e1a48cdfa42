"""What the Medicare Code Editor's master says of a claim's diagnoses on a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from terminology.bundle.tables.edit_tables import Entry
from terminology.claims.claim import Claim
from terminology.claims.context import CheckContext
from terminology.claims.finding import CheckedEdit, InForce, NotChecked, Source, table_source
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis
from terminology.codes import code_key


def mce_entry(context: CheckContext, key: str, day: date) -> Entry[MceDiagnosis] | None:
    """Return the master's row of a code on a day; the newest version of the master that covers it."""
    entries = context.tables.find(MCE_DIAGNOSIS, key)
    return next(
        (each for each in reversed(entries) if each.row.covers(day) and each.release.covers(day)), None
    )


def mce_source(entry: Entry[MceDiagnosis]) -> Source:
    """Return the source of a row of the master, with the row's own period."""
    period = InForce(entry.row.valid_from, entry.row.valid_to)
    return table_source(entry.release, entry.row.row, period)


def applied(edit: str, context: CheckContext, day: date | None) -> CheckedEdit | NotChecked:
    """Return whether an edit can be applied from the master on a day, or why not."""
    return context.release_for(edit, MCE_DIAGNOSIS, day)[1]


def diagnosis_rows(
    claim: Claim, context: CheckContext, day: date | None
) -> Iterator[tuple[int, str, Entry[MceDiagnosis]]]:
    """Yield number, code and the master's row of each diagnosis that has one on the day."""
    if day is None:
        return
    for number, diagnosis in enumerate(claim.diagnoses, 1):
        entry = mce_entry(context, code_key(diagnosis.code), day)
        if entry is not None:
            yield number, diagnosis.code, entry
