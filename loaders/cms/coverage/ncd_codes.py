"""Code lists of National Coverage Determinations as a plain table, a row per NCD, HCPCS and diagnosis.

CMS publishes the codes of NCDs in spreadsheets attached to change requests, whose layout differs from one to
the next; a user brings the lists into one table with the headings ``NCD``, ``HCPCS``, ``ICD-10-CM``, ``List``
(``covered`` or ``not covered``), ``Effective`` and ``End`` (blank: open). A note may follow as ``Group`` and
``Paragraph``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO

from loaders.files.printed_rows import below_heading, printed_rows

_HEADINGS = ("NCD", "HCPCS", "ICD-10-CM", "List", "Effective", "End")
_LISTS = {"covered": True, "not covered": False, "noncovered": False}
_CODE = re.compile(r"[A-Z0-9]{5}")
_DIAGNOSIS = re.compile(r"[A-Z][0-9A-Z]{2}(\.?[0-9A-Z]{1,4})?")


@dataclass(frozen=True, slots=True)
class NationalCode:
    """One row: a diagnosis that a determination lists for a service in a period."""

    row: int
    document: str
    service: str
    diagnosis: str
    covered: bool
    effective: date
    ends: date | None


def read_national_codes(file: BinaryIO, path: Path | str) -> Iterator[NationalCode]:
    """Yield the rows of a list. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    columns, _ = below_heading(rows, path, _HEADINGS)
    ncd, hcpcs, icd, which, effective, end = (columns[heading] for heading in _HEADINGS)
    for row in rows:
        service, diagnosis = row.text(hcpcs).upper(), row.text(icd).upper()
        if not _CODE.fullmatch(service):
            raise row.error("a HCPCS code", repr(service[:20]), "HCPCS")
        if not _DIAGNOSIS.fullmatch(diagnosis):
            raise row.error("an ICD-10-CM code", repr(diagnosis[:20]), "ICD-10-CM")
        if row.text(which).lower() not in _LISTS:
            raise row.error("'covered' or 'not covered'", repr(row.text(which)[:20]), "List")
        starts = row.day(effective, "Effective")
        if starts is None:
            raise row.error("a date", "a blank", "Effective")
        number = row.text(ncd).upper().removeprefix("NCD").strip()
        covered = _LISTS[row.text(which).lower()]
        yield NationalCode(
            row.number, f"NCD {number}", service, diagnosis, covered, starts, row.day(end, "End")
        )
