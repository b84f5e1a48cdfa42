"""What is denied is a token of its own, up to where the denial ends."""

from __future__ import annotations

import pytest

from indexes.text.denial import signed_tokens, spoken_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("copd w/o exacerbation", ["copd", "!exacerbation"]),
        ("Concussion without loss of consciousness", ["concussion", "!loss", "!consciousness"]),
        ("Laceration without foreign body of scalp", ["laceration", "!foreign", "!body", "scalp"]),
        ("Epilepsy, not intractable", ["epilepsy", "!intractabl"]),
        ("asthma, never intubated", ["asthma", "!intubat"]),
        ("hepatitis w/o coma with ascites", ["hepatitis", "!coma", "ascites"]),
        ("Disease, reflux, without, esophagitis", ["diseas", "reflux", "!esophagitis"]),
        ("pharyngitis, strep negative", ["pharyngitis", "!strep"]),
        ("sore throat strep neg no fever", ["sore", "throat", "!strep", "!fever"]),
        ("Rh negative mother", ["rh", "negativ", "mother"]),
        ("Asthma, not elsewhere classified", ["asthma", "not", "elsewher", "classified"]),
        ("acquired absence of left leg", ["acquir", "absenc", "left", "leg"]),
        ("pain in the absence of fever", ["pain", "!fever"]),
    ],
)
def test_a_denial_reaches_as_far_as_the_words_it_governs(text: str, expected: list[str]) -> None:
    assert signed_tokens(text) == expected


def test_a_list_of_what_a_patient_denies_goes_on_past_commas_each_item_apart() -> None:
    denied = [
        (s.token, s.denied) for s in spoken_words("cough, denies fever, chills or chest pain") if s.denied
    ]
    assert denied == [("fever", 1), ("chill", 2), ("chest", 3), ("pain", 3)]


def test_a_text_that_only_denies_is_taken_word_by_word() -> None:
    assert [s.token for s in spoken_words("no chest pain")] == ["no", "chest", "pain"]


@pytest.mark.parametrize("title", ["Acquired absence of left toe", "Leukemia not having achieved remission"])
def test_titles_that_only_sound_like_a_denial_assert_what_they_name(title: str) -> None:
    assert not any(token in ("!toe", "!remission") for token in signed_tokens(title))
