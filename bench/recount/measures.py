"""The measures, counted again in other ways than the report's; each yields figures beside the report's."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import log2, sqrt
from pathlib import Path
from typing import Any, NamedTuple

from bench.recount.raw import ALL, Icd11, Row, Volumes

GROUPS = Path(__file__).parents[2] / "terminology" / "impact" / "condition_groups.tsv"
ERRORS = Path(__file__).parents[2] / "terminology" / "impact" / "measured_error.tsv"
_NOTHING = ("unspecified", "not applicable", "not specified")
FULL = ("full", "full-postcoordinated")
Z = 1.96


class Figure(NamedTuple):
    """One figure, counted here and in the report; ``places`` are the decimals that the report rounds to."""

    name: str
    counted: float
    reported: float
    places: int = 4

    @property
    def same(self) -> bool:
        """Equal to the report's rounding."""
        return abs(self.counted - self.reported) <= 0.5001 / 10.0**self.places


class Report:
    """The report's JSON: its tables as rows by column names."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.tables = {
            table["id"]: [
                dict(zip([c["name"] for c in table["columns"]], row, strict=True)) for row in table["rows"]
            ]
            for table in data["tables"]
        }
        self.notes = {table["id"]: table["note"] for table in data["tables"]}

    def rows(self, table: str, **where: object) -> list[Row]:
        """Return the rows of a table whose cells are as wanted."""
        return [r for r in self.tables[table] if all(r[name] == value for name, value in where.items())]


class Known:
    """Volumes of codes that have a place, with their recommended row."""

    def __init__(self, volumes: Volumes, targets: Mapping[str, list[Row]]) -> None:
        self.first = {key: rows[0] for key, rows in targets.items()}
        self.targets = targets
        self.scopes = {
            scope: {key: n for key, n in counts.items() if key in targets}
            for scope, counts in volumes.items()
        }


def lost(row: Row) -> list[str]:
    """Return the facets of a partial code that are lost and say something."""
    if row["representation"] != "partial":
        return []
    values = [(facet, facet.split("=", 1)[-1]) for facet in row["facets_lost"] or ()]
    return [facet for facet, value in values if not any(word in value for word in _NOTHING)]


def spoken(row: Row) -> bool:
    """Whether a code is kept where ICD-11's encounter codes may say its 7th character."""
    gone = lost(row)
    only = gone and all(facet in ("encounter=initial", "encounter=subsequent") for facet in gone)
    return row["representation"] in FULL or bool(only and "narrower" in row["relationship"])


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
        facets: Counter[str] = Counter()
        with_encounter = 0
        for key, n in counts.items():
            row = known.first[key]
            by_kind[row["representation"]] += n
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
            bound = sum(n * rates[kind][end] for kind, n in by_kind.items()) / total
            yield Figure(f"{scope}: {name}", bound, said[name])
        for row in report.rows("losses", scope=scope):
            yield Figure(f"{scope}: lost {row['facet']}", facets[row["facet"]], row["volume"], 0)


def _rates() -> dict[str, tuple[float, float]]:
    with ERRORS.open(encoding="utf-8") as text:
        rows = list(csv.DictReader((line for line in text if not line.startswith("#")), delimiter="\t"))
    rates = {"none": (0.0, 0.0)}
    for kind in (*FULL, "partial"):
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


def grouper_version(report: Report) -> int:
    """Return the number of the grouper's version that the report names in its notes on stays."""
    found = re.search(r"grouper's v(\d+)(?:\.(\d))?", report.notes["stays"])
    return int(found[1]) * 10 + int(found[2] or 0) if found else 0


