"""The words around what is said make readings of their own."""

from __future__ import annotations

import pytest

from indexes.query.parsed import parse
from indexes.text.analysis import normal_form
from indexes.text.context import Context
from indexes.text.lexicon import Lexicon

_WORDS = "dentures wheelchair rash swimming pool pain stroke place occurrence activity feet leukemia"
LEXICON = Lexicon({normal_form(word): 50 for word in _WORDS.split()}, {})


def labels(query: str) -> list[str]:
    return [reading.label for reading in parse(query, LEXICON).readings]


@pytest.mark.parametrize("query", ["has dentures", "pt wears dentures", "uses a wheelchair"])
def test_what_someone_has_or_wears_may_be_a_status(query: str) -> None:
    readings = parse(query, LEXICON).readings
    marked = [[slot.token for slot in r.slots] for r in readings if r.label.endswith("a status")]
    assert all(Context.STATUS.value in tokens for tokens in marked)
    assert marked


def test_what_is_told_at_length_or_denied_is_no_status() -> None:
    assert not any("a status" in label for label in labels("no pain, has no rash"))
    assert not any("a status" in label for label in labels("rash on feet for weeks and pain has gone away"))


def test_what_was_done_while_it_happened_is_an_activity() -> None:
    readings = {r.label: r for r in parse("pain while swimming", LEXICON).readings}
    activity = readings["an activity"]
    assert [
        (slot.token, slot.weight == 1.0) for slot in activity.slots if slot.token in ("swim", "activity")
    ] == [
        ("activity", True),
        ("swim", True),
    ]


def test_what_was_years_ago_is_a_history_and_what_began_then_is_not() -> None:
    assert parse("had a stroke 3 years ago", LEXICON).chart.context is Context.PERSONAL
    assert parse("pain that began 3 years ago", LEXICON).chart.context is None


def test_an_ordinary_word_is_an_abbreviation_alone_or_in_capitals() -> None:
    assert not any("leukemia" in label for label in labels("rash all over feet"))
    assert any("leukemia" in label for label in labels("history of ALL"))
    assert any("leukemia" in label for label in labels("all"))
