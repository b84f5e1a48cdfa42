"""Rows of a file that each have a day of their own: E11.8 ended on 2026-09-30, E11.A began the day after."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.errors import InvalidRequestError
from terminology.exchange.mapping.choose import BatchOptions, map_batch
from terminology.exchange.mapping.progress_bar import BatchDisplay
from terminology.exchange.mapping.report import BatchReport
from terminology.exchange.mapping.row_days import RowDays, days_of, row_days

STARTS = (date(2025, 10, 1), date(2026, 4, 1), date(2026, 10, 1))
ROWS = (
    ("E11.8", "2026-09-30", "mapped"),
    ("E11.8", "10/01/2026", "retired"),
    ("E11.A", "20260930", "not-yet-valid"),
    ("E11.A", "2026-10-01 08:30:00", "mapped"),
    ("E11.8", "2026", "mapped"),
    ("E11.A", "2026", "mapped"),
    ("E11.8", "", "mapped"),
    ("E11.8", "unknown", "mapped"),
    ("E11.8;E11.A", "2026-10-02", "several-codes"),
)
GIVEN = date(2026, 9, 1)


def mapped(content: str, bundle: Path, folder: Path, **options: object) -> tuple[list[str], BatchReport]:
    (folder / "claims.csv").write_text(content)
    with BatchDisplay() as display:
        report, out = map_batch(
            folder / "claims.csv",
            folder / "out.csv",
            bundle,
            BatchOptions(**options),  # type: ignore[arg-type]
            display,
        )
    with out.open(encoding="utf-8", newline="") as file:
        return [row["icd11_status"] for row in csv.DictReader(file)], report


def table(column: str = "service_date") -> str:
    return "\n".join([f"dx,{column},n", *(f"{code},{day},1" for code, day, _ in ROWS)])


@pytest.mark.parametrize("encoding", [None, "utf-8"], ids=["join", "rows"])
def test_each_row_is_read_by_its_own_day_and_one_without_by_the_given(
    encoding: str | None, small_bundle: Path, tmp_path: Path
) -> None:
    options = {"encoding": encoding, "on": GIVEN, "date_column": "Service Date"}
    found, report = mapped(table(), small_bundle, tmp_path, **options)
    assert found == [status for _, _, status in ROWS]
    assert report.notices[0] == (
        "each row is read by its own date, column 'service_date' (2026-01-01 to 2026-12-31); 2 rows say "
        "none, such as 'unknown', and are read as of 2026-09-01"
    )
    assert any("not in use on the day of their row" in notice for notice in report.notices)


@pytest.mark.parametrize("encoding", [None, "utf-8"], ids=["join", "rows"])
def test_a_column_with_a_usual_name_is_found_and_a_given_day_alone_overrides_it(
    encoding: str | None, small_bundle: Path, tmp_path: Path
) -> None:
    found, report = mapped(table("Discharge Date"), small_bundle, tmp_path, encoding=encoding)
    assert found[:4] == [status for _, _, status in ROWS[:4]]
    found, report = mapped(table("Discharge Date"), small_bundle, tmp_path, encoding=encoding, on=GIVEN)
    assert found[:4] == ["mapped", "mapped", "not-yet-valid", "not-yet-valid"]
    assert "the dates in the column 'Discharge Date' are not read" in report.notices[0]


def test_days_of_parquet_are_read(small_bundle: Path, tmp_path: Path) -> None:
    days = pa.array([date(2026, 9, 30), date(2026, 10, 1), None], pa.date32())
    pq.write_table(pa.table({"dx": ["E11.A"] * 3, "dos": days}), tmp_path / "claims.parquet")
    options = BatchOptions(on=GIVEN, date_column="dos")
    with BatchDisplay() as display:
        _, out = map_batch(
            tmp_path / "claims.parquet", tmp_path / "out.parquet", small_bundle, options, display
        )
    rows = pq.read_table(out).to_pylist()
    assert [row["icd11_status"] for row in rows] == ["not-yet-valid", "mapped", "not-yet-valid"]


def test_a_year_stands_for_each_period_in_it() -> None:
    days = row_days(["dx", "year"], None, None, STARTS)
    assert days_of(days.period("2026")) == STARTS
    assert days.days(days.period("n/a")) == (date.today(),)
    assert days_of(days.period("2026-05-01")) == (date(2026, 4, 1),)
    assert days_of(days.period("2014-05-01")) == (date(2014, 5, 1),)
    assert (days.own, days.without) == (3, 1)


def test_a_table_without_dates_says_nothing_of_them() -> None:
    days = row_days(["dx"], None, GIVEN, STARTS)
    assert days == RowDays(None, GIVEN, STARTS)
    assert days.said() == ""


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="there is no column 'day'"):
        row_days(["dx", "date"], "day", None, STARTS)


@pytest.mark.parametrize("encoding", [None, "utf-8"], ids=["join", "rows"])
def test_a_code_that_no_release_has_is_not_called_unknown(
    encoding: str | None, dated_bundle: Path, tmp_path: Path
) -> None:
    content = "dx,dos\nE11.7,2016-01-01\nE11.7,2019-01-01\nE11.6,2016-01-01\n"
    found, report = mapped(content, dated_bundle, tmp_path, encoding=encoding)
    assert found == ["no-release", "retired", "unknown-code"]
    assert any("1 rows have codes that the Medicare Code Editor's master knows" in n for n in report.notices)
