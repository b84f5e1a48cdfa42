"""Checks claims with Spark: the edits of ``teneleven check`` on every executor, over one bundle.

    spark-submit terminology/exchange/claims/spark_job.py \\
        --claims 'claims/*.parquet' --bundle BUNDLE --output findings

The bundle's folder must stand at the same path on every machine, and this package be installed there. Claims
are Parquet, a row a claim or a row a line or code; rows of one claim are brought together.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from terminology.bundle.store import Store
from terminology.claims.bulk.checker import BulkChecker
from terminology.claims.claim import ClaimSetting
from terminology.claims.requested import requested_edits
from terminology.errors import InvalidRequestError
from terminology.exchange.claims.checking import check_chunk
from terminology.exchange.claims.claim_columns import claim_layout
from terminology.exchange.claims.findings_table import SCHEMA
from terminology.exchange.claims.read_claims import TableChunk
from terminology.exchange.claims.table_claims import arrow_batches

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_checkers: dict[tuple[str, tuple[str, ...]], BulkChecker] = {}


def checked(
    claims: DataFrame, bundle: str, setting: ClaimSetting | None = None, requested: tuple[str, ...] = ()
) -> DataFrame:
    """Return the findings of claims, a row each, in the columns of ``teneleven check``.

    ``requested`` are ids of edits that give their advice on request only. Rows of one claim of a long table
    go to one partition. Raises :class:`InvalidRequestError` when no column holds codes.
    """
    layout = claim_layout(claims.columns)
    if layout.long:
        claims = claims.repartition(claims[layout.single["id"]])

    def partition(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return checked_partition(batches, bundle, setting, requested)

    return claims.mapInArrow(partition, _ddl())


def checked_partition(
    batches: Iterable[pa.RecordBatch],
    bundle: str,
    setting: ClaimSetting | None = None,
    requested: tuple[str, ...] = (),
) -> Iterator[pa.RecordBatch]:
    """Yield the findings of a partition's claims.

    A table of a row a claim is checked batch by batch; rows of a long one are brought together first, so that
    its partition must fit the executor's memory. A claim that cannot be read fails the job, with its place.
    """
    checker = _checkers.get((bundle, requested))
    if checker is None:
        checker = _checkers[bundle, requested] = BulkChecker(Store(Path(bundle)), requested=requested)
    for table in _tables(batches):
        layout = claim_layout(table.column_names)
        for batch in arrow_batches(table, setting):
            outcome = check_chunk(TableChunk(batch, layout, setting, "spark"), checker)
            if outcome.summary.unread:
                raise InvalidRequestError("claims", outcome.summary.unread[0])
            yield outcome.findings


def _tables(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    held: list[pa.RecordBatch] = []
    for batch in batches:
        if claim_layout(batch.schema.names).long:
            held.append(batch)
        else:
            yield pa.Table.from_batches([batch])
    if held:
        yield pa.Table.from_batches(held)


def _ddl() -> str:
    kinds = {pa.string(): "string", pa.int64(): "bigint", pa.date32(): "date"}
    return ", ".join(f"`{field.name}` {kinds[field.type]}" for field in SCHEMA)


def main(arguments: Sequence[str] | None = None) -> None:
    """Read claims, check them, write the findings as Parquet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--claims", required=True, help="path or pattern of Parquet")
    parser.add_argument("--bundle", required=True, help="folder of the bundle, the same on every machine")
    parser.add_argument("--output", required=True, help="folder to write; it must not exist yet")
    parser.add_argument(
        "--setting", choices=[one.value for one in ClaimSetting], help="of claims that name none"
    )
    parser.add_argument("--advice", help="given on request: all, or ids of edits apart by commas")
    options = parser.parse_args(arguments)
    from pyspark.sql import SparkSession

    spark: Any = SparkSession.builder.appName("teneleven check").getOrCreate()
    try:
        setting = ClaimSetting(options.setting) if options.setting else None
        requested = requested_edits(options.advice, "--advice")
        findings = checked(spark.read.parquet(options.claims), options.bundle, setting, requested)
        findings.write.parquet(options.output, compression="zstd")
    except InvalidRequestError as fault:
        sys.exit(f"spark_job: {fault}")
    finally:
        spark.stop()


if __name__ == "__main__":
    main()
