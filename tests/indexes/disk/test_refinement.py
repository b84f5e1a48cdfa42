"""A code says what it may be narrowed to, without choosing."""

from __future__ import annotations

from indexes.disk.units import units_of
from terminology.concept import Kind
from tests.indexes.conftest import document


def _refine(code: str) -> dict[str, list[tuple[str, str]]]:
    units = units_of(
        [
            document("M25.5", "Pain in joint", "1", kind=Kind.CATEGORY),
            document("M25.56", "Pain in knee", "M25.5", kind=Kind.CATEGORY),
            document("M25.561", "Pain in right knee", "M25.56"),
            document("M25.562", "Pain in left knee", "M25.56"),
            document("M25.569", "Pain in unspecified knee", "M25.56"),
            document("G20", "Parkinson's disease", "1", kind=Kind.CATEGORY),
            document("G20.A", "Parkinson's disease without dyskinesia", "G20"),
            document("G20.B", "Parkinson's disease with dyskinesia", "G20"),
            document("G20.C", "Parkinsonism, unspecified", "G20"),
            document("J06", "Infection", "1", kind=Kind.CATEGORY),
            document("J06.1", "Infection of nose, then throat", "J06"),
            document("J06.2", "Nose: throat infection", "J06"),
            document("J06.3", "Infection, nose, throat", "J06"),
            document("S52.5", "Fracture of radius", "1", kind=Kind.CATEGORY),
            document("S52.5XXA", "Fracture of radius, initial encounter", "S52.5"),
            document("S52.5XXD", "Fracture of radius, subsequent encounter", "S52.5"),
        ]
    )
    return next(dict(u.refine) for u in units if u.document.code == code)


def test_a_heading_is_narrowed_to_the_sides_below_it() -> None:
    assert _refine("M25.56")["side"] == [("right", "M25.561"), ("left", "M25.562")]


def test_a_code_for_an_unspecified_side_is_narrowed_to_the_sides_beside_it() -> None:
    assert _refine("M25.569")["side"] == [("right", "M25.561"), ("left", "M25.562")]


def test_a_detail_is_labelled_as_its_title_is_printed_a_denial_included() -> None:
    assert _refine("G20")["detail"] == [
        ("without dyskinesia", "G20.A"),
        ("with dyskinesia", "G20.B"),
        ("parkinsonism", "G20.C"),
    ]


def test_where_two_labels_are_the_same_titles_tell_the_codes_apart() -> None:
    labels = [label for label, _ in _refine("J06")["detail"]]
    assert len(set(labels)) == len(labels)


def test_encounters_are_an_axis() -> None:
    assert _refine("S52.5") == {
        "encounter": [("initial encounter", "S52.5XXA"), ("subsequent encounter", "S52.5XXD")]
    }


def test_a_code_that_says_all_is_not_narrowed() -> None:
    assert _refine("M25.561") == {}
