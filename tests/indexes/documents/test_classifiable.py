"""History codes take the names of the diseases that they are the history of."""

from __future__ import annotations

from indexes.documents.classifiable import classified_terms
from terminology.concept import Concept, Kind, Note, NoteKind
from terminology.systems import ICD10CM


def _concept(code: str, title: str, parent: str | None, *notes: str) -> Concept:
    return Concept(
        system=ICD10CM.id,
        code=code,
        title=title,
        kind=Kind.CATEGORY if len(code) == 3 else Kind.CODE,
        parent=parent,
        billable=len(code) > 3,
        notes=tuple(Note(NoteKind.INCLUSION_TERM, note) for note in notes),
    )


def test_a_history_code_takes_the_titles_of_the_categories_its_note_names() -> None:
    terms = classified_terms(
        [
            _concept("C50", "Malignant neoplasm of breast", None),
            _concept("C51", "Malignant neoplasm of vulva", None),
            _concept("Z85.3", "Personal history of malignant neoplasm of breast", None),
            _concept(
                "Z80.3",
                "Family history of malignant neoplasm of breast",
                None,
                "Conditions classifiable to C50",
            ),
        ]
    )
    assert {key: [t.text for t in found] for key, found in terms.items()} == {
        "Z803": ["Family history of Malignant neoplasm of breast"]
    }


def test_the_note_of_a_heading_is_for_the_code_that_takes_the_rest() -> None:
    terms = classified_terms(
        [
            _concept("A41", "Other sepsis", None),
            _concept(
                "Z86.1",
                "Personal history of infectious diseases",
                None,
                "Conditions classifiable to A00-B89, B99",
            ),
            _concept("Z86.11", "Personal history of tuberculosis", "Z86.1"),
            _concept("Z86.19", "Personal history of other infectious diseases", "Z86.1"),
        ]
    )
    assert list(terms) == ["Z8619"]
