"""What is told of a batch when it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from terminology.exchange.mapping.row_days import RowDays
from terminology.exchange.mapping.targets import ICD9, NO_RELEASE, NOT_IN_USE, OTHER, SEVERAL, UNKNOWN
from terminology.exchange.tables.columns import CodeColumns, listed

_EXAMPLES = 5
_SHOWN = 40


@dataclass(slots=True)
class BatchReport:
    """What came of a file: rows by status, the column the codes were in, the first unknown codes, notices.

    ``numbers`` counts the rows whose ICD-11 code a spreadsheet takes for a number (``1E30``).
    """

    column: str
    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    numbers: int = 0

    def add(self, cell: str, status: str, count: int) -> None:
        """Count rows with one cell."""
        self.rows += count
        self.statuses[status] += count
        if status == UNKNOWN and len(self.unknown) < _EXAMPLES and cell[:_SHOWN] not in self.unknown:
            self.unknown.append(cell[:_SHOWN])


def add_notices(
    report: BatchReport,
    columns: CodeColumns,
    looks_icd9: bool,
    unread: Sequence[str] = (),
    days: RowDays | None = None,
) -> None:
    """Say what a reader of the output must know: columns that were not mapped, codes that are no ICD-10-CM.

    ``unread`` are values of the version column that name no system that is known, ``days`` by which day each
    row was read.
    """
    if days is not None and (said := days.said()):
        report.notices.append(said)
    further = (*columns.others, *columns.apart, *columns.unread)
    if further:
        count = len(further)
        report.notices.append(
            f"{count} further {'columns of codes were' if count > 1 else 'column of codes was'} not mapped: "
            f"{listed(further)}; name one with --column"
        )
    if report.statuses[ICD9]:
        why = f"the column '{report.column}' looks like ICD-9-CM: " if looks_icd9 else ""
        report.notices.append(
            f"{why}{report.statuses[ICD9]:,} of {report.rows:,} rows are ICD-9-CM codes; they are not mapped"
        )
    ended = sum(report.statuses[status] for status in NOT_IN_USE)
    if ended:
        given = days.given if days is not None else date.today()
        when = "the day of their row" if days is not None and days.column is not None else given
        report.notices.append(
            f"not in use on {when}, and so not mapped: the codes of {ended:,} "
            f"{'row' if ended == 1 else 'rows'}; what to use then is suggested, --date maps as of another day"
        )
    if report.statuses[NO_RELEASE]:
        report.notices.append(
            f"{report.statuses[NO_RELEASE]:,} rows have codes that the Medicare Code Editor's master knows "
            "for their day and no loaded release has: they are not mapped; what replaced them is suggested"
        )
    if report.statuses[OTHER]:
        report.notices.append(
            f"{report.statuses[OTHER]:,} rows hold codes of other systems; they are not mapped"
        )
    if report.statuses[SEVERAL]:
        report.notices.append(
            f"{report.statuses[SEVERAL]:,} rows have several codes in a cell; answers are joined by '; '"
        )
    if unread:
        version = columns.versions.get(report.column, "")
        report.notices.append(
            f"the column '{version}' says {listed(list(unread)[:_EXAMPLES])}, which names no code system; "
            "those rows are read as ICD-10-CM"
        )
    if report.numbers:
        report.notices.append(
            f"{report.numbers:,} rows have an ICD-11 code that a spreadsheet that opens CSV takes for a "
            "number (1E30, 2E61); write .xlsx, or CSV with --spreadsheet"
        )
