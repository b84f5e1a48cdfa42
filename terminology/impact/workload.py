"""The smallest set of codes that covers most of the volume: whom to train on what first."""

from __future__ import annotations

from terminology.crosswalk.model import Representation
from terminology.impact.choice import choices
from terminology.impact.coded import Coded, Facility, Weights, mapped
from terminology.impact.table import Column, Table, Value, share

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


def needs_dual_coding(coded: Coded) -> bool:
    """Return whether a coder has to do more than replace one code by one: cluster, loss, choice "
    "or no target."""
    return coded.representation is not Representation.FULL or choices(coded) > 1


def workload(facility: Facility) -> Table:
    """How many codes cover 80, 95 and 99 % of the volume, and how many of them need practice."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        for level in LEVELS:
            cover = smallest_cover(facility, weights, level)
            hard = [(c, n) for c, n in cover if needs_dual_coding(c)]
            held = sum(n for _, n in cover)
            rows.append((scope, level, len(cover), len(hard), held, share(sum(n for _, n in hard), held)))
    return Table(
        "workload",
        "Workload",
        "How few codes must be learnt to cover most of the volume?",
        "Codes in descending volume until the level is reached, which is the smallest such set. "
        "Dual coding: the "
        "recommended expression is a cluster, loses meaning, has a rival, or there is none.",
        (
            Column("scope"),
            Column("level", "share"),
            Column("codes", "count"),
            Column("of them for dual coding", "count"),
            Column("volume", "count"),
            Column("dual-coding share", "share"),
        ),
        tuple(rows),
    )


def training(facility: Facility) -> Table:
    """The codes that cover 95 % of all volume, as a training list."""
    every = facility.scopes()[0][1]
    total, held = sum(n for _, n in mapped(facility, every)), 0
    rows: list[tuple[Value, ...]] = []
    for rank, (coded, count) in enumerate(smallest_cover(facility, every, LEVELS[1]), 1):
        held += count
        first = coded.first
        rows.append(
            (
                rank,
                coded.code,
                coded.title,
                count,
                share(held, total),
                first.expression if first else "",
                first.title if first else "",
                coded.representation.value,
                ", ".join(first.lost) if first else "",
                "yes" if needs_dual_coding(coded) else "no",
            )
        )
    return Table(
        "training",
        "Training list",
        "Which codes should coders practise first?",
        "The codes that cover 95 % of the volume of all settings, most frequent first.",
        (
            Column("rank", "count"),
            Column("code"),
            Column("title"),
            Column("volume", "count"),
            Column("cumulative share", "share"),
            Column("ICD-11"),
            Column("ICD-11 titles"),
            Column("representation"),
            Column("facets lost"),
            Column("dual coding"),
        ),
        tuple(rows),
    )
