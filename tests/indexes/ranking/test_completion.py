"""What a half-typed query becomes."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.build import build_search_index
from indexes.query.parsed import parse
from indexes.query.unfinished import unfinished
from indexes.search import SearchIndex, open_search_index
from indexes.text.lexicon import Lexicon
from indexes.text.vocabulary import rewritings_beginning
from terminology.concept import Kind
from terminology.systems import HCPCS, ICD10CM
from tests.indexes.conftest import document


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index of codes that are used more and less often."""
    chapter = document("1", "All diseases", None, kind=Kind.CHAPTER)
    documents = [
        chapter,
        document("S72.00", "Fracture of hip", "1", volume={"outpatient": 60}),
        document("S72.8", "Fracture of hip, open", "1", volume={"outpatient": 20}),
        document("M25.55", "Pain in hip", "1", volume={"outpatient": 5000}),
        document("T38.8", "Poisoning by hipposaur", "1", volume={"outpatient": 1}),
        document("E11.9", "Type 2 diabetes mellitus", "1", volume={"outpatient": 9000}),
        document("Q74.9", "Deformity of limb, type 2", "1", volume={"outpatient": 2}),
        document("J44.9", "Chronic obstructive pulmonary disease", "1", volume={"outpatient": 4000}),
        document("T17.5", "Copper in bronchus", "1", volume={"outpatient": 3}),
        document("R04.2", "Hemorrhage, bleeding of airways", "1", volume={"outpatient": 50}),
        document("C34.9", "Malignant neoplasm of lung", "1", volume={"outpatient": 300}),
        document("J98.4", "Lung candle", "1", volume={"outpatient": 1}),
        document("C92.0", "Acute myeloid leukemia", "1", volume={"outpatient": 40}),
        document("N17.9", "Acute kidney failure", "1", volume={"outpatient": 9000}),
        document("K81.9", "Cholecystitis", "1", volume={"outpatient": 800}),
        document("K80.2", "Cholelithiasis", "1", volume={"outpatient": 900}),
        document("R64", "Wasting", "1", inclusion=("Tibial wasting",), volume={"outpatient": 9500}),
        document("S82.2", "Tibial fracture", "1", volume={"outpatient": 300}),
        document("E0100", "Cane", None, system=HCPCS.id, chapter="E"),
    ]
    folder = tmp_path_factory.mktemp("completion") / "search"
    build_search_index(documents, folder)
    return open_search_index(folder)


def suggested(index: SearchIndex, typed: str, system: str = ICD10CM.id) -> list[str]:
    """Return the codes that are suggested."""
    return [s.code for s in index.suggest(typed, system=system).results]


def test_the_last_word_may_go_on_and_the_others_are_whole(index: SearchIndex) -> None:
    assert suggested(index, "hip f")[:2] == ["S72.00", "S72.8"]
    assert suggested(index, "type 2 d")[0] == "E11.9"
    assert "T38.8" not in suggested(index, "hip f")[:2]


def test_words_are_completed_in_any_order_and_the_frequent_stand_first(index: SearchIndex) -> None:
    assert suggested(index, "fracture of h")[0] == "S72.00"
    assert suggested(index, "hip")[0] == "M25.55"


def test_abbreviations_and_lay_terms_are_begun_too(index: SearchIndex) -> None:
    assert suggested(index, "cop")[0] == "J44.9"
    assert suggested(index, "lung can")[0] == "C34.9"


def test_a_beginning_may_be_spelt_as_in_britain(index: SearchIndex) -> None:
    assert suggested(index, "haemorr") == suggested(index, "hemorr") == ["R04.2"]


def test_what_is_left_out_of_a_query_may_be_the_beginning_of_a_word(index: SearchIndex) -> None:
    assert suggested(index, "acute my")[0] == "C92.0"


def test_an_abbreviation_may_be_the_beginning_of_a_word(index: SearchIndex) -> None:
    assert {"K80.2", "K81.9"} <= set(suggested(index, "chole"))


def test_the_beginning_of_a_word_that_says_nothing_takes_nothing_away() -> None:
    lexicon = Lexicon({"sprain": 9, "open": 2}, {})
    text = "sprain o"
    readings = unfinished(text, parse(text, lexicon), lexicon)
    said = {(tuple(slot.token for slot in reading.slots), reading.begins) for reading in readings}
    assert {(("sprain",), "o"), (("sprain",), "")} <= said


def test_use_counts_for_what_the_title_says(index: SearchIndex) -> None:
    assert suggested(index, "tibial")[:2] == ["S82.2", "R64"]


def test_an_inflection_may_be_half_typed(index: SearchIndex) -> None:
    assert suggested(index, "bleedi") == suggested(index, "bleeding") == ["R04.2"]


def test_several_systems_are_suggested_together(index: SearchIndex) -> None:
    assert {s.system for s in index.suggest("can").results} == {ICD10CM.id, HCPCS.id}


def test_nothing_is_suggested_for_a_single_letter_of_no_word(index: SearchIndex) -> None:
    assert suggested(index, "\u3007") == []


def test_readings_are_found_by_their_beginning() -> None:
    assert {"copd"} == {word for r in rewritings_beginning(("copd",)) for word in r.words}
    assert all(r.words[:1] == ("heart",) for r in rewritings_beginning(("heart", "att")))
    assert rewritings_beginning(("heart", "zzz")) == []


def test_without_volumes_what_has_many_and_short_names_stands_first(tmp_path: Path) -> None:
    documents = [
        document("1", "All diseases", None, kind=Kind.CHAPTER),
        document("Q89.8", "Gougerot disease of a rare and long described kind", "1"),
        document("M10.9", "Gout", "1", inclusion=("Gouty attack", "Podagra", "Uric arthritis")),
    ]
    build_search_index(documents, tmp_path / "search")
    assert suggested(open_search_index(tmp_path / "search"), "gou")[0] == "M10.9"


def test_rows_of_the_tables_that_apply_to_no_loaded_code_are_reported(tmp_path: Path) -> None:
    told: list[str] = []
    stats = build_search_index(
        [document("J44.9", "Chronic obstructive pulmonary disease", None)],
        tmp_path / "search",
        lambda what, done, of: told.append(what),
    )
    assert "heart attack" in stats.inapplicable
    assert "copd" not in stats.inapplicable
    assert any("rows of its tables" in what for what in told)
