"""The edit tables of an open bundle, as the typed rows that loaders read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from sqlite3 import Cursor
from typing import Any, Generic, NamedTuple, TypeVar

from terminology.bundle.tables.edit_columns import decoder
from terminology.edit_table import EditTable, TableRelease, TableRow

R = TypeVar("R", bound=TableRow)

#: Keys whose rows are kept: a year of a hospital's codes in the few tables that are asked most.
_KEYS_KEPT = 65_536

_DAYS_KEPT = 16384
_HELD_KEPT = 262_144
"""Keys of which only is known whether any row has them: the pairs of codes that claims bring together."""


class Entry(NamedTuple, Generic[R]):
    """A row and the release it stands in."""

    release: TableRelease
    row: R


class EditTables:
    """What a bundle knows of edit tables. ``query`` runs SQL on its database; safe to share by threads."""

    def __init__(self, query: Callable[[str, tuple[Any, ...]], Cursor]) -> None:
        self._query = query
        self._releases: dict[str, tuple[TableRelease, ...]] = {}
        self._by_number: dict[int, TableRelease] = {}
        self._counts: dict[TableRelease, int] = {}
        self._find = lru_cache(maxsize=_KEYS_KEPT)(self._read)
        self._holds = lru_cache(maxsize=_HELD_KEPT)(self._is_held)
        self._release_on = lru_cache(maxsize=_DAYS_KEPT)(self._newest_on)
        self._decoders: dict[str, Callable[[Any], Any]] = {}
        if query("SELECT 1 FROM sqlite_master WHERE name = 'edit_table'", ()).fetchone():
            self._read_releases()

    def releases(self, table: EditTable[Any]) -> tuple[TableRelease, ...]:
        """Return the loaded releases of a table, by name; none when no file of it was given."""
        return self._releases.get(table.name, ())

    def releases_named(self, name: str) -> tuple[TableRelease, ...]:
        """Return the loaded releases of the table of a name."""
        return self._releases.get(name, ())

    def release_on(self, table: EditTable[Any], day: date) -> TableRelease | None:
        """Return the newest release of a table that answers for a day."""
        return self._release_on(table.name, day)

    def _newest_on(self, name: str, day: date) -> TableRelease | None:
        return next((one for one in reversed(self.releases_named(name)) if one.covers(day)), None)

    def rows_in(self, release: TableRelease) -> int:
        """Return how many rows a release has."""
        return self._counts[release]

    def find(self, table: EditTable[R], *key: str) -> tuple[Entry[R], ...]:
        """Return the rows of every release whose first key has these values, in the files' order."""
        return self._find(table, table.keys[0], key)

    def holds(self, table: EditTable[Any], *key: str) -> bool:
        """Return whether any row has these values in its first key; no row is read."""
        return self._holds(table.name, table.keys[0], key)

    def seconds(self, table: EditTable[Any], first: str) -> list[str]:
        """Return what stands second in a table's first key, of two columns, beside a value of the first."""
        if table.name not in self._releases:
            return []
        one, two = table.keys[0]
        rows = self._query(f'SELECT DISTINCT "{two}" FROM edit_{table.name} WHERE "{one}" = ?', (first,))
        return [second for (second,) in rows]

    def find_by(self, table: EditTable[R], column: str, value: str) -> tuple[Entry[R], ...]:
        """Return the rows of every release whose ``column`` holds ``value``, in the files' order."""
        return self._find(table, (column,), (value,))

    def rows(self, table: EditTable[R], having: str | None = None) -> Iterator[Entry[R]]:
        """Yield all rows of all releases of a table; with ``having`` those whose column of that name says
        anything.
        """
        if table.name in self._releases:
            where = "" if having is None else f"WHERE \"{having}\" <> ''"
            yield from self._entries(
                table, self._query(f"SELECT * FROM edit_{table.name} {where} ORDER BY rowid", ())
            )

    def _is_held(self, name: str, key: tuple[str, ...], values: tuple[str, ...]) -> bool:
        if name not in self._releases:
            return False
        where = " AND ".join(f'"{column}" = ?' for column in key)
        sql = f"SELECT 1 FROM edit_{name} WHERE {where} LIMIT 1"
        return self._query(sql, values).fetchone() is not None

    def _read(
        self, table: EditTable[R], key: tuple[str, ...], values: tuple[str, ...]
    ) -> tuple[Entry[R], ...]:
        if table.name not in self._releases:
            return ()
        where = " AND ".join(f'"{column}" = ?' for column in key)
        sql = f"SELECT * FROM edit_{table.name} WHERE {where} ORDER BY rowid"
        return tuple(self._entries(table, self._query(sql, values)))

    def _entries(self, table: EditTable[R], cursor: Cursor) -> Iterator[Entry[R]]:
        decode = self._decoders.get(table.name)
        if decode is None:
            decode = self._decoders[table.name] = decoder(table.row_type)
        return (Entry(self._by_number[number], decode(cells)) for number, *cells in cursor)

    def _read_releases(self) -> None:
        sql = (
            "SELECT id, rows, name, publisher, title, release, source, in_force_from, in_force_to "
            "FROM edit_table ORDER BY id"
        )
        for number, rows, name, publisher, title, version, source, start, end in self._query(sql, ()):
            release = TableRelease(name, publisher, title, version, source, _date(start), _date(end))
            self._by_number[number] = release
            self._counts[release] = rows
            self._releases[release.table] = (*self._releases.get(release.table, ()), release)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
