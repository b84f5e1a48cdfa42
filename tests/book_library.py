"""The small library with hand-written lines of the four books of the Alphabetic Index."""

from __future__ import annotations

from dataclasses import replace

from terminology.concept import IndexTerm
from terminology.edition import Library
from tests.small_library import small_library

DISEASES = "Index to Diseases and Injuries"
NEOPLASM = "Neoplasm, neoplastic"


def book_library() -> Library:
    """Return it; the older edition of the first book has a term that the newer one has not."""
    return replace(small_library(), index_terms=[*_drugs(), *_external(), *_old(), *_diseases(), *_sites()])


def _diseases() -> list[IndexTerm]:
    sugar = "(mellitus) (sugar)"
    return [
        IndexTerm(DISEASES, "2026", ("Diabetes, diabetic",), sugar, code="E11.9"),
        IndexTerm(DISEASES, "2026", ("Diabetes, diabetic", "with"), sugar),
        IndexTerm(
            DISEASES, "2026", ("Diabetes, diabetic", "with", "ketosis"), f"{sugar} (acute)", code="E11.8"
        ),
        IndexTerm(DISEASES, "2026", ("Diabetes, diabetic", "steroid-induced"), sugar, see="condition"),
        IndexTerm(DISEASES, "2026", ("Fracture, traumatic", "radius"), code="S52.5-"),
        IndexTerm(DISEASES, "2026", ("Östrus",), code="Q99.9"),
        IndexTerm(DISEASES, "2026", ("Sugar",), see="Diabetes, with, ketosis (acute)"),
        IndexTerm(DISEASES, "2026", ("Tumor",), see_also="Neoplasm, lung, by site"),
        IndexTerm(DISEASES, "2026", ("Wound",), see="Falls"),
    ]


def _old() -> list[IndexTerm]:
    return [IndexTerm(DISEASES, "2017", ("Dropsy",), code="E11.9")]


def _external() -> list[IndexTerm]:
    return [IndexTerm("External Cause Index", "2026", ("Fall, falling",), code="W19")]


def _sites() -> list[IndexTerm]:
    def site(*path: str, **cells: str) -> list[IndexTerm]:
        return [
            IndexTerm("Table of Neoplasms", "2026", (NEOPLASM, *path), column=column, code=code)
            for column, code in cells.items()
        ]

    return [
        *site(Malignant="E11.9", Benign="E11"),
        *site("bone", Malignant="E11.9", Benign="E11"),
        *site("lung", Malignant="E11.9", Benign="E11"),
        *site("lung", "lobe", Benign="S52.5"),
    ]


def _drugs() -> list[IndexTerm]:
    book, path = "Table of Drugs and Chemicals", ("2-propanol",)
    return [
        IndexTerm(book, "2026", path, column="Accidental", code="E11.9"),
        IndexTerm(book, "2026", path, column="Assault", code="E11"),
    ]
