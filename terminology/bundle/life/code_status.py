"""What a code can be on a day, and what is answered of one: status, period, what stands in its place."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CodeStatus(StrEnum):
    """What a code is on a day.

    ``EXISTING`` is a code or heading in use. One that ended is ``SPLIT`` when several took its place,
    ``MERGED`` when one did that took the place of others too, else ``RETIRED``. ``UNDETERMINED``: the code is
    known, but no loaded file says whether it existed then. ``UNKNOWN``: no loaded file ever had it.
    """

    EXISTING = "existing"
    RETIRED = "retired"
    SPLIT = "split"
    MERGED = "merged"
    NOT_YET_VALID = "not-yet-valid"
    UNDETERMINED = "undetermined"
    UNKNOWN = "unknown"


GONE = (CodeStatus.RETIRED, CodeStatus.SPLIT, CodeStatus.MERGED)


@dataclass(frozen=True, slots=True)
class Successor:
    """A code that stands in place of another on the day that was asked for.

    ``since`` is the ISO date the conversion table gives; ``None`` where the table is silent and the code is
    one that began below the nearest heading on the day after the other ended.
    """

    code: str
    title: str
    since: str | None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a code is ``on`` a day (ISO), and what to use in its place.

    ``begins`` and ``ended`` are the first and last day (ISO) of the period meant: the one in force, the last
    before the day, or the first after it; ``None`` where no loaded file gives the day, or it is open.
    ``last_release`` is the newest loaded release that holds the code, ``None`` for a code that only dated
    tables know (it has no title then). ``heading`` is the nearest heading in use that the code begins with.
    """

    system: str
    code: str
    on: str
    status: CodeStatus
    title: str | None
    billable: bool | None
    begins: str | None
    ended: str | None
    last_release: str | None
    successors: tuple[Successor, ...]
    heading: str | None
    message: str
    source: str | None

    @property
    def exists(self) -> bool:
        """Whether the code is in use on the day."""
        return self.status is CodeStatus.EXISTING
