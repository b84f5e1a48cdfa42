"""The CodeSystem, ValueSet and ConceptMap resources that stand for what the bundle holds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from terminology.bundle.store import Store
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.subset import SUBSETTED
from web.fhir.maps.own_maps import OwnMap, loaded
from web.fhir.registry import own_systems
from web.fhir.systems.bundle_system import BundleSystem
from web.fhir.systems.property_table import DECLARED, TABLE
from web.fhir.systems.system import OPERATORS
from web.fhir.valuesets.implicit_valuesets import ALL

Json = dict[str, Any]
_FILTERS = ("=", "in", "not-in", "regex", "exists")


def code_systems(store: Store, fhir: FhirRelease) -> Iterator[Json]:
    """Yield a CodeSystem for each release; the codes themselves are asked for by operations."""
    for group in own_systems(store).values():
        for system in group:
            yield code_system_resource(store, system, fhir)


def value_sets(store: Store, fhir: FhirRelease) -> Iterator[Json]:
    """Yield a ValueSet of all codes for each release."""
    for group in own_systems(store).values():
        for system in group:
            yield {
                "resourceType": "ValueSet",
                "id": resource_id(system),
                "url": f"{system.url}{ALL}",
                "version": system.version,
                "name": f"{system.name}_all",
                "title": f"All of {system.title} {system.version}",
                "status": "active",
                "experimental": False,
                "publisher": system.system.publisher,
                "copyright": system.system.attribution,
                "immutable": True,
                "compose": {"include": [{"system": system.url, "version": system.version}]},
            }


def concept_maps(store: Store, fhir: FhirRelease) -> Iterator[Json]:
    """Yield a ConceptMap for each direction of translation; its rows are asked for by $translate."""
    for own in loaded(store):
        yield _map_resource(store, own, fhir)


def resource_id(system: BundleSystem) -> str:
    """Return the id of the resources of a release, e.g. ``icd-10-cm-2027``."""
    return f"{system.system.id}-{system.version}"


def code_system_resource(store: Store, system: BundleSystem, fhir: FhirRelease) -> Json:
    """Return the CodeSystem of one release."""
    release = system.loaded.release
    record = store.release_record(release)
    found: Json = {
        "resourceType": "CodeSystem",
        "id": resource_id(system),
        "url": system.url,
        "version": system.version,
        "name": system.name,
        "title": f"{system.title} {system.version}",
        "status": "active",
        "experimental": False,
        "publisher": record.publisher,
        "description": " ".join((record.licence + ".", *record.notices)),
        "copyright": record.attribution,
        "caseSensitive": False,
        "valueSet": f"{system.url}{ALL}",
        "hierarchyMeaning": "classified-with" if system.system.id != "hcpcs" else "grouped-by",
        "compositional": system.system.id == "icd-11",
        "versionNeeded": False,
        "content": "not-present",
        "count": record.counts.get("concepts", system.count(system.span(None))),
        "filter": [
            {
                "code": code,
                "description": description,
                "operator": list(operators),
                "value": value,
            }
            for code, description, operators, value in declared_filters(fhir)
        ],
        "property": [
            {
                "code": row.code,
                **({"uri": DECLARED[row.code][0]} if DECLARED[row.code][0] else {}),
                "description": row.description,
                "type": row.type,
            }
            for row in TABLE
        ],
    }
    if release.effective_from is not None:
        found["date"] = release.effective_from.isoformat()
    return found


def declared_filters(fhir: FhirRelease) -> Iterator[tuple[str, str, tuple[str, ...], str]]:
    """Yield code, description, operators and the kind of value of each filter that a code system declares."""
    on_concepts = tuple(o for o in OPERATORS if o not in ("exists", "not-in"))
    yield "concept", "A code and what lies below it", _in_release(on_concepts, fhir), "a code"
    for row in TABLE:
        if row.code in ("kind", "billable", "chapter", "notSelectable", "inactive"):
            yield row.code, row.description, _in_release(_FILTERS, fhir), f"a {row.type}"


def _in_release(operators: tuple[str, ...], fhir: FhirRelease) -> tuple[str, ...]:
    return tuple(o for o in operators if o not in ("child-of", "descendent-leaf") or fhir.native_properties)


def _map_resource(store: Store, own: OwnMap, fhir: FhirRelease) -> Json:
    return {
        "resourceType": "ConceptMap",
        "id": own.id,
        "meta": {"tag": [SUBSETTED]},
        "url": own.url,
        "version": store.content_hash[:16],
        "name": own.id.replace("-", "_"),
        "title": own.title,
        "status": "active",
        "experimental": False,
        "publisher": own.publisher,
        "date": store.manifest.built_at,
        "description": "Without its rows. $translate asks for those of a code; read with _count and "
        "_offset, the map has those of a page of source codes.",
        fhir.map_source: f"{own.source.uri}{ALL}",
        fhir.map_target: f"{own.target.uri}{ALL}",
    }
