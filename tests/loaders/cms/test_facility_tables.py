"""Volume and payment tables, hand-written in the publishers' formats and as published."""

from __future__ import annotations

import gzip
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import pytest

from loaders.cms.msdrg import read_cc_list, read_drg_weights
from loaders.volumes.hcai import read_hcai_volumes
from terminology.errors import ReleaseFormatError
from terminology.facility import CodeVolume, Setting

HCAI = b"code,inpatient,emergency_department,ambulatory_surgery\nE119,5,0,2\n"
MCC = b"TABLE 6I - COMPLETE MCC LIST\r\nDiagnosis Code\tDescription\r\nA02.1\tM\xe9\r\n\r\nnote\r\n"
WEIGHTS = (
    b'"TABLE 5\r\nsecond line"\t\t\r\nMS-DRG \tPost\tSpecial\tMDC\tTYPE\tTitle\tWeight\tCapped\tG\tA\r\n'
    b"001\tNo\tNo\tPRE\tSURG\tTITLE\t28.0239\t28.0\t1\t2\r\n998\tNo\tNo\t\t**\tNONE\t.\t.\t.\t.\r\n"
)


def test_hcai_volumes_leave_zeros_out() -> None:
    assert list(read_hcai_volumes(BytesIO(HCAI), "h")) == [
        CodeVolume("E119", Setting.INPATIENT, 5),
        CodeVolume("E119", Setting.SURGERY, 2),
    ]


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"code,n\n", "line 1: expected the heading"),
        (HCAI + b"I10,1\n", "line 3: expected 4 columns"),
        (HCAI + b"I10,-1,0,0\n", "line 3, inpatient: expected a whole count"),
        (HCAI + b"I10\xff,1,0,0\n", "UTF-8"),
    ],
)
def test_hcai_volumes_of_another_form_are_refused(data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_hcai_volumes(BytesIO(data), "h"))


def test_the_mcc_list_ends_at_its_empty_line() -> None:
    assert [(s.key, s.status, s.source) for s in read_cc_list(BytesIO(MCC), "m")] == [
        ("A021", "MCC", "IPPS table 6I")
    ]


@pytest.mark.parametrize(
    ("data", "match"),
    [(b"TABLE 5\n", "line 1"), (MCC[:31] + b"Code\n", "line 2"), (MCC[:60] + b"??\tx\n", "line 3")],
)
def test_cc_lists_of_another_form_are_refused(data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_cc_list(BytesIO(data), "m"))


def test_drg_weights_follow_a_heading_of_two_lines_and_may_be_missing() -> None:
    assert [(w.drg, w.kind, w.weight, w.capped) for w in read_drg_weights(BytesIO(WEIGHTS), "w")] == [
        ("001", "SURG", 28.0239, 28.0),
        ("998", "**", None, None),
    ]


def test_a_weight_that_is_no_number_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="a weight"):
        list(read_drg_weights(BytesIO(WEIGHTS.replace(b"28.0239", b"heavy")), "w"))


@pytest.mark.realdata
def test_the_published_tables_have_the_published_counts(data_dir: Path) -> None:
    """15,065 CC codes have a digit second, thirteen of QA0 do not; table 5 has 772 numbered rows."""
    paid = data_dir / "payment"
    with (paid / "mcc_list.txt").open("rb") as mcc, (paid / "cc_list.txt").open("rb") as cc:
        assert (len(list(read_cc_list(mcc, "m"))), len(list(read_cc_list(cc, "c")))) == (3354, 15_078)
    with (paid / "drg_weights.txt").open("rb") as weights:
        read = list(read_drg_weights(weights, "w"))
    assert (len(read), {weight.fiscal_year for weight in read}) == (772, {2026})
    assert sum(weight.weight != weight.capped for weight in read) == 30


@pytest.mark.realdata
def test_california_has_its_volumes(data_dir: Path) -> None:
    path = data_dir / "volumes" / "ca_hcai_2023_icd10cm_by_setting.csv.gz"
    total: Counter[Setting] = Counter()
    keys = set()
    with gzip.open(path) as file:
        for volume in read_hcai_volumes(cast(BinaryIO, file), path):
            total[volume.setting] += volume.count
            keys.add(volume.key)
    assert len(keys) == 40_876
    assert [round(total[s] / 1e6, 1) for s in (Setting.INPATIENT, Setting.EMERGENCY, Setting.SURGERY)] == [
        45.7,
        46.7,
        13.5,
    ]
