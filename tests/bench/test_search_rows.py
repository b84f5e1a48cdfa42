"""Each row of the tables that search reads by changes an answer: else it is to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.search_rows import answers, idle_rows, without_combination, without_meaning, without_stem
from indexes.search import SearchIndex, open_search_index
from indexes.text import tables
from terminology.bundle.manifest import SEARCH

EVERY = 12
"""One row in so many is asked for here; ``python -m bench.search_rows`` asks for all."""


@pytest.mark.realdata
def test_a_sample_of_rows_changes_answers(real_bundle: Path) -> None:
    assert list(idle_rows(open_search_index(real_bundle / SEARCH), EVERY)) == []


def test_a_row_is_left_out_while_it_is_tried_and_back_afterwards(small_bundle: Path) -> None:
    index: SearchIndex = open_search_index(small_bundle / SEARCH)
    htn = next(row for row in tables.abbreviations() if row.said == "htn")
    together = tables.combinations()[0]
    for without, query in (
        (without_meaning(htn), "htn"),
        (without_combination(together), " ".join(group.split("/")[0] for group in together.said.split())),
        (without_stem(tables.drug_stems()[0]), "qvextinib overdose"),
    ):
        known = index._parse(query).readings
        with without:
            index.forget()
            assert index._parse(query).readings != known
        index.forget()
        assert index._parse(query).readings == known
    assert answers(index, ["htn"])
