"""Readers' sheets are checked row by row against what the readers were given."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.double_coding.readings import Fault, Reading, read_sheets, read_vocabulary, sound_readings
from bench.double_coding.sample import read_sample
from terminology.errors import ReleaseFormatError
from tests.bench.double_coding.small_sample import FIRST, Filled, write_filled, write_folder


def read(tmp_path: Path, rows: Filled) -> tuple[dict[str, Reading], list[Fault]]:
    folder = write_folder(tmp_path / "given")
    sheet = write_filled(tmp_path / "sheet_1.A.tsv", rows)
    return read_sheets([sheet], read_sample(folder / "sample.tsv"), read_vocabulary(folder, "2025-01"))


def test_sound_rows_come_in_normal_form(tmp_path: Path) -> None:
    readings, faults = read(tmp_path, [("M17.11", "fa010&xk9k", "FA01 | FA01.0&XK9K", "full")])
    assert not faults
    assert readings["M17.11"] == Reading("M17.11", "FA01.0&XK9K", ("FA01",), "full")
    assert readings["M17.11"].defensible == ("FA01.0&XK9K", "FA01")


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (("M17.11", "FA01.7", "", "full"), "FA01.7"),
        (("M17.11", "XK9K", "", "full"), "XK9K"),
        (("M17.11", "FA01&&XK9K", "", "full"), "FA01&&XK9K"),
        (("M17.11", "FA01", "FA01&NE61", "full"), "FA01&NE61"),
        (("M17.11", "FA01", "", "fully"), "representation is 'fully'"),
        (("M17.11", "FA01", "", "none"), "with the expression 'FA01'"),
        (("M17.11", "", "", "partial"), "with the expression ''"),
        (("I10", "FA01", "", "full"), "no code of the sample"),
    ],
)
def test_each_fault_is_told_with_its_place(
    tmp_path: Path, row: tuple[str, str, str, str], reason: str
) -> None:
    readings, faults = read(tmp_path, [FIRST[0], row])
    assert list(readings) == ["E11.A"]
    assert [(f.line, f.code) for f in faults] == [(3, row[0])]
    assert reason in str(faults[0])


def test_code_that_stands_twice_is_a_fault(tmp_path: Path) -> None:
    _, faults = read(tmp_path, [FIRST[0], FIRST[0]])
    assert [f.reason for f in faults] == ["stands twice"]


def test_rows_not_filled_in_yet_are_neither_read_nor_wrong(tmp_path: Path) -> None:
    assert read(tmp_path, [("M17.11", "", "", "")]) == ({}, [])


def test_sheet_of_another_shape_is_refused(tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "given")
    (tmp_path / "sheet").write_text("code\texpression\nM17.11\tFA01\n")
    with pytest.raises(ReleaseFormatError, match="accepted, representation, note"):
        sound_readings([tmp_path / "sheet"], ["M17.11"], read_vocabulary(folder, "2025-01"))
