"""The codes that instructional notes name, in the forms the Tabular List prints them in."""

from __future__ import annotations

import pytest

from terminology.concept import NoteKind
from terminology.icd10cm.note_references import NamedCodes, named_codes, names

KNOWN = {
    *("A15", "B12", "B20", "C01", "C18", "E08", "E10", "E11", "E119", "E13", "F10", "F13", "I69", "J65"),
    *("K00", "O62", "O623", "R12", "S00", "T36", "T50", "T74", "T88", "T391", "G000", "G009"),
}


def spans(text: str, kind: str = "excludes1") -> list[tuple[str, str]]:
    return [(one.first, one.last) for one in named_codes(text, kind, KNOWN)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("type 2 diabetes (E11.9)", [("E119", "E119")]),
        ("type 2 diabetes (E11.-)", [("E11", "E11")]),
        ("malignant neoplasm (C01-C18)", [("C01", "C18")]),
        ("meningitis (G00.0-G00.9)", [("G000", "G009")]),
        ("diabetes (E08.-, E10, E11.-)", [("E08", "E08"), ("E10", "E10"), ("E11", "E11")]),
        ("ranges and codes (C01-C18, E10; E13.-)", [("C01", "C18"), ("E10", "E10"), ("E13", "E13")]),
        ("a range with blanks (C01 - C18)", [("C01", "C18")]),
        ("one and another (E10 and E13)", [("E10", "E10"), ("E13", "E13")]),
        ("conditions in A15-B20", [("A15", "B20")]),
        ("from categories E08, E10 and E13 to identify", [("E08", "E08"), ("E10", "E10"), ("E13", "E13")]),
        ("Conditions classifiable to K00-K93", [("K00", "K93")]),
        ("acid reflux R12", [("R12", "R12")]),
    ],
)
def test_codes_lists_and_ranges_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert spans(text) == expected


def test_what_brackets_hold_is_meant_and_not_the_words_before_them() -> None:
    assert spans("pneumoconiosis with tuberculosis, any type in A15 (J65)") == [("J65", "J65")]


def test_names_that_look_like_codes_are_none() -> None:
    assert spans("LGMD R12", "inclusion_terms") == []
    assert spans("vitamin B12 deficiency anemia (E11.9)") == [("E119", "E119")]


def test_a_code_that_the_release_does_not_have_is_not_named() -> None:
    assert spans("something (Z99.9)") == []


@pytest.mark.parametrize(
    ("text", "key", "is_named"),
    [
        ("drug (T36-T50 with fifth or sixth character 5)", "T391X5A", True),
        ("drug (T36-T50 with fifth or sixth character 5)", "T391X1A", False),
        ("poisoning (T36-T50 with fifth or sixth character 1-4)", "T391X1A", True),
        ("gangrene in diabetes (E08-E13 with .52)", "E1152", True),
        ("gangrene in diabetes (E08-E13 with .52)", "E1151", False),
        ("angiopathy in diabetes (E08-E13 with .51-.52)", "E1051", True),
        ("amnestic disorder (F10, F13 with .26, .96)", "F1396", True),
        ("amnestic disorder (F10, F13 with .26, .96)", "F1326", True),
        ("amnestic disorder (F10, F13 with .26, .96)", "F1320", False),
        ("hyperosmolarity (E08, E11 with final characters .00 or .01)", "E1101", True),
        ("aphasia (I69. with final characters -20)", "I69320", True),
        ("aphasia (I69. with final characters -20)", "I69321", False),
        ("sequela (T39.1- with seventh character S)", "T391X1S", True),
        ("Conditions in S00-T88, except T74 and T50", "T749", False),
        ("Conditions in S00-T88, except T74 and T50", "S010", True),
        ("tinea, except those in B20.-", "B200", False),
        ("conditions in O62.-, not included in O62.3", "O623", False),
    ],
)
def test_forms_and_exceptions_tell_which_codes_are_named(text: str, key: str, is_named: bool) -> None:
    assert names(named_codes(text, "code_first", KNOWN), key) is is_named


def test_a_code_names_what_lies_below_it_and_no_neighbour() -> None:
    one = NamedCodes("E11", "E11")
    assert one.covers("E11") and one.covers("E11359X")
    assert not one.covers("E10") and not one.covers("E12") and not one.covers("E1")


def test_a_chapter_is_named_only_where_a_note_asks_for_a_code() -> None:
    text = "code (Chapter 20) to identify external cause"
    (chapter,) = named_codes(text, NoteKind.USE_ADDITIONAL, {"W010XXA"})
    assert chapter.covers("W010XXA") and not chapter.covers("Z880")
    assert not named_codes("infections classified in Chapter 1", NoteKind.EXCLUDES2, {"A009"})
