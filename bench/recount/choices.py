"""Choice, shapes of the mapping and workload, counted again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from math import log2

from bench.recount.figures import FULL, Figure, Known, Report, Z
from bench.recount.raw import ALL, Icd11, Row


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
