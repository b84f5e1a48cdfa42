"""The Medicare Code Editor's diagnosis master, hand-written in its form and as published."""

from __future__ import annotations

import gzip
from collections import Counter
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from loaders.cms.mce_master import mce_release, read_mce_master
from terminology.claims.tables.mce import MceDiagnosis
from terminology.errors import ReleaseFormatError

HEAD = b"code,valid_from,valid_to,mce_flags\n"
MASTER = HEAD + b"E28310,20151001,20240930,adult|female\nE28310,20241001,20270331,adult\n"


def test_a_code_has_a_row_per_period_and_the_horizon_is_open() -> None:
    assert list(read_mce_master(BytesIO(MASTER), "m")) == [
        MceDiagnosis(2, "E28310", date(2015, 10, 1), date(2024, 9, 30), ("adult", "female")),
        MceDiagnosis(3, "E28310", date(2024, 10, 1), None, ("adult",)),
    ]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"code,flags\n", "line 1: expected the heading"),
        (HEAD + b"E119,20151001\n", "line 2: expected 4 columns"),
        (HEAD + b"E11.9,20151001,20270331,\n", "line 2, code"),
        (HEAD + b"E119,1.10.2015,20270331,\n", "line 2, valid_from: expected a day"),
        (HEAD + b"E119,,20270331,\n", "line 2, valid_from: expected a day"),
        (HEAD + b"E119,20151001,20270231,\n", "line 2, valid_to: expected a day"),
        (HEAD + b"E119,20151001,20150930,\n", "line 2, valid_to: expected a day not before"),
    ],
)
def test_a_master_of_another_form_is_refused(data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_mce_master(BytesIO(data), "m"))


def test_the_version_is_read_from_the_files_name() -> None:
    rows = list(read_mce_master(BytesIO(MASTER), "m"))
    release = mce_release(rows, "mce_v44_icd10cm_master.csv", "x").release
    assert release.release == "v44"
    assert (release.in_force_from, release.in_force_to) == (date(2015, 10, 1), date(2027, 9, 30))
    with pytest.raises(ReleaseFormatError, match="version"):
        mce_release(rows, "mce_master.csv", "x")


@pytest.mark.realdata
def test_the_published_master_has_its_rows(data_dir: Path) -> None:
    path = data_dir / "payment" / "mce_v44_icd10cm_master.csv.gz"
    with gzip.open(path) as file:
        rows = list(read_mce_master(file, path))  # type: ignore[arg-type]
    day = date(2026, 10, 1)
    flags = Counter(flag for row in rows for flag in row.flags if row.covers(day))
    assert len(rows) == 85_122
    assert sum(row.covers(day) for row in rows) == 74_879
    assert (flags["female"], flags["male"]) == (0, 0)
    assert (flags["reqsdx"], flags["wrngproc"]) == (1, 3)
