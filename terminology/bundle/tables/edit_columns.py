"""How the fields of a table row are kept in SQLite and Parquet, and read back as what they were."""

from __future__ import annotations

import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

from terminology.edit_table import TableRow

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a stored table: SQLite type, Arrow type, and the two ways between field and cell."""

    name: str
    sql: str
    arrow: str
    optional: bool
    encode: Callable[[Any], Cell]
    decode: Callable[[Any], Any]


def columns(row_type: type[TableRow]) -> tuple[Column, ...]:
    """Return the columns of a row type in the order of its fields; ``TypeError`` for another type."""
    hints = get_type_hints(row_type)
    return tuple(_column(field.name, hints[field.name]) for field in fields(row_type))


def decoder(row_type: type[TableRow]) -> Callable[[Sequence[Any]], Any]:
    """Return the function that makes a row of its cells."""
    decoders = [None if c.decode is _same else c.decode for c in columns(row_type)]

    def decode(cells: Sequence[Any]) -> Any:
        return row_type(
            *(
                cell if way is None or cell is None else way(cell)
                for way, cell in zip(decoders, cells, strict=True)
            )
        )

    return decode


def _column(name: str, hint: Any) -> Column:
    optional = get_origin(hint) in (Union, types.UnionType)
    if optional:
        (hint,) = (part for part in get_args(hint) if part is not type(None))
    if get_origin(hint) is tuple:
        return Column(name, "TEXT", "string", False, " ".join, _words)
    sql, arrow, encode, decode = _kind(hint)
    return Column(name, sql, arrow, optional, encode, decode)


def _kind(hint: type) -> tuple[str, str, Callable[[Any], Cell], Callable[[Any], Any]]:
    if issubclass(hint, bool):
        return "INTEGER", "bool", int, bool
    if issubclass(hint, StrEnum):
        return "TEXT", "string", str, hint
    if issubclass(hint, date):
        return "TEXT", "date32", date.isoformat, date.fromisoformat
    plain = {str: ("TEXT", "string"), int: ("INTEGER", "int64"), float: ("REAL", "float64")}
    if hint not in plain:
        raise TypeError(f"a table row cannot hold {hint}")
    return *plain[hint], _same, _same


def _same(value: Any) -> Any:
    return value


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())
