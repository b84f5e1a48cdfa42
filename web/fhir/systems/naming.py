"""NamingSystem: the addresses by which other systems know our code systems, and $preferred-id."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from terminology.bundle.store import Store
from terminology.systems import code_system
from web.fhir.asking import Asking
from web.fhir.fhir_release import R4, FhirRelease
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, Outputs
from web.fhir.registry import ALIASES

Json = dict[str, Any]
_OID = "urn:oid:"
_TYPES = ("oid", "uri")


def naming_systems(store: Store, fhir: FhirRelease) -> Iterator[Json]:
    """Yield a NamingSystem for each code system of the bundle, its canonical url preferred."""
    for name in store.systems():
        system = code_system(name)
        others = [alias for alias, uri in ALIASES.items() if uri == system.uri]
        identifiers: list[Json] = [{"type": "uri", "value": system.uri, "preferred": True}]
        identifiers += [
            {"type": "oid", "value": alias.removeprefix(_OID)}
            if alias.startswith(_OID)
            else {"type": "uri", "value": alias, "preferred": False}
            for alias in others
        ]
        found: Json = {
            "resourceType": "NamingSystem",
            "id": name,
            "name": name.replace("-", "_").upper(),
            "status": "active",
            "kind": "codesystem",
            "date": store.manifest.built_at,
            "publisher": system.publisher,
            "description": f"How {system.title} is named",
            "uniqueId": identifiers,
        }
        yield (
            found
            if fhir is R4
            else {**found, "url": f"urn:teneleven:NamingSystem:{name}", "title": system.title}
        )


def preferred_id(asking: Asking, inputs: Inputs) -> Json:
    """$preferred-id: the identifier of a type that names the same system as another identifier.

    Raises :class:`FhirError` for an identifier that names none of the bundle's systems, or a type it has not.
    """
    known, kind = inputs.text("id"), inputs.text("type")
    if not known or kind not in _TYPES:
        needed = f"an id, and a type ({' or '.join(_TYPES)})"
        raise refuse(400, "MISSING_PARAMETER", operation="$preferred-id", needed=needed)
    for resource in naming_systems(asking.store, asking.fhir):
        values = {each["value"] for each in resource["uniqueId"]}
        if known.removeprefix(_OID) in values:
            for each in resource["uniqueId"]:
                if each["type"] == kind:
                    out = Outputs()
                    out.add("result", "String", each["value"])
                    return out.json()
    raise refuse(404, "UNKNOWN_RESOURCE", type=f"NamingSystem with a {kind}", id=known)
