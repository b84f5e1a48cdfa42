"""A column in memory is answered as a file is, cell for cell."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.store import Store
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.series import map_column
from terminology.exchange.mapping.targets import ADDED, dated_targets

DAYS = (date(2016, 1, 1), date(2026, 9, 30), date(2026, 11, 2))
WRITTEN = ("E11.9", "e119", " E11.9 ", "E11", "E11.8", "E11.A", "I10X", "S52.501A", "S52501A.", "E08-E13")
ODD = (
    "",
    "zzz",
    "E11.99",
    "E11.9; S52.501A",
    "icd-9-cm|250.00",
    "5A11",
    "Ä10",
    "http://id.who.int/icd/entity/1",
)
OLDER = ("250.00", "V27.2", "V58.61", "E849.7", "001")


@pytest.fixture(scope="module")
def store(small_bundle: Path) -> Iterator[Store]:
    """The small bundle, open."""
    opened = Store(small_bundle)
    yield opened
    opened.close()


@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("cells", [WRITTEN, ODD, (*WRITTEN, *ODD, *WRITTEN), OLDER, (*OLDER, "E11.9")])
def test_cells_are_answered_as_those_of_a_file(store: Store, cells: tuple[str, ...], day: date) -> None:
    with dated_targets(store.folder) as targets:
        answers = Answers(targets.on((day,)), looks_icd9=OLDER[0] in cells)
        expected = [tuple(answers.to(cell, "")) for cell in cells]
    table = map_column(store, list(cells), day)
    assert list(zip(*(table[name].to_pylist() for name in ADDED), strict=True)) == expected


def test_a_block_is_no_code_that_a_release_lacks(store: Store) -> None:
    block = next(code for code, _, kind, _ in store.codes("icd-10-cm") if kind == "block")
    assert map_column(store, [block], DAYS[-1])["icd11_status"].to_pylist() == ["unknown-code"]
