"""Whether a resource that was sent along has the shape its type says, as far as it is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from web.fhir.outcome import FhirError, refuse

Json = dict[str, Any]
#: ``str`` stands for a text, ``[x]`` for a list of x, a mapping for an object by its elements.
Shape = type | Sequence[Any] | Mapping[str, Any]

_EXTENSION: Shape = {"url": str}
_DESIGNATION: Shape = {"value": str, "language": str, "use": {}}
_CONCEPT: dict[str, Any] = {
    "code": str,
    "display": str,
    "definition": str,
    "designation": [_DESIGNATION],
    "property": [{"code": str}],
    "extension": [_EXTENSION],
}
_CONCEPT["concept"] = [_CONCEPT]
_INCLUDE: Shape = {
    "system": str,
    "version": str,
    "concept": [_CONCEPT],
    "filter": [{"property": str, "op": str}],
    "valueSet": [str],
}
_CONTAINS: dict[str, Any] = {**_CONCEPT, "system": str, "version": str}
_CONTAINS["contains"] = [_CONTAINS]
_COMMON: Mapping[str, Any] = {"url": str, "version": str, "name": str, "status": str, "language": str}
_SHAPES: Mapping[str, Shape] = {
    "CodeSystem": {
        **_COMMON,
        "content": str,
        "supplements": str,
        "valueSet": str,
        "property": [{"code": str, "uri": str}],
        "concept": [_CONCEPT],
        "extension": [_EXTENSION],
    },
    "ValueSet": {
        **_COMMON,
        "extension": [_EXTENSION],
        "compose": {"include": [_INCLUDE], "exclude": [_INCLUDE], "extension": [_EXTENSION]},
        "expansion": {"contains": [_CONTAINS]},
    },
    "ConceptMap": {
        **_COMMON,
        "group": [
            {
                "source": str,
                "target": str,
                "element": [
                    {
                        "code": str,
                        "display": str,
                        "target": [{"code": str, "relationship": str, "equivalence": str, "product": [{}]}],
                    }
                ],
                "unmapped": {"mode": str, "code": str, "relationship": str},
            }
        ],
    },
    "CodeableConcept": {"coding": [{"system": str, "version": str, "code": str, "display": str}]},
    "Coding": {"system": str, "version": str, "code": str, "display": str},
}
_DEEPEST = 100


def check_shape(value: Json, kind: str | None = None) -> None:
    """Raise :class:`FhirError` (400) that names the first element that is wrong."""
    name = kind or str(value.get("resourceType"))
    shape = _SHAPES.get(name)
    if shape is not None:
        _check(value, shape, name, 0)


def _check(value: Any, shape: Shape, path: str, depth: int) -> None:
    if depth > _DEEPEST:
        raise _wrong(path, "is nested too deeply")
    if shape is str:
        if not isinstance(value, str):
            raise _wrong(path, "must be a text")
    elif isinstance(shape, Mapping):
        if not isinstance(value, dict):
            raise _wrong(path, "must be an object")
        for name, inner in shape.items():
            if name in value:
                _check(value[name], inner, f"{path}.{name}", depth + 1)
    elif isinstance(shape, Sequence):
        if not isinstance(value, list):
            raise _wrong(path, "must be a list")
        for number, one in enumerate(value):
            _check(one, shape[0], f"{path}[{number}]", depth)


def _wrong(path: str, what: str) -> FhirError:
    return refuse(400, "INVALID_BODY", path, reason=f"{path} {what}")
