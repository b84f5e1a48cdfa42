"""Choice, shapes of the mapping and workload, counted again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from math import log2

from bench.recount.figures import FULL, Figure, Known, Report, Z, ranged
from bench.recount.ranges import Errors
from bench.recount.raw import ALL, Icd11, Row

_NONE, _NEAR, _FAR = "no other", "within the category", "in another category"


def choice(
    known: Known, report: Report, icd11: Icd11, chapters: Mapping[str, str], errors: Errors
) -> Iterator[Figure]:
    """Yield entropy, choice within the category and rivals, by scope and chapter, and the ambiguous codes."""
    rivals = {key: _rivals(rows, icd11) for key, rows in known.targets.items() if rows[0]["stem"]}
    for scope, counts in known.scopes.items():
        for row in report.rows("entropy", scope=scope):
            bits, volume = 0.0, Counter({_NONE: 0, _NEAR: 0, _FAR: 0})
            for key, n in counts.items():
                if row["chapter"] in ("all", chapters.get(key[:3], "none")):
                    found = rivals.get(key, [])
                    elsewhere = any(each["stem"][:4] != known.first[key]["stem"][:4] for each in found)
                    bits += n * log2(1 + len(found))
                    volume[_FAR if elsewhere else _NEAR if found else _NONE] += n
            total, name = volume.total(), f"{scope}, chapter {row['chapter']}"
            yield Figure(f"{name}: entropy", bits / total, row["entropy of choice (bits)"], 3)
            for which, column in ((_NEAR, "choice within the category"), (_FAR, "rival in another category")):
                ends = errors.share("choice", volume, total, (which,))
                yield from ranged(f"{name}: {column}", row, column, volume[which] / total, ends)
    rows = {row["code"].replace(".", ""): row for row in report.rows("ambiguity")}
    several = [key for key in known.scopes[ALL] if rivals.get(key)]
    yield Figure("ambiguous codes", len(several), len(rows), 0)
    wrong = sum(key not in rows or rows[key]["defensible targets"] != 1 + len(rivals[key]) for key in several)
    yield Figure("ambiguous codes that differ", wrong, 0, 0)


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
            codes: Counter[str] = Counter()
            for key, n in counts.items():
                row = known.first[key]
                shared, others = taken[row[column]] > 1, ways[key] - {row["stem"]}
                if not row["stem"]:
                    motif = "no mapping"
                elif others:
                    motif = tangled if shared else split
                elif shared:
                    motif = "several to one (subclass to class)"
                else:
                    motif = "one to one, both ways" if ways[key] else "one to one, no way back"
                found[motif] += n
                codes[motif] += 1
            for row in report.rows("motifs", scope=scope, level=level):
                name = f"{scope}: {row['motif']} by {level}"
                yield Figure(name, found[row["motif"]], row["volume"], 0)
                yield Figure(f"{name}, codes", codes[row["motif"]], row["codes"], 0)
                yield Figure(
                    f"{name}, share", found[row["motif"]] / sum(counts.values()), row["share of volume"]
                )


def convoluted(known: Known, report: Report, icd11: Icd11, billable: set[str]) -> Iterator[Figure]:
    """Yield that the convoluted groups are the parts of the graph of tangled codes and their stems."""
    taken = Counter(row["stem"] for key, row in known.first.items() if key in billable)
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for stem, key in icd11.back.items():
        ways[key].add(stem)
    counts = {key: n for key, n in known.scopes[ALL].items() if n and known.first[key]["stem"]}
    stems = {key: ways[key] | {known.first[key]["stem"]} for key in counts}
    tangled = {key for key in counts if len(stems[key]) > 1 and taken[known.first[key]["stem"]] > 1}
    part_of: dict[str, set[str]] = {}
    for key in tangled:
        whole = set(stems[key]).union(*(part_of.get(stem, ()) for stem in stems[key]))
        part_of |= dict.fromkeys(whole, whole)
    parts_found = {id(part): part for part in part_of.values()}.values()
    rows = [
        (
            sum(counts[key] for key in tangled if stems[key] <= part),
            sum(bool(stems[key] & part) for key in counts),
            len(part),
        )
        for part in parts_found
    ]
    found = sorted((row for row in rows if row[1] > 1), reverse=True)
    told = [(row["volume"], row["codes"], row["stems"]) for row in report.rows("convoluted")]
    yield Figure("convoluted groups", min(len(found), 200), len(told), 0)
    yield Figure("convoluted groups that differ", (Counter(told) - Counter(found)).total(), 0, 0)


def workload(known: Known, report: Report, icd11: Icd11, errors: Errors) -> Iterator[Figure]:
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
            name = f"{scope}: codes for {row['level']:.0%}"
            yield Figure(name, len(cover), row["codes"], 0)
            yield Figure(f"{name}, volume", held, row["volume"], 0)
            yield Figure(f"{name}, to practise", len(hard), row["of them for dual coding"], 0)
            part = sum(counts[k] for k in hard)
            ends = errors.share("not one for one", {"yes": part, "no": held - part}, held)
            yield from ranged(f"{name}, to practise", row, "dual-coding share", part / held, ends)
            if scope == ALL and row["level"] == 0.95:
                listed = [row["code"].replace(".", "") for row in report.rows("training")]
                yield Figure("training list", len(hard), len(listed), 0)
                yield Figure("training list, places that differ", _apart(hard, listed), 0, 0)


def sample(known: Known, report: Report) -> Iterator[Figure]:
    """Yield the sizes of samples, and what is drawn of each code."""
    counts = known.scopes[ALL]
    total = sum(counts.values())
    p = round(sum(n for k, n in counts.items() if known.first[k]["representation"] in FULL) / total, 4)
    for row in report.rows("sample"):
        points = row["precision (points)"]
        for effect in ("1", "1.5", "2"):
            size = -(-float(effect) * Z * Z * p * (1 - p) // (points / 100) ** 2)
            column = f"diagnoses, design effect {effect}"
            yield Figure(f"sample for {points} points, {effect}", size, row[column], 0)
    size = min(total, int(-(-Z * Z * p * (1 - p) // 0.03**2)))
    rows = {row["code"].replace(".", ""): row["diagnoses to draw"] for row in report.rows("worklist")}
    yield Figure("drawn list", size, sum(rows.values()), 0)
    places = [int((i + 0.5) * total / size) for i in range(size)]
    wrong, begin = 0, 0
    for key in sorted(key for key, n in counts.items() if n):
        end = begin + counts[key]
        wrong += sum(begin <= place < end for place in places) != rows.get(key, 0)
        begin = end
    yield Figure("drawn list, codes that differ", wrong, 0, 0)


def _apart(one: Sequence[str], other: Sequence[str]) -> int:
    return sum(a != b for a, b in zip_longest(one, other))


def _hard(rows: list[Row], icd11: Icd11) -> bool:
    return rows[0]["representation"] != "full" or bool(_rivals(rows, icd11))
