"""How long a join of claims takes: ``python -m bench.bulk_bench --bundle DIR [--rows N] [--folder DIR]``.

Makes claims whose codes are drawn with the frequencies of the bundle's volumes, in several spellings, as
Parquet and as CSV, and measures the join beside a plain DuckDB copy of the same file in the same run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from terminology.bundle.life.reported_codes import volumes_by_key
from terminology.bundle.store import Store
from terminology.exchange.mapping.join import map_claims
from terminology.exchange.mapping.scan import read_claims

_CLAIMS = """
    SELECT i AS claim_id, 'P' || lpad((hash(i) % 1000000)::VARCHAR, 6, '0') AS patient,
        if(hash(i) % 3 = 0, 'inpatient', 'outpatient') AS setting,
        DATE '2025-01-01' + (hash(i * 3) % 365)::INT AS service_date,
        CASE WHEN hash(i * 5) % 1000 < 3 THEN 'ZZ9' || (i % 10)::VARCHAR WHEN hash(i * 5) % 1000 < 5 THEN NULL
             WHEN i % 2 = 0 AND length(key) > 3 THEN key[:3] || '.' || key[4:]
             WHEN i % 5 = 1 THEN lower(key) ELSE key END AS dx,
        (hash(i * 11) % 500000) / 100.0 AS charge
    FROM (SELECT i, (hash(i * 7 + 1) % 1000000007) / 1000000007 AS at FROM range({rows}) AS t(i)) AS a
    ASOF JOIN upto ON a.at <= upto.at ORDER BY i"""


def make_claims(bundle: Path, folder: Path, rows: int) -> None:
    """Write ``claims.parquet`` and ``claims.csv``; they hold no one's data."""
    store = Store(bundle)
    counted = volumes_by_key(store)
    store.close()
    volumes = pa.table({"key": list(counted), "n": list(counted.values())})
    con = duckdb.connect(config={"temp_directory": str(folder / "spill")})
    con.register("volumes", volumes)
    con.execute(
        "CREATE TABLE upto AS SELECT key, sum(n) OVER (ORDER BY key) / (SELECT sum(n) FROM volumes) AS at "
        "FROM volumes"
    )
    con.execute(f"COPY ({_CLAIMS.format(rows=rows)}) TO '{folder}/claims.parquet' (COMPRESSION zstd)")
    con.execute(f"COPY (FROM '{folder}/claims.parquet') TO '{folder}/claims.csv'")
    con.close()


def measure(bundle: Path, folder: Path, source: str, target: str, any_order: bool) -> None:
    """Print the seconds of a plain copy and of the join."""
    claims = read_claims([folder / source])
    if claims is None:
        raise RuntimeError(f"{source} cannot be joined")
    out = folder / target
    begun = time.perf_counter()
    options = "COMPRESSION zstd" if target.endswith(".parquet") else "HEADER"
    duckdb.connect().execute(f"COPY (FROM {claims.scan(empty_is_null=True)}) TO '{out}' ({options})")
    copied = time.perf_counter() - begun
    out.unlink()
    begun = time.perf_counter()
    report = map_claims(claims, out, bundle, any_order=any_order)
    joined = time.perf_counter() - begun
    order = ", any order" if any_order else ""
    print(
        f"{source} -> {target}{order}: {report.rows:,} rows in {joined:.2f} s; plain copy {copied:.2f} s, "
        f"{joined / copied:.1f} times; {dict(report.statuses)}; {out.stat().st_size / 1e6:,.0f} MB",
        flush=True,
    )
    out.unlink()


def main() -> None:
    """Make claims and measure every way through."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where to write; needs 3 GB for 10 million rows")
    options = parser.parse_args()
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with tempfile.TemporaryDirectory(dir=options.folder) as made:
        folder = Path(made)
        make_claims(options.bundle, folder, options.rows)
        for source in ("claims.parquet", "claims.csv"):
            for target in ("out.parquet", "out.csv"):
                for any_order in (False, True):
                    measure(options.bundle, folder, source, target, any_order)


if __name__ == "__main__":
    main()
