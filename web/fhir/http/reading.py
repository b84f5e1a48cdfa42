"""Read of the resources that stand for the bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from terminology.bundle.store import Store
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.own_resources import code_systems, concept_maps, value_sets
from web.fhir.outcome import refuse
from web.fhir.systems.naming import naming_systems
from web.stored_resources import NONE, StoredResources

Json = dict[str, Any]
LISTS: dict[str, Callable[[Store, FhirRelease], Iterator[Json]]] = {
    "CodeSystem": code_systems,
    "ValueSet": value_sets,
    "ConceptMap": concept_maps,
    "NamingSystem": naming_systems,
}


def listed(store: Store, fhir: FhirRelease, kind: str, stored: StoredResources) -> list[Json]:
    """Return the resources of a type: the bundle's, then those of the operator's folder."""
    return [*LISTS[kind](store, fhir), *stored.of(kind)]


def read(store: Store, fhir: FhirRelease, kind: str, name: str, stored: StoredResources = NONE) -> Json:
    """Return a resource by its id; a system's bare id (``icd-10-cm``) means its default release."""
    resources = listed(store, fhir, kind, stored)
    wanted = whole_id(store, resources, name)
    for resource in resources:
        if resource["id"] == wanted:
            return resource
    raise refuse(404, "UNKNOWN_RESOURCE", type=kind, id=name)


def whole_id(store: Store, resources: Iterable[Json], name: str) -> str:
    """Return the id that a name means: of a system's bare id that of its default release, listed first."""
    if name in store.systems():
        for resource in resources:
            if resource["id"] == f"{name}-{resource.get('version')}":
                return str(resource["id"])
    return name
