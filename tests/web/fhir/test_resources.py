"""Capabilities, read, search and batches; every resource is valid by fhir.resources."""

from __future__ import annotations

from importlib import import_module

import pytest

from tests.client import Client
from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11, TREES, TREES_URL, parameters, values, valueset

MODELS = {"/fhir/r4": "fhir.resources.R4B", "/fhir/r5": "fhir.resources"}


def valid(resource: Json, base: str) -> Json:
    """Check a resource with the models of its FHIR release (R4B stands for R4, which shares these types)."""
    kind = resource["resourceType"]
    module = import_module(f"{MODELS[base]}.{kind.lower()}")
    getattr(module, kind).model_validate(resource)
    return resource


@pytest.mark.parametrize("base", MODELS)
@pytest.mark.parametrize(
    "path",
    [
        "/metadata",
        "/metadata?mode=terminology",
        "/CodeSystem",
        "/ValueSet",
        "/ConceptMap",
        "/NamingSystem",
        "/NamingSystem/$preferred-id?id=urn:oid:2.16.840.1.113883.6.90&type=uri",
        "/ConceptMap/icd-10-cm-to-icd-11?_count=20",
        "/ConceptMap/icd-11-to-icd-10?_count=20",
        "/CodeSystem/icd-11-2025-01",
        f"/CodeSystem/$lookup?system={CM}&code=E11",
        f"/CodeSystem/$lookup?system={ICD11}&code=5A11%26XK9K",
        f"/CodeSystem/$validate-code?url={CM}&code=E11.9&display=wrong",
        f"/CodeSystem/$subsumes?system={CM}&codeA=E11&codeB=E11.9",
        f"/ValueSet/$expand?url={CM}?fhir_vs&property=billable&property=kind",
        f"/ValueSet/$validate-code?url={CM}?fhir_vs&system={CM}&code=E11.9",
        f"/ConceptMap/$translate?system={CM}&code=S52.501A&targetsystem={ICD11}",
        "/$versions",
    ],
)
def test_answers_are_valid_resources(ask: Ask, base: str, path: str) -> None:
    valid(ask(path, base=base), base)


@pytest.mark.parametrize("base", MODELS)
def test_expansions_and_outcomes_of_supplied_content_are_valid(ask: Ask, base: str) -> None:
    vs = valueset("all")
    inputs = {"url": vs["url"], "property": "leaf", "includeDesignations": True, "includeDefinition": True}
    valid(ask("/ValueSet/$expand", parameters(TREES, vs, **inputs), base=base), base)
    valid(ask("/ValueSet/$expand?url=http://example.org/none", base=base, status=404), base)


def test_terminology_capabilities_list_every_system_and_version(ask: Ask) -> None:
    systems = {s["uri"]: s for s in ask("/metadata?mode=terminology")["codeSystem"]}
    assert [(v["code"], v["isDefault"]) for v in systems[CM]["version"]] == [("2027", True), ("2026", False)]
    assert systems[ICD11]["version"][0]["compositional"] is True


def test_the_capability_statement_names_release_and_operations(ask: Ask) -> None:
    four, five = ask("/metadata"), ask("/metadata", base="/fhir")
    assert (four["fhirVersion"], five["fhirVersion"]) == ("4.0.1", "5.0.0")
    operations = {r["type"]: [o["name"] for o in r["operation"]] for r in four["rest"][0]["resource"]}
    assert {"lookup", "validate-code", "subsumes"} <= set(operations["CodeSystem"])


def test_the_capability_statement_says_which_test_cases_it_is_held_to(ask: Ask) -> None:
    features = {
        feature["extension"][0]["valueCanonical"].rpartition("/")[2]: feature["extension"][1]
        for feature in ask("/metadata")["extension"]
    }
    assert features["test-version"] == {"url": "value", "valueCode": "1.9.6"}
    assert features["CodeSystemAsParameter"] == {"url": "value", "valueBoolean": True}


def test_a_bare_id_means_the_default_release(ask: Ask) -> None:
    assert ask("/CodeSystem/icd-10-cm")["id"] == "icd-10-cm-2027"
    assert ask("/ValueSet/icd-10")["id"] == "icd-10-2019"
    ask("/ConceptMap/icd-10", status=404)
    ask("/CodeSystem/icd-10-c", status=404)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"url={CM}", ["icd-10-cm-2027", "icd-10-cm-2026"]),
        (f"url={CM}&version=2026", ["icd-10-cm-2026"]),
        (f"url={CM}|2026", ["icd-10-cm-2026"]),
        ("title:contains=mms", ["icd-11-2025-01"]),
        ("_id=icd-10-2019", ["icd-10-2019"]),
        ("name=nothing", []),
        ("_count=1", ["icd-10-cm-2027"]),
    ],
)
def test_code_systems_are_searched(ask: Ask, query: str, found: list[str]) -> None:
    entries = ask(f"/CodeSystem?{query}").get("entry", ())
    assert [e["resource"]["id"] for e in entries] == found


