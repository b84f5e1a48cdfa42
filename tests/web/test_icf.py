"""ICF on every face: REST, FHIR, search and pages, over a bundle of the fixture and a few codes of ICD."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexes.documents.bundle_input import index_bundle
from loaders.acquire.sources import Sources, gather
from loaders.files.reading import Reading
from loaders.library import read_library
from terminology.bundle.assemble import write_library
from terminology.graph import TerminologyGraph
from tests.client import Client, client_of
from tests.loaders.test_build import Told
from tests.small_library import small_library
from web.app import create_app

WALKING = "http://id.who.int/icd/release/11/icf/1000000014"


@pytest.fixture(scope="module")
def client(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("bundle")
    told, library = Told(), small_library()
    files, _ = gather(Sources(data=fixtures / "icf", offline=True), told)
    reading = Reading([file for file in files if "ICF" in file.label], told, False)
    library.editions += read_library(reading).editions
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    index_bundle(folder)
    return client_of(create_app(folder))


def test_a_code_is_answered_as_who_prints_it_with_its_place_and_uri(client: Client) -> None:
    found = client.get("/api/v1/codes/icf/B1100").get_json()
    assert (found["code"], found["title"], found["parent"]) == ("b1100", "State of consciousness", "b110")
    assert [above["code"] for above in found["path"]] == ["b", "b1", "1000000003", "b110"]
    assert client.get(f"/api/v1/codes/icf?code={WALKING}").get_json()["code"] == "d450"
    assert client.get(f"/api/v1/codes/icd-11?code={WALKING}").status_code == 404


def test_a_title_in_another_language_stands_beside_the_english_one(client: Client) -> None:
    found = client.get("/api/v1/codes/icf/d450?lang=fr").get_json()
    assert (found["title"], found["title_source"]) == ("Marcher", "ICF 2025-01 (fr)")


@pytest.mark.parametrize("written", ["b110.8", "B110.8", "e110+2"])
def test_a_qualifier_is_no_part_of_a_code_and_is_told(client: Client, written: str) -> None:
    refused = client.get("/api/v1/codes/icf", query_string={"code": written})
    assert refused.status_code == 404
    assert "with a qualifier" in refused.get_json()["detail"]
    answered = client.get("/api/v1/search", query_string={"q": written, "system": "icf"}).get_json()
    assert answered["results"] == []


def test_a_list_of_codes_says_what_a_qualifier_is(client: Client) -> None:
    asked = {"system": "icf", "codes": ["b110", "b110.3", "b999"]}
    found = client.post("/api/v1/codes/validate", json=asked).get_json()["results"]
    assert [row["status"] for row in found] == ["valid", "not-found", "not-found"]
    assert "qualifier" in found[1]["message"]
    assert "qualifier" not in found[2]["message"]


def test_a_code_of_icd_with_its_dot_is_none_of_icf(client: Client) -> None:
    found = client.get("/api/v1/search", query_string={"q": "E11.9"}).get_json()["results"]
    assert "icf" not in {row["system"] for row in found}


def test_terms_are_found_in_both_languages(client: Client) -> None:
    for query in ("walking", "marcher", "mental functions"):
        found = client.get("/api/v1/search", query_string={"q": query, "system": "icf"}).get_json()["results"]
        assert found, query
    suggested = client.get("/api/v1/suggest", query_string={"q": "consci", "system": "icf"}).get_json()[
        "results"
    ]
    assert "b110" in {row["code"] for row in suggested}


def test_fhir_looks_it_up_by_hl7s_uri_and_by_whos(client: Client) -> None:
    for system in ("http://hl7.org/fhir/sid/icf", "http://id.who.int/icd/release/11/icf"):
        asked = {"system": system, "code": "d450"}
        found = client.get("/fhir/r4/CodeSystem/$lookup", query_string=asked).get_json()
        values = {part["name"]: part.get("valueString") for part in found["parameter"]}
        assert values["display"] == "Walking"
    asked = {"url": "http://hl7.org/fhir/sid/icf", "code": "b110.8"}
    refused = client.get("/fhir/r4/CodeSystem/$validate-code", query_string=asked).get_json()
    assert {"name": "result", "valueBoolean": False} in refused["parameter"]


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("b110", True),
        ("b1100", True),
        ("b110.3", False),
        ("b110.5", False),
        ("b110&XK9K", False),
        ("b999", False),
        ("b110/d450", False),
    ],
)
def test_fhir_takes_codes_and_neither_qualifiers_nor_clusters(
    client: Client, code: str, *, valid: bool
) -> None:
    asked = {"url": "http://id.who.int/icd/release/11/icf", "code": code}
    found = client.get("/fhir/r5/CodeSystem/$validate-code", query_string=asked).get_json()
    assert {"name": "result", "valueBoolean": valid} in found["parameter"]


def test_pages_show_it_and_say_what_it_is(client: Client) -> None:
    assert "Body functions" in client.get("/browse/icf").text
    page = client.get("/code/icf/b110").text
    assert "not a diagnosis" in page
    assert "icd.who.int/browse/2025-01/icf/en#1000000004" in page
    assert "International Classification of Functioning" in client.get("/about").text
