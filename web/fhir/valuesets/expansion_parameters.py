"""What an expansion says it was made with: the inputs that shaped it, and the systems and value sets used."""

from __future__ import annotations

from typing import Any

from web.fhir.asking import expansion_parameter, versions_match
from web.fhir.parameters import Inputs
from web.fhir.systems.statuses import status_remarks, valueset_remarks
from web.fhir.valuesets.compose import Composition

Json = dict[str, Any]
_WARNINGS = {
    "MSG_DRAFT": "warning-draft",
    "MSG_EXPERIMENTAL": "warning-experimental",
    "MSG_DEPRECATED": "warning-deprecated",
    "MSG_WITHDRAWN": "warning-withdrawn",
}
_FLAGS = ("activeOnly", "excludeNested", "includeDesignations")


def expansion_parameters(
    composition: Composition, valueset: Json, inputs: Inputs, accept_language: str | None
) -> list[Json]:
    """Return the ``expansion.parameter`` elements of an evaluated value set."""
    matched = composition.used.versions_matched or versions_match(inputs, valueset)
    return [
        *_inputs(inputs),
        *([{"name": "versionsMatch", "valueBoolean": True}] if matched else []),
        *_language(valueset, inputs, accept_language),
        *(
            {"name": name, "valueUri": f"{url}|{version}"}
            for (name, url), version in composition.used.rules.items()
        ),
        *_used(composition, valueset),
    ]


def _inputs(inputs: Inputs) -> list[Json]:
    found: list[Json] = []
    for name in _FLAGS:
        value = inputs.flag(name)
        if value is not None:
            found.append({"name": name, "valueBoolean": value})
    pinned = inputs.all("default-valueset-version")
    found += [{"name": "default-valueset-version", "valueUri": str(c)} for c in pinned]
    if inputs.flag("includeDefinition"):
        found.append({"name": "includeDefinition", "valueBoolean": True})
    for name in ("count", "offset"):
        number = inputs.number(name)
        if number is not None:
            found.append({"name": name, "valueInteger": number})
    found += [{"name": "designation", "valueString": str(d)} for d in inputs.all("designation")]
    if inputs.text("filter"):
        found.append({"name": "filter", "valueString": inputs.text("filter")})
    return found


def _language(valueset: Json, inputs: Inputs, accept_language: str | None) -> list[Json]:
    stated = inputs.text("displayLanguage") or expansion_parameter(valueset, "displayLanguage")
    stated = stated or valueset.get("language") or accept_language
    return [{"name": "displayLanguage", "valueCode": stated}] if stated and stated != "*" else []


def _used(composition: Composition, valueset: Json) -> list[Json]:
    found: list[Json] = []
    remarks: dict[tuple[str, str], None] = {}
    for system in composition.used.systems.values():
        found.append({"name": "used-codesystem", "valueUri": system.canonical})
        for word, _, name in status_remarks(system, valueset):
            remarks[_WARNINGS[word], name] = None
        if system.content == "fragment":
            found.append({"name": "used-fragment", "valueUri": system.canonical})
        found += [{"name": "used-supplement", "valueUri": url} for url in system.supplements]
    for name, imported in composition.used.valuesets.items():
        found.append({"name": "used-valueset", "valueUri": name})
        for word, _, said in valueset_remarks(imported):
            remarks[_WARNINGS[word], said] = None
    return found + [{"name": name, "valueUri": what} for name, what in remarks]
