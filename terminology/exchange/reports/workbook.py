"""The report as an XLSX workbook: a summary with charts, then one sheet per question."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from terminology.exchange.tables.write import unformula
from terminology.impact.report import Report
from terminology.impact.table import Chart, Table

_FORMATS = {"count": "#,##0", "share": "0.00%", "number": "#,##0.000"}
_MOST_ROWS = 1_000_000
_SHEET_NAME = 31
_MEASURED, _WIDEST = 200, 60
"""Rows that a column's width is measured by, and the widest column in characters."""


def workbook(report: Report) -> bytes:
    """Return the workbook. No cell holds a formula, and no text that a spreadsheet could take for one."""
    import xlsxwriter  # type: ignore[import-untyped]

    out = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        formats = {kind: book.add_format({"num_format": f}) for kind, f in _FORMATS.items()}
        bold, wrap = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
        summary = book.add_worksheet("Summary")
        placed = {t.id: _sheet(book, t, formats, bold) for t in report.tables}
        _summary(book, summary, report, placed, bold, wrap)
    return out.getvalue()


def safe_text(text: str) -> str:
    """Return text that no spreadsheet runs, also when the sheet is saved as CSV (OWASP, CSV injection)."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    return unformula(text)


def _sheet(book: Any, table: Table, formats: dict[str, Any], bold: Any) -> str:
    name = table.title[:_SHEET_NAME]
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, table.question, bold)
    sheet.write_string(1, 0, table.note)
    for at, column in enumerate(table.columns):
        sheet.write_string(2, at, column.name, bold)
        sheet.set_column(at, at, _width(table, at))
    kinds = [column.kind for column in table.columns]
    for line, row in enumerate(table.rows[:_MOST_ROWS], 3):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, at, safe_text(value)[:32_000])
            elif value is not None:
                sheet.write_number(line, at, value, formats.get(kinds[at]))
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
    sheet.autofilter(2, 0, 2 + max(1, len(table.rows)), len(table.columns) - 1)
    return name


def _width(table: Table, at: int) -> int:
    """The width of a column in characters: what its first rows need, at most half a screen."""
    texts = (len(str(row[at])) for row in table.rows[:_MEASURED] if row[at] is not None)
    return min(_WIDEST, max([10, len(table.columns[at].name), *texts]) + 2)


def _summary(book: Any, sheet: Any, report: Report, placed: dict[str, str], bold: Any, wrap: Any) -> None:
    sheet.set_column(0, 0, 100, wrap)
    sheet.fit_to_pages(1, 0)
    lines = [
        (report.title, bold),
        (
            f"{report.total:,} diagnoses, read against ICD-10-CM {report.release}; bundle "
            f"{report.bundle[:16]}",
            None,
        ),
        ("In ten sentences", bold),
        *((f"{n}. {s.text} [sheet: {placed[s.table]}]", None) for n, s in enumerate(report.headline, 1)),
        ("Notices", bold),
        *((notice, None) for notice in report.notices),
        ("Method and sources (docs/method.md)", bold),
        *((source, None) for source in report.sources),
        ("Sheets", bold),
        *((f"{placed[t.id]}: {t.question}", None) for t in report.tables),
    ]
    for at, (text, look) in enumerate(lines):
        sheet.write_string(at, 0, safe_text(text), look)
    down = 0
    for table in report.tables:
        for chart in table.charts if table.rows else ():
            sheet.insert_chart(down, 1, _chart(book, table, chart, placed[table.id]))
            down += 16


def _chart(book: Any, table: Table, chart: Chart, sheet: str) -> Any:
    rows = [i for i, row in enumerate(table.rows) if chart.where in (None, row[0])][: chart.most]
    first, last = (rows[0] + 3, rows[-1] + 3) if rows else (3, 3)
    label, value = table.column(chart.label), table.column(chart.value)
    drawn = book.add_chart({"type": "bar"})
    drawn.add_series(
        {
            "categories": [sheet, first, label, last, label],
            "values": [sheet, first, value, last, value],
            "pattern": {"pattern": "wide_upward_diagonal", "fg_color": "#1F3A5F", "bg_color": "#FFFFFF"},
            "border": {"color": "#1F3A5F"},
            "data_labels": {"value": True},
        }
    )
    drawn.set_title({"name": chart.title})
    drawn.set_legend({"none": True})
    drawn.set_y_axis({"reverse": True})
    return drawn
