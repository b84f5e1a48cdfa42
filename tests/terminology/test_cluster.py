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
from terminology.concept import AXES_STATED, Concept, Kind, PostcoordinationAxis
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


def _with_axis(multiple: str, *roots: str, stated: bool = True) -> ClusterVocabulary:
    axis = PostcoordinationAxis("laterality", False, multiple, roots)
    known = {AXES_STATED: "stated"} if stated else {}
    changed = {
        "FA01": lambda c: replace(c, axes=(axis,)),
        "5A11": lambda c: replace(c, properties=known),
    }
    return ClusterVocabulary.of("2025-01", [changed.get(c.code, lambda c: c)(c) for c in CONCEPTS])


def test_an_extension_off_every_axis_is_an_error_that_names_its_own_axis() -> None:
    report = validate("5A11&XK9K", _with_axis("NotAllowed", f"{MMS}/40"))
    assert not report.valid
    (issue,) = report.issues
    assert (issue.code, issue.position) == ("off-axis", 5)
    assert "XK9K (laterality)" in issue.message
    assert "it has none" in issue.message


def test_a_stem_whose_axes_no_file_states_is_said_to_be_unchecked() -> None:
    report = validate("5A11&XK9K", _with_axis("NotAllowed", f"{MMS}/40", stated=False))
    assert (report.valid, report.unchecked_stems) == (True, ("5A11",))
    assert validate("FA01&XK9K", _with_axis("NotAllowed", f"{MMS}/40")).unchecked_stems == ()


@pytest.mark.parametrize(
    ("multiple", "valid"),
    [("NotAllowed", False), ("AllowAlways", True), ("AllowedExceptFromSameBlock", False)],
)
def test_an_axis_takes_as_many_values_as_it_allows(multiple: str, valid: bool) -> None:
    extensions = [c.code for c in CONCEPTS if c.code in ("XK9K", "XK8G")]
    roots = [c.uri for c in CONCEPTS if c.code in extensions and c.uri]
    report = validate("FA01&XK9K&XK8G", _with_axis(multiple, *roots))
    assert report.valid is valid
    assert validate("FA01&XK9K", _with_axis(multiple, *roots)).valid


def test_an_axis_that_takes_one_value_of_a_block_takes_those_of_others() -> None:
    roots = [c.uri for c in CONCEPTS if c.code in ("XK9K", "XS25") and c.uri]
    assert validate("FA01&XK9K&XS25", _with_axis("AllowedExceptFromSameBlock", *roots)).valid
    report = validate("FA01&XK9K&XS25", _with_axis("NotAllowed", *roots))
    assert [(i.code, i.position) for i in report.issues] == [("axis-crowded", 10)]


def test_the_one_code_that_says_what_an_expression_says_is_read_from_titles() -> None:
    def concept(code: str, title: str, parent: str | None, end: str, kind: Kind = Kind.STEM) -> Concept:
        return Concept("icd-11", code, title, kind, parent, uri=f"{MMS}/{end}")

    concepts = [
        concept("CA00", "Acute sore", None, "1"),
        concept("CA00.0", "Acute sore due to red virus", "CA00", "2"),
        concept("CA00.1", "Acute sore due to blue virus", "CA00", "3"),
        concept("CA00.Z", "Acute sore, unspecified", "CA00", "1/unspecified"),
        concept("XN001", "Human red virus", None, "9", Kind.EXTENSION),
        concept("XN002", "Green virus", None, "8", Kind.EXTENSION),
    ]
    vocabulary = ClusterVocabulary.of("2025-01", concepts)
    assert validate("CA00.Z&XN001", vocabulary).precoordinated == "CA00.0"
    assert validate("CA00&XN001", vocabulary).precoordinated == "CA00.0"
    assert validate("CA00.Z&XN002", vocabulary).precoordinated is None
    assert validate("CA00.1&XN001", vocabulary).precoordinated is None


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
