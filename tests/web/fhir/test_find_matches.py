"""CodeSystem/$find-matches: codes by their properties."""

from __future__ import annotations

import pytest

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11, TREES, TREES_URL, parameters


def matches(ask: Ask, system: str, *wanted: tuple[str, object], **inputs: object) -> list[Json]:
    """Return the parts of each match by name; ``unmatched`` as the codes of its properties."""
    return read(ask("/CodeSystem/$find-matches", body(system, *wanted, **inputs)))


def body(system: str, *wanted: tuple[str, object], **inputs: object) -> Json:
    made = parameters(TREES, system=system, **inputs)
    for code, value in wanted:
        kind = "valueBoolean" if isinstance(value, bool) else "valueString"
        parts = [{"name": "code", "valueCode": code}, {"name": "value", kind: value}]
        made["parameter"].append({"name": "property", "part": parts})
    return made


def read(answer: Json) -> list[Json]:
    found = []
    for parameter in answer.get("parameter", ()):
        match: Json = {"unmatched": []}
        for part in parameter["part"]:
            if part["name"] == "unmatched":
                match["unmatched"].append(part["part"][0]["valueCode"])
            else:
                match[part["name"]] = part.get("valueCoding", part.get("valueString"))
        found.append(match)
    return found


def test_all_properties_are_had_by_an_exact_match(ask: Ask) -> None:
    found = matches(ask, CM, ("billable", True), ("parent", "E11"), exact=True)
    assert [m["code"]["code"] for m in found] == ["E11.9", "E11.A"]
    assert found[0]["code"] == {
        "system": CM,
        "version": "2027",
        "code": "E11.9",
        "display": "Type 2 diabetes mellitus without complications",
    }


def test_a_name_is_compared_whole_when_the_match_is_exact(ask: Ask) -> None:
    found = matches(ask, CM, ("display", "type 2 diabetes mellitus"), exact=True)
    assert [m["code"]["code"] for m in found] == ["E11"]


def test_a_name_is_searched_for_when_it_is_not(ask: Ask) -> None:
    found = matches(ask, CM, ("display", "diabetes type 2"), ("billable", True), exact=False)
    assert {m["code"]["code"] for m in found} == {"E11.9", "E11.A"}


def test_what_a_near_match_has_not_is_told(ask: Ask) -> None:
    found = matches(ask, TREES_URL, ("leaf", "lobed"), ("status", "retired"), exact=False)
    assert {(m["code"]["code"], *m["unmatched"]) for m in found} == {
        ("oak", "status"),
        ("oak-red", "status"),
        ("broad", "leaf"),
    }
    assert matches(ask, TREES_URL, ("leaf", "lobed"), ("status", "retired"), exact=True) == []


def test_an_extension_code_is_had_by_an_expression_where_those_are_wanted(ask: Ask) -> None:
    wanted = (("display", "fracture of lower end of radius"), ("laterality", "XK9K"))
    found = matches(ask, ICD11, *wanted, exact=True, compositional=True)
    assert [m["code"]["code"] for m in found] == ["NC32.5&XK9K"]


def test_words_that_the_search_made_no_use_of_are_told(ask: Ask) -> None:
    found = matches(ask, CM, ("display", "fracture zyxwv"), exact=False)
    assert "zyxwv" in found[0]["comment"]


@pytest.mark.parametrize(
    ("made", "status", "said"),
    [
        (parameters(system=CM, exact=True), 400, "one property"),
        (body(CM, ("billable", True)), 400, "exact"),
        (body(CM, ("colour", "red"), exact=True), 422, "colour"),
        (parameters(system=CM, exact=True, property=["E11"]), 400, "code and value"),
    ],
)
def test_what_cannot_be_matched_is_refused(ask: Ask, made: Json, status: int, said: str) -> None:
    answer = ask("/CodeSystem/$find-matches", made, status)
    assert said in answer["issue"][0]["details"]["text"]


def test_too_many_exact_matches_are_refused(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.fhir.operations.find_matches.MOST_MATCHES", 1)
    answer = ask("/CodeSystem/$find-matches", body(CM, ("billable", True), exact=True), 422)
    assert answer["issue"][0]["code"] == "too-costly"
    found = matches(ask, CM, ("billable", True), exact=False)
    assert (len(found), "codes that match as well" in found[0]["comment"]) == (1, True)
