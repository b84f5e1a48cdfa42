"""Coverage determinations: LCDs and articles of the Medicare Coverage Database, and NCD code lists (CMS)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from terminology.edit_table import EditTable, TableRow

_DATABASE = "Medicare Coverage Database"


@dataclass(frozen=True, slots=True)
class CoverageDocument(TableRow):
    """One version of a document, in force from ``effective`` to ``ends`` (both included, ``None``: open).

    ``edition`` is number and version (``A99901.1``), which the other tables name it by; ``document`` the
    number as printed (``A99901``, ``L36668``, ``NCD 190.20``). ``status`` is the database's letter: A active,
    R retired, F future. ``contractors`` are contract numbers, or the database's own where it tells no other.
    """

    edition: str
    document: str
    version: int
    title: str
    effective: date
    ends: date | None
    status: str
    contractors: tuple[str, ...]

    def in_force(self, day: date) -> bool:
        """Return whether this version counts on a day."""
        return self.effective <= day and (self.ends is None or day <= self.ends)

    @property
    def national(self) -> bool:
        """Whether it is a national determination, which every contractor follows."""
        return self.document.startswith("NCD")


@dataclass(frozen=True, slots=True)
class CoveredService(TableRow):
    """A HCPCS code that a version of a document is about, in one of its groups of codes."""

    code: str
    edition: str
    group: int


@dataclass(frozen=True, slots=True)
class CoverageDiagnosis(TableRow):
    """An ICD-10-CM code that a version lists: as supporting the service (``covered``) or as not.

    ``asterisk``: the code counts only as the group's asterisk text says.
    """

    edition: str
    key: str
    code: str
    group: int
    covered: bool
    asterisk: bool


@dataclass(frozen=True, slots=True)
class CoverageGroup(TableRow):
    """The words above one group of diagnoses, without markup, and what its asterisk means."""

    edition: str
    group: int
    covered: bool
    paragraph: str
    asterisk_text: str


DOCUMENTS = EditTable(
    "coverage_document", "CMS", f"{_DATABASE}, documents", CoverageDocument, (("edition",), ("document",))
)
SERVICES = EditTable(
    "coverage_service", "CMS", f"{_DATABASE}, HCPCS codes", CoveredService, (("code",), ("edition",))
)
DIAGNOSES = EditTable(
    "coverage_diagnosis", "CMS", f"{_DATABASE}, ICD-10 codes", CoverageDiagnosis, (("edition",), ("key",))
)
GROUPS = EditTable(
    "coverage_group", "CMS", f"{_DATABASE}, groups of ICD-10 codes", CoverageGroup, (("edition",),)
)
