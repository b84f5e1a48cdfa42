"""An extension code is the first answer where it alone is what was asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from terminology.systems import ICD11
from tests.indexes.conftest import document

STEM, EXTENSION = Kind.STEM, Kind.EXTENSION


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("extensions") / "search"
    said = [
        ("01", "All diseases", Kind.CHAPTER),
        ("CB7Z", "Benign neoplasm of trachea, bronchus or lung", STEM),
        ("CB70", "Stenosis of trachea", STEM),
        ("CB7Y", "Other diseases of trachea", STEM),
        ("CB7W", "Diseases of trachea", STEM),
        ("AA00", "Stenosis of all diseases", STEM),
        ("AA01", "Diseases of burn", STEM),
        ("XA26H1", "Trachea", EXTENSION),
        ("XE9ZZ", "Burn", EXTENSION),
        ("NE2Z", "Burn", STEM),
    ]
    build_search_index(
        [
            document(
                code, title, None if kind is Kind.CHAPTER else "01", system=ICD11.id, kind=kind, chapter="01"
            )
            for code, title, kind in said
        ],
        folder,
    )
    return open_search_index(folder)


@pytest.mark.parametrize(
    ("query", "first"),
    [("trachea", "XA26H1"), ("windpipe", "XA26H1"), ("stenosis of trachea", "CB70"), ("burn", "NE2Z")],
)
def test_what_only_an_extension_code_says_is_answered_by_it(
    index: SearchIndex, query: str, first: str
) -> None:
    assert index.search(query).results[0].code == first
