"""What a check says of a claim: findings, what was checked, and what was not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.edit_table import TableRelease


class Severity(StrEnum):
    """How much a finding matters: an error will be rejected, a warning may be, info is good to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def rank(self) -> int:
        """0 for the worst."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Certainty(StrEnum):
    """Whether a publisher's rule says it, or this program concludes it."""

    RULE = "rule"
    HEURISTIC = "heuristic"


@dataclass(frozen=True, slots=True)
class InForce:
    """The days on which something is in force, both included; ``None`` is open or not known."""

    start: date | None = None
    end: date | None = None

    @classmethod
    def of(cls, start: str | None, end: str | None) -> InForce:
        """Return the period between two ISO days."""
        return cls((start and date.fromisoformat(start)) or None, (end and date.fromisoformat(end)) or None)


@dataclass(frozen=True, slots=True)
class Source:
    """Who says so. ``row`` is the row of the publisher's file, or the section of a guideline."""

    publisher: str
    table: str
    release: str | None = None
    row: int | str | None = None
    in_force: InForce = InForce()


def table_source(release: TableRelease, row: int | None = None, in_force: InForce | None = None) -> Source:
    """Return a table as a source, or one row of it.

    ``in_force`` is the row's own period; without it the release's is told.
    """
    period = in_force or InForce(release.in_force_from, release.in_force_to)
    return Source(release.publisher, release.title, release.release, row, period)


class Icd11Effect(StrEnum):
    """What becomes of a finding's check when claims are coded in ICD-11."""

    SAME = "same"
    MOVES = "moves"
    WEAKER = "weaker"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Icd11Note:
    """The effect with a sentence for the reader."""

    effect: Icd11Effect
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What an edit says of a claim.

    ``dx`` and ``line`` are 1-based numbers of the diagnoses and lines concerned. ``why`` are the publisher's
    own words, where there are any. ``suggest`` are codes. ``carc`` are claim adjustment reason codes that a
    payer is likely to deny with: a heuristic, numbers only.
    """

    edit: str
    severity: Severity
    message: str
    source: Source
    dx: tuple[int, ...] = ()
    line: tuple[int, ...] = ()
    certainty: Certainty = Certainty.RULE
    why: str | None = None
    suggest: tuple[str, ...] = ()
    carc: tuple[str, ...] = ()
    icd11: Icd11Note | None = None


@dataclass(frozen=True, slots=True)
class CheckedEdit:
    """An edit that was applied, with the table and release it read."""

    edit: str
    table: str
    release: str | None = None


@dataclass(frozen=True, slots=True)
class NotChecked:
    """An edit, or a part of one, that could not be applied, and why."""

    edit: str
    reason: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The answer for one claim: findings, the worst first, and how far the check went.

    ``id`` is the claim's own.
    """

    findings: tuple[Finding, ...]
    checked: tuple[CheckedEdit, ...]
    not_checked: tuple[NotChecked, ...]
    id: str | None = None
