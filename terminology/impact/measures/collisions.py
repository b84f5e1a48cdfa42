"""Codes of different payment status that fall together in ICD-11."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from terminology.impact.coded import Coded, Facility, Weights, mapped

Worth = Mapping[str, float]
"""What a status adds: relative weight of a DRG, or an HCC's coefficient."""
NONE = "none"
LOST, KEPT = "split lost", "split survives only through postcoordination"


@dataclass(frozen=True, slots=True)
class Collision:
    """Codes of different status whose recommended expressions share a stem.

    ``outcome`` is :data:`LOST` when even the whole expression is the same. ``at_stake`` is the volume that
    is not worth what the most frequent status (``usual``) of the group is: what a payer would misplace if all
    were paid alike. Statuses that are worth the same stake nothing.
    """

    target: str
    outcome: str
    codes: tuple[tuple[Coded, str, int], ...]
    volume: int
    at_stake: int
    usual: str


def collisions(
    facility: Facility, weights: Weights, status: Mapping[str, str], worth: Worth | None = None
) -> list[Collision]:
    """Return the collisions among reported codes, most volume at stake first.

    ``worth`` is what a status adds, by status; statuses of one worth are one, so that HCC 37 and 38, which
    have the same coefficient, do not collide. A status it does not name is like no other.
    A group with the same whole expression is one collision; what remains of a stem, expression by expression,
    is a second one when its expressions differ in status.
    """
    by_stem: defaultdict[str, defaultdict[str, list[tuple[Coded, str, int]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for coded, count in mapped(facility, weights):
        if coded.first is not None and count:
            row = (coded, status.get(coded.key, NONE), count)
            by_stem[coded.first.stem][coded.first.expression].append(row)
    values = worth or {}
    found: list[Collision] = []
    for stem, expressions in by_stem.items():
        apart: list[tuple[Coded, str, int]] = []
        for expression, rows in expressions.items():
            if len({values.get(s, s) for _, s, _ in rows}) > 1:
                found.append(_collision(expression, LOST, rows, values))
            else:
                apart += rows
        if len({values.get(s, s) for _, s, _ in apart}) > 1:
            found.append(_collision(stem, KEPT, apart, values))
    return sorted(found, key=lambda c: (-c.at_stake, c.target))


def weight_at_stake(collision: Collision, worth: Worth) -> float:
    """Return what stands between each code's status and the group's usual one, summed over volume: gross.

    An upper bound: one status moves a DRG once per stay, one category a score once a year.
    """
    usual = worth.get(collision.usual, 0.0)
    return sum(n * abs(worth.get(s, 0.0) - usual) for _, s, n in collision.codes)


def net_weight(collision: Collision, worth: Worth) -> float:
    """Return what is gained (above 0) or lost if all of a group were paid as its usual status: net."""
    usual = worth.get(collision.usual, 0.0)
    return sum(n * (usual - worth.get(s, 0.0)) for _, s, n in collision.codes)


@dataclass(frozen=True, slots=True)
class AmongAll:
    """Codes of a file, and their volume, that share what an outcome names with any code of another status."""

    codes: int
    volume: int


def among_all(
    facility: Facility, weights: Weights, status: Mapping[str, str], worth: Worth | None = None
) -> dict[str, AmongAll]:
    """Return what of the file is lost, and kept by extension codes alone, against all billable codes.

    :func:`collisions` asks whether the codes of the file can still be told from each other; this asks whether
    they can be told from every code of the release, reported or not. ``worth`` as there.
    """
    values = worth or {}
    reported = [(c, n) for c, n in mapped(facility, weights) if c.first is not None and n]
    every = dict(facility.shared.recommended)
    every |= {c.key: c.first.expression for c, _ in reported if c.first is not None}
    by_expression: defaultdict[str, set[str | float]] = defaultdict(set)
    for key, expression in every.items():
        own = status.get(key, NONE)
        by_expression[expression].add(values.get(own, own))
    by_stem: defaultdict[str, set[str | float]] = defaultdict(set)
    for expression, found in by_expression.items():
        if len(found) == 1:
            by_stem[main_stem(expression)] |= found
    codes, volume = Counter[str](), Counter[str]()
    for coded, count in reported:
        expression = every[coded.key]
        alike = len(by_expression[expression]) == 1
        if alike and len(by_stem[main_stem(expression)]) == 1:
            continue
        codes[KEPT if alike else LOST] += 1
        volume[KEPT if alike else LOST] += count
    return {outcome: AmongAll(codes[outcome], volume[outcome]) for outcome in (LOST, KEPT)}


def main_stem(expression: str) -> str:
    """Return the first stem of an expression.

    >>> main_stem("NC72.2&XK9K/PA60&XE266")
    'NC72.2'
    """
    return expression.split("/", 1)[0].split("&", 1)[0]


def _collision(
    target: str, outcome: str, rows: list[tuple[Coded, str, int]], worth: Mapping[str, float]
) -> Collision:
    by_status: Counter[str] = Counter()
    for _, status, count in rows:
        by_status[status] += count
    usual = min(by_status, key=lambda s: (-by_status[s], s))
    volume = by_status.total()
    members = tuple(sorted(rows, key=lambda r: (-r[2], r[0].key)))
    alike = sum(n for s, n in by_status.items() if worth.get(s, s) == worth.get(usual, usual))
    return Collision(target, outcome, members, volume, volume - alike, usual)
