"""A Host that nobody vouches for reaches no answer that is kept, and a body no stack's end."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from apiflask import Schema
from marshmallow import RAISE

from tests.client import Client, client_of
from web.api.contract.problems import ProblemOut
from web.app import create_app
from web.settings import Settings

LINKING = ("/fhir/metadata", "/fhir/CodeSystem?_id=icd-10-cm-2027", "/fhir/r4/metadata?mode=terminology")


@pytest.mark.parametrize("path", LINKING)
def test_an_answer_with_an_unknown_host_is_kept_by_nobody(client: Client, path: str) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert "ETag" not in answer.headers


@pytest.mark.parametrize("path", LINKING)
def test_with_a_public_address_no_host_reaches_an_answer(small_bundle: Path, path: str) -> None:
    settings = Settings(public_url="https://codes.example.org/")
    answer = client_of(create_app(small_bundle, settings)).get(path, headers={"Host": "evil.example"})
    assert "evil" not in answer.get_data(as_text=True)
    assert "ETag" in answer.headers


def test_a_server_with_names_answers_to_no_other(small_bundle: Path) -> None:
    client = client_of(create_app(small_bundle, Settings(hosts="codes.example.org")))
    assert client.get("/fhir/metadata", headers={"Host": "codes.example.org"}).status_code == 200
    assert client.get("/fhir/metadata", headers={"Host": "codes.example.org:8443"}).status_code == 200
    assert client.get("/fhir/metadata", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/fhir/metadata", headers={"Host": "127.0.0.1"}).status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_what_watches_the_server_asks_by_whatever_address_it_has(small_bundle: Path, path: str) -> None:
    client = client_of(create_app(small_bundle, Settings(hosts="codes.example.org")))
    assert client.get(path, headers={"Host": "127.0.0.1:8011"}).status_code == 200


@pytest.mark.parametrize("host", ["a b", 'a"><b', "a,b", "a/../b", "a@b"])
def test_a_host_that_is_no_name_is_refused(client: Client, host: str) -> None:
    assert client.get("/fhir/metadata", headers={"Host": host}).status_code == 400


ROUTES = (
    "/api/v1/clusters/validate",
    "/api/v1/crosswalk",
    "/fhir",
    "/fhir/ValueSet/$expand",
    "/fhir/CodeSystem/$lookup",
    "/fhir/ConceptMap/$translate",
)
HOSTILE = {
    "a million brackets": "[" * 1_000_000,
    "a million objects": '{"a":' * 1_000_000,
    "brackets that close": "[" * 900 + "]" * 900,
    "a part that is a number": '{"resourceType":"Parameters","parameter":[{"name":"url","part":1}]}',
    "a part that is a text": '{"resourceType":"Parameters","parameter":[{"name":"url","part":"x"}]}',
    "a resource that is a number": '{"resourceType":"Parameters","parameter":[{"name":"a","resource":1}]}',
    "parts in parts": '{"resourceType":"Parameters","parameter":[{"name":"a","part":['
    + '{"name":"a","part":[' * 400
    + "]}" * 400
    + "]}]}",
    "nothing": "null",
    "a number that is none": "NaN",
    "half a character": '"\\ud800"',
}


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("body", HOSTILE)
def test_a_hostile_body_is_a_clients_error(client: Client, path: str, body: str) -> None:
    answer = client.post(path, data=HOSTILE[body], content_type="application/json")
    assert 400 <= answer.status_code < 500 or answer.status_code == 200, answer.get_data(as_text=True)[:300]


def test_a_fault_of_ours_in_fhir_tells_the_id_of_the_request(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("web.fhir.http.metadata"), "capability_statement", lambda *_: 1 / 0)
    answer = client.get("/fhir/metadata", headers={"X-Request-ID": "ticket-7"})
    assert answer.status_code == 500
    assert answer.get_json()["issue"][0]["diagnostics"] == "request ticket-7"
    assert answer.headers["X-Request-ID"] == "ticket-7"


PROBLEMS = (
    "/api/v1/codes/icd-10-cm/ZZZ",
    "/api/v1/codes/none/E11.9",
    "/api/v1/codes/icd-10-cm/E11.9?release=1999",
    "/api/v1/search?q=a&limit=x",
    "/api/v1/search?q=a&limit=100000",
    "/api/v1/nowhere",
    "/api/v1/crosswalk/hcpcs/A0000",
    "/api/v1/releases/icd-10-cm/diff?old=1&new=2",
)


@pytest.mark.parametrize("path", PROBLEMS)
def test_a_problem_is_as_its_schema_says(client: Client, path: str) -> None:
    schema: Schema = ProblemOut(unknown=RAISE)
    answer = client.get(path)
    assert answer.mimetype == "application/problem+json"
    assert schema.load(answer.get_json())["status"] == answer.status_code


def test_metrics_are_documented_as_text(client: Client) -> None:
    described = client.get("/api/openapi.json").get_json()["paths"]["/metrics"]["get"]["responses"]
    assert list(described["200"]["content"]) == ["text/plain"]


def test_a_code_as_long_as_a_book_is_not_tried_at_each_of_its_lengths(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    life = import_module("terminology.bundle.life.resolution").life

    def counted(store: object, system: str, code: str) -> object:
        asked.append(code)
        return life(store, system, code)

    monkeypatch.setattr(import_module("terminology.bundle.life.resolution"), "life", counted)
    assert client.get("/api/v1/codes/icd-10-cm/" + "a" * 8_000).status_code == 404
    assert len(asked) < 100
