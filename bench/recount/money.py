"""Payment counted again: what no longer tells diagnoses apart, and the levels of stays."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from bench.recount.figures import Figure, Known, Report


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
