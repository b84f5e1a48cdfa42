"""Payers' lists, payers and departments, and the codes not in use, counted again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from re import findall

from bench.recount.figures import FULL, Figure, Known, Report
from bench.recount.raw import ALL, Groups, Lives, Volumes

BEGAN = date(2015, 10, 1)
"""The first day of ICD-10-CM; no table says which headings there were before."""
_TOLD = (("valid", ("valid",)), ("out of use", ("not billable", "not in use")), ("unknown", ("unknown",)))
_TOLD_APART = tuple((state, (state,)) for state in ("valid", "not billable", "not in use", "unknown"))


def _states_in(known: Known, lives: Lives, first: date, last: date) -> Callable[[str], str]:
    """Return what says what a code is in some days; a heading is one of which a longer code is valid."""
    valid = {key for key, spans in lives.items() if any(a <= last and first <= b for a, b in spans)}
    above = {key[:end] for key in valid for end in range(3, len(key))}

    def state(key: str) -> str:
        if key not in known.targets:
            return "unknown"
        return "valid" if key in valid else "not billable" if key in above else "not in use"

    return state


def states_by_day(
    known: Known, records: list[tuple[str, list[str]]], days: list[date], report: Report, lives: Lives
) -> Iterator[Figure]:
    """Yield volume by state of claims, each judged by its own day, and what is listed as out of use."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    on = {day: _states_in(known, lives, day, day) for day in set(days)}
    for (scope, keys), day in zip(records, days, strict=True):
        for key in keys:
            state = on[day](key)
            found[ALL][state] += 1
            found[scope][state] += 1
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in report.rows("accounted"):
        if row["state"] != "total":
            told[row["scope"]][row["state"]] += row["volume"]
    listed: Counter[str] = Counter()
    for row in report.rows("rejected"):
        listed[row["state"].removesuffix(" on the day of its row")] += row["volume"]
    told["listed"], found["listed"] = listed, Counter({k: n for k, n in found[ALL].items() if k != "valid"})
    for scope, volume in told.items():
        for named, states_of in _TOLD_APART if min(days) >= BEGAN else _TOLD:
            counted, reported = (sum(each[s] for s in states_of) for each in (found[scope], volume))
            yield Figure(f"{scope}: {named}, by day", counted, reported, 0)


def states(known: Known, volumes: Volumes, report: Report, lives: Lives) -> Iterator[Figure]:
    """Yield codes and volume by state, by the days on which Medicare's code editor has a code as valid."""
    state = _states_in(known, lives, *_days(report.release))
    for scope, counts in volumes.items():
        found: dict[str, Counter[str]] = defaultdict(Counter)
        for key, n in counts.items():
            found[state(key)].update(volume=n, codes=1)
        for row in report.rows("accounted", scope=scope):
            if row["state"] != "total":
                for what in ("volume", "codes"):
                    counted = found[row["state"]][what]
                    yield Figure(f"{scope}: {row['state']}, {what}", counted, row[what], 0)
    odd = {key: n for key, n in volumes[ALL].items() if state(key) != "valid"}
    rows = report.rows("rejected")
    wrong = sum(
        (odd.get(key), state(key)) != (row["volume"], row["state"])
        for key, row in ((row["code"].replace(".", ""), row) for row in rows)
    )
    yield Figure("codes not in the release", min(len(odd), 10_000), len(rows), 0)
    yield Figure("codes not in the release that differ", wrong, 0, 0)


def _days(release: str) -> tuple[date, date]:
    """Return the first and last day that a release's name says: days, years, or its own fiscal year."""
    days = [date.fromisoformat(day) for day in findall(r"\d{4}-\d\d-\d\d", release)]
    if days:
        return days[0], days[-1]
    years = [int(year) for year in findall(r"\d{4}", release)]
    if len(years) > 1:
        return date(years[1], 1, 1), date(years[-1], 12, 31)
    return date(years[0] - 1, 10, 1), date(years[0], 9, 30)


def payers(
    known: Known, report: Report, kind: str, sets: Mapping[str, set[str]], scope: str, billable: set[str]
) -> Iterator[Figure]:
    """Yield how many lists of a kind are told, and in how many codes and diagnoses, by list and in all."""
    counts = known.scopes.get(scope, known.scopes[ALL])
    every = {key: known.first[key]["expression"] or "" for key in billable if key in known.first}
    sharing: defaultdict[str, set[str]] = defaultdict(set)
    stems: defaultdict[str, set[str]] = defaultdict(set)
    for key, expression in every.items():
        if expression:
            sharing[expression].add(key)
            stems[_stems(expression)].add(key)
    told = {}
    for name, keys in sets.items():
        own = told[name] = Counter(codes=len(keys))
        for key in keys:
            expression = known.first[key]["expression"] if key in known.first else ""
            outside = sharing[expression] - keys, stems[_stems(expression or "")] - keys
            outcome = _told(expression, *outside)
            own["volume"] += counts.get(key, 0)
            own[f"codes {outcome}"] += 1
            own[f"volume {outcome}"] += counts.get(key, 0)
    total = sum(told.values(), Counter[str]())
    total["lists"] = len(told)
    total.update("not told" if own["codes not told"] else _best(own) for own in told.values())
    for row in report.rows("payer_lists", kind=kind):
        for column, value in row.items():
            if column not in ("kind", "weight at stake"):
                yield Figure(f"{kind}: {column}", total[column], value, 0)
    for row in report.rows("payer_sets", kind=kind):
        named = told[row["list"]]
        wrong = sum(named[column] != row[column] for column in row if column in total)
        yield Figure(f"{kind} {row['list']}: cells that differ", wrong, 0, 0)


def _told(expression: str | None, same: set[str], same_stems: set[str]) -> str:
    if not expression:
        return "without ICD-11"
    return "not told" if same else "only with extension codes" if same_stems else "by stems"


def _best(own: Counter[str]) -> str:
    return "told only with extension codes" if own["codes only with extension codes"] else "told by stems"


def _stems(expression: str) -> str:
    return "/".join(part.split("&")[0] for part in expression.split("/"))


def groups(known: Known, report: Report, found: Groups) -> Iterator[Figure]:
    """Yield volume, charges and what is kept of each payer and department."""
    for row in report.rows("groups"):
        if row["by"] == "all":
            continue
        held = found[row["by"], row["name"]]
        volume, cents = (Counter[str](), Counter[str]())
        for key, (n, charge) in held.items():
            kind = known.first[key]["representation"] if key in known.first else "unknown"
            volume[kind] += n
            cents[kind] += charge
        name, placed = f"{row['by']} {row['name']}", volume.total() - volume["unknown"]
        yield Figure(f"{name}: codes", len(held), row["codes"], 0)
        yield Figure(f"{name}: volume", volume.total(), row["volume"], 0)
        for kind in (*FULL, "partial", "none"):
            share = volume[kind] / placed if placed else 0.0
            yield Figure(f"{name}: {kind}", share, row[f"{kind} share"])
        if cents.total():
            yield Figure(f"{name}: charges", cents.total() / 100, row["charges"], 2)
            charged = cents.total() - cents["unknown"]
            full = sum(cents[kind] for kind in FULL) / charged if charged else 0.0
            yield Figure(f"{name}: charges in full", full, row["charges fully represented"])
