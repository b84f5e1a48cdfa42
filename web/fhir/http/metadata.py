"""CapabilityStatement and TerminologyCapabilities."""

from __future__ import annotations

from typing import Any

from terminology.bundle.store import Store
from terminology.version import VERSION
from web.fhir.fhir_release import FhirRelease
from web.fhir.http.own_resources import declared_filters
from web.fhir.http.reading import LISTS
from web.fhir.http.search_parameters import parameters_of
from web.fhir.operations.offered import OPERATIONS
from web.fhir.outcome import refuse
from web.fhir.registry import own_systems
from web.fhir.systems.core_systems import core_resources
from web.fhir.systems.property_table import DECLARED
from web.opened import Opened
from web.stored_resources import NONE, StoredResources

Json = dict[str, Any]
_FEATURE = "http://hl7.org/fhir/uv/application-feature/StructureDefinition/feature"
#: The release of HL7's test cases that the server is held to; docs/fhir.md says which it does not pass.
TEST_VERSION = "1.9.6"
_MODES = (None, "full", "normative", "terminology")
_DEFINITIONS = "http://hl7.org/fhir/OperationDefinition/"
_OF_SERVER = {"versions": "CapabilityStatement-versions", "closure": "ConceptMap-closure"}
_FEATURES = (
    ("http://hl7.org/fhir/uv/tx-tests/FeatureDefinition/test-version", "valueCode", TEST_VERSION),
    ("http://hl7.org/fhir/uv/tx-ecosystem/FeatureDefinition/CodeSystemAsParameter", "valueBoolean", True),
)
_EXPANSION = (
    "activeOnly",
    "check-system-version",
    "count",
    "date",
    "default-valueset-version",
    "designation",
    "displayLanguage",
    "excludeNested",
    "filter",
    "force-system-version",
    "includeDefinition",
    "includeDesignations",
    "offset",
    "property",
    "system-version",
    "tx-resource",
    "useSupplement",
    "versionsMatch",
    "url",
    "valueSet",
    "valueSetVersion",
)


def described(here: Opened, fhir: FhirRelease, base: str, mode: str | None) -> Json:
    """Return what ``metadata`` answers in a mode; raises :class:`FhirError` for one that there is not."""
    if mode not in _MODES:
        reason = f"must be one of {', '.join(m for m in _MODES if m)}, not '{mode}'"
        raise refuse(400, "INVALID_PARAMETER", parameter="mode", reason=reason)
    if mode == "terminology":
        return terminology_capabilities(here.store, fhir, base, here.resources)
    return capability_statement(here.store, fhir, base)


def capability_statement(store: Store, fhir: FhirRelease, base: str) -> Json:
    """Return what this server can do, as an instance of HL7's terminology server."""
    resources = [
        {
            "type": kind,
            "interaction": [{"code": "read"}, {"code": "search-type"}],
            "versioning": "no-version",
            "searchParam": [
                {"name": p.name, "type": "token" if p.type == "special" else p.type}
                for p in parameters_of(kind).values()
            ],
            "operation": [
                {"name": name, "definition": f"{_DEFINITIONS}{kind}-{name}"}
                for of, name in OPERATIONS
                if of == kind
            ],
        }
        for kind in LISTS
    ]
    return {
        "resourceType": "CapabilityStatement",
        "extension": [
            {
                "url": _FEATURE,
                "extension": [{"url": "definition", "valueCanonical": url}, {"url": "value", key: value}],
            }
            for url, key, value in _FEATURES
        ],
        "url": f"{base}/metadata",
        "version": VERSION,
        "name": "TenEleven",
        "title": f"TenEleven terminology server, FHIR {fhir.version}",
        "status": "active",
        "date": _built(store),
        "kind": "instance",
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "software": {"name": "TenEleven", "version": VERSION, "releaseDate": _built(store)},
        "implementation": {"description": "ICD-10-CM, ICD-10, ICD-11 MMS and HCPCS Level II", "url": base},
        "fhirVersion": fhir.version,
        "format": ["application/fhir+json", "application/fhir+xml", "json", "xml"],
        "rest": [
            {
                "mode": "server",
                "security": {"cors": True},
                "resource": resources,
                "interaction": [{"code": "batch"}],
                "operation": [
                    {"name": name, "definition": _DEFINITIONS + _OF_SERVER[name]}
                    for of, name in OPERATIONS
                    if not of
                ],
            }
        ],
    }


def terminology_capabilities(
    store: Store, fhir: FhirRelease, base: str, stored: StoredResources = NONE
) -> Json:
    """Return every code system and version, and the parameters of $expand and $validate-code."""
    filters = [{"code": code, "op": list(ops)} for code, _, ops, _ in declared_filters(fhir)]
    systems = []
    for url, group in own_systems(store).items():
        one: Json = {
            "uri": url,
            "version": [
                {
                    "code": system.version,
                    "isDefault": number == 0,
                    "compositional": system.system.id == "icd-11",
                    "language": ["en"],
                    "filter": filters,
                    "property": list(DECLARED),
                }
                for number, system in enumerate(group)
            ],
            "subsumption": True,
        }
        systems.append(one)
    for url, resource in core_resources(fhir.version).items():
        if resource["resourceType"] == "CodeSystem":
            core = {"code": fhir.version, "isDefault": True, "compositional": False, "language": ["en"]}
            systems.append({"uri": url, "version": [core], "subsumption": True})
    if fhir.native_properties:
        for one in systems:
            one["content"] = "complete"
    systems += _stored_systems(fhir, stored)
    return {
        "resourceType": "TerminologyCapabilities",
        "url": f"{base}/metadata?mode=terminology",
        "version": VERSION,
        "name": "TenEleven",
        "title": f"TenEleven terminology capabilities, FHIR {fhir.version}",
        "status": "active",
        "date": _built(store),
        "kind": "instance",
        "software": {"name": "TenEleven", "version": VERSION},
        "implementation": {"description": "ICD-10-CM, ICD-10, ICD-11 MMS and HCPCS Level II", "url": base},
        "codeSystem": systems,
        "expansion": {
            "hierarchical": True,
            "paging": True,
            "incomplete": False,
            "parameter": [{"name": name} for name in sorted(_EXPANSION)],
            "textFilter": "Search index: synonyms, index terms, spelling; else words of code and display.",
        },
        "codeSearch": "all",
        "validateCode": {"translations": True},
        "translation": {"needsMap": False},
        "closure": {"translation": False},
    }


def _stored_systems(fhir: FhirRelease, stored: StoredResources) -> list[Json]:
    """Return the code systems of the operator's folder that hold codes, each with its versions."""
    found: dict[str, Json] = {}
    for resource in stored.of("CodeSystem"):
        if resource.get("content") in ("complete", "fragment"):
            one = found.setdefault(resource["url"], {"uri": resource["url"]})
            if "version" in resource:
                one.setdefault("version", []).append({"code": resource["version"]})
            if fhir.native_properties:
                one["content"] = resource["content"]
    return list(found.values())


def _built(store: Store) -> str:
    return store.manifest.built_at[:10]
