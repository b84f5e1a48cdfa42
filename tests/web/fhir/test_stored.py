"""Resources from the operator's folder (``serve --resources``)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from terminology.errors import InvalidRequestError
from tests.client import Client, client_of
from tests.web.fhir.conftest import Json
from tests.web.fhir.resources import CM, parameters, values
from web.app import create_app
from web.settings import Settings

WARDS: Json = {
    "resourceType": "CodeSystem",
    "id": "wards",
    "url": "http://example.org/wards",
    "version": "1",
    "status": "active",
    "content": "complete",
    "concept": [{"code": "icu", "display": "Intensive care"}, {"code": "er", "display": "Emergency"}],
}
DIABETES: Json = {
    "resourceType": "ValueSet",
    "url": "http://example.org/diabetes",
    "status": "active",
    "compose": {
        "include": [{"system": CM, "filter": [{"property": "concept", "op": "is-a", "value": "E11"}]}]
    },
}
TO_WARDS: Json = {
    "resourceType": "ConceptMap",
    "id": "to-wards",
    "url": "http://example.org/to-wards",
    "status": "active",
    "group": [
        {
            "source": CM,
            "target": WARDS["url"],
            "element": [{"code": "E11.9", "target": [{"code": "icu", "equivalence": "relatedto"}]}],
        }
    ],
}


@pytest.fixture(scope="module")
def stored(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("resources")
    (folder / "below").mkdir()
    (folder / "wards.json").write_text(json.dumps(WARDS))
    bundle = {"resourceType": "Bundle", "entry": [{"resource": DIABETES}, {"resource": TO_WARDS}]}
    (folder / "below" / "more sets.json").write_text(json.dumps(bundle))
    return client_of(create_app(small_bundle, Settings(resources=str(folder))))


def test_stored_resources_are_read_and_found(stored: Client) -> None:
    assert stored.get("/fhir/r4/CodeSystem/wards").json["url"] == WARDS["url"]
    assert stored.get("/fhir/r5/ValueSet/more-sets").json["url"] == DIABETES["url"]
    found = stored.get(f"/fhir/r4/ConceptMap?target-system={WARDS['url']}&source-code={CM}|E11.9").json
    assert [e["resource"]["id"] for e in found["entry"]] == ["to-wards"]
    assert stored.get("/fhir/r4/ValueSet?code=E11.9&name:missing=true").json["total"] == 1


@pytest.mark.parametrize("base", ["/fhir/r4", "/fhir/r5"])
def test_operations_answer_from_stored_resources(stored: Client, base: str) -> None:
    seen = stored.get(f"{base}/CodeSystem/$lookup?system={WARDS['url']}&code=icu").json
    assert values(seen)["display"] == "Intensive care"
    expanded = stored.get(f"{base}/ValueSet/$expand?url={DIABETES['url']}&excludeNested=true").json
    assert {c["code"] for c in expanded["expansion"]["contains"]} == {"E11", "E11.9", "E11.A"}
    assert values(stored.get(f"{base}/CodeSystem/wards/$validate-code?code=er").json)["result"] is True
    match = stored.get(f"{base}/ConceptMap/$translate?url={TO_WARDS['url']}&system={CM}&code=E11.9").json
    assert values(match)["result"] is True


def test_what_a_request_brings_comes_before_what_is_stored(stored: Client) -> None:
    other = {**WARDS, "version": "0", "concept": [{"code": "icu", "display": "Other"}]}
    body = parameters(other, system=WARDS["url"], code="icu")
    assert values(stored.post("/fhir/r4/CodeSystem/$lookup", json=body).json)["display"] == "Other"


def test_stored_systems_stand_in_the_capabilities_and_cannot_be_written(stored: Client) -> None:
    systems = stored.get("/fhir/r5/metadata?mode=terminology").json["codeSystem"]
    assert {"uri": WARDS["url"], "version": [{"code": "1"}], "content": "complete"} in systems
    assert stored.put("/fhir/r4/CodeSystem/wards", json=WARDS).status_code == 405


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "bad.json, line 1"),
        ('{"resourceType": "Patient"}', "'Patient'"),
        ('{"resourceType": "ValueSet"}', "without url"),
        ('{"resourceType": "ValueSet", "url": "u", "id": "a/b"}', "is no id"),
        ('{"resourceType": "ValueSet", "url": "u", "compose": {"include": 1}}', "ValueSet u"),
        (json.dumps({"resourceType": "CodeSystem", "url": CM, "content": "complete"}), "stays as published"),
        (json.dumps({**WARDS, "url": "http://example.org/others"}), "stands in"),
    ],
)
def test_a_file_that_cannot_be_used_stops_the_start(
    small_bundle: Path, tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "a.json").write_text(json.dumps(WARDS))
    (tmp_path / "bad.json").write_text(text)
    with pytest.raises(InvalidRequestError, match="resources") as refused:
        create_app(small_bundle, Settings(resources=str(tmp_path)))
    assert told in str(refused.value)


def test_a_folder_that_is_none_stops_the_start(small_bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="no folder"):
        create_app(small_bundle, Settings(resources=str(tmp_path / "none")))
