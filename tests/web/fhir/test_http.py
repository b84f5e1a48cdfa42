"""HTTP around FHIR: formats, errors, caching, compression, CORS."""

from __future__ import annotations

import gzip
import json

import pytest

from tests.client import Client
from tests.web.fhir.conftest import Ask
from tests.web.fhir.resources import CM, parameters

LOOKUP = f"/fhir/r4/CodeSystem/$lookup?system={CM}&code=E11.9"


def test_json_is_fhir_json_unless_plain_json_is_accepted(client: Client) -> None:
    assert client.get(LOOKUP).mimetype == "application/fhir+json"
    assert client.get(LOOKUP, headers={"Accept": "application/json"}).mimetype == "application/json"
    assert client.get(LOOKUP + "&_format=json").mimetype == "application/fhir+json"


@pytest.mark.parametrize("address", [LOOKUP, LOOKUP + "&_format=text/turtle"])
def test_other_formats_are_refused(client: Client, address: str) -> None:
    headers = {} if "_format" in address else {"Accept": "text/turtle"}
    refused = client.get(address, headers=headers)
    assert (refused.status_code, refused.json["resourceType"]) == (406, "OperationOutcome")


def test_pretty_answers_are_indented(client: Client) -> None:
    assert b"\n  " in client.get(LOOKUP + "&_pretty=true").data
    assert b"\n  " not in client.get(LOOKUP).data


def test_an_answer_has_an_etag_and_is_not_sent_twice(client: Client) -> None:
    tag = client.get(LOOKUP).headers["ETag"]
    assert tag.startswith('W/"')
    assert client.get(LOOKUP, headers={"If-None-Match": tag}).status_code == 304


def test_large_answers_are_compressed_when_accepted(client: Client) -> None:
    address = "/fhir/r4/metadata?mode=terminology"
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert json.loads(gzip.decompress(packed.data)) == client.get(address).json


