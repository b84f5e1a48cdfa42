"""The grammar of ICD-11 expressions."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.cluster import (
    Cluster,
    ClusterVocabulary,
    Group,
    Severity,
    describe,
    normalise,
    parse,
    validate,
)
from terminology.concept import Concept, Kind, PostcoordinationAxis
from terminology.errors import ClusterSyntaxError

MMS = "http://id.who.int/icd/release/11/mms"


def concept(code: str, title: str, kind: Kind, parent: str | None, entity: str) -> Concept:
    return Concept("icd-11", code, title, kind, parent, uri=f"{MMS}/{entity}")


CONCEPTS = [
    concept("15", "Musculoskeletal", Kind.CHAPTER, None, "1"),
    concept("FA01", "Osteoarthritis of knee", Kind.STEM, "15", "10"),
    concept("FA01.0", "Primary osteoarthritis of knee", Kind.STEM, "FA01", "11"),
    concept("FA01.Z", "Osteoarthritis of knee, unspecified", Kind.STEM, "FA01", "10/unspecified"),
    concept("5A11", "Type 2 diabetes mellitus", Kind.STEM, None, "12"),
    concept("V", "Functioning", Kind.CHAPTER, None, "2"),
    concept("VB40", "Mobility of joint functions", Kind.STEM, "V", "20"),
    concept("26", "Traditional medicine", Kind.CHAPTER, None, "3"),
    concept("SK00", "Cephalalgia disorder (TM2)", Kind.STEM, "26", "30"),
    concept("X", "Extension Codes", Kind.CHAPTER, None, "4"),
    concept("Laterality", "Laterality", Kind.BLOCK, "X", "40"),
    concept("XK9K", "Right", Kind.EXTENSION, "Laterality", "41"),
    concept("XK8G", "Left", Kind.EXTENSION, "Laterality", "42"),
    concept("XS25", "Severe", Kind.EXTENSION, "X", "43"),
]
VOCABULARY = ClusterVocabulary.of("2025-01", CONCEPTS)


def test_codes_are_accepted_in_any_case_without_dot_and_with_blanks() -> None:
    assert str(parse(" fa010 & xk9k / 5a11 ")) == "FA01.0&XK9K/5A11"


def test_uris_are_resolved_to_codes() -> None:
    assert str(parse(f"{MMS}/11&{MMS}/41/5A11", VOCABULARY)) == "FA01.0&XK9K/5A11"


def test_uri_of_a_residual_is_one_member() -> None:
    assert str(parse(f"{MMS}/10/unspecified&XK9K", VOCABULARY)) == "FA01.Z&XK9K"


def test_uri_of_another_release_is_resolved_by_its_entity() -> None:
    uri = "http://id.who.int/icd/release/11/2024-01/mms/11"
    assert str(parse(uri, VOCABULARY)) == "FA01.0"


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("", 0),
        ("FA01&", 4),
        ("FA01&&XK9K", 5),
        ("/FA01", 0),
        ("FA01 XK9K", 4),
        ("FA01&XK9K!", 9),
        ("XK9K", 0),
        ("FA01/XK9K", 5),
        ("XK9K&FA01", 0),
    ],
)
def test_broken_grammar_is_refused_with_its_position(expression: str, position: int) -> None:
    with pytest.raises(ClusterSyntaxError) as caught:
        parse(expression)
    assert caught.value.position == position


def test_stem_after_ampersand_is_refused() -> None:
    with pytest.raises(ClusterSyntaxError, match="stem code"):
        parse("FA01&5A11")


def test_unknown_code_is_an_error_where_it_stands() -> None:
    report = validate("FA01&XZZZ", VOCABULARY)
    assert not report.valid
    assert [(i.code, i.position) for i in report.issues] == [("unknown-code", 5)]


def test_repeated_extension_is_a_warning_and_left_out_of_the_normal_form() -> None:
    report = validate("FA01&XK9K&XK9K", VOCABULARY)
    assert report.valid
    assert [i.severity for i in report.issues] == [Severity.WARNING]
    assert str(report.parsed) == "FA01&XK9K"


def test_normal_form_orders_extensions_and_keeps_the_order_of_stems() -> None:
    assert normalise("FA01&XS25&XK9K/5A11") == "FA01&XK9K&XS25/5A11"


def test_functioning_code_takes_severity_alone() -> None:
    assert "functioning-extension" in [i.code for i in validate("5A11/VB40&XK9K", VOCABULARY).issues]
    assert [i.code for i in validate("5A11/VB40&XS25", VOCABULARY).issues] == []


def test_functioning_code_alone_is_remarked() -> None:
    assert [i.code for i in validate("VB40", VOCABULARY).issues] == ["functioning-alone"]


def test_traditional_medicine_beside_a_diagnosis_is_remarked() -> None:
    assert [i.code for i in validate("FA01/SK00", VOCABULARY).issues] == ["traditional-mixed"]


def test_missing_required_axis_is_valid_but_incomplete() -> None:
    axis = PostcoordinationAxis("laterality", True, "No", (f"{MMS}/40",))
    concepts = [replace(c, axes=(axis,)) if c.code == "FA01" else c for c in CONCEPTS]
    vocabulary = ClusterVocabulary.of("2025-01", concepts)
    report = validate("FA01", vocabulary)
    assert report.valid
    assert not report.complete
    assert validate("FA01&XK9K", vocabulary).complete
    assert "off-axis" in [i.code for i in validate("FA01&XK9K&XS25", vocabulary).issues]


def test_cluster_is_described_in_words() -> None:
    cluster = parse("FA01.0&XK9K/5A11", VOCABULARY)
    said = describe(cluster, VOCABULARY)
    assert said == "Primary osteoarthritis of knee [Right] / Type 2 diabetes mellitus"
    severe = parse("FA01.0&XK9K&XS25", VOCABULARY)
    assert describe(severe, VOCABULARY) == "Primary osteoarthritis of knee [Right] [Severe]"


_stems = st.sampled_from(["FA01", "FA01.0", "5A11", "SK00"])
_extensions = st.sampled_from(["XK9K", "XK8G", "XS25"])
_groups = st.builds(Group, _stems, st.lists(_extensions, max_size=3).map(tuple))


@given(st.lists(_groups, min_size=1, max_size=3))
def test_written_cluster_reads_back_as_itself(groups: list[Group]) -> None:
    cluster = Cluster(tuple(groups))
    assert parse(str(cluster), VOCABULARY) == cluster


@given(st.lists(_groups, min_size=1, max_size=3))
def test_normal_form_is_stable(groups: list[Group]) -> None:
    once = Cluster(tuple(groups)).normal()
    assert once.normal() == once
    assert validate(str(once), VOCABULARY).valid


@given(st.text(alphabet="FAX019K&/ .", max_size=12))
def test_any_text_is_either_parsed_or_refused_within_its_bounds(text: str) -> None:
    try:
        parse(text)
    except ClusterSyntaxError as error:
        assert 0 <= error.position <= len(text)
