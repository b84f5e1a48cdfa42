"""Where the ICD-10-CM Official Guidelines speak of a chapter: section, title and page, not the text."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.rule_tables import read_rules

GUIDELINES = "ICD-10-CM Official Guidelines for Coding and Reporting, FY 2025"
_ADDRESS = "https://www.cms.gov/files/document/fy-2025-icd-10-cm-coding-guidelines.pdf"


@dataclass(frozen=True, slots=True)
class GuidelineSection:
    """A section of the guidelines; ``page`` is that of the document."""

    chapter: str
    section: str
    title: str
    page: int

    @property
    def address(self) -> str:
        """The publisher's own document, open at the page."""
        return f"{_ADDRESS}#page={self.page}"


def sections_for(chapter: str) -> tuple[GuidelineSection, ...]:
    """Return the sections on a chapter of ICD-10-CM by its number, that of the whole chapter first.

    >>> [(s.section, s.page) for s in sections_for("4")]
    [('I.C.4', 38), ('I.C.4.a', 38)]
    """
    return tuple(row for row in _sections() if row.chapter == chapter)


def _sections() -> tuple[GuidelineSection, ...]:
    rows = read_rules("terminology", "guideline_sections.tsv", GuidelineSection)
    return tuple(sorted(rows, key=lambda row: (int(row.chapter), row.section)))
