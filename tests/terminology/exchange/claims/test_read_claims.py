"""Claims in users' files: X12, JSON, NDJSON, CSV and Parquet, in every layout, are the same claims."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.errors import DataNotAvailableError, TenElevenError
from terminology.exchange.claims.read_claims import claim_paths, read_chunks
from tests.terminology.exchange.x12.edi import PROFESSIONAL, interchange

DAY = date(2026, 8, 15)
CLAIM = Claim(
    setting=ClaimSetting.PROFESSIONAL,
    patient=Patient(75, Sex.FEMALE),
    diagnoses=(Diagnosis("E11.9"), Diagnosis("I10")),
    lines=(
        ClaimLine("G0447", ("25", "RT"), 2, 80, DAY, (1, 2), "11"),
        ClaimLine("J1885", (), 1, 40, date(2026, 8, 16), (2,), "22"),
    ),
    id="CLAIM-1",
    date_of_service=DAY,
)
DOCUMENT: dict[str, Any] = {
    "id": "CLAIM-1",
    "setting": "professional",
    "patient": {"age": 75, "sex": "F"},
    "date_of_service": "2026-08-15",
    "diagnoses": [{"code": "E11.9"}, {"code": "I10"}],
    "lines": [
        {
            "code": "G0447",
            "modifiers": ["25", "RT"],
            "units": 2,
            "charge": 80,
            "pointers": [1, 2],
            "place_of_service": "11",
        },
        {
            "code": "J1885",
            "charge": 40,
            "date_of_service": "2026-08-16",
            "pointers": [2],
            "place_of_service": "22",
        },
    ],
}
LONG = """claim_id,setting,patient_age,sex,dos,dx1,dx2,hcpcs,mod1,mod2,units,charge,pointers,pos
CLAIM-1,professional,75,F,2026-08-15,E11.9,I10,G0447,25,RT,2,80,1 2,11
CLAIM-1,professional,75,F,08/16/2026,E11.9,I10,J1885,,,1,40,2,22
"""
WIDE = (
    "claim_id;setting;age;gender;dos;dx1;dx2;dx3;line1_hcpcs;line1_modifiers;line1_units;line1_charge;"
    "line1_pointers;line1_pos;hcpcs2;units2;charge2;pointers2;pos2;line2_date\n"
    "CLAIM-1;Professional;75;female;20260815;E11.9;I10;;G0447;25,RT;2;80;AB;11;J1885;1;40;B;22;2026-08-16\n"
)


def read(path: Path, content: str | bytes, setting: ClaimSetting | None = None) -> list[Claim]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return [found.claim for chunk in read_chunks(path, setting) for found in chunk.claims()]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("claims.json", json.dumps(DOCUMENT)),
        ("list.json", json.dumps([DOCUMENT])),
        ("many.json", json.dumps({"claims": [DOCUMENT]})),
        ("claims.ndjson", json.dumps(DOCUMENT) + "\n\n"),
        ("long.csv", LONG),
        ("wide.csv", WIDE),
    ],
)
def test_every_layout_gives_the_same_claim(tmp_path: Path, name: str, content: str) -> None:
    assert read(tmp_path / name, content) == [CLAIM]


def test_parquet_is_read_flat_and_nested(tmp_path: Path) -> None:
    header, *rows = (line.split(",") for line in LONG.splitlines())
    flat = {name: [row[n] for row in rows] for n, name in enumerate(header)}
    pq.write_table(pa.table({**flat, "pointers": ["1 2", "2"]}), tmp_path / "flat.parquet")
    pq.write_table(pa.Table.from_pylist([DOCUMENT]), tmp_path / "nested.parquet")
    for name in ("flat.parquet", "nested.parquet"):
        found = [one.claim for chunk in read_chunks(tmp_path / name) for one in chunk.claims()]
        assert found == [CLAIM], name


def test_x12_is_told_by_its_first_bytes_whatever_the_suffix(tmp_path: Path) -> None:
    (claim,) = read(tmp_path / "export.dat", interchange(PROFESSIONAL))
    assert claim.diagnoses == (Diagnosis("E119"), Diagnosis("I10"))


def test_a_row_a_diagnosis_keeps_repeats_and_order(tmp_path: Path) -> None:
    rows = "claim_id,setting,discharge_date,dx,poa\na,inpatient,2026-09-01,E119,y\nb,inpatient,,I10,\n"
    rows += "a,,,E119,N\n"
    first, second = read(tmp_path / "codes.csv", rows)
    assert first.diagnoses == (Diagnosis("E119", "Y"), Diagnosis("E119", "N"))
    assert (second.id, second.diagnoses) == ("b", (Diagnosis("I10"),))


def test_a_principal_that_is_repeated_as_the_first_counts_once(tmp_path: Path) -> None:
    rows = "principal_diagnosis,dx1,dx2,poa1,type_of_bill\nE119,E119,I10,Y,0111\nE119,I10,,N,131\n"
    first, second = read(tmp_path / "rif.csv", rows)
    assert (first.setting, first.diagnoses) == (
        ClaimSetting.INPATIENT,
        (Diagnosis("E119", "Y"), Diagnosis("I10")),
    )
    assert second.setting is ClaimSetting.OUTPATIENT
    assert [one.code for one in second.diagnoses] == ["E119", "I10"]


def test_the_setting_of_claims_that_name_none_is_given_or_asked_for(tmp_path: Path) -> None:
    rows = "dx\nE119\n"
    assert read(tmp_path / "a.csv", rows, ClaimSetting.DME)[0].setting is ClaimSetting.DME
    with pytest.raises(TenElevenError, match="--setting"):
        read(tmp_path / "a.csv", rows)


def test_a_cell_with_several_codes_is_several_diagnoses(tmp_path: Path) -> None:
    (claim,) = read(tmp_path / "a.csv", 'diagnoses\n"E11.9; I10"\n', ClaimSetting.OUTPATIENT)
    assert [one.code for one in claim.diagnoses] == ["E11.9", "I10"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "dx,dos,setting\nE119,2026-02-30,dme\n", "a.csv, line 2, column dos: expected a day"),
        ("a.csv", "dx,age,setting\nI10,4,dme\nE119,old,dme\n", "line 3, column age"),
        ("a.csv", "dx,setting\nE119,hospital\n", "expected professional, inpatient, outpatient, dme"),
        ("a.ndjson", '{"setting": "dme"}\n{"setting": \n', "a.ndjson, line 2: expected a claim as JSON"),
        ("a.json", '{"setting": "dme", "diagnose": []}', "a.json, claim 1, diagnose: no such field"),
        ("a.json", '{"claims": 7}', "a list of claims"),
        ("a.doc", "E11.9", "no X12, and its suffix"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(
    tmp_path: Path, name: str, content: str, said: str
) -> None:
    with pytest.raises(TenElevenError, match=said):
        read(tmp_path / name, content)


def test_a_folder_stands_for_its_files_and_a_missing_file_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "b.837").write_text("")
    (tmp_path / ".hidden").write_text("")
    assert claim_paths([tmp_path]) == [tmp_path / "b.837"]
    with pytest.raises(DataNotAvailableError, match="no such file"):
        claim_paths([tmp_path / "none.csv"])
