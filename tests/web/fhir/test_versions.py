"""Versions of code systems in validation and expansion."""

from __future__ import annotations

import pytest

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import VERSIONED_URL, VERSIONS, issues, parameters, values, valueset


def over(version: str | None = None) -> Json:
    include = {"system": VERSIONED_URL} if version is None else {"system": VERSIONED_URL, "version": version}
    return valueset("versioned", {"include": [include]})


def validated(ask: Ask, vs: Json, version: str | None = None, **inputs: object) -> Json:
    coding = {"system": VERSIONED_URL, "code": "a"} | ({"version": version} if version else {})
    return ask("/ValueSet/$validate-code", parameters(*VERSIONS, vs, url=vs["url"], coding=coding, **inputs))


@pytest.mark.parametrize(
    ("pinned", "given", "counted"),
    [
        (None, None, "1.2.0"),
        ("1.0.0", None, "1.0.0"),
        ("1.0.x", None, "1.0.0"),
        (None, "1.0.0", "1.0.0"),
        ("1.x", "1.0.0", "1.0.0"),
    ],
)
def test_the_version_that_counts(ask: Ask, pinned: str | None, given: str | None, counted: str) -> None:
    found = values(validated(ask, over(pinned), given))
    assert (found["result"], found["version"], found["display"]) == (True, counted, f"a ({counted})")


def test_another_version_than_the_value_set_pins_is_an_error(ask: Ask) -> None:
    answer = validated(ask, over("1.2.0"), "1.0.0")
    assert issues(answer) == [("error", "vs-invalid", "Coding.version")]
    assert values(answer)["message"] == (
        f"The code system '{VERSIONED_URL}' version '1.2.0' in the ValueSet include is different to the one "
        "in the value ('1.0.0')"
    )


def test_an_unknown_version_in_the_value_lists_the_known_ones(ask: Ask) -> None:
    answer = validated(ask, over(), "2.4.0")
    assert issues(answer) == [
        ("error", "not-found", "Coding.system"),
        ("warning", "vs-invalid", "Coding.version"),
    ]
    found = values(answer)
    assert found["message"] == (
        f"A definition for CodeSystem '{VERSIONED_URL}' version '2.4.0' could not be found, so the code "
        "cannot be validated. Valid versions: 1.0.0 or 1.2.0"
    )
    assert (found["result"], found["version"]) == (False, "1.2.0")
    assert found["x-caused-by-unknown-system"] == f"{VERSIONED_URL}|2.4.0"


def test_an_unknown_version_in_the_value_set_is_not_guessed(ask: Ask) -> None:
    answer = validated(ask, over("1"))
    assert issues(answer) == [("error", "not-found", "Coding.system")]
    assert values(answer)["x-caused-by-unknown-system"] == f"{VERSIONED_URL}|1"


def test_system_version_sets_the_version_where_none_is_stated(ask: Ask) -> None:
    rule = {"system_version": f"{VERSIONED_URL}|1.0.0"}
    assert values(validated(ask, over(), **rule))["version"] == "1.0.0"
    assert values(validated(ask, over("1.2.0"), **rule))["version"] == "1.2.0"


def test_force_system_version_beats_the_value_set(ask: Ask) -> None:
    rule = {"force_system_version": f"{VERSIONED_URL}|1.0.x"}
    assert values(validated(ask, over("1.2.0"), **rule))["version"] == "1.0.0"
    changed = validated(ask, over("1.2.0"), "1.2.0", **rule)
    assert "version '1.0.x' resulting from the version '1.2.0'" in values(changed)["message"]


def test_check_system_version_fails_another_version(ask: Ask) -> None:
    answer = validated(ask, over("1.2.0"), check_system_version=f"{VERSIONED_URL}|1.0.x")
    assert issues(answer) == [("error", "version-error", "Coding.version")]
    assert values(answer)["message"] == (
        f"The version '1.2.0' is not allowed for system '{VERSIONED_URL}': required to be '1.0.x' by a "
        "version-check parameter"
    )


