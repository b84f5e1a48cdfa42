"""Reading what users upload, kind and hostile."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import pytest

from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.exchange import volumes as uploads
from terminology.exchange.volumes import read_upload
from terminology.facility import Setting


def read(text: str | bytes, **options: object) -> uploads.Uploaded:
    data = text.encode() if isinstance(text, str) else text
    return read_upload(BytesIO(data), "volumes.csv", **options)  # type: ignore[arg-type]


def test_codes_are_summed_dotted_or_not_by_setting() -> None:
    found = read("Dx Code;Volume;Setting\nE11.9;2;IP\ne119;3;inpatient\nI10;1,000;ED\n")
    assert found.volumes == {Setting.INPATIENT: {"E119": 5}, Setting.EMERGENCY: {"I10": 1000}}


def test_a_column_per_setting_is_read() -> None:
    assert read("code,inpatient,office\nI10,4,6\n").volumes == {
        Setting.INPATIENT: {"I10": 4},
        Setting.OFFICE: {"I10": 6},
    }


def test_the_user_may_name_the_columns() -> None:
    assert read("a,b\nI10,4\n", columns={"code": "a", "count": "b"}).volumes == {
        Setting.UNSPECIFIED: {"I10": 4}
    }


@pytest.mark.parametrize("count", ["-1", "1.5", "=1+1", "", "many", "NaN"])
def test_a_count_that_is_not_whole_is_refused_with_its_line(count: str) -> None:
    with pytest.raises(ReleaseFormatError, match="line 3, n: expected a whole count"):
        read(f"code,n\nI10,1\nE119,{count}\n")


def test_a_file_without_a_code_column_says_which_columns_it_has() -> None:
    with pytest.raises(ReleaseFormatError, match="'patient', 'n'"):
        read("patient,n\nx,1\n")


def test_utf_16_is_read_and_other_encodings_are_noted() -> None:
    assert read("code,n\nI10,1\n".encode("utf-16")).volumes == {Setting.UNSPECIFIED: {"I10": 1}}
    assert "not utf-8" in read(b"code,n,title\nI10,1,M\xe9ni\xe8re\n").notices[0]


def test_binary_data_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="NUL"):
        read(b"code\0\0,n\n")


def test_too_many_different_codes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MAX_CODES", 2)
    with pytest.raises(ReleaseFormatError, match="different codes"):
        read("code,n\nA1,1\nA2,1\nA3,1\n")


def test_a_workbook_is_read() -> None:
    book, out = openpyxl.Workbook(), BytesIO()
    assert book.active is not None
    for row in (("code", "count"), ("I10", 7)):
        book.active.append(row)
    book.save(out)
    assert read(out.getvalue()).volumes == {Setting.UNSPECIFIED: {"I10": 7}}


def test_a_zip_bomb_named_as_a_workbook_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 3_000_000)
    with pytest.raises(UnsafeArchiveError, match="times its size"):
        read(out.getvalue())


def test_json_is_read() -> None:
    assert read('{"volumes": [{"code": "I10", "count": 3}]}').volumes == {Setting.UNSPECIFIED: {"I10": 3}}


def test_a_diagnosis_repeated_on_the_lines_of_a_claim_counts_once_and_icd_9_is_left_out() -> None:
    heading = (
        "CLM_ID|NCH_CLM_TYPE_CD|ICD_DGNS_CD1|ICD_DGNS_VRSN_CD1|"
        "ICD_DGNS_CD2|ICD_DGNS_VRSN_CD2|LINE_PLACE_OF_SRVC_CD"
    )
    lines = ["1|71|I10|0|4019|9|11", "1|71|I10|0|4019|9|11", "2|71|I10|0||0|22"]
    found = read("\n".join([heading, *lines]))
    assert found.volumes == {Setting.OFFICE: {"I10": 1}, Setting.OUTPATIENT: {"I10": 1}}
    assert "1 ICD-9-CM" in found.notices[1]
