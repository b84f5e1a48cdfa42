"""Files of codes, mapped."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook

from terminology.errors import ReleaseFormatError, TenElevenError
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.mapping.targets import ADDED
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.write import unformula

CSV = b"claim,DX Code,note\n1,e119,=1+1\n2,ZZZ,-5\n3,,ok\n"


def mapped(
    content: bytes, bundle: Path, out: Path, name: str = "claims.csv", **options: Any
) -> list[dict[str, str]]:
    map_file(io.BytesIO(content), name, out, bundle, **options)
    with out.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_row_and_column_is_kept_and_unknown_codes_are_marked(
    small_bundle: Path, tmp_path: Path
) -> None:
    rows = mapped(CSV, small_bundle, tmp_path / "out.csv")
    assert [r["icd11_status"] for r in rows] == ["mapped", "unknown-code", "no-code"]
    assert list(rows[0]) == ["claim", "DX Code", "note", *ADDED]
    assert rows[0]["icd11_expression"] == "5A11"


def test_formulas_are_neutralised_and_numbers_are_not(small_bundle: Path, tmp_path: Path) -> None:
    rows = mapped(CSV, small_bundle, tmp_path / "out.csv")
    assert [r["note"] for r in rows] == ["'=1+1", "-5", "ok"]
    assert unformula("@SUM(A1)") == "'@SUM(A1)"


@pytest.mark.parametrize("suffix", ["xlsx", "parquet", "ndjson", "csv"])
def test_every_format_is_written_and_read_again(suffix: str, small_bundle: Path, tmp_path: Path) -> None:
    first, second = tmp_path / f"a.{suffix}", tmp_path / "b.ndjson"
    map_file(io.BytesIO(CSV), "claims.csv", first, small_bundle)
    with first.open("rb") as file:
        report = map_file(file, first.name, second, small_bundle, column="dx code")
    rows = [orjson.loads(line) for line in second.read_bytes().splitlines()]
    assert report.statuses == {"mapped": 1, "unknown-code": 1, "no-code": 1}
    assert [r["icd11_expression_2"] for r in rows] == ["5A11", None, None]


def test_a_formula_is_text_in_a_sheet(small_bundle: Path, tmp_path: Path) -> None:
    map_file(io.BytesIO(CSV), "claims.csv", tmp_path / "a.xlsx", small_bundle)
    cell = load_workbook(tmp_path / "a.xlsx").worksheets[0]["C2"]
    assert (cell.data_type, cell.value) == ("s", "'=1+1")


def test_parquet_keeps_the_types_of_its_columns(small_bundle: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"n": [7], "code": ["E11.9"]}), tmp_path / "in.parquet")
    with (tmp_path / "in.parquet").open("rb") as file:
        map_file(file, "in.parquet", tmp_path / "out.parquet", small_bundle)
    read = pq.read_table(tmp_path / "out.parquet")
    assert read.schema.field("n").type == pa.int64()
    assert read.schema.field("icd11_confidence").type == pa.float64()


def test_windows_1252_is_read_and_said(small_bundle: Path, tmp_path: Path) -> None:
    content = "code,note\nE11.9,ok\nE11.9,Ménière\n".encode("cp1252")
    report = map_file(io.BytesIO(content), "c.csv", tmp_path / "out.csv", small_bundle)
    assert "Ménière" in (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "line 3, byte 0xE9" in report.notices[0]


def test_text_in_no_encoding_is_named_with_its_line_and_writes_nothing(
    small_bundle: Path, tmp_path: Path
) -> None:
    with pytest.raises(ReleaseFormatError, match=r"line 3.*--encoding"):
        mapped(b"code,note\nE11.9,ok\nE11.9,\x81\x8d\n", small_bundle, tmp_path / "out.csv")
    assert not list(tmp_path.iterdir())


def test_utf16_and_semicolons_are_read(small_bundle: Path, tmp_path: Path) -> None:
    content = "code;note\nE11.9;a,b\n".encode("utf-16")
    assert mapped(content, small_bundle, tmp_path / "out.csv")[0]["note"] == "a,b"


@pytest.mark.parametrize("name", ["x.xlsx", "x.parquet", "x.ndjson", "x.doc"])
def test_a_file_that_is_not_its_format_is_refused(name: str, small_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(TenElevenError, match="x"):
        map_file(io.BytesIO(b"PK\x03\x04 nothing"), name, tmp_path / "out.csv", small_bundle)
    assert not list(tmp_path.iterdir())


def test_a_row_with_too_many_cells_is_refused_with_its_line(small_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ReleaseFormatError, match="line 2"):
        mapped(b"code,note\nE11.9,a,b\n", small_bundle, tmp_path / "out.csv")


def test_columns_without_a_name_or_named_twice_get_one() -> None:
    assert distinct(["x", None, "x"]) == ["x", "column_2", "x_2"]
