"""A million rows joined to Parquet and read back by another library: no cell is lost, in any of several runs.

DuckDB 2.0.0 lost rare values of ENUM columns so, now and then, and counted the rows as if nothing were amiss.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.bundle.manifest import CROSSWALK
from terminology.exchange.mapping.join import map_claims
from terminology.exchange.mapping.scan import read_claims
from terminology.exchange.mapping.targets import ADDED, targets_in

ROWS, CODES, RUNS = 1_000_000, 40_000, 3


@pytest.fixture(scope="module")
def bundle(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small bundle with a crosswalk of 40,000 made-up codes in place of its own."""
    folder = Path(shutil.copytree(small_bundle, tmp_path_factory.mktemp("many") / "bundle"))
    numbers = range(CODES)
    table = pa.table(
        {
            "source_code": [f"Q{n % 100:02}.{n // 100:03}" for n in numbers],
            "rank": pa.array([1] * CODES, pa.int16()),
            "expression": [f"{n:05}&XK{n % 97}" for n in numbers],
            "titles": [[f"Title {n}", "x" * (n % 60)] for n in numbers],
            "representation": ["partial" if n % 3 else "full" for n in numbers],
            "relationship": ["related-to"] * CODES,
            "confidence": [n / CODES for n in numbers],
            "facets_lost": [[f"facet {n % 5000}"] if n % 2 else [] for n in numbers],
        }
    )
    pq.write_table(table, folder / CROSSWALK)
    return folder


def test_no_cell_of_a_million_rows_is_lost(bundle: Path, tmp_path: Path) -> None:
    targets = targets_in(bundle / CROSSWALK)
    keys = sorted(targets)
    chosen = random.Random(16)
    rows = chosen.choices(keys, [1 / (n + 1) for n in range(CODES)], k=ROWS)
    pq.write_table(pa.table({"dx": rows}), tmp_path / "claims.parquet")
    claims = read_claims([tmp_path / "claims.parquet"])
    assert claims is not None
    expected = pa.table({name: [targets[key][n] for key in rows] for n, name in enumerate(ADDED)})
    for _ in range(RUNS):
        map_claims(claims, tmp_path / "out.parquet", bundle)
        written = pq.read_table(tmp_path / "out.parquet")
        assert written["dx"].to_pylist() == rows
        for name in ADDED:
            column = expected[name].cast(written[name].type)
            assert written[name].combine_chunks().equals(column.combine_chunks()), name


def test_nothing_that_is_written_to_parquet_is_an_enum(bundle: Path, tmp_path: Path) -> None:
    pq.write_table(pa.table({"dx": ["Q00.000"]}), tmp_path / "claims.parquet")
    claims = read_claims([tmp_path / "claims.parquet"])
    assert claims is not None
    map_claims(claims, tmp_path / "out.parquet", bundle)
    schema = pq.ParquetFile(tmp_path / "out.parquet").schema
    assert {str(schema.column(n).logical_type) for n in range(len(schema))} == {"String", "None"}
