"""Words that the index has in another form only."""

from __future__ import annotations

import pytest

from indexes.text.derivation import derived_forms

KNOWN = {
    "starvation": 6,
    "rape": 30,
    "rapid": 9,
    "estrangement": 8,
    "eviction": 4,
    "noncomplianc": 41,
    "itis": 2,
}


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("starving", "starvation"),
        ("raped", "rape"),
        ("estranged", "estrangement"),
        ("evicted", "eviction"),
        ("noncompliant", "noncomplianc"),
    ],
)
def test_a_word_is_found_in_the_form_the_index_has(word: str, form: str) -> None:
    assert derived_forms(word, KNOWN) == (form,)


@pytest.mark.parametrize("word", ["star", "evening", "thyroid", "2nd", "pn\u00e9umonie", ""])
def test_other_words_have_no_such_form(word: str) -> None:
    assert derived_forms(word, KNOWN) == ()


def test_the_most_frequent_form_stands_first() -> None:
    assert derived_forms("abducted", {"abduction": 683, "abduct": 4, "abductor": 69}) == (
        "abduction",
        "abductor",
        "abduct",
    )
