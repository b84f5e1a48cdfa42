"""The join of claims with the crosswalk as a Spark job, for those whose claims outgrow one machine.

    spark-submit terminology/exchange/mapping/spark_job.py --claims 'claims/*.parquet' \
        --bundle bundle --output mapped [--column dx] [--date-column dos] [--partition-by icd11_status]

TenEleven and the bundle are needed where the job is submitted, PySpark and nothing else on the cluster: the
different cells of the code column, each on the days it stands beside, are answered by
:mod:`terminology.exchange.mapping.answers` on the driver and their answers broadcast. Rows are those of
:mod:`terminology.exchange.mapping.join`; Spark does not keep their order. ``--output`` is a folder of
Parquet, or of CSV with ``--csv``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from terminology.errors import TenElevenError
from terminology.exchange.mapping.answers import DatedAnswers
from terminology.exchange.mapping.report import BatchReport, add_notices
from terminology.exchange.mapping.row_days import GIVEN, RowDays, row_days
from terminology.exchange.mapping.rows import CodeCells, code_cells
from terminology.exchange.mapping.targets import ADDED, DatedTargets, dated_targets
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.write import FORMULA_STARTS, NUMBER
from terminology.exchange.tables.writing import number_like

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

_ANSWER = "cell string, version string, period string, " + ", ".join(
    f"{name} {'double' if name == 'icd11_confidence' else 'string'}" for name in ADDED
)
_FORMULA = "^[" + "".join("\\" + c if c in "-" else c for c in FORMULA_STARTS) + "]"
_NUMBER = f"^{NUMBER}$"
_TIME_OF_DAY = r"^(\d{4}-\d\d-\d\d)[T ].*$"


def crosswalked(
    claims: DataFrame, targets: DatedTargets, cells: CodeCells, days: RowDays
) -> tuple[DataFrame, BatchReport]:
    """Return all rows and columns of claims with :data:`ADDED`, and what came of them; no row is lost.

    The different cells, each in every period it stands in, are collected to the driver; their answers are
    broadcast, so that claims are not shuffled again. An added name that is taken gets a number.
    """
    from pyspark.sql import functions as f

    cell, version, said = _cell(cells.columns.main), _version(cells), _day_said(days)
    rows = claims.alias("c").join(f.broadcast(_periods(claims, days)), said == f.col("d.said"), "left")
    asked = (cell.alias("cell"), version.alias("version"), f.col("d.period").alias("period"))
    different = sorted(tuple(row) for row in rows.groupBy(*asked).count().collect())
    for text, system, _, count in different:
        cells.see(text, system, count)
    answers, report = DatedAnswers(targets, days, cells.looks_icd9), BatchReport(cells.columns.main)
    answered = []
    for text, system, period, count in different:
        found = answers.to(text, system, period)
        report.add(text, found.status, count)
        report.numbers += count * number_like(found.expression)
        answered.append((text, system, period, *found))
    add_notices(report, cells.columns, cells.looks_icd9, cells.unread, days)
    table = claims.sparkSession.createDataFrame(answered, _ANSWER).alias("a")
    same = (cell == f.col("a.cell")) & (version == f.col("a.version"))
    joined = rows.join(f.broadcast(table), same & (f.col("d.period") == f.col("a.period")), "left")
    names = distinct([*claims.columns, *ADDED])[len(claims.columns) :]
    added = [f.col(f"a.{name}").alias(shown) for name, shown in zip(ADDED, names, strict=True)]
    return joined.select("c.*", *added), report


def _periods(claims: DataFrame, days: RowDays) -> DataFrame:
    """Every different text of the date column and its period; one period for all without such a column."""
    periods = [("", GIVEN)]
    if days.column is not None:
        counted = claims.alias("c").groupBy(_day_said(days).alias("said")).count().collect()
        periods = [(row["said"], days.period(row["said"], row["count"])) for row in sorted(counted)]
    return claims.sparkSession.createDataFrame(periods, "said string, period string").alias("d")


def _day_said(days: RowDays) -> Column:
    """The text of a date cell, without the time of day behind it."""
    from pyspark.sql import functions as f

    if days.column is None:
        return f.lit("")
    return f.regexp_replace(f.trim(_cell(days.column)), _TIME_OF_DAY, "$1")


def main(arguments: Sequence[str] | None = None) -> None:
    """Read claims, join, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--claims", required=True, help="path or pattern of Parquet, or of CSV with --csv")
    parser.add_argument("--bundle", required=True, type=Path, help="folder of the bundle, on the driver")
    parser.add_argument("--output", required=True, help="folder to write; it must not exist yet")
    parser.add_argument("--column", help="column of the codes; found by its name without this")
    parser.add_argument("--date-column", help="column of each row's own date; found by its name without this")
    parser.add_argument(
        "--date",
        type=date.fromisoformat,
        metavar="YYYY-MM-DD",
        help="take every code as of this day; with --date-column those of rows that say none (today)",
    )
    parser.add_argument(
        "--csv", action="store_true", help="claims are CSV with a header, and so is the output"
    )
    parser.add_argument(
        "--partition-by",
        action="append",
        default=[],
        metavar="COLUMN",
        help="write a folder for each value of a column, such as icd11_status; several times for several",
    )
    options = parser.parse_args(arguments)
    from pyspark.errors import AnalysisException
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("teneleven crosswalk").getOrCreate()
    try:
        claims = _read(spark, options.claims, options.csv)
        cells = code_cells(claims.columns, options.column)
        with dated_targets(options.bundle) as targets:
            days = row_days(claims.columns, options.date_column, options.date, targets.changes)
            mapped, report = crosswalked(claims, targets, cells, days)
        _write(mapped, options.output, options.csv, options.partition_by)
        for notice in report.notices:
            print(f"note: {notice}", file=sys.stderr)
    except AnalysisException as fault:
        sys.exit(f"spark_job: {str(fault).splitlines()[0]}")
    except (TenElevenError, OSError) as fault:
        sys.exit(f"spark_job: {fault}")
    finally:
        spark.stop()


