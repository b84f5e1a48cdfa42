"""Where codes of different payment status fall together in ICD-11. An indication, not a grouper."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from terminology.facility import DrgWeight, PaymentScheme, Setting
from terminology.impact.coded import Coded, Facility, Weights, mapped
from terminology.impact.table import Chart, Column, Table, Value, share

NONE = "none"
LOST, KEPT = "split lost", "split survives only through postcoordination"
_SPLIT = re.compile(r"(.+?) (WITH MCC|WITH CC|WITHOUT CC/MCC)$")


@dataclass(frozen=True, slots=True)
class Collision:
    """Codes of different status whose recommended expressions share a stem.

    ``outcome`` is :data:`LOST` when even the whole expression is the same. ``at_stake`` is the volume that
    does not have the most frequent status of the group: what a payer would misplace if all were paid alike.
    """

    target: str
    outcome: str
    codes: tuple[tuple[Coded, str, int], ...]
    volume: int
    at_stake: int
    usual: str


def collisions(facility: Facility, weights: Weights, status: Mapping[str, str]) -> list[Collision]:
    """Return the collisions among reported codes, most volume at stake first.

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
    found: list[Collision] = []
    for stem, expressions in by_stem.items():
        apart: list[tuple[Coded, str, int]] = []
        for expression, rows in expressions.items():
            if len({s for _, s, _ in rows}) > 1:
                found.append(_collision(expression, LOST, rows))
            else:
                apart += rows
        if len({s for _, s, _ in apart}) > 1:
            found.append(_collision(stem, KEPT, apart))
    return sorted(found, key=lambda c: (-c.at_stake, c.target))


def status_steps(weights: Iterable[DrgWeight]) -> dict[str, float]:
    """Return the mean relative weight that MCC and CC add, over the DRG families split three ways.

    A family is the DRGs whose titles differ only in WITH MCC, WITH CC, WITHOUT CC/MCC (IPPS table 5); the
    mean is over families, not over discharges.
    """
    families: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for drg in weights:
        split = _SPLIT.match(drg.title)
        if split and drg.weight is not None:
            families[split[1]][split[2]] = drg.weight
    whole = [f for f in families.values() if len(f) == 3]
    if not whole:
        return {}
    base = "WITHOUT CC/MCC"
    return {
        "MCC": sum(f["WITH MCC"] - f[base] for f in whole) / len(whole),
        "CC": sum(f["WITH CC"] - f[base] for f in whole) / len(whole),
        NONE: 0.0,
    }


def weight_at_stake(collision: Collision, steps: Mapping[str, float]) -> float:
    """Return the relative weight between each code's status and the group's usual one, summed over volume.

    An upper bound: one status moves a DRG once per stay, whatever other codes are on it.
    """
    usual = steps.get(collision.usual, 0.0)
    return sum(n * abs(steps.get(s, 0.0) - usual) for _, s, n in collision.codes)


def payment(
    facility: Facility, statuses: Mapping[PaymentScheme, Mapping[str, str]], drgs: Iterable[DrgWeight]
) -> tuple[Table, Table]:
    """Return the summary and the list of collisions, per scheme in the settings it pays."""
    steps = status_steps(drgs)
    summary: list[tuple[Value, ...]] = []
    listed: list[tuple[Value, ...]] = []
    for scheme, status in statuses.items():
        for scope, weights in _paid(scheme, facility):
            found = collisions(facility, weights, status) if status else []
            total = sum(n for _, n in mapped(facility, weights))
            for outcome in (LOST, KEPT):
                some = [c for c in found if c.outcome == outcome]
                stake = sum(c.at_stake for c in some)
                counts = Counter(
                    {"codes": sum(len(c.codes) for c in some), "volume": sum(c.volume for c in some)}
                )
                weight = sum(weight_at_stake(c, steps) for c in some)
                summary.append(
                    (
                        scheme.value,
                        scope,
                        outcome,
                        len(some),
                        counts["codes"],
                        counts["volume"],
                        stake,
                        share(stake, total),
                        round(weight, 1) if scheme is PaymentScheme.MS_DRG and steps else None,
                    )
                )
            listed += [
                (
                    scheme.value,
                    scope,
                    c.outcome,
                    c.target,
                    c.volume,
                    c.at_stake,
                    c.usual,
                    round(weight_at_stake(c, steps), 1) if scheme is PaymentScheme.MS_DRG and steps else None,
                    _codes(c),
                )
                for c in found
            ]
    note = (
        "An indication, not a grouper: principal diagnosis, exclusions, procedures and hierarchies "
        "are not applied. "
        "At stake: volume whose status is not the most frequent one of its group. "
        + (
            f"Weight: mean step over three-way DRG families, MCC {steps['MCC']:.3f}, CC "
            f"{steps['CC']:.3f} (IPPS table 5); an upper bound. "
            if steps
            else "No DRG weights are loaded. "
        )
        + "MS-DRG pays inpatient stays; CMS-HCC counts all settings."
    )
    stake_columns = (Column("volume", "count"), Column("volume at stake", "count"))
    first = (Column("scheme"), Column("scope"), Column("outcome"))
    return (
        Table(
            "payment",
            "Payment",
            "Where could a payer no longer tell codes apart?",
            note,
            (
                *first,
                Column("groups", "count"),
                Column("codes", "count"),
                *stake_columns,
                Column("share at stake", "share"),
                Column("weight at stake", "number"),
            ),
            tuple(summary),
            tuple(
                Chart(f"{s.value}: volume at stake", "outcome", "volume at stake", s.value, 2)
                for s in statuses
            ),
        ),
        Table(
            "collisions",
            "Payment collisions",
            "Which codes fall together?",
            note,
            (
                *first,
                Column("ICD-11"),
                *stake_columns,
                Column("usual status"),
                Column("weight at stake", "number"),
                Column("codes (status, volume)"),
            ),
            tuple(listed),
        ),
    )


def _paid(scheme: PaymentScheme, facility: Facility) -> list[tuple[str, Weights]]:
    if scheme is PaymentScheme.HCC_V28:
        return facility.scopes()
    inpatient = facility.volumes.get(Setting.INPATIENT)
    return [(Setting.INPATIENT.value, inpatient)] if inpatient else []


def _collision(target: str, outcome: str, rows: list[tuple[Coded, str, int]]) -> Collision:
    by_status: Counter[str] = Counter()
    for _, status, count in rows:
        by_status[status] += count
    usual = min(by_status, key=lambda s: (-by_status[s], s))
    volume = by_status.total()
    members = tuple(sorted(rows, key=lambda r: (-r[2], r[0].key)))
    return Collision(target, outcome, members, volume, volume - by_status[usual], usual)


def _codes(collision: Collision) -> str:
    names = [f"{c.code} ({s}, {n:,})" for c, s, n in collision.codes]
    return "; ".join(names[:20]) + (f"; and {len(names) - 20} more" if len(names) > 20 else "")
