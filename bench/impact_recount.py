"""A second program for the impact report: it recounts the main measures from raw files and compares.

    python -m bench.impact_recount --bundle BUNDLE --data VOLUMES.csv.gz --report report.json [--payment DIR]

It uses nothing of the impact room but its table of condition groups: the bundle's ``crosswalk.parquet``, the
volumes (a column of codes, one per setting) and, with ``--payment``, CMS's IPPS tables as published. Prints
each figure beside the report's and ends with 1 where one differs.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pyarrow.parquet as pq

GROUPS = Path(__file__).parent.parent / "terminology" / "impact" / "condition_groups.tsv"
ALL = "all settings"
_COLUMNS = [
    "source_code",
    "rank",
    "representation",
    "expression",
    "relationship",
    "facets_lost",
]
_NOTHING = ("unspecified", "not applicable", "not specified")
_FAMILY = re.compile(r"^(.*) (WITH MCC|WITH CC|WITHOUT CC/MCC)$")


class Figure(NamedTuple):
    """One figure, counted here and in the report."""

    name: str
    counted: float
    reported: float

    @property
    def same(self) -> bool:
        """Equal to the report's rounding."""
        return abs(self.counted - self.reported) <= 0.00051 * max(1.0, abs(self.counted) / 1000)


Row = dict[str, Any]


def read_volumes(path: Path) -> tuple[dict[str, int], dict[str, int]]:
    """Return the volume of all settings and of inpatient stays by code without its dot."""
    every: Counter[str] = Counter()
    inpatient: Counter[str] = Counter()
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as text:
        for row in csv.DictReader(text):
            code = row.pop("code").replace(".", "").upper()
            every[code] += sum(int(n or 0) for n in row.values())
            inpatient[code] += int(row.get("inpatient") or 0)
    return every, inpatient


def read_targets(bundle: Path) -> dict[str, Row]:
    """Return the recommended row of each code, by code without its dot."""
    table = pq.read_table(bundle / "crosswalk.parquet", columns=_COLUMNS, filters=[("rank", "=", 1)])
    return {row["source_code"].replace(".", ""): row for row in table.to_pylist()}


def lost(row: Row) -> list[str]:
    """Return the facets of a partial code that are lost and say something."""
    if row["representation"] != "partial":
        return []
    values = [(facet, facet.split("=", 1)[-1]) for facet in row["facets_lost"] or ()]
    return [facet for facet, value in values if not any(word in value for word in _NOTHING)]


def shares(volume: dict[str, int], first: dict[str, Row], report: dict[str, Any]) -> Iterator[Figure]:
    """Yield representation, encounter reading, lengths and losses."""
    known = {key: n for key, n in volume.items() if key in first}
    total = sum(known.values())
    by_kind: Counter[str] = Counter()
    facets: Counter[str] = Counter()
    spoken = wide = second = 0
    for key, n in known.items():
        row = first[key]
        by_kind[row["representation"]] += n
        gone = lost(row)
        for facet in {f.split("=", 1)[0] for f in gone}:
            facets[facet] += n
        only = gone and all(f in ("encounter=initial", "encounter=subsequent") for f in gone)
        narrower = row["relationship"] == "source-is-narrower-than-target"
        spoken += n if row["representation"].startswith("full") or (only and narrower) else 0
        wide += n if len(row["expression"]) > 7 else 0
        second += n if "/" in row["expression"] else 0
    reported = {r["representation"]: r for r in rows(report, "representation")}
    for kind, n in by_kind.items():
        yield Figure(f"volume {kind}", n, reported[kind]["volume"])
    kept = rows(report, "kept")[0]
    full = by_kind["full"] + by_kind["full-postcoordinated"]
    yield Figure("kept share", full / total, kept["kept share"])
    yield Figure("kept share with encounter codes", spoken / total, kept["kept with encounter codes"])
    lengths = {r["what"]: r["volume"] for r in rows(report, "lengths")}
    yield Figure("longer than 7 characters", wide, lengths["longer than 7 characters"])
    yield Figure("second stems", second, lengths["more than one stem"])
    for row in rows(report, "losses"):
        yield Figure(f"lost {row['facet']}", facets[row["facet"]], row["volume"])


