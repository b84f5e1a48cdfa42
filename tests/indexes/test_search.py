"""A coder's queries find the right code first, and any text gets an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexes.build import build_search_index
from indexes.search import SearchIndex, open_search_index
from terminology.errors import (
    BundleError,
    InvalidRequestError,
    TenElevenError,
    UnknownReleaseError,
    UnknownSystemError,
)
from tests.indexes.conftest import document, documents

CLINICAL, ELEVEN = "icd-10-cm", "icd-11"


def codes(index: SearchIndex, query: str, system: str | None = CLINICAL, **options: object) -> list[str]:
    return [r.code for r in index.search(query, system=system, **options).results]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "system", "first"),
    [
        ("type 2 diabetes", CLINICAL, "E11.9"),
        ("type 2 diabetes", ELEVEN, "5A11"),
        ("type 2 diabetes with nephropathy", CLINICAL, "E11.21"),
        ("asthma", CLINICAL, "J45.909"),
        ("asthma", ELEVEN, "CA23.Z"),
        ("hypertension", CLINICAL, "I10"),
        ("high blood pressure", CLINICAL, "I10"),
        ("heart attack", CLINICAL, "I21.9"),
        ("MI", CLINICAL, "I21.9"),
        ("CHF", CLINICAL, "I50.9"),
        ("pt with hx of CHF", CLINICAL, "I50.9"),
        ("r/o pneumonia", CLINICAL, "J18.9"),
        ("CKD stage IIIb", CLINICAL, "N18.32"),
        ("chronic kidney disease stage 3b", CLINICAL, "N18.32"),
        ("right frozen shoulder", CLINICAL, "M75.01"),
        ("frozen shoulder", CLINICAL, "M75.00"),
        ("gastrointestinal haemorrhage", CLINICAL, "K92.2"),
        ("fracture of lower end of left radius, sequela", CLINICAL, "S52.502S"),
        ("open fracture of lower end of right radius", CLINICAL, "S52.501B"),
    ],
)
def test_the_right_code_is_first(small_index: SearchIndex, query: str, system: str, first: str) -> None:
    assert codes(small_index, query, system)[0] == first


def test_encounter_variants_are_one_row_that_expands(small_index: SearchIndex) -> None:
    found = small_index.search("fracture of lower end of right radius", system=CLINICAL)
    rows = [r for r in found.results if r.base == "S52.501"]
    assert [r.code for r in rows] == ["S52.501A"]
    assert [v.code for v in rows[0].variants] == ["S52.501A", "S52.501B", "S52.501D", "S52.501S"]
    assert rows[0].billable


def test_all_readings_of_an_ambiguous_abbreviation_are_found(small_index: SearchIndex) -> None:
    readings = {
        r.explanation.reading for r in small_index.search("ra", explain=True).results if r.explanation
    }
    assert any("rheumatoid arthritis" in reading for reading in readings)
    assert "M06.9" in codes(small_index, "RA")
    assert "I34.0" in codes(small_index, "MR")


@pytest.mark.parametrize(
    ("query", "system", "first"),
    [
        ("e119", CLINICAL, "E11.9"),
        ("E11.", CLINICAL, "E11"),
        (" e11 . 9 ", CLINICAL, "E11.9"),
        ("S52.501", CLINICAL, "S52.501"),
        ("s52501d", CLINICAL, "S52.501D"),
        ("nc32.5&xk9k", ELEVEN, "NC32.5"),
        ("j1885", None, "J1885"),
        ("LT", None, "LT"),
        ("lt", "hcpcs", "LT"),
    ],
)
def test_codes_are_queries(small_index: SearchIndex, query: str, system: str | None, first: str) -> None:
    row = small_index.search(query, system=system).results[0]
    assert (row.code, row.matched_on) == (first, "code")


def test_the_beginning_of_a_code_lists_what_it_begins(small_index: SearchIndex) -> None:
    assert codes(small_index, "E11.") == ["E11", "E11.2", "E11.9", "E11.21", "E11.22"]


def test_letters_alone_are_words_before_they_begin_codes(small_index: SearchIndex) -> None:
    assert codes(small_index, "NC", ELEVEN) == []


def test_every_member_of_a_cluster_is_found(small_index: SearchIndex) -> None:
    assert codes(small_index, "nc32.5&xk9k", ELEVEN)[:2] == ["NC32.5", "XK9K"]


def test_a_code_among_words_is_found(small_index: SearchIndex) -> None:
    assert codes(small_index, "diabetes E11.22")[0] == "E11.22"


@pytest.mark.parametrize("typed", ["E1l.9", "E11.g9", "EI1.9", "E119X"])
def test_a_mistyped_code_is_offered_as_it_should_be(small_index: SearchIndex, typed: str) -> None:
    assert "E11.9" in small_index.search(typed, system=CLINICAL).did_you_mean


@pytest.mark.parametrize(
    "typed",
    [
        "E11.9,",
        "e119;",
        '"E11.9"',
        "(E11.9)",
        "E11.9^^^",
        "E11.9*",
        "E11.9†",
        "\u200bE11.9",
        "E11.9?",
        "ICD10CM:E11.9",
        "ICD-10-CM: e11.9",
        "icd-10-cm|E11.9",
        "http://hl7.org/fhir/sid/icd-10-cm|E11.9",
    ],
)
def test_a_code_is_found_with_what_people_leave_beside_it(small_index: SearchIndex, typed: str) -> None:
    assert codes(small_index, typed, None) == ["E11.9"]
    assert small_index.suggest(typed).results[0].code == "E11.9"


def test_the_prefix_of_a_code_chooses_the_system(small_index: SearchIndex) -> None:
    assert codes(small_index, "icd11.code:E11.9", None) == []
    assert {r.system for r in small_index.search("icd11.code:NC32.5").results} == {ELEVEN}


def test_codes_in_brackets_among_words_are_found(small_index: SearchIndex) -> None:
    assert codes(small_index, "diabetes (E11.22), long standing")[0] == "E11.22"


def test_codes_joined_by_semicolons_are_all_found(small_index: SearchIndex) -> None:
    assert set(codes(small_index, "E11.9;J45.909")) == {"E11.9", "J45.909"}


def test_typeahead_offers_the_variant_that_was_typed(small_index: SearchIndex) -> None:
    assert [s.code for s in small_index.suggest("s52.501a,").results] == ["S52.501A"]


def test_a_code_with_too_few_or_many_placeholders_is_completed_as_it_is_meant(
    small_index: SearchIndex,
) -> None:
    assert [s.code for s in small_index.suggest("S52.501XA", system=CLINICAL).results] == ["S52.501A"]
    assert small_index.search("S52.501XA", system=CLINICAL).did_you_mean == ("S52.501A",)


def test_a_code_that_exists_is_not_doubted(small_index: SearchIndex) -> None:
    assert small_index.search("E11.9").did_you_mean == ()


@pytest.mark.parametrize(
    ("typed", "meant", "first"),
    [
        ("pnuemonia", "pneumonia", "J18.9"),
        ("gastrointestinal hemorhage", "gastrointestinal hemorrhage", "K92.2"),
        ("diabetis type 2", "diabetes type 2", "E11.9"),
    ],
)
def test_misspelt_terms_are_read_right(small_index: SearchIndex, typed: str, meant: str, first: str) -> None:
    found = small_index.search(f"{typed} ", system=CLINICAL)
    assert found.did_you_mean == (meant,)
    assert found.results[0].code == first


def test_a_correct_query_gets_no_other_spelling(small_index: SearchIndex) -> None:
    assert small_index.search("adhesive capsulitis of shoulder").did_you_mean == ()


def test_the_last_word_may_be_unfinished(small_index: SearchIndex) -> None:
    assert codes(small_index, "rheumatoid arthr")[0] == "M06.9"


def test_results_say_what_they_matched_on(small_index: SearchIndex) -> None:
    row = small_index.search("congestive heart failure", system=CLINICAL, explain=True).results[0]
    assert row.matched_on == "index term"
    assert row.highlight == "<mark>Failure</mark>, <mark>heart</mark>, <mark>congestive</mark>"
    assert row.explanation is not None
    assert row.explanation.source == "Index 2017"


def test_explanations_are_given_only_when_asked_for(small_index: SearchIndex) -> None:
    assert small_index.search("asthma").results[0].explanation is None


def test_filters_narrow_results(small_index: SearchIndex) -> None:
    everything = small_index.search("asthma")
    assert {r.system for r in everything.results} == {CLINICAL, ELEVEN}
    assert "J45" not in codes(small_index, "asthma", billable=True)
    assert codes(small_index, "asthma", kind="category") == ["J45"]
    assert codes(small_index, "fracture radius", chapter="1") == []
    assert codes(small_index, "fracture radius", chapter="2") != []


def test_facets_count_all_results_not_only_the_page(small_index: SearchIndex) -> None:
    found = small_index.search("asthma", limit=1)
    assert len(found.results) == 1
    assert sum(found.facets["system"].values()) == found.total
    assert found.facets["chapter"]["icd-11/05"] == found.facets["system"][ELEVEN]


def test_pages_follow_each_other_without_gap_or_overlap(small_index: SearchIndex) -> None:
    whole = codes(small_index, "diabetes", None, limit=10)
    paged = [
        c
        for offset in range(len(whole))
        for c in codes(small_index, "diabetes", None, limit=1, offset=offset)
    ]
    assert paged == whole


def test_a_care_settings_volumes_order_equals(tmp_path: Path) -> None:
    rare = document("A01", "Sudden colic of wolves", "1", volume={"inpatient": 1, "outpatient": 500})
    often = document("A02", "Sudden colic of lambs", "1", volume={"inpatient": 500, "outpatient": 1})
    build_search_index([documents()[0], rare, often], tmp_path)
    index = open_search_index(tmp_path)
    assert codes(index, "sudden colic", setting="outpatient")[0] == "A01"
    assert codes(index, "sudden colic", setting="inpatient")[0] == "A02"


def test_words_that_only_an_instruction_holds_are_found_last(small_index: SearchIndex) -> None:
    row = small_index.search("rhinorrhoea birds", system=CLINICAL).results[0]
    assert (row.code, row.matched_on) == ("R09.89", "note")
    assert row.score < 0.5


def test_suggestions_complete_a_half_typed_word(small_index: SearchIndex) -> None:
    assert small_index.suggest("asth", system=ELEVEN).results[0].code == "CA23.Z"
    assert small_index.suggest("e11.9").results[0].code == "E11.9"
    assert small_index.suggest("  ").results == ()
    assert len(small_index.suggest("a", limit=3).results) <= 3


@pytest.mark.parametrize(
    "query",
    [
        "with the of",
        "*",
        "diab* OR (heart AND",
        "title:diabetes",
        '"heart failure',
        "heart~2^9",
        "'; DROP TABLE concept;--",
        "[a-z]+(.*)*$",
        "heart\x00failure\x1b",
        "\u202eتيبس",
        "مرض السكري",
        "e11.9&",
        "&&//",
        "x" * 2000,
        "mi ms ra pe as ca pd ar " * 80,
        "<script>alert(1)</script>",
    ],
)
def test_any_text_gets_an_answer(small_index: SearchIndex, query: str) -> None:
    found = small_index.search(query)
    assert found.total >= len(found.results)
    assert all("<script" not in r.highlight for r in found.results)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80))
def test_arbitrary_text_is_answered_or_refused_with_a_reason(small_index: SearchIndex, query: str) -> None:
    for ask in (small_index.search, small_index.suggest):
        try:
            ask(query)
        except TenElevenError as refusal:
            assert isinstance(refusal, InvalidRequestError)


@pytest.mark.parametrize(
    ("options", "parameter"),
    [
        ({"query": " \x00 "}, "q"),
        ({"query": "x" * 10_000}, "q"),
        ({"query": "a", "limit": 0}, "limit"),
        ({"query": "a", "limit": 501}, "limit"),
        ({"query": "a", "offset": -1}, "offset"),
        ({"query": "a", "kind": "thing"}, "kind"),
        ({"query": "a", "setting": "moon"}, "setting"),
        ({"query": "a", "release": "2027"}, "release"),
    ],
)
def test_what_cannot_be_searched_is_refused_by_name(
    small_index: SearchIndex, options: dict[str, object], parameter: str
) -> None:
    with pytest.raises(InvalidRequestError) as refusal:
        small_index.search(**options)  # type: ignore[arg-type]
    assert refusal.value.parameter == parameter


def test_unknown_systems_and_releases_are_named(small_index: SearchIndex) -> None:
    with pytest.raises(UnknownSystemError):
        small_index.search("asthma", system="icd-12")
    with pytest.raises(UnknownReleaseError):
        small_index.search("asthma", system=CLINICAL, release="1999")


def test_a_folder_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="teneleven build"):
        open_search_index(tmp_path)


def test_an_index_is_not_built_over_another(index_folder: Path) -> None:
    with pytest.raises(BundleError, match="not empty"):
        build_search_index(documents(), index_folder)


def test_the_same_documents_give_the_same_ranked_index(tmp_path: Path, index_folder: Path) -> None:
    build_search_index(documents(), tmp_path)
    ours = sorted(p.relative_to(index_folder) for p in index_folder.rglob("*") if p.is_file())
    ranked = [p for p in ours if p.parts[0] != "whoosh"]
    assert ranked
    assert all((tmp_path / p).read_bytes() == (index_folder / p).read_bytes() for p in ranked)


def test_an_abbreviation_is_not_answered_by_one_word_of_what_it_means(small_index: SearchIndex) -> None:
    assert small_index.search("cpap", system="icd-10-cm").unused_words == ("cpap",)
    assert small_index.search("htn", system="icd-10-cm").unused_words == ()
