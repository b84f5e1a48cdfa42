"""The ICD-10-CM conversion table: every cell of previous codes is understood or reported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import Workbook, load_workbook

from loaders.icd10cm.conversion import expand_ranges, read_conversion_table
from terminology.errors import ReleaseFormatError
from terminology.mapping import Predecessor
from tests.loaders.icd10cm_files import real_entries

PROSE = ("Invented words that open the sheet.", None, None)
HEADINGS = ("Current code assignment", "Effective", "Previous Code(s) Assignment")
REAL = "2026_ICD-10-CM-CONVERSION-TABLE-FY2026.xlsx"


def workbook(*rows: Sequence[object], headings: Sequence[object] = HEADINGS) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (PROSE, headings, *rows):
        sheet.append(list(row))
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def read(*rows: Sequence[object]) -> list[Predecessor]:
    return list(read_conversion_table(BytesIO(workbook(*rows)), "conversion.xlsx"))


def previous(cell: str) -> list[str]:
    return [p.previous for p in read(("E11.11", 2017, cell))]


def test_a_row_names_a_code_its_year_and_the_code_before() -> None:
    assert read(("A04.71", 2017, "A04.7")) == [Predecessor("A04.71", "A04.7", 2017, row=3)]


def test_stray_blanks_and_a_missing_dot_do_not_matter() -> None:
    found = read(("W453XXA ", 2025, " W45.8XXA"))
    assert [(p.code, p.previous, p.previous_note) for p in found] == [("W45.3XXA", "W45.8XXA", None)]


def test_the_headings_may_stand_in_another_order() -> None:
    content = workbook((2017, "x", "A04.7", "A04.71"), headings=(HEADINGS[1], "x", HEADINGS[2], HEADINGS[0]))
    found = list(read_conversion_table(BytesIO(content), "conversion.xlsx"))
    assert found == [Predecessor("A04.71", "A04.7", 2017, row=3)]


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("E11.69 and R40.20", ["E11.69", "R40.20"]),
        ("I63.011 AND I63.012", ["I63.011", "I63.012"]),
        ("M96.89 & Y84.8", ["M96.89", "Y84.8"]),
        ("C50.919, C50.929", ["C50.919", "C50.929"]),
        ("S20.211A; S20.212A; S20.219A", ["S20.211A", "S20.212A", "S20.219A"]),
        ("H02.201, H02.202, H02.204 and H02.205", ["H02.201", "H02.202", "H02.204", "H02.205"]),
        ("H02.101-H02.106; H02.109", ["H02.101-H02.106", "H02.109"]),
        ("H44.20-H44.23 and H33.2", ["H44.20-H44.23", "H33.2"]),
        ("I10-I15.9", ["I10-I15.9"]),
        ("Codes in Categories T15-T19", ["T15-T19"]),
        ("K59.09 AND Code from categories T36-T50", ["K59.09", "T36-T50"]),
        ("I63.- and P91.88", ["I63", "P91.88"]),
        ("K31.89 and a code from R11-", ["K31.89", "R11"]),
    ],
)
def test_a_cell_may_name_several_codes_ranges_and_categories(cell: str, codes: list[str]) -> None:
    assert previous(cell) == codes


def test_a_cell_that_says_more_than_one_code_is_kept_whole() -> None:
    found = read(("E11.11", 2017, "E11.69  and R40.20"), ("A04.71", 2017, "Codes in Categories T15-T19"))
    assert [p.previous_note for p in found] == [
        "E11.69 and R40.20",
        "E11.69 and R40.20",
        "Codes in Categories T15-T19",
    ]


def test_a_code_without_predecessor_yields_nothing() -> None:
    assert previous("None") == []


def test_rows_without_any_cell_are_skipped() -> None:
    assert len(read((None, None, None), ("A04.71", 2017, "A04.7"), (None, None, None))) == 1


@pytest.mark.parametrize(
    ("cell", "year", "note"),
    [
        (2022, 2022, None),
        (2022.0, 2022, None),
        ("2022", 2022, None),
        (datetime(2022, 10, 1), 2022, None),
        (datetime(2023, 4, 1), 2023, "2023-04-01"),
        ("April 1, 2024", 2024, "2024-04-01"),
        ("4/1/2024", 2024, "2024-04-01"),
    ],
)
def test_the_effective_cell_is_a_year_or_a_date(cell: object, year: int, note: str | None) -> None:
    found = read(("A04.71", cell, "A04.7"))
    assert [(p.effective_year, p.effective_note) for p in found] == [(year, note)]


@pytest.mark.parametrize(
    ("row", "column", "expected"),
    [
        (("A0", 2017, "A04.7"), "current code", "a code, found 'A0'"),
        ((None, 2017, "A04.7"), "current code", "a code, found 'None'"),
        (("A04.71", "soon", "A04.7"), "effective", "a year or a date, found 'soon'"),
        (("A04.71", 20, "A04.7"), "effective", "a year or a date, found '20'"),
        (("A04.71", None, "A04.7"), "effective", "a year or a date, found 'None'"),
        (("A04.71", 2017, None), "previous code", "a code or None, found 'None'"),
        (("A04.71", 2017, "unknown"), "previous code", "codes, ranges of codes, or None, found 'unknown'"),
        (("A04.71", 2017, "A04.7,"), "previous code", "codes, ranges of codes, or None, found ''"),
        (("A04.71", 2017, "A04.7 or A04.8"), "previous code", "found 'A04.7 or A04.8'"),
    ],
)
def test_a_cell_that_cannot_be_understood_is_reported(
    row: Sequence[object], column: str, expected: str
) -> None:
    with pytest.raises(ReleaseFormatError) as caught:
        read(("A04.72", 2017, "A04.7"), row)
    assert (caught.value.line, caught.value.column) == (4, column)
    assert expected in str(caught.value)


def test_a_sheet_without_the_headings_is_reported() -> None:
    content = workbook(("A04.71", 2017, "A04.7"), headings=("Code", "Year", "Old"))
    with pytest.raises(ReleaseFormatError, match="a row of headings beginning current code"):
        list(read_conversion_table(BytesIO(content), "conversion.xlsx"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 cut off", b"Current code,Effective\n"])
def test_a_file_that_is_no_workbook_is_reported(content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="a readable xlsx workbook"):
        list(read_conversion_table(BytesIO(content), "conversion.xlsx"))


def test_entities_in_a_workbook_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("A04.7")
    hostile = BytesIO()
    with ZipFile(BytesIO(workbook(("A04.71", 2017, "B99.9")))) as source, ZipFile(hostile, "w") as copy:
        for name in source.namelist():
            part = source.read(name)
            if b"B99.9" in part:
                declaration = f'<!DOCTYPE x [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
                start = part.index(b"?>") + 2 if part.startswith(b"<?xml") else 0
                part = part[:start] + declaration + part[start:].replace(b"B99.9", b"&x;")
            copy.writestr(name, part)
    with pytest.raises(ReleaseFormatError):
        list(read_conversion_table(hostile, "conversion.xlsx"))


def expanded(previous: str, *keys: str) -> list[str]:
    row = Predecessor("Z99.9", previous, 2017, row=3)
    return [p.previous for p in expand_ranges([row], keys)]


def test_a_single_code_stays_as_it_is() -> None:
    assert expanded("A04.7", "A047") == ["A04.7"]


def test_a_range_becomes_the_codes_it_spans() -> None:
    assert expanded("H44.20-H44.22", "H4419", "H442", "H4420", "H4421", "H4422", "H4423") == [
        "H44.20", "H44.21", "H44.22",
    ]  # fmt: skip


def test_a_range_takes_the_lowest_codes_of_its_lengths() -> None:
    keys = ("I10", "I11", "I110", "I119", "I13", "I131", "I1310", "I15", "I159", "I16")
    assert expanded("I10-I15.9", *keys) == ["I10", "I11.0", "I11.9", "I13.1", "I15.9"]


def test_a_range_follows_the_publishers_order_not_the_alphabet() -> None:
    assert expanded("Y93.01-Y93.9", "Y9301", "Y93A1", "Y93B", "Y938", "Y939") == [
        "Y93.01", "Y93.A1", "Y93.B", "Y93.8", "Y93.9",
    ]  # fmt: skip


def test_a_range_of_seventh_character_codes_keeps_their_seventh_character() -> None:
    keys = ("S06890A", "S06890D", "S06891A", "S06891D")
    assert expanded("S06.890A-S06.891A", *keys) == ["S06.890A", "S06.891A"]


@pytest.mark.parametrize("cell", ["T15-T19", "H81.41-H81.43"])
def test_a_range_of_categories_or_of_codes_long_gone_stays_as_it_is(cell: str) -> None:
    assert expanded(cell, "T15", "T150", "T19", "T190") == [cell]


@pytest.mark.realdata
def test_every_row_of_the_publishers_table_is_accounted_for(data_dir: Path) -> None:
    path = data_dir / "icd10cm" / REAL
    rows = list(load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True))
    with path.open("rb") as file:
        found = list(read_conversion_table(file, path.name))
    without = {n for n, row in enumerate(rows, 1) if row[2] == "None"}
    blank = {n for n, row in enumerate(rows, 1) if not any(row)}
    with_predecessor = {p.row for p in found}
    assert (len(rows), len(without), len(blank)) == (5_897, 125, 3)
    assert with_predecessor | without | blank | {1, 2} == set(range(1, 5_898))
    assert not with_predecessor & (without | blank)
    assert (len(with_predecessor), len(found)) == (5_767, 6_141)


@pytest.mark.realdata
def test_the_publishers_dates_and_ranges_are_read(data_dir: Path) -> None:
    with (data_dir / "icd10cm" / REAL).open("rb") as file:
        found = list(read_conversion_table(file, REAL))
    assert Counter(p.effective_note for p in found if p.effective_note) == {
        "2020-04-01": 9,
        "2021-01-01": 6,
        "2022-04-01": 3,
        "2023-04-01": 42,
    }
    assert sum("-" in p.previous for p in found) == 207
    left = [
        p.previous
        for p in expand_ranges(found, [e.key for e in real_entries(data_dir, 2026)])
        if "-" in p.previous
    ]
    assert Counter(left) == {"T15-T19": 126, "T36-T50": 1, "H81.41-H81.43": 1, "I60.20-I60.22": 1}


@pytest.mark.realdata
def test_all_but_two_codes_of_the_publishers_table_are_in_the_release(data_dir: Path) -> None:
    keys = {e.key for e in real_entries(data_dir, 2026)}
    with (data_dir / "icd10cm" / REAL).open("rb") as file:
        unknown = {p.code for p in read_conversion_table(file, REAL) if p.code.replace(".", "") not in keys}
    assert unknown == {"E11.3X11", "Q51.20"}
