"""The crosswalk commands as a user meets them: map, batch, review, export, diff of two bundles."""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path

import pytest

import teneleven


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["teneleven", *map(str, arguments)])
    try:
        teneleven.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture(autouse=True)
def bundle(small_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENELEVEN_BUNDLE", str(small_bundle))


def test_map_says_the_expression_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "map", "e119", "--json") == 0
    assert json.loads(capsys.readouterr().out)["targets"][0]["expression"] == "5A11"
    assert run(monkeypatch, "map", "E11.9") == 0
    assert "-> 5A11" in capsys.readouterr().out


def test_map_wants_one_thing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "map") == 2
    assert run(monkeypatch, "map", "E11.9", "--batch", "x.csv") == 2


def test_batch_joins_and_falls_back_to_the_row_reader_that_names_the_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    claims, out = tmp_path / "claims.csv", tmp_path / "out.parquet"
    claims.write_text("n,dx\n1,E119\n2,zz\n")
    assert run(monkeypatch, "map", "--batch", claims, "-o", out) == 0
    assert "2 rows" in capsys.readouterr().out
    claims.write_text("n,dx\n1,E119\n2,E119,more\n")
    before = out.read_bytes()
    assert run(monkeypatch, "map", "--batch", claims, "-o", out) == 1
    assert "claims.csv, line 3" in capsys.readouterr().err
    assert out.read_bytes() == before
    assert {p.name for p in tmp_path.iterdir()} == {"claims.csv", "out.parquet"}


def test_review_writes_the_uncertain_codes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sheet, volumes = tmp_path / "review.csv", tmp_path / "volumes.csv"
    volumes.write_text("code,count\nE11.A,7\nS52.501A,2\n")
    assert run(monkeypatch, "map", "--review", sheet, "--volumes", volumes, "--limit", 1) == 0
    with sheet.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 1
    assert rows[0]["reviewer"] == rows[0]["date"] == ""
    assert run(monkeypatch, "map", "--review", tmp_path / "review.doc") == 1


def test_crosswalks_of_two_bundles_are_compared(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small_bundle: Path
) -> None:
    assert run(monkeypatch, "diff", "--crosswalk", small_bundle, small_bundle, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["same"] > 0
    assert found["changes"]["stem"] == []
    assert run(monkeypatch, "diff", "icd-11", "2025-01") == 2


def test_export_says_how_many_rows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert run(monkeypatch, "export", "csv", "-o", tmp_path / "map.csv") == 0
    assert "rows in" in capsys.readouterr().out
