"""The move by payer and department, in diagnoses and in charges, where the upload names them."""

from __future__ import annotations

from collections.abc import Mapping

from terminology.impact.coded import Facility, State
from terminology.impact.measures.representation import SHARES, kept, shares_of
from terminology.impact.table import Column, Table, Value, counted, measured

Groups = Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]
"""Volume and charges in cents by code key, for each ``(payer or department, its name)``."""


def groups_table(facility: Facility, groups: Groups) -> Table:
    """Return volume, charges and representation of each payer and department, largest volume first."""
    rows: list[tuple[Value, ...]] = []
    for (by, name), codes in groups.items():
        placed = [
            (coded, *sums)
            for key, sums in codes.items()
            if (coded := facility.codes[key]).state is not State.UNKNOWN
        ]
        charged = sum(cents for _, cents in codes.values())
        on_full = kept((coded, cents) for coded, _, cents in placed)
        rows.append(
            (
                by,
                name,
                len(codes),
                sum(count for count, _ in codes.values()),
                *shares_of((coded, count) for coded, count, _ in placed),
                round(charged / 100, 2) if charged else None,
                *((on_full.share, on_full.low, on_full.high) if charged else (None, None, None)),
            )
        )
    rows.sort(key=lambda row: (str(row[0]), -int(row[3] or 0), str(row[1])))
    return Table(
        "groups",
        "Payers and departments",
        "Whom does the move touch most?",
        "As named in the upload. Shares of the volume that has a place in a release; charges are those of "
        "the rows as given, summed, and their share is that on codes fully represented.",
        (
            Column("by"),
            Column("name"),
            Column("codes", "count"),
            Column("volume", "count"),
            *SHARES,
            counted("charges", "number"),
            *measured("charges fully represented"),
        ),
        tuple(rows),
    )
