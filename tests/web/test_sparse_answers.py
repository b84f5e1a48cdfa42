"""``fields=`` leaves out of an answer what a client does not want."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client import Client, client_of
from web.app import create_app


@pytest.fixture
def client(small_bundle: Path) -> Client:
    """A client that takes answers as they come: sparse ones lack members that are always there."""
    return client_of(create_app(small_bundle))


def test_an_answer_has_the_members_that_are_wanted_and_no_others(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-10-cm/E11.9?fields=code,title,path.code").json
    assert answer == {
        "code": "E11.9",
        "title": "Type 2 diabetes mellitus without complications",
        "path": [{"code": "4"}, {"code": "E08-E13"}, {"code": "E11"}],
    }


def test_lists_are_gone_through(client: Client) -> None:
    answer = client.get("/api/v1/search?q=diabetes&fields=total,results.code").json
    assert set(answer) == {"total", "results"}
    assert all(set(result) == {"code"} for result in answer["results"])


def test_batches_are_answered_sparsely_with_their_errors(client: Client) -> None:
    body = {"system": "icd-10-cm", "codes": ["E11.9", "nonsense"]}
    address = "/api/v1/crosswalk?fields=results.source.code,results.targets.expression,results.error.detail"
    first, second = client.post(address, json=body).json["results"]
    assert first == {"source": {"code": "E11.9"}, "targets": [{"expression": "5A11"}]}
    assert set(second["error"]) == {"detail"}


@pytest.mark.parametrize("fields", ["colour", "path.colour", "code.colour", "", "code,,title"])
def test_a_member_that_is_none_is_an_error_that_names_those_there_are(client: Client, fields: str) -> None:
    refused = client.get(f"/api/v1/codes/icd-10-cm/E11.9?fields={fields}")
    assert (refused.status_code, refused.json["parameter"]) == (400, "fields")
    assert "there are: " in refused.json["detail"]


def test_a_sparse_answer_has_its_tag(client: Client) -> None:
    answer = client.get("/api/v1/systems?fields=systems.id")
    assert answer.json["systems"][0] == {"id": "icd-10-cm"}
    assert answer.headers["ETag"].startswith('W/"')


def test_a_question_what_is_allowed_is_answered_whatever_fields_it_has(client: Client) -> None:
    assert client.options("/api/v1/codes/icd-10-cm/E11.9?fields=colour").status_code == 200
