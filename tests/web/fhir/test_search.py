"""Search: what is understood, what is not, pages and parts of resources."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.client import Client
from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11


def ids(bundle: Json) -> list[str]:
    return [e["resource"]["id"] for e in bundle.get("entry", ()) if e["search"]["mode"] == "match"]


def link(bundle: Json, relation: str) -> str | None:
    return next((each["url"] for each in bundle["link"] if each["relation"] == relation), None)


@pytest.mark.parametrize("base", ["/fhir/r4", "/fhir/r5"])
@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"ConceptMap?source-uri={CM}?fhir_vs", ["icd-10-cm-to-icd-11"]),
        (f"ConceptMap?source-scope-uri={CM}", ["icd-10-cm-to-icd-11"]),
        (f"ConceptMap?target-uri={CM}", ["icd-11-to-icd-10-cm"]),
        (f"ConceptMap?source-system={CM}", ["icd-10-cm-to-icd-11"]),
        (f"ConceptMap?source-code={CM}|E11.9", ["icd-10-cm-to-icd-11"]),
        ("ConceptMap?source-code=NONE", []),
        (f"ConceptMap?target-code=5A11&source-system={CM}", ["icd-10-cm-to-icd-11"]),
        ("CodeSystem?code=E11.8", ["icd-10-cm-2026"]),
        (f"CodeSystem?code={ICD11}|5A11", ["icd-11-2025-01"]),
        (f"ValueSet?code={CM}|E11.A", ["icd-10-cm-2027"]),
        (f"ValueSet?reference={ICD11}", ["icd-11-2025-01"]),
        ("CodeSystem?url:below=http://id.who.int/icd", ["icd-11-2025-01"]),
        ("CodeSystem?url:below=http://hl7.org/fhir/sid/icd-10", ["icd-10-2019"]),
        (f"CodeSystem?url={CM}&date=2026-10-01", ["icd-10-cm-2027"]),
        (f"CodeSystem?url={CM}&date=lt2026-10", ["icd-10-cm-2026"]),
        (f"CodeSystem?url={CM}&date=2026", ["icd-10-cm-2027"]),
        (f"CodeSystem?url={CM}&version:not=2027", ["icd-10-cm-2026"]),
        ("CodeSystem?name=icd_11", ["icd-11-2025-01"]),
        ("CodeSystem?status=draft", []),
        ("CodeSystem?_id=icd-10-2019,icd-11-2025-01&_sort=-title", ["icd-11-2025-01", "icd-10-2019"]),
        ("CodeSystem?_id=icd-10-cm", ["icd-10-cm-2027"]),
        ("CodeSystem?_id=icd-10,icd-11", ["icd-11-2025-01", "icd-10-2019"]),
        ("ValueSet?_id=icd-10", ["icd-10-2019"]),
        ("ConceptMap?_id=icd-10", []),
        ("CodeSystem?status:missing=true", []),
    ],
)
def test_every_parameter_chooses(ask: Ask, base: str, query: str, found: list[str]) -> None:
    assert ids(ask(f"/{query}", base=base)) == found


@pytest.mark.parametrize("kind", ["CodeSystem", "ValueSet", "ConceptMap"])
def test_every_declared_parameter_is_understood(ask: Ask, kind: str) -> None:
    resources = {r["type"]: r for r in ask("/metadata")["rest"][0]["resource"]}
    for parameter in resources[kind]["searchParam"]:
        bundle = ask(f"/{kind}?{parameter['name']}=2026", headers={"Prefer": "handling=strict"})
        assert bundle["link"][0]["url"].endswith(f"?{parameter['name']}=2026")


def test_an_unknown_parameter_is_not_in_self_and_is_named(ask: Ask) -> None:
    bundle = ask("/CodeSystem?colour=red&name=ICD_11")
    assert link(bundle, "self") == "http://localhost/fhir/r4/CodeSystem?name=ICD_11"
    assert ids(bundle) == ["icd-11-2025-01"]
    told = bundle["entry"][-1]
    assert told["search"]["mode"] == "outcome"
    assert "'colour'" in told["resource"]["issue"][0]["details"]["text"]
    assert bundle["total"] == 1


def test_an_unknown_parameter_is_refused_where_handling_is_strict(ask: Ask) -> None:
    refused = ask("/ValueSet?colour=red", status=400, headers={"Prefer": "return=minimal; handling=strict"})
    assert refused["issue"][0]["code"] == "not-supported"


@pytest.mark.parametrize(
    "query", ["name:below=x", "date=yesterday", "_sort=colour", "_summary=some", "_count=x"]
)
def test_what_is_wrong_in_a_known_parameter_is_refused(ask: Ask, query: str) -> None:
    ask(f"/CodeSystem?{query}", status=400)


def test_next_links_lead_through_every_resource_once(client: Client) -> None:
    everything = ids(client.get("/fhir/r4/CodeSystem").json)
    address: str | None = "/fhir/r4/CodeSystem?_count=1&status=active"
    seen: list[str] = []
    while address:
        bundle = client.get(address).json
        assert bundle["total"] == len(everything)
        seen += ids(bundle)
        following = link(bundle, "next")
        parts = urlsplit(following) if following else None
        address = f"{parts.path}?{parts.query}" if parts else None
    assert seen == everything


def test_a_search_by_post_has_the_same_addresses(client: Client) -> None:
    got = client.get(f"/fhir/r5/CodeSystem?url={CM}").json
    posted = client.post("/fhir/r5/CodeSystem/_search", data={"url": CM}).json
    assert posted == got
    assert posted["entry"][0]["fullUrl"] == "http://localhost/fhir/r5/CodeSystem/icd-10-cm-2027"


def test_a_search_by_post_in_another_form_is_refused(client: Client) -> None:
    assert client.post("/fhir/r5/CodeSystem/_search", json={"url": CM}).status_code == 415


def test_elements_and_summaries_are_parts_and_say_so(ask: Ask) -> None:
    part = ask("/CodeSystem/icd-11?_elements=title")
    assert set(part) == {"resourceType", "id", "meta", "title", "status", "content"}
    assert part["meta"]["tag"][0]["code"] == "SUBSETTED"
    summary = ask("/ValueSet?_summary=true")["entry"][0]["resource"]
    assert ("compose" in summary, "url" in summary) == (False, True)
    assert "entry" not in ask("/ValueSet?_summary=count")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("POST", "CodeSystem", "GET"),
        ("POST", "metadata", "GET"),
        ("PUT", "CodeSystem/icd-11", "GET"),
        ("PATCH", "CodeSystem/icd-11", "GET"),
        ("DELETE", "ValueSet/$expand", "POST"),
        ("PUT", "CodeSystem/icd-11/$lookup", "POST"),
        ("GET", "CodeSystem/_search", "POST"),
        ("GET", "", "POST"),
    ],
)
def test_a_method_that_is_not_offered_is_405_with_those_that_are(
    client: Client, method: str, path: str, allowed: str
) -> None:
    answer = client.open(f"/fhir/r4/{path}", method=method)
    assert (answer.status_code, answer.json["resourceType"]) == (405, "OperationOutcome")
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["Patient/1", "CodeSystem/icd-11/_history", "ValueSet/$none"])
def test_a_place_that_there_is_not_is_404_whatever_the_method(client: Client, path: str) -> None:
    assert {client.open(f"/fhir/r4/{path}", method=m).status_code for m in ("GET", "PUT")} == {404}
