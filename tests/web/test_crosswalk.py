"""The crosswalk and cluster validation over HTTP."""

from __future__ import annotations

from typing import Any

import pytest

from tests.client import Client


def test_an_icd10cm_code_becomes_an_icd11_code(client: Client) -> None:
    answer = client.get("/api/v1/crosswalk/icd-10-cm/e119").json
    assert answer["source"]["code"] == "E11.9"
    assert answer["target"] == {"system": "icd-11", "release": "2025-01"}
    best = answer["targets"][0]
    assert (best["rank"], best["expression"], best["stem"]) == (1, "5A11", "5A11")
    assert best["provenance"]
    assert 0 <= best["confidence"] <= 1


def test_a_code_only_an_older_release_has_is_mapped_too(client: Client) -> None:
    assert client.get("/api/v1/crosswalk/icd-10-cm/E11.8").status_code == 404
    answer = client.get("/api/v1/crosswalk/icd-10-cm/E11.8?release=2026").json
    assert answer["source"]["release"] == "2026"


def test_a_chapter_has_no_crosswalk(client: Client) -> None:
    answer = client.get("/api/v1/crosswalk/icd-10-cm/E08-E13")
    assert answer.status_code == 404
    assert "block" in answer.json["detail"]


def test_who_tables_answer_for_icd10(client: Client) -> None:
    answer = client.get("/api/v1/crosswalk/icd-10/E11.9").json
    assert [t["expression"] for t in answer["targets"]] == ["5A11"]
    assert answer["targets"][0]["confidence"] is None
    assert "row 2" in answer["targets"][0]["provenance"][0]["source"]


def test_the_crosswalk_is_read_backwards(client: Client) -> None:
    answer = client.get("/api/v1/crosswalk/icd-11/5A11?target=icd-10-cm").json
    assert "E11.9" in [t["expression"] for t in answer["targets"]]
    assert answer["target"]["system"] == "icd-10-cm"


def test_a_batch_answers_each_code_in_order(client: Client) -> None:
    asked = {"system": "icd-10-cm", "target": "icd-11", "codes": ["E11.9", "nonsense", "E11"]}
    results = client.post("/api/v1/crosswalk", json=asked).json["results"]
    assert [r["source"]["code"] for r in results] == ["E11.9", "nonsense", "E11"]
    assert "no code 'nonsense'" in results[1]["error"]["detail"]
    single = client.get("/api/v1/crosswalk/icd-10-cm/E11.9").json
    assert results[0] == single


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"codes": ["E11.9"]}, "system"),
        ({"system": "icd-10-cm"}, "codes"),
        ({"system": "icd-10-cm", "codes": []}, "codes"),
        ({"system": "icd-10-cm", "codes": ["E11"] * 10_001}, "codes"),
        ({"system": "hcpcs", "codes": ["J1885"]}, "system"),
        ({"system": "icd-10-cm", "target": "hcpcs", "codes": ["E11"]}, "target"),
        ({"system": "icd-10-cm", "release": "1999", "codes": ["E11"]}, "release"),
    ],
)
def test_a_wrong_batch_is_a_problem(client: Client, body: dict[str, object], parameter: str) -> None:
    answer = client.post("/api/v1/crosswalk", json=body)
    assert answer.status_code in (400, 404)
    assert answer.json["parameter"] == parameter


def test_a_body_that_is_not_json_is_a_problem(client: Client) -> None:
    answer = client.post("/api/v1/crosswalk", data="{", content_type="application/json")
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def test_a_valid_cluster_is_described(client: Client) -> None:
    answer = client.post("/api/v1/clusters/validate", json={"expression": "nc32.5&xk9k"}).json
    assert (answer["valid"], answer["complete"], answer["normalised"]) == (True, True, "NC32.5&XK9K")
    group = answer["parsed"]["groups"][0]
    assert group["extensions"] == [{"code": "XK9K", "title": "Right"}]


@pytest.mark.parametrize(("expression", "position"), [("NC32.5&", 6), ("XK9K", 0), ("NC32.5&9Z99", 7)])
def test_an_invalid_cluster_says_where(client: Client, expression: str, position: int) -> None:
    answer = client.post("/api/v1/clusters/validate", json={"expression": expression}).json
    assert answer["valid"] is False
    assert answer["issues"][0]["position"] == position


def test_an_error_in_a_batch_carries_what_the_single_error_carries(client: Client) -> None:
    for code in ("E11.8", "Q99.99Q"):
        single = client.get(f"/api/v1/crosswalk/icd-10-cm/{code}?date=2026-11-02").json
        batch = {"system": "icd-10-cm", "date": "2026-11-02", "codes": [code]}
        (result,) = client.post("/api/v1/crosswalk", json=batch).json["results"]
        assert result["error"] == single


def test_a_cluster_and_a_uri_are_asked_for_in_the_query(client: Client) -> None:
    back = client.get("/api/v1/crosswalk/icd-11?expression=NC32.5%26XK9K&target=icd-10-cm")
    assert [target["expression"] for target in back.json["targets"]] == ["S52.501A"]
    uri = "http://id.who.int/icd/release/11/mms/119724091"
    assert client.get("/api/v1/codes/icd-11", query_string={"code": uri}).json["code"] == "5A11"
    assert client.get("/api/v1/codes/icd-11").status_code == 400


def test_whos_tables_say_that_they_map_no_clusters(client: Client) -> None:
    answer = client.get("/api/v1/crosswalk/icd-11/NC32.5%26XK9K")
    assert answer.status_code == 404
    assert "target=icd-10-cm" in answer.json["detail"]


def test_a_cluster_is_described_in_words_with_its_axes(client: Client) -> None:
    told = client.get("/api/v1/clusters/describe?expression=NC32.5%26XK9K").json
    assert told["description"] == "Fracture of lower end of radius [Right]"
    assert told["axes"] == []


def test_a_batch_goes_on_behind_an_expression_that_is_none(client: Client) -> None:
    asked = {"system": "icd-11", "target": "icd-10-cm", "codes": ["5A11&&", "5A11", "5A1"]}
    broken, good, unknown = client.post("/api/v1/crosswalk", json=asked).json["results"]
    assert (broken["error"]["status"], broken["error"]["position"]) == (400, 5)
    assert good["targets"]
    alone = client.get("/api/v1/crosswalk/icd-11/5A1?target=icd-10-cm").json
    assert unknown["error"] == alone


def test_an_error_of_a_batch_says_where_else_a_code_is(client: Client) -> None:
    (result,) = client.post("/api/v1/crosswalk", json={"system": "icd-10-cm", "codes": ["E11.8"]}).json[
        "results"
    ]
    assert result["error"] == client.get("/api/v1/crosswalk/icd-10-cm/E11.8").json


def test_the_source_is_of_the_release_that_is_asked_for(client: Client) -> None:
    def source(query: str) -> Any:
        return client.get(f"/api/v1/crosswalk/icd-10-cm/E11.9{query}").json["source"]

    assert source("?date=2026-09-30")["release"] == source("?release=2026")["release"] == "2026"
    assert source("?date=2026-10-01")["release"] == source("?release=2027")["release"] == "2027"
