"""The join of claims with the crosswalk as a Spark job, for those whose claims outgrow one machine.

    spark-submit terminology/exchange/mapping/spark_job.py --claims 'claims/*.parquet' \
        --crosswalk bundle/crosswalk.parquet --output mapped [--column dx]

It needs PySpark and the bundle's ``crosswalk.parquet`` where the cluster can read it, nothing else of this
project, and is a file of its own for that reason. Rows are those of
:mod:`terminology.exchange.mapping.join`; Spark does not keep their order. ``--output``
is a folder of Parquet, or of CSV with ``--csv``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

ADDED = (
    "icd11_expression",
    "icd11_titles",
    "icd11_representation",
    "icd11_relationship",
    "icd11_confidence",
    "icd11_facets_lost",
    "icd11_status",
)
BLANKS = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
DASHES = "\u2010\u2011\u2012\u2013\u2212"
USUAL_NAMES = ("icd10cm", "icd10cmcode", "icd10code", "icd10", "dxcode", "diagnosiscode", "dx", "dx1", "code")
NUMBER = r"^[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?%?$"
FORMULA = "^[=+\\-@\\t\\r\\n＝＋－＠]"


def crosswalked(claims: DataFrame, crosswalk: DataFrame, column: str) -> DataFrame:
    """Return all rows and columns of claims with :data:`ADDED`; a code that is unknown is flagged, not lost.

    The crosswalk has under 100,000 sources and is broadcast: claims are not shuffled. An added name that is
    taken gets a number.
    """
    from pyspark.sql import functions as f

    targets = crosswalk.where(f.coalesce(f.col("rank"), f.lit(1)) == 1).select(
        _key(f.col("source_code")).alias("_key"),
        f.col("expression").alias("icd11_expression"),
        _list("titles").alias("icd11_titles"),
        f.col("representation").alias("icd11_representation"),
        f.col("relationship").alias("icd11_relationship"),
        f.col("confidence").alias("icd11_confidence"),
        _list("facets_lost").alias("icd11_facets_lost"),
        f.when(f.coalesce(f.col("expression"), f.lit("")) == "", "no-target")
        .otherwise("mapped")
        .alias("icd11_status"),
    )
    targets = targets.dropDuplicates(["_key"]).alias("t")
    cell = f.col(f"c.`{column.replace('`', '``')}`").cast("string")
    joined = claims.alias("c").join(f.broadcast(targets), _key(cell) == f.col("t._key"), "left")
    missed = f.when(f.coalesce(_key(cell), f.lit("")) == "", "no-code").otherwise("unknown-code")
    made = [
        (f.coalesce(f.col(f"t.{name}"), missed) if name == ADDED[-1] else f.col(f"t.{name}")).alias(shown)
        for name, shown in zip(ADDED, _free(claims.columns), strict=True)
    ]
    return joined.select("c.*", *made)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read claims, join, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--claims", required=True, help="path or pattern of Parquet, or of CSV with --csv")
    parser.add_argument("--crosswalk", required=True, help="crosswalk.parquet of a bundle")
    parser.add_argument("--output", required=True, help="folder to write; it must not exist yet")
    parser.add_argument("--column", help="column of the codes; found by its name without this")
    parser.add_argument(
        "--csv", action="store_true", help="claims are CSV with a header, and so is the output"
    )
    options = parser.parse_args(arguments)
    from pyspark.errors import AnalysisException
    from pyspark.sql import SparkSession

    spark = SparkSession.builder.appName("teneleven crosswalk").getOrCreate()
    try:
        claims = _read(spark, options.claims, options.csv)
        column = _code_column(claims.columns, options.column)
        mapped = crosswalked(claims, spark.read.parquet(options.crosswalk), column)
        if options.csv:
            _guarded(mapped).write.csv(
                options.output,
                header=True,
                escape='"',
                emptyValue="",
                ignoreLeadingWhiteSpace=False,
                ignoreTrailingWhiteSpace=False,
            )
        else:
            mapped.write.parquet(options.output, compression="zstd")
    except AnalysisException as fault:
        sys.exit(f"spark_job: {str(fault).splitlines()[0]}")
    finally:
        spark.stop()


def _read(spark: SparkSession, claims: str, is_csv: bool) -> DataFrame:
    if not is_csv:
        return spark.read.parquet(claims)
    return spark.read.csv(
        claims,
        header=True,
        inferSchema=False,
        multiLine=True,
        escape='"',
        mode="FAILFAST",
        enforceSchema=False,
    )


def _code_column(columns: Sequence[str], wanted: str | None) -> str:
    plain = {"".join(c for c in name.casefold() if c.isalnum()): name for name in reversed(columns)}
    names = USUAL_NAMES if wanted is None else ("".join(c for c in wanted.casefold() if c.isalnum()),)
    found = wanted if wanted in columns else next((plain[name] for name in names if name in plain), None)
    if found is None:
        sys.exit(f"spark_job: name the column of the codes with --column; columns: {', '.join(columns)}")
    return found


def _free(columns: Sequence[str]) -> list[str]:
    made: list[str] = []
    for name in ADDED:
        number, free = 2, name
        while free in columns or free in made:
            free, number = f"{name}_{number}", number + 1
        made.append(free)
    return made


def _key(cell: Column) -> Column:
    from pyspark.sql import functions as f

    return f.upper(f.translate(cell, DASHES + "." + BLANKS, "-" * len(DASHES)))


def _list(name: str) -> Column:
    from pyspark.sql import functions as f

    return f.when(f.size(name) > 0, f.array_join(name, "; "))


def _guarded(table: DataFrame) -> DataFrame:
    """Text that a spreadsheet would take for a formula gets an apostrophe in front; numbers do not."""
    from pyspark.sql import functions as f

    def cell(name: str, kind: Any) -> Column:
        column = f.col(f"`{name.replace('`', '``')}`")
        if kind != "string":
            return column
        risky = column.rlike(FORMULA) & ~column.rlike(NUMBER)
        return f.when(risky, f.concat(f.lit("'"), column)).otherwise(column).alias(name)

    return table.select(*(cell(name, kind) for name, kind in table.dtypes))


if __name__ == "__main__":
    main()
