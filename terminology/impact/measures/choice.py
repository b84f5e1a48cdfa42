"""How many ways there are to say a code, and how many codes to enter."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import log2

from terminology.bundle.crosswalk.icd11_places import Icd11Places
from terminology.impact.coded import Coded, Destination, Facility, mapped
from terminology.impact.table import Chart, Column, Table, Value, share

DEFENSIBLE = 0.5
"""A target is a defensible alternative at this part of the first one's confidence or more."""

CATEGORY = 4
"""Characters of an ICD-11 stem that name its category."""


def alternatives(coded: Coded, places: Icd11Places) -> tuple[Destination, ...]:
    """Return the targets a careful coder could defend, the recommended one first.

    A stem above or below the recommended one says the same less or more exactly: it is no other choice.
    """
    first = coded.first
    if first is None:
        return ()
    above = places.above(first.stem)
    rivals = (
        d
        for d in coded.destinations[1:]
        if d.confidence >= DEFENSIBLE * first.confidence
        and d.stem not in above
        and first.stem not in places.above(d.stem)
        and d.expression != first.expression
    )
    return (first, *rivals)


def choices(coded: Coded, places: Icd11Places) -> int:
    """Return how many targets a careful coder could defend, the recommended one included."""
    return len(alternatives(coded, places))


def rival_elsewhere(coded: Coded, places: Icd11Places) -> bool:
    """Whether a defensible target lies in another four-character category than the recommended one."""
    found = alternatives(coded, places)
    return any(d.stem[:CATEGORY] != found[0].stem[:CATEGORY] for d in found[1:])


def entropy_of_choice(coded: Coded, places: Icd11Places) -> float:
    """Return log2 of the number of defensible targets in bits; 0 for one or none."""
    count = choices(coded, places)
    return log2(count) if count else 0.0


@dataclass(slots=True)
class _Sums:
    volume: int = 0
    bits: float = 0.0
    near: int = 0
    far: int = 0


def entropy(facility: Facility) -> Table:
    """Mean entropy per diagnosis and the volume with any choice, per scope and chapter."""
    rows: list[tuple[Value, ...]] = []
    places = facility.places
    measured = {
        c.key: (entropy_of_choice(c, places), choices(c, places) > 1, rival_elsewhere(c, places))
        for c in facility.codes.values()
    }
    for scope, weights in facility.scopes():
        sums: dict[str, _Sums] = {}
        for coded, count in mapped(facility, weights):
            bits, several, elsewhere = measured[coded.key]
            for part in ("all", coded.chapter or "none"):
                sum_ = sums.setdefault(part, _Sums())
                sum_.volume += count
                sum_.bits += count * bits
                sum_.far += count if elsewhere else 0
                sum_.near += count if several and not elsewhere else 0
        rows += [
            (
                scope,
                part,
                facility.headings.get(part, ""),
                s.volume,
                round(s.bits / s.volume, 3),
                share(s.near, s.volume),
                share(s.far, s.volume),
            )
            for part, s in sorted(sums.items(), key=lambda x: (-x[1].volume, x[0]))
            if s.volume
        ]
    return Table(
        "entropy",
        "Entropy of choice",
        "How much choice does a coder face?",
        "After Niyirora 2021, who counts the valid representations of an old code: log2 of the number of "
        "defensible targets, averaged over volume. A target is defensible at half of the first one's "
        "confidence or more, and none where it is a stem above or below it. The crosswalk names three "
        "targets at "
        "most and not every valid cluster: this is a lower bound, and 0 bits mean that no rival was found, "
        "not "
        "that coders will agree. A choice within the category is between its subcategories; a real rival "
        "lies "
        "in another category.",
        (
            Column("scope"),
            Column("chapter"),
            Column("title"),
            Column("volume", "count"),
            Column("entropy of choice (bits)", "number"),
            Column("choice within the category", "share"),
            Column("rival in another category", "share"),
        ),
        tuple(rows),
    )


def ambiguity(facility: Facility) -> Table:
    """The codes with several defensible targets, by volume."""
    every = facility.scopes()[0][1]
    found = [(c, n, alternatives(c, facility.places)) for c, n in mapped(facility, every)]
    several = sorted((row for row in found if len(row[2]) > 1), key=lambda row: (-row[1], row[0].key))
    return Table(
        "ambiguity",
        "Ambiguous codes",
        "Which codes have several defensible targets?",
        "By volume, all settings; targets in the engine's order.",
        (
            Column("code"),
            Column("title"),
            Column("volume", "count"),
            Column("defensible targets", "count"),
            Column("expressions"),
            Column("rival in another category"),
        ),
        tuple(
            (
                c.code,
                c.title,
                n,
                len(targets),
                ", ".join(d.expression for d in targets),
                "yes" if rival_elsewhere(c, facility.places) else "no",
            )
            for c, n, targets in several
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


WIDTHS = (4, 7, 8, 10, 12, 15, 20, 30)
"""Characters of fields that hold a diagnosis today: 7 in ICD-10-CM without its dot, 30 in X12 HI."""


def field_lengths(facility: Facility) -> Table:
    """How much of the volume fits into fields of given widths, and what else a field must hold."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        found = [(c.first, n) for c, n in mapped(facility, weights) if c.first is not None]
        total = sum(n for _, n in found)
        rows += [
            (
                scope,
                f"longer than {width} characters",
                sum(n for d, n in found if len(d.expression) > width),
                share(sum(n for d, n in found if len(d.expression) > width), total),
            )
            for width in WIDTHS
        ]
        second = sum(n for d, n in found if len(d.stems) > 1)
        rows.append((scope, "more than one stem", second, share(second, total)))
        extended = sum(n for d, n in found if "&" in d.expression)
        rows.append((scope, "an extension code", extended, share(extended, total)))
    longest = max((c.first.expression for c in facility.codes.values() if c.first), key=len, default="")
    used = "".join(sorted({ch for c in facility.codes.values() if c.first for ch in c.first.expression}))
    return Table(
        "lengths",
        "Field lengths",
        "Do ICD-11 expressions fit into the fields that hold a diagnosis today?",
        f"Characters of the recommended expression with its marks. Longest: {longest or 'none'} "
        f"({len(longest)} "
        f"characters). Characters used: {used or 'none'}.",
        (Column("scope"), Column("what"), Column("volume", "count"), Column("share of volume", "share")),
        tuple(rows),
        (Chart("Volume that does not fit, all settings", "what", "volume", "all settings"),),
    )
