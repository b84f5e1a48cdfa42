"""Claims checked a minute: ``python -m bench.speed.claims_bench --bundle DIR [--rows N] [--processes N]``.

Makes claims of one year, 3 diagnoses and 2 lines each, in three settings: diagnoses drawn with the
frequencies of the bundle's volumes, services from the current HCPCS codes, a few per cent of codes,
ages and modifiers that are wrong. Checks the file as ``teneleven check`` does and prints claims a minute,
findings, and the memory of the largest process.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from terminology.bundle.life.reported_codes import volumes_by_key
from terminology.bundle.store import Store
from terminology.exchange.claims.checking import CheckedClaims
from terminology.exchange.claims.findings_output import findings_file
from terminology.exchange.claims.job import check_files
from terminology.systems import HCPCS

_CLAIMS = """
    WITH drawn AS (
        SELECT i, hash(i * 11) AS h, DATE '2024-10-01' + (hash(i * 3) % 365)::INT AS day,
            (hash(i * 7 + 1) % 1000000007) / 1000000007 AS a,
            (hash(i * 7 + 2) % 1000000007) / 1000000007 AS b,
            (hash(i * 7 + 3) % 1000000007) / 1000000007 AS c
        FROM range({rows}) AS t(i)),
    one AS (SELECT drawn.*, upto.key AS dx1 FROM drawn ASOF JOIN upto ON drawn.a <= upto.at),
    two AS (SELECT one.*, upto.key AS dx2 FROM one ASOF JOIN upto ON one.b <= upto.at),
    three AS (SELECT two.*, upto.key AS dx3 FROM two ASOF JOIN upto ON two.c <= upto.at)
    SELECT i AS claim_id,
        CASE h % 10 WHEN 0 THEN 'inpatient' WHEN 1 THEN 'outpatient' ELSE 'professional' END AS setting,
        (h % 97)::INT AS age, if(h % 2 = 0, 'F', 'M') AS sex,
        if(h % 10 <> 0, day, NULL) AS date_of_service, if(h % 10 = 0, day, NULL) AS discharge_date,
        if(h % 1000 < 5, 'ZZ9', dx1) AS dx1, dx2, if(h % 1000 = 7, dx1, dx3) AS dx3,
        if(h % 10 = 0, 'Y', NULL) AS poa1, if(h % 10 = 0, 'N', NULL) AS poa2,
        if(h % 10 = 0, 'Y', NULL) AS poa3,
        p.code AS line1_hcpcs, CASE WHEN h % 50 = 3 THEN 'RT LT' WHEN h % 9 = 1 THEN '25' END AS line1_mods,
        (1 + h % 2)::INT AS line1_units, '1' AS line1_pointers, '11' AS line1_pos,
        q.code AS line2_hcpcs, (1 + (h // 7) % 4)::INT AS line2_units, '1 2' AS line2_pointers,
        '11' AS line2_pos
    FROM three JOIN services AS p ON p.n = floor(power((h % 9973) / 9973.0, 3) * {services})::INT
        JOIN services AS q ON q.n = floor(power((h % 8999) / 8999.0, 3) * {services})::INT"""


def make_claims(bundle: Path, path: Path, rows: int) -> None:
    """Write a Parquet table of claims; they hold no one's data."""
    store = Store(bundle)
    counted = volumes_by_key(store)
    codes = [code for code, *_ in store.codes(HCPCS.id) if len(code) == 5]
    store.close()
    con = duckdb.connect()
    con.register("volumes", pa.table({"key": list(counted), "n": list(counted.values())}))
    con.register("services", pa.table({"n": list(range(len(codes))), "code": codes}))
    con.execute(
        "CREATE TABLE upto AS SELECT key, sum(n) OVER (ORDER BY key) / (SELECT sum(n) FROM volumes) AS at "
        "FROM volumes"
    )
    con.execute(f"COPY ({_CLAIMS.format(rows=rows, services=len(codes))}) TO '{path}' (COMPRESSION zstd)")
    con.close()


def main() -> None:
    """Make claims, check them, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--processes", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = options.folder or Path(made)
        claims = folder / f"claims-{options.rows}.parquet"
        if not claims.exists():
            make_claims(options.bundle, claims, options.rows)
        summary = CheckedClaims()
        begun = time.perf_counter()
        with findings_file(folder / "findings.parquet", summary) as write:
            summary.add(
                check_files(
                    [claims], options.bundle, lambda o: write(o.findings), processes=options.processes
                )
            )
        seconds = time.perf_counter() - begun
    own = resource.getrusage(resource.RUSAGE_SELF)
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime
    print(f"{summary.claims:,} claims in {seconds:.1f} s on {options.processes or os.cpu_count()} processes:")
    print(f"  {summary.claims / seconds * 60:,.0f} claims a minute, {processor:.1f} s of processors in all")
    print(f"  {summary.findings.total():,} findings on {summary.with_findings:,} claims")
    print(f"  largest process {max(own.ru_maxrss, others.ru_maxrss) / 1024:,.0f} MiB")
    if summary.unread:
        print(summary.unread[:3])


if __name__ == "__main__":
    main()
