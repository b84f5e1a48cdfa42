"""Uploads made to break the reader: each gets a clear answer, and none is kept."""

from __future__ import annotations

import gzip
import struct
import tempfile
import zipfile
from io import BytesIO

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology import untrusted
from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.exchange import volume_codes as uploads
from terminology.exchange.tables import json_table
from terminology.exchange.volumes import read_upload
from terminology.facility import Setting
from tests.client import Client

CODE_AND_COUNT = {Setting.UNSPECIFIED: {"I10": 7}}


def read(data: bytes, name: str = "volumes") -> uploads.Uploaded:
    return read_upload(BytesIO(data), name)


def parquet() -> bytes:
    out = BytesIO()
    pq.write_table(pa.table({"code": ["I10"], "count": [7]}), out)
    return out.getvalue()


def zipped(text: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", text)
    return out.getvalue()


def test_parquet_is_read() -> None:
    assert read(parquet()).volumes == CODE_AND_COUNT


def test_truncated_parquet_is_called_damaged() -> None:
    with pytest.raises(ReleaseFormatError, match=r"a Parquet file.*damaged"):
        read(parquet()[:-20])


def test_a_workbook_that_lies_about_its_size_is_refused() -> None:
    bomb = bytearray(zipped(b" " * 3_000_000))
    at = bomb.rindex(b"PK\x01\x02")
    bomb[at + 24 : at + 28] = struct.pack("<I", 10)
    with pytest.raises((ReleaseFormatError, UnsafeArchiveError)):
        read(bytes(bomb))


def test_a_workbook_larger_than_the_limit_is_refused_while_it_is_inflated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(untrusted, "MAX_WORKBOOK_BYTES", 100)
    with pytest.raises(UnsafeArchiveError, match="expands to more than 100 bytes"):
        read(zipped(bytes(range(200))))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_packed_otherwise_than_deflated_is_refused_unread(method: int) -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 5_000_000)
    with pytest.raises(UnsafeArchiveError, match="only deflate is read"):
        read(out.getvalue())


def test_a_parquet_file_that_claims_endless_rows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MAX_PARQUET_ROWS", 0)
    with pytest.raises(UnsafeArchiveError, match="claims more than 0 rows"):
        read(parquet())


def test_a_parquet_column_that_expands_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MAX_COLUMN_BYTES", 10)
    with pytest.raises(UnsafeArchiveError, match="expands to more than 10 bytes at once"):
        read(parquet())


def test_gzip_inside_gzip_is_not_opened() -> None:
    with pytest.raises(UnsafeArchiveError, match="another gzip"):
        read(gzip.compress(gzip.compress(b"code,n\nI10,1\n")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_of_a_workbook_are_never_expanded(encoding: str) -> None:
    text = f"<?xml version='1.0'?><!--{'x' * 70_000}--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"
    with pytest.raises(UnsafeArchiveError, match="document type"):
        read(zipped(text.encode(encoding)))


def test_json_nested_beyond_reason_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="expected JSON"):
        read(b'{"volumes": ' + b"[" * 5000 + b"]" * 5000 + b"}")


def test_json_with_endless_keys_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_table, "MAX_COLUMNS", 2)
    with pytest.raises(ReleaseFormatError, match="different keys"):
        read(b'[{"code": "I10", "a": 1}, {"b": 1}]')


def test_a_sum_no_facility_has_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="is the count column the right one"):
        read(b"code,n\n" + b"I10,999999999999\n" * 1_002)


def test_a_code_of_endless_length_is_kept_short() -> None:
    found = read(b"code,n\n" + b"A" * 5000 + b",1\n")
    assert [(key, len(text)) for key, text in found.given.items()] == [("A" * 40, 80)]


def test_a_byte_order_mark_is_no_part_of_the_first_title() -> None:
    assert read("code,n\nI10,7\n".encode("utf-8-sig")).volumes == CODE_AND_COUNT


def test_compressed_text_that_expands_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MAX_MEMBER_BYTES", 1000)
    with pytest.raises(UnsafeArchiveError, match="expands to more than 1,000 bytes"):
        read(gzip.compress(b"code,n\n" + b"I10,1\n" * 1000))


def test_a_body_over_the_limit_is_refused_as_too_large(client: Client) -> None:
    client.application.config["MAX_CONTENT_LENGTH"] = 1000
    try:
        answer = client.post("/api/v1/impact", data=b"code,n\n" + b"I10,1\n" * 1000)
    finally:
        client.application.config["MAX_CONTENT_LENGTH"] = 32 * 2**20
    assert (answer.status_code, answer.mimetype) == (413, "application/problem+json")


def test_a_file_sent_with_the_default_content_type_of_a_client_is_read(client: Client) -> None:
    kind = "application/x-www-form-urlencoded"
    answer = client.post("/api/v1/impact", data=b"code,n\nI10,7\n", content_type=kind)
    assert (answer.status_code, answer.json["total"]) == (200, 7)


def test_columns_are_named_over_http(client: Client) -> None:
    answer = client.post("/api/v1/impact?code_column=a&count_column=b", data=b"a,b\nI10,7\n")
    assert answer.json["total"] == 7


def test_no_temporary_file_outlives_a_refused_upload(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("uploads")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    answers = [
        client.post("/api/v1/impact", data=b"code,n\nI10,-7\n"),
        client.post("/api/v1/impact", data={"file": (BytesIO(b"code,n\n" + b"I10,-7\n" * 200_000), "v.csv")}),
    ]
    assert {answer.status_code for answer in answers} == {400}
    assert list(folder.iterdir()) == []


def test_payers_departments_and_charges_are_reported(client: Client) -> None:
    data = b"code,n,payer,ward,amount\nE11.9,3,=A,x,$10.50\nE11.9,1,B,y,\n"
    answer = client.post("/api/v1/impact?department_column=ward&charge_column=amount", data=data)
    table = next(t for t in answer.json["tables"] if t["id"] == "groups")
    at = [column["name"] for column in table["columns"]].index("charges")
    assert [(r[0], r[1], r[3], r[at]) for r in table["rows"]] == [
        ("all", "all", 4, 10.5),
        ("department", "x", 3, 10.5),
        ("department", "y", 1, None),
        ("payer", "=A", 3, 10.5),
        ("payer", "B", 1, None),
    ]


@pytest.mark.parametrize("charge", ["NaN", "-1", "=1+1", "1e9"])
def test_a_charge_that_is_no_amount_is_said_with_its_line_and_counts_nothing(charge: str) -> None:
    found = read(f"code,n,charge\nI10,1,{charge}\n".encode())
    assert found.groups["all", "all"] == {"I10": (1, 0)}
    assert "1 rows have a charge that is no amount" in found.notices[0]
    assert f"line 2: {charge!r}" in found.notices[0]
