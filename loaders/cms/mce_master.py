"""The diagnosis master of CMS's Medicare Code Editor, as comma-separated text.

One row per code and period: ``code,valid_from,valid_to,mce_flags``, the code without dot, days as
``YYYYMMDD``, flags separated by ``|``. Attributes change with the period. The master's horizon, the last day
of the half year the version was made for, stands where a row has no end.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO

from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError

HEADING = ["code", "valid_from", "valid_to", "mce_flags"]
_CODE = re.compile(r"[A-Z][0-9][0-9A-Z]{1,5}")
_DAY = re.compile(r"\d{8}")
_VERSION = re.compile(r"[_-]v(\d{2})")


def read_mce_master(file: BinaryIO, path: Path | str) -> Iterator[MceDiagnosis]:
    """Yield the rows of the master; its horizon is read as open.

    Raises :class:`ReleaseFormatError` with the text line.
    """
    text = TextIOWrapper(file, "ascii", errors="replace", newline="")
    rows = csv.reader(text)
    heading = next(rows, [])
    if heading != HEADING:
        raise ReleaseFormatError(path, 1, f"the heading {','.join(HEADING)}", ",".join(heading)[:80])
    read = [_row(cells, path, rows.line_num) for cells in rows]
    text.detach()
    horizon = max((row.valid_to for row in read if row.valid_to), default=None)
    for row in read:
        open_end = row.valid_to == horizon
        yield MceDiagnosis(row.row, row.key, row.valid_from, None, row.flags) if open_end else row


def mce_release(rows: Sequence[MceDiagnosis], name: str, label: str) -> LoadedTable[MceDiagnosis]:
    """Return the master as a release of its table; the file's name tells the editor's version (``v44``)."""
    version = _VERSION.search(name)
    if version is None:
        raise ReleaseFormatError(label, None, "a file name with the editor's version, e.g. mce_v44", name)
    first = min((row.valid_from for row in rows), default=None)
    return loaded_table(MCE_DIAGNOSIS, rows, f"v{version[1]}", label, (first, None))


def _row(cells: list[str], path: Path | str, line: int) -> MceDiagnosis:
    if len(cells) != len(HEADING):
        raise ReleaseFormatError(path, line, f"{len(HEADING)} columns", f"{len(cells)}")
    code, start, end, flags = cells
    if not _CODE.fullmatch(code):
        raise ReleaseFormatError(path, line, "an ICD-10-CM code without dot", repr(code[:40]), column="code")
    period = (_day(start, path, line, "valid_from"), _day(end, path, line, "valid_to"))
    if period[1] < period[0]:
        raise ReleaseFormatError(path, line, "an end after the start", f"{start} to {end}", column="valid_to")
    return MceDiagnosis(line, code, *period, tuple(filter(None, flags.split("|"))))


def _day(text: str, path: Path | str, line: int, column: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:  # no day of the calendar
        pass
    raise ReleaseFormatError(path, line, "a day as YYYYMMDD", repr(text[:40]), column=column)
