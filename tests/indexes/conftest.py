"""A small search index of hand-written documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.documents.document import SearchDocument, SearchTerm, TermKind
from indexes.search import SearchIndex, open_search_index
from terminology.codes import code_key
from terminology.concept import Kind
from terminology.systems import HCPCS, ICD10CM, ICD11


def document(
    code: str,
    title: str,
    parent: str | None,
    *,
    system: str = ICD10CM.id,
    kind: Kind = Kind.CODE,
    chapter: str = "1",
    index: tuple[str, ...] = (),
    inclusion: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
    instructions: tuple[str, ...] = (),
    volume: dict[str, int] | None = None,
) -> SearchDocument:
    """Return a document with the given terms; ICD-10-CM codes are billable, headings are not."""
    billable = (kind is Kind.CODE) if system == ICD10CM.id else None
    return SearchDocument(
        system=system,
        release="2027",
        code=code,
        key=code_key(code),
        title=title,
        kind=kind,
        parent=None if parent is None else code_key(parent),
        chapter=chapter,
        billable=billable,
        terms=tuple(SearchTerm(t, TermKind.INDEX, "Index 2017") for t in index)
        + tuple(SearchTerm(t, TermKind.INCLUSION, "Tabular List") for t in inclusion),
        notes=notes,
        instructions=instructions,
        volume=volume or {},
    )


def _wrist(side: str, digit: str) -> list[SearchDocument]:
    base = f"S52.50{digit}"
    title = f"Unspecified fracture of the lower end of {side} radius"
    encounters = {
        "A": "initial encounter for closed fracture",
        "B": "initial encounter for open fracture",
        "D": "subsequent encounter for closed fracture with routine healing",
        "S": "sequela",
    }
    variants = [
        document(base + letter, f"{title}, {meaning}", base, chapter="2")
        for letter, meaning in encounters.items()
    ]
    return [document(base, title, "S52.5", kind=Kind.CATEGORY, chapter="2"), *variants]


def documents() -> list[SearchDocument]:
    """Return the documents of the small index, release by release."""
    chapter = document("1", "All diseases", None, kind=Kind.CHAPTER)
    second = document("2", "Injuries", None, kind=Kind.CHAPTER, chapter="2")
    clinical = [
        chapter,
        document("E11", "Type 2 diabetes mellitus", "1", kind=Kind.CATEGORY),
        document("E11.2", "Type 2 diabetes mellitus with kidney complications", "E11", kind=Kind.CATEGORY),
        document("E11.21", "Type 2 diabetes mellitus with diabetic nephropathy", "E11.2"),
        document("E11.22", "Type 2 diabetes mellitus with diabetic chronic kidney disease", "E11.2"),
        document(
            "E11.9", "Type 2 diabetes mellitus without complications", "E11", index=("Diabetes, type 2",)
        ),
        document("I10", "Essential (primary) hypertension", "1", inclusion=("high blood pressure",)),
        document("I21", "Acute myocardial infarction", "1", kind=Kind.CATEGORY),
        document("I21.9", "Acute myocardial infarction, unspecified", "I21", index=("Infarct, myocardium",)),
        document("I34.0", "Nonrheumatic mitral (valve) insufficiency", "1"),
        document("I50.9", "Heart failure, unspecified", "1", index=("Failure, heart, congestive",)),
        document("J18.9", "Pneumonia, unspecified organism", "1", index=("Pneumonia",)),
        document("J45", "Asthma", "1", kind=Kind.CATEGORY),
        document("J45.909", "Unspecified asthma, uncomplicated", "J45", volume={"inpatient": 9}),
        document("J45.998", "Other asthma", "J45"),
        document("K92.2", "Gastrointestinal hemorrhage, unspecified", "1"),
        document("M05.9", "Rheumatoid arthritis with rheumatoid factor, unspecified", "1"),
        document("M06.9", "Rheumatoid arthritis, unspecified", "1", index=("Arthritis, rheumatoid",)),
        document(
            "M75.0",
            "Adhesive capsulitis of shoulder",
            "1",
            kind=Kind.CATEGORY,
            inclusion=("Frozen shoulder",),
        ),
        document("M75.00", "Adhesive capsulitis of unspecified shoulder", "M75.0"),
        document("M75.01", "Adhesive capsulitis of right shoulder", "M75.0"),
        document("M75.02", "Adhesive capsulitis of left shoulder", "M75.0"),
        document("N18.30", "Chronic kidney disease, stage 3 unspecified", "1"),
        document("N18.32", "Chronic kidney disease, stage 3b", "1"),
        document("R09.89", "Other specified symptoms", "1", instructions=("rhinorrhoea of birds",)),
        second,
        document("S52.5", "Fracture of lower end of radius", "2", kind=Kind.CATEGORY, chapter="2"),
        *_wrist("right", "1"),
        *_wrist("left", "2"),
    ]
    eleven = [
        document("05", "Endocrine diseases", None, system=ICD11.id, kind=Kind.CHAPTER, chapter="05"),
        document("5A11", "Type 2 diabetes mellitus", "05", system=ICD11.id, kind=Kind.STEM, chapter="05"),
        document("CA23", "Asthma", "05", system=ICD11.id, kind=Kind.STEM, chapter="05"),
        document("CA23.Z", "Asthma, unspecified", "CA23", system=ICD11.id, kind=Kind.STEM, chapter="05"),
        document(
            "NC32.5", "Fracture of lower end of radius", "05", system=ICD11.id, kind=Kind.STEM, chapter="05"
        ),
        document("XK9K", "Right", "05", system=ICD11.id, kind=Kind.EXTENSION, chapter="05"),
    ]
    supplies = [
        document("H", "Supplies", None, system=HCPCS.id, kind=Kind.CHAPTER, chapter="H"),
        document("J1885", "Injection of a painkiller, per 15 mg", "H", system=HCPCS.id, chapter="H"),
        document("LT", "Left side of the body", "H", system=HCPCS.id, kind=Kind.MODIFIER, chapter="H"),
    ]
    return [*clinical, *eleven, *supplies]


@pytest.fixture(scope="session")
def index_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a search index over the small set of documents."""
    folder = tmp_path_factory.mktemp("search")
    build_search_index(documents(), folder)
    return folder


@pytest.fixture(scope="session")
def small_index(index_folder: Path) -> SearchIndex:
    """The small index, opened."""
    return open_search_index(index_folder)
