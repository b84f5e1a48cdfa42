"""The impact and compare commands, and comparison over HTTP."""

from __future__ import annotations

import csv
import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from terminology.exchange.volumes import read_upload
from tests.client import Answer, Client


def test_impact_reads_the_columns_a_user_names(small_bundle: Path, tmp_path: Path) -> None:
    volumes, output = tmp_path / "v.csv", tmp_path / "report.json"
    volumes.write_text("a,b,c\nE11.9,3,Aid\nI10,4,Aid\n")
    named = ["--code-column", "a", "--count-column", "b", "--payer-column", "c"]
    done = CliRunner().invoke(
        cli, ["impact", str(volumes), *named, "-o", str(output), "--bundle", str(small_bundle)]
    )
    assert done.exit_code == 0, done.output
    report = json.loads(output.read_bytes())
    assert report["total"] == 7
    assert [t["rows"][0][1:4] for t in report["tables"] if t["id"] == "groups"] == [["Aid", 2, 7]]


def test_impact_says_which_columns_a_file_has_when_the_named_one_is_missing(
    small_bundle: Path, tmp_path: Path
) -> None:
    volumes = tmp_path / "v.csv"
    volumes.write_text("a,b\nI10,4\n")
    output = str(tmp_path / "r.json")
    done = CliRunner().invoke(
        cli, ["impact", str(volumes), "--code-column", "x", "-o", output, "--bundle", str(small_bundle)]
    )
    assert done.exit_code != 0
    assert "no column 'x'; columns: a, b" in str(done.exception) + done.output


def test_impact_says_the_share_of_unknown_codes_as_they_were_given(
    small_bundle: Path, tmp_path: Path
) -> None:
    volumes = tmp_path / "v.csv"
    volumes.write_text('code,n\nE11.9,1\n"zz9.9 ,",3\n')
    output = str(tmp_path / "r.json")
    done = CliRunner().invoke(cli, ["impact", str(volumes), "-o", output, "--bundle", str(small_bundle)])
    assert done.exit_code == 0, done.output
    assert "3 of 4 diagnoses (75.0%) have 1 codes that ICD-10-CM does not know: 'zz9.9 ,'" in done.output


def test_impact_makes_dollars_of_stays_and_asks_by_department(small_bundle: Path, tmp_path: Path) -> None:
    volumes, output = tmp_path / "v.csv", tmp_path / "report.json"
    volumes.write_text("setting,dx 1,dx 2,department\ninpatient,E11.9,S52.501A,Ward 1\n")
    run = ["impact", str(volumes), "--base-rate", "7000", "-o", str(output), "--bundle", str(small_bundle)]
    done = CliRunner().invoke(cli, run)
    assert done.exit_code == 0, done.output
    tables = {t["id"]: t for t in json.loads(output.read_bytes())["tables"]}
    assert "comparability_records" in tables
    assert tables["prompts"]["columns"][0]["name"] == "department"
    assert "counts by code know no records" not in done.output


def test_a_base_rate_for_counts_by_code_is_said_to_be_of_no_use(small_bundle: Path, tmp_path: Path) -> None:
    volumes = tmp_path / "v.csv"
    volumes.write_text("code,count\nE11.9,3\n")
    run = ["impact", str(volumes), "--base-rate", "7000", "-o", str(tmp_path / "r.json")]
    done = CliRunner().invoke(cli, [*run, "--bundle", str(small_bundle)])
    assert "A base rate makes dollars of stays only" in done.output


def test_a_base_rate_over_http_is_an_amount(client: Client) -> None:
    answer = client.post("/api/v1/impact?base_rate=much", data="code,count\nE11.9,3\n")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_compare_shows_both_sides_and_the_rules_of_every_setting(small_bundle: Path) -> None:
    done = CliRunner().invoke(cli, ["compare", "E11.9", "--bundle", str(small_bundle)])
    assert done.exit_code == 0, done.output
    assert "5A11" in done.output
    assert "present on admission" in done.output
    assert "first-listed diagnosis" in done.output


def test_compare_over_http_answers_for_the_settings_asked(client: Client) -> None:
    answer = client.get("/api/v1/compare/E11.9?settings=office")
    assert [part["setting"] for part in answer.json["settings"]] == ["office"]


def test_compare_over_http_refuses_a_code_that_is_not_known(client: Client) -> None:
    answer = client.get("/api/v1/compare/Q99.ZZZ")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


@pytest.mark.realdata
def test_every_california_diagnosis_is_read(data_dir: Path) -> None:
    path = data_dir / "volumes" / "ca_hcai_2023_icd10cm_by_setting.csv.gz"
    with gzip.open(path, "rt") as text:
        rows = csv.reader(text)
        next(rows)
        total = sum(int(count) for row in rows for count in row[1:])
    with path.open("rb") as file:
        read = read_upload(file, path.name)
    assert sum(sum(weights.values()) for weights in read.volumes.values()) == total


EPISODES = b'[[episode]]\nname = "ours"\ndays = 30\ntrigger_drgs = ["470"]\nexcluded_diagnoses = ["S52"]\n'


def test_episode_definitions_of_the_user_s_own_are_measured(small_bundle: Path, tmp_path: Path) -> None:
    volumes, episodes, output = tmp_path / "v.csv", tmp_path / "team.toml", tmp_path / "report.json"
    volumes.write_text("code,n\nS52.501A,3\n")
    episodes.write_bytes(EPISODES)
    run = [
        "impact",
        str(volumes),
        "--episodes",
        str(episodes),
        "-o",
        str(output),
        "--bundle",
        str(small_bundle),
    ]
    done = CliRunner().invoke(cli, run)
    assert done.exit_code == 0, done.output
    (table,) = [t for t in json.loads(output.read_bytes())["tables"] if t["id"] == "payer_lists"]
    names = [column["name"] for column in table["columns"]]
    (row,) = [row for row in table["rows"] if row[0] == "episode definition"]
    assert dict(zip(names, row, strict=True))["volume"] == 3
    run[run.index(str(episodes))] = str(tmp_path / "nothing.toml")
    assert "cannot be read" in str(CliRunner().invoke(cli, run).exception)


def test_a_form_may_send_episode_definitions(client: Client) -> None:
    def sent(definitions: bytes) -> Answer:
        form = {
            "file": (BytesIO(b"code,n\nS52.501A,3\n"), "v.csv"),
            "episodes": (BytesIO(definitions), "e.toml"),
        }
        return client.post("/api/v1/impact", data=form)

    (table,) = [t for t in sent(EPISODES).json["tables"] if t["id"] == "payer_lists"]
    assert "episode definition" in [row[0] for row in table["rows"]]
    assert sent(b"[[episode]]\ndays = 3\n").status_code == 400
    page = client.post("/impact", data={"file": (BytesIO(b"code,n\nS52.501A,3\n"), "v.csv")}).text
    assert "Payers&#39; lists" in page or "Payers' lists" in page
    assert "episode definition: give your definitions (--episodes)" in page
