"""The command line as a user meets it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

TENELEVEN = str(Path(sys.executable).with_name("teneleven"))


def run(*arguments: str, bundle: Path | None = None) -> subprocess.CompletedProcess[str]:
    options = [] if bundle is None else ["--bundle", str(bundle)]
    return subprocess.run([TENELEVEN, *arguments, *options], capture_output=True, text=True, check=False)


def test_lookup_shows_path_notes_and_children(small_bundle: Path) -> None:
    shown = run("lookup", "e11", bundle=small_bundle)
    assert shown.returncode == 0
    assert "Type 2 diabetes mellitus" in shown.stdout
    assert "E08-E13  Diabetes mellitus" in shown.stdout
    assert "gestational diabetes (O24.4-)" in shown.stdout
    assert "> E11.9" in shown.stdout


def test_lookup_finds_the_system_that_has_the_code(small_bundle: Path) -> None:
    shown = json.loads(run("lookup", "5a11", "--json", bundle=small_bundle).stdout)
    assert (shown["system"], shown["code"]) == ("icd-11", "5A11")


def test_lookup_as_json_is_the_answer_of_the_api(small_bundle: Path, client: object) -> None:
    shown = json.loads(run("lookup", "E11.9", "--json", bundle=small_bundle).stdout)
    assert shown == client.get("/api/v1/codes/icd-10-cm/E11.9").json  # type: ignore[attr-defined]


def test_an_unknown_code_is_one_line_and_exit_code_1(small_bundle: Path) -> None:
    missed = run("lookup", "Z99.99", bundle=small_bundle)
    assert missed.returncode == 1
    assert missed.stdout == ""
    assert missed.stderr.startswith("teneleven: icd-10-cm 2027 has no code 'Z99.99'")
    assert len(missed.stderr.splitlines()) == 1


def test_a_wrong_option_is_exit_code_2() -> None:
    assert run("lookup", "E11", "--colour").returncode == 2


def test_data_that_cannot_be_had_is_exit_code_3(tmp_path: Path) -> None:
    refused = run("build", "--data", str(tmp_path / "nowhere"), bundle=tmp_path / "bundle")
    assert refused.returncode == 3
    assert "no such folder" in refused.stderr


def test_no_bundle_says_how_to_make_one(tmp_path: Path) -> None:
    refused = run("info", bundle=tmp_path)
    assert refused.returncode == 1
    assert "teneleven build" in refused.stderr


def test_info_lists_releases_counts_and_attributions(small_bundle: Path) -> None:
    shown = run("info", bundle=small_bundle).stdout
    assert re.search(r"icd-10-cm +2027 +\* ", shown)
    assert "3 billable" in shown
    assert "World Health Organization" in shown


def test_diff_shows_what_changed(small_bundle: Path) -> None:
    shown = run("diff", "icd-10-cm", "2026", "2027", bundle=small_bundle).stdout
    assert "added: 1 (1 billable)" in shown
    assert "E11.A" in shown
    assert "[E11.8]" in shown
    assert "was: Unsp fracture" in shown


def test_search_finds_a_code(small_bundle: Path) -> None:
    shown = run("search", "type", "2", "diabetes", bundle=small_bundle)
    assert "E11" in shown.stdout


def test_fetch_of_cpt_says_why_not() -> None:
    refused = run("fetch", "cpt")
    assert refused.returncode == 3
    assert "licence" in refused.stderr


@pytest.mark.parametrize("command", ["build", "fetch", "serve", "lookup", "search", "diff", "info"])
def test_every_command_explains_itself(command: str) -> None:
    shown = run(command, "--help")
    assert shown.returncode == 0
    assert "Usage:" in shown.stdout


def test_a_lookup_does_not_load_the_graph_or_the_web(small_bundle: Path) -> None:
    code = (
        "import sys, teneleven; sys.argv = ['teneleven', 'lookup', 'E11.9', '--bundle', sys.argv[1]]; "
        "teneleven.main(); print(sorted({'networkx', 'flask', 'rich', 'whoosh'} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, str(small_bundle)], capture_output=True, text=True, check=True
    )
    assert shown.stdout.endswith("[]\n")


def test_commands_answer_for_a_day(small_bundle: Path) -> None:
    before, after = ("--date", "2026-09-30"), ("--date", "2026-10-01")
    for command in (("lookup", "E11.8"), ("map", "E11.8"), ("compare", "E11.8")):
        assert run(*command, *before, bundle=small_bundle).returncode == 0, command
        gone = run(*command, *after, bundle=small_bundle)
        assert gone.returncode == 1, command
        assert "ended on 2026-09-30; in its place: E11.A" in gone.stderr
    found = run("search", "type", "2", "diabetes", *before, bundle=small_bundle).stdout
    assert "E11.8" in found and "E11.A" not in found
    assert run("lookup", "E11.8", "--date", "soon", bundle=small_bundle).returncode == 2


def test_lookup_shows_the_life_of_a_code_and_the_notes_of_its_headings(small_bundle: Path) -> None:
    shown = run("lookup", "E11.9", bundle=small_bundle).stdout
    assert "excludes1, from E11:" in shown and "gestational diabetes (O24.4-)" in shown
    assert "life: since 2025-10-01 or earlier, billable (ICD-10-CM 2026 to 2027)" in shown


def test_a_list_of_codes_is_validated(small_bundle: Path, tmp_path: Path) -> None:
    listed = tmp_path / "codes.txt"
    listed.write_text("E11.9; E11.8\nzz99", encoding="utf-8")
    shown = run("validate", str(listed), "--date", "2026-10-01", bundle=small_bundle)
    assert shown.returncode == 0
    assert "1 of 3 codes are valid" in shown.stdout
    assert "E11.8" in shown.stdout and "E11.A" in shown.stdout
    assert "zz99" in shown.stdout and "not-found" in shown.stdout
