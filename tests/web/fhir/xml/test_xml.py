"""FHIR's XML: by Accept, _format and Content-Type, the same as the JSON, and hostile documents refused."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.client import Client
from tests.web.fhir.resources import CM, ICD11, TREES, parameters, valueset
from web.fhir.fhir_release import R4, R5, FhirRelease
from web.fhir.outcome import FhirError
from web.fhir.xml.read import of_xml
from web.fhir.xml.write import as_xml

Json = dict[str, Any]
XML = "application/fhir+xml"
LOOKUP = f"/CodeSystem/$lookup?system={CM}&code=E11.9"
PLACES = (
    "/metadata",
    "/metadata?mode=terminology",
    LOOKUP,
    f"/CodeSystem/$lookup?system={CM}&code=NONE",
    f"/CodeSystem/$validate-code?url={ICD11}&code=NC32.5%26XK9K",
    f"/ValueSet/$expand?url={CM}?fhir_vs=isa/E11&property=kind&includeDesignations=true",
    f"/ConceptMap/$translate?system={CM}&code=E11.9",
    "/ConceptMap/icd-10-cm-to-icd-11?_count=5",
    "/CodeSystem?_count=1&colour=red",
    "/ValueSet/icd-11",
    "/NamingSystem",
)


@pytest.mark.parametrize("release", [R4, R5], ids=["r4", "r5"])
@pytest.mark.parametrize("place", PLACES)
def test_xml_holds_what_json_holds_in_the_order_of_the_definition(
    client: Client, place: str, release: FhirRelease
) -> None:
    address = f"/fhir/{release.id}{place}"
    answer, said = client.get(address, headers={"Accept": XML}), client.get(address).json
    assert answer.mimetype == XML
    assert lasting(of_xml(answer.data, release)) == lasting(said)
    package = "fhir.resources.R4B" if release is R4 else "fhir.resources"
    kind = said["resourceType"]
    model = getattr(importlib.import_module(f"{package}.{kind.lower()}"), kind)
    assert lasting(model.model_validate_xml(answer.data).model_dump()) == lasting(
        model.model_validate(said).model_dump()
    )


def lasting(resource: Json) -> Json:
    """Return a resource without what an expansion has anew every time."""
    passing = ("identifier", "timestamp")
    kept = {k: v for k, v in resource.get("expansion", {}).items() if k not in passing}
    return {**resource, "expansion": kept}


def test_a_post_of_xml_is_the_post_of_its_json(client: Client) -> None:
    vs = valueset("all")
    body = parameters(TREES, vs, url=vs["url"])
    for release in (R4, R5):
        said = client.post(f"/fhir/{release.id}/ValueSet/$expand", json=body).json
        answer = client.post(
            f"/fhir/{release.id}/ValueSet/$expand",
            data=as_xml(body, release),
            content_type=XML,
            headers={"Accept": XML},
        )
        assert answer.status_code == 200
        found = of_xml(answer.data, release)
        assert found["expansion"]["contains"] == said["expansion"]["contains"]


def test_a_batch_can_be_sent_as_xml(client: Client) -> None:
    entry = {"request": {"method": "GET", "url": LOOKUP.removeprefix("/")}}
    data = as_xml({"resourceType": "Bundle", "type": "batch", "entry": [entry]}, R4)
    answer = client.post("/fhir/r4", data=data, content_type=XML)
    assert answer.json["entry"][0]["resource"]["resourceType"] == "Parameters"


@pytest.mark.parametrize(
    ("accept", "mimetype"),
    [
        ("application/fhir+xml", XML),
        ("application/xml", "application/xml"),
        ("text/xml", "application/xml"),
        ("application/fhir+xml;q=0.5, application/fhir+json", "application/fhir+json"),
        ("application/fhir+xml, application/fhir+json;q=0.5", XML),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/fhir+json"),
    ],
)
def test_accept_chooses_by_what_the_client_likes_best(client: Client, accept: str, mimetype: str) -> None:
    assert client.get(f"/fhir/r4{LOOKUP}", headers={"Accept": accept}).mimetype == mimetype


def test_format_in_the_address_wins(client: Client) -> None:
    answer = client.get(f"/fhir/r4{LOOKUP}&_format=xml&_pretty=true", headers={"Accept": "application/json"})
    assert (answer.mimetype, b"\n  <parameter>" in answer.data) == (XML, True)


def test_the_xml_of_an_answer_has_a_tag_of_its_own(client: Client) -> None:
    tag = client.get(f"/fhir/r4{LOOKUP}").headers["ETag"]
    asked = {"Accept": XML, "If-None-Match": tag}
    answer = client.get(f"/fhir/r4{LOOKUP}", headers=asked)
    assert answer.status_code == 200
    again = client.get(f"/fhir/r4{LOOKUP}", headers={**asked, "If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


NS = 'xmlns="http://hl7.org/fhir"'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
HOSTILE = {
    "entities": f'{LAUGHS}<Parameters {NS}><id value="&b;"/></Parameters>',
    "external": f'<!DOCTYPE x SYSTEM "file:///etc/passwd"><Parameters {NS}/>',
    "deep": f"<Parameters {NS}>" + "<parameter><part>" * 400 + "</part></parameter>" * 400 + "</Parameters>",
    "text": f"<Parameters {NS}><parameter><name>code</name></parameter></Parameters>",
    "unknown": f'<Parameters {NS}><colour value="red"/></Parameters>',
    "twice": f'<Parameters {NS}><parameter><name value="a"/><name value="b"/></parameter></Parameters>',
    "attribute": f'<Parameters {NS}><parameter name="a"/></Parameters>',
    "no namespace": "<Parameters/>",
    "other resource": f"<Patient {NS}/>",
    "not xml": "{}",
    "number": f'<Parameters {NS}><parameter><valueInteger value="b"/></parameter></Parameters>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_fhir_xml_is_refused_with_its_place(client: Client, name: str) -> None:
    answer = client.post("/fhir/r4/CodeSystem/$lookup", data=HOSTILE[name], content_type=XML)
    assert (answer.status_code, answer.json["issue"][0]["code"]) == (400, "structure")
    assert "root:" not in answer.text


@pytest.mark.parametrize("coding", ["utf-16", "utf-16-le", "utf-7", "utf-32"])
def test_a_document_type_hides_in_no_other_encoding(coding: str) -> None:
    text = f'<?xml version="1.0" encoding="{coding}"?>' + HOSTILE["entities"]
    with pytest.raises(FhirError):
        of_xml(text.encode(coding), R4)


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1)
_EXTENSIONS = st.lists(st.fixed_dictionaries({"url": _TEXTS, "valueCode": _TEXTS}), min_size=1, max_size=2)
_VALUES = st.one_of(
    st.fixed_dictionaries({"name": _TEXTS, "valueString": _TEXTS}),
    st.fixed_dictionaries({"name": _TEXTS, "valueBoolean": st.booleans()}),
    st.fixed_dictionaries({"name": _TEXTS, "valueInteger": st.integers(-(2**31), 2**31 - 1)}),
    st.fixed_dictionaries({"name": _TEXTS, "_valueCode": st.fixed_dictionaries({"extension": _EXTENSIONS})}),
    st.fixed_dictionaries({"name": _TEXTS, "valueCoding": st.fixed_dictionaries({"code": _TEXTS})}),
)


@given(
    st.recursive(
        _VALUES, lambda inner: st.fixed_dictionaries({"name": _TEXTS, "part": st.lists(inner, min_size=1)})
    )
)
def test_xml_read_again_is_the_json_it_was_written_from(parameter: Json) -> None:
    resource = {"resourceType": "Parameters", "parameter": [parameter]}
    assert of_xml(as_xml(resource, R4), R4) == resource


def test_elements_that_a_release_does_not_define_are_written_and_not_read() -> None:
    resource = {"resourceType": "ValueSet", "status": "active", "copyrightLabel": "x", "odd": [{"a": True}]}
    written = as_xml(resource, R4)
    assert b'<copyrightLabel value="x"/>' in written
    assert b'<odd><a value="true"/></odd>' in written
    with pytest.raises(FhirError, match="copyrightLabel"):
        of_xml(written, R4)


def test_a_character_that_xml_cannot_hold_is_replaced() -> None:
    assert "a\ufffdb".encode() in as_xml({"resourceType": "ValueSet", "name": "a\x00b"}, R4)
