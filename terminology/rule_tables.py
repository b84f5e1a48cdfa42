"""The one reader of our own rule tables: TSV files beside the code they serve, a row per rule.

The first line that is no comment names the columns. A row becomes a frozen dataclass whose fields are those
columns, in any order; a field's type says how its cell is read. ``#`` begins a comment line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar, get_type_hints

from terminology.errors import ReleaseFormatError

Row = TypeVar("Row")
_YES_NO = {"yes": True, "no": False}
_CELLS: dict[Any, tuple[str, Callable[[str], Any]]] = {
    str: ("text", str.strip),
    str | None: ("text or nothing", lambda cell: cell.strip() or None),
    int: ("a whole number", int),
    float: ("a number", float),
    float | None: ("a number or nothing", lambda cell: float(cell) if cell.strip() else None),
    bool: ("yes or no", lambda cell: _YES_NO[cell.strip()]),
    date: ("a date like 2026-10-01", lambda cell: date.fromisoformat(cell.strip())),
    tuple[str, ...]: ("words", lambda cell: tuple(cell.split())),
    frozenset[str]: ("words in any order", lambda cell: frozenset(cell.split())),
    re.Pattern[str]: ("a regular expression", re.compile),
}
"""How a cell is read by the type of its field. Blanks around it count in a regular expression alone."""


@cache
def read_rules(package: str, name: str, row: type[Row]) -> tuple[Row, ...]:
    """Return the rows of the table ``name`` in the folder of ``package`` as instances of ``row``.

    Fields may be ``str``, ``int``, ``float``, ``str | None``, ``float | None``, ``bool`` (yes, no), ``date``,
    ``tuple[str, ...]`` or ``frozenset[str]`` (words divided by blanks) or a compiled pattern, whose blanks
    count. Raises :class:`ReleaseFormatError` with line and column for a heading that is not the fields of
    ``row``, a row of another width, or a cell of another type.
    """
    path = f"{package.replace('.', '/')}/{name}"
    text = files(package).joinpath(name).read_text(encoding="utf-8")
    return tuple(parse_rules(text, path, row))


# What is no literal in a pattern: escapes, sets, then groups from the inside, then what may be absent.
_NO_LITERAL = (
    r"\\.",
    r"\[[^\]]*\](?:[?*+]|\{[^}]*\})?",
    r"\([^()]*\)(?:[?*+]|\{[^}]*\})?",
    r".(?:[?*]|\{[^}]*\})",
)


def needed(pattern: re.Pattern[str]) -> str:
    """Return a text without which a pattern is not met; empty where none is sure.

    To look for it first is many times quicker than to search for a pattern that most titles do not meet.

    >>> needed(re.compile(r",? ?\binitial encounter\b")), needed(re.compile(r"(?:stable )?burst (?=f)"))
    ('initial encounter', 'burst ')
    >>> needed(re.compile(r"left|right"))
    ''
    """
    plain = pattern.pattern
    for kind in _NO_LITERAL:
        while plain != (plain := re.sub(kind, "\0", plain)):
            pass
    return "" if "|" in plain else max(re.findall(r"[\w %,-]+", plain), key=len, default="")


def parse_rules(text: str, path: str, row: type[Row]) -> Iterator[Row]:
    """Yield the rows of a table's text; ``path`` names it in errors. See :func:`read_rules`."""
    lines = [
        (number, line.split("\t"))
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip() and not line.startswith("#")
    ]
    wanted = [field.name for field in fields(row)]  # type: ignore[arg-type]
    number, columns = lines[0] if lines else (1, [])
    if sorted(columns) != sorted(wanted):
        raise ReleaseFormatError(path, number, f"the columns {', '.join(wanted)}", ", ".join(columns))
    types = get_type_hints(row)
    readers = [(column, *_CELLS[types[column]]) for column in columns]
    for number, cells in lines[1:]:
        if len(cells) != len(columns):
            raise ReleaseFormatError(path, number, f"{len(columns)} cells", str(len(cells)))
        yield row(
            **{
                reader[0]: _read(reader, cell, path, number)
                for reader, cell in zip(readers, cells, strict=True)
            }
        )


def _read(reader: tuple[str, str, Callable[[str], Any]], cell: str, path: str, line: int) -> Any:
    column, expected, read = reader
    try:
        return read(cell)
    except (ValueError, KeyError, re.error):
        raise ReleaseFormatError(path, line, expected, repr(cell), column=column) from None
