"""Rows of WHO tables, from text and from workbooks."""

from __future__ import annotations

from io import BytesIO

import pytest
from openpyxl import Workbook

from loaders.icd11.who_table import Row, stamped_release, table_rows, text_rows, unquoted, workbook_rows
from terminology.errors import ReleaseFormatError


def rows(content: bytes) -> list[Row]:
    return list(text_rows(BytesIO(content), "table.txt"))


def test_records_end_at_cr_lf_and_a_bare_lf_belongs_to_its_cell() -> None:
    assert rows(b"a\tb\r\none\tfirst\nsecond\r\ntwo\t\r\n") == [
        Row(1, ["a", "b"]),
        Row(2, ["one", "first\nsecond"]),
        Row(4, ["two", ""]),
    ]


def test_the_byte_order_mark_and_empty_lines_are_no_content() -> None:
    assert rows("\ufeffa\r\n\r\nb\r\n".encode()) == [Row(1, ["a"]), Row(3, ["b"])]


def test_where_the_header_is_quoted_all_cells_are() -> None:
    assert rows(b'"a"\t"b ""c"""\r\none\t"two, three"\r\n') == [
        Row(1, ["a", 'b "c"']),
        Row(2, ["one", "two, three"]),
    ]


def test_quotes_of_a_file_whose_header_has_none_stay() -> None:
    assert rows(b'a\tb\r\none\t"two"\r\n')[1] == Row(2, ["one", '"two"'])


def test_a_remark_above_the_header_of_a_workbook_is_no_row() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["WHO, 2026"], ["a", "b"], ["1", "2"], ["3"]):
        sheet.append(row)
    saved = BytesIO()
    book.save(saved)
    assert [row.cells for row in workbook_rows(saved, "t.xlsx")] == [["a", "b"], ["1", "2"], ["3", ""]]


def test_a_last_record_without_a_line_end_is_read() -> None:
    assert rows(b"a\r\nb\tc") == [Row(1, ["a"]), Row(2, ["b", "c"])]


def test_a_file_converted_to_bare_line_feeds_is_an_error() -> None:
    with pytest.raises(
        ReleaseFormatError, match="line 1: expected a header that ends with CR LF, found a bare"
    ):
        rows(b"a\tb\nc\td\n")


def test_a_record_without_end_is_an_error_before_it_fills_the_memory() -> None:
    with pytest.raises(ReleaseFormatError, match="line 2: expected a record of at most 1 MiB"):
        rows(b"a\r\n" + b"x" * 1000 * 1100 + b"\n" + b"y\r\n")


def test_a_workbook_gives_text_as_long_as_its_header() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["a", "b", "c"])
    sheet.append([1, None, None])
    sheet.append([])
    sheet.append([True, 2.0, 2.5])
    saved = BytesIO()
    book.save(saved)
    expected = [Row(1, ["a", "b", "c"]), Row(2, ["1", "", ""]), Row(4, ["True", "2", "2.5"])]
    assert list(workbook_rows(saved, "table.xlsx")) == expected
    assert list(table_rows(saved, "table.xlsx")) == expected


def test_a_damaged_workbook_is_an_error() -> None:
    with pytest.raises(ReleaseFormatError, match=r"table.xlsx: expected a readable xlsx workbook"):
        list(workbook_rows(BytesIO(b"PK\x03\x04 and no more"), "table.xlsx"))


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("a", "a"),
        ('"a"', "a"),
        ('"a ""b"" c"', 'a "b" c'),
        ('""', ""),
        ('"', None),
        ('"a" b', None),
        ('"a', None),
    ],
)
def test_a_cell_loses_its_quotes_only_if_they_balance(cell: str, text: str | None) -> None:
    assert unquoted(cell) == text


@pytest.mark.parametrize(
    ("stamp", "release"),
    [
        ("Version:2024 Jan 21 - 22:30 UTC", "2024-01"),
        ("2025-Jan-24", "2025-01"),
        ("2019-Apr-05", "2019-04"),
        ("2024-01-21", "2024-01"),
        ("Version:", None),
        ("Grouping5", None),
    ],
)
def test_a_version_stamp_names_its_release_by_year_and_month(stamp: str, release: str | None) -> None:
    assert stamped_release(stamp) == release
