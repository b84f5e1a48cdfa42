"""The report as a ZIP of CSV files: every row of every table, and the first page as text."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from terminology.exchange.reports.json_report import column_payload
from terminology.exchange.tables.write import unformula
from terminology.impact.report import Report
from terminology.impact.table import Table

_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of each member: the same report is the same file."""


def tables_zip(report: Report) -> bytes:
    """Return ``first-page.txt``, ``columns.csv`` and ``TABLE.csv`` for each table; no cell is a formula."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr(_member("first-page.txt"), _first_page(report))
        archive.writestr(_member("columns.csv"), _columns(report))
        for table in report.tables:
            archive.writestr(_member(f"{table.id}.csv"), _rows(table))
    return out.getvalue()


def _member(name: str) -> ZipInfo:
    info = ZipInfo(name, _EPOCH)
    info.compress_type = ZIP_DEFLATED
    return info


def _first_page(report: Report) -> str:
    sentences = [f"{n}. {s.text} [{s.table}.csv]" for n, s in enumerate(report.headline, 1)]
    return "\n".join([report.title, f"ICD-10-CM {report.release}", *report.notices, *sentences]) + "\n"


def _columns(report: Report) -> str:
    """What each column is and how sure: its table, name, kind, certainty, ends of its range, or why none."""
    names = ("name", "kind", "certainty", "low", "high", "why")
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["table", *names])
    for table in report.tables:
        told = map(column_payload, table.columns)
        writer.writerows([table.id, *(column.get(name, "") for name in names)] for column in told)
    return text.getvalue()


def _rows(table: Table) -> str:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([column.name for column in table.columns])
    writer.writerows([unformula(v) if isinstance(v, str) else v for v in row] for row in table.rows)
    return text.getvalue()
