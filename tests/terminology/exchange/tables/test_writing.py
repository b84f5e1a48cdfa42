"""How cells are written for those who open CSV in a spreadsheet."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.bundle.manifest import CROSSWALK
from terminology.exchange.exports.table import write_csv
from terminology.exchange.tables.writing import Writing


@pytest.mark.parametrize(
    ("cell", "written"), [("1E30", '="1E30"'), ("2e61", '="2e61"'), ("1E30.0", "1E30.0")]
)
def test_only_a_code_like_a_number_is_written_as_a_formula_of_itself(cell: str, written: str) -> None:
    assert Writing(spreadsheet=True).csv_cell(cell) == written
    assert Writing().csv_cell(cell) == cell


def test_the_exported_crosswalk_may_be_written_for_spreadsheets(tmp_path: Path) -> None:
    pq.write_table(pa.table({"source_code": ["A15"], "expression": ["1E30"]}), tmp_path / CROSSWALK)
    with (tmp_path / "out.csv").open("w+", encoding="utf-8", newline="") as out:
        write_csv(tmp_path, out, Writing(spreadsheet=True))
        out.seek(0)
        rows = list(csv.reader(out))
    assert rows[1][:2] == ["A15", '="1E30"']
