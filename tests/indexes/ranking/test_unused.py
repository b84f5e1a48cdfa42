"""What an answer does not use is named: a word in two parts is used when both are."""

from __future__ import annotations

import pytest

from indexes.search import SearchIndex


@pytest.mark.parametrize(
    ("query", "unused"),
    [
        ("diabetesmellitus", ()),
        ("asthmadiabetes", ("asthmadiabetes",)),
        ("chf", ()),
        ("heart failure wugged", ("wugged",)),
    ],
)
def test_words_that_are_not_used_are_named(
    small_index: SearchIndex, query: str, unused: tuple[str, ...]
) -> None:
    assert small_index.search(query, system="icd-10-cm").unused_words == unused
