"""Edit tables in a bundle: written once, read back as the rows they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.bundle.tables.edit_columns import columns
from terminology.edit_table import EditTable, LoadedTable, TableRow, loaded_table
from terminology.edition import Library
from terminology.errors import IntegrityError
from terminology.graph import TerminologyGraph


class Colour(StrEnum):
    """A value of a column."""

    RED = "red"


@dataclass(frozen=True, slots=True)
class Sample(TableRow):
    """A row with a field of every kind."""

    key: str
    other: str | None
    count: int
    share: float | None
    allowed: bool
    start: date
    end: date | None
    colour: Colour
    flags: tuple[str, ...]


SAMPLES = EditTable("sample", "A publisher", "Samples", Sample, (("key",), ("key", "other")))
FULL = Sample(2, "A1", "B", 3, 0.5, True, date(2026, 1, 1), date(2026, 12, 31), Colour.RED, ("x", "y"))
BARE = Sample(3, "A1", None, 0, None, False, date(2025, 1, 1), None, Colour.RED, ())
YEAR_2025 = (date(2025, 1, 1), date(2025, 12, 31))
YEAR_2026 = (date(2026, 1, 1), None)


def opened(folder: Path, *tables: LoadedTable[Sample]) -> Store:
    """A bundle of nothing but these tables."""
    folder.mkdir(exist_ok=True)
    library = Library(edit_tables=list(tables))
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    return Store(folder)


def test_rows_come_back_as_they_were_with_their_release(tmp_path: Path) -> None:
    loaded = loaded_table(SAMPLES, [FULL, BARE], "2026", "samples.csv", YEAR_2026)
    tables = opened(tmp_path, loaded).edit_tables
    entries = tables.find(SAMPLES, "A1")
    assert [entry.row for entry in entries] == [FULL, BARE]
    assert {entry.release for entry in entries} == {loaded.release}
    assert list(tables.rows(SAMPLES)) == list(entries)
    assert tables.rows_in(loaded.release) == 2


def test_rows_are_found_by_any_column(tmp_path: Path) -> None:
    tables = opened(tmp_path, loaded_table(SAMPLES, [FULL, BARE], "2026", "s.csv")).edit_tables
    assert [entry.row for entry in tables.find_by(SAMPLES, "other", "B")] == [FULL]
    assert tables.find(SAMPLES, "A2") == ()


def test_the_release_that_covers_a_day_is_chosen(tmp_path: Path) -> None:
    old = loaded_table(SAMPLES, [BARE], "2025", "old.csv", YEAR_2025)
    new = loaded_table(SAMPLES, [FULL], "2026", "new.csv", YEAR_2026)
    tables = opened(tmp_path, new, old).edit_tables
    assert tables.release_on(SAMPLES, date(2025, 12, 31)) == old.release
    assert tables.release_on(SAMPLES, date(2026, 1, 1)) == new.release
    assert tables.release_on(SAMPLES, date(2024, 12, 31)) is None
    assert tables.releases(SAMPLES) == (old.release, new.release)


def test_a_bundle_without_the_table_has_no_release_and_no_rows(store: Store) -> None:
    assert store.edit_tables.releases(SAMPLES) == ()
    assert store.edit_tables.find(SAMPLES, "A1") == ()
    assert list(store.edit_tables.rows(SAMPLES)) == []


def test_the_parquet_file_holds_the_rows_of_every_release(tmp_path: Path) -> None:
    loaded = loaded_table(SAMPLES, [FULL, BARE], "2026", "s.csv", YEAR_2026)
    opened(tmp_path, loaded).close()
    rows = pq.read_table(tmp_path / "edits" / "sample.parquet").to_pylist()
    assert rows[0] == {
        "release": "2026",
        "in_force_from": date(2026, 1, 1),
        "in_force_to": None,
        "row": 2,
        "key": "A1",
        "other": "B",
        "count": 3,
        "share": 0.5,
        "allowed": True,
        "start": date(2026, 1, 1),
        "end": date(2026, 12, 31),
        "colour": "red",
        "flags": "x y",
    }
    assert rows[1]["end"] is None


def test_the_manifest_counts_rows_and_the_content_hash_depends_on_them(tmp_path: Path) -> None:
    one = opened(tmp_path / "one", loaded_table(SAMPLES, [FULL], "2026", "s.csv"))
    two = opened(tmp_path / "two", loaded_table(SAMPLES, [FULL, BARE], "2026", "s.csv"))
    assert (one.manifest.counts["edits.sample"], two.manifest.counts["edits.sample"]) == (1, 2)
    assert one.content_hash != two.content_hash


def test_two_files_of_the_same_release_are_refused_by_name(tmp_path: Path) -> None:
    twins = [loaded_table(SAMPLES, [FULL], "2026", name) for name in ("a.csv", "b.csv")]
    with pytest.raises(IntegrityError, match=r"a\.csv and b\.csv"):
        opened(tmp_path, *twins)


def test_a_row_cannot_hold_what_no_column_can() -> None:
    @dataclass(frozen=True, slots=True)
    class Wrong(TableRow):
        value: bytes

    with pytest.raises(TypeError):
        columns(Wrong)
