"""Supplements of the bundle's own code systems: names in another language, further properties."""

from __future__ import annotations

import json
from pathlib import Path

from tests.client import client_of
from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11, parameters, values, valueset
from web.app import create_app
from web.settings import Settings

GERMAN: Json = {
    "resourceType": "CodeSystem",
    "id": "german",
    "url": "http://example.org/german",
    "version": "1",
    "status": "active",
    "content": "supplement",
    "supplements": CM,
    "language": "de",
    "property": [{"code": "ward", "uri": "http://example.org/ward", "type": "string"}],
    "concept": [
        {
            "code": "e11.9",
            "display": "Diabetes mellitus Typ 2 ohne Komplikationen",
            "property": [{"code": "ward", "valueString": "medicine"}],
        }
    ],
}
E11: Json = valueset(
    "e11", {"include": [{"system": CM, "filter": [{"property": "concept", "op": "is-a", "value": "E11"}]}]}
)
SUPPLEMENT = GERMAN["url"]


def looked_up(ask: Ask, **inputs: object) -> Json:
    return ask("/CodeSystem/$lookup", parameters(GERMAN, system=CM, code="E11.9", **inputs))


def test_lookup_shows_a_supplement_only_when_it_is_asked_for(ask: Ask) -> None:
    plain = values(looked_up(ask, displayLanguage="de"))
    assert plain["display"].startswith("Type 2 diabetes")
    assert "used-supplement" not in plain
    answer = looked_up(ask, displayLanguage="de", useSupplement=SUPPLEMENT)
    assert values(answer)["display"] == "Diabetes mellitus Typ 2 ohne Komplikationen"
    assert values(answer)["used-supplement"] == f"{SUPPLEMENT}|1"
    assert {"name": "value", "valueString": "medicine"} in [
        part for p in answer["parameter"] for part in p.get("part", ())
    ]


def test_a_supplement_of_another_version_is_not_used(ask: Ask) -> None:
    older = {**GERMAN, "supplements": f"{CM}|2026"}
    body = parameters(older, system=CM, code="E11.9", useSupplement=SUPPLEMENT)
    assert "used-supplement" not in values(ask("/CodeSystem/$lookup", body))
    older_body = parameters(older, system=CM, code="E11.9", version="2026", useSupplement=SUPPLEMENT)
    assert "used-supplement" in values(ask("/CodeSystem/$lookup", older_body))


def test_an_expansion_is_shown_in_a_supplement_s_language_and_says_so(ask: Ask) -> None:
    body = parameters(GERMAN, E11, url=E11["url"], useSupplement=SUPPLEMENT, displayLanguage="de")
    expansion = ask("/ValueSet/$expand", {**body}, base="/fhir/r5")["expansion"]
    names = {row["code"]: row["display"] for row in _flat(expansion["contains"])}
    assert names["E11.9"] == "Diabetes mellitus Typ 2 ohne Komplikationen"
    assert {"name": "used-supplement", "valueUri": f"{SUPPLEMENT}|1"} in expansion["parameter"]


def test_a_supplement_s_property_filters_the_release(ask: Ask) -> None:
    filters = [{"property": "ward", "op": "=", "value": "medicine"}]
    vs = valueset("ward", {"include": [{"system": CM, "filter": filters}]})
    body = parameters(GERMAN, vs, url=vs["url"], useSupplement=SUPPLEMENT)
    rows = ask("/ValueSet/$expand", body)["expansion"]["contains"]
    assert [row["code"] for row in rows] == ["E11.9"]


def test_a_name_from_a_supplement_is_a_right_display(ask: Ask) -> None:
    coding = {"system": CM, "code": "E11.9", "display": GERMAN["concept"][0]["display"]}
    place = "/CodeSystem/$validate-code"
    assert values(ask(place, parameters(GERMAN, coding=coding)))["result"] is False
    answer = ask(place, parameters(GERMAN, coding=coding, useSupplement=SUPPLEMENT, displayLanguage="de"))
    assert values(answer)["result"] is True


def test_an_expression_of_icd_11_has_its_supplement_too(ask: Ask) -> None:
    right = {"code": "NC32.5&XK9K", "designation": [{"language": "de", "value": "Rechts"}]}
    names = {**GERMAN, "supplements": ICD11, "concept": [right]}
    body = parameters(names, system=ICD11, code="nc32.5&xk9k", useSupplement=SUPPLEMENT, displayLanguage="de")
    assert values(ask("/CodeSystem/$lookup", body))["display"] == "Rechts"


def test_an_operator_s_supplement_is_used_by_a_plain_address(small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "german.json").write_text(json.dumps(GERMAN))
    client = client_of(create_app(small_bundle, Settings(resources=str(tmp_path))))
    address = f"/fhir/r4/CodeSystem/$lookup?system={CM}&code=E11.9"
    assert "Typ 2" not in client.get(address).text
    assert "Typ 2" in client.get(f"{address}&useSupplement={SUPPLEMENT}").text


def _flat(rows: list[Json]) -> list[Json]:
    return [found for row in rows for found in (row, *_flat(row.get("contains", [])))]
