"""Pasted lists with days beside their codes: E11.8 ended on 2026-09-30, E11.A began the day after."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.store import Store
from terminology.exchange.code_lists import PastedList, listed_by_day, pasted_list


def days(pasted: PastedList) -> list[tuple[str, str | None]]:
    return [(code.text, str(code.days[0]) if code.days else None) for code in pasted.codes]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("E11.9, 2026-09-30; I10", [("E11.9", "2026-09-30"), ("I10", "2026-09-30")]),
        ("10/1/2026 E11.9 I10", [("E11.9", "2026-10-01"), ("I10", "2026-10-01")]),
        ("E11.9 20260930 I10 20261001", [("E11.9", "2026-09-30"), ("I10", "2026-10-01")]),
        ("2026-09-30 E11.9 2026-10-01 I10", [("E11.9", "2026-09-30"), ("I10", "2026-10-01")]),
        ("E11.9\nI10 2026-10-01", [("E11.9", None), ("I10", "2026-10-01")]),
        ("2026-10-01\nE11.9", [("2026-10-01", None), ("E11.9", None)]),
        ("E11.9, 2026", [("E11.9", None), ("2026", None)]),
    ],
)
def test_a_day_belongs_to_the_codes_of_its_line(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert days(pasted_list(text)) == expected


def test_a_table_is_read_by_its_column_of_dates() -> None:
    pasted = pasted_list("name;DX1;DX2;Discharge Date\nX1;E11.9;I10;2026-10-01\n;;E11.A;\n")
    assert days(pasted) == [("E11.9", "2026-10-01"), ("I10", "2026-10-01"), ("E11.A", None)]
    assert pasted.notice == (
        "a table: codes of DX1, DX2; each code is read by its own date, column 'Discharge Date' "
        "(2026-10-01 to 2026-10-01); 1 without one; left out: name"
    )


def test_a_table_without_dates_is_a_list_like_any_other() -> None:
    assert [text for text, _ in days(pasted_list("dx,name\nE11.9,X"))] == ["dx", "name", "E11.9", "X"]
    assert pasted_list("E11.9 I10").notice == ""


@pytest.mark.parametrize("text", ["E11.9 2026-09-30 I10\nE11.A", "E11.9 I10"])
def test_a_list_as_short_text_reads_the_same(text: str) -> None:
    pasted = pasted_list(text)
    assert days(pasted_list(pasted.text() or "")) == days(pasted)


def test_codes_are_judged_by_their_days_and_a_year_by_each_of_its_days(small_bundle: Path) -> None:
    pasted = pasted_list("dx,date\nE11.8,2026-10-01\nE11.8,2026\nE11.A,2026\nE11.A,2025\nE11.A,\n")
    found = listed_by_day(Store(small_bundle), "icd-10-cm", pasted.codes, date(2026, 9, 30))
    assert [one.status.value for one in found] == [
        "retired",
        "valid",
        "valid",
        "not-yet-valid",
        "not-yet-valid",
    ]
    assert found[2].on == "2026-10-01"
    assert pasted.text() is None
