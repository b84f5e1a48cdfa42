"""The check command as a user meets it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import teneleven
from tests.terminology.exchange.x12.edi import INPATIENT, PROFESSIONAL, interchange


def run(monkeypatch: pytest.MonkeyPatch, *arguments: object) -> int:
    monkeypatch.setattr(sys, "argv", ["teneleven", "check", *map(str, arguments)])
    try:
        teneleven.main()
    except SystemExit as ended:
        return int(ended.code or 0)
    return 0


@pytest.fixture(autouse=True)
def bundle(claim_bundle: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENELEVEN_BUNDLE", str(claim_bundle))


def test_it_says_what_is_wrong_who_says_so_and_what_was_not_checked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    claim = tmp_path / "stay.json"
    claim.write_text(json.dumps({
        "id": "stay", "setting": "inpatient", "discharge_date": "2020-01-15",
        "patient": {"age": 30, "sex": "M"}, "diagnoses": ["E28.310"],
    }))  # fmt: skip
    assert run(monkeypatch, claim) == 0
    said = capsys.readouterr().out
    assert "1 claims" in said
    assert "dx.sex_conflict" in said
    assert "not checked, so nothing is said of it:" in said


def test_it_reads_x12_and_writes_the_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    stay, out = tmp_path / "stay.837", tmp_path / "findings.json"
    stay.write_bytes(interchange(INPATIENT, guide="005010X223A2"))
    assert run(monkeypatch, stay, "-o", out) == 0
    assert json.loads(out.read_text())["claims"] == 1
    assert str(out) in capsys.readouterr().out


def test_a_remittance_is_no_claim_and_one_line_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    advice = tmp_path / "pay.835"
    advice.write_bytes(interchange(PROFESSIONAL, number="835", guide="005010X221A1"))
    assert run(monkeypatch, advice) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "a remittance advice: it holds no claims" in line


def test_icd_9_is_not_judged_by_rules_of_icd_10(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    old = tmp_path / "old.837"
    old.write_bytes(interchange(INPATIENT.replace("ABK:K3580", "BK:25000"), guide="005010X223A2"))
    assert run(monkeypatch, old) == 0
    said = capsys.readouterr().out
    assert "ICD-9-CM" in said
    assert "1 claims, 0 with findings" in said


def test_advice_is_given_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    claim = tmp_path / "claim.json"
    visit = {"setting": "professional", "date_of_service": "2026-11-01", "diagnoses": ["K51.9"]}
    claim.write_text(json.dumps(visit))
    found = []
    for advice in ((), ("--advice", "all"), ("--advice", "dx.more_specific")):
        assert run(monkeypatch, claim, *advice) == 0
        found.append(capsys.readouterr().out.count("info    dx.more_specific"))
    assert found[0] == 0
    assert found[1] == found[2] > 0
    assert run(monkeypatch, claim, "--advice", "dx.nothing") == 1
    assert "'dx.nothing' is no edit" in capsys.readouterr().err
