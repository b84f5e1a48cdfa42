"""Lookup and hierarchy over HTTP."""

from __future__ import annotations

import pytest

from tests.client import Client


@pytest.mark.parametrize("typed", ["E11.9", "e119", "E119", " e11.9 "])
def test_a_code_is_found_in_any_spelling(client: Client, typed: str) -> None:
    answer = client.get(f"/api/v1/codes/icd-10-cm/{typed}")
    assert answer.status_code == 200
    assert answer.json["code"] == "E11.9"
    assert answer.json["billable"] is True
    assert answer.json["parent"] == "E11"
    assert [step["code"] for step in answer.json["path"]] == ["4", "E08-E13", "E11"]


def test_the_default_release_is_the_newest_in_effect(client: Client) -> None:
    assert client.get("/api/v1/codes/icd-10-cm/E11.9").json["release"] == "2027"
    assert client.get("/api/v1/codes/icd-10-cm/E11.9?release=2026").json["release"] == "2026"


def test_the_days_of_a_code_are_its_own_not_those_of_its_edition(client: Client) -> None:
    old = client.get("/api/v1/codes/icd-10-cm/E11.8?release=2026").json
    assert (old["valid_from"], old["valid_from_known"], old["valid_to"]) == ("2017-10-01", True, "2026-09-30")
    oldest = client.get("/api/v1/codes/icd-10-cm/E11.9").json
    assert (oldest["valid_from"], oldest["valid_from_known"], oldest["valid_to"]) == (None, False, None)
    new = client.get("/api/v1/codes/icd-10-cm/E11.A").json
    assert (new["valid_from"], new["valid_from_known"], new["valid_to"]) == ("2026-10-01", True, None)
    (period,) = new["life"]
    assert (period["from"], period["to"], period["billable"]) == ("2026-10-01", None, True)
    assert period["source"] == "ICD-10-CM 2027"


