"""Titles as phrases."""

from __future__ import annotations

import pytest

from terminology.crosswalk.read.lexicon import phrase


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Anaemia, unspecified", "Unspecified anemia"),
        ("Gastro-oesophageal reflux disease", "Gastro-esophageal reflux disease"),
        ("Tumours of colon", "Tumor of colon"),
        ("Chronic renal failure", "Chronic kidney disease"),
        ("Other specified arthritis", "Arthritis, other"),
        ("Diabetes mellitus, uncomplicated", "Diabetes mellitus without complications"),
        ("Pressure ulcer, stage II", "Pressure ulceration grade 2"),
    ],
)
def test_titles_that_mean_the_same_are_equal_phrases(one: str, other: str) -> None:
    assert phrase(one).words == phrase(other).words


def test_words_in_parentheses_may_be_missing() -> None:
    assert phrase("Essential (primary) hypertension").words == phrase("Essential hypertension").words
    assert phrase("Essential (primary) hypertension").optional == {"primary"}


def test_what_follows_without_is_negated_up_to_the_comma() -> None:
    words = phrase("Asthma without exacerbation, allergic").words
    assert words == {"asthma", "!exacerbation", "allergic"}


def test_standing_phrases_are_told_but_are_no_words() -> None:
    other = phrase("Other specified migraine")
    assert other.other
    assert not other.unspecified
    assert other.words == phrase("Migraine, unspecified").words
    assert phrase("Migraine, unspecified").unspecified


def test_the_noun_of_an_unnamed_site_may_be_missing() -> None:
    assert "joint" in phrase("Osteoarthritis of other specified joint").optional


def test_accents_and_national_spellings_do_not_part_words() -> None:
    assert phrase("Sjögren syndrome").words == phrase("Sjogren syndrome").words
    assert phrase("Nontoxic goiter").words == phrase("Nontoxic goitre").words


def test_excepted_words_are_denied_and_a_site_after_a_denial_is_not() -> None:
    assert phrase("Burn of head, except face").words == {"burn", "head", "!face"}
    said = phrase("Supracondylar fracture without intercondylar fracture of humerus").words
    assert "humerus" in said
    assert "!humerus" not in said


def test_toe_and_toes_are_one_word() -> None:
    assert phrase("Pain in toes").words == phrase("Pain in toe").words


def test_acquired_absence_of_an_organ_names_the_organ() -> None:
    assert "kidney" in phrase("Acquired absence of kidney").words