def stays(
    known: Known,
    found: Iterable[tuple[str, list[str]]],
    report: Report,
    status: Mapping[str, str],
    step: Mapping[str, float],
    excludes: Callable[[str, str], bool],
) -> Iterator[Figure]:
    """Yield the levels of inpatient stays before and after, sole ones and the weight that moves.

    ``excludes`` says whether a principal diagnosis takes a secondary one its status.
    """
    groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
    most: dict[tuple[str, str], tuple[int, str]] = {}
    for key, n in known.scopes.get("inpatient", {}).items():
        expression, own = known.first[key]["expression"], status.get(key, "none")
        if n and expression:
            groups[expression][own] += n
            most[expression, own] = min(most.get((expression, own), (0, "")), (-n, key))
    rank = ["none", "CC", "MCC"]
    counted: Counter[str] = Counter()
    weight = 0.0
    for scope, keys in found:
        if scope != "inpatient":
            continue
        plain = [status.get(key, "none") for key in keys[1:]]
        now = ["none" if excludes(keys[0], key) else own for key, own in zip(keys[1:], plain, strict=True)]
        then = []
        for key, own in zip(keys[1:], plain, strict=True):
            expression = known.first[key]["expression"] if key in known.first else ""
            group = groups.get(expression, Counter({own: 1}))
            usual = min(group, key=lambda s: (-group[s], s))
            taken = key if usual == own else most[expression, usual][1]
            then.append("none" if excludes(keys[0], taken) else usual)
        counted["CC and MCC diagnoses beside a principal one"] += len(plain) - plain.count("none")
        counted["of these, excluded by the principal diagnosis"] += now.count("none") - plain.count("none")
        before, after = (max(each, key=rank.index, default="none") for each in (now, then))
        counted["inpatient stays"] += 1
        counted[f"stays with {before} as highest"] += 1
        counted[f"stays whose {before} is one diagnosis alone"] += before != "none" and now.count(before) == 1
        counted["in all, net"] += before != after
        weight += step[after] - step[before]
    for row in report.rows("stays"):
        if row["what"] in counted:
            yield Figure(row["what"], counted[row["what"]], row["stays"], 0)
        if row["what"] == "in all, net":
            yield Figure("weight of stays, net", weight, row["weight"], 3)


def choice(known: Known, report: Report, icd11: Icd11) -> Iterator[Figure]:
    """Yield entropy, choice within the category and rivals, by scope, and how many codes are ambiguous."""
    rivals = {key: _rivals(rows, icd11) for key, rows in known.targets.items() if rows[0]["stem"]}
    for scope, counts in known.scopes.items():
        total = sum(counts.values())
        bits = near = far = 0.0
        for key, n in counts.items():
            found = rivals.get(key, [])
            bits += n * log2(1 + len(found))
            elsewhere = any(row["stem"][:4] != known.first[key]["stem"][:4] for row in found)
            far += n if elsewhere else 0
            near += n if found and not elsewhere else 0
        (said,) = report.rows("entropy", scope=scope, chapter="all")
        yield Figure(f"{scope}: entropy", bits / total, said["entropy of choice (bits)"], 3)
        yield Figure(f"{scope}: choice in category", near / total, said["choice within the category"])
        yield Figure(f"{scope}: rival elsewhere", far / total, said["rival in another category"])
    several = [key for key in known.scopes[ALL] if rivals.get(key)]
    yield Figure("ambiguous codes", len(several), len(report.rows("ambiguity")), 0)


def _rivals(rows: list[Row], icd11: Icd11) -> list[Row]:
    first = rows[0]
    return [
        row
        for row in rows[1:]
        if (row["confidence"] or 0.0) >= (first["confidence"] or 0.0) / 2
        and row["expression"] != first["expression"]
        and row["stem"] not in icd11.ancestors(first["stem"])
        and first["stem"] not in icd11.ancestors(row["stem"])
    ]


def motifs(known: Known, report: Report, icd11: Icd11, billable: set[str]) -> Iterator[Figure]:
    """Yield the volume of each shape, by level and scope."""
    stems = Counter(row["stem"] for key, row in known.first.items() if key in billable)
    whole = Counter(row["expression"] for key, row in known.first.items() if key in billable)
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for stem, key in icd11.back.items():
        ways[key].add(stem)
    tangled, split = "several to several (convoluted)", "one to several (class to subclass)"
    for level, taken, column in (("stem", stems, "stem"), ("expression", whole, "expression")):
        for scope, counts in known.scopes.items():
            found: Counter[str] = Counter()
            for key, n in counts.items():
                row = known.first[key]
                shared, others = taken[row[column]] > 1, ways[key] - {row["stem"]}
                if not row["stem"]:
                    found["no mapping"] += n
                elif others:
                    found[tangled if shared else split] += n
                elif shared:
                    found["several to one (subclass to class)"] += n
                else:
                    found["one to one, both ways" if ways[key] else "one to one, no way back"] += n
            for row in report.rows("motifs", scope=scope, level=level):
                yield Figure(f"{scope}: {row['motif']} by {level}", found[row["motif"]], row["volume"], 0)


