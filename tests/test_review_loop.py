"""A team's review on the command line: the sheet goes out, decisions come back and show everywhere."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest

from loaders.acquire.sources import Sources
from loaders.build import build_bundle
from loaders.progress import Silent
from tests.client import client_of
from tests.conftest import release_files
from web.app import create_app

TENELEVEN = str(Path(sys.executable).with_name("teneleven"))


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run([TENELEVEN, *map(str, arguments)], check=False, capture_output=True, text=True)


@pytest.fixture(scope="module")
def data(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return release_files(fixtures, tmp_path_factory.mktemp("release") / "data")


@pytest.fixture(scope="module")
def bundle(data: Path) -> Path:
    """A bundle of the hand-written release files."""
    build_bundle(Sources(data=data, offline=True), data.parent / "bundle", Silent())
    return data.parent / "bundle"


def sheet_of(bundle: Path, tmp_path: Path) -> tuple[Path, list[dict[str, str]]]:
    sheet = tmp_path / "review.csv"
    written = run("map", "--review", sheet, "--bundle", bundle)
    assert written.returncode == 0, written.stderr
    with sheet.open(newline="", encoding="utf-8-sig") as file:
        return sheet, list(csv.DictReader(file))


def fill(sheet: Path, rows: list[dict[str, str]], **decision: str) -> None:
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows([{**rows[0], **decision}, *rows[1:]])


def test_a_decision_shows_on_the_command_line_in_the_api_and_in_exports(
    data: Path, bundle: Path, tmp_path: Path
) -> None:
    sheet, rows = sheet_of(bundle, tmp_path)
    code = rows[0]["source"]
    decided = {"expression": "1A00", "reviewer": "A. Reviewer", "date": "2026-11-02", "comment": "checked"}
    fill(sheet, rows, **decided)
    built = run(
        "build", "--data", data, "--bundle", bundle, "--offline", "--overrides", sheet, "--publish-reviewers"
    )
    assert built.returncode == 0, built.stderr

    target = json.loads(run("map", code, "--json", "--bundle", bundle).stdout)["targets"][0]
    answer = client_of(create_app(bundle)).get(f"/api/v1/crosswalk/icd-10-cm/{code}").get_json()
    assert answer["targets"][0] == target
    assert (target["expression"], target["confidence"]) == ("1A00", 1.0)
    step = next(s for s in target["provenance"] if s["step"] == "override")
    assert "A. Reviewer" in json.dumps(step) and "2026-11-02" in json.dumps(step)

    exported = tmp_path / "map.sssom.tsv"
    assert run("export", "sssom", "-o", exported, "--bundle", bundle).returncode == 0
    lines = [line for line in exported.read_text(encoding="utf-8").splitlines() if f":{code}\t" in line]
    assert len(lines) == 1 and "ManualMappingCuration" in lines[0]


def test_a_decision_of_no_target_shows_its_reviewer_and_is_not_asked_again(
    data: Path, bundle: Path, tmp_path: Path
) -> None:
    sheet, rows = sheet_of(bundle, tmp_path)
    code, decided = rows[0]["source"], tmp_path / "decided"
    fill(sheet, rows, expression="", reviewer="A. Reviewer", date="2026-11-02", comment="no such concept")
    built = run(
        "build", "--data", data, "--bundle", decided, "--offline", "--overrides", sheet, "--publish-reviewers"
    )
    assert built.returncode == 0, built.stderr

    answer = client_of(create_app(decided)).get(f"/api/v1/crosswalk/icd-10-cm/{code}").get_json()
    said = "decided by A. Reviewer on 2026-11-02: no such concept"
    assert (answer["targets"], answer["decision"]["detail"]) == ([], said)
    assert said in run("map", code, "--bundle", decided).stdout
    page = client_of(create_app(decided)).get(f"/crosswalk/{code}").get_data(as_text=True)
    assert said in page

    exported = tmp_path / "map.sssom.tsv"
    assert run("export", "sssom", "-o", exported, "--bundle", decided).returncode == 0
    (line,) = [ln for ln in exported.read_text(encoding="utf-8").splitlines() if f":{code}\t" in ln]
    assert "NoTermFound" in line and "ManualMappingCuration" in line and said in line
    _, asked = sheet_of(decided, tmp_path)
    assert code not in [row["source"] for row in asked]


@pytest.mark.parametrize(
    ("decision", "said"),
    [
        ({"expression": "1A00&&", "reviewer": "A", "date": "2026-11-02"}, "line 2"),
        ({"expression": "9X99", "reviewer": "A", "date": "2026-11-02"}, "9X99"),
        ({"expression": "1A00", "reviewer": "A", "date": "2 Nov"}, "date"),
        ({"expression": "1A00", "reviewer": "", "date": "2026-11-02"}, "reviewer"),
        ({"source": "ZZZ", "expression": "1A00", "reviewer": "A", "date": "2026-11-02"}, "ZZZ"),
    ],
)
def test_a_bad_decision_is_one_message_and_the_old_bundle_stays(
    data: Path, bundle: Path, tmp_path: Path, decision: dict[str, str], said: str
) -> None:
    before = (bundle / "manifest.json").read_bytes()
    sheet, rows = sheet_of(bundle, tmp_path)
    fill(sheet, rows, **decision)
    refused = run(
        "build", "--data", data, "--bundle", bundle, "--offline", "--overrides", sheet, "--publish-reviewers"
    )
    assert refused.returncode == 1
    assert said in refused.stderr and "review.csv" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (bundle / "manifest.json").read_bytes() == before


def test_reviewers_names_and_comments_stay_out_of_a_bundle_unless_asked_for(
    data: Path, bundle: Path, tmp_path: Path
) -> None:
    sheet, rows = sheet_of(bundle, tmp_path)
    code, decided = rows[0]["source"], tmp_path / "decided"
    fill(sheet, rows, expression="", reviewer="A. Reviewer", date="2026-11-02", comment="in confidence")
    built = run("build", "--data", data, "--bundle", decided, "--offline", "--overrides", sheet)
    assert built.returncode == 0, built.stderr
    assert "without reviewers' names" in built.stderr
    answer = client_of(create_app(decided)).get(f"/api/v1/crosswalk/icd-10-cm/{code}").get_json()
    assert answer["decision"]["detail"] == "decided by a reviewer on 2026-11-02"
    held = b"".join(path.read_bytes() for path in decided.rglob("*") if path.is_file())
    assert b"A. Reviewer" not in held
    assert b"in confidence" not in held
