"""The tables of a report as HTML, one for the server's page and the file: a printed core, and an annex.

The core shows the first rows of all settings and stands open; every other table is an annex that is folded
until somebody opens it, and prints when it is open. A table's own rows are cut at :data:`MOST_ROWS`; the
workbook, the JSON and the ZIP have all. A measured value has its range behind it in one cell.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, NamedTuple
from urllib.parse import quote

from jinja2 import Environment
from markupsafe import Markup, escape

from terminology.exchange.reports.drawings import bars, drawing, drawn
from terminology.exchange.reports.words import column_words, ends_of, range_words, shown, value_words
from terminology.impact.report import Report
from terminology.impact.table import Column, Table, Value

MOST_ROWS = 200
ALL = "all settings"


class _Core(NamedTuple):
    """How a table stands in the core: its first rows, without the columns named, with its charts or not."""

    rows: int
    without: frozenset[str] = frozenset()
    charts: bool = False


#: The tables that are read first and printed.
CORE: dict[str, _Core] = {
    "kept": _Core(5),
    "representation": _Core(4, charts=True),
    "settings": _Core(6),
    "representation_by_chapter": _Core(22, frozenset({"none share"})),
    "losses": _Core(12, frozenset({"codes"})),
    "comparability": _Core(19, frozenset({"low bound, main stem", "high bound, main stem"})),
    "comparability_records": _Core(19),
    "payment": _Core(8, charts=True),
    "payer_lists": _Core(4),
    "stays": _Core(12),
    "documentation": _Core(11, frozenset({"ICD-11 tells apart"})),
    "lengths": _Core(10),
    "workload": _Core(3),
    "sample": _Core(4),
    "accounted": _Core(5),
}
_WHOLE = _Core(MOST_ROWS, charts=True)
_CODE = re.compile(r"\b[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?(?![0-9A-Z])")
_STEM = re.compile(r"(?<![0-9A-Z.])[0-9A-Z]{2,}[0-9A-Z.]*(?![0-9A-Za-z.])")
_HEAD = re.compile(r"(^|; )([0-9A-Z]{3,}[0-9A-Z.]*)(?= )")


class Addresses(NamedTuple):
    """Where a code is looked up, by system; ``None`` where there is no address for it."""

    icd_10_cm: Callable[[str], str | None]
    icd_11: Callable[[str], str | None]


def on_server(code: str, system: str) -> str:
    """Return the address of a code on the server that shows the report."""
    return f"/code/{system}/{quote(code)}"


OF_SERVER = Addresses(lambda code: on_server(code, "icd-10-cm"), lambda code: on_server(code, "icd-11"))
OF_PUBLISHER = Addresses(lambda code: f"https://icd10cmtool.cdc.gov/?query={quote(code)}", lambda _: None)
"""A file that stands alone: NCHS's browser finds a code by itself, WHO's does not."""


def sections(report: Report, addresses: Addresses, *, form: str | None = None) -> Markup:
    """Return the tables of a report.

    ``form`` is the id of the form on the server's page that asks for the same report as a file; it adds the
    buttons that the script of that page serves.
    """
    core = [_section(t, addresses, CORE[t.id]) for t in report.tables if t.id in CORE]
    annex = [_section(t, addresses, _WHOLE) for t in report.tables]
    groups = [drawing(group) for group in report.groups]
    return Markup(_template().render(core=core, annex=annex, groups=groups, form=form, shown=shown))


def _section(table: Table, addresses: Addresses, wanted: _Core) -> dict[str, Any]:
    """Return what the template prints of a table; in the core of all settings, else of all rows."""
    in_core = wanted is not _WHOLE
    rows = _core_rows(table, wanted.rows) if in_core else table.rows[: wanted.rows]
    hidden = wanted.without | ({"scope"} if in_core and table.columns[0].name == "scope" else set())
    hidden |= ends_of(table)
    places = [at for at, column in enumerate(table.columns) if column.name not in hidden]
    columns = [table.columns[at] for at in places]
    charts = [c for c in table.charts if any(bar["width"] for bar in bars(table, c)["bars"])]
    draws = wanted.charts and (in_core or not (table.id in CORE and CORE[table.id].charts))
    return {
        "id": table.id,
        "title": table.title,
        "question": table.question,
        "note": table.how(column_words),
        "columns": [(_capital(column_words(c.name)), c.kind) for c in columns],
        "rows": [
            [
                (c.kind, cell_html(c.name, row[at], c.kind, addresses) + _range(table, row, c))
                for at, c in zip(places, columns, strict=True)
            ]
            for row in rows
        ],
        "more": len(table.rows) - len(rows),
        "count": len(table.rows),
        "charts": [(c.title, Markup(drawn(table, c))) for c in charts] if draws else [],
    }


def _range(table: Table, row: Sequence[Value], column: Column) -> Markup:
    """Return the range of a measured value as it stands behind it; nothing for other columns."""
    text = range_words(table, row, column)
    return Markup(' <span class="range">{}</span>').format(text) if text else Markup("")


def _core_rows(table: Table, most: int) -> Sequence[Sequence[Value]]:
    """Return the first rows of all settings, or of the one that a scheme pays alone; a total stays last."""
    names = [column.name for column in table.columns]
    rows: Sequence[Sequence[Value]] = table.rows
    if "scope" in names:
        at = names.index("scope")
        every = {row[0] for row in rows if row[at] == ALL}
        rows = [row for row in rows if row[at] == ALL or (at and row[0] not in every)]
    ends_in_total = len(rows) > most and "total" in rows[-1]
    return [*rows[: most - 1], rows[-1]] if ends_in_total else rows[:most]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def cell_html(column: str, value: Value, kind: str, addresses: Addresses) -> Markup:
    """Return a cell as HTML, its codes as links."""
    if not isinstance(value, str):
        return Markup(escape(shown(value, kind)))
    if column in _TENS and value != "total":
        return _linked(value, _CODE, addresses.icd_10_cm, most=1 if column == "most frequent example" else 0)
    if column in _ELEVENS:
        return _linked(value, _STEM, addresses.icd_11)
    if column == "ICD-11 tells apart":
        return _linked(value, _HEAD, addresses.icd_11)
    return Markup(escape(value_words(column, value)))


_TENS = frozenset({"code", "codes", "category", "ICD-10-CM codes", "codes (status, volume)"}) | {
    "most frequent example"
}
_ELEVENS = frozenset({"ICD-11", "expressions", "ICD-11 stems"})


def _linked(
    text: str, pattern: re.Pattern[str], address: Callable[[str], str | None], most: int = 0
) -> Markup:
    parts, begin = [], 0
    for number, match in enumerate(pattern.finditer(text), 1):
        code = match[match.lastindex or 0]
        where = address(code)
        if where is None or (most and number > most):
            continue
        start = match.start(match.lastindex or 0)
        parts += [escape(text[begin:start]), Markup('<a class="code" href="{}">{}</a>').format(where, code)]
        begin = start + len(code)
    return Markup("").join([*parts, escape(text[begin:])])


def script() -> str:
    """Return the script that sorts a table by a heading and opens the annex; it needs nothing else."""
    return _file("report.js")


def script_source() -> str:
    """Return the script as a content security policy names it: ``sha256-`` and the hash of its text.

    >>> script_source().startswith("'sha256-")
    True
    """
    return f"'sha256-{b64encode(sha256(script().encode()).digest()).decode()}'"


@cache
def _template() -> Any:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_file("sections.html"))


def _file(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text("utf-8")
