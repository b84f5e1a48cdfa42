"""The operations: each with the name a generated client gives it, and an example that a test sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation's id, the parameters of its example by name, and the example's body."""

    id: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


_CODE = {"system": "icd-10-cm", "code": "E11.9", "date": "2026-11-02"}
_HEADING = {"system": "icd-10-cm", "code": "E11", "limit": 10}
_CLAIM = {
    "setting": "professional",
    "date_of_service": "2026-11-02",
    "patient": {"age": 58, "sex": "F"},
    "diagnoses": [{"code": "E11.9"}, {"code": "E11"}],
}
_STAY = {
    "setting": "inpatient",
    "admission_date": "2026-11-02",
    "discharge_date": "2026-11-05",
    "patient": {"age": 58, "sex": "F"},
    "diagnoses": [{"code": "E11.9", "poa": "Y"}],
}

#: By method and path.
OPERATIONS: Mapping[str, Operation] = {
    "GET /api/v1/systems": Operation("listSystems"),
    "GET /api/v1/progress/{request_id}": Operation("showProgress", {"request_id": "report-0c5e71"}),
    "GET /api/v1/codes/{system}/{code}": Operation("lookupCode", _CODE),
    "GET /api/v1/codes/{system}": Operation("lookupCodeByQuery", _CODE),
    "GET /api/v1/codes/{system}/{code}/children": Operation("listChildren", _HEADING),
    "GET /api/v1/codes/{system}/{code}/descendants": Operation("listDescendants", _HEADING),
    "GET /api/v1/codes/{system}/{code}/siblings": Operation("listSiblings", _HEADING),
    "GET /api/v1/codes/{system}/{code}/ancestors": Operation("listAncestors", _HEADING),
    "GET /api/v1/codes/{system}/{code}/references": Operation("listReferences", _HEADING),
    "GET /api/v1/codes/{system}/children": Operation("listChildrenByQuery", _HEADING),
    "GET /api/v1/codes/{system}/descendants": Operation("listDescendantsByQuery", _HEADING),
    "GET /api/v1/codes/{system}/siblings": Operation("listSiblingsByQuery", _HEADING),
    "GET /api/v1/codes/{system}/ancestors": Operation("listAncestorsByQuery", _HEADING),
    "GET /api/v1/codes/{system}/references": Operation("listReferencesByQuery", _HEADING),
    "GET /api/v1/tree/{system}": Operation("listChapters", {"system": "icd-11", "limit": 5}),
    "POST /api/v1/codes/validate": Operation(
        "validateCodes",
        body={"system": "icd-10-cm", "date": "2026-11-02", "codes": ["E11.9", "E11", "E11.8"]},
    ),
    "GET /api/v1/search": Operation(
        "searchCodes", {"q": "type 2 diabetes", "system": "icd-10-cm", "limit": 5}
    ),
    "GET /api/v1/autocode": Operation("autocode", {"q": "type 2 diabetes without complications"}),
    "GET /api/v1/suggest": Operation("suggestCodes", {"q": "type 2 dia", "system": "icd-10-cm"}),
    "GET /api/v1/index": Operation("listIndexBooks"),
    "GET /api/v1/index/{book}": Operation("readIndexBook", {"book": "diseases", "letter": "D"}),
    "GET /api/v1/crosswalk/{system}/{code}": Operation("mapCode", _CODE),
    "GET /api/v1/crosswalk/{system}": Operation(
        "mapExpression", {"system": "icd-11", "code": "NC32.5&XK9K", "target": "icd-10-cm"}
    ),
    "POST /api/v1/crosswalk": Operation(
        "mapCodes", body={"system": "icd-10-cm", "target": "icd-11", "codes": ["E11.9", "Q99.99Q"]}
    ),
    "POST /api/v1/clusters/validate": Operation("validateCluster", body={"expression": "NC32.5&XK9K"}),
    "GET /api/v1/clusters/describe": Operation("describeCluster", {"expression": "NC32.5&XK9K"}),
    "GET /api/v1/releases/{system}/diff": Operation(
        "compareReleases", {"system": "icd-10-cm", "from": "2026", "to": "2027"}
    ),
    "GET /api/v1/compare": Operation("compareCodeByQuery", {"code": "icd-10-cm|E11.9"}),
    "GET /api/v1/compare/{code}": Operation("compareCode", {"code": "E11.9", "settings": "inpatient,office"}),
    "POST /api/v1/impact": Operation("measureImpact", {"setting": "inpatient"}, "code,count\nE11.9,120\n"),
    "POST /api/v1/lists/survival": Operation("measureSurvival", body={"codes": ["E11", "I10"]}),
    "POST /api/v1/scenario": Operation(
        "reckonScenario",
        body={
            "stays": 20000,
            "minutes": 30,
            "wage": 35,
            "coders": 12,
            "training_hours": 40,
            "curve": [20],
        },
    ),
    "GET /api/v1/edits": Operation("listEdits"),
    "POST /api/v1/claims/check": Operation("checkClaims", body=_CLAIM),
    "POST /api/v1/claims/drg": Operation("estimateDrg", body=_STAY),
    "POST /api/v1/claims/risk": Operation(
        "estimateRisk", body={"age": 70, "sex": "F", "diagnoses": ["E11.9"]}
    ),
    "POST /api/v1/claims/amounts": Operation("estimateAmounts", body=_CLAIM),
    "GET /api/v1/ptp": Operation("lookupPair", {"a": "G0101", "b": "G0102", "date": "2026-11-02"}),
    "GET /api/v1/mue/{code}": Operation("lookupUnitLimit", {"code": "G0101", "date": "2026-11-02"}),
    "GET /api/v1/coverage/{hcpcs}": Operation(
        "lookupCoverage", {"hcpcs": "G0101", "dx": "E11.9", "date": "2026-11-02"}
    ),
    "GET /api/v1/denials/{carc}": Operation("explainDenial", {"carc": "11"}),
    "GET /healthz": Operation("isAlive"),
    "GET /readyz": Operation("isReady"),
    "GET /metrics": Operation("readMetrics"),
}
