"""Codes that differ in side and encounter alone are of one family, others are not."""

from __future__ import annotations

from terminology.crosswalk.review.families import families

KNEE = {
    "M17.0": "Bilateral primary osteoarthritis of knee",
    "M17.10": "Unilateral primary osteoarthritis, unspecified knee",
    "M17.11": "Unilateral primary osteoarthritis, right knee",
    "M17.12": "Unilateral primary osteoarthritis, left knee",
    "M17.9": "Osteoarthritis of knee, unspecified",
}


def test_all_four_sides_of_an_organ_are_one_family_and_the_rest_class_is_none_of_it() -> None:
    assert families(KNEE) == [("M17.0", "M17.10", "M17.11", "M17.12"), ("M17.9",)]


def test_encounters_are_of_the_family_of_their_injury() -> None:
    titles = {
        "S72.001A": "Fracture of neck of right femur, initial encounter for closed fracture",
        "S72.001B": "Fracture of neck of right femur, initial encounter for open fracture",
        "S72.001S": "Fracture of neck of right femur, sequela",
        "S72.009A": "Fracture of neck of unspecified femur, initial encounter for closed fracture",
        "S72.011A": "Intracapsular fracture of right femur, initial encounter for closed fracture",
    }
    assert families(titles) == [("S72.001A", "S72.001B", "S72.001S", "S72.009A"), ("S72.011A",)]


def test_bilateral_joins_the_one_sided_title_it_leaves_a_word_of_unsaid() -> None:
    titles = {
        "E11.3211": "Retinopathy with macular edema, right eye",
        "E11.3213": "Retinopathy with macular edema, bilateral",
        "E11.3291": "Retinopathy without macular edema, right eye",
    }
    assert families(titles) == [("E11.3211", "E11.3213"), ("E11.3291",)]


def test_bilateral_that_may_be_of_two_families_is_of_neither() -> None:
    titles = {"H1.1": "Cyst of right lid", "H1.2": "Cyst of right duct", "H1.3": "Bilateral cyst"}
    assert families(titles) == [("H1.1",), ("H1.2",), ("H1.3",)]


def test_same_words_in_another_order_say_something_else() -> None:
    titles = {
        "S31.126A": "Laceration of right flank with foreign body without penetration, initial encounter",
        "S31.616A": "Laceration of right flank without foreign body with penetration, initial encounter",
    }
    assert len(families(titles)) == 2


def test_categories_are_never_mixed() -> None:
    assert len(families({"A01.1": "Pain, right eye", "B01.1": "Pain, left eye"})) == 2


def test_trimesters_stages_and_fetuses_tell_families_apart() -> None:
    titles = {"O1.1": "Edema, first trimester", "O1.2": "Edema, second trimester"}
    assert len(families(titles)) == 2
