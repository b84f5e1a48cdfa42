"""Answers kept as Arrow columns: each cell answered once, whoever asks."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from terminology.exchange.mapping import answer_rows
from terminology.exchange.mapping.answer_rows import AnswerRows
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.targets import ADDED
from tests.terminology.exchange.mapping.test_answers import TARGETS


def said(rows: AnswerRows, *cells: str) -> list[tuple[object, ...]]:
    """The answers to cells as the columns give them, a row for each."""
    numbers, columns = rows.of(cells)
    return list(zip(*(column.take(numbers).to_pylist() for column in columns), strict=True))


def test_rows_are_those_of_the_answers_whenever_they_were_asked_for() -> None:
    rows, answers = AnswerRows(Answers(TARGETS)), Answers(TARGETS)
    for cells in (["I10", "E11.9"], ["E119", "", "Q99", "I10"], ["I10; E11"]):
        assert said(rows, *cells) == [tuple(answers.to(cell, "")) for cell in cells]


def test_columns_are_in_the_order_of_what_mapping_adds() -> None:
    _, columns = AnswerRows(Answers(TARGETS)).of(["I10"])
    assert len(columns) == len(ADDED)
    assert columns[ADDED.index("icd11_status")].to_pylist() == ["mapped"]


def test_more_cells_than_are_kept_are_still_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_rows, "_MOST", 2)
    rows = AnswerRows(Answers(TARGETS))
    assert [row[0] for row in said(rows, "I10", "E119")] == ["BA00", "5A11"]
    assert [row[0] for row in said(rows, "E11", "I10", "E11.9")] == ["5A1Z", "BA00", "5A11"]
    assert [row[0] for row in said(rows, "I10")] == ["BA00"]


def test_threads_share_the_answers() -> None:
    rows = AnswerRows(Answers(TARGETS))
    asked = [["I10", f"Q{number:02}"] for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda cells: said(rows, *cells), asked))
    assert all(row[0][0] == "BA00" for row in found)
