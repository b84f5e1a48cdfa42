"""Search and typeahead over HTTP."""

from __future__ import annotations

import pytest

from tests.client import Client


def test_words_find_codes_with_the_reason(client: Client) -> None:
    answer = client.get("/api/v1/search?q=type+2+diabetes").json
    first = answer["results"][0]
    assert first["code"] in ("E11.9", "E11", "5A11")
    assert first["matched_on"]
    assert "<mark>" in first["highlight"]
    assert answer["total"] >= len(answer["results"])


def test_a_system_filter_leaves_only_that_system(client: Client) -> None:
    answer = client.get("/api/v1/search?q=diabetes&system=icd-11").json
    assert {r["system"] for r in answer["results"]} == {"icd-11"}


def test_a_code_is_a_query(client: Client) -> None:
    assert client.get("/api/v1/search?q=e119").json["results"][0]["code"] == "E11.9"


def test_pages_do_not_overlap(client: Client) -> None:
    pages = [client.get(f"/api/v1/search?q=diabetes&limit=1&offset={n}").json["results"] for n in (0, 1)]
    assert pages[0][0] != pages[1][0]


def test_suggest_completes_the_last_word(client: Client) -> None:
    answer = client.get("/api/v1/suggest?q=diab").json
    assert 1 <= len(answer["results"]) <= 10
    assert set(answer["results"][0]) == {"system", "code", "title"}


@pytest.mark.parametrize(
    "query",
    [
        "the of and",
        "*",
        "AND OR NOT",
        "((((",
        '"',
        "'; DROP TABLE concept; --",
        ".*+?[a-z]{1,9}",
        "\u202eabc",
        "%00",
    ],
)
def test_any_text_gets_an_answer_or_a_problem(client: Client, query: str) -> None:
    for path in ("search", "suggest"):
        answer = client.get(f"/api/v1/{path}", query_string={"q": query})
        assert answer.status_code in (200, 400), answer.json


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "q"),
        ("q=x&system=icd-9", "system"),
        ("q=x&limit=501", "limit"),
        ("q=x&billable=perhaps", "billable"),
        ("q=x&kind=nonsense", "kind"),
        ("q=x&setting=nowhere", "setting"),
        ("q=" + "a" * 10_001, "q"),
    ],
)
def test_a_wrong_parameter_is_named(client: Client, query: str, parameter: str) -> None:
    answer = client.get(f"/api/v1/search?{query}")
    assert answer.status_code in (400, 404)
    assert answer.json["parameter"] == parameter


def test_a_release_filter_finds_what_that_release_held(client: Client) -> None:
    def codes(options: str) -> set[str]:
        results = client.get(f"/api/v1/search?q=diabetes&system=icd-10-cm{options}").json["results"]
        return {result["code"] for result in results}

    assert "E11.A" in codes("")
    assert "E11.8" not in codes("")
    assert "E11.8" in codes("&release=2026")
    assert "E11.A" not in codes("&release=2026")


def test_a_retired_code_is_found_only_in_its_release(client: Client) -> None:
    now = client.get("/api/v1/search?q=E11.8&system=icd-10-cm").json["results"]
    assert "E11.8" not in [result["code"] for result in now]
    found = client.get("/api/v1/search?q=E11.8&system=icd-10-cm&release=2026").json["results"][0]
    assert (found["code"], found["release"]) == ("E11.8", "2026")


@pytest.mark.parametrize("options", ["release=2026", "system=icd-10-cm&release=1999"])
def test_a_release_needs_its_system_and_must_be_loaded(client: Client, options: str) -> None:
    answer = client.get(f"/api/v1/search?q=diabetes&{options}")
    assert answer.status_code in (400, 404)
    assert answer.json["parameter"] == "release"


@pytest.mark.parametrize("path", ["search", "suggest"])
def test_a_retired_code_typed_exactly_is_pointed_at_with_its_successor(client: Client, path: str) -> None:
    (gone,) = client.get(f"/api/v1/{path}?q=e11.8").json["retired"]
    assert (gone["code"], gone["ended"]) == ("E11.8", "2026-09-30")
    assert [s["code"] for s in gone["successors"]] == ["E11.A"]
    assert client.get(f"/api/v1/{path}?q=e11.9").json["retired"] == []


def test_search_says_what_it_did_not_use_and_what_it_read_as_denied(client: Client) -> None:
    answer = client.get("/api/v1/search?q=diabetes zzyzx, denies fever").json
    assert answer["unused_words"] == ["zzyzx"]
    assert answer["denied"] == ["fever"]


def test_one_code_is_given_with_its_grade(client: Client) -> None:
    answer = client.get("/api/v1/autocode?q=E11.9").json
    assert (answer["match"], answer["result"]["code"]) == ("exact", "E11.9")


def test_no_code_is_given_for_what_is_only_denied(client: Client) -> None:
    answer = client.get("/api/v1/autocode?q=no diabetes").json
    assert (answer["match"], answer["result"]) == ("none", None)
    assert answer["denied"] == ["diabetes"]


def test_a_highlight_is_plain_text_when_that_is_asked_for(client: Client) -> None:
    first = client.get("/api/v1/search?q=type+2+diabetes&highlight=text").json["results"][0]
    assert "<mark>" not in first["highlight"]
    assert "Diabetes" in first["highlight"] or "diabetes" in first["highlight"]
    refused = client.get("/api/v1/search?q=diabetes&highlight=bold")
    assert (refused.status_code, refused.json["parameter"]) == (400, "highlight")


def test_typeahead_has_pages_that_do_not_overlap(client: Client) -> None:
    whole = client.get("/api/v1/suggest?q=diab&limit=100").json
    assert whole["total"] == len(whole["results"]) > 2
    pages = [client.get(f"/api/v1/suggest?q=diab&limit=2&offset={at}").json for at in range(0, 8, 2)]
    assert all(page["total"] == whole["total"] for page in pages)
    assert [row for page in pages for row in page["results"]] == whole["results"][:8]


def test_autocode_and_typeahead_take_a_release(client: Client) -> None:
    coded = client.get("/api/v1/autocode?q=type 2 diabetes without complications&release=2026").json
    assert (coded["result"]["code"], coded["result"]["release"]) == ("E11.9", "2026")
    offered = client.get("/api/v1/suggest?q=type 2 diab&system=icd-10-cm&release=2026").json
    assert "E11.9" in [each["code"] for each in offered["results"]]
    assert client.get("/api/v1/suggest?q=diab&system=icd-10-cm&release=1999").json["status"] == 404
    refused = client.get("/api/v1/suggest?q=diab&release=2026").json
    assert (refused["status"], refused["parameter"]) == (400, "release")


def test_typeahead_of_a_release_leaves_out_what_it_has_not(client: Client) -> None:
    older, newer = (
        {
            each["code"]
            for each in client.get(f"/api/v1/suggest?q=E11&system=icd-10-cm&release={r}").json["results"]
        }
        for r in ("2026", "2027")
    )
    assert older - newer == {"E11.8"}
