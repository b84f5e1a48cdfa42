"""The report as an XLSX workbook: a summary with charts, then one sheet per question."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from terminology.exchange.reports.drawings import bars
from terminology.exchange.reports.figures import figures
from terminology.exchange.reports.words import column_words, table_words
from terminology.exchange.tables.write import unformula
from terminology.impact.report import Report
from terminology.impact.table import Chart, Table

_FORMATS = {"count": "#,##0", "share": "0.00%", "number": "#,##0.000"}
_MOST_ROWS = 1_000_000
_SHEET_NAME = 31
_MEASURED, _WIDEST = 200, 60
"""Rows that a column's width is measured by, and the widest column in characters; longer text is wrapped."""
_LETTER, _LINE = 1, 15
"""US Letter in Excel's numbers; the height of a line in points."""
_FIRST = 3
"""The row of a sheet's first row of data: question, note and headings stand above."""


class _Looks:
    """The formats of a workbook."""

    def __init__(self, book: Any) -> None:
        self.kinds = {
            kind: book.add_format({"num_format": f, "valign": "top"}) for kind, f in _FORMATS.items()
        }
        self.kinds["text"] = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.wrap = self.kinds["text"]


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
        looks = _Looks(book)
        summary = book.add_worksheet("Summary")
        placed = {t.id: _sheet(book, t, looks) for t in report.tables}
        _summary(book, summary, report, placed, looks)
    return out.getvalue()


def safe_text(text: str) -> str:
    """Return text that no spreadsheet runs, also when the sheet is saved as CSV (OWASP, CSV injection)."""
    text = "".join(c for c in text if c.isprintable() or c == "\n")
    return unformula(text)


def _sheet(book: Any, table: Table, looks: _Looks) -> str:
    name = table.title[:_SHEET_NAME]
    sheet = book.add_worksheet(name)
    widths = [_width(table, at) for at in range(len(table.columns))]
    sheet.write_string(0, 0, table.question, looks.bold)
    _across(sheet, 1, table.how(column_words), widths, looks)
    for at, column in enumerate(table.columns):
        sheet.write_string(_FIRST - 1, at, _capital(column_words(column.name)), looks.head)
        sheet.set_column(at, at, widths[at])
    kinds = [column.kind for column in table.columns]
    for line, row in enumerate(table_words(table)[:_MOST_ROWS], _FIRST):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, at, safe_text(value)[:32_000], looks.wrap)
            elif value is not None:
                sheet.write_number(line, at, value, looks.kinds[kinds[at]])
    sheet.freeze_panes(_FIRST, 0)
    sheet.repeat_rows(_FIRST - 1)
    last = _FIRST - 1 + max(1, len(table.rows))
    sheet.autofilter(_FIRST - 1, 0, last, len(table.columns) - 1)
    sheet.print_area(0, 0, last, len(table.columns) - 1)
    _for_print(sheet, name)
    return name


def _across(sheet: Any, line: int, text: str, widths: list[int], looks: _Looks) -> None:
    """Write a text over all columns of a sheet, in as many lines as it needs."""
    if len(widths) > 1:
        sheet.merge_range(line, 0, line, len(widths) - 1, "", looks.wrap)
    sheet.write_string(line, 0, text, looks.wrap)
    sheet.set_row(line, _LINE * (1 + int(1.1 * len(text)) // sum(widths)))


def _for_print(sheet: Any, name: str) -> None:
    """One page wide on US Letter, lying, with the sheet's name and the page's number."""
    sheet.set_landscape()
    sheet.set_paper(_LETTER)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.set_footer(f"&L{name.replace('&', '&&')}&RPage &P of &N")


def _width(table: Table, at: int) -> int:
    """The width of a column in characters: what its first rows need, at most half a screen."""
    texts = (len(str(row[at])) for row in table.rows[:_MEASURED] if row[at] is not None)
    head = max(map(len, column_words(table.columns[at].name).split()))
    return min(_WIDEST, max([10, head + 3, *texts]) + 2)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _summary(book: Any, sheet: Any, report: Report, placed: dict[str, str], looks: _Looks) -> None:
    """Sentences in one wide column, figures with their sheets beside them, charts below the figures."""
    sheet.set_column(0, 0, 90, looks.wrap)
    sheet.set_column(1, 1, 3)
    sheet.set_column(2, 2, 42)
    sheet.set_column(3, 3, 16)
    sheet.set_column(4, 5, 10)
    sheet.set_column(6, 6, 32)
    lines = [
        (report.title, looks.bold),
        (
            f"{report.total:,} diagnoses, read against ICD-10-CM {report.release}; bundle "
            f"{report.bundle[:16]}",
            None,
        ),
        ("In ten sentences", looks.bold),
        *((f"{n}. {s.text} [sheet: {placed[s.table]}]", None) for n, s in enumerate(report.headline, 1)),
        ("Notices", looks.bold),
        *((notice, None) for notice in report.notices),
        ("Method and sources (docs/method.md)", looks.bold),
        *((source, None) for source in report.sources),
        ("Sheets", looks.bold),
        *((f"{placed[t.id]}: {t.question}", None) for t in report.tables),
    ]
    for at, (text, look) in enumerate(lines):
        sheet.write_string(at, 0, safe_text(text), look)
    for at, name in enumerate(("In figures", "", "At least", "At most", "Sheet"), 2):
        sheet.write_string(1, at, name, looks.bold)
    shown = figures(report)
    for line, figure in enumerate(shown, 2):
        sheet.write_string(line, 2, figure.what, looks.wrap)
        for at, value in enumerate((figure.value, figure.low, figure.high), 3):
            if value is not None:
                sheet.write_number(line, at, value, looks.kinds[figure.kind])
        sheet.write_string(line, 6, placed[figure.table], looks.wrap)
    _charts(book, sheet, report, placed, len(shown) + 3)
    sheet.freeze_panes(1, 0)
    _for_print(sheet, "Summary")


def _charts(book: Any, sheet: Any, report: Report, placed: dict[str, str], down: int) -> None:
    for table in report.tables:
        for chart in table.charts:
            if any(bar["width"] for bar in bars(table, chart)["bars"]):
                sheet.insert_chart(down, 2, _chart(book, table, chart, placed[table.id]))
                down += 16


def _chart(book: Any, table: Table, chart: Chart, sheet: str) -> Any:
    rows = [i for i, row in enumerate(table.rows) if chart.where in (None, row[0])][: chart.most]
    first, last = (rows[0] + _FIRST, rows[-1] + _FIRST) if rows else (_FIRST, _FIRST)
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
