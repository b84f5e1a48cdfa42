"""Without WHO's maps, ICD-10-CM lends its names to the ICD-11 category of the same name."""

from __future__ import annotations

from indexes.documents.same_title import same_title_terms
from terminology.concept import Concept, Kind, Note, NoteKind
from terminology.systems import ICD10CM, ICD11


def _clinical(code: str, title: str, *notes: str, kind: Kind = Kind.CODE) -> Concept:
    return Concept(
        system=ICD10CM.id,
        code=code,
        title=title,
        kind=kind,
        parent=None,
        notes=tuple(Note(NoteKind.INCLUSION_TERM, note) for note in notes),
    )


def _eleven(code: str, title: str) -> Concept:
    return Concept(system=ICD11.id, code=code, title=title, kind=Kind.STEM, parent=None)


def test_a_category_takes_the_names_of_the_code_of_its_title_and_of_the_unspecified_one_below() -> None:
    terms = same_title_terms(
        [
            _clinical("I10", "Essential (primary) hypertension", "High blood pressure"),
            _clinical("R50", "Fever of other and unknown origin", kind=Kind.CATEGORY),
            _clinical("R50.9", "Fever, unspecified", "Pyrexia NOS"),
        ],
        [_eleven("BA00", "Essential hypertension"), _eleven("MG26", "Fever of other or unknown origin")],
    )
    assert "High blood pressure" in {t.text for t in terms["BA00"]}
    assert "Pyrexia NOS" in {t.text for t in terms["MG26"]}


def test_a_name_that_several_codes_have_lends_nothing() -> None:
    terms = same_title_terms(
        [_clinical("A00", "Cholera"), _clinical("B00", "Cholera")], [_eleven("1A00", "Cholera")]
    )
    assert terms == {}
