"""ICD-11 is reached through ICD-10-CM's terms too, behind its own answers; translations are found."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.documents.document import SearchTerm, TermKind
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from terminology.systems import HCPCS, ICD11
from tests.indexes.conftest import document


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder: Path = tmp_path_factory.mktemp("led") / "search"
    asthma = document("CA23", "Asthma", "01", system=ICD11.id, kind=Kind.STEM)
    spanish = SearchTerm("Asma sin complicación", TermKind.SYNONYM, "WHO, Spanish", trust=0.96)
    build_search_index(
        [
            document("1", "All diseases", None, kind=Kind.CHAPTER),
            replace(document("J45.90", "Unspecified asthma", "1"), leads_to="CA23"),
            replace(document("J45.2", "Mild intermittent asthma", "1", kind=Kind.CATEGORY), leads_to="CA23"),
            replace(document("Y70.0", "Swamp fever of dogs", "1"), leads_to="1A00"),
            replace(document("Y71.0", "Swamp measles", "1"), leads_to="1A00"),
            replace(document("Y72.0", "Wet marsh fever", "1"), leads_to="1A0Z"),
            document("01", "All diseases", None, system=ICD11.id, kind=Kind.CHAPTER, chapter="01"),
            document("1A00", "Marsh disease", "01", system=ICD11.id, kind=Kind.STEM, chapter="01"),
            document("1A0Z", "Bog colic", "01", system=ICD11.id, kind=Kind.STEM, chapter="01"),
            document("1F03", "Measles", "01", system=ICD11.id, kind=Kind.STEM, chapter="01"),
            document(
                "1F03.0",
                "Measles without complication",
                "1F03",
                system=ICD11.id,
                kind=Kind.STEM,
                chapter="01",
            ),
            replace(asthma, chapter="01", terms=(spanish,)),
            document("G1", "Depression screening", None, system=HCPCS.id),
        ],
        folder,
    )
    return open_search_index(folder)


def test_what_only_icd10cm_calls_so_is_found_in_icd11_and_says_how(index: SearchIndex) -> None:
    found = index.search("swamp fever of dogs", system=ICD11.id).results
    assert [(r.code, r.matched_on) for r in found] == [("1A00", "via ICD-10-CM")]


def test_an_icd10cm_search_is_not_led_anywhere(index: SearchIndex) -> None:
    assert [r.code for r in index.search("swamp fever of dogs", system="icd-10-cm").results] == ["Y70.0"]


def test_what_icd11_says_only_in_part_stands_behind_what_icd10cm_says_whole(index: SearchIndex) -> None:
    found = index.search("swamp measles", system=ICD11.id).results
    assert [(r.code, r.matched_on) for r in found][:2] == [("1A00", "via ICD-10-CM"), ("1F03", "title")]


def test_a_residual_of_the_category_that_icd11_answers_with_does_not_stand_before_it(
    index: SearchIndex,
) -> None:
    assert index.search("wet marsh fever", system=ICD11.id).results[0].code == "1A00"


def test_in_icd11_the_category_stands_before_its_child_without_complication(index: SearchIndex) -> None:
    assert [r.code for r in index.search("measles", system=ICD11.id).results][:2] == ["1F03", "1F03.0"]


@pytest.mark.parametrize("query", ["asma", "asma sin complicación", "ASMA sin complicacion"])
def test_a_query_in_the_language_of_a_translation_finds_the_code(index: SearchIndex, query: str) -> None:
    assert index.search(query, system=ICD11.id).results[0].code == "CA23"


def test_what_only_icd11_answers_whole_leads_to_icd10cm_and_says_how(index: SearchIndex) -> None:
    found = index.search("asma sin complicaci\u00f3n", system="icd-10-cm")
    assert [(r.code, r.matched_on) for r in found.results] == [("J45.90", "via ICD-11")]


@pytest.mark.parametrize("query", ["asthma", "asthma zzyzx", "sin"])
def test_what_icd10cm_answers_or_icd11_answers_in_part_leads_nowhere(index: SearchIndex, query: str) -> None:
    found = index.search(query, system="icd-10-cm").results
    assert "via ICD-11" not in [result.matched_on for result in found]
