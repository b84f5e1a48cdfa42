"""Shares counted again: what is kept and lost, by scope, chapter, category and setting, and every code."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from math import sqrt
from pathlib import Path

from bench.recount.figures import FULL, Figure, Known, Report, Z, lost, spoken
from bench.recount.raw import ALL, Row, Volumes

ERRORS = Path(__file__).parents[2] / "terminology" / "impact" / "measured_error.tsv"


def accounted(volumes: Volumes, report: Report) -> Iterator[Figure]:
    """Yield that the states sum to the input."""
    for scope, counts in volumes.items():
        rows = report.rows("accounted", scope=scope)
        states = sum(r["volume"] for r in rows if r["state"] != "total")
        yield Figure(f"{scope}: input", sum(counts.values()), states, 0)


def kept(known: Known, report: Report) -> Iterator[Figure]:
    """Yield representation and kept shares with their range, by scope, and losses."""
    rates = _rates()
    for scope, counts in known.scopes.items():
        total = sum(counts.values())
        by_kind: Counter[str] = Counter()
        judged: Counter[str] = Counter()
        facets: Counter[str] = Counter()
        with_encounter = 0
        for key, n in counts.items():
            row = known.first[key]
            by_kind[row["representation"]] += n
            judged[_judged(row)] += n
            with_encounter += n if spoken(row) else 0
            for facet in {f.split("=", 1)[0] for f in lost(row)}:
                facets[facet] += n
        for row in report.rows("representation", scope=scope):
            kind = row["representation"]
            yield Figure(f"{scope}: {kind}", by_kind[kind], row["volume"], 0)
        (said,) = report.rows("kept", scope=scope)
        yield Figure(f"{scope}: kept", sum(by_kind[k] for k in FULL) / total, said["kept share"])
        yield Figure(f"{scope}: with encounter", with_encounter / total, said["kept with encounter codes"])
        for end, name in enumerate(("kept, low", "kept, high")):
            bound = sum(n * rates[kind][end] for kind, n in judged.items()) / total
            yield Figure(f"{scope}: {name}", bound, said[name])
        for row in report.rows("losses", scope=scope):
            yield Figure(f"{scope}: lost {row['facet']}", facets[row["facet"]], row["volume"], 0)


def _judged(row: Row) -> str:
    """Return the kind of judgement: partial codes that lose their encounter are one of their own."""
    encounter = any(facet.startswith("encounter=") for facet in lost(row))
    return "partial-encounter" if encounter else str(row["representation"])


def _rates() -> dict[str, tuple[float, float]]:
    with ERRORS.open(encoding="utf-8") as text:
        rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    rates = {"none": (0.0, 0.0)}
    for kind in (*FULL, "partial", "partial-encounter"):
        some = [row for row in rows if row["engine"] == kind]
        whole = sum(int(row["codes"]) for row in some)
        p = sum(int(row["codes"]) for row in some if row["coder"] in FULL) / whole
        root = Z * sqrt(p * (1 - p) / whole + Z * Z / (4 * whole * whole))
        rates[kind] = (
            (p + Z * Z / (2 * whole) - root) / (1 + Z * Z / whole),
            (p + Z * Z / (2 * whole) + root) / (1 + Z * Z / whole),
        )
    return rates


def parts(known: Known, report: Report, chapters: Mapping[str, str]) -> Iterator[Figure]:
    """Yield volume and kept share of each chapter and of each category, by scope."""
    for scope, counts in known.scopes.items():
        for name, part_of in (
            ("chapter", lambda key: chapters.get(key[:3])),
            ("category", lambda key: key[:3]),
        ):
            volume: Counter[str | None] = Counter()
            whole: Counter[str | None] = Counter()
            for key, n in counts.items():
                volume[part_of(key)] += n
                whole[part_of(key)] += n if known.first[key]["representation"] in FULL else 0
            wrong = [
                row
                for row in report.rows(f"representation_by_{name}", scope=scope)
                if volume[row[name]] != row["volume"]
                or abs(whole[row[name]] / volume[row[name]] - row["kept share"]) > 0.00005001
            ]
            yield Figure(f"{scope}: {name} rows that differ", len(wrong), 0, 0)


def settings(known: Known, report: Report) -> Iterator[Figure]:
    """Yield the differences of settings with their intervals."""
    for row in report.rows("settings"):
        one, other = (known.scopes[row[name]] for name in ("setting", "against"))
        sums = [sum(counts.values()) for counts in (one, other)]
        full = {key for key in {*one, *other} if known.first[key]["representation"] in FULL}
        p, q = (
            sum(counts.get(k, 0) for k in full) / total
            for counts, total in zip((one, other), sums, strict=True)
        )
        parts_of = (
            one.get(k, 0) / sums[0] * ((k in full) - p) - other.get(k, 0) / sums[1] * ((k in full) - q)
            for k in {*one, *other}
        )
        spread = Z * sqrt(sum(part * part for part in parts_of))
        name = f"{row['setting']} against {row['against']}"
        yield Figure(name, 100 * (p - q), row["difference (points)"], 2)
        yield Figure(f"{name}, low", 100 * (p - q - spread), row["low"], 2)


def lengths(known: Known, report: Report) -> Iterator[Figure]:
    """Yield field lengths and the codes to enter, by scope."""
    for scope, counts in known.scopes.items():
        texts = [(known.first[key]["expression"], n) for key, n in counts.items()]
        placed = [(text, n) for text, n in texts if text]
        for row in report.rows("lengths", scope=scope):
            what = row["what"]
            if what.startswith("longer"):
                width = int(what.split()[2])
                found = sum(n for text, n in placed if len(text) > width)
            else:
                found = sum(n for text, n in placed if ("/" if "stem" in what else "&") in text)
            yield Figure(f"{scope}: {what}", found, row["volume"], 0)
        members = sum(n * (1 + text.count("&") + text.count("/")) for text, n in placed)
        (said,) = report.rows("clusters", scope=scope)
        yield Figure(
            f"{scope}: codes to enter",
            members / sum(n for _, n in placed),
            said["ICD-11 codes per diagnosis"],
            3,
        )


def queries(known: Known, report: Report) -> Iterator[Figure]:
    """Yield that the total of queries is the sum of its codes and that prompts sum to it, of known codes."""
    for scope, counts in known.scopes.items():
        rows = report.rows("documentation", scope=scope)
        asked = [row for row in rows if row["code"] != "total"]
        volume = sum(counts[row["code"].replace(".", "")] for row in asked)
        (total,) = [row for row in rows if row["code"] == "total"]
        yield Figure(f"{scope}: queries", volume, total["volume"], 0)
        if scope == ALL:
            yield Figure("prompts", volume, sum(row["volume"] for row in report.rows("prompts")), 0)


def every_code(known: Known, report: Report) -> Iterator[Figure]:
    """Yield how many rows of the list of all codes are not what the crosswalk and the volumes say."""
    volume = known.scopes[ALL]
    wrong = 0
    for row in report.rows("codes"):
        key = row["code"].replace(".", "")
        first = known.first[key]
        same = (row["volume"], row["ICD-11"], row["representation"]) == (
            volume[key],
            first["expression"] or "",
            first["representation"],
        )
        wrong += not (same and row["facets lost"] == ", ".join(lost(first)))
    yield Figure("codes listed", len(volume), len(report.rows("codes")), 0)
    yield Figure("codes that differ", wrong, 0, 0)
