"""Reading what users upload, kind and hostile."""

from __future__ import annotations

import zipfile
from io import BytesIO

import openpyxl
import pytest

from terminology.errors import InvalidRequestError, ReleaseFormatError, UnsafeArchiveError
from terminology.exchange import volume_codes as uploads
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
def test_a_count_that_is_not_whole_leaves_its_row_out_and_is_said_with_its_line(count: str) -> None:
    found = read(f"code,n\nI10,1\nE119,{count}\nE119,x\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"I10": 1}}
    said = "2 rows have a count that is no whole number from 0 to 999,999,999,999, and are left out"
    assert f"{said} (first in line 3: " in found.notices[0]


def test_a_long_cell_is_one_unknown_code_and_refuses_nothing() -> None:
    found = read(f"code,n\nI10,1\n{'A' * 41},2\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"I10": 1, "A" * 40: 2}}
    assert found.given["A" * 40] == "A" * 41


def test_codes_are_kept_as_they_were_given() -> None:
    assert read('code,n\n"e11.9,",1\n').given == {"E119": "e11.9,"}


def test_every_numbered_column_of_diagnoses_is_counted() -> None:
    found = read("id,DX1,DX2,DX3,DX_POA1\n1,I10,E11.9,I10,Y\n2,E119,,,N\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"I10": 1, "E119": 2}}
    assert any("DX1, DX2, DX3" in notice for notice in found.notices)


def test_a_charge_of_a_row_is_counted_once_for_its_codes() -> None:
    found = read("dx1,dx2,charge\nI10,E119,10\n")
    assert found.groups["all", "all"] == {"I10": (1, 1000), "E119": (1, 0)}


def test_a_cell_of_several_codes_counts_each() -> None:
    assert read("code,n\nI219;E119,2\n").volumes == {Setting.UNSPECIFIED: {"I219": 2, "E119": 2}}


def test_a_version_column_is_obeyed() -> None:
    found = read("icd_code,icd_version\nV762,9\nV762,10\nI10,10\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"V762": 1, "I10": 1}}
    assert any("1 ICD-9-CM diagnoses are left out" in notice for notice in found.notices)


def test_a_column_that_looks_like_icd_9_is_named_and_left_out() -> None:
    found = read("dx,n\n250.00,5\n401.9,3\nV58.61,2\nE11.9,1\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"E119": 1}}
    assert any("looks like ICD-9-CM" in notice for notice in found.notices)
    assert found.older == 10


@pytest.mark.parametrize(
    "content",
    [
        "sep=;\ncode;n\nE11.9;3\n",
        "code\tn\nE11.9\t3\n",
        "code|n\nE11.9|3\n",
        '[{"code": "E11.9", "n": 3}]',
        '{"code": "E11.9", "n": 3}\n',
        '{"volumes": [{"code": "E11.9", "n": 3}]}',
        "\ncode,n\nE11.9,3\n",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_form_of_text_gives_the_same_volumes(content: str, encoding: str) -> None:
    assert read(content.encode(encoding)).volumes == {Setting.UNSPECIFIED: {"E119": 3}}


def test_a_file_without_a_code_column_says_which_columns_it_has() -> None:
    with pytest.raises(InvalidRequestError, match="columns: patient, n"):
        read("patient,n\nx,1\n")


def test_utf_16_is_read_and_other_encodings_are_noted() -> None:
    assert read("code,n\nI10,1\n".encode("utf-16")).volumes == {Setting.UNSPECIFIED: {"I10": 1}}
    assert "read as Windows-1252" in read(b"code,n,title\nI10,1,M\xe9ni\xe8re\n").notices[0]


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
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 12_000_000)
    with pytest.raises(UnsafeArchiveError, match="times its packed size"):
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
    assert any("1 ICD-9-CM" in notice for notice in found.notices)


def test_claims_and_rows_with_several_diagnoses_are_records_and_counts_are_none() -> None:
    stays = read("setting,dx 1,dx 2\ninpatient,I10,E11.9\nED,J18.9,\n")
    assert [(where.value, keys) for where, keys in stays.records] == [
        ("inpatient", ["I10", "E119"]),
        ("emergency-department", ["J189"]),
    ]
    assert len(read("code,count\nI10,3\n").records) == 0


def test_lines_of_one_claim_are_one_record_whose_diagnoses_count_once() -> None:
    lines = "claim id,pos,dx 1,dx 2,charge\n1,21,I10,E11.9,10\n1,21,I10,E11.9,5\n2,11,I10,,1\n,11,J18.9,,1\n"
    found = read(lines)
    assert found.volumes == {
        Setting.INPATIENT: {"I10": 1, "E119": 1},
        Setting.OFFICE: {"I10": 1, "J189": 1},
    }
    assert sorted(keys for _, keys in found.records) == [["I10"], ["I10", "E119"], ["J189"]]
    assert found.groups["all", "all"] == {"I10": (2, 1600), "E119": (1, 0), "J189": (1, 100)}
    assert any("one claim" in notice for notice in found.notices)


def test_a_row_for_each_diagnosis_of_a_stay_is_read_as_the_stay() -> None:
    found = read("encounter_id,dx_code\nA,I50.33\nB,J44.1\nA,N17.9\nB,J44.1\n")
    assert [keys for _, keys in found.records] == [["I5033", "N179"], ["J441"]]
    assert found.volumes == {Setting.UNSPECIFIED: {"I5033": 1, "N179": 1, "J441": 1}}


def test_a_count_beside_a_number_is_taken_as_it_is() -> None:
    found = read("record id,code,count\n1,I10,4\n1,I10,5\n")
    assert found.volumes == {Setting.UNSPECIFIED: {"I10": 9}}
    assert len(found.records) == 0


def test_a_column_of_diagnoses_that_is_not_counted_is_named() -> None:
    found = read("principal diagnosis,dx 1,dx 2\nI10,E11.9,J18.9\n")
    assert any("not counted" in notice and "principal diagnosis" in notice for notice in found.notices)
