"""The move by payer and department, in diagnoses and in charges, where the upload names them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from terminology.crosswalk.model import Representation
from terminology.impact.coded import Facility, State
from terminology.impact.table import Column, Table, Value, share

Groups = Mapping[tuple[str, str], Mapping[str, tuple[int, int]]]
"""Volume and charges in cents by code key, for each ``(payer or department, its name)``."""
_FULL = (Representation.FULL, Representation.FULL_POSTCOORDINATED)


def groups_table(facility: Facility, groups: Groups) -> Table:
    """Return volume, charges and representation of each payer and department, largest volume first."""
    rows: list[tuple[Value, ...]] = []
    for (by, name), codes in groups.items():
        volume: Counter[Representation | None] = Counter()
        charges: Counter[Representation | None] = Counter()
        for key, (count, cents) in codes.items():
            coded = facility.codes[key]
            kind = None if coded.state is State.UNKNOWN else coded.representation
            volume[kind] += count
            charges[kind] += cents
        has_place = volume.total() - volume[None]
        charged = charges.total()
        rows.append(
            (
                by,
                name,
                len(codes),
                volume.total(),
                *(share(volume[kind], has_place) for kind in Representation),
                round(charged / 100, 2) if charged else None,
                share(sum(charges[kind] for kind in _FULL), charged - charges[None]) if charged else None,
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
            *(Column(f"{kind.value} share", "share") for kind in Representation),
            Column("charges", "number"),
            Column("charges fully represented", "share"),
        ),
        tuple(rows),
    )
