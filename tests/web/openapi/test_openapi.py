"""The OpenAPI document is valid, whole, and its examples are answered as it says."""

from __future__ import annotations

import re
import sys
from typing import Any
from urllib.parse import quote

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.client import Client
from web.openapi.complete import operations_of
from web.openapi.operations import OPERATIONS

#: Operations whose tables a small bundle need not have: they may answer 404.
PERHAPS_NOT_LOADED = {"readIndexBook", "estimateDrg", "estimateRisk"}


@pytest.fixture
def spec(client: Client) -> dict[str, Any]:
    document: dict[str, Any] = client.get("/api/openapi.json").json
    return document


def test_the_document_is_valid(spec: dict[str, Any]) -> None:
    assert [fault.message for fault in OpenAPIV31SpecValidator(spec).iter_errors()] == []


def test_no_tag_is_listed_twice(spec: dict[str, Any]) -> None:
    names = [tag["name"] for tag in spec["tags"]]
    assert len(names) == len(set(names))


def test_every_operation_has_an_id_of_its_own(spec: dict[str, Any]) -> None:
    ids = [operation["operationId"] for _, operation in operations_of(spec)]
    assert all(ids)
    assert len(ids) == len(set(ids))
    assert {key for key, _ in operations_of(spec)} == set(OPERATIONS)


def test_every_parameter_and_member_is_described(spec: dict[str, Any]) -> None:
    silent = [
        (key, parameter["name"])
        for key, operation in operations_of(spec)
        for parameter in operation.get("parameters", ())
        if "description" not in parameter
    ]
    silent += [
        (name, member)
        for name, schema in spec["components"]["schemas"].items()
        for member, described in schema.get("properties", {}).items()
        if "description" not in described
    ]
    assert silent == []


def test_a_list_of_words_that_several_answers_have_is_one_schema(spec: dict[str, Any]) -> None:
    schemas = spec["components"]["schemas"]
    reference = {"$ref": "#/components/schemas/Motif"}
    for name in ("CrosswalkOut", "ComparisonOut"):
        assert schemas[name]["properties"]["motif"].items() >= reference.items()
    assert "no-mapping" in schemas["Motif"]["enum"]


def test_answers_say_which_members_are_always_there(spec: dict[str, Any]) -> None:
    loose = {
        name
        for name, schema in spec["components"]["schemas"].items()
        if name.endswith("Out") and not schema.get("required")
    }
    assert loose == set()


def test_every_operation_of_the_api_declares_its_errors_as_problems(spec: dict[str, Any]) -> None:
    for key, operation in operations_of(spec):
        for status, response in operation["responses"].items():
            if "/api/" in key and status >= "400" and status != "414":
                assert list(response["content"]) == ["application/problem+json"]


def test_every_operation_with_a_body_declares_it(spec: dict[str, Any]) -> None:
    without = [
        key for key, operation in operations_of(spec) if key[:4] == "POST" and "requestBody" not in operation
    ]
    assert without == []


@pytest.mark.parametrize("key", [key for key in OPERATIONS if "/api/" in key])
def test_an_example_is_answered_as_published(client: Client, key: str) -> None:
    operation, (method, path) = OPERATIONS[key], key.split(" ")
    named = re.findall(r"{(\w+)}", path)
    for name in named:
        path = path.replace(f"{{{name}}}", quote(str(operation.parameters[name]), safe=""))
    query = {name: value for name, value in operation.parameters.items() if name not in named}
    body = operation.body
    sent = {"data": body, "content_type": "text/csv"} if isinstance(body, str) else {"json": body}
    response = client.open(path, method=method, query_string=query, **(sent if body is not None else {}))
    expected = {200, 404} if operation.id in PERHAPS_NOT_LOADED else {200}
    assert response.status_code in expected, response.text[:400]


def test_the_client_of_the_tests_refuses_a_member_that_is_not_published(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        sys.modules["web.api.codes.systems"], "_system", lambda *_: {"id": "icd-10-cm", "colour": "green"}
    )
    with pytest.raises(AssertionError, match="colour"):
        client.get("/api/v1/systems")


@pytest.mark.parametrize("key", [key for key in OPERATIONS if "/api/" in key])
def test_an_unknown_parameter_is_an_error_everywhere(client: Client, key: str) -> None:
    operation, (method, path) = OPERATIONS[key], key.split(" ")
    path = re.sub(r"{(\w+)}", lambda name: quote(str(operation.parameters[name[1]]), safe=""), path)
    sent = {"data": operation.body} if isinstance(operation.body, str) else {"json": operation.body}
    refused = client.open(
        path, method=method, query_string={"relaese": "2024"}, **(sent if operation.body is not None else {})
    )
    assert (refused.status_code, refused.json["parameter"]) == (400, "relaese")


@pytest.mark.parametrize(
    "key", [key for key, operation in OPERATIONS.items() if isinstance(operation.body, dict)]
)
def test_an_unknown_member_of_a_body_is_an_error_everywhere(client: Client, key: str) -> None:
    refused = client.post(key.split(" ")[1], json={**OPERATIONS[key].body, "relaese": "2024"})
    assert refused.status_code == 400
    assert "relaese" in refused.json["parameter"]


def test_no_description_begins_in_the_middle_of_a_sentence(spec: dict[str, Any]) -> None:
    for key, operation in operations_of(spec):
        text = operation.get("description", "")
        assert not text[:1].islower(), key
        assert "`" not in text.replace("``", ""), key