def workload(known: Known, report: Report, icd11: Icd11) -> Iterator[Figure]:
    """Yield the codes that cover most, those of them to practise, the sample and the drawn list."""
    for scope, counts in known.scopes.items():
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        for row in report.rows("workload", scope=scope):
            held, cover = 0, []
            for key, n in ranked:
                if held >= row["level"] * sum(counts.values()):
                    break
                held += n
                cover.append(key)
            hard = [k for k in cover if _hard(known.targets[k], icd11)]
            yield Figure(f"{scope}: codes for {row['level']:.0%}", len(cover), row["codes"], 0)
            yield Figure(f"{scope}: to practise", len(hard), row["of them for dual coding"], 0)
            if scope == ALL and row["level"] == 0.95:
                yield Figure("training list", len(hard), len(report.rows("training")), 0)
    total = sum(known.scopes[ALL].values())
    p = round(
        sum(n for k, n in known.scopes[ALL].items() if known.first[k]["representation"] in FULL) / total, 4
    )
    for row in report.rows("sample"):
        size = -(-Z * Z * p * (1 - p) // (row["precision (points)"] / 100) ** 2)
        yield Figure(
            f"sample for {row['precision (points)']} points", size, row["diagnoses, design effect 1"], 0
        )
    drawn = sum(row["diagnoses to draw"] for row in report.rows("worklist"))
    (three,) = [row for row in report.rows("sample") if round(row["precision (points)"]) == 3]
    yield Figure("drawn list", min(total, three["diagnoses, design effect 1"]), drawn, 0)


def _hard(rows: list[Row], icd11: Icd11) -> bool:
    return rows[0]["representation"] != "full" or bool(_rivals(rows, icd11))


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


def payment(
    known: Known,
    report: Report,
    scheme: str,
    status: Mapping[str, str],
    worth: Mapping[str, float],
    scopes: Iterable[str],
    billable: set[str],
) -> Iterator[Figure]:
    """Yield what a scheme no longer tells apart: diagnoses at stake, weight gross and net, lost among all."""
    for scope in scopes:
        counts = {key: n for key, n in known.scopes[scope].items() if n and known.first[key]["expression"]}
        worths: defaultdict[str, set[Any]] = defaultdict(set)
        for key in billable | counts.keys():
            own = status.get(key, "none")
            worths[known.first.get(key, {}).get("expression") or ""].add(worth.get(own, own))
        among = sum(n for key, n in counts.items() if len(worths[str(known.first[key]["expression"])]) > 1)
        groups: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for key, n in known.scopes[scope].items():
            if n and known.first[key]["expression"]:
                groups[known.first[key]["expression"]][status.get(key, "none")] += n
        stake = gross = net = 0.0
        for found in groups.values():
            if len({worth.get(s, s) for s in found}) < 2:
                continue
            usual = min(found, key=lambda s: (-found[s], s))
            typical = worth.get(usual, 0.0)
            stake += sum(n for s, n in found.items() if worth.get(s, s) != worth.get(usual, usual))
            gross += sum(n * abs(worth.get(s, 0.0) - typical) for s, n in found.items())
            net += sum(n * (typical - worth.get(s, 0.0)) for s, n in found.items())
        for row in report.rows("payment", scheme=scheme, scope=scope, outcome="split lost"):
            yield Figure(f"{scheme}, {scope}: at stake", stake, row["volume at stake"], 0)
            yield Figure(f"{scheme}, {scope}: gross", gross, row["weight at stake, gross"], 1)
            yield Figure(f"{scheme}, {scope}: net", net, row["weight, net"], 1)
            yield Figure(f"{scheme}, {scope}: lost among all codes", among, row["volume, among all codes"], 0)


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
