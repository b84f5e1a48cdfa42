"""The crosswalk as a table, a row per target: CSV and Parquet."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from terminology.attribution import NOTICES
from terminology.bundle.manifest import CROSSWALK
from terminology.errors import DataNotAvailableError
from terminology.exchange.tables.writing import AS_IT_IS, Writing

ATTRIBUTION = "attribution"
_NOTICE = " ".join(NOTICES)
_SHORT = (
    "ICD-10-CM: NCHS (CDC) and CMS. ICD-11: WHO, CC BY-ND 3.0 IGO, unchanged. "
    "Relationship, confidence, facets: TenEleven's own."
)
_BATCH = 16_384


def crosswalk_file(bundle: Path) -> Path:
    """Return ``crosswalk.parquet`` of a bundle; raise :class:`DataNotAvailableError` if it has none."""
    path = bundle / CROSSWALK
    if not path.is_file():
        raise DataNotAvailableError(f"{bundle} holds no {CROSSWALK}; run 'teneleven build'")
    return path


def write_csv(bundle: Path, out: TextIO, writing: Writing = AS_IT_IS) -> int:
    """Write every target as a line of CSV and return the number of lines.

    A source without target has one line with its target columns empty. Lists are joined by ``; ``; the column
    ``groups`` is left out, for ``expression`` says the same. The last column, ``attribution``,
    says on every line whose work it is.
    For spreadsheets codes like 1E30 are written as ``="1E30"``.
    """
    rows = csv.writer(out, lineterminator="\n")
    count = 0
    with pq.ParquetFile(crosswalk_file(bundle)) as table:
        columns = [name for name in table.schema_arrow.names if name != "groups"]
        rows.writerow((*columns, ATTRIBUTION))
        for batch in table.iter_batches(_BATCH, columns=columns):
            for row in _rows(batch):
                rows.writerow((*(writing.csv_cell(cell) for cell in row), _SHORT))
                count += 1
    return count


def write_parquet(bundle: Path, out: Path) -> int:
    """Write every target as a row of Parquet, lists as lists, and return the number of rows.

    The attribution is in the column ``attribution`` and, whole, under that key of the file's metadata.
    """
    count = 0
    with pq.ParquetFile(crosswalk_file(bundle)) as table:
        schema = table.schema_arrow.append(pa.field(ATTRIBUTION, pa.string()))
        schema = schema.with_metadata({ATTRIBUTION: _NOTICE})
        with pq.ParquetWriter(out, schema, compression="zstd") as writer:
            for batch in table.iter_batches(_BATCH):
                short = pa.array([_SHORT] * batch.num_rows, pa.string())
                writer.write_batch(pa.RecordBatch.from_arrays([*batch.columns, short], schema=schema))
                count += batch.num_rows
    return count


def _rows(batch: Any) -> Iterator[tuple[object, ...]]:
    columns = [
        ["; ".join(cell) if isinstance(cell, list) else cell for cell in column.to_pylist()]
        for column in batch.columns
    ]
    yield from zip(*columns, strict=True)
