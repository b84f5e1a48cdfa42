"""Conditions counted again across the switch, by diagnosis and by record."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from bench.recount.figures import Figure, Known, Report, ranged
from bench.recount.ranges import Errors
from bench.recount.raw import ALL, Row

GROUPS = Path(__file__).parents[2] / "terminology" / "impact" / "condition_groups.tsv"


def ratios(known: Known, report: Report, errors: Errors) -> Iterator[Figure]:
    """Yield the comparability ratios of every condition with their ranges and bounds, by scope."""
    for scope, counts in known.scopes.items():
        for condition, tens, elevens in _groups():
            main: Counter[str] = Counter()
            holding: Counter[str] = Counter()
            low = high = 0.0
            for key, n in counts.items():
                stems = [part.split("&")[0] for part in (known.first[key]["expression"] or "").split("/")]
                was, first = key.startswith(tens), stems[0].startswith(elevens)
                inside = min(1.0, sum(_sure(row) for row in known.targets[key] if _in(row, elevens)))
                main[_moves(was, first)] += n
                holding[_moves(was, any(stem.startswith(elevens) for stem in stems))] += n
                low += n * inside if first else 0
                high += n if first else n * inside
            before = main["stays"] + main["leaves"]
            rows = report.rows("comparability", scope=scope, condition=condition)
            yield Figure(f"{scope}: {condition} is a row", bool(before), len(rows), 0)
            for row in rows:
                name = f"{scope}: {condition}"
                yield Figure(f"{name}, low bound", low / before, row["low bound, main stem"], 3)
                yield Figure(f"{name}, high bound", high / before, row["high bound, main stem"], 3)
                for moved, kind in ((main, "main stem"), (holding, "any member")):
                    after = moved["stays"] + moved["joins"]
                    ends = errors.share(f"in the condition by {kind}", moved, before)
                    ratio = f"ratio, {kind}"
                    yield from ranged(f"{name}, {kind}", row, ratio, after / before, ends, places=3)


def _moves(before: bool, after: bool) -> str:
    return ("stays" if after else "leaves") if before else ("joins" if after else "apart")


def _sure(row: Row) -> float:
    return row["confidence"] or 0.0


def _in(row: Row, elevens: tuple[str, ...]) -> bool:
    return bool(row["stem"]) and row["stem"].startswith(elevens)


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
        for kind in ("main stem", "any member"):
            ratio = (
                counted[scope, name, f"records, ICD-11 {kind}"] / counted[scope, name, "records, ICD-10-CM"]
            )
            yield Figure(f"{scope}: {name}, ratio by record, {kind}", ratio, row[f"ratio, {kind}"], 3)


def _groups() -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    with GROUPS.open(encoding="utf-8") as text:
        rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    return [
        (r["group"], tuple(c.replace(".", "") for c in r["icd_10_cm"].split()), tuple(r["icd_11"].split()))
        for r in rows
    ]
