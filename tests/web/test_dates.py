"""Codes are asked for on a day: every address takes ``date``, and today's answers change with the day."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.checked_answers import checking_client
from tests.client import Client
from web.app import create_app

BEFORE, AFTER = "2026-09-30", "2026-10-01"
LOOKUP = "http://hl7.org/fhir/sid/icd-10-cm"
Travel = Callable[[str], None]


@pytest.fixture
def travel(monkeypatch: pytest.MonkeyPatch) -> Travel:
    """A function that makes another day today, wherever the program asks for it."""

    class Day(date):
        now = date(2026, 11, 2)

        @classmethod
        def today(cls) -> Any:
            return cls.now

    for name, module in list(sys.modules.items()):
        if (
            name.partition(".")[0] in ("web", "terminology", "indexes")
            and getattr(module, "date", None) is date
        ):
            monkeypatch.setattr(module, "date", Day)

    def to(day: str) -> None:
        Day.now = date.fromisoformat(day)

    return to


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/api/v1/codes/icd-10-cm/E11.8", "code"),
        ("/api/v1/codes/icd-10-cm/E11.8/children", "total"),
        ("/api/v1/codes/icd-10-cm/E11.8/ancestors", "total"),
        ("/api/v1/codes/icd-10-cm/E11.8/descendants", "total"),
        ("/api/v1/codes/icd-10-cm/E11.8/siblings", "total"),
        ("/api/v1/codes/icd-10-cm/E11.8/references", "total"),
        ("/api/v1/crosswalk/icd-10-cm/E11.8", "targets"),
        ("/api/v1/compare/E11.8", "facets"),
    ],
)
def test_a_retired_code_is_answered_on_its_last_day_and_refused_after(
    client: Client, path: str, key: str
) -> None:
    assert key in client.get(f"{path}?date={BEFORE}").json
    after = client.get(f"{path}?date={AFTER}")
    assert (after.status_code, after.json["code_status"]) == (404, "retired")
    assert after.json["successors"] == ["E11.A"]


def test_the_children_of_a_heading_are_those_of_the_day(client: Client) -> None:
    def children(day: str) -> list[str]:
        answer = client.get(f"/api/v1/codes/icd-10-cm/E11/children?date={day}").json
        return [item["code"] for item in answer["items"]]

    assert children(BEFORE) == ["E11.9", "E11.8"]
    assert children(AFTER) == ["E11.9", "E11.A"]


def test_a_list_of_codes_is_mapped_as_of_the_day(client: Client) -> None:
    def results(day: str) -> list[bool]:
        asked = {"system": "icd-10-cm", "codes": ["E11.8", "E11.A"], "date": day}
        return ["error" in one for one in client.post("/api/v1/crosswalk", json=asked).json["results"]]

    assert (results(BEFORE), results(AFTER)) == ([False, True], [True, False])
    asked = {"system": "icd-10-cm", "codes": ["E11.8"], "date": AFTER}
    (one,) = client.post("/api/v1/crosswalk", json=asked).json["results"]
    assert (one["error"]["code_status"], one["error"]["successors"]) == ("retired", ["E11.A"])


def test_search_and_typeahead_find_what_is_in_use_on_the_day(client: Client) -> None:
    for path in ("search", "suggest"):
        for day, found, other in ((BEFORE, "E11.8", "E11.A"), (AFTER, "E11.A", "E11.8")):
            answer = client.get(f"/api/v1/{path}?q=type 2 diabetes&system=icd-10-cm&date={day}").json
            codes = [result["code"] for result in answer["results"]]
            assert found in codes and other not in codes, (path, day)


def test_a_search_result_has_title_and_release_of_the_day(client: Client) -> None:
    def titles(day: str) -> set[tuple[str, str]]:
        answer = client.get(f"/api/v1/search?q=S52.501A&date={day}").json
        return {(result["release"], result["title"].split()[0]) for result in answer["results"]}

    assert titles(BEFORE) == {("2026", "Unsp")}
    assert titles(AFTER) == {("2027", "Unspecified")}


def test_a_date_that_is_none_and_a_date_beside_a_release_are_refused(client: Client) -> None:
    for path in ("codes/icd-10-cm/E11.9", "tree/icd-10-cm", "search", "crosswalk/icd-10-cm/E11.9"):
        query = "?q=diabetes&system=icd-10-cm&" if path == "search" else "?"
        assert client.get(f"/api/v1/{path}{query}date=2026-13-01").status_code == 400
        both = client.get(f"/api/v1/{path}{query}date={BEFORE}&release=2026")
        assert (both.status_code, both.json["parameter"]) == (400, "date"), path


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/systems?x=1",
        "/api/v1/codes/icd-10-cm/E11.9?dat=2026-01-01",
        "/api/v1/codes/icd-10-cm/E11/children?Limit=3",
        "/api/v1/tree/icd-10-cm?depth=2",
        "/api/v1/search?q=diabetes&year=2026",
        "/api/v1/suggest?q=dia&limits=3",
        "/api/v1/crosswalk/icd-10-cm/E11.9?to=icd-11",
        "/api/v1/compare/E11.9?setting=office",
        "/api/v1/releases/icd-10-cm/diff?from=2026&to=2027&x=1",
    ],
)
def test_an_unknown_parameter_is_an_error_and_not_ignored(client: Client, path: str) -> None:
    answer = client.get(path)
    name = path.rpartition("&" if "&" in path else "?")[2].partition("=")[0]
    assert (answer.status_code, answer.json["parameter"]) == (400, name)
    assert answer.mimetype == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/codes/icd-10-cm/E11.9",
        "/api/v1/crosswalk/icd-10-cm/E11.8",
        "/api/v1/tree/icd-10-cm",
        "/api/v1/search?q=diabetes&system=icd-10-cm",
        f"/fhir/CodeSystem/$lookup?system={LOOKUP}&code=E11.9",
    ],
)
def test_an_answer_kept_on_the_last_day_of_a_release_is_not_confirmed_on_the_next(
    client: Client, travel: Travel, path: str
) -> None:
    travel(BEFORE)
    kept = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": kept}).status_code == 304
    travel(AFTER)
    assert client.get(path, headers={"If-None-Match": kept}).status_code in (200, 404)


def test_an_answer_is_confirmed_on_days_that_change_nothing(client: Client, travel: Travel) -> None:
    path = "/api/v1/codes/icd-10-cm/E11.9"
    travel("2026-11-02")
    kept = client.get(path).headers["ETag"]
    travel("2026-11-20")
    assert client.get(path, headers={"If-None-Match": kept}).status_code == 304


@pytest.mark.parametrize("path", ["/api/v1/codes/icd-10-cm/E11.8", "/api/v1/crosswalk/icd-10-cm/E11.8"])
def test_a_code_does_not_stay_alive_because_it_was_asked_for_before(
    client: Client, travel: Travel, path: str
) -> None:
    travel(BEFORE)
    assert client.get(path).status_code == 200
    travel(AFTER)
    assert client.get(path).status_code == 404


def test_search_and_lookup_name_the_same_release_on_every_day(client: Client, travel: Travel) -> None:
    for day in (BEFORE, AFTER):
        travel(day)
        found = client.get("/api/v1/search?q=E11.9&system=icd-10-cm").json["results"][0]["release"]
        assert found == client.get("/api/v1/codes/icd-10-cm/E11.9").json["release"]


def test_an_answer_about_a_day_is_confirmed_when_today_changes(client: Client, travel: Travel) -> None:
    path = f"/api/v1/codes/icd-10-cm/E11.9?date={BEFORE}"
    travel(BEFORE)
    kept = client.get(path).headers["ETag"]
    travel(AFTER)
    assert client.get(path, headers={"If-None-Match": kept}).status_code == 304
    assert client.get(path).headers["ETag"] != client.get(path.replace(BEFORE, AFTER)).headers["ETag"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/codes/icd-10-cm/E11.8?release=2026",
        "/api/v1/crosswalk/icd-10-cm/E11.8?release=2026",
        "/api/v1/tree/icd-10-cm?release=2026",
        "/api/v1/search?q=E11.8&system=icd-10-cm&release=2026",
        "/api/v1/suggest?q=E11.8&system=icd-10-cm&release=2026",
    ],
)
def test_what_a_named_release_says_is_the_same_on_every_day(
    client: Client, travel: Travel, path: str
) -> None:
    travel(BEFORE)
    first = client.get(path)
    travel(AFTER)
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    said, again = first.json, client.get(path).json
    assert {**again, "took_ms": 0} == {**said, "took_ms": 0}


def test_a_code_is_retired_for_the_release_that_is_searched(client: Client) -> None:
    for release, ended in (("2026", []), ("2027", ["E11.8"])):
        answer = client.get(f"/api/v1/search?q=E11.8&system=icd-10-cm&release={release}").json
        assert [gone["code"] for gone in answer["retired"]] == ended


def test_search_narrows_by_the_flag_of_the_day(dated_bundle: Path) -> None:
    dated = checking_client(create_app(dated_bundle))

    def found(query: str) -> list[tuple[str, bool, str]]:
        answer = dated.get(f"/api/v1/search?q=S52.5&system=icd-10-cm&{query}")
        return [(r["code"], r["billable"], r["kind"]) for r in answer.get_json()["results"]]

    assert ("S52.5", True, "code") in found("date=2016-01-01&billable=true")
    assert ("S52.5", True, "code") in found("date=2016-01-01&kind=code")
    assert "S52.5" not in [code for code, _, _ in found("date=2016-01-01&billable=false")]
    assert ("S52.5", False, "category") in found("date=2019-01-01&billable=false")
    assert ("S52.5", False, "category") in found("release=2026&billable=false")
    words = "/api/v1/search?q=fracture of lower end of radius&system=icd-10-cm&date="
    (alone,) = dated.get(f"{words}2016-01-01").get_json()["results"]
    assert (alone["code"], alone["variants"]) == ("S52.5", [])
    assert dated.get(f"{words}2019-01-01").get_json()["results"][0]["code"] == "S52.501A"
    facets = dated.get("/api/v1/search?q=S52.5&date=2016-01-01").get_json()["facets"]
    assert facets["billable"] == {"true": 1} and facets["kind"] == {"code": 1}


def test_a_search_of_a_release_shows_its_own_titles(client: Client) -> None:
    for release, begins in (("2026", "Unsp"), ("2027", "Unspecified")):
        answer = client.get(f"/api/v1/search?q=S52.501A&system=icd-10-cm&release={release}").json
        assert [result["title"].split()[0] for result in answer["results"]] == [begins]


def test_sources_of_an_icd_11_code_that_are_not_in_use_say_so_and_come_last(client: Client) -> None:
    for day, ended in ((BEFORE, "E11.A"), (AFTER, "E11.8")):
        answer = client.get(f"/api/v1/crosswalk/icd-11/5A1Z?target=icd-10-cm&date={day}").json
        states = {
            t["expression"]: [s["detail"] for s in t["provenance"] if s["step"] == "life"]
            for t in answer["targets"]
        }
        assert ended in states and f"valid on {day}" in states[ended][0]
        assert not any(states[code] for code in states if code != ended)
        assert list(states)[-1] == ended


def test_search_says_of_a_code_that_no_release_has_that_it_is_valid_and_who_knows_it(
    dated_bundle: Path,
) -> None:
    dated = checking_client(create_app(dated_bundle))
    answer = dated.get("/api/v1/search?q=E11.7&date=2016-01-01").json
    assert (answer["results"], answer["did_you_mean"]) == ([], [])
    assert answer["not_loaded"].startswith("E11.7 is valid on 2016-01-01 (Medicare Code Editor v44")
    assert dated.get("/api/v1/search?q=E11.7&date=2019-01-01").json["not_loaded"] is None


def test_search_on_a_day_before_every_edition_says_which_edition_answers(client: Client) -> None:
    said = "no loaded release of ICD-10-CM was in force on 1990-01-01"
    answer = client.get("/api/v1/search?q=diabetes&system=icd-10-cm&date=1990-01-01").json
    assert [notice.partition(":")[0] for notice in answer["notices"]] == [said]
    assert said[1:] in client.get("/?q=diabetes&date=1990-01-01", headers={"Accept": "text/html"}).text
    assert client.get(f"/api/v1/search?q=diabetes&system=icd-10-cm&date={AFTER}").json["notices"] == []


def test_an_expression_is_read_by_the_release_of_a_day(client: Client) -> None:
    described = client.get("/api/v1/clusters/describe?expression=5A11&date=2026-11-02").json
    checked = client.post("/api/v1/clusters/validate", json={"expression": "5A11", "date": "2026-11-02"}).json
    assert (described["release"], checked["release"]) == ("2025-01", "2025-01")
    both = client.get("/api/v1/clusters/describe?expression=5A11&date=2026-11-02&release=2025-01")
    assert (both.status_code, both.json["parameter"]) == (400, "date")


def test_a_list_names_its_release_and_what_that_cannot_say_of_a_day(client: Client) -> None:
    now, before = (
        client.get(f"/api/v1/tree/icd-10-cm?date={day}").json for day in ("2026-11-02", "2025-01-01")
    )
    assert (now["release"], now["notices"]) == ("2027", [])
    assert (before["release"], len(before["notices"])) == ("2026", 1)
    assert "in force on 2025-01-01" in before["notices"][0]
    walked = client.get("/api/v1/codes/icd-10-cm/E11.9/ancestors?release=2026").json
    assert (walked["release"], walked["notices"]) == ("2026", [])
