"""The charts of a report as SVG images: bars by table, and groups of codes as a graph."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from jinja2 import Environment

from terminology.exchange.reports.words import shown, value_words
from terminology.impact.measures.motifs import Group
from terminology.impact.table import Chart, Table

_DRAWN = 12
# Pixels for the labels of a chart at least, and for a letter of the longest.
_NARROW, _LETTER = 170, 7


def drawn(table: Table, chart: Chart) -> str:
    """Return a bar chart as an SVG image of its own; its bars are hatched, not coloured."""
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    text = files(__package__).joinpath("templates", "chart.svg").read_text("utf-8")
    return environment.from_string(text).render(table=table.id, chart=bars(table, chart))


def bars(table: Table, chart: Chart) -> dict[str, Any]:
    """Return the geometry of a bar chart."""
    label, at = table.column(chart.label), table.column(chart.value)
    rows = [row for row in table.rows if chart.where in (None, row[0])][: chart.most]
    values = [row[at] if isinstance(row[at], int | float) else 0 for row in rows]
    most = max([float(v or 0) for v in values], default=0) or 1
    found = [
        {
            "label": value_words(chart.label, row[label]),
            "text": shown(row[at], table.columns[at].kind),
            "width": round(320 * float(v or 0) / most),
            "y": 24 * i,
        }
        for i, (row, v) in enumerate(zip(rows, values, strict=True))
    ]
    left = max([_NARROW, *(_LETTER * len(str(bar["label"])) for bar in found)])
    return {"title": chart.title, "bars": found, "left": left, "height": 24 * len(found) + 4}


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
