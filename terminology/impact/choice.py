"""How many ways there are to say a code, and how many codes to enter."""

from __future__ import annotations

from collections import Counter
from math import log2

from terminology.impact.coded import Coded, Facility, mapped
from terminology.impact.table import Column, Table, Value, share

DEFENSIBLE = 0.5
"""A target is a defensible alternative at this part of the first one's confidence or more."""


def choices(coded: Coded) -> int:
    """Return how many targets a careful coder could defend, the recommended one included."""
    first = coded.first
    if first is None:
        return 0
    return sum(1 for d in coded.destinations if d.confidence >= DEFENSIBLE * first.confidence)


def entropy_of_choice(coded: Coded) -> float:
    """Return log2 of the number of representations a code has, in bits; 0 for one or none.

    After Niyirora, BMC Med Inform Decis Mak 2021;21:124: the measure of the number of valid
    representations of an old code.
    """
    return log2(len(coded.destinations)) if coded.destinations else 0.0


def weighted_entropy(coded: Coded) -> float:
    """Return the Shannon entropy of the targets in bits, with confidence as (normalised) probability."""
    total = sum(d.confidence for d in coded.destinations)
    if total <= 0:
        return 0.0
    parts = (d.confidence / total for d in coded.destinations if d.confidence > 0)
    return max(0.0, -sum(p * log2(p) for p in parts))


def entropy(facility: Facility) -> Table:
    """Mean entropy per diagnosis and the volume with any choice, per scope and chapter."""
    rows: list[tuple[Value, ...]] = []
    measured = {
        c.key: (entropy_of_choice(c), weighted_entropy(c), choices(c) > 1) for c in facility.codes.values()
    }
    for scope, weights in facility.scopes():
        sums: dict[str, list[float]] = {}
        for coded, count in mapped(facility, weights):
            for part in ("all", coded.chapter or "none"):
                at = sums.setdefault(part, [0.0, 0.0, 0.0, 0.0])
                at[0] += count
                bits, weighted, several = measured[coded.key]
                at[1] += count * bits
                at[2] += count * weighted
                at[3] += count * several
        for part, (n, all_bits, all_weighted, ambiguous) in sorted(
            sums.items(), key=lambda x: (-x[1][0], x[0])
        ):
            if n:
                rows.append(
                    (
                        scope,
                        part,
                        facility.headings.get(part, ""),
                        int(n),
                        round(all_bits / n, 3),
                        round(all_weighted / n, 3),
                        share(ambiguous, n),
                    )
                )
    return Table(
        "entropy",
        "Entropy of choice",
        "How much choice does a coder face?",
        "Niyirora 2021: log2 of the number of valid representations of a code, averaged over "
        "volume; beside it the "
        "Shannon entropy with the engine's confidence as probability. Ambiguous: a second target "
        "has at least half "
        "the confidence of the first.",
        (
            Column("scope"),
            Column("chapter"),
            Column("title"),
            Column("volume", "count"),
            Column("entropy of choice (bits)", "number"),
            Column("weighted by confidence (bits)", "number"),
            Column("ambiguous share", "share"),
        ),
        tuple(rows),
    )


def ambiguity(facility: Facility, most: int = 1000) -> Table:
    """The codes with several defensible targets, by volume."""
    every = facility.scopes()[0][1]
    found = [(c, n, choices(c)) for c, n in mapped(facility, every) if choices(c) > 1]
    found.sort(key=lambda row: (-row[1], row[0].key))
    return Table(
        "ambiguity",
        "Ambiguous codes",
        "Which codes have several defensible targets?",
        f"At most {most:,} codes, by volume, all settings; targets in the engine's order.",
        (
            Column("code"),
            Column("title"),
            Column("volume", "count"),
            Column("defensible targets", "count"),
            Column("expressions"),
            Column("entropy of choice (bits)", "number"),
        ),
        tuple(
            (
                c.code,
                c.title,
                n,
                m,
                ", ".join(d.expression for d in c.destinations[:m]),
                round(entropy_of_choice(c), 3),
            )
            for c, n, m in found[:most]
        ),
    )


def cluster_sizes(facility: Facility) -> Table:
    """ICD-11 codes to enter per ICD-10-CM code."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        sizes: Counter[int] = Counter()
        for coded, count in mapped(facility, weights):
            sizes[min(coded.first.size, 4) if coded.first else 0] += count
        total = sizes.total()
        exact = sum(n * (c.first.size if c.first else 0) for c, n in mapped(facility, weights))
        placed = total - sizes[0]
        row: tuple[Value, ...] = (scope, total, round(exact / placed, 3) if placed else 0.0)
        rows.append((*row, *(share(sizes[i], total) for i in range(5))))
    return Table(
        "clusters",
        "Codes to enter",
        "How many ICD-11 codes replace one ICD-10-CM code?",
        "Members (stems and extension codes) of the recommended expression; the mean is over "
        "diagnoses that have one. "
        "Counts by code cannot show members that two diagnoses of one record would share, so it is "
        "an upper bound per record.",
        (
            Column("scope"),
            Column("volume", "count"),
            Column("ICD-11 codes per diagnosis", "number"),
            Column("none", "share"),
            Column("one", "share"),
            Column("two", "share"),
            Column("three", "share"),
            Column("four or more", "share"),
        ),
        tuple(rows),
    )
