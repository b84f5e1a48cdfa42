"""Terms become phrases, residual words weigh little, general codes are known by their titles."""

from __future__ import annotations

import pytest

from indexes.documents.document import TermKind
from indexes.text.phrases import adds_only_residual, core, main_form, numbered, phrases_of
from tests.indexes.conftest import document


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Pneumonia, unspecified organism", "Pneumonia"),
        ("Type 2 diabetes mellitus without complications", "Type 2 diabetes mellitus"),
        ("Heart failure NOS", "Heart failure"),
        ("Diabetes mellitus, other specified type", "Diabetes mellitus, other specified type"),
        ("Cholera", "Cholera"),
        ("Cellulitis of unspecified orbit", "Cellulitis of orbit"),
        ("Fracture of unspecified part of neck of femur", "Fracture neck of femur"),
        ("Sepsis due to unspecified staphylococcus", "Sepsis due to unspecified staphylococcus"),
        ("Unspecified fracture of shaft of tibia", "fracture of shaft of tibia"),
        ("Diabetes mellitus, type unspecified", "Diabetes mellitus"),
    ],
)
def test_the_core_of_a_title_leaves_out_what_says_nothing_is_known(title: str, expected: str) -> None:
    assert core(title) == expected


def test_a_main_term_gives_its_first_word_form() -> None:
    assert main_form("Embolism, embolus, embolic") == ["Embolism", " embolus", " embolic"][0]
    assert main_form("Burn, hand") == "Burn, hand"


def test_a_title_in_parentheses_is_found_with_and_without_them() -> None:
    phrases = list(phrases_of(document("I10", "Essential (primary) hypertension", "1")))
    assert {p.tokens for p in phrases} == {
        ("essential", "primary", "hypertension"),
        ("essential", "hypertension"),
    }


def test_equal_phrases_are_kept_once_with_the_most_trusted_source() -> None:
    phrases = list(phrases_of(document("A00", "Cholera", "1", index=("cholera",))))
    assert [(p.tokens, p.kind) for p in phrases] == [(("cholera",), TermKind.TITLE)]


@pytest.mark.parametrize(
    ("child", "parent", "expected"),
    [
        ("Asthma, unspecified", "Asthma", True),
        ("Type 2 diabetes mellitus without complications", "Type 2 diabetes mellitus", True),
        ("Adhesive capsulitis of unspecified shoulder", "Adhesive capsulitis of shoulder", True),
        ("Other asthma", "Asthma", False),
        ("Severe asthma", "Asthma", False),
    ],
)
def test_the_general_code_of_a_category_adds_nothing_to_its_title(
    child: str, parent: str, expected: bool
) -> None:
    assert adds_only_residual(document("A00.9", child, "A00"), document("A00", parent, "1")) is expected


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Index 21.0-22.9, adult", ["Index 21, adult", "Index 22, adult"]),
        ("Score 3-4", ["Score 3", "Score 4"]),
        ("Birth weight 1000-1249 grams", []),
        ("C4-C5 level", []),
        ("Cholera", []),
    ],
)
def test_a_range_of_numbers_is_found_by_each_number_in_it(title: str, expected: list[str]) -> None:
    assert list(numbered(title)) == expected
