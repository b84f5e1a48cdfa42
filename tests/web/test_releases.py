"""Release diff over HTTP."""

from __future__ import annotations

from tests.client import Client


def test_a_diff_lists_added_deleted_and_retitled(client: Client) -> None:
    diff = client.get("/api/v1/releases/icd-10-cm/diff?from=2026&to=2027").json
    assert (diff["from"], diff["to"]) == ("2026", "2027")
    assert [c["code"] for c in diff["added"]["items"]] == ["E11.A"]
    assert diff["added"]["billable"] == 1
    assert diff["added"]["items"][0]["related"][0]["previous"] == "E11.8"
    assert [c["code"] for c in diff["deleted"]["items"]] == ["E11.8"]
    assert [c["code"] for c in diff["retitled"]["items"]] == ["S52.501A"]
    assert diff["billable_changes"]["total"] == 0


def test_a_diff_of_an_unknown_release_names_those_loaded(client: Client) -> None:
    answer = client.get("/api/v1/releases/icd-10-cm/diff?from=2020&to=2027")
    assert answer.status_code == 404
    assert answer.json["loaded"] == ["2026", "2027"]


def test_a_diff_needs_both_releases(client: Client) -> None:
    answer = client.get("/api/v1/releases/icd-10-cm/diff?from=2026")
    assert (answer.status_code, answer.json["parameter"]) == (400, "to")
