"""Titles of other languages on editions of ICD-11."""

from __future__ import annotations

from dataclasses import replace

from loaders.icd11.translations import Translations
from terminology.concept import Concept, Kind, Synonym

CHOLERA = Concept(
    "icd-11", "1A00", "Cholera", Kind.STEM, "01", uri="http://id.who.int/icd/release/11/mms/257068234"
)
SPANISH = replace(CHOLERA, synonyms=(Synonym("Cólera", "ICD-11 MMS 2024-01 (es)", "es"),))


def test_a_release_takes_its_own_titles() -> None:
    translations = Translations()
    told = translations.add("2024-01", "es", [SPANISH])
    (found,), notices = translations.onto("2024-01", [CHOLERA])
    assert found.synonyms == SPANISH.synonyms
    assert notices == []
    assert told == "ICD-11 MMS 2024-01 in es: 1 of 1 titles are translated"


def test_a_release_that_is_not_translated_takes_those_of_another_and_says_so() -> None:
    translations = Translations()
    translations.add("2024-01", "es", [SPANISH])
    (found,), notices = translations.onto("2025-01", [CHOLERA])
    assert found.synonyms == SPANISH.synonyms
    assert notices == [
        "titles in es are those of ICD-11 MMS 2024-01 (es) where the English title is unchanged: 1 of 1"
    ]


def test_a_title_does_not_stand_in_where_the_english_one_changed() -> None:
    translations = Translations()
    translations.add("2024-01", "es", [SPANISH])
    (found,), _ = translations.onto("2025-01", [replace(CHOLERA, title="Cholera, all forms")])
    assert found.synonyms == ()


def test_other_terms_are_kept() -> None:
    term = Synonym("Asiatic cholera", "ICD-API synonym")
    translations = Translations()
    translations.add("2024-01", "es", [SPANISH])
    (found,), _ = translations.onto("2024-01", [replace(CHOLERA, synonyms=(term,))])
    assert found.synonyms == (term, *SPANISH.synonyms)
