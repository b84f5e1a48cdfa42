"""Shares counted again: what is kept and lost, by scope, chapter, category and setting, and every code."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from math import sqrt

from bench.recount.figures import FULL, Figure, Known, Report, Z, lost, ranged, said_with_encounter
from bench.recount.ranges import Errors
from bench.recount.raw import ALL, Row, Volumes

_SIZES = ("one", "two", "three", "four or more")
_MOST = 6
"""Members of the longest expression that was coded by hand."""


def accounted(volumes: Volumes, report: Report) -> Iterator[Figure]:
    """Yield that the states sum to the input."""
    for scope, counts in volumes.items():
        rows = report.rows("accounted", scope=scope)
        if not rows:
            continue
        states = sum(r["volume"] for r in rows if r["state"] != "total")
        whole = sum(counts.values())
        yield Figure(f"{scope}: input", whole, states, 0)
        for row in rows:
            name = f"{scope}: {row['state']} share"
            yield Figure(name, row["volume"] / whole if whole else 0.0, row["share"])


def kept(known: Known, report: Report, errors: Errors) -> Iterator[Figure]:
    """Yield representation and kept shares with their ranges, by scope, and losses."""
    for scope, counts in known.scopes.items():
        total = sum(counts.values())
        by_kind: Counter[str] = Counter()
        codes: Counter[str] = Counter()
        facets: Counter[str] = Counter()
        lossy: Counter[str] = Counter()
        spoken_of: Counter[str] = Counter()
        for key, n in counts.items():
            row = known.first[key]
            by_kind[row["representation"]] += n
            codes[row["representation"]] += 1
            spoken_of[said_with_encounter(row)] += n
            for facet in {f.split("=", 1)[0] for f in lost(row)}:
                facets[facet] += n
                lossy[facet] += 1
        kinds = judged(known, counts)
        each = judged(known, dict.fromkeys(counts, 1))
        for row in report.rows("representation", scope=scope):
            kind = row["representation"]
            name = f"{scope}: {kind}"
            yield Figure(name, by_kind[kind], row["volume"], 0)
            yield Figure(f"{name}, codes", codes[kind], row["codes"], 0)
            yield Figure(f"{name}, encounter", spoken_of[kind] / total, row["share with encounter codes"])
            yield from ranged(name, row, "share of volume", by_kind[kind] / total, _rep(errors, kinds, kind))
            yield from ranged(
                f"{name}, codes", row, "share of codes", codes[kind] / len(counts), _rep(errors, each, kind)
            )
        (said,) = report.rows("kept", scope=scope)
        whole = sum(by_kind[k] for k in FULL) / total
        yield from ranged(f"{scope}: kept", said, "kept share", whole, _kept(errors, kinds), "kept")
        yield Figure(
            f"{scope}: with encounter",
            sum(spoken_of[k] for k in FULL) / total,
            said["kept with encounter codes"],
        )
        rows = report.rows("losses", scope=scope)
        yield Figure(f"{scope}: facets", len(facets), len(rows), 0)
        for row in rows:
            name, gone = f"{scope}: lost {row['facet']}", facets[row["facet"]]
            yield Figure(name, gone, row["volume"], 0)
            yield Figure(f"{name}, codes", lossy[row["facet"]], row["codes"], 0)
            ends = errors.share(f"loses {row['facet']}", {"yes": gone, "no": total - gone}, total)
            yield from ranged(name, row, "share of volume", gone / total, ends)


def judged(known: Known, counts: Mapping[str, int]) -> Counter[str]:
    """Return a volume by the kind of judgement: partial codes that lose their encounter are one."""
    found: Counter[str] = Counter()
    for key, n in counts.items():
        row = known.first[key]
        encounter = any(facet.startswith("encounter=") for facet in lost(row))
        found["partial-encounter" if encounter else str(row["representation"])] += n
    return found


def _rep(errors: Errors, kinds: Mapping[str, float], wanted: str) -> list[float]:
    return errors.share("representation", kinds, sum(kinds.values()) or 1, (wanted,))


def _kept(errors: Errors, kinds: Mapping[str, float]) -> list[float]:
    placed = {kind: n for kind, n in kinds.items() if kind != "none"}
    return errors.share("representation", placed, sum(kinds.values()) or 1, FULL)


def parts(known: Known, report: Report, chapters: Mapping[str, str], errors: Errors) -> Iterator[Figure]:
    """Yield how many rows of chapters and of categories are not what is counted, by scope."""
    for scope, counts in known.scopes.items():
        for name in ("chapter", "category"):
            members: defaultdict[str, dict[str, int]] = defaultdict(dict)
            for key, n in counts.items():
                members[chapters.get(key[:3], "") if name == "chapter" else key[:3]][key] = n
            rows = report.rows(f"representation_by_{name}", scope=scope)
            wrong = sum(not _part_is(known, members[row[name]], row, errors) for row in rows)
            held = sum(any(part.values()) for part in members.values())
            yield Figure(f"{scope}: {name} rows", held, len(rows), 0)
            yield Figure(f"{scope}: {name} rows that differ", wrong, 0, 0)


def _part_is(known: Known, counts: Mapping[str, int], row: Row, errors: Errors) -> bool:
    """Whether a chapter's row is what its codes say: volume, each representation, what is kept, ranges."""
    total = sum(counts.values())
    kinds = judged(known, counts)
    held: Counter[str] = Counter()
    for key, n in counts.items():
        held[known.first[key]["representation"]] += n
    whole = sum(held[kind] for kind in FULL)
    encounter = sum(n for key, n in counts.items() if said_with_encounter(known.first[key]) in FULL)
    found = [
        Figure("", total, row["volume"], 0),
        Figure("", total - whole, row["volume not kept"], 0),
        *ranged("", row, "kept share", whole / total, _kept(errors, kinds), "kept"),
        Figure("", encounter / total, row["kept with encounter codes"]),
    ]
    for kind in (*FULL, "partial", "none"):
        share = held[kind] / total
        found += ranged("", row, f"{kind} share", share, _rep(errors, kinds, kind), kind)
    return all(figure.same for figure in found)