def ratios(volume: dict[str, int], first: dict[str, Row], report: dict[str, Any]) -> Iterator[Figure]:
    """Yield the comparability ratios of every condition, by main stem and by any member."""
    with GROUPS.open(encoding="utf-8") as text:
        groups = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    reported = {r["condition"]: r for r in rows(report, "comparability")}
    for group in groups:
        if group["group"] not in reported:
            continue
        tens = tuple(code.replace(".", "") for code in group["icd_10_cm"].split())
        elevens = tuple(group["icd_11"].split())
        before = main = holding = 0
        for key, n in volume.items():
            before += n if key.startswith(tens) else 0
            stems = (
                [part.split("&")[0] for part in first[key]["expression"].split("/")] if key in first else []
            )
            main += n if stems and stems[0].startswith(elevens) else 0
            holding += n if any(stem.startswith(elevens) for stem in stems) else 0
        row = reported[group["group"]]
        yield Figure(f"{group['group']}, main stem", main / before, row["ratio, main stem"])
        yield Figure(f"{group['group']}, any member", holding / before, row["ratio, any member"])


def payment(
    volume: dict[str, int], first: dict[str, Row], report: dict[str, Any], folder: Path
) -> Iterator[Figure]:
    """Yield the MS-DRG splits that are lost: diagnoses at stake, weight gross and net."""
    status = dict.fromkeys(listed(folder / "mcc_list.txt"), "MCC")
    status |= dict.fromkeys(listed(folder / "cc_list.txt"), "CC")
    step = steps(folder / "drg_weights.txt")
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for key, n in volume.items():
        if n and key in first:
            groups[first[key]["expression"]][status.get(key, "none")] += n
    stake = gross = net = 0.0
    for found in groups.values():
        usual = min(found, key=lambda s: (-found[s], s))
        stake += sum(found.values()) - found[usual]
        gross += sum(n * abs(step[s] - step[usual]) for s, n in found.items())
        net += sum(n * (step[usual] - step[s]) for s, n in found.items())
    wanted = ("MS-DRG", "split lost")
    row = next(r for r in all_rows(report, "payment") if (r["scheme"], r["outcome"]) == wanted)
    yield Figure("CC/MCC at stake", stake, row["volume at stake"])
    yield Figure("CC/MCC weight, gross", gross, row["weight at stake, gross"])
    yield Figure("CC/MCC weight, net", net, row["weight, net"])


def listed(path: Path) -> set[str]:
    """Return the codes of an IPPS table 6I or 6J, without their dots."""
    lines = path.read_text("latin-1").splitlines()
    cells = (line.split("\t")[0].strip() for line in lines)
    return {c.replace(".", "") for c in cells if re.fullmatch(r"[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?", c)}


def steps(path: Path) -> dict[str, float]:
    """Return what CC and MCC add to the weight after the cap, mean over families split three ways."""
    families: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in path.read_text("latin-1").splitlines():
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        match = _FAMILY.match(cells[5]) if len(cells) > 7 and cells[0].isdigit() else None
        if match:
            families[match[1]][match[2]] = float(cells[7])
    whole = [f for f in families.values() if len(f) == 3]
    base = "WITHOUT CC/MCC"
    mean = {s: sum(f[f"WITH {s}"] - f[base] for f in whole) / len(whole) for s in ("CC", "MCC")}
    return {"none": 0.0, **mean}


def all_rows(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of a table of the report, by column names."""
    table = next(t for t in report["tables"] if t["id"] == name)
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row, strict=True)) for row in table["rows"]]


def rows(report: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the rows of all settings together."""
    return [row for row in all_rows(report, name) if row.get("scope", ALL) == ALL]


def main() -> int:
    """Recount, print, and return 1 where a figure differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--bundle", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--report", type=Path, required=True)
    parser.add_argument("--payment", type=Path, help="folder with mcc_list.txt, cc_list.txt, drg_weights.txt")
    asked = parser.parse_args()
    report = orjson.loads(asked.report.read_bytes())
    volume, inpatient = read_volumes(asked.data)
    first = read_targets(asked.bundle)
    figures = [*shares(volume, first, report), *ratios(volume, first, report)]
    if asked.payment is not None:
        figures += payment(inpatient, first, report, asked.payment)
    for figure in figures:
        mark = "" if figure.same else "   DIFFERS"
        print(f"{figure.name:<50} {figure.counted:>16,.4f} {figure.reported:>16,.4f}{mark}")
    wrong = sum(not figure.same for figure in figures)
    print(f"{len(figures)} figures, {wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
