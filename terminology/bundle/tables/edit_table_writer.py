"""Writes edit tables into a bundle being built: ``terminology.db`` and ``edits/NAME.parquet``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from terminology.bundle.manifest import EDITS
from terminology.bundle.tables.edit_columns import Column, columns
from terminology.bundle.writer import DatabaseWriter, Row
from terminology.edit_table import EditTable, LoadedTable, TableRelease, TableRow
from terminology.errors import IntegrityError

_PARQUET_ROWS = 100_000
"""Rows of a Parquet row group: NCCI's own tables have millions, which would stand in memory twice."""


def write_edit_tables(folder: Path, tables: Sequence[LoadedTable[Any]]) -> str:
    """Write every release of every table; return the hash of what was written.

    Releases are written by table and release, whatever the order they were read in. Raises
    :class:`IntegrityError` when two files claim to be the same release of a table.
    """
    ordered = sorted(tables, key=lambda loaded: (loaded.table.name, loaded.release.release))
    _refuse_twins(ordered)
    by_name: dict[str, list[LoadedTable[Any]]] = {}
    for loaded in ordered:
        by_name.setdefault(loaded.table.name, []).append(loaded)
    numbers = {id(loaded): number for number, loaded in enumerate(ordered, 1)}
    with DatabaseWriter(folder, schema="tables/edit_tables.sql", indices=None) as writer:
        writer.insert("edit_table", (_release_row(numbers[id(one)], one) for one in ordered))
        for name, releases in by_name.items():
            shape = columns(releases[0].table.row_type)
            writer.create(_definition(name, shape))
            writer.insert(f"edit_{name}", _rows(releases, shape, numbers))
            for statement in _indices(releases[0].table):
                writer.create(statement)
        content_hash = writer.content_hash
    for name, releases in by_name.items():
        _write_parquet(folder / EDITS / f"{name}.parquet", releases)
    return content_hash


def _refuse_twins(ordered: Sequence[LoadedTable[Any]]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for loaded in ordered:
        at = (loaded.table.name, loaded.release.release)
        if at in seen:
            raise IntegrityError(
                f"{loaded.table.title} {loaded.release.release} was read from both {seen[at]} and "
                f"{loaded.release.source}; leave one of them out of the data folder"
            )
        seen[at] = loaded.release.source


def _release_row(number: int, loaded: LoadedTable[Any]) -> Row:
    told = loaded.release
    period = tuple(None if day is None else day.isoformat() for day in (told.in_force_from, told.in_force_to))
    named = (told.table, told.publisher, told.title, told.release, told.source)
    return (number, *named, *period, len(loaded.rows))


def _definition(name: str, shape: Sequence[Column]) -> str:
    cells = [f'"{c.name}" {c.sql}{"" if c.optional else " NOT NULL"}' for c in shape]
    return f"CREATE TABLE edit_{name} (release_id INTEGER NOT NULL, {', '.join(cells)}) STRICT"


def _indices(table: EditTable[Any]) -> Iterator[str]:
    for number, key in enumerate(table.keys):
        named = ", ".join(f'"{column}"' for column in key)
        yield f"CREATE INDEX edit_{table.name}_{number} ON edit_{table.name} ({named})"


def _rows(
    releases: Sequence[LoadedTable[Any]], shape: Sequence[Column], numbers: dict[int, int]
) -> Iterator[Row]:
    for loaded in releases:
        number = numbers[id(loaded)]
        for row in loaded.rows:
            values = ((column, getattr(row, column.name)) for column in shape)
            yield (number, *(None if value is None else column.encode(value) for column, value in values))


def _write_parquet(path: Path, releases: Sequence[LoadedTable[Any]]) -> None:
    """Write the releases of one table, each row with its release and the days that release is in force."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    arrow = {"string": pa.string(), "int64": pa.int64(), "float64": pa.float64()}
    arrow |= {"bool": pa.bool_(), "date32": pa.date32()}
    shape = columns(releases[0].table.row_type)
    told = [pa.field("release", pa.string()), pa.field("in_force_from", pa.date32())]
    told += [pa.field("in_force_to", pa.date32())]
    schema = pa.schema(told + [pa.field(c.name, arrow[c.arrow]) for c in shape])
    path.parent.mkdir(exist_ok=True)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for loaded in releases:
            for start in range(0, len(loaded.rows), _PARQUET_ROWS):
                rows = loaded.rows[start : start + _PARQUET_ROWS]
                writer.write_table(pa.table(_cells(loaded.release, rows, shape), schema=schema))


def _cells(release: TableRelease, rows: Sequence[TableRow], shape: Sequence[Column]) -> dict[str, list[Any]]:
    count = len(rows)
    cells: dict[str, list[Any]] = {
        "release": [release.release] * count,
        "in_force_from": [release.in_force_from] * count,
        "in_force_to": [release.in_force_to] * count,
    }
    for column in shape:
        values = [getattr(row, column.name) for row in rows]
        cells[column.name] = (
            [" ".join(v) if isinstance(v, tuple) else v for v in values]
            if column.arrow == "string"
            else values
        )
    return cells
