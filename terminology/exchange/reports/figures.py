"""The figures a report's summary shows, each taken from its table: they are not reckoned again."""

from __future__ import annotations

from typing import NamedTuple

from terminology.impact.report import Report
from terminology.impact.table import Table, Value

_ALL = "all settings"


class Figure(NamedTuple):
    """One figure: what it is, its value, its kind as a column's, its table, and its range where known."""

    what: str
    value: Value
    kind: str
    table: str
    low: Value = None
    high: Value = None


#: What, table, column, and the cells a row must have.
_WANTED: tuple[tuple[str, str, str, dict[str, str]], ...] = (
    ("Diagnoses that have a place", "kept", "volume", {"scope": _ALL}),
    ("Keep their whole meaning", "kept", "kept share", {"scope": _ALL}),
    ("with ICD-11's encounter codes", "kept", "kept with encounter codes", {"scope": _ALL}),
    (
        "One ICD-11 code says all",
        "representation",
        "share of volume",
        {"scope": _ALL, "representation": "full"},
    ),
    ("May have to be asked about", "documentation", "share of volume", {"scope": _ALL, "code": "total"}),
    (
        "Longer than 7 characters",
        "lengths",
        "share of volume",
        {"scope": _ALL, "what": "longer than 7 characters"},
    ),
    (
        "CC or MCC no longer told apart",
        "payment",
        "share at stake",
        {"scheme": "MS-DRG", "outcome": "split lost"},
    ),
    (
        "HCC no longer told apart",
        "payment",
        "share at stake",
        {"scheme": "CMS-HCC V28", "scope": _ALL, "outcome": "split lost"},
    ),
    ("Codes that cover 80 %", "workload", "codes", {"scope": _ALL}),
    ("of them not one for one", "workload", "of them for dual coding", {"scope": _ALL}),
    ("Stays that change their CC or MCC level", "stays", "stays", {"what": "in all, net"}),
    ("Dollars of them, net", "stays", "dollars", {"what": "in all, net"}),
)


def figures(report: Report) -> list[Figure]:
    """Return the figures that the report has; a table or row that is not there leaves its figure out."""
    tables = {table.id: table for table in report.tables}
    found = [
        Figure(what, row[at], tables[name].columns[at].kind, name, *_ends(tables[name], at, row))
        for what, name, column, where in _WANTED
        if name in tables
        for at in (tables[name].column(column),)
        for row in _first(tables[name], where)
    ]
    return [figure for figure in found if figure.value is not None]


def _first(table: Table, where: dict[str, str]) -> list[tuple[Value, ...]]:
    """Return the first row whose cells are as wanted, if there is one."""
    places = {table.column(name): wanted for name, wanted in where.items()}
    rows = (row for row in table.rows if all(row[place] == wanted for place, wanted in places.items()))
    return list(rows)[:1]


def _ends(table: Table, at: int, row: tuple[Value, ...]) -> list[Value]:
    return [row[table.column(end)] for end in table.columns[at].ends or ()]
