"""NCCI's pairs at the size of CMS's own tables: ``python -m bench.speed.ncci_bench --data DIR [--pairs N]``.

Writes tables of code pairs in CMS's layout, four parts for each service, with codes that nobody has (``X``
and four digits), builds a bundle of them and the HCPCS files of ``DIR``, and prints what loading took, the
size of the bundle, how long a checker takes to begin, and how fast pairs are looked up and claims checked.
"""

from __future__ import annotations

import argparse
import os
import random
import tempfile
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

import duckdb

from bench.speed.build_bench import resident
from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.cms.ncci.ptp import PARTS
from loaders.progress import Silent
from terminology.bundle.manifest import DATABASE, EDITS
from terminology.bundle.store import Store
from terminology.claims.bulk.checker import BulkChecker
from terminology.claims.check import check
from terminology.claims.claim import Claim
from terminology.claims.context import check_context
from terminology.claims.lookups.ncci_lookup import pair_on
from terminology.claims.tables.ncci import CODE_PAIRS, Service
from terminology.exchange.claims.checking import CheckedClaims
from terminology.exchange.claims.findings_output import findings_file
from terminology.exchange.claims.job import check_files
from terminology.exchange.claims.read_claims import read_chunks

FILES = {Service.PRACTITIONER: "ccipra", Service.OUTPATIENT: "ccioph"}
CODES = 10_000
SEED = 19
LOOKUPS = 100_000
SINGLE = 2_000
_QUARTER = date(2024, 8, 15)
_HEAD = (
    "Made for measuring; no code of these is anyone's\n"
    "Column1/Column2 Edits\t\t\t\t\t\t\n"
    "Column 1\tColumn 2\t* = in existence prior to 1996\tEffective Date\tDeletion Date *=no data\t"
    "Modifier 0=not allowed 1=allowed 9=not applicable\tPTP Edit Rationale\n"
)
_RATIONALES = ("More extensive procedure", "Standards of medical/surgical practice", "Misuse of a code")
_CLAIMS = """
    SELECT i AS claim_id, if(h % 4 = 0, 'outpatient', 'professional') AS setting, 50 AS age, 'F' AS sex,
        DATE '2024-07-01' + (h % 90)::INT AS date_of_service, 'E11.9' AS dx1, {lines}
    FROM (SELECT i, hash(i * 11) AS h FROM range({rows}) AS t(i))"""
_LINE = (
    "printf('X%04d', floor(power((hash(i * 13 + {n}) % 9973) / 9973.0, 2) * {codes})::INT) AS line{n}_hcpcs, "
    "1 AS line{n}_units, '1' AS line{n}_pointers, '11' AS line{n}_pos"
)
LINES = 4


def write_pairs(folder: Path, pairs: int) -> None:
    """Write tables with so many pairs in all, half for each service."""
    for service, name in FILES.items():
        rows = _pairs(random.Random(f"{SEED} {service}"), pairs // len(FILES))
        for part in range(1, PARTS + 1):
            with (folder / f"{name}-v302r0-f{part}.txt").open("w", encoding="ascii", newline="\r\n") as file:
                file.write(_HEAD)
                file.writelines(islice(rows, pairs // len(FILES) // PARTS))


def _pairs(pick: random.Random, count: int) -> Iterator[str]:
    """Yield rows by column 1, as CMS sorts them; one in ten was deleted."""
    each = -(-count // CODES)
    for one in range(CODES):
        for other in sorted(pick.sample(range(CODES - 1), each)):
            deleted = "20230331" if pick.random() < 0.1 else "*"
            yield (
                f"X{one:04d}\tX{other + (other >= one):04d}\t\t20{pick.randrange(10, 23)}0101\t{deleted}\t"
                f"{pick.randrange(2)}\t{pick.choice(_RATIONALES)}\n"
            )


def make_claims(path: Path, rows: int) -> None:
    """Write claims of four lines each, with frequent and rare codes."""
    lines = ", ".join(_LINE.format(n=n, codes=CODES) for n in range(1, LINES + 1))
    con = duckdb.connect()
    con.execute(f"COPY ({_CLAIMS.format(lines=lines, rows=rows)}) TO '{path}' (COMPRESSION zstd)")
    con.close()


def _looked_up(store: Store) -> None:
    pick, context, hits = random.Random(SEED), check_context(store), 0
    begun = time.perf_counter()
    for _ in range(LOOKUPS):
        one, other = (f"X{pick.randrange(CODES):04d}" for _ in range(2))
        hits += pair_on(context, Service.PRACTITIONER, one, other, _QUARTER) is not None
    seconds = time.perf_counter() - begun
    print(f"lookups: {LOOKUPS / seconds:,.0f} pairs a second, {hits:,} of {LOOKUPS:,} are edits")


def _checked_singly(store: Store, claims: list[Claim]) -> None:
    begun = time.perf_counter()
    found = sum(each.edit.startswith("ptp.") for claim in claims for each in check(claim, store).findings)
    seconds = time.perf_counter() - begun
    print(f"single checks: {len(claims) / seconds:,.0f} a second, {found:,} findings of pairs")


def _checked_in_bulk(claims: Path, bundle: Path, folder: Path) -> None:
    """Check in this process: a worker of several began as a copy of it, and would be told as large."""
    before, summary, begun = resident(os.getpid()), CheckedClaims(), time.perf_counter()
    with findings_file(folder / "findings.parquet", summary) as write:
        summary.add(check_files([claims], bundle, lambda o: write(o.findings), processes=1))
    seconds = time.perf_counter() - begun
    pairs = sum(count for (edit, _), count in summary.findings.items() if edit.startswith("ptp."))
    grown = (resident(os.getpid()) - before) / 2**20
    print(
        f"bulk, one process: {summary.claims:,} claims of {LINES} lines in {seconds:.1f} s, "
        f"{summary.claims / seconds * 60:,.0f} a minute, {pairs:,} findings of pairs; "
        f"memory grown by {grown:,.0f} MiB"
    )


def main() -> None:
    """Write, build, ask and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder of release files with HCPCS in it")
    parser.add_argument("--pairs", type=int, default=4_300_000)
    parser.add_argument("--rows", type=int, default=100_000, help="claims checked in bulk")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        data, bundle, claims = folder / "data", folder / "bundle", folder / "claims.parquet"
        data.mkdir()
        (data / "hcpcs").symlink_to((options.data / "hcpcs").resolve(), target_is_directory=True)
        write_pairs(data, options.pairs)
        size = sum(path.stat().st_size for path in data.glob("cci*"))
        outcome = build_bundle(Sources(data=data, offline=True), bundle, Silent())
        tables = sum(
            (bundle / EDITS / f"{table.name}.parquet").stat().st_size for table in CODE_PAIRS.values()
        )
        print(
            f"load: {options.pairs:,} pairs ({size / 2**20:,.0f} MiB) in {outcome.seconds:.0f} s, peak "
            f"{outcome.peak_bytes / 2**20:,.0f} MiB; database "
            f"{(bundle / DATABASE).stat().st_size / 2**20:,.0f} MiB, Parquet {tables / 2**20:,.0f} MiB"
        )
        make_claims(claims, options.rows)
        store = Store(bundle)
        begun = time.perf_counter()
        BulkChecker(store)
        print(f"a checker begins in {time.perf_counter() - begun:.2f} s")
        _looked_up(store)
        chunk = next(iter(read_chunks(claims, None)))
        _checked_singly(store, [found.claim for found in islice(chunk.claims(), SINGLE)])
        store.close()
        _checked_in_bulk(claims, bundle, folder)


if __name__ == "__main__":
    main()