def test_a_batch_answers_every_entry_on_its_own(ask: Ask) -> None:
    requests = [
        {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={CM}&code=E11.9"}},
        {"request": {"method": "GET", "url": f"CodeSystem/$lookup?system={CM}&code=NONE"}},
        {
            "request": {"method": "POST", "url": "CodeSystem/$validate-code"},
            "resource": parameters(TREES, url=TREES_URL, code="oak"),
        },
        {"request": {"method": "GET", "url": "CodeSystem/icd-11"}},
        {"request": {"method": "DELETE", "url": "CodeSystem/icd-11"}},
        {"request": {"url": "CodeSystem/icd-11"}},
        {"request": {"method": "GET", "url": "metadata"}},
    ]
    answer = ask("/", {"resourceType": "Bundle", "type": "batch", "entry": requests})
    statuses = [e["response"]["status"][:3] for e in answer["entry"]]
    assert statuses == ["200", "404", "200", "200", "405", "400", "200"]
    assert values(answer["entry"][2]["resource"])["result"] is True
    assert answer["entry"][1]["response"]["outcome"]["resourceType"] == "OperationOutcome"
    valid(answer, "/fhir/r4")


def test_a_transaction_is_refused(ask: Ask) -> None:
    ask("", {"resourceType": "Bundle", "type": "transaction", "entry": []}, status=400)


def test_a_map_is_read_a_page_of_source_codes_at_a_time(ask: Ask) -> None:
    seen: list[str] = []
    for offset in range(0, 20, 3):
        page = ask(f"/ConceptMap/icd-10-cm-to-icd-11?_count=3&_offset={offset}")
        assert page["meta"]["tag"][0]["code"] == "SUBSETTED"
        seen += [row["code"] for group in page.get("group", ()) for row in group["element"]]
    whole = ask("/ConceptMap/icd-10-cm-to-icd-11?_count=100")["group"][0]["element"]
    assert seen == [row["code"] for row in whole]
    (row,) = [r for r in whole if r["code"] == "E11.9"]
    asked = ask(f"/ConceptMap/$translate?system={CM}&code=E11.9&targetsystem={ICD11}")
    assert row["target"][0]["code"] in str(asked)
    ask("/ConceptMap/icd-10-cm-to-icd-11?_count=1001", status=400)


def test_a_map_without_rows_says_so(ask: Ask) -> None:
    shell = ask("/ConceptMap/icd-10-cm-to-icd-11")
    assert ("group" in shell, shell["meta"]["tag"][0]["code"]) == (False, "SUBSETTED")
    assert "_count" in shell["description"]


@pytest.mark.parametrize(
    ("known", "kind", "preferred"),
    [
        ("urn:oid:2.16.840.1.113883.6.90", "uri", CM),
        (CM, "oid", "2.16.840.1.113883.6.90"),
        ("http://id.who.int/icd11/mms", "uri", ICD11),
    ],
)
def test_a_code_system_is_named_in_other_ways(ask: Ask, known: str, kind: str, preferred: str) -> None:
    answer = ask(f"/NamingSystem/$preferred-id?id={known}&type={kind}")
    assert values(answer)["result"] == preferred


def test_a_name_of_no_system_is_not_found(ask: Ask) -> None:
    ask("/NamingSystem/$preferred-id?id=urn:oid:1.2.3&type=uri", status=404)
    ask("/NamingSystem/$preferred-id?id=urn:oid:1.2.3", status=400)
    found = ask("/NamingSystem?value=2.16.840.1.113883.6.90")
    assert [e["resource"]["id"] for e in found["entry"]] == ["icd-10-cm"]


@pytest.mark.parametrize(("prefer", "status"), [("handling=strict", "400 Bad Request"), ("", "200 OK")])
def test_the_searches_of_a_batch_are_as_strict_as_the_request(ask: Ask, prefer: str, status: str) -> None:
    entry = {"request": {"method": "GET", "url": "CodeSystem?colour=red"}}
    body = {"resourceType": "Bundle", "type": "batch", "entry": [entry]}
    answer = ask("/", body, headers={"Prefer": prefer})
    assert answer["entry"][0]["response"]["status"] == status


@pytest.mark.parametrize("base", MODELS)
def test_every_filter_and_parameter_that_the_capabilities_state_is_answered(ask: Ask, base: str) -> None:
    stated = ask("/metadata?mode=terminology", base=base)
    system = next(one for one in stated["codeSystem"] if one["uri"] == CM)
    values_of = {"concept": "E11", "kind": "code", "chapter": "4"}
    for filtered in system["version"][0]["filter"]:
        for op in filtered["op"]:
            wanted = {
                "property": filtered["code"],
                "op": op,
                "value": values_of.get(filtered["code"], "true"),
            }
            vs = valueset("stated", {"include": [{"system": CM, "filter": [wanted]}]})
            assert "total" in ask("/ValueSet/$expand", parameters(vs, url=vs["url"]), base=base)["expansion"]


@pytest.mark.parametrize("base", MODELS)
def test_every_operation_and_search_parameter_that_the_capabilities_state_is_there(
    client: Client, base: str
) -> None:
    rest = client.get(f"{base}/metadata").json["rest"][0]
    for resource in rest["resource"]:
        kind = resource["type"]
        for operation in resource["operation"]:
            answer = client.post(f"{base}/{kind}/${operation['name']}", json=parameters())
            assert answer.status_code in (200, 400), operation
        for parameter in resource["searchParam"]:
            address = f"{base}/{kind}?{parameter['name']}=2026"
            assert client.get(address, headers={"Prefer": "handling=strict"}).status_code == 200, parameter
    for operation in rest["operation"]:
        assert client.post(f"{base}/${operation['name']}", json=parameters()).status_code in (200, 400)
