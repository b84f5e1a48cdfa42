"""Checking claims and lists of codes over HTTP."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from fhir.resources.operationoutcome import OperationOutcome

from terminology.bundle.assemble import write_library
from terminology.claims.edits import EDITS
from terminology.graph import TerminologyGraph
from tests.claim_library import claim_library
from tests.client import Client, client_of
from tests.mapped import add_mapped
from web.app import create_app

CLAIM: dict[str, Any] = {
    "setting": "professional",
    "diagnoses": [{"code": "E11.9"}, {"code": "E10.9"}],
    "date_of_service": "2026-08-15",
    "lines": [{"code": "G0447", "modifiers": ["RT"]}],
}


@pytest.fixture(scope="module")
def checking(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A client over the claim library with its crosswalk."""
    folder: Path = tmp_path_factory.mktemp("claims") / "bundle"
    folder.mkdir()
    library = claim_library()
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    return client_of(create_app(folder))


def test_a_claim_is_answered_by_its_report(checking: Client) -> None:
    answer = checking.post("/api/v1/claims/check", json=CLAIM)
    report = answer.get_json()
    (finding,) = [each for each in report["findings"] if each["edit"] == "dx.excludes1"]
    assert (answer.status_code, finding["dx"], finding["severity"]) == (200, [1, 2], "warning")
    assert finding["carc"] and finding["icd11"]["text"]
    assert report["checked"] and report["not_checked"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_several_claims_are_answered_in_order(checking: Client) -> None:
    claims = [{**CLAIM, "id": "one"}, {**CLAIM, "id": "two", "diagnoses": []}]
    results = checking.post("/api/v1/claims/check", json={"claims": claims}).get_json()["results"]
    assert [each["id"] for each in results] == ["one", "two"]
    assert "claim.missing_diagnosis" in [finding["edit"] for finding in results[1]["findings"]]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        (b"{", "body"),
        (b'{"setting": "hospice"}', "setting"),
        (
            b'{"claims": [{"setting": "dme", "lines": [{"code": "A1", "units": "x"}]}]}',
            "claims[1].lines[1].units",
        ),
    ],
)
def test_a_body_that_is_wrong_is_a_problem_that_names_the_field(
    body: bytes, parameter: str, checking: Client
) -> None:
    answer = checking.post("/api/v1/claims/check", data=body, content_type="application/json")
    assert (answer.status_code, answer.get_json()["parameter"]) == (400, parameter)


def test_a_body_of_another_type_is_refused(checking: Client) -> None:
    answer = checking.post("/api/v1/claims/check", data=b"E11.9", content_type="text/plain")
    assert "application/edi-x12" in answer.get_json()["detail"]


def test_an_x12_file_that_is_none_is_a_problem_with_its_place(checking: Client) -> None:
    answer = checking.post("/api/v1/claims/check", data=b"hello", content_type="application/edi-x12")
    assert answer.status_code == 400


def test_advice_on_request_is_asked_for_by_its_edit(checking: Client) -> None:
    claim = {**CLAIM, "diagnoses": ["K51.9"]}
    asked = checking.post("/api/v1/claims/check?request=dx.more_specific", json=claim).get_json()
    assert "dx.more_specific" in [finding["edit"] for finding in asked["findings"]]
    wrong = checking.post("/api/v1/claims/check?request=dx.nothing", json=claim)
    assert (wrong.status_code, wrong.get_json()["parameter"]) == (400, "request")


def test_what_no_table_can_answer_is_told_once(checking: Client) -> None:
    report = checking.post("/api/v1/claims/check", json=CLAIM).get_json()
    assert [each["edit"] for each in report["not_checked"]].count("eligibility") == 1


def test_every_edit_is_listed_with_its_tables_and_its_effect(checking: Client) -> None:
    answer = checking.get("/api/v1/edits").get_json()
    by_id = {each["edit"]: each for each in answer["edits"]}
    assert list(by_id) == [edit.id for edit in EDITS]
    assert all(each["icd11"]["effect"] for each in answer["edits"])
    flagged = by_id["dx.unspecified_code"]
    assert [(t["table"], t["release"], t["rows"]) for t in flagged["tables"]] == [
        ("mce_diagnosis", "v44", 16)
    ]
    assert by_id["dx.missing_7th"]["icd11"]["figures"][0]["count"] == 8
    assert answer["never_checked"]["inpatient"]


