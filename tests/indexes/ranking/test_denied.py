"""What asserts a denied word loses to what denies or omits it; a history code answers a history."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from tests.indexes.conftest import document


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("signed") / "search"
    build_search_index(
        [
            document("1", "All diseases", None, kind=Kind.CHAPTER),
            document("J44.0", "Obstructive pulmonary disease with infection", "1"),
            document(
                "J44.1",
                "Obstructive pulmonary disease with exacerbation",
                "1",
                index=("exacerbation of copd",),
            ),
            document("J44.9", "Obstructive pulmonary disease, unspecified", "1"),
            document(
                "Z59.7", "Insufficient welfare support", "1", inclusion=("No health insurance coverage",)
            ),
            document("Z02.6", "Examination for health insurance coverage", "1"),
            document("G43.0", "Migraine without aura", "1"),
            document("G43.1", "Migraine with aura", "1"),
            document("I82.4", "Deep vein thrombosis", "1"),
            document("Z86.7", "Personal history of deep vein thrombosis", "1"),
            document("Z82.4", "Family history of deep vein thrombosis", "1"),
            document("E11.9", "Diabetes mellitus", "1"),
            document("Z86.3", "Personal history of gestational diabetes mellitus", "1"),
        ],
        folder,
    )
    return open_search_index(folder)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("obstructive pulmonary disease w/o exacerbation", "J44.9"),
        ("obstructive pulmonary disease with exacerbation", "J44.1"),
        ("migraine without aura", "G43.0"),
        ("migraine with aura", "G43.1"),
        ("migraine, denies aura", "G43.0"),
        ("h/o deep vein thrombosis", "Z86.7"),
        ("fhx deep vein thrombosis", "Z82.4"),
        ("deep vein thrombosis", "I82.4"),
        ("hx of diabetes mellitus", "E11.9"),
    ],
)
def test_the_first_answer_says_what_was_said(index: SearchIndex, query: str, code: str) -> None:
    assert index.search(query).results[0].code == code


def test_what_only_denies_is_answered_by_what_denies_the_same(index: SearchIndex) -> None:
    found = index.search("no health insurance coverage")
    assert [result.code for result in found.results][:1] == ["Z59.7"]
    assert found.unused_words == ()


@pytest.mark.parametrize("query", ["no migraine", "denies migraine", "without migraine", "no h/o migraine"])
def test_what_is_denied_and_nothing_else_is_answered_low_and_says_what_is_not_used(
    index: SearchIndex, query: str
) -> None:
    surely, found = index.search("migraine"), index.search(query)
    assert found.denied == ("migraine",)
    assert found.unused_words[0] == query.split(maxsplit=1)[0]
    assert max(r.score for r in found.results) < 0.5 * surely.results[0].score
