"""CMS's General Equivalence Mappings, by hand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.cms.gems import gem_release, read_gem
from terminology.errors import ReleaseFormatError
from terminology.icd9.gem import FROM_ICD9, TO_ICD9, GemRow

NAME = "2018_I9gem.txt"


def read(text: str, name: str = NAME) -> list[GemRow]:
    return list(read_gem(BytesIO(text.encode()), name))


def test_a_byte_order_mark_is_no_part_of_the_first_code(fixtures: Path) -> None:
    text = (fixtures / "gems" / NAME).read_text()
    assert read("\ufeff" + text) == read(text)


def test_each_direction_is_read_by_its_name(fixtures: Path) -> None:
    forward = read((fixtures / "gems" / NAME).read_text())
    assert forward[0] == GemRow(1, "0010", "A000", False, False, 0, 0)
    assert forward[4] == GemRow(5, "96502", "T528X1A", True, True, 1, 1)
    backward = read((fixtures / "gems" / "2018_I10gem.txt").read_text(), "2018_I10gem.txt")
    assert [row.target for row in backward] == ["0010", "0019", "96502", None]


def test_a_code_without_equivalent_has_no_target() -> None:
    assert read("03812 NoDx    11000\r\n")[0].target is None


def test_a_release_is_that_of_the_name() -> None:
    rows = read("0010  A000    00000")
    assert gem_release(rows, NAME, "gems.zip!x").release.release == "2018"
    assert gem_release(rows, NAME, "x").table is FROM_ICD9
    assert gem_release([], "2016_I10gem.txt", "x").table is TO_ICD9


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("0010  A000    0000", "five flags"),
        ("A000    0010  00000", "a code of ICD-9-CM"),
        ("0010  NoDx    00000", "no map"),
        ("0010  A000    01000", "no map"),
        ("0010  A000    00100", "scenario and choice list"),
        ("0010  A000    00011", "scenario and choice list"),
        ("0010  A000    00000\n0010  A000    10000", "each pair once"),
        ("", "rows of a General Equivalence Mapping"),
        ("0010  A0é0    00000", "a code of ICD-9-CM"),
    ],
)
def test_a_line_that_is_none_is_reported(line: str, expected: str) -> None:
    with pytest.raises(ReleaseFormatError, match=expected):
        read(line)


@given(st.binary(max_size=200))
def test_whatever_stands_there_is_read_or_refused(content: bytes) -> None:
    try:
        rows = list(read_gem(BytesIO(content), NAME))
    except ReleaseFormatError:
        return
    assert all(row.source for row in rows)


@given(st.integers(0, 158), st.integers(0, 7))
def test_a_flipped_bit_loses_no_row_in_silence(place: int, bit: int) -> None:
    content = bytearray(Path(__file__).parents[2].joinpath("fixtures/gems", NAME).read_bytes())
    whole = len(list(read_gem(BytesIO(bytes(content)), NAME)))
    content[place % len(content)] ^= 1 << bit
    try:
        assert len(list(read_gem(BytesIO(bytes(content)), NAME))) == whole
    except ReleaseFormatError as error:
        assert error.path == NAME
