"""CodeSystem/$validate-code and ValueSet/$validate-code."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import (
    BASE,
    CM,
    ICD11,
    TREES,
    TREES_URL,
    filtered,
    issues,
    parameters,
    values,
    valueset,
)

ALL = valueset("all")
NAME = f"{ALL['url']}|5.0.0"


def validated(ask: Ask, vs: Json = ALL, *more: Json, **inputs: object) -> Json:
    return ask("/ValueSet/$validate-code", parameters(TREES, vs, *more, url=vs["url"], **inputs))


def test_a_code_of_ours_is_valid_with_its_display_and_version(ask: Ask) -> None:
    answer = ask(f"/CodeSystem/$validate-code?url={CM}&code=E11.9")
    assert values(answer) == {
        "code": "E11.9",
        "display": "Type 2 diabetes mellitus without complications",
        "result": True,
        "system": CM,
        "version": "2027",
    }


def test_an_unknown_code_is_worded_as_the_ecosystem_does(ask: Ask) -> None:
    answer = ask("/CodeSystem/$validate-code", parameters(TREES, url=TREES_URL, code="elm"))
    found = values(answer)
    assert found["result"] is False
    assert found["message"] == f"Unknown code 'elm' in the CodeSystem '{TREES_URL}' version '0.1.0'"
    assert issues(answer) == [("error", "invalid-code", "code")]


def test_a_code_in_another_case_is_remarked_on_where_case_does_not_matter(ask: Ask) -> None:
    answer = ask(f"/CodeSystem/$validate-code?url={CM}&code=e11.9")
    assert (values(answer)["result"], values(answer)["normalized-code"]) == (True, "E11.9")
    assert issues(answer) == [("information", "code-rule", "code")]
    assert "message" not in values(answer)


def test_a_code_in_another_case_is_unknown_where_case_matters(ask: Ask) -> None:
    answer = ask("/CodeSystem/$validate-code", parameters(TREES, url=TREES_URL, code="OAK"))
    assert values(answer)["result"] is False


def test_an_unknown_code_system_is_named(ask: Ask) -> None:
    found = values(ask("/CodeSystem/$validate-code?url=http://example.org/none&code=a"))
    assert found["result"] is False
    assert found["x-caused-by-unknown-system"] == "http://example.org/none"
    assert found["message"].startswith("A definition for CodeSystem 'http://example.org/none' could not be")


def test_a_code_that_is_not_in_the_value_set_says_so(ask: Ask) -> None:
    vs = filtered("concept", "is-a", "oak")
    answer = validated(ask, vs, coding={"system": TREES_URL, "code": "yew"})
    assert issues(answer) == [("error", "not-in-vs", "Coding.code")]
    assert values(answer)["message"] == (
        f"The provided code '{TREES_URL}#yew' was not found in the value set '{vs['url']}|5.0.0'"
    )
    assert (values(answer)["display"], values(answer)["version"]) == ("Yew", "0.1.0")


def test_an_unknown_code_in_a_value_set_gives_both_issues(ask: Ask) -> None:
    answer = validated(ask, code="elm", system=TREES_URL)
    assert issues(answer) == [("error", "not-in-vs", "code"), ("error", "invalid-code", "code")]
    assert values(answer)["message"].startswith("The provided code")


def test_a_system_that_the_value_set_does_not_name_and_nobody_knows(ask: Ask) -> None:
    answer = validated(ask, coding={"system": "http://example.org/none", "code": "a"})
    assert issues(answer) == [
        ("error", "not-in-vs", "Coding.code"),
        ("error", "not-found", "Coding.system"),
    ]
    assert values(answer)["x-unknown-system"] == "http://example.org/none"


def test_a_value_set_given_as_system_is_recognised(ask: Ask) -> None:
    answer = validated(ask, coding={"system": ALL["url"], "code": "a"})
    assert ("error", "invalid-data", "Coding.system") in issues(answer)


def test_a_relative_system_is_refused(ask: Ask) -> None:
    answer = validated(ask, coding={"system": "Trees", "code": "oak"})
    assert ("error", "invalid-data", "Coding.system") in issues(answer)


@pytest.mark.parametrize(
    ("coding", "said", "others"),
    [
        ({"system": TREES_URL}, "Coding has no code", []),
        ({"display": "Oak"}, "Coding has neither a system nor a code", []),
        ({"code": "oak"}, "Coding has no system", [("error", "not-in-vs", "Coding.code")]),
    ],
)
def test_what_a_coding_lacks_is_a_warning_and_no_valid_code(
    ask: Ask, coding: Json, said: str, others: list[tuple[str, str, str]]
) -> None:
    answer = validated(ask, coding=coding, inferSystem=True)
    assert values(answer)["result"] is False
    assert issues(answer) == [*others, ("warning", "invalid-data", "Coding")]
    assert said in values(answer)["message"]


@pytest.mark.parametrize("inputs", [{}, {"code": "oak"}, {"system": TREES_URL}])
def test_a_request_without_a_code_and_its_system_is_refused(ask: Ask, inputs: Json) -> None:
    body = parameters(TREES, ALL, url=ALL["url"], **inputs)
    assert issues(ask("/ValueSet/$validate-code", body, status=400)) == [("error", "invalid-data", "")]


def test_a_coding_without_code_is_no_code_of_a_system(ask: Ask) -> None:
    answer = ask("/CodeSystem/$validate-code", parameters(TREES, coding={"system": TREES_URL}))
    assert values(answer)["result"] is False
    assert issues(answer) == [("warning", "invalid-data", "Coding")]


def test_a_coding_without_system_cannot_be_validated(ask: Ask) -> None:
    answer = validated(ask, coding={"code": "oak"})
    assert issues(answer) == [("error", "not-in-vs", "Coding.code"), ("warning", "invalid-data", "Coding")]
    assert "'#oak'" in values(answer)["message"]


def test_the_system_of_a_bare_code_is_inferred(ask: Ask) -> None:
    found = values(validated(ask, code="oak", inferSystem=True))
    assert (found["result"], found["system"]) == (True, TREES_URL)


def test_a_system_that_cannot_be_inferred_is_an_issue(ask: Ask) -> None:
    answer = validated(ask, code="elm", inferSystem=True)
    assert issues(answer) == [("error", "not-in-vs", "code"), ("error", "cannot-infer", "code")]


def test_an_ambiguous_bare_code_lists_its_systems(ask: Ask) -> None:
    twin = {**TREES, "url": "http://example.org/other"}
    vs = valueset("two", {"include": [{"system": TREES_URL}, {"system": twin["url"]}]})
    message = values(validated(ask, vs, twin, code="oak", inferSystem=True))["message"]
    assert f"multiple matches: {TREES_URL},{twin['url']}" in message


def test_a_concept_is_valid_by_any_of_its_codings(ask: Ask) -> None:
    concept = {
        "coding": [{"system": "http://example.org/none", "code": "a"}, {"system": TREES_URL, "code": "oak"}]
    }
    narrow = {"coding": [concept["coding"][1]]}
    good = validated(ask, codeableConcept=narrow)
    assert (values(good)["result"], values(good)["code"]) == (True, "oak")
    assert values(good)["codeableConcept"] == narrow


def test_a_coding_of_an_unknown_system_does_not_spoil_a_concept_with_a_valid_one(ask: Ask) -> None:
    unknown = {"system": "http://example.org/none", "code": "a"}
    concept = {"coding": [unknown, {"system": TREES_URL, "code": "oak"}]}
    answer = validated(ask, codeableConcept=concept)
    assert (values(answer)["result"], values(answer)["code"]) == (True, "oak")
    assert issues(answer) == [
        ("warning", "not-found", "CodeableConcept.coding[0].system"),
        ("information", "this-code-not-in-vs", "CodeableConcept.coding[0].code"),
    ]
    assert "x-unknown-system" not in values(answer)


def test_a_display_that_is_withdrawn_is_named_as_such(ask: Ask) -> None:
    status = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
    old = {"value": "Oke", "extension": [{"url": status, "valueCode": "withdrawn"}]}
    system = {
        **TREES,
        "url": f"{BASE}/old",
        "concept": [{"code": "oak", "display": "Oak", "designation": [old]}],
    }
    coding = {"system": system["url"], "code": "oak", "display": "oke"}

    def asked(lenient: bool) -> Json:
        rule = {"lenient_display_validation": lenient}
        return ask("/CodeSystem/$validate-code", parameters(system, coding=coding, **rule))

    said = "'oke' is no longer considered a correct display for code 'oak' (status = withdrawn)"
    assert said in values(asked(False))["message"]
    assert (values(asked(False))["result"], values(asked(True))["result"]) == (False, True)
    assert issues(asked(True)) == [("warning", "display-comment", "Coding.display")]


def test_a_deprecated_concept_is_active_and_remarked_on(ask: Ask) -> None:
    old = {"code": "ash", "display": "Ash", "property": [{"code": "status", "valueCode": "deprecated"}]}
    system = {**TREES, "url": f"{BASE}/old", "concept": [old]}
    body = parameters(system, coding={"system": system["url"], "code": "ash"})
    answer = ask("/CodeSystem/$validate-code", body)
    assert "inactive" not in values(answer)
    assert (values(answer)["status"], values(answer)["result"]) == ("deprecated", True)
    assert "The concept 'ash' is deprecated" in values(answer)["message"]


def test_a_value_set_uses_those_it_contains(ask: Ask) -> None:
    inner = {
        **valueset("inner", {"include": [{"system": TREES_URL, "concept": [{"code": "oak"}]}]}),
        "id": "i",
    }
    del inner["url"]
    middle = {**valueset("middle", {"include": [{"valueSet": ["#i"]}]}), "id": "m"}
    del middle["url"]
    outer = valueset("outer", {"include": [{"valueSet": ["#m"]}]}, contained=[middle, inner])
    for code, result in (("oak", True), ("yew", False)):
        body = parameters(TREES, valueSet=outer, coding={"system": TREES_URL, "code": code})
        assert values(ask("/ValueSet/$validate-code", body))["result"] is result


def test_a_concept_without_a_valid_coding_gets_the_general_message(ask: Ask) -> None:
    answer = validated(ask, codeableConcept={"coding": [{"system": TREES_URL, "code": "elm"}]})
    assert issues(answer) == [
        ("error", "not-in-vs", ""),
        ("error", "invalid-code", "CodeableConcept.coding[0].code"),
        ("information", "this-code-not-in-vs", "CodeableConcept.coding[0].code"),
    ]
    assert "code" not in values(answer)
    assert f"No valid coding was found for the value set '{NAME}'" in values(answer)["message"]


def test_one_unknown_coding_spoils_a_concept_unless_only_membership_is_asked(ask: Ask) -> None:
    concept = {"coding": [{"system": TREES_URL, "code": "oak"}, {"system": TREES_URL, "code": "elm"}]}
    assert values(validated(ask, codeableConcept=concept))["result"] is False
    only: dict[str, Any] = {"codeableConcept": concept, "valueset_membership_only": True}
    assert values(validated(ask, **only))["result"] is True


def test_an_inactive_code_is_valid_with_a_warning(ask: Ask) -> None:
    answer = validated(ask, coding={"system": TREES_URL, "code": "broad"})
    found = values(answer)
    assert (found["result"], found["inactive"], found["status"]) == (True, True, "retired")
    assert issues(answer) == [("warning", "code-comment", "Coding")]
    assert found["message"] == (
        "The concept 'broad' has a status of retired and inactive and its use should be reviewed"
    )


def test_an_inactive_code_fails_where_the_value_set_wants_active_ones(ask: Ask) -> None:
    vs = valueset("active", {"inactive": False, "include": [{"system": TREES_URL}]})
    answer = validated(ask, vs, coding={"system": TREES_URL, "code": "broad"})
    assert values(answer)["result"] is False
    assert {("error", "code-rule", "Coding.code"), ("error", "not-in-vs", "Coding.code")} <= set(
        issues(answer)
    )


def test_an_abstract_code_fails_when_abstract_codes_are_not_wanted(ask: Ask) -> None:
    answer = validated(ask, coding={"system": TREES_URL, "code": "broad"}, abstract=False)
    assert ("error", "code-rule", "Coding.code") in issues(answer)
    assert "is abstract, and not allowed in this context" in values(answer)["message"]


def test_a_fragment_only_warns_about_codes_it_does_not_have(ask: Ask) -> None:
    fragment = {**TREES, "content": "fragment"}
    body = parameters(fragment, ALL, url=ALL["url"], coding={"system": TREES_URL, "code": "elm"})
    answer = ask("/ValueSet/$validate-code", body)
    assert (values(answer)["result"], issues(answer)) == (True, [("warning", "invalid-code", "Coding.code")])


def test_an_unknown_value_set_is_an_error(ask: Ask) -> None:
    body = parameters(url="http://example.org/none", code="a", system=CM)
    outcome = ask("/ValueSet/$validate-code", body, status=404)
    assert issues(outcome) == [("error", "not-found", "")]
    assert outcome["issue"][0]["details"]["text"] == (
        "A definition for the value Set 'http://example.org/none' could not be found"
    )


def test_an_unknown_imported_value_set_fails_the_code(ask: Ask) -> None:
    vs = valueset("importing", {"include": [{"system": TREES_URL, "valueSet": ["http://example.org/none"]}]})
    answer = validated(ask, vs, coding={"system": TREES_URL, "code": "oak"})
    assert issues(answer) == [("error", "not-found", "")]


def test_a_value_set_over_an_unknown_code_system_names_the_cause(ask: Ask) -> None:
    vs = valueset("unknown", {"include": [{"system": "http://example.org/none"}]})
    answer = validated(ask, vs, system="http://example.org/none", code="a")
    assert issues(answer) == [("error", "not-found", "system")]
    assert values(answer)["x-caused-by-unknown-system"] == "http://example.org/none"


def test_a_filter_without_value_is_an_error_of_the_value_set(ask: Ask) -> None:
    vs = filtered("concept", "is-a", "")
    body = parameters(TREES, vs, url=vs["url"], system=TREES_URL, code="oak")
    outcome = ask("/ValueSet/$validate-code", body, status=422)
    assert issues(outcome) == [("error", "vs-invalid", "ValueSet.compose.include[0].filter[0].value")]


def test_a_draft_code_system_is_remarked_on(ask: Ask) -> None:
    draft = {**TREES, "status": "draft"}
    body = parameters(draft, ALL, url=ALL["url"], coding={"system": TREES_URL, "code": "oak"})
    answer = ask("/ValueSet/$validate-code", body)
    assert issues(answer) == [("information", "status-check", "")]
    assert "message" not in values(answer)


def test_implicit_value_sets_of_ours_are_validated_against(ask: Ask) -> None:
    for code, good in (("E11.9", True), ("S52.5", False)):
        body = parameters(url=f"{CM}?fhir_vs=isa/E11", system=CM, code=code)
        assert values(ask("/ValueSet/$validate-code", body))["result"] is good


def test_an_instance_of_a_value_set_is_validated_against(ask: Ask) -> None:
    answer = ask(f"/ValueSet/icd-10-cm/$validate-code?system={CM}&code=E11.9")
    assert values(answer)["result"] is True


@pytest.mark.parametrize("expression", ["5A11&XK9K", "5a11 & xk9k", "5A11/NC32.5&XK8G"])
def test_clusters_are_valid_codes_of_icd11(ask: Ask, expression: str) -> None:
    assert values(ask("/CodeSystem/$validate-code", parameters(url=ICD11, code=expression)))["result"] is True


@pytest.mark.parametrize(
    ("expression", "position"), [("XK9K&5A11", 0), ("5A11&&XK9K", 5), ("5A11&9Z99", 5), ("5A11&NC32.5", 5)]
)
def test_a_broken_cluster_says_where_it_breaks(ask: Ask, expression: str, position: int) -> None:
    answer = ask("/CodeSystem/$validate-code", parameters(url=ICD11, code=expression))
    assert values(answer)["result"] is False
    assert f"at position {position}:" in values(answer)["message"]


def test_a_cluster_is_in_the_value_set_of_its_stem(ask: Ask) -> None:
    body = parameters(url=f"{ICD11}?fhir_vs=isa/5A11", system=ICD11, code="5A11&XK9K")
    assert values(ask("/ValueSet/$validate-code", body))["result"] is True


def test_many_codes_are_validated_in_one_request(ask: Ask) -> None:
    checks = [parameters(coding={"system": TREES_URL, "code": code}) for code in ("oak", "elm")]
    body = parameters(TREES, ALL, url=ALL["url"], validation=checks)
    answer = ask("/ValueSet/$batch-validate-code", body)
    assert [values(p["resource"])["result"] for p in answer["parameter"]] == [True, False]
