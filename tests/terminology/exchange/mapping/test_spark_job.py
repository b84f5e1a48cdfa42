"""The Spark job: the rows of the DuckDB join, from Spark in local mode."""

from __future__ import annotations

import csv
import os
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.exchange.mapping import join, spark_job
from terminology.exchange.mapping.scan import read_claims
from tests.needs import missing
from tests.terminology.exchange.mapping.test_row_days import GIVEN
from tests.terminology.exchange.mapping.test_row_days import ROWS as DATED

CELLS = [
    "E11.9",
    "e119",
    " E11 . 9 ",
    "E11‑9",
    "ZZZ",
    None,
    "",
    " ",
    "s52501A",
    "S52.501A",
    "E11.9,",
    "250.00",
    "E11;E119",
]


@pytest.fixture
def spark() -> Any:
    """A Spark session in this machine."""
    if find_spec("pyspark") is None:
        missing("PySpark is not installed: requirements-spark.lock has it")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        missing("Spark needs Java 17 or newer")
    sql = import_module("pyspark.sql")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        sql.SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .getOrCreate()
    )
    yield session
    session.stop()


def rows(table: pa.Table) -> list[tuple[str, ...]]:
    return sorted(tuple(repr(cell) for cell in row.values()) for row in table.to_pylist())


def lines(file: Path) -> list[list[str]]:
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.reader(text))


def test_spark_writes_the_rows_of_the_join(spark: Any, small_bundle: Path, tmp_path: Path) -> None:
    n = len(CELLS)
    claims = pa.table({"n": range(n), "dx": CELLS, "icd11_status": ["taken"] * n, "note": ["=1"] * n})
    pq.write_table(claims, tmp_path / "claims.parquet")
    read = read_claims([tmp_path / "claims.parquet"])
    assert read is not None
    join.map_claims(read, tmp_path / "joined.parquet", small_bundle)
    spark_job.main(
        [
            *("--claims", str(tmp_path / "claims.parquet")),
            *("--bundle", str(small_bundle)),
            *("--output", str(tmp_path / "spark")),
        ]
    )
    by_join, by_spark = pq.read_table(tmp_path / "joined.parquet"), pq.read_table(tmp_path / "spark")
    assert by_spark.column_names == by_join.column_names
    assert by_spark.column_names[-2:] == ["icd11_status_2", "icd10cm_suggestion"]
    assert rows(by_spark) == rows(by_join)
    assert {row["icd11_status_2"] for row in by_spark.to_pylist()} == {
        "mapped",
        "unknown-code",
        "no-code",
        "icd-9-code",
        "several-codes",
    }


def test_spark_writes_the_lines_of_the_join(spark: Any, small_bundle: Path, tmp_path: Path) -> None:
    notes = [
        "=1+1",
        'said "twice"',
        "two\nlines",
        "a,b",
        "-1.5",
        "@x",
        "",
        " kept ",
        "\\",
        "ü",
        "+x",
        "-",
        "1",
    ]
    with (tmp_path / "claims.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("dx", "note"), *zip(CELLS, notes, strict=True)])
    read = read_claims([tmp_path / "claims.csv"])
    assert read is not None
    join.map_claims(read, tmp_path / "joined.csv", small_bundle)
    spark_job.main(
        [
            *("--claims", str(tmp_path / "claims.csv"), "--csv"),
            *("--bundle", str(small_bundle)),
            *("--output", str(tmp_path / "spark")),
        ]
    )
    (written,) = (tmp_path / "spark").glob("*.csv")
    by_join, by_spark = lines(tmp_path / "joined.csv"), lines(written)
    assert by_spark[0] == by_join[0]
    assert sorted(by_spark) == sorted(by_join)
    assert len(by_spark) == len(CELLS) + 1


def test_spark_reads_each_row_by_its_own_day_as_the_join_does(
    spark: Any, small_bundle: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    claims = pa.table({"dx": [code for code, _, _ in DATED], "dos": [day for _, day, _ in DATED]})
    pq.write_table(claims, tmp_path / "c.parquet")
    read = read_claims([tmp_path / "c.parquet"])
    assert read is not None
    join.map_claims(read, tmp_path / "joined.parquet", small_bundle, on=GIVEN, date_column="dos")
    spark_job.main(
        [
            *("--claims", str(tmp_path / "c.parquet"), "--bundle", str(small_bundle)),
            *("--output", str(tmp_path / "spark"), "--date", GIVEN.isoformat(), "--date-column", "dos"),
        ]
    )
    by_spark = pq.read_table(tmp_path / "spark")
    assert rows(by_spark) == rows(pq.read_table(tmp_path / "joined.parquet"))
    said = {(row["dx"], row["dos"]): row["icd11_status"] for row in by_spark.to_pylist()}
    assert said == {(code, day): status for code, day, status in DATED}
    assert "each row is read by its own date, column 'dos'" in capsys.readouterr().err


def test_a_code_that_ended_has_no_target_and_its_successor(
    spark: Any, small_bundle: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"dx": ["E11.8", "E11.A"]}), tmp_path / "c.parquet")
    spark_job.main(
        [
            *("--claims", str(tmp_path / "c.parquet"), "--bundle", str(small_bundle)),
            *("--output", str(tmp_path / "spark"), "--date", "2026-10-01"),
        ]
    )
    told = {row["dx"]: row for row in pq.read_table(tmp_path / "spark").to_pylist()}
    assert (told["E11.8"]["icd11_status"], told["E11.8"]["icd10cm_suggestion"]) == ("retired", "E11.A")
    assert (told["E11.8"]["icd11_expression"], told["E11.A"]["icd11_status"]) == (None, "mapped")


def test_spark_names_the_columns_when_none_holds_codes(
    spark: Any, small_bundle: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"a": ["E11.9"], "b": ["x"]}), tmp_path / "claims.parquet")
    with pytest.raises(SystemExit, match="columns: a, b"):
        spark_job.main(
            [
                *("--claims", str(tmp_path / "claims.parquet")),
                *("--bundle", str(small_bundle)),
                *("--output", str(tmp_path / "spark")),
            ]
        )


def test_csv_without_cells_of_several_lines_is_read_by_several_tasks_and_written_in_partitions(
    spark: Any, small_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "claims").mkdir()
    for part in range(3):
        with (tmp_path / "claims" / f"{part}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("dx", "note"), *((cell, 'said "twice", a') for cell in CELLS)])
    files = str(tmp_path / "claims" / "*.csv")
    assert spark_job._may_span_lines(spark, files) is False
    spark.conf.set("spark.sql.files.maxPartitionBytes", "100")
    assert spark_job._read(spark, files, True).rdd.getNumPartitions() > 3
    with (tmp_path / "claims" / "3.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("dx", "note"), ("E11.9", "two\nlines")])
    assert spark_job._may_span_lines(spark, files) is True
    spark.conf.unset("spark.sql.files.maxPartitionBytes")
    spark_job.main(
        [
            *("--claims", files, "--csv", "--partition-by", "icd11_status"),
            *("--bundle", str(small_bundle)),
            *("--output", str(tmp_path / "spark")),
        ]
    )
    folders = {path.name for path in (tmp_path / "spark").iterdir() if path.is_dir()}
    assert {"icd11_status=mapped", "icd11_status=unknown-code", "icd11_status=no-code"} <= folders
    written = [line for path in (tmp_path / "spark").glob("*/*.csv") for line in lines(path)[1:]]
    assert len(written) == 3 * len(CELLS) + 1
