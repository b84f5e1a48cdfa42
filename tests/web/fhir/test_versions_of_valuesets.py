"""Value sets that cross versions of one code system, and what is said of what they build on."""

from __future__ import annotations

import pytest

from tests.web.fhir.conftest import Ask
from tests.web.fhir.resources import (
    BASE,
    TREES,
    TREES_URL,
    VERSIONED_URL,
    VERSIONS,
    parameters,
    values,
    valueset,
)

OLD, NEW = ({"system": VERSIONED_URL, "version": version} for version in ("1.0.0", "1.2.0"))
NEW_CODES = valueset("new-codes", {"include": [NEW], "exclude": [OLD]})


def test_an_excluded_older_version_leaves_the_list_of_new_codes(ask: Ask) -> None:
    found = ask("/ValueSet/$expand", parameters(*VERSIONS, NEW_CODES, url=NEW_CODES["url"]))["expansion"]
    assert [(row["code"], row["version"]) for row in found["contains"]] == [("c", "1.2.0")]
    assert {"name": "versionsMatch", "valueBoolean": True} in found["parameter"]


def test_an_excluded_version_that_is_included_too_takes_out_its_own_codes_alone(ask: Ask) -> None:
    some = {**OLD, "concept": [{"code": "b"}]}
    both = valueset("both-but-b", {"include": [OLD, NEW], "exclude": [some]})
    found = ask("/ValueSet/$expand", parameters(*VERSIONS, both, url=both["url"]))["expansion"]
    kept = {(row["code"], row["version"]) for row in found["contains"]}
    assert kept == {("a", "1.0.0"), ("a", "1.2.0"), ("b", "1.2.0"), ("c", "1.2.0")}


def test_versions_that_shall_not_match_are_told_apart_by_an_exclude(ask: Ask) -> None:
    body = parameters(*VERSIONS, NEW_CODES, url=NEW_CODES["url"], versionsMatch=False)
    found = ask("/ValueSet/$expand", body)["expansion"]
    assert [(row["code"], row["version"]) for row in found["contains"]] == [
        ("a", "1.2.0"),
        ("b", "1.2.0"),
        ("c", "1.2.0"),
    ]


@pytest.mark.parametrize(
    ("display", "version"), [(None, "1.2.0"), ("a (1.0.0)", "1.0.0"), ("a (1.2.0)", "1.2.0")]
)
def test_of_included_versions_the_newest_answers_unless_the_display_is_an_older_one(
    ask: Ask, display: str | None, version: str
) -> None:
    both = valueset("both", {"include": [OLD, NEW]})
    coding = {"system": VERSIONED_URL, "code": "a"} | ({"display": display} if display else {})
    answer = values(
        ask("/ValueSet/$validate-code", parameters(*VERSIONS, both, url=both["url"], coding=coding))
    )
    assert (answer["result"], answer["version"]) == (True, version)


def test_a_display_of_an_older_version_is_wrong_for_the_version_that_is_named(ask: Ask) -> None:
    both = valueset("both", {"include": [OLD, NEW]})
    coding = {"system": VERSIONED_URL, "code": "a", "version": "1.2.0", "display": "a (1.0.0)"}
    answer = values(
        ask("/ValueSet/$validate-code", parameters(*VERSIONS, both, url=both["url"], coding=coding))
    )
    assert answer["result"] is False


def test_a_circle_of_value_sets_is_an_error_in_validation_too(ask: Ask) -> None:
    one = valueset("one", {"include": [{"system": TREES_URL}, {"valueSet": [f"{BASE}/ValueSet/two"]}]})
    two = valueset(
        "two", {"include": [{"system": TREES_URL}], "exclude": [{"valueSet": [f"{BASE}/ValueSet/one"]}]}
    )
    body = parameters(TREES, one, two, url=one["url"], coding={"system": TREES_URL, "code": "oak"})
    outcome = ask("/ValueSet/$validate-code", body, status=422)
    assert "VALUESET_CIRCULAR_REFERENCE" in str(outcome["issue"][0])


def test_a_withdrawn_value_set_that_is_imported_is_told(ask: Ask) -> None:
    gone = {**valueset("gone", {"include": [{"system": TREES_URL}]}), "status": "retired"}
    uses = valueset("uses", {"include": [{"valueSet": [gone["url"]]}]})
    found = ask("/ValueSet/$expand", parameters(TREES, gone, uses, url=uses["url"]))["expansion"]
    assert "warning-withdrawn" in {p["name"] for p in found["parameter"]}


def test_an_expansion_of_a_fragment_says_that_it_is_open(ask: Ask) -> None:
    part = {**TREES, "content": "fragment"}
    whole = valueset("whole", {"include": [{"system": TREES_URL}]})
    for base in ("/fhir/r4", "/fhir/r5"):
        body = parameters(part, whole, url=whole["url"], property="*")
        found = ask("/ValueSet/$expand", body, base=base)["expansion"]
        assert "used-fragment" in {p["name"] for p in found["parameter"]}
        assert {"url": "http://hl7.org/fhir/StructureDefinition/valueset-unclosed", "valueBoolean": True} in (
            found["extension"]
        )
        assert found["contains"]


def test_a_lookup_says_which_supplement_a_name_is_from(ask: Ask) -> None:
    names = {
        "resourceType": "CodeSystem",
        "url": f"{BASE}/CodeSystem/trees-fr",
        "version": "2",
        "status": "active",
        "content": "supplement",
        "supplements": TREES_URL,
        "concept": [{"code": "oak", "designation": [{"language": "fr", "value": "chêne"}]}],
    }
    body = parameters(TREES, names, system=TREES_URL, code="oak", useSupplement=names["url"])
    answer = ask("/CodeSystem/$lookup", body)
    assert values(answer)["used-supplement"] == f"{names['url']}|2"
    told = [p["part"] for p in answer["parameter"] if p["name"] == "designation"]
    (added,) = [part for part in told if {"name": "value", "valueString": "chêne"} in part]
    assert {"name": "source", "valueCanonical": f"{names['url']}|2"} in added
