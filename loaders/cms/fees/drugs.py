"""Part B drugs of CMS: payment limits (ASP pricing file) and the crosswalk of NDC to HCPCS, csv or workbook.

Both have a title, the quarter they are effective in and notes above the heading; the crosswalk's first
heading is named after the year (``_2026_CODE``) and its csv trails hundreds of empty columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import BinaryIO

from loaders.cms.fees.addendum_b import quarter_of
from loaders.files.faults import Tell, refuse
from loaders.files.printed_rows import PrintedRow, below_heading, each_readable, printed_rows
from terminology.claims.tables.fee_schedule import DrugLimit, DrugProduct

_LIMITS_NAME = re.compile(
    r".*(asp.*(pricing|payment[ _-]?limit)|section 508.*asp.*pricing).*\.(csv|xlsx)", re.I
)
_PRODUCTS_NAME = re.compile(r".*asp.*ndc.*hcpcs.*(crosswalk|xwalk).*\.(csv|xlsx)", re.I)
_QUARTER = re.compile(
    r"(?P<year>20\d\d)[ _.-]*(?P<month>jan|apr|jul|oct)|(?P<m2>jan|apr|jul|oct)[a-z]*[ _.-]*(?P<y2>20\d\d)",
    re.I,
)
_CODE = re.compile(r"[A-Z0-9]{5}")
#: Eleven digits; CMS has printed twelve.
_NDC = re.compile(r"\d{5}-?\d{4}-?\d{2}|\d{10,12}")


def limits_quarter(name: str) -> tuple[date, date] | None:
    """Return the first and last day of the quarter of a file of payment limits, ``None`` for any other."""
    return _quarter(name) if _LIMITS_NAME.fullmatch(name) and not _PRODUCTS_NAME.fullmatch(name) else None


def products_quarter(name: str) -> tuple[date, date] | None:
    """Return the first and last day of the quarter of a crosswalk of NDC to HCPCS, ``None`` for any other."""
    return _quarter(name) if _PRODUCTS_NAME.fullmatch(name) else None


def _quarter(name: str) -> tuple[date, date] | None:
    match = _QUARTER.search(name)
    return quarter_of(match) if match else None


def read_drug_limits(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[DrugLimit]:
    """Yield the payment limits; ``tell`` is told of a price or row that costs itself.

    Raises :class:`ReleaseFormatError`.
    """
    rows = printed_rows(file, path)
    headings = (
        "HCPCS Code",
        "Short Description",
        "HCPCS Code Dosage",
        "Payment Limit",
        "Co-insurance Percentage",
        "Notes",
    )
    columns, _ = below_heading(rows, path, headings)
    code, title, dosage, limit, coinsurance, notes = (columns[name] for name in headings)

    def read(row: PrintedRow) -> DrugLimit:
        return DrugLimit(
            row.number,
            _code(row, code),
            row.text(title),
            row.text(dosage),
            row.amount(limit, "Payment Limit", tell),
            row.amount(coinsurance, "Co-insurance Percentage", tell),
            " ".join(row.text(notes).split()),
        )

    yield from each_readable(rows, read, tell)


def read_drug_products(file: BinaryIO, path: Path | str, tell: Tell = refuse) -> Iterator[DrugProduct]:
    """Yield the packages of drugs; ``tell`` is told of a number or row that costs itself.

    Raises :class:`ReleaseFormatError`.
    """
    rows = printed_rows(file, path)
    headings = ("LABELER NAME", "NDC2", "Drug Name", "HCPCS dosage", "PKG SIZE", "PKG QTY", "BILLUNITS")
    columns, heading = below_heading(rows, path, headings)
    first = heading.cells[0].upper()
    if not first.endswith("CODE"):
        raise heading.error("a first heading such as _2026_CODE", repr(first[:30]))
    per_package = next((at for at, cell in enumerate(heading.cells) if cell.upper() == "BILLUNITSPKG"), None)
    labeler, ndc, name, dosage, size, quantity, units = (columns[heading] for heading in headings)

    def read(row: PrintedRow) -> DrugProduct:
        if not _NDC.fullmatch(row.text(ndc)):
            raise row.error("an NDC of eleven digits", repr(row.text(ndc)[:20]), "NDC2")
        packaged = None if per_package is None else row.amount(per_package, "BILLUNITSPKG", tell)
        return DrugProduct(
            row=row.number,
            ndc=row.text(ndc).replace("-", ""),
            code=_code(row, 0),
            description=row.text(1),
            labeler=row.text(labeler),
            name=row.text(name),
            dosage=row.text(dosage),
            package_size=row.text(size),
            package_quantity=row.text(quantity),
            billing_units=row.amount(units, "BILLUNITS", tell),
            units_per_package=packaged,
        )

    yield from each_readable(rows, read, tell)


def _code(row: PrintedRow, at: int) -> str:
    if not _CODE.fullmatch(row.text(at)):
        raise row.error("a HCPCS code", repr(row.text(at)[:20]), "HCPCS Code")
    return row.text(at)
