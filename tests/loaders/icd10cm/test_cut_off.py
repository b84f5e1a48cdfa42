"""Order files cut off at a line end."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from loaders.icd10cm.cut_off import check_after, check_end
from loaders.icd10cm.order import OrderEntry, read_order_file
from loaders.icd10cm.tabular import Tabular, read_tabular
from terminology.errors import ReleaseFormatError


@pytest.fixture
def entries(fixtures: Path) -> list[OrderEntry]:
    with (fixtures / "icd10cm" / "icd10cm_order_2026.txt").open("rb") as file:
        return list(read_order_file(file, "order.txt"))


@pytest.fixture
def tabular(fixtures: Path) -> Tabular:
    with (fixtures / "icd10cm" / "icd10cm-tabular-April-2026.xml").open("rb") as file:
        return read_tabular(file, "tabular.xml")


def test_a_whole_file_passes(entries: list[OrderEntry], tabular: Tabular) -> None:
    check_end("order.txt", 2026, entries, tabular, 2026)
    check_end("order.txt", 2024, entries, tabular, 2026)


def test_half_a_file_is_refused(entries: list[OrderEntry], tabular: Tabular) -> None:
    with pytest.raises(ReleaseFormatError, match="codes are missing: the file may be cut off"):
        check_end("order.txt", 2024, entries[:10], tabular, 2026)


def test_a_file_without_the_last_code_is_refused(entries: list[OrderEntry], tabular: Tabular) -> None:
    last = max(tabular.diags)
    kept = [entry for entry in entries if not entry.key.startswith(last)]
    with pytest.raises(ReleaseFormatError, match="the last code of the Tabular List"):
        check_end("order.txt", 2025, kept, tabular, 2026)


def test_a_file_that_ends_before_the_one_of_the_year_before_is_refused(entries: list[OrderEntry]) -> None:
    check_after("order.txt", entries, entries)
    for shorter, _ in pairwise(entries[:n] for n in range(1, len(entries))):
        with pytest.raises(ReleaseFormatError, match="the last code of the order file of the year before"):
            check_after("order.txt", shorter, entries)
