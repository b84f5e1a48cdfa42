"""A value that is not normal is called what it is; any other number says nothing."""

from __future__ import annotations

import pytest

from indexes.text.analysis import tokens
from indexes.text.levels import measured
from indexes.text.vocabulary import find_rewritings


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("potassium 2.9", "hypokalemia"),
        ("k 6.1", "hyperkalemia"),
        ("sodium level of 120", "hyponatremia"),
        ("hr 140", "tachycardia"),
        ("heart rate 38", "bradycardia"),
        ("bp 180/110", "elevated blood pressure reading"),
        ("bp 80/40", "nonspecific low blood pressure reading"),
        ("temp 103", "fever"),
        ("temp 39.2", "fever"),
        ("o2 sat 84", "hypoxemia"),
        ("glucose 45", "hypoglycemia"),
        ("glucose 14", "hyperglycemia"),
        ("a1c 9", "other abnormal glucose"),
        ("platelets 20000", "thrombocytopenia"),
        ("platelets 20", "thrombocytopenia"),
        ("hgb 7", "anemia"),
    ],
)
def test_a_value_out_of_its_normal_range_is_called_so(said: str, called: str) -> None:
    assert measured(tokens(said), 0) == (len(tokens(said)), called)


@pytest.mark.parametrize(
    "said",
    ["potassium 4", "hr 72", "bp 118/70", "temp 98.6", "temp 37", "a1c 5.2", "glucose 25", "hr", "hr high"],
)
def test_a_normal_value_and_one_of_a_unit_that_is_not_clear_say_nothing(said: str) -> None:
    assert measured(tokens(said), 0) is None


@pytest.mark.parametrize(
    ("said", "called"),
    [
        ("low potassium", "hypokalemia"),
        ("potassium is high", "hyperkalemia"),
        ("elevated blood sugar", "hyperglycemia"),
        ("platelets low", "thrombocytopenia"),
    ],
)
def test_low_and_high_are_said_of_all_that_is_measured(said: str, called: str) -> None:
    ((_, readings),) = find_rewritings(tokens(said))
    assert called in [reading.reading for reading in readings]
