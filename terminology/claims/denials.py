"""Which claim adjustment reasons (CARC) and remarks (RARC) an edit's finding is likely to be denied with.

A heuristic, and numbers only: the texts of CARC are X12's. ``denials.tsv`` has a row per edit and number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from terminology.rule_tables import read_rules


@dataclass(frozen=True, slots=True)
class LikelyDenial:
    """An edit and the numbers its denial is likely to carry; ``rarc`` is ``""`` where none is usual."""

    edit: str
    carc: str
    rarc: str
    source: str


@cache
def carc_of(edit: str) -> tuple[str, ...]:
    """Return the adjustment reasons that a finding of an edit is likely to be denied with.

    >>> carc_of("ptp.column2")
    ('97', '236')
    """
    return tuple(dict.fromkeys(row.carc for row in likely_denials() if row.edit == edit))


@cache
def rarc_of(edit: str) -> tuple[str, ...]:
    """Return the remark codes that such a denial is likely to carry.

    >>> rarc_of("ptp.column2")
    ('M15',)
    """
    return tuple(dict.fromkeys(row.rarc for row in likely_denials() if row.edit == edit and row.rarc))


def edits_of(carc: str, rarc: str | None = None) -> tuple[LikelyDenial, ...]:
    """Return the edits that are likely to have caught a denial; ``rarc`` narrows where any edit names it."""
    found = [row for row in likely_denials() if row.carc == carc]
    narrowed = [row for row in found if row.rarc == rarc]
    return tuple(narrowed if rarc and narrowed else found)


def likely_denials() -> tuple[LikelyDenial, ...]:
    """Return the whole table."""
    return read_rules("terminology.claims", "denials.tsv", LikelyDenial)
