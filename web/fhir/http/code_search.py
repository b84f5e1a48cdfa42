"""Search by code: which code systems define it, which value sets hold it, which maps start or end at it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from web.fhir.asking import Asking
from web.fhir.http.search_parameters import split_values
from web.fhir.maps.own_maps import loaded, sources, translate_own
from web.fhir.operations.validate_operation import validate_in_valueset
from web.fhir.outcome import FhirError
from web.fhir.parameters import Inputs, split_canonical

Json = dict[str, Any]


def has_code(asking: Asking, resource: Json, name: str, value: str) -> bool:
    """Whether a resource has one of the codes, ``code`` or ``system|code``, that a parameter asks for."""
    for token in split_values(value):
        system, _, code = token.rpartition("|")
        if resource["resourceType"] == "CodeSystem":
            if _defines(asking, resource, system, code):
                return True
        elif resource["resourceType"] == "ValueSet":
            if _holds(asking, resource, system, code):
                return True
        elif _maps(asking, resource, name.removesuffix("-code"), system, code):
            return True
    return False


def _defines(asking: Asking, resource: Json, system: str, code: str) -> bool:
    if system not in ("", resource["url"]):
        return False
    asked = asking.registry.system(resource["url"], resource.get("version"))
    return asked is not None and asked.find(code) is not None


def _holds(asking: Asking, resource: Json, system: str, code: str) -> bool:
    """Ask $validate-code; a value set that cannot be evaluated holds nothing that we know of."""
    where = {"system": [system]} if system else {"inferSystem": ["true"]}
    inputs = Inputs({"valueSet": [resource], "code": [code], **where})
    try:
        answer = validate_in_valueset(asking, inputs)
    except FhirError:
        return False
    return any(p["name"] == "result" and p["valueBoolean"] for p in answer["parameter"])


def _maps(asking: Asking, resource: Json, end: str, system: str, code: str) -> bool:
    own = next((m for m in loaded(asking.store) if m.url == resource["url"]), None)
    if own is None:
        return any(
            code == found and system in ("", of) for of, found in _written(resource.get("group", ()), end)
        )
    uri = (own.source if end == "source" else own.target).uri
    if system not in ("", uri):
        return False
    if end == "source":
        return bool(translate_own(asking.store, own, code, None))
    return bool(sources(asking.store, own, code))


def _written(groups: list[Json], end: str) -> Iterator[tuple[str, str]]:
    """Yield system and code of what a map's rows start or end at."""
    for group in groups:
        system = split_canonical(str(group.get(end, "")))[0]
        for element in group.get("element", ()):
            for row in (element,) if end == "source" else element.get("target", ()):
                yield system, str(row.get("code", ""))
