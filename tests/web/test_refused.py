"""What is not understood is refused by its name and place: parameters, parts of a form, bodies."""

from __future__ import annotations

from io import BytesIO

import pytest

from tests.client import Client

_BATCH = {"system": "icd-10-cm", "codes": ["E11.9"]}


def test_a_parameter_given_twice_is_refused(client: Client) -> None:
    refused = client.get("/api/v1/codes/icd-10-cm/E11.9?date=2026-11-02&date=2027-11-02")
    assert (refused.status_code, refused.json["parameter"]) == (400, "date")
    assert "2 times" in refused.json["detail"]


@pytest.mark.parametrize("mimetype", ["text/plain", "application/x-www-form-urlencoded", "text/csv"])
@pytest.mark.parametrize("path", ["crosswalk", "codes/validate", "clusters/validate", "claims/check"])
def test_json_sent_as_another_type_is_told_to_be_named_as_json(
    client: Client, path: str, mimetype: str
) -> None:
    refused = client.post(f"/api/v1/{path}", data=b'{"codes": ["E11.9"]}', content_type=mimetype)
    assert refused.status_code == 415
    assert "application/json" in refused.json["detail"]


@pytest.mark.parametrize("path", ["crosswalk", "codes/validate", "claims/check", "claims/risk"])
def test_a_body_that_is_no_json_is_told_where_it_breaks(client: Client, path: str) -> None:
    refused = client.post(f"/api/v1/{path}", data=b'{"codes": [', content_type="application/json")
    assert (refused.status_code, refused.json["parameter"]) == (400, "body")
    assert "column" in refused.json["detail"]


def test_a_body_that_is_no_object_is_named_the_body(client: Client) -> None:
    refused = client.post("/api/v1/crosswalk", json=["E11.9"])
    assert (refused.status_code, refused.json["parameter"]) == (400, "body")


def test_an_item_of_the_wrong_type_is_named_by_its_place(client: Client) -> None:
    refused = client.post("/api/v1/codes/validate", json={**_BATCH, "codes": ["E11.9", 5, None]})
    assert refused.json["parameter"] == "codes[1]"
    assert "codes[2]" in refused.json["detail"]


def test_of_many_faults_the_first_are_named_and_the_rest_counted(client: Client) -> None:
    refused = client.post("/api/v1/codes/validate", json={**_BATCH, "codes": [5] * 500})
    assert refused.json["detail"].endswith("and 480 more")


def test_a_target_that_there_is_not_is_named_as_the_target(client: Client) -> None:
    refused = client.get("/api/v1/crosswalk/icd-10-cm/E11.9?target=snomed")
    assert (refused.status_code, refused.json["parameter"]) == (400, "target")
    assert "mapped to icd-11" in refused.json["detail"]


@pytest.mark.parametrize("part", [{"count_colum": "n"}, {"files": (BytesIO(b"code,n\nE11.9,7\n"), "v.csv")}])
def test_a_part_of_a_form_that_there_is_not_is_refused(client: Client, part: dict[str, object]) -> None:
    form = {"file": (BytesIO(b"code,n\nE11.9,7\n"), "volumes.csv"), **part}
    refused = client.post("/api/v1/impact", data=form, content_type="multipart/form-data")
    assert (refused.status_code, refused.json["parameter"]) == (400, next(iter(part)))


def test_an_empty_cell_of_a_batch_does_not_fail_the_rest(client: Client) -> None:
    results = client.post("/api/v1/crosswalk", json={**_BATCH, "codes": ["", "E11.9"]}).json["results"]
    assert [("error" in each) for each in results] == [True, False]
