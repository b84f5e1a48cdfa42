"""Saved ICD-API entities: what they say beyond the tabulation."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from loaders.icd11.icd_api import read_entities
from terminology.concept import Concept, Kind, Note, NoteKind, PostcoordinationAxis, Synonym
from terminology.errors import ReleaseFormatError

NAME = "icd11-api-entities.json"
MMS = "http://id.who.int/icd/release/11/2025-01/mms/"
ENTITY = "http://id.who.int/icd/entity/"


@pytest.fixture
def saved(fixtures: Path) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads((fixtures / "icd_api" / NAME).read_text("utf-8"))
    return loaded


def read(content: object) -> list[Concept]:
    return list(read_entities(BytesIO(json.dumps(content).encode()), NAME))


def by_uri(content: object) -> dict[str, Concept]:
    return {c.uri or c.foundation_uri or "": c for c in read(content)}


@pytest.fixture
def cholera(saved: list[dict[str, Any]]) -> Concept:
    return by_uri(saved)["http://id.who.int/icd/release/11/mms/257068234"]


@pytest.fixture
def fields(saved: list[dict[str, Any]]) -> dict[str, Any]:
    return saved[1]


def test_every_entity_but_the_classification_itself_is_a_concept(saved: list[dict[str, Any]]) -> None:
    assert [(c.code, c.kind) for c in read(saved)] == [
        ("1A00", Kind.STEM),
        ("01", Kind.CHAPTER),
        ("BlockL1-1A0", Kind.BLOCK),
        ("BlockL2-1A0", Kind.BLOCK),
        ("1A0Z", Kind.STEM),
        ("XN8P1", Kind.EXTENSION),
        ("437215757", Kind.BLOCK),
        ("257068234", Kind.CATEGORY),
    ]


def test_an_array_one_object_per_line_and_a_single_object_are_read_alike(saved: list[dict[str, Any]]) -> None:
    lines = "\n".join(json.dumps(entity) for entity in saved).encode()
    assert list(read_entities(BytesIO(lines), "entities.ndjson")) == read(saved)
    assert [c.code for c in read(saved[1])] == ["1A00"]


def test_uris_are_those_of_the_tabulation_whatever_the_release(cholera: Concept) -> None:
    assert cholera.uri == "http://id.who.int/icd/release/11/mms/257068234"
    assert cholera.foundation_uri == f"{ENTITY}257068234"
    assert cholera.properties["release"] == "2025-01"


def test_a_residual_has_no_foundation_uri(saved: list[dict[str, Any]]) -> None:
    residual = by_uri(saved)["http://id.who.int/icd/release/11/mms/135352227/unspecified"]
    assert (residual.foundation_uri, residual.properties["residual"]) == (None, "unspecified")


def test_parents_in_the_file_are_named_by_code_wherever_they_stand(saved: list[dict[str, Any]]) -> None:
    assert {c.code: c.parent for c in read(saved)} == {
        "1A00": "BlockL2-1A0",
        "01": None,
        "BlockL1-1A0": "01",
        "BlockL2-1A0": "BlockL1-1A0",
        "1A0Z": "BlockL2-1A0",
        "XN8P1": None,
        "437215757": None,
        "257068234": None,
    }


def test_a_parent_outside_the_file_is_named_by_its_uri(saved: list[dict[str, Any]]) -> None:
    extension = by_uri(saved)["http://id.who.int/icd/release/11/mms/194483911"]
    assert (extension.parent, extension.properties["parent_uri"]) == (None, f"{MMS}824826401")


def test_index_terms_are_synonyms_without_the_title_and_deprecated_ones(cholera: Concept) -> None:
    assert cholera.synonyms == (
        Synonym("invented inclusion", "ICD-API index term", "en"),
        Synonym("invented term of a foundation entity", "ICD-API index term", "en"),
    )


def test_inclusions_exclusions_and_the_coding_note_are_notes(cholera: Concept) -> None:
    assert cholera.notes == (
        Note(NoteKind.INCLUSION_TERM, "invented inclusion"),
        Note(NoteKind.EXCLUDES, "invented exclusion"),
        Note(NoteKind.CODING_NOTE, "Invented note: give the biovar where it is known."),
    )


def test_the_postcoordination_scale_becomes_axes(cholera: Concept) -> None:
    assert cholera.axes == (
        PostcoordinationAxis("infectiousAgent", False, "NotAllowed", (f"{MMS}194483911", f"{MMS}824826401")),
        PostcoordinationAxis(
            "associatedWith", True, "AllowAlways", (f"{MMS}1215034670", f"{MMS}1882742628/other")
        ),
    )


def test_a_foundation_entity_keeps_its_synonyms_and_says_what_it_is(saved: list[dict[str, Any]]) -> None:
    foundation = by_uri(saved)[f"{ENTITY}257068234"]
    assert foundation.synonyms == (Synonym("invented synonym", "ICD-API synonym", "en"),)
    assert (foundation.uri, foundation.properties["layer"]) == (None, "foundation")
    assert foundation.properties["parent_uri"] == f"{ENTITY}135352227 {ENTITY}1434523468"


def test_a_window_is_a_block_that_says_so(saved: list[dict[str, Any]]) -> None:
    window = by_uri(saved)["http://id.who.int/icd/release/11/mms/437215757"]
    assert (window.kind, window.properties["class_kind"]) == (Kind.BLOCK, "window")


def test_a_block_keeps_its_code_range_and_a_leaf_is_known(saved: list[dict[str, Any]]) -> None:
    found = {c.code: c.properties for c in read(saved)}
    assert found["BlockL2-1A0"]["code_range"] == "1A00-1A0Z"
    assert (found["BlockL2-1A0"]["leaf"], found["1A00"]["leaf"]) == ("False", "True")


def test_terms_and_titles_keep_their_language(fields: dict[str, Any]) -> None:
    spanish = {"label": {"@language": "es", "@value": "término inventado"}}
    title = {"@language": "es", "@value": "Cólera"}
    (concept,) = read({**fields, "title": title, "indexTerm": [spanish, {"label": title}]})
    assert concept.synonyms == (Synonym("término inventado", "ICD-API index term", "es"),)
    assert (concept.title, concept.properties["language"]) == ("Cólera", "es")


TERM_V1 = {"@language": "en", "@value": "term of version 1"}
SCALE = {
    "axisName": "http://id.who.int/icd/schema/laterality",
    "requiredPostcoordination": "false",
    "allowMultipleValues": "NotAllowed",
    "scaleEntity": [f"{MMS}876572005"],
}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"@id": "http://id.who.int/icd/release/11/2025-01/icf/7"}, "@id: expected the URI of an ICD-11 MMS"),
        ({"@id": None}, "@id: expected the URI of an ICD-11 MMS or foundation entity, found 'None'"),
        ({"title": None}, "257068234 title: expected @language and @value"),
        ({"title": {"@language": "en", "@value": " "}}, "257068234 title: expected a title, found none"),
        ({"code": ""}, "257068234 code: expected a code, found none"),
        ({"code": 7}, "257068234 code: expected text, found 7"),
        ({"classKind": "thing"}, "257068234 classKind: expected chapter, block, category or window"),
        ({"indexTerm": [TERM_V1]}, "257068234 indexTerm: expected @language and @value (ICD-API version 2)"),
        ({"indexTerm": ["term"]}, "257068234 indexTerm: expected a list of objects, found ['term']"),
        ({"parent": "one"}, "257068234 parent: expected a list of URIs, found 'one'"),
        ({"parent": [f"{MMS}1", f"{MMS}2"]}, "257068234 parent: expected the URI of one WHO entity"),
        ({"parent": ["http://example.org/1"]}, "257068234 parent: expected the URI of one WHO entity"),
        (
            {"postcoordinationScale": [{**SCALE, "axisName": ""}]},
            "257068234 axisName: expected the name of an axis",
        ),
        (
            {"postcoordinationScale": [{**SCALE, "requiredPostcoordination": "yes"}]},
            "257068234 requiredPostcoordination: expected true or false, found 'yes'",
        ),
        (
            {"postcoordinationScale": [{**SCALE, "allowMultipleValues": "Often"}]},
            "257068234 allowMultipleValues: expected AllowAlways or AllowedExceptFromSameBlock or NotAllowed",
        ),
        (
            {"postcoordinationScale": [{**SCALE, "scaleEntity": ["XK8G"]}]},
            "257068234 scaleEntity: expected URIs of WHO entities, found 'XK8G'",
        ),
    ],
)
def test_a_field_of_another_shape_is_an_error(
    fields: dict[str, Any], changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(ReleaseFormatError) as error:
        read({**fields, **changed})
    assert str(error.value).startswith(f"{NAME}, line 1, {message}")


def test_an_entity_saved_twice_is_an_error(fields: dict[str, Any]) -> None:
    twice = (json.dumps(fields) + "\n").encode() * 2
    with pytest.raises(
        ReleaseFormatError, match="line 2: expected an entity saved once, found 257068234, already on"
    ):
        list(read_entities(BytesIO(twice), NAME))
