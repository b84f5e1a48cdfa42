"""How many diagnoses to code twice for a given precision, and a list of what to draw."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from itertools import accumulate
from math import ceil

from terminology.impact.coded import Facility, mapped
from terminology.impact.measures.error_range import Z95
from terminology.impact.measures.representation import Kept, kept
from terminology.impact.table import Column, Table, counted

PRECISIONS = (0.01, 0.02, 0.03, 0.05)
DESIGN_EFFECTS = (1.0, 1.5, 2.0)
DRAWN = 0.03
"""Half-width of the interval the drawn list is for."""


def sample_size(proportion: float, precision: float, design_effect: float = 1.0) -> int:
    """Return the diagnoses to draw so that a share is known to ``precision`` at 95 %.

    ``design_effect`` is 1 for a simple random sample, 1 + (m - 1) r where m diagnoses of a record are drawn
    together and agree by r (Kish, Survey Sampling, 1965).

    >>> sample_size(0.63, 0.03)
    995
    """
    return ceil(design_effect * Z95 * Z95 * proportion * (1 - proportion) / precision**2)


def sample_sizes(facility: Facility) -> Table:
    """Sample sizes by precision and design effect, for the kept share of all settings."""
    found = kept(mapped(facility, facility.scopes()[0][1]))
    share = found.share
    ends = sorted(sample_size(end, DRAWN) for end in (found.low, found.high, _nearest_half(found)))
    return Table(
        "sample",
        "Sample for dual coding",
        "How many diagnoses must people code twice to know the share for themselves?",
        f"For a share of {share:.2%} at 95 %. A design effect above 1 is for diagnoses drawn by whole "
        f"records, which "
        "resemble each other: n x (1 + (m - 1) r). Hard codes alone tell nothing of the whole: draw from "
        "all. "
        f"Where the share is anywhere in its range ({found.low:.1%} to {found.high:.1%}), {100 * DRAWN:.0f} "
        f"points take {ends[0]:,} to {ends[-1]:,}.",
        (
            counted("precision (points)", "number"),
            *(Column(f"diagnoses, design effect {effect:g}", "count") for effect in DESIGN_EFFECTS),
        ),
        tuple(
            (100 * precision, *(sample_size(share, precision, effect) for effect in DESIGN_EFFECTS))
            for precision in PRECISIONS
        ),
    )


def _nearest_half(found: Kept) -> float:
    """The share of a range that takes the largest sample."""
    return min(max(0.5, found.low), found.high)


def drawn_list(facility: Facility) -> Table:
    """A worklist: from which codes how many diagnoses are drawn, in proportion to volume.

    Systematic: every k-th diagnosis of the volume laid out by code, from the middle of the first k, so that
    the same file draws the same list.
    """
    every = facility.scopes()[0][1]
    rows = sorted(((c, n) for c, n in mapped(facility, every) if n), key=lambda row: row[0].key)
    total = sum(n for _, n in rows)
    size = min(total, sample_size(kept(rows).share, DRAWN))
    ends = list(accumulate(n for _, n in rows))
    places = (int((i + 0.5) * total / size) for i in range(size))
    drawn = Counter(bisect_right(ends, place) for place in places)
    return Table(
        "worklist",
        "Drawn worklist",
        "Which diagnoses should be coded twice?",
        f"{size:,} diagnoses drawn from all settings in proportion to volume (every k-th, codes in order), "
        f"for "
        f"{100 * DRAWN:.0f} points at 95 %. Draw as many records of each code at random; code them without "
        f"looking at "
        "the last column.",
        (
            Column("code"),
            Column("title"),
            Column("diagnoses to draw", "count"),
            Column("volume", "count"),
            Column("ICD-11"),
        ),
        tuple(
            (c.code, c.title, drawn[at], n, c.first.expression if c.first else "")
            for at, (c, n) in enumerate(rows)
            if drawn[at]
        ),
    )
