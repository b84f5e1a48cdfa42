"""How many ways there are to say a code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from math import log2

from terminology.bundle.crosswalk.icd11_places import Icd11Places
from terminology.impact.coded import Coded, Destination, Facility, mapped
from terminology.impact.measures.error_range import share_range
from terminology.impact.table import Column, Table, Value, measured, share, unmeasured

DEFENSIBLE = 0.5
"""A target is a defensible alternative at this part of the first one's confidence or more."""

CHOICE, SETTLED, NEAR, FAR = "choice", "no other", "within the category", "in another category"
"""The claim of :func:`rival`, as it stands among the measured errors, and its answers."""
LOWER_BOUND = "the crosswalk names three targets at most, a coder may think of more: a lower bound"
_SEVERAL = 2
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


def rival(coded: Coded, places: Icd11Places) -> str:
    """Return whether a code has a defensible rival, and how far from the recommended stem."""
    if choices(coded, places) < _SEVERAL:
        return SETTLED
    return FAR if rival_elsewhere(coded, places) else NEAR


def entropy_of_choice(coded: Coded, places: Icd11Places) -> float:
    """Return log2 of the number of defensible targets in bits; 0 for one or none."""
    count = choices(coded, places)
    return log2(count) if count else 0.0


@dataclass(slots=True)
class _Sums:
    bits: float = 0.0
    volume: Counter[str] = field(default_factory=Counter)
    """By :func:`rival`."""


def entropy(facility: Facility) -> Table:
    """Mean entropy per diagnosis and the volume with any choice, per scope and chapter."""
    rows: list[tuple[Value, ...]] = []
    places = facility.places
    answers = {c.key: (entropy_of_choice(c, places), rival(c, places)) for c in facility.codes.values()}
    for scope, weights in facility.scopes():
        sums: dict[str, _Sums] = {}
        for coded, count in mapped(facility, weights):
            bits, which = answers[coded.key]
            for part in ("all", coded.chapter or "none"):
                sum_ = sums.setdefault(part, _Sums())
                sum_.volume[which] += count
                sum_.bits += count * bits
        rows += [
            (
                scope,
                part,
                facility.headings.get(part, ""),
                total,
                round(s.bits / total, 3),
                *(
                    value
                    for which in (NEAR, FAR)
                    for value in (share(s.volume[which], total), *share_range(CHOICE, s.volume, (which,)))
                ),
            )
            for part, s in sorted(sums.items(), key=lambda x: (-x[1].volume.total(), x[0]))
            if (total := s.volume.total())
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
        "in another category. Measured: which other stems a coder named as defensible.",
        (
            Column("scope"),
            Column("chapter"),
            Column("title"),
            Column("volume", "count"),
            unmeasured("entropy of choice (bits)", LOWER_BOUND, "number"),
            *measured("choice within the category"),
            *measured("rival in another category"),
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
