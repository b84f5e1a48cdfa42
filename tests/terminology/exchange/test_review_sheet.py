"""The reviewers' sheet goes out and comes back."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from openpyxl import load_workbook

from terminology.bundle.store import Store
from terminology.crosswalk.review.overrides import read_overrides
from terminology.exchange.review_sheet import sheet_as_csv, write_review_sheet


def test_a_signed_row_of_a_workbook_is_a_decision_the_others_are_not(store: Store, tmp_path: Path) -> None:
    volumes = tmp_path / "volumes.csv"
    volumes.write_text("code,count\nE11.A,7\nS52.501A,2\n")
    sheet = tmp_path / "review.xlsx"
    count = write_review_sheet(store, sheet, volumes, None, None)
    workbook = load_workbook(sheet)
    rows = workbook.worksheets[0]
    assert count == rows.max_row - 1 > 0
    source = rows["A2"].value
    rows["B2"], rows["C2"], rows["D2"] = "5A11", "A. Reviewer", datetime(2026, 10, 1)
    workbook.save(sheet)
    with sheet.open("rb") as file:
        decisions = list(read_overrides(sheet_as_csv(file, sheet.name), sheet.name))
    assert [(d.source, d.expression, d.date.isoformat(), d.line) for d in decisions] == [
        (source, "5A11", "2026-10-01", 2)
    ]
