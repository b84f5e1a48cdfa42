"""Pasted lists with days beside their codes: E11.8 ended on 2026-09-30, E11.A began the day after."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from terminology.bundle.store import Store
from terminology.exchange.code_lists import PastedList, listed_by_day, pasted_list, read_list


def days(pasted: PastedList) -> list[tuple[str, str | None]]:
    return [(code.text, str(code.days[0]) if code.days else None) for code in pasted.codes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E11.9, 2026-09-30; I10", [("E11.9", "2026-09-30"), ("I10", "2026-09-30")]),
        ("10/1/2026 E11.9 I10", [("E11.9", "2026-10-01"), ("I10", "2026-10-01")]),
        ("E11.9 20260930 I10 20261001", [("E11.9", "2026-09-30"), ("I10", "2026-10-01")]),
        ("2026-09-30 E11.9 2026-10-01 I10", [("E11.9", "2026-09-30"), ("I10", "2026-10-01")]),
        ("E11.9\nI10 2026-10-01", [("E11.9", None), ("I10", "2026-10-01")]),
        ("2026-10-01\nE11.9", [("2026-10-01", None), ("E11.9", None)]),
        ("E11.9, 2026", [("E11.9", None), ("2026", None)]),
    ],
)
def test_a_day_belongs_to_the_codes_of_its_line(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert days(pasted_list(text)) == expected


def test_a_table_is_read_by_its_column_of_dates() -> None:
    pasted = pasted_list("name;DX1;DX2;Discharge Date\nX1;E11.9;I10;2026-10-01\n;;E11.A;\n")
    assert days(pasted) == [("E11.9", "2026-10-01"), ("I10", "2026-10-01"), ("E11.A", None)]
    assert pasted.notice == (
        "a table: codes of DX1, DX2; each code is read by its own date, column 'Discharge Date' "
        "(2026-10-01 to 2026-10-01); 1 without one; left out: name"
    )


def test_of_a_table_without_dates_its_codes_alone_are_read() -> None:
    pasted = pasted_list("name,dx,sex\nX,E11.9,f\nY,I219;E119,\n")
    assert days(pasted) == [("E11.9", None), ("I219", None), ("E119", None)]
    assert pasted.notice == "a table: codes of dx; left out: name, sex"
    assert days(pasted_list("dx\nE11.9\n")) == [("E11.9", None)]


@pytest.mark.parametrize("text", ["E11.9 I10", "Dx I10\nE11.9", "diagnosis, E11.9\nI10", "E11.9,I10\nI10,x"])
def test_a_first_line_with_a_code_in_it_is_no_heading(text: str) -> None:
    pasted = pasted_list(text)
    assert pasted.notice == ""
    assert {"E11.9", "I10"} <= {code.text for code in pasted.codes}


def test_a_version_column_is_obeyed(small_bundle: Path) -> None:
    pasted = pasted_list("icd_code,icd_version\nE119,10\nV762,9\nI10,9\n")
    assert pasted.notice == "a table: codes of icd_code; which ICD they are of by icd_version"
    found = listed_by_day(Store(small_bundle), "icd-10-cm", pasted.codes, date(2026, 9, 30))
    assert [(one.input, one.status.value) for one in found] == [
        ("E119", "valid"),
        ("V762", "not-found"),
        ("I10", "not-found"),
    ]
    assert found[2].message.endswith("its prefix names icd-9-cm")


TABLE = "Patient;ICD-10 Code;n\nMüller;E11.9;2\nRuiz;I10;1\n"
RECORDS = [{"Patient": "Müller", "ICD-10 Code": "E11.9"}, {"ICD-10 Code": "I10"}]


@pytest.mark.parametrize(
    "content",
    [
        TABLE.encode(),
        f"sep=;\r\n{TABLE}".encode(),
        TABLE.replace(";", "\t").encode("utf-16"),
        TABLE.encode("utf-16-le"),
        TABLE.replace(";", "|").encode("utf-16-be"),
        TABLE.encode("cp1252"),
        TABLE.replace(";", ",").encode("utf-8-sig"),
        gzip.compress(TABLE.encode()),
        json.dumps(RECORDS).encode(),
        "\n".join(map(json.dumps, RECORDS)).encode(),
        b'["E11.9", "I10"]',
        "E11.9\r\nI10".encode("utf-16-le"),
    ],
)
def test_files_are_read_as_every_other_way_in_reads_them(content: bytes) -> None:
    assert days(read_list(content, "codes")) == [("E11.9", None), ("I10", None)]


def test_a_workbook_is_read_by_its_dates() -> None:
    book, file = Workbook(write_only=True), BytesIO()
    sheet = book.create_sheet()
    for row in (("dx", "Service Date"), ("E11.9", datetime(2026, 10, 1)), ("I10", "2026-09-30")):
        sheet.append(row)
    book.save(file)
    assert days(read_list(file.getvalue(), "codes.xlsx")) == [("E11.9", "2026-10-01"), ("I10", "2026-09-30")]


def test_a_line_of_json_may_be_a_code_alone() -> None:
    assert days(read_list(b'"E11.9"\n"I10"\n', "codes.ndjson")) == [("E11.9", None), ("I10", None)]


@pytest.mark.parametrize("text", ["E11.9 2026-09-30 I10\nE11.A", "E11.9 I10"])
def test_a_list_as_short_text_reads_the_same(text: str) -> None:
    pasted = pasted_list(text)
    assert days(pasted_list(pasted.text() or "")) == days(pasted)


def test_codes_are_judged_by_their_days_and_a_year_by_each_of_its_days(small_bundle: Path) -> None:
    pasted = pasted_list("dx,date\nE11.8,2026-10-01\nE11.8,2026\nE11.A,2026\nE11.A,2025\nE11.A,\n")
    found = listed_by_day(Store(small_bundle), "icd-10-cm", pasted.codes, date(2026, 9, 30))
    assert [one.status.value for one in found] == [
        "retired",
        "valid",
        "valid",
        "not-yet-valid",
        "not-yet-valid",
    ]
    assert found[2].on == "2026-10-01"
    assert pasted.text() is None
