"""Checking files: on one process or several the same findings, in the files' order."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from terminology.claims.claim import ClaimSetting
from terminology.errors import InvalidRequestError
from terminology.exchange.claims import read_claims
from terminology.exchange.claims.checking import CheckedClaims
from terminology.exchange.claims.findings_output import Write, findings_file
from terminology.exchange.claims.job import check_files
from tests.terminology.exchange.x12.edi import PROFESSIONAL, interchange

ROWS = "claim_id,discharge_date,age,sex,dx1,dx2\n" + "".join(
    f"{prefix}{n},2020-0{1 + n % 9}-15,{n % 90},{'FM'[n % 2]},{code},E11.9\n"
    for n, (prefix, code) in enumerate([("=1+", "Z00.00"), ("b", "E28.310"), ("c", "zz")] * 4)
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "claims.csv"
    path.write_text(ROWS)
    return path


def findings(
    paths: Sequence[Path], bundle: Path, processes: int = 1
) -> tuple[list[dict[str, Any]], CheckedClaims]:
    rows: list[dict[str, Any]] = []
    summary = check_files(
        paths,
        bundle,
        lambda outcome: rows.extend(outcome.findings.to_pylist()),
        ClaimSetting.INPATIENT,
        processes,
    )
    return rows, summary


def test_processes_and_one_process_find_the_same(
    table: Path,
    claim_bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    alone, summary = findings([table], claim_bundle)
    lines = table.with_suffix(".ndjson")
    lines.write_text(
        "".join(
            json.dumps(
                {
                    "id": f"{n}",
                    "setting": "inpatient",
                    "discharge_date": "2020-01-15",
                    "patient": {"age": n % 90},
                    "diagnoses": ["E28.310"],
                }
            )
            + "\n"
            for n in range(30)
        )
    )
    monkeypatch.setattr(read_claims, "_CHUNK", 7)
    assert alone
    assert summary.claims == 12
    one, first = findings([lines, table], claim_bundle, 1)
    two, second = findings([lines, table], claim_bundle, 2)
    assert one == two
    assert [row["place"] for row in one if row["file"] == lines.name] == sorted(
        row["place"] for row in one if row["file"] == lines.name
    )
    assert (first.claims, first.findings, first.checked, first.not_checked) == (
        second.claims, second.findings, second.checked, second.not_checked
    )  # fmt: skip


def test_a_file_that_cannot_be_read_leaves_the_others_checked(table: Path, claim_bundle: Path) -> None:
    bad = table.with_name("bad.837")
    bad.write_bytes(interchange(PROFESSIONAL).replace(b"*UN*2*", b"*UN*two*"))
    rows, summary = findings([bad, table], claim_bundle)
    assert summary.claims == 12
    assert {row["file"] for row in rows} == {"claims.csv"}
    assert [
        message.startswith("bad.837, line 14, segment 14 (SV1), element SV104") for message in summary.unread
    ] == [True]


def written_by(write: Write) -> Callable[[Any], None]:
    return lambda outcome: write(outcome.findings)


def test_findings_are_written_as_csv_parquet_and_json(
    table: Path, claim_bundle: Path, tmp_path: Path
) -> None:
    summary = CheckedClaims()
    for name in ("f.csv", "f.parquet", "f.json"):
        with findings_file(tmp_path / name, summary) as write:
            found = check_files(
                [table],
                claim_bundle,
                written_by(write),
                ClaimSetting.INPATIENT,
            )
            summary.claims = found.claims
    document = json.loads((tmp_path / "f.json").read_text())
    parquet = pq.read_table(tmp_path / "f.parquet").to_pylist()
    with (tmp_path / "f.csv").open(newline="") as file:
        cells = list(csv.DictReader(file))
    assert document["claims"] == 12
    assert len(document["findings"]) == len(parquet) == len(cells) > 0
    first = document["findings"][0]
    assert first["source"]["publisher"] and isinstance(first["dx"], int)
    assert [row["claim_id"].lstrip("'") for row in cells] == [row["claim_id"] for row in parquet]
    assert all(row["claim_id"].startswith("'") for row in cells if "=" in row["claim_id"])


def test_another_suffix_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRequestError, match="end it in"),
        findings_file(tmp_path / "f.xls", CheckedClaims()),
    ):
        pass
