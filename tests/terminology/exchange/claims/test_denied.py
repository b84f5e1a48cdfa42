"""Denied lines of remittance advices, joined with their claims."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from terminology.bundle.store import Store
from terminology.exchange.claims.denied import DeniedLine, denial_report

ENVELOPE = "*".join(
    ("ISA*00", " " * 10, "00", " " * 10, "ZZ*S              ", "ZZ*R              ", "240820*1200*^")
) + ("*00501*000000001*0*P*:~")
CLAIM = (
    f"{ENVELOPE}GS*HC*S*R*20240820*1200*1*X*005010X222A1~ST*837*0001*005010X222A1~BHT*0019*00*1*20240820*1200*CH~"
    "HL*1**20*1~HL*2*1*22*0~SBR*P*18*******MB~DMG*D8*19540101*F~"
    "CLM*A-1*300***11:B:1*Y*A*Y*Y~HI*ABK:E119~"
    "LX*1~SV1*HC:G9901*100*UN*1***1~DTP*472*D8*20240815~"
    "LX*2~SV1*HC:G9902*120*UN*1***1~DTP*472*D8*20240815~"
    "LX*3~SV1*HC:G9999*80*UN*1***1~DTP*472*D8*20240815~"
    "SE*17*0001~GE*1*1~IEA*1*000000001~"
)
ADVICE = (
    f"{ENVELOPE}GS*HP*S*R*20240901*1200*1*X*005010X221A1~ST*835*0001~BPR*I*60*C*NON************20240901~"
    "CLP*A-1*1*300*60*20*MB*1~"
    "SVC*HC:G9901*100*60**1~DTM*472*20240815~CAS*CO*45*20~CAS*PR*2*20~"
    "SVC*HC:G9902*120*0**1~DTM*472*20240815~CAS*CO*97*120~LQ*HE*M15~"
    "SVC*HC:G9999*80*0**1~DTM*472*20240815~CAS*CO*50*80~LQ*HE*N115~"
    "CLP*B-7*4*50*0**MB*2~CAS*CO*16*50~MOA***MA63~"
    "SE*15*0001~GE*1*1~IEA*1*000000001~"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a claim and the advice about it."""
    (tmp_path / "claims.837").write_text(CLAIM)
    (tmp_path / "advice.835").write_text(ADVICE)
    return tmp_path


def denied(folder: Path, store: Store) -> dict[str, DeniedLine]:
    """The denied lines by code; the claim that was denied as a whole has none."""
    return {line.code: line for line in denial_report([folder], store).lines}


def test_contractual_reductions_and_the_patients_share_are_no_denials(
    folder: Path, claim_store: Store
) -> None:
    assert set(denied(folder, claim_store)) == {"G9902", "G9999", ""}


def test_a_denial_that_a_check_would_have_caught_names_the_edit(folder: Path, claim_store: Store) -> None:
    line = denied(folder, claim_store)["G9902"]
    assert (line.claim_id, line.line, line.amount, line.carc, line.rarc) == (
        "A-1",
        2,
        120.0,
        ("97",),
        ("M15",),
    )
    assert line.caught == ("ptp.column2",)


def test_a_denial_that_no_edit_finds_remains(folder: Path, claim_store: Store) -> None:
    line = denied(folder, claim_store)["G9999"]
    assert (line.caught, line.to_run, line.joined) == ((), ("necessity.not_supported",), True)


def test_a_claim_that_is_not_among_the_files_says_so(folder: Path, claim_store: Store) -> None:
    report = denial_report([folder], claim_store)
    (line,) = [line for line in report.lines if not line.code]
    assert (line.claim_id, line.joined, line.reason) == ("B-7", False, "its claim is not among the files")
    assert (line.rarc, report.without_claim) == (("MA63",), 1)


def test_sums_are_by_code_and_reason_the_largest_first(folder: Path, claim_store: Store) -> None:
    sums = denial_report([folder], claim_store).sums()
    assert [(row.code, row.carc, row.amount, row.caught_amount, row.remaining) for row in sums] == [
        ("G9902", "97", 120.0, 120.0, 0.0),
        ("G9999", "50", 80.0, 0.0, 80.0),
        ("", "16", 50.0, 0.0, 50.0),
    ]


def test_a_file_that_is_neither_is_told_and_the_rest_is_joined(folder: Path, claim_store: Store) -> None:
    (folder / "notes.txt").write_text("hello")
    (folder / "cut.835").write_text(ADVICE[:200])
    report = denial_report([folder], claim_store)
    assert len(report.lines) == 3
    assert len(report.unread) == 2


def test_the_command_prints_sums_and_writes_every_line(
    folder: Path, claim_bundle: Path, tmp_path: Path
) -> None:
    out = tmp_path / "denied.csv"
    result = CliRunner().invoke(cli, ["denials", str(folder), "-o", str(out), "--bundle", str(claim_bundle)])
    assert result.exit_code == 0, result.output
    assert "a check would have caught $120.00, $130.00 remains" in result.output
    assert [row.split(",")[3] for row in out.read_text().splitlines()] == ["code", "G9902", "G9999", ""]


@pytest.mark.realdata
def test_the_sample_advices_are_read(data_dir: Path, claim_store: Store) -> None:
    report = denial_report([data_dir / "x12" / "linuxforhealth" / "835_005010X221A1"], claim_store)
    assert report.unread == []
    assert report.claims >= 5