def _read(spark: SparkSession, claims: str, is_csv: bool) -> DataFrame:
    if not is_csv:
        return spark.read.parquet(claims)
    return spark.read.csv(
        claims,
        header=True,
        inferSchema=False,
        multiLine=_may_span_lines(spark, claims),
        escape='"',
        mode="FAILFAST",
        enforceSchema=False,
    )


def _may_span_lines(spark: SparkSession, claims: str) -> bool:
    """Whether a cell may span lines: then some line has a quote that is not closed in it.

    A file with such cells is read by one task, for a part of it could begin inside a cell; others are read
    in parallel. Looking is one pass over the text, in parallel too.
    """
    from pyspark.sql import functions as f

    line = f.col("value")
    quotes = f.length(line) - f.length(f.replace(line, f.lit('"'), f.lit("")))
    return bool(spark.read.text(claims).where(quotes % 2 == 1).take(1))


def _write(mapped: DataFrame, output: str, is_csv: bool, partitions: Sequence[str]) -> None:
    if not is_csv:
        mapped.write.partitionBy(*partitions).parquet(output, compression="zstd")
        return
    _guarded(mapped).write.partitionBy(*partitions).csv(
        output,
        header=True,
        escape='"',
        emptyValue="",
        ignoreLeadingWhiteSpace=False,
        ignoreTrailingWhiteSpace=False,
    )


def _cell(name: str) -> Column:
    from pyspark.sql import functions as f

    return f.coalesce(f.col(f"c.`{name.replace('`', '``')}`").cast("string"), f.lit(""))


def _version(cells: CodeCells) -> Column:
    from pyspark.sql import functions as f

    name = cells.columns.versions.get(cells.columns.main)
    return f.lit("") if name is None else _cell(name)


def _guarded(table: DataFrame) -> DataFrame:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers do not."""
    from pyspark.sql import functions as f

    def cell(name: str, kind: Any) -> Column:
        column = f.col(f"`{name.replace('`', '``')}`")
        if kind != "string":
            return column
        risky = column.rlike(_FORMULA) & ~column.rlike(_NUMBER)
        return f.when(risky, f.concat(f.lit("'"), column)).otherwise(column).alias(name)

    return table.select(*(cell(name, kind) for name, kind in table.dtypes))


if __name__ == "__main__":
    main()
