"""What is compared: figures of the report and of the recount, and what both are counted from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from bench.recount.raw import ALL, Row, Volumes

FULL = ("full", "full-postcoordinated")

Z = 1.96

_ONE_SETTING = 2
"""Scopes of a file of one setting: that one and all."""
_NOTHING = ("unspecified", "not applicable", "not specified")
_TELLING = ("condition", "complication", "context")
"""Facets that say something of an unspecified kind too."""


class Figure(NamedTuple):
    """One figure, counted here and in the report; ``places`` are the decimals that the report rounds to."""

    name: str
    counted: float
    reported: float
    places: int = 4

    @property
    def same(self) -> bool:
        """Equal to the report's rounding."""
        return abs(self.counted - self.reported) <= 0.5001 / 10.0**self.places


class Report:
    """The report's JSON: its tables as rows by column names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.tables = {
            table["id"]: [
                dict(zip([c["name"] for c in table["columns"]], row, strict=True)) for row in table["rows"]
            ]
            for table in data["tables"]
        }
        self.release = str(data["release"])
        self.read: set[str] = set()
        """The tables that were asked for rows."""
        self.notes = {table["id"]: table["note"] for table in data["tables"]}

    def has(self, column: str) -> bool:
        """Whether the report's prompts are by this."""
        return any(column in row for row in self.tables["prompts"])

    def unread(self) -> list[str]:
        """Return the tables with rows that nobody asked for."""
        return [name for name, rows in self.tables.items() if rows and name not in self.read]

    def rows(self, table: str, **where: object) -> list[Row]:
        """Return the rows of a table whose cells are as wanted; none of a table that is not there."""
        self.read.add(table)
        return [
            r for r in self.tables.get(table, ()) if all(r[name] == value for name, value in where.items())
        ]


class Known:
    """Volumes of codes that have a place, with their recommended row.

    A report of one setting has all settings alone as its scope, and that setting where it is paid.
    """

    def __init__(self, volumes: Volumes, targets: Mapping[str, list[Row]]) -> None:
        self.first = {key: rows[0] for key, rows in targets.items()}
        self.targets = targets
        self.settings = {
            scope: {key: n for key, n in counts.items() if key in targets}
            for scope, counts in volumes.items()
        }
        self.scopes = self.settings if len(volumes) != _ONE_SETTING else {ALL: self.settings[ALL]}


def lost(row: Row) -> list[str]:
    """Return the facets of a partial code that are lost and say something."""
    if row["representation"] != "partial":
        return []
    return [facet for facet in row["facets_lost"] or () if not _left_open(facet)]


def _left_open(facet: str) -> bool:
    """Whether nothing but one word, or a clause that begins with "as", stands beside "unspecified"."""
    dimension, value = facet.split("=", 1)
    if dimension in _TELLING or not any(standing in value for standing in _NOTHING):
        return False
    for standing in (*_NOTHING, " or "):
        value = value.replace(standing, "")
    rest = value.split()
    return len(rest) < 2 or rest[0] in ("as", "to")


def said_with_encounter(row: Row) -> str:
    """Return the representation where ICD-11's encounter codes may say the 7th character."""
    gone = lost(row)
    only = gone and all(facet in ("encounter=initial", "encounter=subsequent") for facet in gone)
    spoken = only and "narrower" in row["relationship"]
    return "full-postcoordinated" if spoken else str(row["representation"])


def ranged(
    name: str,
    row: Row,
    column: str,
    value: float,
    ends: Sequence[float],
    named: str | None = None,
    places: int = 4,
) -> list[Figure]:
    """Return a measured value and both ends of its range, counted here, beside those of a row."""
    columns = (column, f"{named or column}, low", f"{named or column}, high")
    return [
        Figure(f"{name}{says}", counted, row[told], places)
        for says, told, counted in zip(("", ", low", ", high"), columns, (value, *ends), strict=True)
    ]
