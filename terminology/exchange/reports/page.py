"""The report as one self-contained HTML page with drawn charts; it prints, and is readable without colour."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from terminology.impact.motifs import Group
from terminology.impact.report import Report
from terminology.impact.table import Chart, Table, Value

MOST_ROWS = 200
"""Rows of a table on the page; workbook and JSON have all of them."""
CORE = ("kept", "representation", "settings", "comparability", "payment", "workload", "sample")
"""Tables that stand together in print; each of the others begins a page of the annex."""
_DRAWN = 12
# Pixels for the labels of a chart at least, and for a letter of the longest.
_NARROW, _LETTER = 170, 7


def page(report: Report) -> str:
    """Return the HTML document."""
    tables = [
        {
            "table": t,
            "rows": t.rows[:MOST_ROWS],
            "more": max(0, len(t.rows) - MOST_ROWS),
            "charts": [{"title": c.title, "svg": Markup(drawn(t, c))} for c in t.charts],
        }
        for t in report.tables
    ]
    groups = [drawing(g) for g in report.groups]
    return _rendered("impact.html", report=report, tables=tables, groups=groups, core=CORE)


def drawn(table: Table, chart: Chart) -> str:
    """Return a bar chart as an SVG image of its own; its bars are hatched, not coloured."""
    return _rendered("chart.svg", table=table.id, chart=bars(table, chart))


def _rendered(template: str, **values: object) -> str:
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters["shown"] = shown
    text = files(__package__).joinpath("templates", template).read_text("utf-8")
    return environment.from_string(text).render(**values)


def shown(value: Value, kind: str) -> str:
    """Return a value as it is printed; the number is the one in workbook and JSON."""
    if value is None:
        return "\u2013"
    if isinstance(value, str):
        return value
    return {"count": f"{value:,}", "share": f"{value:.2%}", "number": f"{value:,.3f}"}.get(kind, str(value))


def bars(table: Table, chart: Chart) -> dict[str, Any]:
    """Return the geometry of a bar chart."""
    label, at = table.column(chart.label), table.column(chart.value)
    rows = [row for row in table.rows if chart.where in (None, row[0])][: chart.most]
    values = [row[at] if isinstance(row[at], int | float) else 0 for row in rows]
    most = max([float(v or 0) for v in values], default=0) or 1
    drawn = [
        {
            "label": row[label],
            "text": shown(row[at], table.columns[at].kind),
            "width": round(320 * float(v or 0) / most),
            "y": 24 * i,
        }
        for i, (row, v) in enumerate(zip(rows, values, strict=True))
    ]
    left = max([_NARROW, *(_LETTER * len(str(bar["label"])) for bar in drawn)])
    return {"title": chart.title, "bars": drawn, "left": left, "height": 24 * len(drawn) + 4}


def drawing(group: Group) -> dict[str, Any]:
    """Return the geometry of a group: codes left, stems right, an edge for each target; twelve of each."""
    codes = {c.code: 24 * i + 16 for i, c in enumerate(group.codes[:_DRAWN])}
    stems = {s: 24 * i + 16 for i, s in enumerate(group.stems[:_DRAWN])}
    edges = [(codes[c], stems[s]) for c, s in group.edges if c in codes and s in stems]
    hidden = len(group.codes) + len(group.stems) - len(codes) - len(stems)
    height = 24 * max(len(codes), len(stems)) + 8
    return {
        "codes": codes,
        "stems": stems,
        "edges": edges,
        "height": height,
        "hidden": hidden,
        "volume": group.volume,
    }
