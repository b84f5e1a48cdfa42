"""Days as cells say them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from terminology.exchange.tables.days import read_span


@pytest.mark.parametrize(
    "cell",
    [
        "2026-10-01",
        "2026-10-01T08:00",
        "20261001",
        20261001,
        "10/1/2026",
        "01-OCT-2026",
        date(2026, 10, 1),
        datetime(2026, 10, 1, 9),
    ],
)
def test_a_day_is_read_as_people_write_it(cell: object) -> None:
    assert read_span(cell) == (date(2026, 10, 1), date(2026, 10, 1))


@pytest.mark.parametrize("cell", ["2023", 2023, "2023.0"])
def test_a_year_is_all_its_days(cell: object) -> None:
    assert read_span(cell) == (date(2023, 1, 1), date(2023, 12, 31))


@pytest.mark.parametrize("cell", ["", None, "2026-13-01", "13/45/2026", "E11.9", "1.5"])
def test_what_is_no_day_says_nothing(cell: object) -> None:
    assert read_span(cell) is None
