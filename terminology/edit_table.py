"""Edit tables: the tables of publishers that claim checks read, as typed rows with where they come from.

A publisher's table is declared once as an :class:`EditTable` (``terminology/claims/tables``, a module per
publisher's table). A loader yields its rows, a build stores each release of it in the bundle, and an open
bundle gives the rows back as the same types (``terminology.bundle.tables.edit_tables``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar


@dataclass(frozen=True, slots=True)
class TableRow:
    """A row of a publisher's table. ``row`` is its 1-based line (text) or row (spreadsheet) in the file.

    Fields of the types below it may be ``str``, ``int``, ``float``, ``bool``, ``date``, an enumeration of
    strings, ``tuple[str, ...]`` (of values without blanks), or one of the first six or ``None``.
    """

    row: int


R = TypeVar("R", bound=TableRow)


@dataclass(frozen=True, slots=True)
class EditTable(Generic[R]):
    """The declaration of a publisher's table.

    ``name`` is what answers, the bundle and its Parquet file call it (a lower-case word with underscores).
    ``keys`` are the columns, or combinations of columns, that rows are looked up by; the first is the one
    that :meth:`terminology.bundle.tables.edit_tables.EditTables.find` takes.
    """

    name: str
    publisher: str
    title: str
    row_type: type[R]
    keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class TableRelease:
    """One release of a table: ``v44``, ``2024-07-01``. ``source`` is the label of the file it was read from.

    ``in_force_from`` and ``in_force_to`` are the days it answers for, both included; ``None`` is open. A
    table whose rows carry dates of their own answers for those dates within this period.
    """

    table: str
    publisher: str
    title: str
    release: str
    source: str
    in_force_from: date | None
    in_force_to: date | None

    def covers(self, day: date) -> bool:
        """Return whether the release answers for a day."""
        after_start = self.in_force_from is None or self.in_force_from <= day
        return after_start and (self.in_force_to is None or day <= self.in_force_to)


@dataclass(frozen=True, slots=True)
class LoadedTable(Generic[R]):
    """A release of a table with its rows, as a loader read them."""

    table: EditTable[R]
    release: TableRelease
    rows: Sequence[R]


def loaded_table(
    table: EditTable[R],
    rows: Sequence[R],
    release: str,
    source: str,
    in_force: tuple[date | None, date | None] = (None, None),
) -> LoadedTable[R]:
    """Return a release of a table; ``in_force`` are its first and last day."""
    told = TableRelease(table.name, table.publisher, table.title, release, source, *in_force)
    return LoadedTable(table, told, rows)
