"""Files that are made to hurt: each is refused with its name, and nothing is left beside it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.errors import TenElevenError
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.mapping.scan import read_claims

CSV = b"code\nE11.9\n"


def sheet_bomb() -> bytes:
    """A workbook whose one sheet unpacks to 600 MB of zeros."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as part:
            for _ in range(600):
                part.write(b"\0" * 1_000_000)
    return made.getvalue()


def cut_parquet() -> bytes:
    made = io.BytesIO()
    pq.write_table(pa.table({"code": ["E11.9"] * 5000}), made)
    return made.getvalue()[:-40]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("bomb.xlsx", sheet_bomb, "bomb.xlsx"),
        ("cut.parquet", cut_parquet, "cut.parquet"),
        ("lines.ndjson", b'{"code": "E11.9"}\n{"code": \n', "line 2"),
        ("list.ndjson", b"[1, 2]\n", "line 1"),
        ("deep.ndjson", b'{"code": ' + b"[" * 5000 + b"]" * 5000 + b"}\n", "line 1"),
        ("empty.csv", b"", "empty.csv"),
    ],
)
def test_a_hostile_file_is_refused_by_name_and_leaves_nothing(
    name: str, content: bytes | Callable[[], bytes], says: str, small_bundle: Path, tmp_path: Path
) -> None:
    made = content if isinstance(content, bytes) else content()
    with pytest.raises(TenElevenError, match=says):
        map_file(io.BytesIO(made), name, tmp_path / "out.csv", small_bundle)
    assert not list(tmp_path.iterdir())


def test_a_cut_parquet_file_is_refused_by_the_join_too(tmp_path: Path) -> None:
    (tmp_path / "cut.parquet").write_bytes(cut_parquet())
    with pytest.raises(TenElevenError, match=r"cut\.parquet"):
        read_claims([tmp_path / "cut.parquet"])


def test_an_output_that_cannot_be_written_is_named(small_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(TenElevenError, match="missing"):
        map_file(io.BytesIO(CSV), "in.csv", tmp_path / "missing" / "out.csv", small_bundle)
