"""Words that no code knows neither lead nor vanish; typeahead is filled up by frequency."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from tests.indexes.conftest import document


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("core") / "search"
    hips = [
        document(f"S72.{n}", f"Hip fracture of kind {n}", "1", index=(f"Fracture, hip {n}",))
        for n in range(4)
    ]
    build_search_index(
        [
            document("1", "All diseases", None, kind=Kind.CHAPTER),
            document("M10.9", "Gout, unspecified", "1", volume={"office": 900}),
            document("W00", "Activity, hiking", "1"),
            document("X50", "Coffee worker lung", "1"),
            document("M25.561", "Pain in right knee", "1"),
            document("M25.562", "Pain in left knee", "1"),
            document("R52", "Pain, unspecified", "1"),
            document("H60.9", "Hip dysplasia", "1", volume={"office": 5000}),
            *hips,
        ],
        folder,
    )
    return open_search_index(folder)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("gout bothering zzyzx tonight after hiking", "M10.9"),
        ("right knee pain zzyzx flare", "M25.561"),
        ("gout zzyzx", "M10.9"),
    ],
)
def test_the_largest_term_in_a_query_leads(index: SearchIndex, query: str, code: str) -> None:
    assert index.search(query).results[0].code == code


def test_words_that_the_first_answer_does_not_use_are_named(index: SearchIndex) -> None:
    assert index.search("pt with gout zzyzx").unused_words == ("zzyzx", "pt")
    assert index.search("right knee pain").unused_words == ()


def test_an_answer_to_a_part_scores_less_than_one_to_the_whole(index: SearchIndex) -> None:
    assert index.search("gout zzyzx").results[0].score < index.search("gout").results[0].score


def test_suggestions_are_filled_up_with_the_frequent_that_begin_so(index: SearchIndex) -> None:
    assert "H60.9" in [s.code for s in index.suggest("hip", limit=2).results]


def test_an_index_term_is_suggested_as_it_is_spoken(index: SearchIndex) -> None:
    assert index.suggest("hip 3 f").results[0].code == "S72.3"
