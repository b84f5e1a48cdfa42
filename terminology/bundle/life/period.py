"""A period in the life of a code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Period:
    """A period in which a code existed with one title and one flag.

    ``start`` and ``end`` are the first and last day that the loaded files attest, both included; ``end`` is
    ``None`` while it is open. ``earliest`` is the first day it may have begun, ``latest`` the last it may
    have lasted to (``None``: no file sets a bound); where they equal ``start`` and ``end`` the day is known.
    ``title`` is ``None`` for a code that no loaded release holds. ``source`` says which files say so.
    """

    start: date
    end: date | None
    title: str | None
    billable: bool | None
    source: str
    earliest: date | None
    latest: date | None

    @property
    def start_known(self) -> bool:
        """Whether ``start`` is the first day, and not only the first that a loaded file attests."""
        return self.earliest == self.start

    @property
    def end_known(self) -> bool:
        """Whether ``end`` is the last day (or the period is open)."""
        return self.end is None or self.latest == self.end

    def covers(self, day: date) -> bool:
        """Return whether the code is attested on a day."""
        return self.start <= day and (self.end is None or day <= self.end)

    def may_cover(self, day: date) -> bool:
        """Return whether no loaded file says that the code did not exist on a day."""
        after = self.earliest is None or self.earliest <= day
        return after and (self.end is None or self.latest is None or day <= self.latest)