def test_browsers_of_other_sites_may_ask(client: Client) -> None:
    assert client.get(LOOKUP).headers["Access-Control-Allow-Origin"] == "*"
    asked = client.options("/fhir/r4/ValueSet/$expand", headers={"Origin": "https://example.org"})
    assert "POST" in asked.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir/r4/Patient/1", 404),
        ("GET", "/fhir/r4/CodeSystem/$none", 404),
        ("GET", "/fhir/r4/CodeSystem/none", 404),
        ("GET", "/fhir/r5/", 405),
        ("DELETE", "/fhir/r4/CodeSystem/icd-11", 405),
        ("PUT", "/fhir/ValueSet/x", 405),
        ("POST", "/fhir/r4/CodeSystem/$lookup", 400),
        ("GET", "/fhir/r4/ValueSet/$expand", 400),
        ("GET", "/fhir/r4/ValueSet/$expand?url=http://example.org/none", 404),
    ],
)
def test_every_error_is_an_operation_outcome(client: Client, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.json["resourceType"] == "OperationOutcome"
    assert answer.json["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    "data", ["{", "[]", '{"resourceType": "Patient"}', '{"resourceType": "Parameters", "parameter": 1}']
)
def test_bodies_that_are_no_parameters_are_refused(client: Client, data: str) -> None:
    answer = client.post("/fhir/r4/CodeSystem/$lookup", data=data, content_type="application/fhir+json")
    assert (answer.status_code, answer.json["issue"][0]["code"]) == (400, "structure")


def test_a_repeated_request_gets_the_same_answer_in_both_releases(client: Client) -> None:
    body = parameters(system=CM, code="E11.9")
    first = client.post("/fhir/r4/CodeSystem/$lookup", json=body).data
    assert client.post("/fhir/r4/CodeSystem/$lookup", json=body).data == first
    five = client.get(f"/fhir/r5/ConceptMap/$translate?system={CM}&code=E11.9").data
    assert b"relationship" in five
    assert b"equivalence" in client.get(f"/fhir/r4/ConceptMap/$translate?system={CM}&code=E11.9").data


def test_a_fault_of_ours_tells_nothing_of_its_cause(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr("web.fhir.http.routes.read", broken)
    monkeypatch.setitem(client.application.config, "PROPAGATE_EXCEPTIONS", False)
    answer = client.get("/fhir/r4/CodeSystem/icd-11")
    assert (answer.status_code, "secret" in answer.text) == (500, False)
    assert answer.json["issue"][0]["severity"] == "fatal"


@pytest.mark.parametrize(
    ("resource", "place"),
    [
        ({"resourceType": "ValueSet", "compose": {"include": "all"}}, "ValueSet.compose.include"),
        ({"resourceType": "ValueSet", "compose": {"include": [{"system": 1}]}}, "include[0].system"),
        ({"resourceType": "CodeSystem", "url": "u", "concept": [None]}, "CodeSystem.concept[0]"),
        ({"resourceType": "ConceptMap", "group": {}}, "ConceptMap.group"),
    ],
)
def test_resources_of_a_wrong_shape_are_refused_with_the_place(
    client: Client, resource: dict[str, object], place: str
) -> None:
    answer = client.post("/fhir/r4/ValueSet/$expand", json=parameters(resource, url=f"{CM}?fhir_vs"))
    assert answer.status_code == 400
    assert place in answer.json["issue"][0]["details"]["text"]


def test_codings_of_a_wrong_shape_are_refused(client: Client) -> None:
    body = {"resourceType": "Parameters", "parameter": [{"name": "coding", "valueCoding": {"code": ["a"]}}]}
    assert client.post("/fhir/r4/CodeSystem/$validate-code", json=body).status_code == 400


def test_a_supplied_system_nested_beyond_reason_is_refused(client: Client) -> None:
    deep: dict[str, object] = {"code": "c"}
    for _ in range(150):
        deep = {"code": "c", "concept": [deep]}
    system = {"resourceType": "CodeSystem", "url": "http://example.org/deep", "concept": [deep]}
    answer = client.post("/fhir/r4/CodeSystem/$lookup", json=parameters(system, system=CM, code="E11"))
    assert answer.status_code == 400


def test_a_batch_of_a_wrong_shape_is_refused(client: Client) -> None:
    answer = client.post("/fhir/r4", json={"resourceType": "Bundle", "type": "batch", "entry": None})
    assert (answer.status_code, answer.json["issue"][0]["expression"]) == (400, ["Bundle.entry"])


def test_a_property_without_a_usable_value_is_no_fault_of_ours(client: Client) -> None:
    concept = {"code": "a", "property": [{"code": "status", "valueCoding": {}}]}
    system = {"resourceType": "CodeSystem", "url": "http://example.org/odd", "concept": [concept]}
    body = parameters(system, system="http://example.org/odd", code="a")
    assert client.post("/fhir/r4/CodeSystem/$lookup", json=body).status_code == 200


def test_metadata_is_asked_for_in_a_mode_that_there_is(ask: Ask) -> None:
    assert ask("/metadata?mode=normative")["resourceType"] == "CapabilityStatement"
    refused = ask("/metadata?mode=terminolgy", status=400)
    assert "terminology" in refused["issue"][0]["details"]["text"]


@pytest.mark.parametrize(
    "address",
    [
        f"CodeSystem/$lookup?system={CM}&code=E11.9",
        f"CodeSystem/$validate-code?url={CM}&code=E11.9",
        f"ValueSet/$expand?url={CM}?fhir_vs&count=1",
        f"ConceptMap/$translate?system={CM}&code=E11.9",
        f"CodeSystem/$subsumes?system={CM}&codeA=E11&codeB=E11.9",
    ],
)
def test_an_operation_refuses_what_it_has_not_where_that_is_asked_for(client: Client, address: str) -> None:
    strict = {"Prefer": "handling=strict"}
    assert client.get(f"/fhir/r4/{address}", headers=strict).status_code == 200
    assert client.get(f"/fhir/r4/{address}&versoin=2026").status_code == 200
    for answer in (
        client.get(f"/fhir/r4/{address}&versoin=2026", headers=strict),
        client.post(
            "/fhir/r4",
            json={
                "resourceType": "Bundle",
                "type": "batch",
                "entry": [{"request": {"method": "GET", "url": f"{address}&versoin=2026"}}],
            },
            headers=strict,
        ),
    ):
        assert "has no parameter 'versoin'" in answer.get_data(as_text=True)


def test_an_input_that_is_taken_once_is_not_taken_twice(ask: Ask) -> None:
    refused = ask(f"/CodeSystem/$lookup?system={CM}&code=E11.9&code=E11.8", status=400)
    assert "2 times" in refused["issue"][0]["details"]["text"]
    assert ask(f"/CodeSystem/$lookup?system={CM}&code=E11.9&property=parent&property=kind")