def test_a_list_of_codes_is_validated_on_a_day(checking: Client) -> None:
    asked = {"codes": ["E11.8", "e119", "S52", "zz"], "date": "2026-10-01"}
    results = checking.post("/api/v1/codes/validate", json=asked).get_json()["results"]
    assert [each["status"] for each in results] == ["retired", "valid", "not-billable", "not-found"]
    assert results[0]["suggestion"] == ["E11.A"]


def test_codes_of_a_list_may_each_have_a_day(checking: Client) -> None:
    asked = {"codes": ["E11.8"] * 3, "dates": ["2026-09-30", "2026-10-01", None], "date": "2026-09-01"}
    results = checking.post("/api/v1/codes/validate", json=asked).get_json()["results"]
    assert [each["status"] for each in results] == ["valid", "retired", "valid"]
    assert [each["on"] for each in results] == ["2026-09-30", "2026-10-01", "2026-09-01"]
    asked["dates"] = ["2026-09-30"]
    assert "give one for each" in checking.post("/api/v1/codes/validate", json=asked).get_json()["detail"]


def test_a_list_of_another_system_and_too_long_a_list_are_problems(checking: Client) -> None:
    assert checking.post("/api/v1/codes/validate", json={"system": "x", "codes": ["1"]}).status_code == 404
    assert checking.post("/api/v1/codes/validate", json={"codes": ["1"] * 10_001}).status_code == 400


FHIR_CLAIM: dict[str, Any] = {
    "resourceType": "Claim",
    "id": "c1",
    "type": {"coding": [{"code": "professional"}]},
    "billablePeriod": {"start": "2026-08-15", "end": "2026-08-15"},
    "diagnosis": [
        {
            "sequence": number,
            "diagnosisCodeableConcept": {
                "coding": [{"system": "http://hl7.org/fhir/sid/icd-10-cm", "code": code}]
            },
        }
        for number, code in ((2, "E10.9"), (1, "E11.9"))
    ],
}
FHIR = {"Accept": "application/fhir+json"}


def test_a_fhir_claim_has_the_findings_of_the_same_claim_as_json(checking: Client) -> None:
    same = {"setting": "professional", "diagnoses": ["E11.9", "E10.9"], "date_of_service": "2026-08-15"}
    plain = checking.post("/api/v1/claims/check", json=same).get_json()
    report = checking.post(
        "/api/v1/claims/check", json=FHIR_CLAIM, content_type="application/fhir+json"
    ).get_json()
    assert report["findings"] == plain["findings"]
    assert report["id"] == "c1"
    assert "no Patient" in report["not_checked"][0]["reason"]


def test_an_operation_outcome_points_into_the_resource(checking: Client) -> None:
    answer = checking.post("/api/v1/claims/check", json=FHIR_CLAIM, headers=FHIR)
    OperationOutcome.model_validate(answer.get_json())
    issues = answer.get_json()["issue"]
    (found,) = [issue for issue in issues if issue["details"]["coding"][0]["code"] == "dx.excludes1"]
    assert answer.mimetype == "application/fhir+json"
    assert found["severity"] == "warning"
    assert found["expression"] == ["Claim.diagnosis[1]", "Claim.diagnosis[0]"]
    assert "NCHS" in found["diagnostics"] or "Tabular" in found["diagnostics"]
    assert any(issue["details"]["text"].startswith("Not checked:") for issue in issues)


def test_several_claims_are_answered_by_a_bundle_and_errors_by_an_outcome(checking: Client) -> None:
    two = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": FHIR_CLAIM}] * 2}
    bundle = checking.post("/api/v1/claims/check", json=two, headers=FHIR).get_json()
    assert [e["response"]["outcome"]["resourceType"] for e in bundle["entry"]] == ["OperationOutcome"] * 2
    wrong = checking.post("/api/v1/claims/check", json={**FHIR_CLAIM, "type": {}}, headers=FHIR)
    assert (wrong.status_code, wrong.get_json()["resourceType"]) == (400, "OperationOutcome")
    assert "Claim.type" in wrong.text
