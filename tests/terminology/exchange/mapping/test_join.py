"""The join of claims: what the row-by-row reader answers, by the million."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.errors import DataNotAvailableError, InvalidRequestError, ReleaseFormatError
from terminology.exchange.mapping.join import UnreadableTextError, map_claims
from terminology.exchange.mapping.report import BatchReport
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.mapping.scan import claim_files, read_claims

CSV = (
    "claim,DX Code,note,icd11_status\n"
    '1,E11.9,=1+1,x\n2,e119,-5,\n3, E11 . 9 ,"a, ""b""",\n4,ZZZ,"two\nlines",\n5,,@x,\n'
    '6,E11‑9,Ménière,\n7,"S52.501a",,\n8,s52501A,+4.5,\n\n9,   ,007,\n'
)


def joined(named: Path, out: Path, bundle: Path, **options: Any) -> BatchReport:
    claims = read_claims(claim_files(named))
    assert claims is not None
    return map_claims(claims, out, bundle, **options)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t"])
def test_join_of_csv_writes_what_the_row_reader_writes(
    suffix: str, ends: str, delimiter: str, small_bundle: Path, tmp_path: Path
) -> None:
    source = tmp_path / "claims.csv"
    text = CSV if delimiter == "," else CSV.replace("a, ", "a; ").replace(",", "\t")
    source.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", ends).encode())
    by_join, by_row = tmp_path / f"join.{suffix}", tmp_path / f"row.{suffix}"
    first = joined(source, by_join, small_bundle)
    with source.open("rb") as file:
        second = map_file(file, source.name, by_row, small_bundle)
    assert first.statuses == second.statuses == {"mapped": 5, "unknown-code": 2, "no-code": 2}
    assert (first.rows, first.column) == (9, "DX Code")
    assert sorted(first.unknown) == sorted(second.unknown)
    if suffix == "csv":
        assert by_join.read_bytes() == by_row.read_bytes()
    else:
        assert pq.read_table(by_join).to_pylist() == pq.read_table(by_row).to_pylist()
        assert b"attribution" in pq.read_schema(by_join).metadata


def test_join_of_parquet_keeps_types_and_order(small_bundle: Path, tmp_path: Path) -> None:
    count = 300_000
    table = pa.table({"n": pa.array(range(count), pa.int32()), "dx": ["e119", None, "ZZ"] * (count // 3)})
    pq.write_table(table, tmp_path / "in.parquet")
    report = joined(tmp_path / "in.parquet", tmp_path / "out.parquet", small_bundle, memory="500MB")
    out = pq.read_table(tmp_path / "out.parquet")
    assert out["n"].equals(table["n"])
    assert out.schema.field("icd11_confidence").type == pa.float64()
    assert report.statuses == {"mapped": count // 3, "no-code": count // 3, "unknown-code": count // 3}


def test_a_folder_and_a_pattern_are_one_table(small_bundle: Path, tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "b.csv").write_text("n,dx\n2,E119\n")
    (folder / "a.csv").write_text("n,dx\n1,E119\n")
    for named in (folder, folder / "*.csv"):
        assert joined(named, tmp_path / "out.csv", small_bundle).rows == 2
        assert [line[0] for line in (tmp_path / "out.csv").read_text().splitlines()] == ["n", "1", "2"]


def test_files_that_do_not_fit_together_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n,dx\n1,E119\n")
    (tmp_path / "b.csv").write_text("n,code\n1,E119\n")
    with pytest.raises(ReleaseFormatError, match=r"b\.csv.*columns of a\.csv: n, dx"):
        read_claims(claim_files(tmp_path))
    (tmp_path / "b.csv").rename(tmp_path / "b.parquet")
    with pytest.raises(InvalidRequestError, match="one format"):
        read_claims(claim_files(tmp_path))
    with pytest.raises(DataNotAvailableError, match=r"no \.csv or \.parquet"):
        claim_files(tmp_path / "*.nothing")


def test_text_that_is_no_table_leaves_nothing_behind(small_bundle: Path, tmp_path: Path) -> None:
    source = tmp_path / "claims.csv"
    source.write_text("n,dx\n1,E119\n2,E119,more\n")
    with pytest.raises(UnreadableTextError):
        joined(source, tmp_path / "out.csv", small_bundle)
    assert [p.name for p in tmp_path.iterdir()] == ["claims.csv"]


def test_other_encodings_and_nested_types_are_for_the_row_reader(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("dx,note\nE119,Ménière\n".encode("cp1252"))
    pq.write_table(pa.table({"dx": ["E119"], "all": [["E119"]]}), tmp_path / "a.parquet")
    assert read_claims([tmp_path / "a.csv"]) is None
    assert read_claims([tmp_path / "a.parquet"]) is None


def test_a_size_that_is_none_is_refused(small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("dx\nE119\n")
    with pytest.raises(InvalidRequestError, match="like 4GB"):
        joined(tmp_path / "a.csv", tmp_path / "out.csv", small_bundle, memory="plenty")
