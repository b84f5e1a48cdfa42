"""$validate-code and $lookup of clusters where the bundle has the axes that the ICD-API states."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from indexes.documents.bundle_input import index_bundle
from loaders.icd11.icd_api import read_entities
from terminology.bundle.assemble import write_library
from terminology.concept import Concept, Kind
from terminology.edition import Edition, Library
from terminology.graph import TerminologyGraph
from terminology.release import Release
from tests.client import client_of
from tests.web.fhir.conftest import Json
from tests.web.fhir.resources import ICD11, parameters, values
from web.app import create_app

Validated = Callable[[str, str], Json]


@pytest.fixture(scope="module")
def asked(fixtures: Path, tmp_path_factory: pytest.TempPathFactory) -> Validated:
    """Ask for a code of a bundle of saved ICD-API entities: 1A00 has two axes, one of them required."""
    saved = fixtures / "icd_api" / "icd11-api-entities.json"
    with saved.open("rb") as file:
        read = {concept.code: concept for concept in read_entities(file, saved.name)}
    concepts = [
        read["01"],
        replace(read["1A00"], parent="01"),
        Concept("icd-11", "X", "Extension Codes", Kind.CHAPTER, None),
        replace(read["XN8P1"], parent="X"),
        Concept("icd-11", "XK9K", "Right", Kind.EXTENSION, "X"),
    ]
    release = Release("icd-11", "2025-01", date(2025, 1, 24), None, (saved.name,))
    library = Library([Edition(release, concepts)])
    folder = tmp_path_factory.mktemp("axes")
    write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    index_bundle(folder)
    client = client_of(create_app(folder))

    def ask(operation: str, code: str) -> Json:
        url = {"url" if operation == "$validate-code" else "system": ICD11}
        found: Json = client.post(
            f"/fhir/r4/CodeSystem/{operation}", json=parameters(code=code, **url)
        ).get_json()
        return found

    return ask


def told(answer: Json) -> list[tuple[str, str]]:
    """Return severity and the end of the wording of each issue of a valid code."""
    assert values(answer)["result"] is True
    found = values(answer).get("issues", {}).get("issue", [])
    return [(one["severity"], one["details"]["text"].split(": ", 1)[-1]) for one in found]


MISSING = ("warning", "a required axis is not given: 1A00: associatedWith")


def test_a_required_axis_left_out_is_a_warning_and_one_filled_is_none(asked: Validated) -> None:
    assert told(asked("$validate-code", "1A00&XN8P1")) == [MISSING]


def test_an_extension_code_off_every_axis_of_its_stem_is_an_error_that_names_the_axes(
    asked: Validated,
) -> None:
    answer = values(asked("$validate-code", "1A00&XK9K"))
    assert answer["result"] is False
    assert "1A00; its axes are infectiousAgent, associatedWith" in answer["message"]
    assert asked("$lookup", "1A00&XK9K")["resourceType"] == "OperationOutcome"


def test_a_repeated_extension_is_valid_with_a_remark_in_both_operations(asked: Validated) -> None:
    valid = asked("$validate-code", "1A00&XN8P1&XN8P1")
    assert ("warning", "XN8P1 is given twice") in told(valid)
    seen = values(asked("$lookup", "1A00&XN8P1&XN8P1"))
    assert seen["display"] == values(valid)["display"]
    assert seen["display"].count("[") == 1
    assert "given twice" in str(asked("$lookup", "1A00&XN8P1&XN8P1"))


def test_lookup_of_a_cluster_names_the_axis_left_out(asked: Validated) -> None:
    answer = asked("$lookup", "1A00&XN8P1")
    parts = [
        [next(iter(v for k, v in q.items() if k != "name")) for q in p["part"]]
        for p in answer["parameter"]
        if p["name"] == "property"
    ]
    named = {part[0]: part[1] for part in parts}
    assert named["complete"] is False
    assert named["missing-axis"] == "1A00: associatedWith"
