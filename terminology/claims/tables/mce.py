"""The diagnosis master of CMS's Medicare Code Editor (MCE): what it flags of each code, by period."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.edit_table import EditTable, TableRow
from terminology.release import fiscal_year_dates

_FIRST_YEAR = 1983
"""Version 1 of the editor was that of FY1984."""


class MceFlag(StrEnum):
    """What the editor says of a diagnosis code. The values are those of CMS's own program."""

    EXTERNAL_CAUSE = "ecodepdx"
    UNSPECIFIED = "unspecified"
    UNACCEPTABLE = "unacceptable"
    REQUIRES_SECONDARY = "reqsdx"
    MATERNITY = "maternity"
    NEWBORN = "newborn"
    PEDIATRIC = "pediatric"
    ADULT = "adult"
    FEMALE = "female"
    MALE = "male"
    MANIFESTATION = "manifestation"
    QUESTIONABLE_ADMISSION = "qadm"
    WRONG_PROCEDURE = "wrngproc"


@dataclass(frozen=True, slots=True)
class MceDiagnosis(TableRow):
    """A code in a period in which its flags do not change; ``valid_to`` is ``None`` while it is open.

    ``flags`` are the editor's own words: those of :class:`MceFlag`, and others that belong to edits of
    procedures or to the grouper.
    """

    key: str
    valid_from: date
    valid_to: date | None
    flags: tuple[str, ...]

    def covers(self, day: date) -> bool:
        """Return whether the row is the one that counts on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


MCE_DIAGNOSIS = EditTable(
    name="mce_diagnosis",
    publisher="CMS",
    title="Medicare Code Editor, diagnosis master",
    row_type=MceDiagnosis,
    keys=(("key",),),
)


def last_day(release: str) -> date | None:
    """Return the last day that a release of the master (``v44``) tells of, ``None`` for no such name.

    Version N is made for fiscal year N + 1983 (version 44 for FY2027); what begins later it does not know.

    >>> last_day("v44")
    datetime.date(2027, 9, 30)
    """
    version = release.removeprefix("v")
    return fiscal_year_dates(_FIRST_YEAR + int(version))[1] if version.isdecimal() else None


def lists_every_code_on(release: str, day: date) -> bool:
    """Whether a release of the master has every billable code of a day.

    >>> lists_every_code_on("v44", date(2027, 9, 30)), lists_every_code_on("v44", date(2027, 10, 1))
    (True, False)
    """
    last = last_day(release)
    return last is not None and day <= last
