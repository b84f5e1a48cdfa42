"""A reader gets titles, notes and the tabulation, and empty cells to fill in."""

from __future__ import annotations

from pathlib import Path

from bench.double_coding.readings import read_vocabulary
from bench.double_coding.sheets import COLUMNS, READ, write_sheets, write_tabulation
from bench.double_coding.tables import read_table
from terminology.bundle.store import Store
from terminology.cluster import parse


def test_sheets_hold_the_codes_in_order_with_what_is_known_of_them(store: Store, tmp_path: Path) -> None:
    first, second = write_sheets(store, "2027", ["S52.501A", "E11.9", "E11.A"], tmp_path, 2)
    rows = [row for path in (first, second) for _, row in read_table(path, COLUMNS)]
    assert [row["code"] for row in rows] == ["S52.501A", "E11.9", "E11.A"]
    assert "S52.5 Fracture of lower end of radius" in rows[0]["parents"]
    assert rows[1]["title"] == "Type 2 diabetes mellitus without complications"
    assert "E11 excludes1: gestational diabetes (O24.4-)" in rows[1]["inherited_notes"]
    assert not any(row[name] for row in rows for name in READ)
    assert len(list(read_table(second, COLUMNS))) == 1


def test_sheets_tell_nothing_of_the_crosswalk(store: Store, tmp_path: Path) -> None:
    (sheet,) = write_sheets(store, "2027", ["E11.9"], tmp_path, 1)
    assert "5A11" not in sheet.read_text()


def test_tabulation_is_enough_to_check_expressions(store: Store, tmp_path: Path) -> None:
    count = write_tabulation(store, "2025-01", tmp_path)
    vocabulary = read_vocabulary(tmp_path, "2025-01")
    assert len(vocabulary.everything) == count
    assert str(parse("5a11", vocabulary)) == "5A11"