def settings(known: Known, report: Report, errors: Errors) -> Iterator[Figure]:
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
        first, second = judged(known, one), judged(known, other)
        low = high = 0.0
        for kind in {*first, *second} - {"none"}:
            more = first[kind] / sums[0] - second[kind] / sums[1]
            moved = [100 * more * end for end in errors.rate("representation", kind, FULL)]
            low, high = low + min(moved), high + max(moved)
        yield from ranged(
            name, row, "difference (points)", 100 * (p - q), [low, high], "difference", places=2
        )
        yield Figure(f"{name}, low", 100 * (p - q - spread), row["low"], 2)
        yield Figure(f"{name}, high", 100 * (p - q + spread), row["high"], 2)
        few = any(sum(c.values()) ** 2 < 10 * sum(n * n for n in c.values()) for c in (one, other))
        yield Figure(f"{name}, too few", few, row["differs"] == "too few codes", 0)
        apart = not few and abs(p - q) > spread and (low > 0 or high < 0)
        yield Figure(f"{name}, differs", apart, row["differs"] == "yes", 0)


def lengths(known: Known, report: Report, errors: Errors) -> Iterator[Figure]:
    """Yield field lengths and the codes to enter, by scope."""
    for scope, counts in known.scopes.items():
        texts = [(known.first[key]["expression"], n) for key, n in counts.items()]
        placed = [(text, n) for text, n in texts if text]
        total, all_volume = sum(n for _, n in placed), sum(counts.values())
        for row in report.rows("lengths", scope=scope):
            what = row["what"]
            if what.startswith("longer"):
                width = int(what.split()[2])
                found = sum(n for text, n in placed if len(text) > width)
            else:
                found = sum(n for text, n in placed if ("/" if "stem" in what else "&") in text)
            yield Figure(f"{scope}: {what}", found, row["volume"], 0)
            ends = errors.share(what, {"yes": found, "no": total - found}, total)
            yield from ranged(f"{scope}: {what}", row, "share of volume", found / total, ends)
        (said,) = report.rows("clusters", scope=scope)
        yield Figure(f"{scope}: without an expression", 1 - total / all_volume, said["none"])
        sizes: Counter[int] = Counter()
        for text, n in placed:
            sizes[1 + text.count("&") + text.count("/")] += n
        claimed: Counter[str] = Counter()
        for size, n in sizes.items():
            claimed[_SIZES[min(size, 4) - 1]] += n
        for at, word in enumerate(_SIZES, 1):
            true = [str(n) for n in range(at, _MOST + 1 if at == len(_SIZES) else at + 1)]
            ends = errors.share("codes to enter", claimed, all_volume, true)
            yield from ranged(f"{scope}: {word} to enter", said, word, claimed[word] / all_volume, ends)
        above = [
            errors.share("codes to enter", claimed, total, [str(n) for n in range(least, _MOST + 1)])
            for least in range(2, _MOST + 1)
        ]
        mean = sum(size * n for size, n in sizes.items()) / total
        ends = [1 + sum(both[end] for both in above) for end in (0, 1)]
        name = "ICD-11 codes per diagnosis"
        yield from ranged(f"{scope}: codes to enter", said, name, mean, ends, places=3)


def queries(known: Known, report: Report, errors: Errors) -> Iterator[Figure]:
    """Yield that the total of queries is the sum of its codes and that prompts sum to it, of known codes."""
    claim = "leaves open what ICD-11 tells apart"
    for scope, counts in known.scopes.items():
        rows = report.rows("documentation", scope=scope)
        asked = [row for row in rows if row["code"] != "total"]
        volume = sum(counts[row["code"].replace(".", "")] for row in asked)
        all_volume = sum(counts.values())
        (total,) = [row for row in rows if row["code"] == "total"]
        yield Figure(f"{scope}: queries", volume, total["volume"], 0)
        clinical = sum(n for key, n in counts.items() if key[0] not in "VWXYZ")
        ends = errors.share(claim, {"yes": volume, "no": clinical - volume}, all_volume)
        yield from ranged(f"{scope}: queries", total, "share of volume", volume / all_volume, ends)
        prompts = sum(row["volume"] for row in report.rows("prompts"))
        if scope == ALL and not report.has("department"):
            yield Figure("prompts", volume, prompts, 0)


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
