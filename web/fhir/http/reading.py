"""Read and search of the resources that stand for the bundle."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from terminology.bundle.store import Store
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.own_resources import code_systems, concept_maps, value_sets
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs, split_canonical

Json = dict[str, Any]
LISTS: dict[str, Callable[[Store, FhirRelease], Iterator[Json]]] = {
    "CodeSystem": code_systems,
    "ValueSet": value_sets,
    "ConceptMap": concept_maps,
}
_TEXT = ("name", "title", "publisher", "description")
_TOKEN = ("status", "version", "content-mode")
_SUMMARY = [
    "resourceType",
    "id",
    "meta",
    "url",
    "version",
    "name",
    "title",
    "status",
    "experimental",
    "date",
    "publisher",
    "caseSensitive",
    "valueSet",
    "hierarchyMeaning",
    "compositional",
    "versionNeeded",
    "content",
    "count",
    "immutable",
    "sourceUri",
    "targetUri",
    "sourceScopeUri",
    "targetScopeUri",
]


def read(store: Store, fhir: FhirRelease, kind: str, name: str) -> Json:
    """Return a resource by its id; a system's bare id (``icd-10-cm``) means its default release."""
    for resource in LISTS[kind](store, fhir):
        if resource["id"] == name or (resource["id"].startswith(f"{name}-") and _bare(store, name)):
            return resource
    raise refuse(404, "UNKNOWN_RESOURCE", type=kind, id=name)


def search(store: Store, fhir: FhirRelease, kind: str, inputs: Inputs, address: str) -> Json:
    """Return a searchset Bundle of the resources that fit ``url``, ``version``, ``name`` ..."""
    found = [r for r in LISTS[kind](store, fhir) if _fits(r, kind, inputs)]
    count, offset = inputs.number("_count"), inputs.number("_offset") or 0
    page = found[offset:] if count is None else found[offset : offset + count]
    summary = inputs.text("_summary")
    if summary == "count":
        page = []
    if summary == "true":
        page = [{**{k: v for k, v in r.items() if k in _SUMMARY}, "meta": _SUBSETTED} for r in page]
    bundle: Json = {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(found),
        "link": [{"relation": "self", "url": address}],
    }
    if page:
        base = address.split("?", maxsplit=1)[0]
        bundle["entry"] = [
            {"fullUrl": f"{base}/{r['id']}", "resource": r, "search": {"mode": "match"}} for r in page
        ]
    return bundle


_SUBSETTED = {
    "tag": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}]
}


def _bare(store: Store, name: str) -> bool:
    return name in store.systems()


def _fits(resource: Json, kind: str, inputs: Inputs) -> bool:
    identifier = inputs.text("_id")
    if identifier is not None and resource["id"] not in identifier.split(","):
        return False
    url = inputs.text("url")
    if url is not None:
        plain, version = split_canonical(url)
        if resource["url"] != plain or version not in (None, resource.get("version")):
            return False
    for name in _TOKEN:
        wanted = inputs.text(name)
        element = "content" if name == "content-mode" else name
        if wanted is not None and resource.get(element) not in wanted.split(","):
            return False
    system = inputs.text("system", "reference")
    if system is not None and kind != "ConceptMap":
        own = resource["url"] if kind == "CodeSystem" else resource["compose"]["include"][0]["system"]
        if own != system:
            return False
    return all(_has_text(resource, name, inputs) for name in _TEXT)


def _has_text(resource: Json, name: str, inputs: Inputs) -> bool:
    """String search: at the beginning, or anywhere (``:contains``), or exactly (``:exact``)."""
    value = str(resource.get(name, ""))
    start, within, exact = inputs.text(name), inputs.text(f"{name}:contains"), inputs.text(f"{name}:exact")
    if start is not None and not value.casefold().startswith(start.casefold()):
        return False
    if within is not None and within.casefold() not in value.casefold():
        return False
    return exact is None or value == exact
