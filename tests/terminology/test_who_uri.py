"""WHO URIs: one path for every form of the same entity."""

from __future__ import annotations

import pytest

from terminology.errors import InvalidRequestError
from terminology.who_uri import WhoUri, entity_path, is_classification_root, match_who_uri

ENTITY = "http://id.who.int/icd/entity/344162786"
MMS = "http://id.who.int/icd/release/11/mms/344162786"


@pytest.mark.parametrize(
    "text",
    [
        ENTITY,
        MMS,
        "https://id.who.int/icd/release/11/2025-01/mms/344162786",
        "http://id.who.int/icd/release/11/2018/mms/344162786",
        "https://icd.who.int/browse/latestrelease/mms/en#344162786",
        "https://icd.who.int/browse/2025-01/foundation/es#344162786",
        "https://icd.who.int/browse11/l-m/en#/http%3A%2F%2Fid.who.int%2Ficd%2Fentity%2F344162786",
        "https://icd.who.int/dev11/l-m/en#/http%3a%2f%2fid.who.int%2ficd%2fentity%2f344162786",
        f" {ENTITY} ",
    ],
)
def test_every_form_of_an_entity_has_one_path(text: str) -> None:
    assert entity_path(text) == "344162786"


@pytest.mark.parametrize(
    "text",
    [
        f"{MMS}/unspecified",
        "http://id.who.int/icd/release/11/2024-01/mms/344162786/unspecified",
        "https://icd.who.int/browse/latestrelease/mms/en#344162786%2Funspecified",
        "https://icd.who.int/dev11/l-m/en#/http%3A%2F%2Fid.who.int%2Ficd%2Fentity%2F344162786%2Fmms%2Funspecified",
    ],
)
def test_every_form_of_a_residual_keeps_its_suffix(text: str) -> None:
    found = match_who_uri(text)
    assert found is not None
    assert (found.path, found.linearization) == ("344162786/unspecified", "mms")


def test_a_uri_tells_its_release_and_linearization() -> None:
    assert match_who_uri("http://id.who.int/icd/release/11/2025-01/icf/7") == WhoUri(
        "7", None, "icf", "2025-01"
    )


def test_canonical_forms_have_no_release() -> None:
    plain, residual = WhoUri("7", release="2025-01"), WhoUri("7", "other")
    assert (plain.foundation, plain.mms) == (
        "http://id.who.int/icd/entity/7",
        "http://id.who.int/icd/release/11/mms/7",
    )
    assert (residual.foundation, residual.mms) == (None, "http://id.who.int/icd/release/11/mms/7/other")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No Mapping",
        "1A00",
        "http://id.who.int/icd/release/11/mms",
        "http://id.who.int/icd/release/10/2019/A00",
        "http://id.who.int/icd/entity/12/else",
        "http://id.who.int.example.org/icd/entity/12",
        "http://example.org/http://id.who.int/icd/entity/12",
    ],
)
def test_other_text_is_no_entity(text: str) -> None:
    assert match_who_uri(text) is None
    with pytest.raises(InvalidRequestError, match="not the URI of a WHO ICD-11 entity"):
        entity_path(text)


@pytest.mark.parametrize(
    ("uri", "root"),
    [
        ("http://id.who.int/icd/release/11/2025-01/mms", True),
        ("http://id.who.int/icd/release/11/mms", True),
        ("http://id.who.int/icd/entity", True),
        (ENTITY, False),
        (MMS, False),
    ],
)
def test_a_classification_is_told_from_its_entities(uri: str, root: bool) -> None:
    assert is_classification_root(uri) is root
