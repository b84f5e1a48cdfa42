"""The estimate command as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from teneleven.command_line import cli


def said(*arguments: str | Path) -> list[Any]:
    """The objects a command prints."""
    result = CliRunner().invoke(cli, ["estimate", *map(str, arguments)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


def test_amounts_of_a_file_of_claims(claim_bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "claims.ndjson"
    line = {"code": "G9901", "date_of_service": "2024-08-15", "place_of_service": "11"}
    file.write_text(json.dumps({"setting": "professional", "locality": "01112-05", "lines": [line]}))
    (found,) = said("amounts", file, "--bundle", claim_bundle)
    assert found["amounts"][0]["amount"] == 120.0


def test_drgs_of_a_file_of_claims(claim_bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "claims.json"
    file.write_text(json.dumps({"setting": "professional", "diagnoses": ["I10"]}))
    (found,) = said("drg", file, "--bundle", claim_bundle)
    assert found["not_checked"] == ["a DRG is for inpatient stays"]


def test_patterns_with_a_reference(claim_bundle: Path, tmp_path: Path) -> None:
    line = {"code": "G9931", "modifiers": ["25"], "date_of_service": "2024-08-15"}
    file, reference = tmp_path / "claims.json", tmp_path / "reference.json"
    file.write_text(json.dumps([{"setting": "professional", "lines": [line]}] * 40))
    reference.write_text('{"modifier 25": 0.1}')
    found = said("patterns", file, "--reference", reference, "--bundle", claim_bundle)
    (rate,) = [row for row in found if row["pattern"] == "modifier 25"]
    assert (rate["of"], rate["verdict"], rate["interval"]["high"]) == (40, "above", 1.0)


def test_episodes_of_a_file(tmp_path: Path) -> None:
    definitions, claims = tmp_path / "team.toml", tmp_path / "claims.csv"
    definitions.write_text('[[episode]]\nname = "joint"\ndays = 30\ntrigger_drgs = ["470"]\n')
    claims.write_text(
        "claim,patient,from,through,paid,drg\n1,P,2026-01-01,2026-01-03,9000,470\n2,P,2026-01-20,2026-01-20,80,\n"
    )
    (found,) = said("episodes", claims, "--definitions", definitions)
    assert (found["claims"], found["paid"]) == (["1", "2"], 9080.0)


def test_a_wrong_file_is_one_line_with_its_place(tmp_path: Path) -> None:
    file = tmp_path / "years.json"
    file.write_text('[{"id": "P", "last_year": ["I10"]}]')
    result = CliRunner().invoke(cli, ["estimate", "gaps", str(file), "--bundle", str(tmp_path)])
    assert result.exit_code == 1


def test_services_are_read_by_the_bundle_s_list(claim_bundle: Path, tmp_path: Path) -> None:
    file = tmp_path / "patients.json"
    diagnoses = [{"code": "E11.22", "services": ["J3370"]}]
    file.write_text(json.dumps({"age": 70, "sex": "F", "diagnoses": diagnoses, "payment_year": 2027}))
    (found,) = said("risk", file, "--bundle", claim_bundle)
    assert found["not_eligible"] == ["E11.22"]
