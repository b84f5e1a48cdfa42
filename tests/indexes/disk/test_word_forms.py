"""Forms of a word and names of drugs are found in the index itself."""

from __future__ import annotations

from indexes.disk.units import units_of
from indexes.disk.word_forms import WordForms, condition_tokens, drug_tokens
from tests.indexes.conftest import document


def test_words_that_replace_one_another_in_the_terms_of_several_codes_are_forms() -> None:
    forms = WordForms()
    forms.add(
        units_of(
            [
                document("N48.0", "Ulcer of penis", "1", index=("Ulcer, penile",)),
                document("N48.1", "Cyst of penis", "1", index=("Cyst, penile",)),
            ]
        )
    )
    assert forms.result()["penil"] == ["penis"]


def test_an_ending_that_makes_another_disease_is_no_form() -> None:
    forms = WordForms()
    forms.add(
        units_of([document(f"E0{n}", f"Thyroid, {n}", "1", index=(f"Thyroiditis, {n}",)) for n in range(6)])
    )
    assert "thyroid" not in forms.result()


def test_a_word_that_stands_in_terms_of_drugs_names_a_drug() -> None:
    units = units_of(
        [
            document("T38.3X1", "Poisoning by metformin", "1"),
            document("T38.3X5", "Adverse effect of metformin", "1"),
            document("T65.9", "Poisoning by substance", "1"),
            document("T65.8", "Adverse effect of substance", "1"),
        ]
    )
    assert drug_tokens(units) == {"metformin"}


def test_conditions_are_the_main_terms_of_one_word_under_which_the_index_has_several() -> None:
    units = units_of(
        [
            document("S92.4", "Fracture of great toe", None, index=("Fracture, toe", "Fracture, hallux")),
            document("S92.5", "Fracture of lesser toe", None, index=("Fracture, toe, lesser", "Toe, broken")),
        ]
    )
    assert condition_tokens(units) == {"fractur"}
