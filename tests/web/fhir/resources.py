"""Resources as a client sends them along: small code systems, value sets and maps, written by hand."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
BASE = "http://example.org/fhir"
TREES_URL = f"{BASE}/CodeSystem/trees"
CM = "http://hl7.org/fhir/sid/icd-10-cm"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
ICD11 = "http://id.who.int/icd/release/11/mms"

TREES: Json = {
    "resourceType": "CodeSystem",
    "url": TREES_URL,
    "version": "0.1.0",
    "language": "en",
    "name": "Trees",
    "status": "active",
    "caseSensitive": True,
    "content": "complete",
    "property": [
        {"code": "leaf", "uri": f"{BASE}/leaf", "type": "code"},
        {"code": "status", "uri": "http://hl7.org/fhir/concept-properties#status", "type": "code"},
        {
            "code": "abstract",
            "uri": "http://hl7.org/fhir/concept-properties#notSelectable",
            "type": "boolean",
        },
    ],
    "concept": [
        {"code": "yew", "display": "Yew", "property": [{"code": "leaf", "valueCode": "needle"}]},
        {
            "code": "broad",
            "display": "Broadleaf tree",
            "definition": "A tree with flat leaves",
            "designation": [{"language": "de", "value": "Laubbaum"}],
            "property": [
                {"code": "abstract", "valueBoolean": True},
                {"code": "status", "valueCode": "retired"},
            ],
            "concept": [
                {
                    "code": "oak",
                    "display": "Oak",
                    "designation": [{"language": "de", "value": "Eiche"}],
                    "property": [{"code": "leaf", "valueCode": "lobed"}],
                    "concept": [
                        {
                            "code": "oak-red",
                            "display": "Red oak",
                            "property": [{"code": "leaf", "valueCode": "lobed"}],
                        }
                    ],
                },
                {"code": "beech", "display": "Beech", "property": [{"code": "leaf", "valueCode": "oval"}]},
            ],
        },
    ],
}


def valueset(name: str, compose: Json | None = None, **elements: object) -> Json:
    """Return a value set, all of the trees by default."""
    return {
        "resourceType": "ValueSet",
        "url": f"{BASE}/ValueSet/{name}",
        "version": "5.0.0",
        "name": name,
        "status": "active",
        "compose": compose or {"include": [{"system": TREES_URL}]},
        **elements,
    }


def filtered(prop: str, op: str, value: str) -> Json:
    """Return a value set of the trees that pass one filter."""
    include = {"system": TREES_URL, "filter": [{"property": prop, "op": op, "value": value}]}
    return valueset("filtered", {"include": [include]})


def versioned(version: str, *codes: str) -> Json:
    """Return one version of a code system whose displays name it."""
    return {
        "resourceType": "CodeSystem",
        "url": f"{BASE}/CodeSystem/versioned",
        "version": version,
        "name": "Versioned",
        "status": "active",
        "content": "complete",
        "concept": [{"code": code, "display": f"{code} ({version})"} for code in codes],
    }


VERSIONS = (versioned("1.0.0", "a", "b"), versioned("1.2.0", "a", "b", "c"))
VERSIONED_URL = f"{BASE}/CodeSystem/versioned"


def parameters(*resources: Json, **inputs: object) -> Json:
    """Return a Parameters resource: ``tx-resource`` for each resource, a parameter for each input.

    Text becomes ``valueString``, ``True`` ``valueBoolean``, a dict with codes a Coding or CodeableConcept;
    a name ending in ``_`` stands for one with hyphens.
    """
    listed: list[Json] = [{"name": "tx-resource", "resource": r} for r in resources]
    for name, value in inputs.items():
        values = value if isinstance(value, list) else [value]
        listed += [_parameter(name.replace("_", "-"), one) for one in values]
    return {"resourceType": "Parameters", "parameter": listed}


def _parameter(name: str, value: object) -> Json:
    if isinstance(value, bool):
        return {"name": name, "valueBoolean": value}
    if isinstance(value, int):
        return {"name": name, "valueInteger": value}
    if isinstance(value, dict):
        if "resourceType" in value:
            return {"name": name, "resource": value}
        return {"name": name, "valueCodeableConcept" if "coding" in value else "valueCoding": value}
    return {"name": name, "valueString": value}


def values(answer: Json) -> Json:
    """Return the single-valued parameters of an answer by name."""
    found: Json = {}
    for parameter in answer["parameter"]:
        for key, value in parameter.items():
            if key != "name":
                found[parameter["name"]] = value
    return found


def issues(answer: Json) -> list[tuple[str, str, str]]:
    """Return severity, ecosystem issue type and expression of each issue of an answer or an outcome."""
    outcome = answer if answer["resourceType"] == "OperationOutcome" else values(answer).get("issues", {})
    return [
        (
            i["severity"],
            i["details"].get("coding", [{"code": ""}])[0]["code"],
            i.get("expression", [""])[0],
        )
        for i in outcome.get("issue", ())
    ]
