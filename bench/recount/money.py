"""Payment counted again: what no longer tells diagnoses apart, and the levels of stays."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from bench.recount.figures import Figure, Known, Report

_LOST, _APART = "split lost", "split survives only through postcoordination"


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
    for key, n in known.settings.get("inpatient", {}).items():
        expression, own = known.first[key]["expression"], status.get(key, "none")
        if n and expression:
            groups[expression][own] += n
            most[expression, own] = min(most.get((expression, own), (0, "")), (-n, key))
    rank = ["none", "CC", "MCC"]
    counted: Counter[str] = Counter()
    sole: Counter[str] = Counter()
    weight = gross = 0.0
    for scope, keys in found:
        if scope != "inpatient":
            continue
        plain = [status.get(key, "none") for key in keys[1:]]
        now = ["none" if excludes(keys[0], key) else own for key, own in zip(keys[1:], plain, strict=True)]
        then, then_listed = [], []
        for key, own in zip(keys[1:], plain, strict=True):
            expression = known.first[key]["expression"] if key in known.first else ""
            group = groups.get(expression, Counter({own: 1}))
            usual = min(group, key=lambda s: (-group[s], s))
            taken = key if usual == own else most[expression, usual][1]
            then.append("none" if excludes(keys[0], taken) else usual)
            then_listed.append(usual)
        counted["CC and MCC diagnoses beside a principal one"] += len(plain) - plain.count("none")
        counted["of these, excluded by the principal diagnosis"] += now.count("none") - plain.count("none")
        before, after = (max(each, key=rank.index, default="none") for each in (now, then))
        counted["inpatient stays"] += 1
        counted[f"stays with {before} as highest"] += 1
        counted[f"stays whose {before} is one diagnosis alone"] += before != "none" and now.count(before) == 1
        counted["in all, net"] += before != after
        weight += step[after] - step[before]
        if before != after:
            counted[f"level {before} to {after}"] += 1
            gross += abs(step[after] - step[before])
        alone = [at for at, own in enumerate(now) if own == before and before != "none"]
        if len(alone) == 1 and then_listed[alone[0]] != before:
            counted["of these, the code is no longer told from others"] += 1
            sole[keys[1:][alone[0]]] += 1
    for row in report.rows("sole"):
        yield Figure(f"{row['code']} alone", sole[row["code"].replace(".", "")], row["stays"], 0)
    for row in report.rows("stays"):
        if row["what"] == "in all, gross":
            yield Figure("weight of stays, gross", gross, row["weight"], 3)
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
    """Yield what a scheme no longer tells apart, and by extension codes alone: groups, diagnoses, weight.

    The pairs of statuses and the listed groups are held to the same groups.
    """
    for scope in scopes:
        counts = {key: n for key, n in known.settings[scope].items() if n and known.first[key]["expression"]}
        whole = sum(known.settings[scope].values())
        lost, apart = _groups_of(known, counts, status, worth)
        among = _among(known, counts, status, worth, billable)
        for outcome, groups in ((_LOST, lost), (_APART, apart)):
            where = {"scheme": scheme, "scope": scope, "outcome": outcome}
            found = [_Stake.of(group, status, worth) for group in groups]
            for row in report.rows("payment", **where):
                name = f"{scheme}, {scope}, {outcome}"
                yield Figure(f"{name}: groups", len(groups), row["groups"], 0)
                yield Figure(f"{name}: codes", sum(map(len, groups)), row["codes"], 0)
                yield Figure(f"{name}: volume", sum(sum(g.values()) for g in groups), row["volume"], 0)
                stake = sum(each.volume for each in found)
                yield Figure(f"{name}: at stake", stake, row["volume at stake"], 0)
                yield Figure(f"{name}: share", stake / whole, row["share at stake"])
                yield Figure(f"{name}: gross", sum(x.gross for x in found), row["weight at stake, gross"], 1)
                yield Figure(f"{name}: net", sum(x.net for x in found), row["weight, net"], 1)
                codes = among[outcome]
                yield Figure(f"{name}: codes among all", len(codes), row["codes, among all codes"], 0)
                wider = sum(counts[key] for key in codes)
                yield Figure(f"{name}: lost among all codes", wider, row["volume, among all codes"], 0)
            listed = report.rows("collisions", **where)
            yield Figure(f"{scheme}, {scope}, {outcome}: listed", len(groups), len(listed), 0)
            same = Counter((sum(g.values()), x.volume) for g, x in zip(groups, found, strict=True))
            told = Counter((row["volume"], row["volume at stake"]) for row in listed)
            differs = (same - told).total()
            yield Figure(f"{scheme}, {scope}, {outcome}: listed that differ", differs, 0, 0)
            pairs: Counter[tuple[str, str]] = Counter()
            for group, each in zip(groups, found, strict=True):
                for key, n in group.items():
                    own = status.get(key, "none")
                    if worth.get(own, own) != worth.get(each.usual, each.usual):
                        pairs[own, each.usual] += n
            rows = report.rows("payment_pairs", **where)
            told_pairs = Counter({(r["status of the code"], r["usual status"]): r["volume"] for r in rows})
            wrong = sum(pairs[pair] != told_pairs[pair] for pair in {*pairs, *told_pairs})
            yield Figure(f"{scheme}, {scope}, {outcome}: pairs that differ", wrong, 0, 0)
            change = sum(n * (worth[usual] - worth[own]) for (own, usual), n in pairs.items())
            yield Figure(
                f"{scheme}, {scope}, {outcome}: change of pairs",
                change,
                sum(row["change, all"] for row in rows),
                -1,
            )


def families(
    known: Known,
    report: Report,
    status: Mapping[str, str],
    worth: Mapping[str, float],
    kinds: Mapping[str, Mapping[str, float]],
) -> Iterator[Figure]:
    """Yield the gross weight by the steps of medical (``MED``) and of surgical families (``SURG``)."""
    names = {"MED": "gross, medical families", "SURG": "gross, surgical families"}
    counts = {
        k: n for k, n in known.settings.get("inpatient", {}).items() if n and known.first[k]["expression"]
    }
    for outcome, groups in zip((_LOST, _APART), _groups_of(known, counts, status, worth), strict=True):
        for row in report.rows("payment", scheme="MS-DRG", outcome=outcome):
            for kind, name in names.items():
                gross = sum(_Stake.of(group, status, kinds[kind]).gross for group in groups)
                yield Figure(f"MS-DRG, {outcome}: {name}", gross, row[name], 1)


class _Stake(NamedTuple):
    """What a group stakes: volume, weight gross and net, and the status most of it has."""

    usual: str
    volume: int
    gross: float
    net: float

    @classmethod
    def of(cls, group: Mapping[str, int], status: Mapping[str, str], worth: Mapping[str, float]) -> _Stake:
        held: Counter[str] = Counter()
        for key, n in group.items():
            held[status.get(key, "none")] += n
        usual = min(held, key=lambda s: (-held[s], s))
        typical = worth.get(usual, 0.0)
        volume = sum(n for s, n in held.items() if worth.get(s, s) != worth.get(usual, usual))
        gross = sum(n * abs(worth.get(s, 0.0) - typical) for s, n in held.items())
        return cls(usual, volume, gross, sum(n * (typical - worth.get(s, 0.0)) for s, n in held.items()))


def _stem(expression: str) -> str:
    return re.split("[/&]", expression)[0]


def _groups_of(
    known: Known, counts: Mapping[str, int], status: Mapping[str, str], worth: Mapping[str, float]
) -> tuple[list[dict[str, int]], list[dict[str, int]]]:
    """Return the codes of one expression with several worths, and of the rest those of one stem."""

    def several(group: Iterable[str]) -> bool:
        return len({worth.get(s, s) for s in (status.get(key, "none") for key in group)}) > 1

    by_expression: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for key, n in counts.items():
        by_expression[known.first[key]["expression"]][key] = n
    lost = [group for group in by_expression.values() if several(group)]
    by_stem: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for expression, group in by_expression.items():
        if not several(group):
            by_stem[_stem(expression)] |= group
    return lost, [group for group in by_stem.values() if several(group)]


def _among(
    known: Known,
    counts: Mapping[str, int],
    status: Mapping[str, str],
    worth: Mapping[str, float],
    billable: set[str],
) -> dict[str, list[str]]:
    """Return the codes of a file that share expression, or else stem, with any code of another worth."""
    worths: defaultdict[str, set[Any]] = defaultdict(set)
    for key in billable | counts.keys():
        own = status.get(key, "none")
        expression = known.first.get(key, {}).get("expression")
        if expression:
            worths[expression].add(worth.get(own, own))
    stems: defaultdict[str, set[Any]] = defaultdict(set)
    for expression, held in worths.items():
        if len(held) == 1:
            stems[_stem(expression)] |= held
    found: dict[str, list[str]] = {_LOST: [], _APART: []}
    for key in counts:
        expression = known.first[key]["expression"]
        if len(worths[expression]) > 1:
            found[_LOST].append(key)
        elif len(stems[_stem(expression)]) > 1:
            found[_APART].append(key)
    return found
