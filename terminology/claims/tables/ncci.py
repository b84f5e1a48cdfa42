"""The tables of the National Correct Coding Initiative (CMS): code pairs, units, add-on codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.edit_table import EditTable, TableRow


class Service(StrEnum):
    """Whose services a table of NCCI is about."""

    PRACTITIONER = "practitioner"
    OUTPATIENT = "outpatient hospital"
    DME = "DME supplier"


@dataclass(frozen=True, slots=True)
class CodePair(TableRow):
    """One procedure-to-procedure edit: ``column2`` is not paid beside ``column1``.

    In force from ``effective`` until ``deleted`` (its last day; ``None``: still in force). ``indicator`` 0:
    no modifier helps, 1: an NCCI-associated modifier does, 9: the pair was deleted the day it took effect.
    """

    column1: str
    column2: str
    before_1996: bool
    effective: date
    deleted: date | None
    indicator: int
    rationale: str

    def in_force(self, day: date) -> bool:
        """Return whether the pair is an edit on a day; one of indicator 9 never was."""
        began = self.effective <= day and self.indicator != 9
        return began and (self.deleted is None or day <= self.deleted)


@dataclass(frozen=True, slots=True)
class UnitLimit(TableRow):
    """One medically unlikely edit: at most ``units`` (0 is a value) of ``code``.

    ``adjudication`` 1: per line, 2: per day by policy, 3: per day by clinical benchmark.
    """

    code: str
    units: int
    adjudication: int
    adjudication_text: str
    rationale: str


@dataclass(frozen=True, slots=True)
class AddOn(TableRow):
    """One add-on code with one primary code it may stand beside.

    ``primary`` ``CCCCC`` is any primary that the contractor accepts. ``kind`` 1: the listed primaries only,
    2: the contractor's choice, 3: listed ones and the contractor's choice. Dates are those of the edit;
    ``deleted`` is its last day, the earliest of CMS's three deletion dates.
    """

    add_on: str
    primary: str
    kind: int
    effective: date | None
    deleted: date | None
    note: str

    def in_force(self, day: date) -> bool:
        """Return whether the edit counts on a day."""
        began = self.effective is None or self.effective <= day
        return began and (self.deleted is None or day <= self.deleted)


def _pairs(service: Service) -> EditTable[CodePair]:
    name = f"ptp_{service.name.lower()}"
    title = f"NCCI procedure-to-procedure edits, {service.value}"
    return EditTable(name, "CMS", title, CodePair, (("column1", "column2"), ("column2",)))


def _limits(service: Service) -> EditTable[UnitLimit]:
    title = f"NCCI medically unlikely edits, {service.value}"
    return EditTable(f"mue_{service.name.lower()}", "CMS", title, UnitLimit, (("code",),))


#: Suppliers of equipment have no table of pairs.
CODE_PAIRS = {service: _pairs(service) for service in (Service.PRACTITIONER, Service.OUTPATIENT)}
UNIT_LIMITS = {service: _limits(service) for service in Service}
ADD_ONS = EditTable("add_on", "CMS", "NCCI add-on code edits", AddOn, (("add_on",),))
CONTRACTOR_DEFINED = "CCCCC"
"""The primary code that stands for whatever the contractor accepts."""
