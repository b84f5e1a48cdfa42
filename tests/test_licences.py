"""What runs with TenEleven is known, licensed for it, and listed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from teneleven.packages import Package, refused, run_time_packages

ROOT = Path(__file__).parent.parent


def test_every_package_that_runs_with_it_is_under_an_allowed_licence() -> None:
    assert refused(run_time_packages()) == []


def test_what_is_needed_is_listed_and_what_tests_need_is_not() -> None:
    names = {package.name for package in run_time_packages()}
    assert {"flask", "werkzeug", "granian", "duckdb"} <= names
    assert names.isdisjoint({"pytest", "mypy", "hypothesis"})


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("BSD-3-Clause AND MIT", True),
        ("BSD-3-Clause AND GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_a_licence_expression_is_allowed_if_it_can_be_met(licence: str, allowed: bool) -> None:
    assert (refused([Package("a", "1", licence)]) == []) is allowed


def test_the_bill_of_materials_has_every_package_with_its_hashes() -> None:
    command = ["licences", "--sbom", "--lock", str(ROOT / "requirements.lock")]
    result = CliRunner().invoke(cli, command)
    assert result.exit_code == 0, result.output
    bill = json.loads(result.output)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert [c["name"] for c in bill["components"]] == [p.name for p in run_time_packages()]
    locked = [c for c in bill["components"] if c["name"] == "flask"]
    assert len(locked[0]["externalReferences"][0]["hashes"][0]["content"]) == 64
    assert CliRunner().invoke(cli, command).output == result.output
