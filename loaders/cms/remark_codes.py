"""Codes of remittance advices as a csv: ``adj_code,adj_type,adj_description,...``, year in the name.

The texts of adjustment reasons (CARC) are X12's and are passed over, whatever the file holds; those of
remarks (RARC) are CMS's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from loaders.cms.twins import one_of_each
from loaders.files.catalog import Format
from loaders.files.printed_rows import below_heading, printed_rows
from loaders.files.reading import Reading
from terminology.claims.tables.remark_codes import REMARK_CODES, RemarkCode
from terminology.edit_table import LoadedTable, loaded_table

_KINDS = ("CARC", "RARC", "Group")
_YEAR = re.compile(r"20\d\d")


def read_remark_codes(file: BinaryIO, path: Path | str) -> Iterator[RemarkCode]:
    """Yield the codes. Raises :class:`ReleaseFormatError`."""
    rows = printed_rows(file, path)
    names = ("adj_code", "adj_type", "adj_description", "adj_start_date", "adj_end_date")
    columns, _ = below_heading(rows, path, names)
    code, kind, text, starts, ends = (columns[name] for name in names)
    for row in rows:
        if row.text(kind) not in _KINDS:
            raise row.error(" or ".join(_KINDS), repr(row.text(kind)[:20]), "adj_type")
        words = row.text(text) if row.text(kind) == "RARC" else ""
        yield RemarkCode(
            row.number,
            row.text(code).upper(),
            row.text(kind),
            words,
            row.day(starts, "adj_start_date"),
            row.day(ends, "adj_end_date"),
        )


def remark_tables(reading: Reading) -> Iterator[LoadedTable[RemarkCode]]:
    """Yield the table of each year; a broken file costs its table and is told."""
    for year, file in one_of_each(reading, reading.of(Format.REMARK_CODES), _year):
        rows = reading.read_or_tell(file, read_remark_codes)
        if rows is not None:
            yield loaded_table(REMARK_CODES, rows, year, file.label)


def _year(name: str) -> str | None:
    match = _YEAR.search(name)
    return match[0] if match else None
