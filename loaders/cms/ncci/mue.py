"""NCCI medically unlikely edits of CMS: ``MCR_MUE_PractitionerServices_Eff_07-01-2024.csv`` and its kind.

Four columns: code, the service's MUE value, adjudication indicator (``2 Date of Service Edit: Policy``),
rationale, below a copyright cell. CMS publishes a table per service each quarter, as csv and as workbook.
Values that CMS keeps confidential have no row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from loaders.files.printed_rows import PrintedRow, below_heading, printed_rows
from terminology.claims.tables.ncci import Service, UnitLimit

_NAME = re.compile(
    r"(MCR_)?MUE_(?P<service>Practitioner|OutpatientHospital|DMESupplier)Services?_Eff_"
    r"(?P<month>\d\d)-(?P<day>\d\d)-(?P<year>20\d\d)\w*\.(csv|xlsx)",
    re.IGNORECASE,
)
_SERVICES = {
    "practitioner": Service.PRACTITIONER,
    "outpatienthospital": Service.OUTPATIENT,
    "dmesupplier": Service.DME,
}
_CODE = re.compile(r"[A-Z0-9]{5}")
_HEADINGS = {
    Service.PRACTITIONER: "Practitioner Services MUE Values",
    Service.OUTPATIENT: "Outpatient Hospital Services MUE Values",
    Service.DME: "DME Supplier Services MUE Values",
}


@dataclass(frozen=True, slots=True)
class LimitRelease:
    """What a file's name says: service and the quarter it is in force."""

    service: Service
    starts: date
    ends: date


def limit_release(name: str) -> LimitRelease | None:
    """Return what the name of a MUE file says, ``None`` for any other file or an impossible date.

    >>> limit_release("MCR_MUE_DMESupplierServices_Eff_07-01-2024.csv").ends.isoformat()
    '2024-09-30'
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    try:
        starts = date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    after = (starts.month - 1) // 3 * 3 + 4
    following = date(starts.year + after // 13, (after - 1) % 12 + 1, 1)
    return LimitRelease(_SERVICES[match["service"].lower()], starts, following - timedelta(days=1))


def read_unit_limits(file: BinaryIO, path: Path | str, service: Service) -> Iterator[UnitLimit]:
    """Yield the values of one service's table. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    headings = ("HCPCS/CPT Code", _HEADINGS[service], "MUE Adjudication Indicator", "MUE Rationale")
    columns, _ = below_heading(rows, path, headings)
    code, units, adjudication, rationale = (columns[heading] for heading in headings)
    for row in rows:
        if not _CODE.fullmatch(row.text(code)):
            raise row.error("a HCPCS code", repr(row.text(code)[:20]), headings[0])
        text = row.text(adjudication)
        yield UnitLimit(
            row.number,
            row.text(code),
            row.whole(units, headings[1]),
            _indicator(row, text),
            text,
            row.text(rationale),
        )


def _indicator(row: PrintedRow, text: str) -> int:
    if text[:1] not in ("1", "2", "3"):
        raise row.error("an indicator 1, 2 or 3", repr(text[:40]), "MUE Adjudication Indicator")
    return int(text[0])
