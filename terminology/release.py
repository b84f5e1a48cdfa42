"""Releases: one publication of one code system, and the one place where a release is chosen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from terminology.errors import UnknownReleaseError

#: The release of a source that does not name its own.
UNNAMED = "unknown"


@dataclass(frozen=True, slots=True)
class Release:
    """One publication of a code system.

    ``id`` is the short name used everywhere (``2027``, ``2025-01``, ``2026-07``). ``effective_to`` is the
    last day of validity, ``None`` while open. ``sources`` are the names of the files it was read from.
    ``notices`` say what a user must know about its content, for example where it was completed from
    another edition.
    """

    system: str
    id: str
    effective_from: date | None
    effective_to: date | None
    sources: tuple[str, ...] = ()
    notices: tuple[str, ...] = field(default=())

    def in_force(self, day: date) -> bool:
        """Whether the release is in force on a day, by its publisher's dates."""
        begun = self.effective_from is None or self.effective_from <= day
        return begun and (self.effective_to is None or day <= self.effective_to)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Releases of one system in order of publication: ``2026`` < ``2026-04`` < ``2027``."""
        return tuple(self.id.split("-"))


def fiscal_year_dates(year: int) -> tuple[date, date]:
    """Return the first and last day of US federal fiscal year ``year``.

    ICD-10-CM releases follow the fiscal year: FY N runs from 1 October N-1 to 30 September N
    (CMS, ICD-10 files: "FY 2026 ... effective October 1, 2025").
    """
    return date(year - 1, 10, 1), date(year, 9, 30)


def fiscal_year(day: date) -> int:
    """Return the US federal fiscal year of a day.

    >>> fiscal_year(date(2026, 9, 30)), fiscal_year(date(2026, 10, 1))
    (2026, 2027)
    """
    return day.year + (day.month >= 10)


def choose_release(system: str, releases: Iterable[Release], wanted: str | None, day: date) -> Release:
    """Return the release of ``system`` a request means.

    ``wanted`` names it exactly, or by its year (``2026`` finds ``2026-04`` when ``2026`` itself is not
    loaded). Without it: the newest one in force on ``day``; where none is, the newest before it, and before
    all of them the oldest. Raises :class:`UnknownReleaseError`.
    """
    candidates = sorted((r for r in releases if r.system == system), key=lambda r: r.sort_key)
    if wanted is not None:
        named = [r for r in candidates if r.id == wanted] or [
            r for r in candidates if r.id.startswith(f"{wanted}-")
        ]
        if named:
            return named[-1]
    if wanted is not None or not candidates:
        raise UnknownReleaseError(system, wanted or "(default)", [r.id for r in candidates])
    begun = [r for r in candidates if r.effective_from is None or r.effective_from <= day]
    in_force = [r for r in begun if r.in_force(day)]
    return (in_force or begun or candidates[:1])[-1]
