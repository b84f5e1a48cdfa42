"""The one code normaliser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.codes import code_key, dotted, key_in, near_keys, read_code, suggested_keys, unfilled


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("E11.9", "E119"),
        (" e119 ", "E119"),
        ("e11. 9", "E119"),
        ("E11.", "E11"),
        ("S52.501A", "S52501A"),
        ("A00–A09", "A00-A09"),
        ("5a11.0", "5A110"),
        ("nc32.5&xk9k", "NC325&XK9K"),
        ("BlockL1-1A0", "BLOCKL1-1A0"),
    ],
)
def test_a_code_is_known_in_any_spelling(typed: str, key: str) -> None:
    assert code_key(typed) == key


@pytest.mark.parametrize(
    "written",
    [
        "{},",
        "{};",
        '"{}"',
        "'{}'",
        "\u201c{}\u201d",
        "({})",
        "[{}]",
        "{}:",
        "{}^^^",
        "^{}",
        "{}*",
        "{}+",
        "{}\u2020",
        "{}!",
        "{}.-",
        "{}-",
        '="{}"',
        "\u200b{}",
        "\ufeff{}",
        "\xa0{}\xa0",
        "{}\x00",
        "ICD10CM:{}",
        "ICD10:{}",
        "ICD-10-CM: {}",
        "icd-10-cm|{}",
        "http://hl7.org/fhir/sid/icd-10-cm|{}",
        "urn:oid:2.16.840.1.113883.6.90|{}",
        "https://bioregistry.io/icd10cm:{}",
        "{}^a title^I10",
        ' "ICD-10 {}", ',
    ],
)
@pytest.mark.parametrize("code", ["E11.9", "e11.9", "Ｅ１１．９", "e1\u200b19", "E11·9"])
def test_what_people_leave_beside_a_code_is_taken_away(written: str, code: str) -> None:
    assert key_in("icd-10-cm", written.format(code)) == "E119"


@pytest.mark.parametrize(
    ("written", "system"),
    [
        ("ICD10CM:E11.9", "icd-10-cm"),
        ("icd11.code:1A00", "icd-11"),
        ("http://id.who.int/icd/release/11/mms|1A00", "icd-11"),
        ('"http://id.who.int/icd/entity/257068234",', "icd-11"),
        ("https://id.who.int/icd/release/11/2025-01/mms/135352227/unspecified", "icd-11"),
        ("ICD-9-CM|V58.61", "icd-9-cm"),
        ("icd9:V76.2", "icd-9-cm"),
        ("V58.61^anticoagulants^I9C", "icd-9-cm"),
        ("hcpcs: J1885", "hcpcs"),
        ("E11.9", None),
        ("I10:", None),
    ],
)
def test_a_prefix_names_the_code_system(written: str, system: str | None) -> None:
    assert read_code(written).system == system


def test_a_code_of_another_system_has_no_key_in_this_one() -> None:
    assert key_in("icd-10-cm", "icd9:V76.2") == ""
    assert key_in("icd-10-cm", "icd11.code:1A00") == ""
    assert key_in("icd-10-cm", "http://hl7.org/fhir/sid/icd-10|E11.9") == ""


def test_a_bare_icd10_is_whos_where_that_is_asked_for_and_clinical_elsewhere() -> None:
    assert key_in("icd-10", "ICD10:E11.9") == key_in("icd-10-cm", "ICD10:E11.9") == "E119"


@pytest.mark.parametrize("text", ["2A00&XK9K", "2A00/1A00", "2A00&", "A00-A09"])
def test_what_joins_codes_is_kept(text: str) -> None:
    assert code_key(text) == text


def test_a_doubt_is_no_ornament() -> None:
    assert code_key("E11.9?") == "E119?"
    assert code_key("!E11.9") == "!E119"


def test_a_three_character_code_may_be_filled_up_with_x() -> None:
    assert (unfilled("I10X"), unfilled("I10XXXX"), unfilled("E119X"), unfilled("I10")) == (
        "I10",
        "I10",
        None,
        None,
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("W2189A", "W2189XA"),
        ("T5801A", "T5801XA"),
        ("S72001XA", "S72001A"),
        ("EII9", "E119"),
        ("E1199", "E119"),
    ],
)
def test_a_code_that_does_not_exist_suggests_one_that_does(typed: str, meant: str) -> None:
    known = {"W2189XA", "W2189", "T5801XA", "S72001A", "E119", "E11"}
    assert suggested_keys(typed, known.__contains__) == [meant]


@given(st.text(max_size=12))
def test_suggesting_ends_for_any_text(text: str) -> None:
    assert all(len(guess) <= 40 for guess in near_keys(code_key(text)))


@pytest.mark.parametrize(
    ("system", "key", "shown"),
    [
        ("icd-10-cm", "E119", "E11.9"),
        ("icd-10-cm", "E11", "E11"),
        ("icd-10-cm", "A00-A09", "A00-A09"),
        ("icd-10", "E119", "E11.9"),
        ("icd-11", "5A110", "5A11.0"),
        ("icd-11", "5A11", "5A11"),
        ("hcpcs", "J1885", "J1885"),
    ],
)
def test_a_code_is_shown_with_its_publishers_dot(system: str, key: str, shown: str) -> None:
    assert dotted(system, key) == shown


@given(st.text(max_size=40))
def test_the_key_of_a_key_is_itself(text: str) -> None:
    assert code_key(code_key(text)) == code_key(text)


@given(st.from_regex(r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}", fullmatch=True))
def test_what_is_shown_has_the_same_key(key: str) -> None:
    assert code_key(dotted("icd-10-cm", key)) == key
