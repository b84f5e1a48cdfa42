"""The NCHS conversion table of ICD-10-CM (``yyyy_ICD-10-CM-CONVERSION-TABLE-FYyyyy.xlsx``).

For every code added since 2016: when it took effect and which code or codes were used before. The sheet
opens with a row of prose; the row of column headings is found by its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from typing import BinaryIO

from loaders.files.workbook import Cells, sheet_rows
from terminology.codes import code_key, dotted
from terminology.errors import ReleaseFormatError
from terminology.mapping import Predecessor
from terminology.systems import ICD10CM

_HEADINGS = ("current code", "effective", "previous code")
_HEADING_ROWS = 20
_MAX_COLUMNS = 50
_CODE = r"[A-Z](?:[0-9][0-9A-Z]|[A-Z][0-9])(?:\.?[0-9A-Z]{1,4})?"
_ONE = re.compile(_CODE)
_RANGE = re.compile(rf"(?:codes? (?:in|from) categories )?({_CODE})\s*-\s*({_CODE})", re.IGNORECASE)
_ALL_BELOW = re.compile(rf"(?:a code from )?({_CODE})\.?-", re.IGNORECASE)
_SEPARATOR = re.compile(r"[,;&]|\band\b", re.IGNORECASE)
_YEARS = range(2010, 2100)


def read_conversion_table(file: BinaryIO, path: str) -> Iterator[Predecessor]:
    """Yield one record per code and previous code, in the sheet's order.

    A previous code that the table gives as a range ("I10-I15.9", "Codes in Categories T15-T19") is one
    record with the range as ``previous`` (see :func:`expand_ranges`); "a code from R11-" is category R11.
    Where a cell names more than one code, or anything but a code, ``previous_note`` holds all of it,
    because "A and B" were used together while "A, B" were alternatives. An effective date other than
    1 October stands in ``effective_note`` as ``YYYY-MM-DD``. A row whose previous code is "None" says
    that the code has no predecessor, and yields nothing.

    Raises :class:`ReleaseFormatError` for a file that is no workbook, has no such headings, or has a row
    with a code, date or previous code that cannot be understood.
    """
    columns: list[int] = []
    for number, row in sheet_rows(file, path, _MAX_COLUMNS):
        if not columns:
            columns = _columns(row)
            if not columns and number >= _HEADING_ROWS:
                break
            continue
        cells = [row[column] if column < len(row) else None for column in columns]
        if any(cell is not None for cell in cells):
            yield from _read_row(cells, path, number)
    if not columns:
        raise ReleaseFormatError(
            path, None, f"a row of headings beginning {', '.join(_HEADINGS)}", "none in the first rows"
        )


def expand_ranges(predecessors: Iterable[Predecessor], keys: Sequence[str]) -> Iterator[Predecessor]:
    """Yield predecessors with every range of codes replaced by the codes of a release it spans.

    ``keys`` are those of the release in the order of its order file. Of the codes from the first to the
    last of the range, those of
    the same length as one of them, or between, are taken; of 7th-character codes, those with the 7th
    character of one of them; never a code together with one below it. A range of whole categories is left
    as it is, and so is one whose ends are not both among the ``keys``.
    """
    places = {key: place for place, key in enumerate(keys)}
    for predecessor in predecessors:
        first, _, last = code_key(predecessor.previous).partition("-")
        is_range = len(first) + len(last) > 6 and places.get(first, 0) < places.get(last, 0)
        if not is_range or first not in places:
            yield predecessor
            continue
        spanned = keys[places[first] : places[last] + 1]
        shortest, longest = sorted((len(first), len(last)))
        kept = [key for key in spanned if shortest <= len(key) <= longest]
        if len(first) == 7:
            kept = [key for key in kept if key[-1] in (first[-1], last[-1])]
        lowest = [key for key, after in pairwise([*kept, ""]) if not after.startswith(key)]
        for key in lowest:
            yield replace(predecessor, previous=dotted(ICD10CM.id, key))


def _columns(row: Cells) -> list[int]:
    """Return the places of the three columns if this is the row of headings."""
    texts = [cell.strip().lower() if isinstance(cell, str) else "" for cell in row]
    found = [next((i for i, t in enumerate(texts) if t.startswith(h)), None) for h in _HEADINGS]
    return [place for place in found if place is not None] if None not in found else []


def _read_row(cells: Sequence[object], path: str, number: int) -> Iterator[Predecessor]:
    code, effective, previous = cells
    if not isinstance(code, str) or not _ONE.fullmatch(code.strip()):
        raise ReleaseFormatError(path, number, "a code", f"'{code}'", column="current code")
    year, note = _effective(effective, path, number)
    if not isinstance(previous, str):
        raise ReleaseFormatError(path, number, "a code or None", f"'{previous}'", column="previous code")
    cell = " ".join(previous.split())
    if cell.lower() == "none":
        return
    parts = [_previous(part.strip(), path, number) for part in _SEPARATOR.split(cell)]
    is_plain = len(parts) == 1 and _ONE.fullmatch(cell)
    for part in parts:
        yield Predecessor(
            code=dotted(ICD10CM.id, code_key(code)),
            previous=part,
            effective_year=year,
            row=number,
            effective_note=note,
            previous_note=None if is_plain else cell,
        )


def _previous(text: str, path: str, number: int) -> str:
    if _ONE.fullmatch(text):
        return dotted(ICD10CM.id, code_key(text))
    if found := _RANGE.fullmatch(text):
        return "-".join(dotted(ICD10CM.id, code_key(end)) for end in found.groups())
    if found := _ALL_BELOW.fullmatch(text):
        return dotted(ICD10CM.id, code_key(found[1]))
    raise ReleaseFormatError(
        path, number, "codes, ranges of codes, or None", f"'{text}'", column="previous code"
    )


def _effective(cell: object, path: str, number: int) -> tuple[int, str | None]:
    """Return the year, and the date where it is not 1 October."""
    if isinstance(cell, str):
        cell = _from_text(cell.strip())
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    if isinstance(cell, int) and cell in _YEARS:
        return cell, None
    if isinstance(cell, datetime) and cell.year in _YEARS:
        is_october = (cell.month, cell.day) == (10, 1)
        return cell.year, None if is_october else cell.date().isoformat()
    raise ReleaseFormatError(path, number, "a year or a date", f"'{cell}'", column="effective")


def _from_text(text: str) -> object:
    if text.isdigit():
        return int(text)
    for form in ("%B %d, %Y", "%m/%d/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    return text
