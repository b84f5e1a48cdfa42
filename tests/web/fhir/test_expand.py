"""ValueSet/$expand."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from terminology.bundle.manifest import SEARCH
from tests.client import Client, client_of
from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import (
    BASE,
    CM,
    ICD11,
    TREES,
    TREES_URL,
    VERSIONED_URL,
    VERSIONS,
    filtered,
    issues,
    parameters,
    valueset,
)
from web.app import create_app

ALL = valueset("all")


def expanded(ask: Ask, vs: Json, *more: Json, base: str = "/fhir/r4", **inputs: object) -> Json:
    body = parameters(TREES, vs, *more, url=vs["url"], **inputs)
    found: Json = ask("/ValueSet/$expand", body, base=base)["expansion"]
    return found


def codes(expansion: Json) -> list[str]:
    return [row["code"] for row in expansion.get("contains", ())]


def test_an_expansion_lists_codes_with_display_and_flags(ask: Ask) -> None:
    expansion = expanded(ask, ALL, excludeNested=True)
    assert codes(expansion) == ["yew", "broad", "oak", "oak-red", "beech"]
    row = expansion["contains"][1]
    assert (row["system"], row["display"]) == (TREES_URL, "Broadleaf tree")
    assert (row["abstract"], row["inactive"]) == (True, True)
    assert "abstract" not in expansion["contains"][0]
    assert (expansion["total"], "offset" in expansion) == (5, False)
    assert expansion["identifier"].startswith("urn:uuid:")
    assert {"name": "excludeNested", "valueBoolean": True} in expansion["parameter"]
    assert {"name": "used-codesystem", "valueUri": f"{TREES_URL}|0.1.0"} in expansion["parameter"]


def test_an_expansion_is_nested_unless_that_is_excluded(ask: Ask) -> None:
    broad = expanded(ask, ALL)["contains"][1]
    assert codes(broad) == ["oak", "beech"]
    assert codes(broad["contains"][0]) == ["oak-red"]


def test_children_of_a_concept_that_is_left_out_move_up(ask: Ask) -> None:
    expansion = expanded(ask, ALL, activeOnly=True)
    assert (codes(expansion), expansion["total"]) == (["yew", "oak", "beech"], 4)


@pytest.mark.parametrize(
    ("prop", "op", "value", "found"),
    [
        ("concept", "is-a", "oak", ["oak", "oak-red"]),
        ("concept", "descendent-of", "oak", ["oak-red"]),
        ("concept", "is-not-a", "broad", ["yew"]),
        ("concept", "generalizes", "oak", ["broad", "oak"]),
        ("concept", "child-of", "broad", ["oak", "beech"]),
        ("concept", "in", "yew, oak", ["yew", "oak"]),
        ("concept", "=", "beech", ["beech"]),
        ("code", "regex", "oak.*", ["oak", "oak-red"]),
        ("leaf", "=", "lobed", ["oak", "oak-red"]),
        ("leaf", "in", "needle,oval", ["yew", "beech"]),
        ("leaf", "regex", ".*e.*", ["yew", "oak", "oak-red"]),
        ("leaf", "exists", "false", ["broad"]),
        ("display", "regex", ".*oak", ["oak-red"]),
        ("parent", "=", "oak", ["oak-red"]),
        ("concept", "is-a", "no-such-tree", []),
    ],
)
def test_filters(ask: Ask, prop: str, op: str, value: str, found: list[str]) -> None:
    assert codes(expanded(ask, filtered(prop, op, value), excludeNested=True)) == found


@pytest.mark.parametrize(
    ("prop", "op", "value"), [("concept", "near", "oak"), ("colour", "=", "red"), ("code", "regex", "(")]
)
def test_filters_that_make_no_sense_are_refused(ask: Ask, prop: str, op: str, value: str) -> None:
    vs = filtered(prop, op, value)
    outcome = ask("/ValueSet/$expand", parameters(TREES, vs, url=vs["url"]), status=422)
    assert issues(outcome)[0][:2] == ("error", "vs-invalid")


def test_listed_concepts_keep_their_order_their_names_and_miss_unknown_codes(ask: Ask) -> None:
    listed = [{"code": "beech", "display": "Copper beech"}, {"code": "elm"}, {"code": "yew"}]
    vs = valueset("listed", {"include": [{"system": TREES_URL, "concept": listed}]})
    expansion = expanded(ask, vs)
    assert [(r["code"], r["display"]) for r in expansion["contains"]] == [
        ("beech", "Copper beech"),
        ("yew", "Yew"),
    ]


def test_excluded_concepts_are_left_out(ask: Ask) -> None:
    exclude = [{"system": TREES_URL, "filter": [{"property": "concept", "op": "is-a", "value": "oak"}]}]
    vs = valueset("without", {"include": [{"system": TREES_URL}], "exclude": exclude})
    assert codes(expanded(ask, vs, excludeNested=True)) == ["yew", "broad", "beech"]


def test_value_sets_are_imported_and_intersected(ask: Ask) -> None:
    oaks = {**filtered("concept", "is-a", "oak"), "url": f"{BASE}/ValueSet/oaks"}
    lobed = {**filtered("leaf", "=", "lobed"), "url": f"{BASE}/ValueSet/lobed"}
    both = valueset("both", {"include": [{"valueSet": [oaks["url"], f"{lobed['url']}|5.0.0"]}]})
    expansion = expanded(ask, both, oaks, lobed, excludeNested=True)
    assert codes(expansion) == ["oak", "oak-red"]
    assert {"name": "used-valueset", "valueUri": f"{oaks['url']}|5.0.0"} in expansion["parameter"]


def test_a_value_set_that_imports_itself_is_refused(ask: Ask) -> None:
    vs = valueset("ring", {"include": [{"valueSet": [f"{BASE}/ValueSet/ring"]}]})
    outcome = ask("/ValueSet/$expand", parameters(vs, url=vs["url"]), status=422)
    assert outcome["issue"][0]["code"] == "processing"


def test_pages_are_cut_from_the_flat_list(ask: Ask) -> None:
    expansion = expanded(ask, ALL, count=2, offset=1)
    assert (codes(expansion), expansion["total"], expansion["offset"]) == (["broad", "oak"], 5, 1)


def test_a_count_of_zero_only_counts(ask: Ask) -> None:
    expansion = expanded(ask, ALL, count=0)
    assert (expansion["total"], "contains" in expansion) == (5, False)


def test_a_text_filters(ask: Ask) -> None:
    assert codes(expanded(ask, ALL, filter="oak")) == ["oak", "oak-red"]


def test_displays_come_in_the_language_asked_for(ask: Ask) -> None:
    expansion = expanded(ask, ALL, displayLanguage="de", excludeNested=True, includeDesignations=True)
    oak = expansion["contains"][2]
    assert (oak["display"], oak["designation"][0]["value"]) == ("Eiche", "Oak")
    assert expansion["contains"][0]["display"] == "Yew"


def test_displays_in_other_languages_can_be_left_out(ask: Ask) -> None:
    expansion = expanded(ask, ALL, displayLanguage="de,*;q=0", excludeNested=True)
    assert "display" not in expansion["contains"][0]


def test_the_accept_language_header_is_understood(ask: Ask) -> None:
    body = parameters(TREES, ALL, url=ALL["url"], excludeNested=True)
    expansion = ask("/ValueSet/$expand", body, headers={"Accept-Language": "de"})["expansion"]
    assert expansion["contains"][2]["display"] == "Eiche"
    assert {"name": "displayLanguage", "valueCode": "de"} in expansion["parameter"]


def test_designations_can_be_chosen_by_language(ask: Ask) -> None:
    expansion = expanded(ask, ALL, designation="urn:ietf:bcp:47|de", excludeNested=True)
    assert expansion["contains"][2]["designation"] == [{"language": "de", "value": "Eiche"}]


def test_properties_are_elements_in_r5_and_extensions_in_r4(ask: Ask) -> None:
    five = expanded(ask, ALL, base="/fhir/r5", property="leaf", excludeNested=True)
    assert {"code": "leaf", "uri": f"{BASE}/leaf"} in five["property"]
    assert five["contains"][0]["property"] == [{"code": "leaf", "valueCode": "needle"}]
    four = expanded(ask, ALL, property="leaf", excludeNested=True)
    assert "property" not in four["contains"][0]
    assert four["contains"][0]["extension"][0]["extension"][1] == {"url": "value", "valueCode": "needle"}


def test_definitions_are_a_property_on_request(ask: Ask) -> None:
    expansion = expanded(ask, ALL, base="/fhir", property="definition", excludeNested=True)
    told = {"code": "definition", "valueString": "A tree with flat leaves"}
    assert told in expansion["contains"][1]["property"]


def test_a_status_is_a_property_without_being_asked_for(ask: Ask) -> None:
    expansion = expanded(ask, ALL, base="/fhir", excludeNested=True)
    assert expansion["contains"][1]["property"] == [{"code": "status", "valueCode": "retired"}]
    assert [p["code"] for p in expansion["property"]] == ["status"]


def test_labels_and_orders_of_extensions_become_properties(ask: Ask) -> None:
    base = "http://hl7.org/fhir/StructureDefinition"
    stated = [
        {"url": f"{base}/valueset-label", "valueString": "a."},
        {"url": f"{base}/valueset-conceptOrder", "valueInteger": 3},
    ]
    listed = [{"code": "yew", "extension": stated}]
    vs = valueset("labelled", {"include": [{"system": TREES_URL, "concept": listed}]})
    row = expanded(ask, vs, base="/fhir")["contains"][0]
    assert row["property"] == [{"code": "label", "valueString": "a."}, {"code": "order", "valueDecimal": 3}]
    assert "extension" not in row


def test_the_definition_of_a_value_set_comes_along_on_request(ask: Ask) -> None:
    for wanted in (True, False):
        body = parameters(TREES, ALL, url=ALL["url"], includeDefinition=wanted)
        assert ("compose" in ask("/ValueSet/$expand", body)) is wanted


def test_a_supplement_adds_designations_when_it_is_asked_for(ask: Ask) -> None:
    supplement = {
        "resourceType": "CodeSystem",
        "url": f"{BASE}/CodeSystem/dutch",
        "version": "1",
        "content": "supplement",
        "supplements": TREES_URL,
        "concept": [{"code": "yew", "designation": [{"language": "nl", "value": "Taxus"}]}],
    }
    inputs: dict[str, Any] = {"displayLanguage": "nl", "excludeNested": True}
    plain = expanded(ask, ALL, supplement, **inputs)
    assert plain["contains"][0]["display"] == "Yew"
    used = expanded(ask, ALL, supplement, useSupplement=supplement["url"], **inputs)
    assert used["contains"][0]["display"] == "Taxus"
    assert {"name": "used-supplement", "valueUri": f"{supplement['url']}|1"} in used["parameter"]


def test_small_systems_of_fhir_itself_are_known_in_its_version(ask: Ask) -> None:
    gender = "http://hl7.org/fhir/administrative-gender"
    include = {"valueSet": ["http://hl7.org/fhir/ValueSet/administrative-gender"]}
    exclude = {"system": gender, "concept": [{"code": "other"}, {"code": "unknown"}]}
    vs = valueset("gender", {"include": [include], "exclude": [exclude]})
    for base, version in (("/fhir/r4", "4.0.1"), ("/fhir/r5", "5.0.0")):
        expansion = expanded(ask, vs, base=base)
        assert codes(expansion) == ["male", "female"]
        assert {"name": "used-codesystem", "valueUri": f"{gender}|{version}"} in expansion["parameter"]


def test_a_definition_can_ask_for_properties(ask: Ask) -> None:
    include = {"include": [{"system": TREES_URL}]}
    for asked in (["leaf"], ["*"]):
        expansion = expanded(ask, valueset("leaves", {**include, "property": asked}), base="/fhir/r5")
        assert {"code": "leaf", "valueCode": "needle"} in expansion["contains"][0]["property"]
        assert {"code": "leaf", "uri": f"{BASE}/leaf"} in expansion["property"]


def test_versions_that_match_give_each_code_once_as_the_newest_has_it(ask: Ask) -> None:
    both = [{"system": VERSIONED_URL, "version": v} for v in ("1.0.0", "1.2.0")]
    vs = valueset("both", {"include": both})
    apart = ask("/ValueSet/$expand", parameters(*VERSIONS, vs, url=vs["url"]))["expansion"]
    body = parameters(*VERSIONS, vs, url=vs["url"], versionsMatch=True)
    merged = ask("/ValueSet/$expand", body)["expansion"]
    assert (apart["total"], merged["total"]) == (5, 3)
    assert {row["version"] for row in merged["contains"]} == {"1.2.0"}
    assert {"name": "versionsMatch", "valueBoolean": True} in merged["parameter"]


def test_a_missing_supplement_is_an_error(ask: Ask) -> None:
    body = parameters(TREES, ALL, url=ALL["url"], useSupplement="http://example.org/none")
    outcome = ask("/ValueSet/$expand", body, status=404)
    assert "Required supplement not found: http://example.org/none" in outcome["issue"][0]["details"]["text"]


def test_an_inline_value_set_is_expanded(ask: Ask) -> None:
    include = {"system": CM, "filter": [{"property": "concept", "op": "descendent-of", "value": "E11"}]}
    inline = {"resourceType": "ValueSet", "status": "active", "compose": {"include": [include]}}
    answer = ask("/ValueSet/$expand", parameters(valueSet=inline))
    assert codes(answer["expansion"]) == ["E11.9", "E11.A"]


def test_a_bare_value_set_may_be_posted(ask: Ask) -> None:
    answer = ask(
        "/ValueSet/$expand", valueset("posted", {"include": [{"system": CM, "concept": [{"code": "E11"}]}]})
    )
    assert codes(answer["expansion"]) == ["E11"]


def test_the_implicit_value_set_of_a_subtree(ask: Ask) -> None:
    expansion = ask(f"/ValueSet/$expand?url={CM}?fhir_vs=isa/E11&excludeNested=true")["expansion"]
    assert codes(expansion) == ["E11", "E11.9", "E11.A"]
    assert {"name": "used-codesystem", "valueUri": f"{CM}|2027"} in expansion["parameter"]


def test_the_implicit_value_set_of_everything_is_paged(ask: Ask) -> None:
    expansion = ask(f"/ValueSet/$expand?url={CM}?fhir_vs&count=3&offset=1")["expansion"]
    assert (codes(expansion), expansion["total"]) == (["E08-E13", "E11", "E11.9"], 10)


def test_properties_of_ours_filter(ask: Ask) -> None:
    include = {"system": CM, "filter": [{"property": "billable", "op": "=", "value": "true"}]}
    inline = valueset("billable", {"include": [include]})
    expansion = ask("/ValueSet/$expand", parameters(valueSet=inline, excludeNested=True))["expansion"]
    assert codes(expansion) == ["E11.9", "E11.A", "S52.501A"]


def test_an_instance_is_expanded(ask: Ask) -> None:
    assert codes(ask("/ValueSet/icd-11-2025-01/$expand?count=2")["expansion"]) == ["05", "BlockL1-5A1"]


def test_clusters_may_be_listed_in_a_value_set(ask: Ask) -> None:
    listed = [{"code": "5A11&XK9K"}, {"code": "XK9K&5A11"}]
    inline = valueset("clusters", {"include": [{"system": ICD11, "concept": listed}]})
    rows = ask("/ValueSet/$expand", parameters(valueSet=inline))["expansion"]["contains"]
    assert [(r["code"], r["display"]) for r in rows] == [("5A11&XK9K", "Type 2 diabetes mellitus [Right]")]


def test_a_large_expansion_is_refused_as_too_costly_and_answered_in_pages(client: Client) -> None:
    many = {**TREES, "concept": [{"code": f"t{n}", "display": f"Tree {n}"} for n in range(1001)]}
    body = parameters(many, ALL, url=ALL["url"])
    refused = client.post("/fhir/r4/ValueSet/$expand", json=body)
    assert (refused.status_code, refused.json["issue"][0]["code"]) == (422, "too-costly")
    paged = client.post("/fhir/r4/ValueSet/$expand", json=parameters(many, ALL, url=ALL["url"], count=50))
    assert (paged.json["expansion"]["total"], len(paged.json["expansion"]["contains"])) == (1001, 50)


def test_a_draft_code_system_is_warned_of(ask: Ask) -> None:
    body = parameters({**TREES, "status": "draft"}, ALL, url=ALL["url"])
    expansion = ask("/ValueSet/$expand", body)["expansion"]
    assert {"name": "warning-draft", "valueUri": f"{TREES_URL}|0.1.0"} in expansion["parameter"]


def test_wrong_paging_parameters_are_named(ask: Ask) -> None:
    outcome = ask(f"/ValueSet/$expand?url={CM}?fhir_vs&count=many", status=400)
    assert "'count'" in outcome["issue"][0]["details"]["text"]


def test_a_pattern_made_to_hold_the_server_up_is_answered(ask: Ask) -> None:
    long = {**TREES, "concept": [{"code": "a" * 200, "display": "Long"}]}
    vs = filtered("code", "regex", "(a+)+b")
    answer = ask("/ValueSet/$expand", parameters(long, vs, url=vs["url"]))
    assert answer["expansion"]["total"] == 0


def test_a_supplement_that_a_value_set_needs_must_be_there(ask: Ask) -> None:
    needs = {
        "url": "http://hl7.org/fhir/StructureDefinition/valueset-supplement",
        "valueCanonical": "http://example.org/none",
    }
    vs = valueset("needing", extension=[needs])
    outcome = ask("/ValueSet/$expand", parameters(TREES, vs, url=vs["url"]), status=404)
    assert issues(outcome) == [("error", "not-found", "")]


def test_a_filter_says_which_words_the_search_made_no_use_of(ask: Ask) -> None:
    for vs in (f"{CM}?fhir_vs", f"{CM}?fhir_vs=isa/S52"):
        expansion = ask(f"/ValueSet/$expand?url={vs}&filter=fracture zyxwv")["expansion"]
        told = [p["valueString"] for p in expansion["parameter"] if p["name"] == "warning"]
        assert ["zyxwv" in one for one in told] == [True]
    whole = ask(f"/ValueSet/$expand?url={CM}?fhir_vs&filter=fracture")["expansion"]
    assert "warning" not in [p["name"] for p in whole["parameter"]]


def test_a_filter_without_search_index_says_that_words_alone_were_compared(
    small_bundle: Path, tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle"
    shutil.copytree(small_bundle, bundle)
    shutil.rmtree(bundle / SEARCH)
    client = client_of(create_app(bundle))
    expansion = client.get(f"/fhir/r4/ValueSet/$expand?url={CM}?fhir_vs&filter=radius").json["expansion"]
    assert expansion["total"] > 0
    assert "words of code and display alone" in str(expansion["parameter"])


def test_all_below_a_code_that_there_is_not_is_no_value_set(ask: Ask) -> None:
    unknown = ask(f"/ValueSet/$expand?url={CM}?fhir_vs=isa/E1199", status=404)
    assert "Unable to find code E1199" in unknown["issue"][0]["details"]["text"]
    dotless = ask(f"/ValueSet/$expand?url={CM}?fhir_vs=isa/E119", status=404)
    assert dotless["issue"][0]["diagnostics"] == "the code is written E11.9"
