"""Workbooks: rows beyond the size a sheet states, and damage of every kind as one error with its row."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from loaders.files.workbook import sheet_rows
from terminology.errors import ReleaseFormatError

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [("code", "title"), ("A00", "Cholera"), (None, None), ("A01", "Typhoid")]


def written() -> BytesIO:
    book, file = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in ROWS:
        sheet.append(row)
    book.save(file)
    return file


def changed(change: Callable[[bytes], bytes]) -> BytesIO:
    """The workbook with another text as its sheet."""
    file = BytesIO()
    with ZipFile(written()) as before, ZipFile(file, "w", ZIP_DEFLATED) as after:
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if name == SHEET else data)
    return file


def test_rows_come_with_their_numbers() -> None:
    assert list(sheet_rows(written(), "a.xlsx", 2)) == list(enumerate(ROWS, 1))


def test_the_size_that_a_sheet_states_is_not_believed() -> None:
    file = changed(lambda text: text.replace(b'ref="A1:B4"', b'ref="A1:A1"'))
    assert list(sheet_rows(file, "a.xlsx", 2)) == list(enumerate(ROWS, 1))


def test_a_cell_far_to_the_right_does_not_lengthen_a_row() -> None:
    file = changed(lambda text: text.replace(b'r="B2"', b'r="XFD2"'))
    assert {len(cells) for _, cells in sheet_rows(file, "a.xlsx", 2)} == {2}


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[: text.index(b'<c r="A2"') + 4],
        lambda text: text.replace(b"</row>", b"</raw>"),
        lambda text: text.replace(b'<row r="2"', b'<row r="two"'),
    ],
)
def test_damage_within_a_sheet_is_one_error_with_its_row(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(ReleaseFormatError, match=r"a\.xlsx(, line [23])?: expected a readable xlsx workbook"):
        list(sheet_rows(changed(change), "a.xlsx"))


def test_a_row_numbered_beyond_what_a_sheet_has_does_not_bring_as_many_empty_ones() -> None:
    file = changed(lambda text: text.replace(b'<row r="4"', b'<row r="2000000000"'))
    with pytest.raises(ReleaseFormatError, match="at most 1,048,576 rows"):
        list(sheet_rows(file, "a.xlsx"))


def test_a_flipped_byte_of_the_packed_sheet_is_told() -> None:
    data = bytearray(written().getvalue())
    at = data.index(SHEET.encode()) + len(SHEET) + 30
    data[at] ^= 0xFF
    with pytest.raises(ReleaseFormatError, match="expected a readable xlsx workbook"):
        list(sheet_rows(BytesIO(bytes(data)), "a.xlsx"))
