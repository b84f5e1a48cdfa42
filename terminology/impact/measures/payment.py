"""Where codes of different payment status fall together in ICD-11. An indication, not a grouper."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from terminology.facility import DrgWeight, PaymentScheme, Setting
from terminology.impact.coded import Facility, Weights, mapped
from terminology.impact.measures.collisions import (
    KEPT,
    LOST,
    NONE,
    Collision,
    Worth,
    among_all,
    collisions,
    net_weight,
    weight_at_stake,
)
from terminology.impact.measures.error_range import PAIRS
from terminology.impact.table import Chart, Column, Table, Value, counted, share, unmeasured

_SPLIT = re.compile(r"(.+?) (WITH MCC|WITH CC|WITHOUT CC/MCC)$")


def status_steps(weights: Iterable[DrgWeight], kind: str | None = None) -> dict[str, float]:
    """Return the mean relative weight that MCC and CC add, over the DRG families split three ways.

    ``kind`` keeps medical (``MED``) or surgical (``SURG``) families. A family is the DRGs whose titles differ
    only in WITH MCC, WITH CC, WITHOUT CC/MCC (IPPS table 5); the weight is the one that is paid, after the
    10 % cap on decreases where the table has both. The mean is over families, not over discharges.
    """
    families: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for drg in weights:
        split = _SPLIT.match(drg.title)
        paid = drg.weight if drg.capped is None else drg.capped
        if split and paid is not None and kind in (None, drg.kind):
            families[split[1]][split[2]] = paid
    whole = [f for f in families.values() if len(f) == 3]
    if not whole:
        return {}
    base = "WITHOUT CC/MCC"
    return {
        "MCC": sum(f["WITH MCC"] - f[base] for f in whole) / len(whole),
        "CC": sum(f["WITH CC"] - f[base] for f in whole) / len(whole),
        NONE: 0.0,
    }


@dataclass(frozen=True, slots=True)
class _Worths:
    """What a status is worth: by all families or coefficients, by medical and by surgical families."""

    all: Worth
    medical: Worth
    surgical: Worth


def payment(
    facility: Facility,
    statuses: Mapping[PaymentScheme, Mapping[str, str]],
    drgs: Iterable[DrgWeight],
    coefficients: Worth | None = None,
) -> tuple[Table, Table, Table]:
    """Return the summary, the collisions and the pairs of statuses, per scheme in the settings it pays.

    ``coefficients`` are those of the HCC categories by their number (community, non-dual, aged).
    """
    tables = list(drgs)
    worths = {
        PaymentScheme.MS_DRG: _Worths(
            status_steps(tables), status_steps(tables, "MED"), status_steps(tables, "SURG")
        ),
        PaymentScheme.HCC_V28: _Worths(_joined(statuses, coefficients or {}), {}, {}),
    }
    found = [
        (scheme, scope, collision)
        for scheme, status in statuses.items()
        for scope, weights in _paid(scheme, facility)
        for collision in (collisions(facility, weights, status, worths[scheme].all) if status else ())
    ]
    note = _note(worths)
    return (
        _summary(facility, statuses, found, worths, note),
        _listed(found, worths, note),
        _pairs(found, worths),
    )


_Found = list[tuple[PaymentScheme, str, Collision]]
_Worthy = Mapping[PaymentScheme, _Worths]
_FIRST = (Column("scheme"), Column("scope"), Column("outcome"))
_STAKE = (Column("volume", "count"), Column("volume at stake", "count"))


def _joined(statuses: Mapping[PaymentScheme, Mapping[str, str]], coefficients: Worth) -> dict[str, float]:
    """The worth of every HCC status, joined ones (``37+226``) as their sum."""
    worth = {NONE: 0.0} if coefficients else {}
    for status in set(statuses.get(PaymentScheme.HCC_V28, {}).values()):
        parts = status.split("+")
        if all(part in coefficients for part in parts):
            worth[status] = round(sum(coefficients[part] for part in parts), 6)
    return worth


def _note(worths: _Worthy) -> str:
    steps = worths[PaymentScheme.MS_DRG]
    said = [
        f"{name} MCC {step['MCC']:.3f}, CC {step['CC']:.3f}"
        for name, step in (
            ("all families", steps.all),
            ("medical", steps.medical),
            ("surgical", steps.surgical),
        )
        if step
    ]
    return (
        "An indication, not a grouper: principal diagnosis, exclusions, procedures and hierarchies are not "
        "applied. "
        "Groups are of the codes that this file reports; 'among all codes' counts those of its codes that "
        "share their expression (or, told apart by extension codes, their stem) with any code of another "
        "status, reported or not. "
        "At stake: volume that is not worth what the most frequent status of its group is; equal "
        "coefficients stake "
        "nothing. Gross sums every difference, net lets gains and losses cancel if all were paid as the "
        "usual status. "
        + (
            f"MS-DRG: mean step over DRG families split three ways, weights as paid ({'; '.join(said)}). "
            if said
            else "No DRG weights are loaded. "
        )
        + (
            "CMS-HCC: relative factors, community, non-dual, aged. "
            if worths[PaymentScheme.HCC_V28].all
            else "No CMS-HCC coefficients are loaded. "
        )
        + "MS-DRG pays inpatient stays; CMS-HCC counts all settings. What one stay or one patient would be "
        "paid needs "
        "claim lines: see 'teneleven estimate'."
    )


def _summary(
    facility: Facility,
    statuses: Mapping[PaymentScheme, Mapping[str, str]],
    found: _Found,
    worths: _Worthy,
    note: str,
) -> Table:
    rows: list[tuple[Value, ...]] = []
    for scheme in (s for s, status in statuses.items() if status):
        for scope, weights in _paid(scheme, facility):
            total = sum(n for _, n in mapped(facility, weights))
            wider = among_all(facility, weights, statuses[scheme], worths[scheme].all)
            for outcome in (LOST, KEPT):
                some = [c for s, p, c in found if (s, p, c.outcome) == (scheme, scope, outcome)]
                stake = sum(c.at_stake for c in some)
                counts = (
                    len(some),
                    sum(len(c.codes) for c in some),
                    sum(c.volume for c in some),
                    stake,
                    share(stake, total),
                )
                everywhere = (wider[outcome].codes, wider[outcome].volume)
                weighed = _weights_of(some, worths[scheme])
                rows.append((scheme.value, scope, outcome, *counts, *weighed, *everywhere))
    return Table(
        "payment",
        "Payment",
        "Where could a payer no longer tell codes apart?",
        note,
        (
            *_FIRST,
            Column("groups", "count"),
            Column("codes", "count"),
            *_STAKE,
            unmeasured("share at stake", PAIRS),
            unmeasured("weight at stake, gross", PAIRS, "number"),
            unmeasured("weight, net", PAIRS, "number"),
            unmeasured("gross, medical families", PAIRS, "number"),
            unmeasured("gross, surgical families", PAIRS, "number"),
            Column("codes, among all codes", "count"),
            Column("volume, among all codes", "count"),
        ),
        tuple(rows),
        tuple(
            Chart(f"{s.value}: volume at stake", "outcome", "volume at stake", s.value, 2) for s in statuses
        ),
    )


def _weights_of(some: Sequence[Collision], worths: _Worths) -> tuple[Value, ...]:
    """Gross, net, and gross by medical and by surgical families; nothing where no worth is loaded."""

    def gross(worth: Worth) -> Value:
        return round(sum(weight_at_stake(c, worth) for c in some), 1) if worth else None

    net = round(sum(net_weight(c, worths.all) for c in some), 1) if worths.all else None
    return gross(worths.all), net, gross(worths.medical), gross(worths.surgical)


def _listed(found: _Found, worths: _Worthy, note: str) -> Table:
    return Table(
        "collisions",
        "Payment collisions",
        "Which codes fall together?",
        note,
        (
            *_FIRST,
            Column("ICD-11"),
            *_STAKE,
            Column("usual status"),
            unmeasured("weight at stake, gross", PAIRS, "number"),
            unmeasured("weight, net", PAIRS, "number"),
            Column("codes (status, volume)"),
        ),
        tuple(
            (
                scheme.value,
                scope,
                c.outcome,
                c.target,
                c.volume,
                c.at_stake,
                c.usual,
                *_weights_of([c], worths[scheme])[:2],
                _codes(c),
            )
            for scheme, scope, c in found
        ),
    )


def _pairs(found: _Found, worths: _Worthy) -> Table:
    """The volume by usual and own status: between which categories it would move."""
    volume: Counter[tuple[PaymentScheme, str, str, str, str]] = Counter()
    for scheme, scope, collision in found:
        values = worths[scheme].all
        for _, status, count in collision.codes:
            if values.get(status, status) != values.get(collision.usual, collision.usual):
                volume[(scheme, scope, collision.outcome, status, collision.usual)] += count
    rows: list[tuple[Value, ...]] = []
    for (scheme, scope, outcome, status, usual), count in volume.most_common():
        before, after = (worths[scheme].all.get(s) for s in (status, usual))
        change = None if before is None or after is None else after - before
        rows.append(
            (
                scheme.value,
                scope,
                outcome,
                status,
                usual,
                count,
                *(None if x is None else round(x, 3) for x in (before, after, change)),
                None if change is None else round(change * count, 1),
            )
        )
    return Table(
        "payment_pairs",
        "Payment categories exchanged",
        "Between which categories would diagnoses move?",
        "Volume of collisions by the status of its code and the usual one of its group; weight (MS-DRG "
        "step, or "
        "CMS-HCC coefficient) of each, and the change if the usual one were paid.",
        (
            *_FIRST,
            Column("status of the code"),
            Column("usual status"),
            Column("volume", "count"),
            counted("weight of the code", "number"),
            counted("usual weight", "number"),
            counted("change each", "number"),
            unmeasured("change, all", PAIRS, "number"),
        ),
        tuple(rows),
    )


def _paid(scheme: PaymentScheme, facility: Facility) -> list[tuple[str, Weights]]:
    if scheme is PaymentScheme.HCC_V28:
        return facility.scopes()
    inpatient = facility.volumes.get(Setting.INPATIENT)
    return [(Setting.INPATIENT.value, inpatient)] if inpatient else []


def _codes(collision: Collision) -> str:
    names = [f"{c.code} ({s}, {n:,})" for c, s, n in collision.codes]
    return "; ".join(names[:20]) + (f"; and {len(names) - 20} more" if len(names) > 20 else "")
