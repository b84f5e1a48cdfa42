"""The ANWEB text: fixed-width records after CMS's record layout, hand-written and real."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from loaders.files.archive import SourceFile, find_source_files
from loaders.hcpcs.anweb import read_anweb
from loaders.hcpcs.record import HcpcsRecord
from terminology.errors import ReleaseFormatError


@pytest.fixture
def lines(fixtures: Path) -> list[bytes]:
    return (fixtures / "hcpcs/HCPC2019_CONTR_ANWEB.txt").read_bytes().splitlines(keepends=True)


def read(content: bytes) -> dict[str, HcpcsRecord]:
    return {record.code: record for record in read_anweb(io.BytesIO(content), "ANWEB.txt")}


def fault(content: bytes) -> str:
    with pytest.raises(ReleaseFormatError) as raised:
        read(content)
    return str(raised.value)


def source(data_dir: Path, name: str) -> SourceFile:
    (found,) = (s for s in find_source_files(data_dir / "hcpcs") if s.name == name)
    return found


def test_codes_and_modifiers_are_read_in_file_order_after_the_disclaimer(lines: list[bytes]) -> None:
    records = read(b"".join(lines))
    assert list(records) == ["A1", "ZZ", "A0021", "E9998", "J9997", "D0000", "V9996"]
    assert [code for code, record in records.items() if record.is_modifier] == ["A1", "ZZ"]
    assert records["A1"].line == 6


def test_a_file_without_disclaimer_is_read_from_its_first_line(lines: list[bytes]) -> None:
    assert list(read(b"".join(lines[5:]))) == list(read(b"".join(lines)))


def test_continuation_lines_are_joined_by_one_blank(lines: list[bytes]) -> None:
    records = read(b"".join(lines))
    assert records["ZZ"].long_description == ("Invented modifier whose description does not fit on one line")
    assert records["E9998"].long_description == (
        "Invented device with every detail field filled, described over three lines so that its "
        "continuation lines are joined by one blank, with a double blank that becomes one, each"
    )


def test_every_detail_field_is_read_from_its_columns(lines: list[bytes]) -> None:
    record = read(b"".join(lines))["E9998"]
    assert record.short_description == "Invented device all details"
    assert record.details == {
        "pricing": ("32", "36", "46"),
        "multiple_pricing": ("A",),
        "coverage_issues_manual": ("60-9", "65-10"),
        "carriers_manual": ("2049.5", "4270"),
        "statute": ("1862(a)(7)",),
        "lab_certification": ("140", "220"),
        "cross_reference": ("A0021", "E9999"),
        "coverage": ("D",),
        "asc_group": ("YY",),
        "processing_note": ("0088",),
        "betos": ("D1E",),
        "type_of_service": ("A", "P", "R"),
        "anesthesia_base_units": ("3",),
        "action": ("C",),
    }
    assert record.dates == {
        "asc_effective": date(2018, 1, 1),
        "added": date(2001, 4, 1),
        "effective": date(2019, 1, 1),
    }


def test_a_trimmed_row_lacks_only_what_was_trimmed(lines: list[bytes]) -> None:
    record = read(b"".join(lines))["V9996"]
    assert record.details == {"coverage": ("S",)}
    assert record.dates == {"added": date(1990, 1, 1)}


def test_utf8_blanks_do_not_shift_columns(fixtures: Path) -> None:
    with (fixtures / "hcpcs/HCPC2026_JUL_ANWEB.txt").open("rb") as file:
        record = next(read_anweb(file, "ANWEB.txt"))
    assert record.long_description == "Invented glove, each"
    assert record.short_description == "Invented glove, each"
    assert record.details == {"action": ("N",)}


def test_windows_1252_characters_are_read(lines: list[bytes]) -> None:
    lines[5] = lines[5].replace(b"one wound  ", b"one\x92s wound", 1)
    assert read(b"".join(lines))["A1"].long_description == "Dressing for one’s wound"


AMA = ", which has the form of a CPT code: CPT is only read from a licensee's own AMA files"


@pytest.mark.parametrize(
    ("line", "old", "new", "expected"),
    [
        (9, b"A0021001003", b"A0021001009", "record identification code: expected 3, 4, 7 or 8, found '9'"),
        (
            9,
            b"A0021001003",
            b"A0021001503",
            "columns 6-10: expected a sequence number by hundreds, found 00150",
        ),
        (
            9,
            b"A0021",
            b"a0021",
            "code: expected a HCPCS Level II code (a letter and four digits), found 'a0021'",
        ),
        (
            9,
            b"A0021",
            b"0000Z",
            f"code: expected a HCPCS Level II code (a letter and four digits), found '0000Z'{AMA}",
        ),
        (
            6,
            b"   A1",
            b"   00",
            f"code: expected a HCPCS Level II modifier (two characters, one a letter), found '00'{AMA}",
        ),
        (
            6,
            b"   A1",
            b"XX A1",
            "code: expected a HCPCS Level II modifier (two characters, one a letter), found 'XX A1'",
        ),
        (
            8,
            b"   ZZ002008",
            b"   ZZ002004",
            "code: expected a HCPCS Level II code (a letter and four digits), found '   ZZ'",
        ),
        (9, b"A0021001003", b"A0021002003", "sequence number: expected sequence number 1, found 2"),
        (
            6,
            b"Dressing for one wound".ljust(80),
            b" " * 80,
            "long description: expected a description of A1, found blanks",
        ),
        (
            6,
            b"2002070120020701",
            b"2002130120020701",
            "added date: expected a date YYYYMMDD, found '20021301'",
        ),
        (
            6,
            b"2002070120020701",
            b"200207012002-7-1",
            "effective date: expected a date YYYYMMDD, found '2002-7-1'",
        ),
    ],
)
def test_a_malformed_field_is_reported_with_its_line_and_column(
    lines: list[bytes], line: int, old: bytes, new: bytes, expected: str
) -> None:
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new, 1)
    assert fault(b"".join(lines)) == f"ANWEB.txt, line {line}, {expected}"


@pytest.mark.parametrize(
    ("line", "new", "expected"),
    [
        (9, b"\r\n", "line 9, columns 1-11: expected a HCPCS record, found a blank line"),
        (9, b"*** End\r\n", "line 9, columns 1-11: expected a HCPCS record, found '*** End'"),
        (9, b"A0021001003" + b"x" * 320 + b"\r\n", "line 9: expected at most 320 columns, found 331 columns"),
        (
            9,
            b"A002100100\x81\r\n",
            "line 9: expected UTF-8 or Windows-1252 text, found byte 0x81 at column 11",
        ),
        (9, b"x" * 65_536, "line 9: expected lines under 65,536 bytes, found a longer one"),
        (
            8,
            b"   ZZ002008on one line".ljust(229) + b"C\r\n",
            "line 8: expected a description alone on a continuation line, found details",
        ),
        (
            8,
            b"   ZZ002008on one line".ljust(91) + b"Short\r\n",
            "line 8: expected a description alone on a continuation line, found details",
        ),
        (
            15,
            b"V9996001003Invented hea",
            "line 15: expected a line end, found the end of the file: it may be truncated",
        ),
    ],
)
def test_a_malformed_line_is_reported_with_its_place(
    lines: list[bytes], line: int, new: bytes, expected: str
) -> None:
    lines[line - 1] = new
    assert fault(b"".join(lines)) == f"ANWEB.txt, {expected}"


def test_a_code_that_comes_twice_is_reported(lines: list[bytes]) -> None:
    lines.insert(9, lines[8])
    assert fault(b"".join(lines)) == (
        "ANWEB.txt, line 10: expected each code once (A0021 is on line 9), found it again"
    )


def test_a_missing_continuation_line_is_reported(lines: list[bytes]) -> None:
    del lines[10]
    assert fault(b"".join(lines)) == (
        "ANWEB.txt, line 11, sequence number: expected sequence number 2 of E9998, found 3"
    )


def test_a_missing_first_line_is_reported(lines: list[bytes]) -> None:
    del lines[9]
    assert fault(b"".join(lines)) == (
        "ANWEB.txt, line 10: expected A0021 or a new code, found a line that continues E9998"
    )


def test_a_file_that_starts_inside_a_record_is_reported(lines: list[bytes]) -> None:
    assert fault(b"".join(lines[7:])) == (
        "ANWEB.txt, line 1: expected the first line of ZZ, found a line that continues ZZ"
    )


def test_a_file_without_any_record_is_reported(lines: list[bytes]) -> None:
    assert fault(b"".join(lines[:5])) == (
        "ANWEB.txt: expected HCPCS records (sequence number in columns 6-10), found no line of this form"
    )


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "codes", "modifiers", "line_count"),
    [
        ("HCPC2019_CONTR_ANWEB.txt", 6_440, 360, 11_630),
        ("HCPC2020_ANWEB_w_disclaimer.txt", 6_710, 369, 12_368),
        ("HCPC2026_JUL_ANWEB_rebuilt.txt", 8_683, 383, 16_168),
    ],
)
def test_every_line_of_the_real_files_is_accounted_for(
    data_dir: Path, name: str, codes: int, modifiers: int, line_count: int
) -> None:
    with source(data_dir, name).open() as file:
        records = list(read_anweb(file, name))
        file.seek(0)
        raw = file.read().splitlines()
    assert sum(not r.is_modifier for r in records) == codes
    assert sum(r.is_modifier for r in records) == modifiers
    assert len(raw) == line_count
    text = "".join("".join(r.long_description.split()) for r in records)
    first = records[0].line - 1
    printed = (
        line.decode() if name.startswith("HCPC2026") else line.decode("cp1252") for line in raw[first:]
    )
    assert text == "".join("".join(line[11:91].split()) for line in printed)


@pytest.mark.realdata
def test_no_real_record_ends_before_it_begins(data_dir: Path) -> None:
    name = "HCPC2026_JUL_ANWEB_rebuilt.txt"
    with source(data_dir, name).open() as file:
        spans = [(r.dates.get("added"), r.dates.get("terminated")) for r in read_anweb(file, name)]
    assert sum(ended is not None for _, ended in spans) == 1_225
    assert all(added <= ended for added, ended in spans if added and ended)


def test_an_optional_date_that_is_none_costs_itself_and_the_group_it_dates() -> None:
    line = "Z00010010030Invented service".ljust(119).ljust(230) + "20170401  ".ljust(38) + "20170401" * 2
    told: list[ReleaseFormatError] = []
    (record,) = read_anweb(io.BytesIO(line.encode() + b"\n"), "hcpcs.txt", told.append)
    assert "asc_group" not in record.details
    assert set(record.dates) == {"added", "effective"}
    assert "asc_effective date: expected a date YYYYMMDD, found '170401'" in str(told[0])
    with pytest.raises(ReleaseFormatError, match="asc_effective"):
        list(read_anweb(io.BytesIO(line.encode() + b"\n"), "hcpcs.txt"))
