"""Misspelt words find the word that was meant; short and known ones are left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexes.query.parsed import checked, parse
from indexes.text.lexicon import Lexicon
from indexes.text.spelling import Spelling, distance

WORDS = {
    "pneumonia": 90,
    "hemorrhag": 50,
    "diabetes": 80,
    "diabetic": 20,
    "anemia": 30,
    "angina": 9,
    "heart": 40,
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("pnuemonia", "pneumonia"),
        ("hemorhag", "hemorrhag"),
        ("diabetis", "diabetes"),
        ("xneumonia", "pneumonia"),
    ],
)
def test_the_nearest_word_is_found(typed: str, meant: str) -> None:
    assert Spelling(WORDS).corrections(typed)[0] == meant


@pytest.mark.parametrize(
    ("typed", "meant"), [("cirosis", "cirrhosis"), ("diarea", "diarrhea"), ("numonia", "pneumonia")]
)
def test_what_sounds_the_same_is_found_however_many_letters_differ(typed: str, meant: str) -> None:
    known = {"cirrhosis": 5, "cirrosity": 90, "diarrhea": 9, "pneumonia": 90, "ammonia": 99}
    assert Spelling(known).corrections(typed) == (meant,)


@pytest.mark.parametrize("typed", ["mi", "hart", "zzzzzzzz", "b12", "x" * 500])
def test_short_strange_and_coded_words_are_left_alone(typed: str) -> None:
    assert Spelling(WORDS).corrections(typed) == ()


def test_the_more_frequent_of_equally_near_words_comes_first() -> None:
    assert Spelling(WORDS).corrections("diabetid") == ("diabetes", "diabetic") or Spelling(WORDS).corrections(
        "diabetid"
    ) == ("diabetic", "diabetes")
    assert Spelling({"tibial": 90, "tibias": 2}).corrections("tibiax") == ("tibial", "tibias")


@given(st.text("abcd", max_size=7), st.text("abcd", max_size=7))
def test_distance_is_symmetric_and_zero_only_for_the_same_word(first: str, second: str) -> None:
    assert distance(first, second, 9) == distance(second, first, 9)
    assert (distance(first, second, 9) == 0) == (first == second)


def lexicon() -> Lexicon:
    return Lexicon(
        WORDS | {"cardiovascular": 12, "failur": 30}, {"hemorrhag": "hemorrhage", "failur": "failure"}
    )


def test_words_run_together_are_parted_and_parted_words_joined() -> None:
    assert [s.token for s in parse("heartfailure x", lexicon()).readings[0].slots][:2] == ["heart", "failur"]
    assert parse("cardio vascular", lexicon()).readings[0].slots[0].token == "cardiovascular"


def test_a_correction_is_shown_as_the_word_is_written() -> None:
    assert parse("hemorhage now", lexicon()).corrected == "hemorrhage now"


def test_filler_is_dropped_unless_there_is_nothing_else() -> None:
    assert [s.token for s in parse("pt here with anemia", lexicon()).readings[0].slots] == ["anemia"]
    assert [s.token for s in parse("rule out", lexicon()).readings[0].slots] == ["rule", "out"]


def test_the_work_of_a_long_query_is_bounded() -> None:
    parsed = parse("mi ms ra pe as ca pd ar ed om " * 60, lexicon())
    assert sum(len(r.slots) for r in parsed.readings) <= 80


def test_control_characters_part_words() -> None:
    assert checked("heart\x00failure\n") == "heart failure"
