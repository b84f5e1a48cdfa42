"""An LMDB file written by hand, whole and broken."""

from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.files.lmdb import lmdb_values
from terminology.errors import ReleaseFormatError
from tests.package_wheels import lmdb_file

VALUES = {"one": b"1" * 10_000, "two": b"22", "three": b""}


def test_the_values_are_found_by_their_keys() -> None:
    assert lmdb_values(BytesIO(lmdb_file(VALUES)), "x.mdb") == VALUES


@given(st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=16), st.binary(max_size=9000), max_size=20))
def test_whatever_is_written_is_read(values: dict[str, bytes]) -> None:
    assert lmdb_values(BytesIO(lmdb_file(values)), "x.mdb") == values


@pytest.mark.parametrize("length", [0, 100, 5000, 9000, 14_000])
def test_a_file_cut_off_is_refused(length: int) -> None:
    with pytest.raises(ReleaseFormatError, match=r"x\.mdb"):
        lmdb_values(BytesIO(lmdb_file(VALUES)[:length]), "x.mdb")


@given(st.integers(0, 3 * 4096 + 64), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_read_and_never_crashes(place: int, bit: int) -> None:
    content = bytearray(lmdb_file(VALUES))
    content[place] ^= 1 << bit
    try:
        lmdb_values(BytesIO(bytes(content)), "x.mdb")
    except ReleaseFormatError as error:
        assert error.path == "x.mdb"


def test_a_page_that_names_itself_ends() -> None:
    content = bytearray(lmdb_file(VALUES))
    content[2 * 4096 + 10] = 1  # the leaf becomes a branch that leads to itself and beyond the file
    with pytest.raises(ReleaseFormatError, match="LMDB"):
        lmdb_values(BytesIO(bytes(content)), "x.mdb")
