"""One code with its grade, or none."""

from __future__ import annotations

import pytest

from indexes.autocode import Match, autocode
from indexes.search import SearchIndex


@pytest.mark.parametrize(
    ("phrase", "match", "code"),
    [
        ("heart failure", Match.EXACT, "I50.9"),
        ("E11.9", Match.EXACT, "E11.9"),
        ("heart failure zzyzx", Match.PARTIAL, "I50.9"),
        ("zzyzx qwrtp", Match.NONE, None),
        ("no heart failure", Match.NONE, None),
    ],
)
def test_a_code_is_given_with_how_well_it_matches(
    small_index: SearchIndex, phrase: str, match: Match, code: str | None
) -> None:
    found = autocode(small_index.search, phrase)
    assert (found.match, found.result and found.result.code) == (match, code)


def test_codes_that_fit_alike_but_badly_are_a_match_in_part(small_index: SearchIndex) -> None:
    found = autocode(small_index.search, "fracture of radius")
    assert found.alternatives[0].score == pytest.approx(found.result.score if found.result else 0, abs=0.02)
    assert found.match is Match.PARTIAL


def test_the_code_is_billable(small_index: SearchIndex) -> None:
    found = autocode(small_index.search, "type 2 diabetes mellitus")
    assert found.result is not None
    assert found.result.billable is True


def test_words_that_are_not_answered_are_named(small_index: SearchIndex) -> None:
    found = autocode(small_index.search, "heart failure zzyzx")
    assert found.unused_words == ("zzyzx",)
    assert "zzyzx" in found.reason


def test_what_says_nothing_of_what_is_coded_takes_nothing_from_the_match(small_index: SearchIndex) -> None:
    found = autocode(small_index.search, "pt on olmesartan with heart failure")
    assert (found.match, found.result and found.result.code) == (Match.EXACT, "I50.9")
    assert "olmesartan" in found.unused_words
