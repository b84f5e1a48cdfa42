"""Which date counts for what on a claim (docs/claims.md).

Inpatient: the discharge. Hospital outpatient: a diagnosis is good if it is valid on the statement's first or
last day. Professional: each line's own date. Suppliers of equipment: the From date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting


@dataclass(frozen=True, slots=True)
class CodingDay:
    """A question of validity: ``days`` of which one must fit, and the 1-based ``lines`` it is asked for.

    ``lines`` is empty where the day is the whole claim's.
    """

    days: tuple[date, ...]
    lines: tuple[int, ...] = ()


def claim_day(claim: Claim) -> date | None:
    """Return the one day that edits of the whole claim are asked on, ``None`` where the claim has none."""
    if claim.setting is ClaimSetting.INPATIENT:
        return claim.discharge_date or claim.statement_through or claim.date_of_service
    first = claim.statement_from or claim.date_of_service
    return first or min((line.date_of_service for line in claim.lines if line.date_of_service), default=None)


def line_day(claim: Claim, line: ClaimLine) -> date | None:
    """Return the day of a service line: its own, else the claim's."""
    return line.date_of_service or claim_day(claim)


def diagnosis_days(claim: Claim, number: int) -> tuple[CodingDay, ...]:
    """Return the days on which the ``number``-th diagnosis must be valid.

    On a professional claim these are the dates of the lines that point to it, or of all lines where none
    does; lines of one date are asked about together, and as the whole claim's where all are of one date.
    """
    if claim.setting is ClaimSetting.OUTPATIENT:
        ends = tuple(filter(None, (claim.statement_from, claim.statement_through)))
        if ends:
            return (CodingDay(ends),)
    if claim.setting is ClaimSetting.PROFESSIONAL:
        by_day = _days_of_lines(claim, number)
        if len(by_day) > 1:
            return tuple(CodingDay((day,), lines) for day, lines in by_day.items())
        if by_day:
            return tuple(CodingDay((day,)) for day in by_day)
    day = claim_day(claim)
    return () if day is None else (CodingDay((day,)),)


def _days_of_lines(claim: Claim, number: int) -> dict[date, tuple[int, ...]]:
    dated = [(n, line) for n, line in enumerate(claim.lines, 1) if line.date_of_service]
    pointing = [(n, line) for n, line in dated if number in line.pointers] or dated
    by_day: dict[date, tuple[int, ...]] = {}
    for n, line in pointing:
        if line.date_of_service is not None:
            by_day[line.date_of_service] = (*by_day.get(line.date_of_service, ()), n)
    return by_day
