"""A query that nothing answers is read wider; what the rules take for granted need not be said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.documents.document import SearchDocument, SearchTerm, TermKind
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from terminology.systems import ICD10CM
from tests.indexes.conftest import document


def _referring(code: str, title: str, *references: tuple[str, str]) -> SearchDocument:
    terms = tuple(SearchTerm(text, TermKind.INDEX, f"Index, see {see}") for text, see in references)
    return replace(document(code, title, "1"), terms=terms)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index with references from parts to wholes, drugs and injuries."""
    wrists = (("Abscess, wrist", "Abscess, arm"), ("Cellulitis, wrist", "Cellulitis, arm"))
    documents = [
        document("1", "All diseases", None, kind=Kind.CHAPTER),
        document("19", "Injuries", None, kind=Kind.CHAPTER, chapter="19"),
        _referring("L02.41", "Abscess of arm", *wrists),
        document("L03.113", "Cellulitis of right arm", "1"),
        document("R22.30", "Localized swelling, mass and lump, arm", "1"),
        document("R22.40", "Localized swelling, mass and lump, leg", "1"),
        document("M25.53", "Pain in wrist", "1"),
        document("G72.0", "Drug-induced myopathy", "1"),
        document("G72.9", "Myopathy, unspecified", "1"),
        document("Z87.59", "Personal history of maternal hypertension", "1"),
        document("B15.9", "Hepatitis A without hepatic coma", "1"),
        document("K75.9", "Inflammatory liver disease, unspecified", "1", inclusion=("Hepatitis NOS",)),
        document("T46.6X1", "Poisoning by statins, accidental (unintentional)", "19", chapter="19"),
        document("T45.1X1", "Poisoning by antineoplastic and immunosuppressive drugs", "19", chapter="19"),
        document("Z28.21", "Immunization not carried out because of patient refusal", "1"),
        document("Z28.82", "Immunization not carried out because of caregiver refusal", "1"),
        document("Z59.41", "Food insecurity", "1"),
        document("X95.9", "Assault by firearm discharge", "1"),
        document("T73.0", "Starvation", "1"),
        document("Z55.1", "Schooling unavailable", "1"),
        document("Y92.21", "School as the place of occurrence", "1", index=("Place of occurrence, school",)),
        document("T46.6X5", "Adverse effect of statins", "19", chapter="19"),
        document("S52.122", "Displaced fracture of head of left radius", "19", chapter="19"),
        document("S52.125", "Nondisplaced fracture of head of left radius", "19", chapter="19"),
    ]
    folder: Path = tmp_path_factory.mktemp("wider") / "search"
    build_search_index(documents, folder)
    return open_search_index(folder)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("lump on wrist", "R22.30"),
        ("right wrist cellulitis", "L03.113"),
        ("statin myopathy", "G72.0"),
        ("hepatitis", "K75.9"),
        ("hepatitis a", "B15.9"),
        ("poisoning by statins", "T46.6X1"),
        ("rituximab poisoning", "T45.1X1"),
        ("keytruda poisoning", "T45.1X1"),
        ("flu vaccine was refused", "Z28.21"),
        ("refuses hep b vaccine", "Z28.21"),
        ("mom refusing shots", "Z28.82"),
        ("food costs more than they can afford", "Z59.41"),
        ("starving", "T73.0"),
        ("at school", "Y92.21"),
        ("school", "Z55.1"),
        ("left radial head fracture", "S52.122"),
        ("nondisplaced left radial head fracture", "S52.125"),
    ],
)
def test_the_code_that_is_meant_stands_first(index: SearchIndex, query: str, code: str) -> None:
    assert index.search(query, system=ICD10CM.id).results[0].code == code


def test_a_wider_reading_says_how_it_was_read(index: SearchIndex) -> None:
    explanation = index.search("lump on wrist", system=ICD10CM.id, explain=True).results[0].explanation
    assert explanation is not None
    assert "wrist as a part of arm" in explanation.reading
