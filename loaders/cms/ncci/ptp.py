"""NCCI procedure-to-procedure edits of CMS: ``ccipra-v302r0-f1.txt`` (outpatient: ``ccioph``).

Seven columns: column 1, column 2, ``*`` for pairs of before 1996, effective and deletion date
(``YYYYMMDD``; ``*`` for not deleted), modifier indicator, rationale. A copyright line, a title and headings
that break over several lines stand above them. Each table comes in four parts, as text and as workbook.
The version counts years and quarters from NCCI's first, 1.0 of January 1996 less a year: v30.2 is the
third quarter of 2024.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from sys import intern
from typing import BinaryIO

from loaders.files.printed_rows import PrintedRow, printed_rows
from terminology.claims.tables.ncci import CodePair, Service
from terminology.errors import ReleaseFormatError

PARTS = 4
"""The parts CMS cuts each table into."""

_NAME = re.compile(
    r"cci(?P<service>pra|oph)-v(?P<version>\d{2})(?P<quarter>[0-3])r\d(-f(?P<part>\d))?(?!\d).*\.(txt|xlsx)",
    re.IGNORECASE,
)
_SERVICES = {"pra": Service.PRACTITIONER, "oph": Service.OUTPATIENT}
_CODE = re.compile(r"[A-Z0-9]{4}[A-Z0-9]")
_FIRST_YEAR = 1994
_COLUMNS = 7


@dataclass(frozen=True, slots=True)
class PairRelease:
    """What a file's name says: service, version ``v30.2``, its quarter, and the part (``None``: whole)."""

    service: Service
    version: str
    starts: date
    ends: date
    part: int | None


def pair_release(name: str) -> PairRelease | None:
    """Return what the name of a PTP file says, ``None`` for any other file.

    >>> pair_release("ccipra-v302r0-f3.TXT").starts.isoformat()
    '2024-07-01'
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    year, quarter = _FIRST_YEAR + int(match["version"]), int(match["quarter"])
    following = date(year + 1, 1, 1) if quarter == 3 else date(year, 3 * quarter + 4, 1)
    return PairRelease(
        _SERVICES[match["service"].lower()],
        f"v{match['version']}.{quarter}",
        date(year, 3 * quarter + 1, 1),
        following - timedelta(days=1),
        int(match["part"]) if match["part"] else None,
    )


def read_code_pairs(file: BinaryIO, path: Path | str) -> Iterator[CodePair]:
    """Yield the pairs of one part in file order.

    From the first pair on every row must be one. Raises :class:`ReleaseFormatError`; a text whose last line
    has no end was cut off.
    """
    whole = _ends_with_a_line(file) or str(path).lower().endswith(".xlsx")
    headed = begun = False
    row: PrintedRow | None = None
    for row in printed_rows(file, path):
        if not begun:
            headed = headed or {"column 1", "column 2"} <= {cell.lower() for cell in row.cells[:2]}
            begun = headed and _CODE.fullmatch(row.text(0)) is not None
        if begun:
            yield _pair(row)
    if not begun:
        raise ReleaseFormatError(path, None, "the headings 'Column 1', 'Column 2' and pairs below", "none")
    if not whole and row is not None:
        raise row.error("a line end", "the end of the file: it was cut off")


def _pair(row: PrintedRow) -> CodePair:
    cells = row.cells
    if len(cells) < _COLUMNS or not cells[6]:
        raise row.error("seven columns", f"{len([c for c in cells if c])}: the row was cut off?")
    column1, column2, before, effective, deleted, indicator, rationale = map(intern, cells[:_COLUMNS])
    for heading, code in (("Column 1", column1), ("Column 2", column2)):
        if not _CODE.fullmatch(code):
            raise row.error("a HCPCS code", repr(code[:20]), heading)
    if indicator not in ("0", "1", "9"):
        raise row.error("0, 1 or 9", repr(indicator[:20]), "Modifier")
    starts = _day(effective)
    if starts is None:
        starts = row.day(3, "Effective Date")
    if starts is None:
        raise row.error("a date", repr(effective), "Effective Date")
    ends = None if deleted == "*" else _day(deleted) or row.day(4, "Deletion Date")
    return CodePair(row.number, column1, column2, before == "*", starts, ends, int(indicator), rationale)


@lru_cache(maxsize=4096)
def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if len(text) == 8 else None
    except ValueError:
        return None


def _ends_with_a_line(file: BinaryIO) -> bool:
    size = file.seek(0, 2)
    file.seek(max(0, size - 1))
    last = file.read(1)
    file.seek(0)
    return last in (b"\n", b"")