def test_check_system_version_also_sets_the_version(ask: Ask) -> None:
    rule = {"check_system_version": f"{VERSIONED_URL}|1.0.x"}
    assert values(validated(ask, over(), **rule))["version"] == "1.0.0"


def test_a_value_set_is_found_by_its_version(ask: Ask) -> None:
    vs = over()
    body = parameters(*VERSIONS, vs, url=f"{vs['url']}|9.9", code="a", system=VERSIONED_URL)
    outcome = ask("/ValueSet/$validate-code", body, status=404)
    assert f"'{vs['url']}|9.9' could not be found" in outcome["issue"][0]["details"]["text"]


def test_default_valueset_version_says_which_version_an_import_means(ask: Ask) -> None:
    one = valueset("inner", {"include": [{"system": VERSIONED_URL, "concept": [{"code": "a"}]}]}, version="1")
    two = valueset("inner", {"include": [{"system": VERSIONED_URL, "concept": [{"code": "b"}]}]}, version="2")
    outer = valueset("outer", {"include": [{"valueSet": [one["url"]]}]})

    def asked(status: int = 200, **inputs: object) -> Json:
        body = parameters(*VERSIONS, one, two, outer, url=outer["url"], **inputs)
        return ask("/ValueSet/$expand", body, status=status)

    assert asked()["expansion"]["contains"][0]["code"] == "b"
    pinned = asked(default_valueset_version=f"{one['url']}|1")
    assert pinned["expansion"]["contains"][0]["code"] == "a"
    outcome = asked(422, default_valueset_version=f"{one['url']}|3")
    assert f"'{one['url']}|3' could not be found" in outcome["issue"][0]["details"]["text"]


def test_a_version_that_the_value_set_pins_in_vain_differs_from_the_one_given(ask: Ask) -> None:
    answer = validated(ask, over("1"), "1.0.0")
    assert issues(answer) == [
        ("error", "vs-invalid", "Coding.version"),
        ("error", "not-found", "Coding.system"),
    ]
    concept = {"coding": [{"system": VERSIONED_URL, "code": "a"}]}
    vs = over("1")
    body = parameters(*VERSIONS, vs, url=vs["url"], codeableConcept=concept)
    undecided = ask("/ValueSet/$validate-code", body)
    assert issues(undecided) == [("error", "not-found", "CodeableConcept.coding[0].system")]


def test_an_expansion_names_the_version_it_used_and_what_forced_it(ask: Ask) -> None:
    vs = over("1.2.0")
    body = parameters(*VERSIONS, vs, url=vs["url"], force_system_version=f"{VERSIONED_URL}|1.0.x")
    expansion = ask("/ValueSet/$expand", body)["expansion"]
    assert expansion["total"] == 2
    assert {"name": "used-codesystem", "valueUri": f"{VERSIONED_URL}|1.0.0"} in expansion["parameter"]
    assert {"name": "force-system-version", "valueUri": f"{VERSIONED_URL}|1.0.x"} in expansion["parameter"]


@pytest.mark.parametrize("rule", ["system-version", "check-system-version", "force-system-version"])
def test_an_expansion_names_the_parameter_that_set_a_version(ask: Ask, rule: str) -> None:
    vs, stated = over(), {rule.replace("-", "_"): f"{VERSIONED_URL}|1.0.0"}
    told = {"name": rule, "valueUri": f"{VERSIONED_URL}|1.0.0"}
    body = parameters(*VERSIONS, vs, url=vs["url"], **stated)
    assert told in ask("/ValueSet/$expand", body)["expansion"]["parameter"]
    if rule != "force-system-version":
        pinned = over("1.0.0")
        body = parameters(*VERSIONS, pinned, url=pinned["url"], **stated)
        assert told not in ask("/ValueSet/$expand", body)["expansion"]["parameter"]


def test_an_expansion_over_an_unknown_version_is_refused(ask: Ask) -> None:
    vs = over("3.0.0")
    outcome = ask("/ValueSet/$expand", parameters(*VERSIONS, vs, url=vs["url"]), status=422)
    assert "so the value set cannot be expanded" in outcome["issue"][0]["details"]["text"]
