"""The spreadsheet twin of the ANWEB text; workbooks are made in the tests."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest

from loaders.files.archive import SourceFile, find_source_files
from loaders.hcpcs.anweb import read_anweb
from loaders.hcpcs.record import FIELDS, HcpcsRecord
from loaders.hcpcs.xlsx import read_xlsx
from terminology.errors import ReleaseFormatError

HEADINGS: list[object] = [
    "HCPC",
    "SEQNUM",
    "RECID",
    "LONG DESCRIPTION",
    "SHORT DESCRIPTION",
    "PRICE1",
    "PRICE2",
    "COV",
    "TOS1",
    "TOS2",
    "ADD DT",
    "ACT EFF DT",
    "TERM DT",
    "ACTION CD",
]
MODIFIER: list[object] = ["   A1", "0010", "7", "Dressing for one wound", "Dressing for one wound"]
DEVICE: list[object] = [
    "E9998",
    "0010",
    "3",
    "Invented device,",
    "Invented device",
    "32",
    "36",
    "D",
    "A",
    "P",
]
DEVICE += ["20010401", "20190101", None, "C"]


def workbook(*rows: list[object]) -> io.BytesIO:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    made = io.BytesIO()
    book.save(made)
    made.seek(0)
    return made


def read(*rows: list[object]) -> list[HcpcsRecord]:
    return list(read_xlsx(workbook(*rows), "codes.xlsx"))


def fault(*rows: list[object]) -> str:
    with pytest.raises(ReleaseFormatError) as raised:
        read(*rows)
    return str(raised.value)


def test_rows_under_the_heading_are_records_and_rows_above_are_not() -> None:
    records = read(["***Disclaimers"], [None], ["Nothing here is coverage."], HEADINGS, MODIFIER, DEVICE)
    assert [(r.code, r.is_modifier, r.line) for r in records] == [("A1", True, 5), ("E9998", False, 6)]


def test_numbered_columns_become_one_field() -> None:
    (record,) = read(HEADINGS, DEVICE)
    assert record.details == {
        "pricing": ("32", "36"),
        "coverage": ("D",),
        "type_of_service": ("A", "P"),
        "action": ("C",),
    }
    assert record.dates == {"added": date(2001, 4, 1), "effective": date(2019, 1, 1)}


def test_columns_are_found_by_heading_in_any_order() -> None:
    assert read(HEADINGS[::-1], DEVICE[::-1])[0].details == read(HEADINGS, DEVICE)[0].details


def test_a_row_that_continues_another_is_joined_to_it() -> None:
    (record,) = read(HEADINGS, DEVICE, ["E9998", "0020", "4", "each"])
    assert record.long_description == "Invented device, each"


def test_dates_and_numbers_may_be_typed_cells() -> None:
    typed: list[object] = [*DEVICE]
    typed[1], typed[2], typed[5], typed[10], typed[11] = 10, 3.0, 32, datetime(2001, 4, 1), 20190101
    assert read(HEADINGS, typed)[0].dates == read(HEADINGS, DEVICE)[0].dates
    assert read(HEADINGS, typed)[0].details == read(HEADINGS, DEVICE)[0].details


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([DEVICE], "codes.xlsx: expected a heading row with HCPC in the first 50 rows, found none"),
        (
            [["HCPC", "LONG DESCRIPTION"], DEVICE],
            "codes.xlsx, line 1: expected the headings SEQNUM, RECID, SHORT DESCRIPTION, ADD DT, ACT EFF DT, "
            "TERM DT, ACTION CD, found none of them",
        ),
        (
            [HEADINGS, ["E9998", "x", *DEVICE[2:]]],
            "codes.xlsx, line 2, SEQNUM: expected a sequence number by tens, found 'x'",
        ),
        (
            [HEADINGS, DEVICE, DEVICE],
            "codes.xlsx, line 3: expected each code once (E9998 is on line 2), found it again",
        ),
        (
            [HEADINGS, [*DEVICE[:10], "2001", *DEVICE[11:]]],
            "codes.xlsx, line 2, added date: expected a date YYYYMMDD, found '2001'",
        ),
    ],
)
def test_a_malformed_row_is_reported_with_its_place(rows: list[list[object]], expected: str) -> None:
    assert fault(*rows) == expected


def test_a_file_that_is_no_workbook_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match=r"codes\.xlsx: expected a readable xlsx workbook, found "):
        list(read_xlsx(io.BytesIO(b"HCPC\tSEQNUM\n"), "codes.xlsx"))


@pytest.mark.realdata
def test_the_2019_text_and_spreadsheet_agree_but_for_117_known_details(data_dir: Path) -> None:
    found: dict[str, SourceFile] = {s.name: s for s in find_source_files(data_dir / "hcpcs")}
    with found["HCPC2019_CONTR_ANWEB.txt"].open() as file:
        text = list(read_anweb(file, "txt"))
    with found["HCPC2019_CONTR_ANWEB.xlsx"].open() as file:
        sheet = list(read_xlsx(file, "xlsx"))
    assert len(text) == len(sheet) == 6_800
    for one, other in zip(text, sheet, strict=True):
        assert (one.code, one.is_modifier) == (other.code, other.is_modifier)
        assert one.long_description == other.long_description
        assert one.short_description == other.short_description
    differing = [(a, b) for a, b in zip(text, sheet, strict=True) if a.dates != b.dates]
    # the spreadsheet leaves the action date blank where the text repeats the add date
    assert len(differing) == 115
    assert all({**b.dates, "effective": a.dates["added"]} == a.dates for a, b in differing)
    assert [a.code for a, b in zip(text, sheet, strict=True) if a.details != b.details] == ["E0210", "E0776"]
    assert {name for record in sheet for name in record.details} <= {field.name for field in FIELDS}
