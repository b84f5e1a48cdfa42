"""The sample that was drawn: it is what the page about it says."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from bench.coding_eval import read_codings
from bench.double_coding import sample as module
from bench.double_coding.frame import frame
from bench.double_coding.sample import draw, fold_of, read_sample
from terminology.bundle.store import Store

SAMPLE = Path(module.__file__).with_name("sample.tsv")
TOLD = re.compile(r"stratum (\S+): (\d+) families, (\d+) drawn")
PAGE = Path(__file__).parents[3] / "docs" / "double-coding.md"


def test_weights_are_those_of_the_strata_told_above_the_table() -> None:
    told = {
        name: (int(families), int(drawn))
        for name, families, drawn in re.findall(
            r"stratum (\S+): (\d+) families, (\d+) drawn", SAMPLE.read_text()
        )
    }
    sample = read_sample(SAMPLE)
    assert len(sample) == 1000
    assert Counter(d.stratum for d in sample.values()) == {name: drawn for name, (_, drawn) in told.items()}
    for one in sample.values():
        families, drawn = told[one.stratum]
        assert one.weight == pytest.approx(families / drawn, abs=1e-3)
        assert one.fold == fold_of(one.code)


def test_no_code_of_the_older_set_is_read_again() -> None:
    assert not {coding.code for coding in read_codings()} & set(read_sample(SAMPLE))


def test_page_tells_the_folds_and_the_frame() -> None:
    sample = read_sample(SAMPLE).values()
    page = PAGE.read_text("utf-8")
    folds = Counter(one.fold for one in sample)
    assert f"Fold fit ({folds['fit']} codes)" in page
    assert f"Fold report ({folds['report']})" in page
    assert f"{round(sum(one.weight for one in sample)):,} are left" in page


def test_draw_from_a_bundle_reads_families_with_their_first_release(store: Store) -> None:
    known = {"E11.A"}
    whole = frame(store, "2027", "2026", known)
    codes = {code.code: code for family in whole for code in family.codes}
    assert "E11.A" not in codes
    assert codes["E11.9"].new_in == ""
    drawn, strata = draw(whole, len(whole), 1)
    assert sum(s.families for s in strata) == len(drawn) == len(whole)
