"""CMS's place of service codes as comma-separated text: code, rate type, name, description.

All two-digit numbers are listed; the unassigned ones say so in their type and are no codes. The file carries
no dates: it is in force from the year in its name until a newer one is loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import BinaryIO

from loaders.files.delimited import delimited_rows
from terminology.claims.tables.place_of_service import PLACE_OF_SERVICE, PlaceOfService
from terminology.edit_table import LoadedTable, loaded_table
from terminology.errors import ReleaseFormatError

COLUMNS = ("pos_code", "pos_type", "pos_name")
_TYPES = {"Facility": True, "Non-Facility": False}
_UNASSIGNED = "Unassigned"
_CODE = re.compile(r"\d\d")
_YEAR = re.compile(r"20\d\d")


def read_places_of_service(file: BinaryIO, path: Path | str) -> Iterator[PlaceOfService]:
    """Yield the assigned places. Raises :class:`ReleaseFormatError` with the text line."""
    for row in delimited_rows(file, path, COLUMNS):
        if not _CODE.fullmatch(row.cells["pos_code"]):
            raise row.fault("pos_code", "two digits")
        kind = row.cells["pos_type"]
        if kind == _UNASSIGNED:
            continue
        if kind not in _TYPES:
            raise row.fault("pos_type", f"one of {', '.join(_TYPES)}, {_UNASSIGNED}")
        yield PlaceOfService(row.line, row.cells["pos_code"], row.cells["pos_name"], _TYPES[kind])


def place_of_service_release(
    rows: Sequence[PlaceOfService], name: str, label: str
) -> LoadedTable[PlaceOfService]:
    """Return the list as a release of its table; the file's name tells the year."""
    year = _YEAR.search(name)
    if year is None:
        raise ReleaseFormatError(label, None, "a file name with the year", name)
    return loaded_table(PLACE_OF_SERVICE, rows, year[0], label, (date(int(year[0]), 1, 1), None))
