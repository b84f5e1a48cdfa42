"""The Spark job finds what the command finds."""

from __future__ import annotations

import os
import shutil
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest

from terminology.claims.claim import ClaimSetting
from terminology.exchange.claims import spark_job
from terminology.exchange.claims.findings_table import SCHEMA
from terminology.exchange.claims.job import check_files
from terminology.exchange.claims.spark_job import checked, checked_partition
from tests.needs import missing

WIDE = "claim_id,discharge_date,age,sex,dx1,dx2\na,2020-01-15,40,M,E28.310,I10\nb,2020-02-15,3,F,Z51.89,\n"
LONG = "claim_id,discharge_date,dx\na,2020-01-15,E28.310\na,2020-01-15,ZZ9\nb,2020-02-15,I10\n"
STAY = ClaimSetting.INPATIENT


@pytest.fixture(params=[WIDE, LONG])
def claims(request: Any, tmp_path: Path) -> Path:
    """A Parquet file of claims, a row a claim or a row a code."""
    table = tmp_path / "claims.csv"
    table.write_text(request.param)
    pq.write_table(pa.csv.read_csv(table), tmp_path / "claims.parquet")
    return tmp_path / "claims.parquet"


def told(rows: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    return sorted(tuple(str(row[name]) for name in ("claim_id", "edit", "dx", "message")) for row in rows)


def expected(claims: Path, bundle: Path) -> list[tuple[str, ...]]:
    rows: list[dict[str, Any]] = []
    check_files([claims], bundle, lambda outcome: rows.extend(outcome.findings.to_pylist()), STAY, 1)
    assert rows
    return told(rows)


def test_a_partition_finds_what_the_command_finds(claims: Path, claim_bundle: Path) -> None:
    batches = pq.read_table(claims).to_batches(max_chunksize=1)
    found = [
        row for batch in checked_partition(batches, str(claim_bundle), STAY) for row in batch.to_pylist()
    ]
    assert told(found) == expected(claims, claim_bundle)


def test_spark_finds_what_the_command_finds(claims: Path, claim_bundle: Path) -> None:
    if find_spec("pyspark") is None:
        missing("PySpark is not installed: requirements-spark.lock has it")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        missing("Spark needs Java 17 or newer")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    session = (
        import_module("pyspark.sql")
        .SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    try:
        found = checked(session.read.parquet(str(claims)), str(claim_bundle), STAY)
        rows = [row.asDict() for row in found.collect()]
    finally:
        session.stop()
    assert told(rows) == expected(claims, claim_bundle)


def test_the_columns_are_those_of_the_command() -> None:
    assert spark_job._ddl().count(",") == len(SCHEMA) - 1
