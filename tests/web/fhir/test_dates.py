"""FHIR on a day: the version that counts where none is named, and what is said of codes not in use then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.checked_answers import checking_client
from tests.client import Client
from web.app import create_app

SYSTEM = "http://hl7.org/fhir/sid/icd-10-cm"
BEFORE, AFTER = "2026-09-30", "2026-10-01"


def parameters(client: Client, path: str, status: int = 200) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == status, answer.get_data(as_text=True)
    found = {}
    for one in answer.json.get("parameter", ()):
        found[one["name"]] = next((v for k, v in one.items() if k.startswith("value")), None)
    return found


@pytest.mark.parametrize(("day", "version"), [(BEFORE, "2026"), (AFTER, "2027"), ("2026-10", "2027")])
def test_lookup_answers_from_the_version_of_the_day(client: Client, day: str, version: str) -> None:
    path = f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=E11.9&date={day}"
    assert parameters(client, path)["version"] == version


def test_a_named_version_counts_whatever_the_day(client: Client) -> None:
    path = f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=E11.8&version=2026&date={AFTER}"
    assert parameters(client, path)["version"] == "2026"


def test_a_retired_code_is_told_in_the_words_of_every_other_face(client: Client) -> None:
    answer = client.get(f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=E11.8&date={AFTER}")
    assert answer.status_code == 404
    said = client.get(f"/api/v1/codes/icd-10-cm/E11.8?date={AFTER}").json["detail"]
    assert said in answer.get_data(as_text=True)


def test_validation_is_of_the_day(client: Client) -> None:
    path = f"/fhir/CodeSystem/$validate-code?url={SYSTEM}&code=E11.8&date="
    assert parameters(client, path + BEFORE)["result"] is True
    assert parameters(client, path + AFTER)["result"] is False


def test_an_expansion_holds_the_codes_of_the_day(client: Client) -> None:
    def codes(day: str) -> set[str]:
        path = f"/fhir/ValueSet/$expand?url={SYSTEM}?fhir_vs&date={day}&count=100"
        return {one["code"] for one in client.get(path).json["expansion"]["contains"]}

    assert "E11.8" in codes(BEFORE) and "E11.A" not in codes(BEFORE)
    assert "E11.A" in codes(AFTER) and "E11.8" not in codes(AFTER)


def test_pages_of_a_day_leave_out_what_began_later(client: Client) -> None:
    def expansion(count: int, offset: int = 0, more: str = "") -> Any:
        path = (
            f"/fhir/ValueSet/$expand?url={SYSTEM}?fhir_vs&date={BEFORE}&count={count}&offset={offset}{more}"
        )
        return client.get(path).json["expansion"]

    for more in ("", "&activeOnly=true"):
        whole = [one["code"] for one in expansion(100, more=more)["contains"]]
        paged = [expansion(1, n, more) for n in range(len(whole))]
        assert [page["contains"][0]["code"] for page in paged] == whole
        assert {page["total"] for page in paged} == {len(whole)}


def test_a_date_that_is_none_is_refused(client: Client) -> None:
    answer = client.get(f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=E11.9&date=soon")
    assert (answer.status_code, answer.json["resourceType"]) == (400, "OperationOutcome")


def test_a_translation_and_a_subsumption_are_of_the_day(client: Client) -> None:
    translated = f"/fhir/ConceptMap/$translate?sourceSystem={SYSTEM}&sourceCode=E11.8&date="
    assert parameters(client, translated + BEFORE)["result"] is True
    assert parameters(client, translated + AFTER)["result"] is False
    subsumed = f"/fhir/CodeSystem/$subsumes?system={SYSTEM}&codeA=E11&codeB=E11.8&date="
    assert parameters(client, subsumed + BEFORE)["outcome"] == "subsumes"
    assert client.get(subsumed + AFTER).status_code == 404


def test_a_code_of_the_version_that_began_after_the_day_is_not_found(dated_bundle: Path) -> None:
    dated = checking_client(create_app(dated_bundle))
    below = f"/fhir/CodeSystem/$subsumes?system={SYSTEM}&codeA=E11&codeB=E11.9&date="
    answer = dated.get(f"{below}2016-01-01")
    assert answer.status_code == 404
    assert "E11.9 is not yet valid on 2016-01-01: it begins on 2016-10-01" in answer.get_data(as_text=True)
    assert parameters(dated, f"{below}2017-01-01")["outcome"] == "subsumes"
    validated = f"/fhir/CodeSystem/$validate-code?url={SYSTEM}&code=E11.9&date="
    assert parameters(dated, f"{validated}2016-01-01")["result"] is False
    assert parameters(dated, f"{validated}2017-01-01")["result"] is True
    assert parameters(dated, f"/fhir/CodeSystem/$validate-code?url={SYSTEM}&code=E11.9&version=2026")[
        "result"
    ]


def test_subsumption_is_of_the_version_of_the_day(client: Client) -> None:
    asked = f"/fhir/CodeSystem/$subsumes?system={SYSTEM}&codeA=E11&codeB=E11.A&date="
    assert parameters(client, asked + AFTER)["outcome"] == "subsumes"
    assert client.get(asked + BEFORE).status_code == 404


def test_an_expansion_leaves_out_codes_of_the_version_that_began_after_the_day(dated_bundle: Path) -> None:
    dated = checking_client(create_app(dated_bundle))

    def expanded(query: str) -> tuple[int, list[str]]:
        path = f"/fhir/ValueSet/$expand?url={SYSTEM}?fhir_vs=isa/E11&{query}"
        found = dated.get(path).json["expansion"]
        return found["total"], [one["code"] for one in found.get("contains", ())]

    assert expanded("date=2016-01-01&count=10") == (2, ["E11", "E11.8"])
    assert expanded("date=2016-01-01&count=1&offset=1") == (2, ["E11.8"])
    assert expanded("date=2017-01-01&count=10") == (3, ["E11", "E11.9", "E11.8"])
    assert expanded("date=2016-01-01&count=10&filter=complications")[1] == []
    asked = f"/fhir/CodeSystem/$lookup?system={SYSTEM}&code=E11&property=child&date="
    assert "E11.9" not in dated.get(f"{asked}2016-01-01").text
    assert "E11.9" in dated.get(f"{asked}2017-01-01").text
