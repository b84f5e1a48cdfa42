"""What stands in a value set's definition: filters, imports and the supplements it needs."""

from __future__ import annotations

from typing import Any

from web.fhir.outcome import FhirError, issue
from web.fhir.parameters import canonical
from web.fhir.registry import Registry
from web.fhir.systems.system import Filter

Json = dict[str, Any]
SUPPLEMENT = "http://hl7.org/fhir/StructureDefinition/valueset-supplement"


def check_imports(
    registry: Registry, valueset: Json, path: tuple[str, ...] = (), done: set[str] | None = None
) -> None:
    """Raise :class:`FhirError` when a value set imports itself, through whichever others."""
    done = set() if done is None else done
    name = canonical(valueset.get("url") or f"#{valueset.get('id', '')}", valueset.get("version"))
    if name in path:
        shown = " -> ".join([*path, name])
        raise FhirError(422, issue("VALUESET_CIRCULAR_REFERENCE", valueset=name, path=shown))
    if name in done:
        return
    compose = valueset.get("compose", {})
    for part in (*compose.get("include", ()), *compose.get("exclude", ())):
        for url in part.get("valueSet", ()):
            imported = registry.imported(url, valueset)
            if imported is not None:
                check_imports(registry, imported, (*path, name), done)
    done.add(name)


def filters_of(include: Json, valueset: Json, place: str) -> list[Filter]:
    """Return the filters of an include."""
    name = canonical(valueset.get("url"), valueset.get("version"))
    return [
        Filter(
            raw.get("property", ""),
            raw.get("op", ""),
            str(raw.get("value", "")),
            name,
            f"ValueSet.compose.{place}.filter[{number}]" + (".value" if "value" in raw else ""),
        )
        for number, raw in enumerate(include.get("filter", ()))
    ]


def supplements_of(valueset: Json) -> list[str]:
    """Return the supplements a value set says it needs."""
    return [
        str(e.get("valueCanonical") or e.get("valueUri"))
        for e in valueset.get("extension", ())
        if e.get("url") == SUPPLEMENT
    ]
