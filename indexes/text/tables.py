"""Reads the tables beside this package: tab-separated, ``#`` comments, a source in each row's last column."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of ``indexes/text/tables/<name>`` without comments and blank lines, cells stripped."""
    text = files("indexes.text").joinpath("tables").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return tuple(tuple(cell.strip() for cell in line.split("\t")) for line in lines)


@cache
def word_table(name: str) -> dict[str, str]:
    """Return the first two columns of a table as a mapping."""
    return {row[0]: row[1] for row in rows(name)}
