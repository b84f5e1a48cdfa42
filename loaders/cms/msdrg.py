"""MS-DRG tables of CMS's IPPS final rule: 6I (MCC list), 6J (CC list) and 5 (relative weights).

The texts are tab-separated exports in Windows-1252. A title and a heading precede the rows; notes follow
after an empty line.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from terminology.codes import code_key
from terminology.errors import ReleaseFormatError
from terminology.facility import DrgWeight, PaymentScheme, PaymentStatus

_TITLE = re.compile(r"TABLE 6([IJ]) *- *COMPLETE (MCC|CC) LIST")
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
_WEIGHT_COLUMNS = 10
_YEAR = re.compile(r"FY (20\d\d)")


def read_cc_list(file: BinaryIO, path: Path | str) -> Iterator[PaymentStatus]:
    """Yield the codes of table 6I (status ``MCC``) or 6J (status ``CC``), whichever the file is.

    Raises :class:`ReleaseFormatError`; the line is the text line.
    """
    text = TextIOWrapper(file, "cp1252", newline=None)
    title = next(text, "").strip()
    known = _TITLE.match(title)
    if known is None:
        raise ReleaseFormatError(path, 1, "'TABLE 6I - COMPLETE MCC LIST' or the CC list", repr(title[:60]))
    source, status = f"IPPS table 6{known[1]}", known[2]
    heading = next(text, "").strip().split("\t")
    if heading[:1] != ["Diagnosis Code"]:
        raise ReleaseFormatError(path, 2, "the heading 'Diagnosis Code'", repr(heading[0][:60]))
    for line, row in enumerate(text, 3):
        if not row.strip():
            break
        code = row.split("\t", 1)[0].strip()
        if not _CODE.fullmatch(code):
            raise ReleaseFormatError(path, line, "an ICD-10-CM code", repr(code[:60]))
        yield PaymentStatus(PaymentScheme.MS_DRG, code_key(code), status, source)
    text.detach()


def read_drg_weights(file: BinaryIO, path: Path | str) -> Iterator[DrgWeight]:
    """Yield the MS-DRGs of table 5 with their weights before and after the cap on decreases.

    Raises :class:`ReleaseFormatError`; the line is the text line.
    """
    text = TextIOWrapper(file, "cp1252", newline="")
    rows = csv.reader(text, delimiter="\t")
    begun, year = False, None
    for row in rows:
        first = row[0].strip() if row else ""
        if not begun:
            begun = first == "MS-DRG"
            year = year or _YEAR.search(" ".join(row))
            continue
        if not first:
            continue
        if not (first.isdecimal() and len(row) >= _WEIGHT_COLUMNS - 1):
            raise ReleaseFormatError(path, rows.line_num, "a DRG with ten columns", repr(first[:60]))
        weight, capped = (_weight(row, at, path, rows.line_num) for at in (6, 7))
        fiscal_year = int(year[1]) if year else None
        yield DrgWeight(first, row[4].strip(), row[5].strip(), weight, "IPPS table 5", capped, fiscal_year)
    text.detach()
    if not begun:
        raise ReleaseFormatError(path, None, "the heading 'MS-DRG'", "no such line")


def _weight(row: list[str], at: int, path: Path | str, line: int) -> float | None:
    try:
        return None if row[at].strip() == "." else float(row[at])
    except ValueError:
        column = "Weights - Before Cap" if at == 6 else "Weights - 10% Cap Applied"
        raise ReleaseFormatError(path, line, "a weight or '.'", repr(row[at][:40]), column=column) from None
