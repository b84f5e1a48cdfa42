"""What a record must say for ICD-11 that ICD-10-CM did not ask for: the queries coders will send."""

from __future__ import annotations

from collections.abc import Sequence

from terminology.crosswalk.model import Relationship
from terminology.impact.coded import Facility, mapped
from terminology.impact.table import Chart, Column, Table, Value, share

MOST = 1000
"""Codes listed per scope; the totals count all."""


def asks(relationship: str, added: Sequence[str]) -> list[str]:
    """Return what a coder must find in the record before the target holds, in words.

    Only a target truly narrower than its source asks anything. A broader or a residual title that says
    something else than the source leaves nothing to find out.
    """
    if relationship != Relationship.SOURCE_BROADER:
        return []
    return [facet.split("=", 1)[-1] for facet in added]


def documentation(facility: Facility) -> Table:
    """The codes whose recommended expression says more than they do, by volume."""
    rows: list[tuple[Value, ...]] = []
    for scope, weights in facility.scopes():
        every = mapped(facility, weights)
        total = sum(count for _, count in every)
        found = [
            (coded, first.expression, "; ".join(said), count)
            for coded, count in every
            if (first := coded.first) is not None and (said := asks(first.relationship, first.added))
        ]
        found.sort(key=lambda each: (-each[3], each[0].key))
        rows += [
            (scope, coded.code, coded.title, expression, stated, count, share(count, total))
            for coded, expression, stated, count in found[:MOST]
        ]
        asked = sum(each[3] for each in found)
        codes = f"{len(found):,} of {len(every):,} codes"
        rows.append((scope, "total", codes, "", "", asked, share(asked, total)))
    return Table(
        "documentation",
        "Documentation queries to expect",
        "What must a record say that ICD-10-CM did not ask for?",
        "Volume of the codes whose recommended expression is narrower than they are: it states something the "
        "code leaves open, so that a coder finds it in the record, asks, or takes an unspecified member. "
        "An upper bound: many records say it already. Targets that also lose something are under "
        f"'Facets lost'. At most {MOST:,} codes are listed per scope; the totals count all.",
        (
            Column("scope"),
            Column("code"),
            Column("title"),
            Column("ICD-11"),
            Column("what ICD-11 states"),
            Column("volume", "count"),
            Column("share of volume", "share"),
        ),
        tuple(rows),
        (Chart("Documentation queries to expect, all settings", "code", "volume", "all settings"),),
    )
