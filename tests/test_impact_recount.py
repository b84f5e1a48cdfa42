"""The second program counts the same as the report on a small file, and says so when a figure is wrong."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner

from bench.impact_recount import main
from teneleven.command_line import cli

VOLUMES = "code,inpatient,emergency_department\nE11.9,60,40\nS52.501A,30,0\nE11,5,0\nZZ9,1,9\n"


@pytest.fixture
def arguments(small_bundle: Path, tmp_path: Path) -> list[str]:
    volumes, report = tmp_path / "volumes.csv", tmp_path / "report.json"
    volumes.write_text(VOLUMES)
    run = ["impact", str(volumes), "-o", str(report), "--bundle", str(small_bundle)]
    done = CliRunner().invoke(cli, run)
    assert done.exit_code == 0, done.output
    return ["x", "--bundle", str(small_bundle), "--data", str(volumes), "--report", str(report)]


def test_both_programs_count_the_same(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", arguments)
    assert main() == 0
    assert ", 0 differ" in capsys.readouterr().out


def test_a_wrong_figure_is_found(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(arguments[-1])
    report = orjson.loads(path.read_bytes())
    kept = next(t for t in report["tables"] if t["id"] == "kept")
    kept["rows"][0][2] += 0.001
    path.write_bytes(orjson.dumps(report))
    monkeypatch.setattr("sys.argv", arguments)
    assert main() == 1
    assert "1 differ" in capsys.readouterr().out
