"""Plain words for what the report's tables say in the words of the program; JSON and CSV keep those."""

from __future__ import annotations

import re
from collections.abc import Sequence

from terminology.impact.table import Column, Table, Value

_VALUES = {
    "full": "in full",
    "full-postcoordinated": "in full, by a cluster",
    "partial": "in part",
    "none": "no place found",
    "split lost": "no longer told apart",
    "split survives only through postcoordination": "told apart by extension codes only",
    "not billable": "heading, not billable",
    "emergency-department": "emergency department",
    "ambulatory-surgery": "ambulatory surgery",
}
#: Columns whose values are words of the program, or lists of facets.
_WORDED = frozenset(
    {"representation", "with encounter codes", "outcome", "state", "scope", "setting", "against"}
)
_FACETS = frozenset({"facets lost"})
_NAMES = {
    "full share": "in full",
    "full-postcoordinated share": "in full, by a cluster",
    "partial share": "in part",
    "none share": "no place found",
    "kept share": "kept",
    "kept, low": "kept, at least",
    "kept, high": "kept, at most",
    "kept with encounter codes": "kept, with encounter codes",
    "entropy of choice (bits)": "choice (bits)",
    "facets lost": "what is lost",
    "facet": "what is lost",
    "scope": "care setting",
}
_FACET = re.compile(r"([a-z-]+)=")


def column_words(name: str) -> str:
    """Return the name of a column as people read it."""
    return _NAMES.get(name, name)


def value_words(column: str, value: Value) -> Value:
    """Return a cell as people read it.

    >>> value_words("representation", "full-postcoordinated"), value_words("facets lost", "site=left, sex=F")
    ('in full, by a cluster', 'site: left, sex: F')
    """
    if not isinstance(value, str):
        return value
    if column in _WORDED:
        return _VALUES.get(value, value)
    if column in _FACETS:
        return _FACET.sub(lambda match: f"{match[1].replace('-', ' ')}: ", value)
    return value.replace("-", " ") if column == "facet" else value


def shown(value: Value, kind: str) -> str:
    """Return a value as it is printed; the number is the one in workbook and JSON."""
    if value is None:
        return "\u2013"
    if isinstance(value, str):
        return value
    return {"count": f"{value:,}", "share": f"{value:.2%}", "number": f"{value:,.3f}"}.get(kind, str(value))


def ends_of(table: Table) -> frozenset[str]:
    """Return the names of the columns that hold ends of a range, where it stands behind its value."""
    return frozenset(end for column in table.columns for end in column.ends or ())


def range_words(table: Table, row: Sequence[Value], column: Column) -> str:
    """Return the range of a measured value, to stand behind it; empty for any other."""
    ends = [row[table.column(end)] for end in column.ends or ()]
    if not ends or None in ends:
        return ""
    low, high = (shown(end, column.kind) for end in ends)
    return f"({low} to {high})"


def table_words(table: Table) -> list[list[Value]]:
    """Return the rows of a table as people read them; numbers stay what they are."""
    names = [column.name for column in table.columns]
    return [[value_words(n, v) for n, v in zip(names, row, strict=True)] for row in table.rows]