def test_a_code_not_in_use_is_a_problem_that_says_what_is(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/E11.8")
    assert (answer.status_code, answer.json["type"]) == (404, "/docs#code-not-valid")
    assert (answer.json["code_status"], answer.json["ended"]) == ("retired", "2026-09-30")
    assert answer.json["successors"] == ["E11.A"]


def test_notes_of_the_headings_above_are_inherited_and_apart_from_own_ones(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/E11.9").json
    note = {"from": "E11", "kind": "excludes1", "text": "gestational diabetes (O24.4-)"}
    assert answer["inherited_notes"] == [note]
    assert answer["notes"]["excludes1"] == []
    assert client.get("/api/v1/codes/icd-10-cm/E11").json["inherited_notes"] == []


def test_every_kind_of_note_is_present_even_when_empty(client: Client) -> None:
    notes = client.get("/api/v1/codes/icd-10-cm/E11").json["notes"]
    assert notes["excludes1"] == ["gestational diabetes (O24.4-)"]
    assert notes["code_first"] == []


def test_seventh_characters_are_inherited(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/S52.501A").json
    assert [c["character"] for c in answer["seventh_characters"]] == ["A", "D"]
    assert client.get("/api/v1/codes/icd-10-cm/E11.9").json["seventh_characters"] == []


def test_index_terms_are_synonyms_with_their_book(client: Client) -> None:
    synonyms = client.get("/api/v1/codes/icd-10-cm/E11.9").json["synonyms"]
    assert synonyms == [
        {"text": "Diabetes, type 2", "source": "Index to Diseases and Injuries 2017", "language": "en"}
    ]


def test_the_releases_that_hold_a_code_are_listed(client: Client) -> None:
    assert client.get("/api/v1/codes/icd-10-cm/E11.9").json["releases"] == ["2026", "2027"]
    assert client.get("/api/v1/codes/icd-10-cm/E11.A").json["releases"] == ["2027"]


def test_an_icd11_entity_is_found_by_its_number(client: Client) -> None:
    assert client.get("/api/v1/codes/icd-11/119724091").json["code"] == "5A11"


def test_children_siblings_ancestors_and_descendants(client: Client) -> None:
    def codes(path: str) -> list[str]:
        answer = client.get(f"/api/v1/codes/icd-10-cm/{path}").json
        assert answer["total"] == len(answer["items"])
        return [item["code"] for item in answer["items"]]

    assert codes("E11/children") == ["E11.9", "E11.A"]
    assert codes("E11.9/siblings") == ["E11.A"]
    assert codes("4/siblings") == ["19"]
    assert codes("E11.9/ancestors") == ["4", "E08-E13", "E11"]
    assert codes("19/descendants") == ["S50-S59", "S52", "S52.5", "S52.501A"]


def test_a_page_of_descendants_keeps_the_total(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/19/descendants?limit=2&offset=1").json
    assert answer["total"] == 4
    assert [item["code"] for item in answer["items"]] == ["S52", "S52.5"]


def test_the_roots_are_the_chapters(client: Client) -> None:
    answer = client.get("/api/v1/tree/icd-11").json
    assert [item["code"] for item in answer["items"]] == ["05", "22", "X"]
    assert answer["items"][0]["children_count"] == 1


def test_an_unknown_code_is_a_problem_that_suggests_the_code_meant(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/E1I.9")
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "/docs#unknown-code"
    assert answer.json["parameter"] == "code"
    assert answer.json["suggestions"] == ["E11.9"]


def test_a_code_of_another_release_says_which(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/E11.8").json
    assert answer["elsewhere"] == ["2026"]
    assert "ended on 2026-09-30" in answer["detail"]


@pytest.mark.parametrize(
    ("path", "parameter"),
    [
        ("/api/v1/codes/icd-9/E11", "system"),
        ("/api/v1/codes/icd-10-cm/E11?release=1999", "release"),
        ("/api/v1/codes/icd-10-cm/E11/children?limit=0", "limit"),
        ("/api/v1/codes/icd-10-cm/E11/children?limit=501", "limit"),
        ("/api/v1/codes/icd-10-cm/E11/children?offset=-1", "offset"),
        ("/api/v1/codes/icd-10-cm/E11/children?limit=ten", "limit"),
    ],
)
def test_a_problem_names_the_parameter(client: Client, path: str, parameter: str) -> None:
    answer = client.get(path)
    assert answer.status_code in (400, 404)
    assert answer.json["parameter"] == parameter
    assert answer.json["status"] == answer.status_code


def test_who_names_a_code_in_a_note_is_a_page_of_notes(client: Client) -> None:
    assert client.get("/api/v1/codes/icd-10-cm/E11.9/references").json == {"total": 0, "items": []}


@pytest.mark.parametrize("walk", ["children", "descendants", "siblings", "ancestors", "references"])
def test_a_walk_starts_from_a_who_uri_too(client: Client, walk: str) -> None:
    uri = client.get("/api/v1/codes/icd-11/5A11").json["uri"]
    by_path = client.get(f"/api/v1/codes/icd-11/5A11/{walk}").json
    assert client.get(f"/api/v1/codes/icd-11/{walk}", query_string={"code": uri}).json == by_path
    assert client.get(f"/api/v1/codes/icd-11/{walk}").json["parameter"] == "code"


def test_a_comparison_takes_a_code_with_the_address_of_its_system(client: Client) -> None:
    named = {"code": "http://hl7.org/fhir/sid/icd-10-cm|E11.9"}
    assert client.get("/api/v1/compare", query_string=named).json == client.get("/api/v1/compare/E11.9").json


def test_a_cluster_is_a_concept_below_its_first_stem(client: Client) -> None:
    for address in ("/api/v1/codes/icd-11/5A11%26xk9k", "/api/v1/codes/icd-11?expression=5A11%26XK9K"):
        concept = client.get(address).json
        assert (concept["code"], concept["kind"], concept["parent"]) == ("5A11&XK9K", "cluster", "5A11")
        assert concept["title"] == "Type 2 diabetes mellitus [Right]"
        assert "no release lists it" in concept["notices"][0]


@pytest.mark.parametrize("walk", ["children", "descendants", "siblings", "ancestors", "references"])
def test_walks_take_a_cluster(client: Client, walk: str) -> None:
    for address in (f"5A11%26XK9K/{walk}", f"{walk}?code=5A11/5A11%26XK9K"):
        page = client.get(f"/api/v1/codes/icd-11/{address}").json
        last = page["items"][-1]["code"] if walk == "ancestors" else None
        assert (page["total"] > 0, last) == ((True, "5A11") if walk == "ancestors" else (False, None))


def test_a_cluster_that_is_not_valid_is_refused_where_it_breaks(client: Client) -> None:
    refused = client.get("/api/v1/codes/icd-11/5A11%26ZZ9")
    assert (refused.status_code, refused.json["position"]) == (400, 5)


def test_a_list_says_which_clusters_are_valid(client: Client) -> None:
    body = {"system": "icd-11", "codes": ["5A11&XK9K", "XK9K&5A11", "5A11/5A11&ZZ9"]}
    results = client.post("/api/v1/codes/validate", json=body).json["results"]
    assert [each["status"] for each in results] == ["valid", "not-found", "not-found"]
    assert "position 0" in results[1]["message"]
