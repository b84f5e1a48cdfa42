"""$closure: a client's table of what lies below what, told in parts."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.client import client_of
from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11, TREES, TREES_URL, parameters
from web import closure_tables
from web.app import create_app
from web.closure_tables import ClosureTable, ClosureTables
from web.settings import Settings


def concepts(system: str, *codes: str) -> list[Json]:
    return [{"system": system, "code": code} for code in codes]


def asked(
    ask: Ask, name: str, *codes: Json, status: int = 200, base: str = "/fhir/r4", **more: object
) -> Json:
    body = parameters(*more.pop("resources", ()), name=name, concept=list(codes), **more)  # type: ignore[misc]
    return ask("/$closure", body, status, base)


def told(found: Json, word: str = "equivalence") -> set[tuple[str, str, str]]:
    """Return code, relation and the code above of a closure's ConceptMap."""
    return {
        (element["code"], target[word], target["code"])
        for group in found.get("group", ())
        for element in group["element"]
        for target in element["target"]
    }


def test_a_table_is_told_in_parts_each_relation_once(ask: Ask) -> None:
    begun = asked(ask, "parts")
    assert (begun["resourceType"], begun["version"], "group" in begun) == ("ConceptMap", "0", False)
    first = asked(ask, "parts", *concepts(CM, "E11.9", "E11"))
    assert (told(first), first["version"]) == ({("E11.9", "subsumes", "E11")}, "1")
    second = asked(ask, "parts", *concepts(CM, "4", "E11.9", "E11.A"))
    assert told(second) == {
        ("E11", "subsumes", "4"),
        ("E11.9", "subsumes", "4"),
        ("E11.A", "subsumes", "4"),
        ("E11.A", "subsumes", "E11"),
    }


def test_what_was_told_is_told_again_from_a_version_on(ask: Ask) -> None:
    asked(ask, "again")
    asked(ask, "again", *concepts(CM, "E11.9", "E11"))
    asked(ask, "again", *concepts(CM, "E11.A"))
    assert told(asked(ask, "again", version="1")) == {("E11.A", "subsumes", "E11")}
    assert len(told(asked(ask, "again", version="0"))) == 2


def test_r5_has_words_and_versions_of_its_own(ask: Ask) -> None:
    asked(ask, "five", base="/fhir/r5")
    found = asked(ask, "five", *concepts(CM, "E11.9", "E11"), base="/fhir/r5")
    assert told(found, "relationship") == {("E11.9", "source-is-narrower-than-target", "E11")}
    assert found["group"][0]["source"] == f"{CM}|2027"


def test_expressions_lie_below_their_stems(ask: Ask) -> None:
    asked(ask, "expressions")
    found = asked(ask, "expressions", *concepts(ICD11, "5A11&XK9K", "5A11"))
    assert told(found) == {("5A11&XK9K", "subsumes", "5A11")}


def test_a_client_s_own_system_can_be_in_a_table(ask: Ask) -> None:
    asked(ask, "trees")
    found = asked(ask, "trees", *concepts(TREES_URL, "oak-red", "broad"), resources=(TREES,))
    assert told(found) == {("oak-red", "subsumes", "broad")}


@pytest.mark.parametrize(
    ("codes", "more", "status", "said"),
    [
        (concepts(CM, "E11"), {}, 404, "No closure table"),
        ([], {"version": "1"}, 404, "No closure table"),
        (concepts(CM, "E11"), {"version": "1"}, 400, "cannot stand beside"),
        ([{"code": "E11"}], {}, 400, "system and code"),
        (concepts(CM, "NONE"), {}, 404, "Unknown code"),
        (concepts("http://example.org/none", "a"), {}, 404, "could not be found"),
    ],
)
def test_what_cannot_be_added_is_refused(
    ask: Ask, codes: list[Json], more: Json, status: int, said: str
) -> None:
    answer = asked(ask, "never begun", *codes, status=status, **more)
    assert said in answer["issue"][0]["details"]["text"]


def test_a_table_holds_one_version_of_a_system(ask: Ask) -> None:
    asked(ask, "versions")
    asked(ask, "versions", *concepts(CM, "E11"))
    older = [{"system": CM, "code": "E11.9", "version": "2026"}]
    answer = asked(ask, "versions", *older, status=422)
    assert "must be reinitialized" in answer["issue"][0]["details"]["text"]


def test_a_table_of_another_bundle_must_be_begun_again(small_bundle: Path, tmp_path: Path) -> None:
    client = client_of(create_app(small_bundle, Settings(closures=str(tmp_path))))
    ClosureTables(tmp_path).write(ClosureTable("old", "another bundle"))
    answer = client.post("/fhir/r4/$closure", json=parameters(name="old", concept=concepts(CM, "E11")))
    assert (answer.status_code, "exchanged" in answer.text) == (422, True)


def test_tables_in_the_operator_s_folder_outlive_the_server(small_bundle: Path, tmp_path: Path) -> None:
    body = parameters(name="kept", concept=concepts(CM, "E11", "E11.9"))
    first = client_of(create_app(small_bundle, Settings(closures=str(tmp_path / "new"))))
    first.post("/fhir/r4/$closure", json=parameters(name="kept"))
    first.post("/fhir/r4/$closure", json=body)
    second = client_of(create_app(small_bundle, Settings(closures=str(tmp_path / "new"))))
    assert told(second.post("/fhir/r4/$closure", json=parameters(name="kept", version="0")).json)


def test_the_table_unused_longest_gives_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = ClosureTables(tmp_path)
    for name in ("first", "second"):
        tables.write(ClosureTable(name, "b"))
    files = list(tmp_path.glob("*.closure"))
    for path in files:
        os.utime(path, (1, 1))
    monkeypatch.setattr(closure_tables, "MOST_BYTES", sum(p.stat().st_size for p in files))
    tables.read("first")
    tables.write(ClosureTable("third", "b"))
    assert [tables.read(name) is None for name in ("first", "second", "third")] == [False, True, False]


def test_closure_is_asked_by_post_alone(ask: Ask) -> None:
    ask("/$closure", None, 405)
    entry = {"request": {"method": "GET", "url": "$closure?name=a"}}
    answer = ask("/", {"resourceType": "Bundle", "type": "batch", "entry": [entry]})
    assert answer["entry"][0]["response"]["status"] == "405 Method Not Allowed"
