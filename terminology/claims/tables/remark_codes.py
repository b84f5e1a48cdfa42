"""Codes of remittance advices: adjustment reasons (CARC, numbers only) and remarks (RARC, CMS's texts)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class RemarkCode(TableRow):
    """One code. ``kind`` is ``CARC``, ``RARC`` or ``Group``; the texts of CARC are X12's and are not kept."""

    code: str
    kind: str
    text: str
    starts: date | None
    ends: date | None


REMARK_CODES = EditTable("remark_code", "CMS", "Remittance advice codes", RemarkCode, (("code",),))
