"""What is said in many ways is read in one."""

from __future__ import annotations

import pytest

from indexes.text.alike import families, ways_to_say
from indexes.text.analysis import tokens
from indexes.text.vocabulary import find_rewritings


@pytest.mark.parametrize(
    "said",
    [
        "trouble breathing",
        "can't breathe",
        "cannot breathe",
        "hard to breathe",
        "hard time breathing",
        "unable to breathe",
        "breathing difficulty",
    ],
)
def test_a_term_of_the_tables_is_met_in_each_way_to_say_it(said: str) -> None:
    ((at, readings),) = find_rewritings(tokens(said))
    assert (at, "dyspnea" in [reading.reading for reading in readings]) == (0, True)


@pytest.mark.parametrize("said", ["trouble chewing", "check for gout", "afraid of lifts", "raised lipase"])
def test_a_way_to_say_it_is_read_as_the_first_of_its_family_beside_any_word(said: str) -> None:
    firsts = {" ".join(first) for first, *_ in families()}
    readings = [reading.reading for _, found in find_rewritings(tokens(said)) for reading in found]
    assert firsts.intersection(readings)


def test_what_belongs_to_no_family_is_said_in_one_way() -> None:
    assert list(ways_to_say(("frozen", "shoulder"))) == [("frozen", "shoulder")]
    assert list(ways_to_say(("low",))) == [("low",)]
