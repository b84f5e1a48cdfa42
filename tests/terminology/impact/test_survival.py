"""Lists that move to ICD-11, over a small bundle."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from terminology.bundle.store import Store
from terminology.claims.studies.separation import stems_of
from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.impact.survival import Survival, _level, sentences, survival
from tests.client import Client

TARGETS = {"A01": "1A01&XN1", "A02": "1A01&XN2", "A03": "1B01", "A04": "1B01", "A05": "1C01"}
VOLUMES = {"A01": 10, "A02": 20, "A03": 30, "A04": 40, "A05": 50}


def test_a_form_that_others_take_lets_them_in_or_drops_its_own() -> None:
    found = _level("expression", {"A01", "A03", "A05"}, TARGETS, VOLUMES)
    assert (found.codes_exact, found.codes_in, found.codes_out) == (2, 1, 1)
    assert (found.volume_exact, found.volume_in, found.volume_out) == (60, 40, 30)
    assert [row.target for row in found.replacements if not row.exact] == ["1B01"]


def test_a_form_that_no_reported_code_shares_is_exact_among_the_reported() -> None:
    found = _level("expression", {"A01", "A03", "A05"}, TARGETS, {**VOLUMES, "A04": 0, "A05": 0})
    assert (found.codes_exact, found.codes_reported, found.codes_exact_reported) == (2, 2, 2)
    assert found.volume_exact_reported == 40


def test_stems_alone_tell_fewer_codes_apart_than_whole_expressions() -> None:
    by_stem = {key: stems_of(target) for key, target in TARGETS.items()}
    found = _level("stem", {"A01", "A03", "A05"}, by_stem, VOLUMES)
    assert (found.codes_exact, found.codes_in) == (1, 2)


def test_a_heading_stands_for_the_codes_below_it_and_what_is_no_code_is_named(store: Store) -> None:
    found = survival(store, ["E11", "zz9"])
    assert (found.headings, found.unknown) == (("E11",), ("ZZ9",))
    assert found.codes >= 2


def test_the_edition_is_that_of_the_day_or_the_one_named(store: Store) -> None:
    old, new = survival(store, ["E11"], on=date(2026, 9, 30)), survival(store, ["E11"], release="2027")
    assert (old.release, new.release) == ("2026", "2027")
    inside = [{code for row in found.expression.replacements for code in row.inside} for found in (old, new)]
    assert inside[0] - inside[1] == {"E11.8"}
    assert survival(store, ["E11.8"], release="2027").other_editions == ("E11.8",)
    (notice,) = survival(store, ["E11"], on=date(1990, 1, 1)).notices
    assert "was in force on 1990-01-01" in notice


def test_codes_in_and_exact_sum_to_the_list(store: Store) -> None:
    found: Survival = survival(store, ["E11.9", "S52.501A"])
    for level in (found.expression, found.stem):
        assert level.codes_exact + level.codes_out == found.codes == 2


def test_an_empty_list_is_refused(store: Store) -> None:
    with pytest.raises(InvalidRequestError):
        survival(store, [" "])


def test_the_command_reads_a_text_and_writes_a_table(small_bundle: Path, tmp_path: Path) -> None:
    text, out = tmp_path / "list.txt", tmp_path / "out.csv"
    text.write_text("E11.9; S52.501A")
    done = CliRunner().invoke(cli, ["survive", str(text), "-o", str(out), "--bundle", str(small_bundle)])
    assert done.exit_code == 0, done.output
    assert "2 codes" in done.output
    assert out.read_text().splitlines()[0].startswith("level,icd_11,exact")


def test_own_volumes_take_the_place_of_the_bundles(small_bundle: Path, tmp_path: Path) -> None:
    table = tmp_path / "volumes.csv"
    table.write_text("code,setting,count\nE11.9,inpatient,70\nE11.9,office,1\n")
    asked = ["survive", str(tmp_path / "list.txt"), "--volumes", str(table), "--bundle", str(small_bundle)]
    (tmp_path / "list.txt").write_text("E11.9; S52.501A")
    done = CliRunner().invoke(cli, [*asked, "--setting", "inpatient"])
    assert done.exit_code == 0, done.output
    assert "of 70 diagnoses" in done.output
    assert "Of the 1 that were reported, 1 have a form that no other reported code has." in done.output
    none = CliRunner().invoke(cli, [*asked[:3], str(tmp_path / "none.csv"), *asked[4:]])
    assert isinstance(none.exception, DataNotAvailableError)


def test_titles_beside_the_codes_are_no_unknown_codes(small_bundle: Path, tmp_path: Path) -> None:
    text = tmp_path / "list.txt"
    text.write_text("E11.9 Type 2 diabetes mellitus without complications\nS52.501A, A fracture\nQ9X\n")
    done = CliRunner().invoke(cli, ["survive", str(text), "--bundle", str(small_bundle)])
    assert done.exit_code == 0, done.output
    assert "Entries that are no ICD-10-CM codes (1): Q9X." in done.output
    assert "8 words beside the codes were taken for titles" in done.output


def test_a_list_is_counted_by_representation_each_code_once(store: Store) -> None:
    found = survival(store, ["E11.9", "S52.501A"])
    assert {kind.value: n for kind, n in found.represented.items() if n} == {"full": 1, "partial": 1}
    assert any("50.0% in full" in said and "943" in said for said in sentences(found))


def test_the_api_says_what_the_command_says(client: Client, store: Store) -> None:
    answer = client.post("/api/v1/lists/survival", json={"codes": ["E11.9", "S52.501A"]})
    assert answer.status_code == 200, answer.text
    found = survival(store, ["E11.9", "S52.501A"])
    assert answer.get_json()["expression"]["codes_exact"] == found.expression.codes_exact


def test_the_page_takes_a_table_with_a_column_of_codes(client: Client) -> None:
    table = (BytesIO(b"name,code\nDiabetes,E11.9\nFracture,S52.501A\n"), "set.csv")
    shown = client.post("/lists", data={"file": table}).text
    assert "2 codes" in shown
    assert "no ICD-10-CM codes" not in shown


def test_the_page_shows_both_levels_and_downloads(client: Client) -> None:
    assert "survive" in client.get("/lists").text
    shown = client.post("/lists", data={"codes": "E11.9 I10"}).text
    assert "By whole expression" in shown
    assert "By stems alone" in shown
    table = client.post("/lists", data={"codes": "E11.9", "format": "csv"})
    assert table.mimetype == "text/csv"
