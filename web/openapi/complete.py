"""Completes the document that the routes' declarations make."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from typing import Any

from apiflask import APIFlask

from terminology.rule_tables import read_rules
from web.api.contract import sparse_answers
from web.openapi.bodies import BODIES, SCHEMAS
from web.openapi.operations import OPERATIONS, Operation
from web.openapi.words import SHARED, SOMETIMES, WORDS

JSON, PROBLEM = "application/json", "application/problem+json"
#: Operations that answer several claims or patients with ``results``, and one with its answer alone.
SEVERAL = {
    "POST /api/v1/claims/check": "CheckOut",
    "POST /api/v1/claims/drg": "DrgOut",
    "POST /api/v1/claims/amounts": "AmountsOut",
    "POST /api/v1/claims/risk": "RiskOut",
}
_PROBLEM_REF = {"$ref": "#/components/schemas/ProblemOut"}
_PROBLEMS = {
    "400": "Request not understood",
    "404": "Not found, or not loaded",
    "500": "A fault of the server",
    "503": "Busy, or no bundle; Retry-After says when to come back",
}


@dataclass(frozen=True, slots=True)
class Word:
    """What a name means wherever it stands without a description of its own."""

    name: str
    description: str


def register(app: APIFlask) -> None:
    """Have an application's document completed when it is made."""
    app.spec_processor(completed)  # type: ignore[arg-type]


def completed(spec: dict[str, Any]) -> dict[str, Any]:
    """Return a document with required members, closed lists, descriptions, examples and every error."""
    schemas = spec["components"]["schemas"]
    for name in ("ValidationError", "HTTPError"):
        schemas.pop(name, None)
    for name, schema in schemas.items():
        _complete_schema(name, schema)
    schemas.update(deepcopy(SCHEMAS))
    schemas.update({name: {"type": "string", "enum": [*map(str, words)]} for name, words in SHARED.items()})
    for name in SEVERAL.values():
        schemas[several(name)] = _several_of(name)
    for key, operation in operations_of(spec):
        _complete_operation(key, operation, OPERATIONS.get(key, Operation("")))
    used = {tag for _, operation in operations_of(spec) for tag in operation.get("tags", ())}
    spec["tags"] = [{"name": name} for name in dict.fromkeys(t["name"] for t in spec["tags"]) if name in used]
    return spec


def operations_of(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every operation by method and path."""
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if isinstance(operation, dict):
                yield f"{method.upper()} {path}", operation


@cache
def glossary() -> dict[str, str]:
    """Return what each name means."""
    return {word.name: word.description for word in read_rules("web.openapi", "glossary.tsv", Word)}


def _complete_schema(name: str, schema: dict[str, Any]) -> None:
    members = schema.get("properties", {})
    for member, described in members.items():
        words = WORDS.get((name, member)) or WORDS.get(("*", member))
        if words and name.endswith("Out"):
            _close(described, words)
        _describe(member, described)
    if name.endswith("Out"):
        schema.pop("additionalProperties", None)  # within v1 members may be added
    if name.endswith("Out") and members:
        always = sorted(set(members) - SOMETIMES.get(name, frozenset()))
        schema.pop("required", None)
        if always:
            schema["required"] = always


def several(name: str) -> str:
    """Return the name of the schema of several answers, each of a schema.

    >>> several("CheckOut")
    'CheckResultsOut'
    """
    return f"{name.removesuffix('Out')}ResultsOut"


def _several_of(name: str) -> dict[str, Any]:
    results = {"type": "array", "items": _reference(name), "description": "One for each, in order."}
    return {"type": "object", "properties": {"results": results}, "required": ["results"]}


def _reference(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _fields() -> dict[str, Any]:
    return {
        "in": "query",
        "name": sparse_answers.NAME,
        "required": False,
        "schema": {"type": "string"},
        "description": sparse_answers.DESCRIPTION,
    }


def _close(described: dict[str, Any], words: tuple[str, ...]) -> None:
    """Let a member have the words of a list and no others: by reference where several have the same list."""
    shared = next((name for name, list_ in SHARED.items() if list_ == words), None)
    nullable = "null" in described.get("type", ())
    if shared is None:
        described["enum"] = [*map(str, words), *([None] if nullable else [])]
        return
    described.pop("type", None)
    described |= {"anyOf": [_reference(shared), {"type": "null"}]} if nullable else _reference(shared)


def _describe(name: str, described: dict[str, Any]) -> None:
    if "description" not in described and name in glossary():
        described["description"] = glossary()[name]


def _complete_operation(key: str, operation: dict[str, Any], known: Operation) -> None:
    operation["operationId"] = known.id
    if "/api/" in key and sparse_answers.is_offered(key.partition(" ")[2]):
        operation.setdefault("parameters", []).append(_fields())
    for parameter in operation.get("parameters", ()):
        _describe(parameter["name"], parameter)
        if parameter["name"] in known.parameters:
            parameter["example"] = known.parameters[parameter["name"]]
    if key in BODIES:
        content = {mimetype: {"schema": schema} for mimetype, schema in BODIES[key].items()}
        operation["requestBody"] = {"required": True, "content": content}
    if known.body is not None:
        next(iter(operation["requestBody"]["content"].values()))["example"] = known.body
    _complete_responses(key, operation)


def _complete_responses(key: str, operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    if key in SEVERAL:
        one, more = (_reference(name) for name in (SEVERAL[key], several(SEVERAL[key])))
        responses["200"]["content"][JSON]["schema"] = {"anyOf": [one, more]}
    if "/api/" not in key:
        for status in set(responses) - {"200"}:
            responses[status]["content"] = {JSON: {"schema": {"type": "object"}}}
    else:
        for status, said in _PROBLEMS.items():
            responses.setdefault(status, {"description": said})
        responses["414"] = {"description": "An address that is too long"}
        if "requestBody" in operation:
            responses["415"] = {"description": "A body of another type than those declared"}
        for status, response in responses.items():
            if status >= "400" and status != "414":
                response["content"] = {PROBLEM: {"schema": _PROBLEM_REF}}
