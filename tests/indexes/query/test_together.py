"""Words that say something together are met wherever they stand."""

from __future__ import annotations

import itertools

from indexes.query.together import combinations, find_scattered
from indexes.text.analysis import tokens


def test_words_of_a_combination_are_met_by_no_two_of_its_groups() -> None:
    for combination in combinations():
        assert len(combination.groups) > 1
        assert all(not a & b for a, b in itertools.combinations(combination.groups, 2)), combination.reading


def test_a_lay_phrase_is_known_by_its_words_apart_but_neither_turned_round_nor_far_apart() -> None:
    found = find_scattered(tokens("lost his good job"))
    assert found is not None
    assert (found[0], found[1].reading) == ((0, 3), "unemployment")
    assert find_scattered(tokens("lost job")) is None
    assert find_scattered(tokens("job was lost")) is None
    assert find_scattered(tokens("lost weight since changing to another job")) is None
