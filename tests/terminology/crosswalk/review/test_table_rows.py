"""Rows of the rule tables that a release has no code for are told, not passed over."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.crosswalk.review.reviewed import reviewed_rows
from terminology.crosswalk.review.table_rows import idle_rows, idle_rows_said
from tests.terminology.crosswalk.small_corpus import small_corpus


def test_rows_of_codes_that_are_not_loaded_are_told_with_their_table_and_code() -> None:
    said = [str(row) for row in idle_rows(small_corpus())]
    assert any(row.startswith("contexts.tsv: Y92 PL2Z") and "has no PL2Z" in row for row in said)
    assert not any(row.startswith("facets.tsv: laterality right") for row in said)


def test_a_row_that_names_a_code_of_whos_icd10_is_told_where_who_has_none() -> None:
    said = [str(row) for row in idle_rows(small_corpus()) if row.table == "moved.tsv"]
    assert any(
        row == "moved.tsv: D490 D379 ICD-10-CM D49 unspecified behavior; WHO D37-D48 uncertain or "
        "unknown behaviour: WHO's ICD-10 has no D379"
        for row in said
    )


def test_reviewed_rows_that_do_not_hold_are_told_by_a_build() -> None:
    said = [str(row) for row in idle_rows(small_corpus()) if row.table == "reviewed.tsv"]
    assert len(said) == len(reviewed_rows())
    assert all(row.endswith("is no billable code of the release") for row in said)


def test_one_sentence_names_the_number_of_rows_and_one_of_each_table() -> None:
    said = idle_rows_said(small_corpus())
    assert said is not None
    assert said.startswith(f"{len(list(idle_rows(small_corpus())))} rows")
    assert said.count("contexts.tsv") == 1


@pytest.mark.realdata
def test_every_row_applies_to_the_newest_releases(data_dir: Path) -> None:
    from bench.crosswalk_eval import read_corpus  # noqa: PLC0415

    assert [str(row) for row in idle_rows(read_corpus(data_dir))] == []
