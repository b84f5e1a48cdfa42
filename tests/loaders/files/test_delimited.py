"""Delimited text with a heading."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from loaders.files.delimited import delimited_rows
from terminology.errors import ReleaseFormatError


def test_cells_come_by_column_with_their_line_and_without_blanks() -> None:
    text = b"\xef\xbb\xbfcode,day,more\r\n A1 ,2026-08-15,x\r\n\r\nB2,20260816,\r\n"
    rows = list(delimited_rows(BytesIO(text), "f", ("code", "day")))
    assert [(row.line, row.cells["code"], row.day("day")) for row in rows] == [
        (2, "A1", date(2026, 8, 15)),
        (4, "B2", date(2026, 8, 16)),
    ]
    assert "more" not in rows[0].cells


def test_a_quoted_cell_may_hold_the_delimiter() -> None:
    (row,) = delimited_rows(BytesIO(b'a,b\n"1,2",3\n'), "f", ("a", "b"))
    assert row.cells == {"a": "1,2", "b": "3"}


@pytest.mark.parametrize("text", [b"", b"b,a\n1,2\n", b"a\n1\n"])
def test_another_heading_is_refused(text: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="line 1: expected the heading a,b"):
        list(delimited_rows(BytesIO(text), "f", ("a", "b")))


def test_a_row_of_another_width_is_refused_with_its_line() -> None:
    with pytest.raises(ReleaseFormatError, match="line 3: expected 2 columns"):
        list(delimited_rows(BytesIO(b"a,b\n1,2\n1,2,3\n"), "f", ("a", "b")))


@pytest.mark.parametrize("text", ["2026-02-30", "15.08.2026", "2026-W01"])
def test_what_is_no_day_is_refused_with_its_column(text: str) -> None:
    (row,) = delimited_rows(BytesIO(f"day\n{text}\n".encode()), "f", ("day",))
    with pytest.raises(ReleaseFormatError, match="line 2, day: expected a day"):
        row.day("day")
