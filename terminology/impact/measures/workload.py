"""The smallest set of codes that covers most of the volume: whom to train on what first."""

from __future__ import annotations

from terminology.bundle.crosswalk.icd11_places import Icd11Places
from terminology.crosswalk.model import Representation
from terminology.impact.coded import Coded, Facility, Weights, mapped
from terminology.impact.measures.choice import choices
from terminology.impact.measures.error_range import claim_range
from terminology.impact.table import Column, Table, Value, counted, measured, share

PRACTICE = "not one for one"
"""The claim of :func:`needs_dual_coding`, as it stands among the measured errors."""
LEVELS = (0.80, 0.95, 0.99)


def smallest_cover(facility: Facility, weights: Weights, level: float) -> list[tuple[Coded, int]]:
    """Return the fewest mapped codes that hold ``level`` of the mapped volume, most frequent first."""
    found = sorted(mapped(facility, weights), key=lambda pair: (-pair[1], pair[0].key))
    wanted, held = level * sum(n for _, n in found), 0
    for place, (_, count) in enumerate(found):
        if held >= wanted:
            return found[:place]
        held += count
    return found


def needs_dual_coding(coded: Coded, places: Icd11Places) -> bool:
    """Return whether a coder does more than replace one code by one: cluster, loss, choice or no target."""
    return coded.representation is not Representation.FULL or choices(coded, places) > 1


def workload(facility: Facility) -> Table:
    """How many codes cover 80, 95 and 99 % of the volume, and how many of them need practice."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        for level in LEVELS:
            cover = smallest_cover(facility, weights, level)
            hard = [(c, n) for c, n in cover if needs_dual_coding(c, facility.places)]
            held = sum(n for _, n in cover)
            part = sum(n for _, n in hard)
            ends = claim_range(PRACTICE, part, held - part)
            rows.append((scope, level, len(cover), len(hard), held, share(part, held), *ends))
    return Table(
        "workload",
        "Workload",
        "How few codes must be learnt to cover most of the volume?",
        "Codes in descending volume until the level is reached, which is the smallest such set. "
        "Dual coding: the "
        "recommended expression is a cluster, loses meaning, has a rival, or there is none. Measured: "
        "whether a coder needed a cluster, lost meaning or named another expression.",
        (
            Column("scope"),
            counted("level"),
            Column("codes", "count"),
            Column("of them for dual coding", "count"),
            Column("volume", "count"),
            *measured("dual-coding share"),
        ),
        tuple(rows),
    )


def training(facility: Facility) -> Table:
    """The codes among those that cover 95 % of all volume that are not one for one, as a training list."""
    every = facility.scopes()[0][1]
    total, held = sum(n for _, n in mapped(facility, every)), 0
    rows: list[tuple[Value, ...]] = []
    for coded, count in smallest_cover(facility, every, LEVELS[1]):
        within = "80 %" if held < LEVELS[0] * total else "95 %"
        held += count
        if not needs_dual_coding(coded, facility.places):
            continue
        first = coded.first
        rows.append(
            (
                len(rows) + 1,
                coded.code,
                coded.title,
                count,
                share(held, total),
                within,
                first.expression if first else "",
                first.title if first else "",
                coded.representation.value,
                ", ".join(coded.lost),
            )
        )
    return Table(
        "training",
        "Training list",
        "Which codes should coders practise first?",
        "Of the codes that cover 95 % of the volume of all settings, those that are not one for one, most "
        "frequent "
        "first; those needed for 80 % are marked. The cumulative share counts the easy codes between them "
        "too.",
        (
            Column("rank", "count"),
            Column("code"),
            Column("title"),
            Column("volume", "count"),
            counted("cumulative share"),
            Column("needed for"),
            Column("ICD-11"),
            Column("ICD-11 titles"),
            Column("representation"),
            Column("facets lost"),
        ),
        tuple(rows),
    )
