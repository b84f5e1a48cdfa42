"""Conditions counted again across the switch, by diagnosis and by record."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.recount.figures import Figure, Known, Report
from bench.recount.raw import ALL

GROUPS = Path(__file__).parents[2] / "terminology" / "impact" / "condition_groups.tsv"


def ratios(known: Known, report: Report) -> Iterator[Figure]:
    """Yield the comparability ratios of every condition, by scope, by main stem and by any member."""
    for scope, counts in known.scopes.items():
        for condition, tens, elevens in _groups():
            rows = report.rows("comparability", scope=scope, condition=condition)
            before = main = holding = 0
            for key, n in counts.items():
                before += n if key.startswith(tens) else 0
                stems = [part.split("&")[0] for part in (known.first[key]["expression"] or "").split("/")]
                main += n if stems[0].startswith(elevens) else 0
                holding += n if any(stem.startswith(elevens) for stem in stems) else 0
            for row in rows:
                yield Figure(f"{scope}: {condition}, main stem", main / before, row["ratio, main stem"], 3)
                yield Figure(f"{scope}: {condition}, any", holding / before, row["ratio, any member"], 3)


def records(known: Known, found: Iterable[tuple[str, list[str]]], report: Report) -> Iterator[Figure]:
    """Yield how many records hold each condition before and after, by scope."""
    rows = _groups()
    counted: Counter[tuple[str, str, str]] = Counter()
    for scope, keys in found:
        stems = [
            [part.split("&")[0] for part in (known.first[key]["expression"] or "").split("/")]
            for key in keys
            if key in known.first
        ]
        for name, tens, elevens in rows:
            held = {
                "records, ICD-10-CM": any(key.startswith(tens) for key in keys),
                "records, ICD-11 main stem": any(each[0].startswith(elevens) for each in stems),
                "records, ICD-11 any member": any(s.startswith(elevens) for each in stems for s in each),
            }
            for place in (ALL, scope):
                for column, yes in held.items():
                    counted[place, name, column] += yes
    for row in report.rows("comparability_records"):
        scope, name = row["scope"], row["condition"]
        for column in ("records, ICD-10-CM", "records, ICD-11 main stem", "records, ICD-11 any member"):
            yield Figure(f"{scope}: {name}, {column}", counted[scope, name, column], row[column], 0)


def _groups() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    with GROUPS.open(encoding="utf-8") as text:
        rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    return [
        (r["group"], tuple(c.replace(".", "") for c in r["icd_10_cm"].split()), tuple(r["icd_11"].split()))
        for r in rows
    ]
