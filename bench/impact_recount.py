"""A second program for the impact report: it recounts its measures from raw files and compares.

    python -m bench.impact_recount --bundle BUNDLE --data VOLUMES.csv.gz --report report.json [--files DIR]

It uses nothing of the impact room but its tables of condition groups and measured errors: the bundle's
``crosswalk.parquet``, the volumes (a column of codes, one per setting, or Medicare claims) and, with
``--files``, the publishers' files (WHO's tabulation and 11-to-10 table, the Tabular List, the order file,
IPPS tables, CMS-HCC mappings). What a physician is to be asked is judged on titles: of it, sums alone are
recounted. Prints each figure beside the report's and ends with 1 where one differs.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import orjson

from bench.recount import choices, conditions, lists, money, shares
from bench.recount.figures import Figure, Known, Report
from bench.recount.ranges import Errors
from bench.recount.raw import (
    ALL,
    Groups,
    Volumes,
    categories,
    excluder,
    listed,
    read_billable,
    read_chapters,
    read_claims,
    read_icd11,
    read_lives,
    read_targets,
    read_volumes,
    steps,
)

TABULATION = "icd11/2025-01/SimpleTabulation-ICD-11-MMS-en.zip"
MAPS = "icd11/2024-01/mapping.zip"
TABULAR = "icd10cm/icd10c-tabular-April-1-2026.xml.gz"
ORDER = "icd10cm/icd10cm_order_2027_rebuilt.txt.gz"
"""Where the publishers' files stand below ``--files``."""


def figures(asked: argparse.Namespace, report: Report) -> Iterator[Figure]:
    """Yield every figure, counted here and reported."""
    with asked.data[0].open(errors="replace") as first:
        claims = "CLM_ID" in first.readline()
    volumes, records, days, groups = _read(asked.data, claims=claims)
    known, errors = Known(volumes, read_targets(asked.bundle)), Errors()
    yield from shares.accounted(volumes, report)
    yield from shares.kept(known, report, errors)
    yield from shares.settings(known, report, errors)
    yield from shares.lengths(known, report, errors)
    yield from conditions.ratios(known, report, errors)
    yield from shares.queries(known, report, errors)
    yield from choices.sample(known, report)
    yield from shares.every_code(known, report)
    if claims:
        yield from conditions.records(known, records, report)
    yield from lists.groups(known, report, groups)
    if asked.files is not None:
        lives = read_lives(asked.files / "payment/mce_v44_icd10cm_master.csv.gz")
        if claims:
            yield from lists.states_by_day(known, records, days, report, lives)
        else:
            yield from lists.states(known, volumes, report, lives)
        yield from _with_files(known, report, asked.files, records)


def _read(
    paths: Sequence[Path], *, claims: bool
) -> tuple[Volumes, list[tuple[str, list[str]]], list[date], Groups]:
    if claims:
        return (*read_claims(paths), {})
    volumes, groups = read_volumes(paths[0])
    return volumes, [], [], groups


def _with_files(
    known: Known, report: Report, files: Path, records: list[tuple[str, list[str]]]
) -> Iterator[Figure]:
    icd11 = read_icd11(files / TABULATION, files / MAPS)
    chapters, errors = read_chapters(files / TABULAR), Errors()
    yield from shares.parts(known, report, chapters, errors)
    yield from choices.choice(known, report, icd11, chapters, errors)
    billable = read_billable(files / ORDER)
    yield from choices.motifs(known, report, icd11, billable)
    yield from choices.convoluted(known, report, icd11, billable)
    yield from choices.workload(known, report, icd11, errors)
    pay = files / "payment"
    status = dict.fromkeys(listed(pay / "mcc_list.txt"), "MCC") | dict.fromkeys(
        listed(pay / "cc_list.txt"), "CC"
    )
    inpatient = [scope for scope in known.settings if scope == "inpatient"]
    weights = steps(pay / "drg_weights.txt")
    yield from money.payment(known, report, "MS-DRG", status, weights, inpatient, billable)
    if records:
        excludes = excluder(money.grouper_version(report))
        yield from money.stays(known, records, report, status, weights, excludes)
    families = {kind: steps(pay / "drg_weights.txt", kind) for kind in ("MED", "SURG")}
    yield from money.families(known, report, status, weights, families)
    hcc = categories(pay / "ra_dx_to_cc_2027.csv", files / "claims/hcc/ra_coefficients_2026.csv")
    yield from money.payment(known, report, "CMS-HCC V28", *hcc, known.scopes, billable)
    kinds: dict[str, set[str]] = defaultdict(set)
    for key, level in status.items():
        kinds[level].add(key)
    yield from lists.payers(known, report, "MS-DRG status", kinds, "inpatient", billable)
    held: dict[str, set[str]] = defaultdict(set)
    for key, named in hcc[0].items():
        for category in named.split("+"):
            held[f"HCC {category}"].add(key)
    yield from lists.payers(known, report, "HCC category", held, ALL, billable)


def main() -> int:
    """Recount, print, and return 1 where a figure differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, nargs="+", help="one file of volumes, or claims")
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--files", type=Path, help="folder of the publishers' files")
    asked = parser.parse_args()
    report = Report(orjson.loads(asked.report.read_bytes()))
    found = list(figures(asked, report))
    for figure in found:
        mark = "" if figure.same else "   DIFFERS"
        print(f"{figure.name:<66} {figure.counted:>16,.4f} {figure.reported:>16,.4f}{mark}")
    wrong = sum(not figure.same for figure in found)
    print(f"{len(found)} figures, {wrong} differ; not recounted: {', '.join(report.unread()) or 'none'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
