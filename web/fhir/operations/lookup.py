"""CodeSystem/$lookup."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from web.fhir.asking import Asking
from web.fhir.outcome import FhirError, refuse
from web.fhir.parameters import Inputs, Outputs, part
from web.fhir.systems.display import preferred
from web.fhir.systems.system import AskedSystem, Concept, Property, unknown_code
from web.fhir.systems.versions import VersionRules, listed
from web.fhir.valuesets.compose import Entry

Json = dict[str, Any]
_PREFERRED = {
    "system": "http://terminology.hl7.org/CodeSystem/hl7TermMaintInfra",
    "code": "preferredForLanguage",
    "display": "Preferred For Language",
}


def lookup(asking: Asking, inputs: Inputs) -> Json:
    """Return what a code system says of a code: names, properties, parents and children.

    Without ``property`` everything is returned; with it, the properties it names (``designation`` and
    ``definition`` among them).
    """
    coding = inputs.coding("coding") or {}
    url = coding.get("system") or inputs.text("system", "url")
    code = coding.get("code") or inputs.text("code")
    version = coding.get("version") or inputs.text("version")
    if not url or not code:
        raise refuse(400, "MISSING_PARAMETER", operation="$lookup", needed="a coding, or code and system")
    system = asked_system(asking, inputs, url, version)
    concept = system.find_written(code)
    if concept is None:
        raise FhirError(404, unknown_code(system, code))
    return _answer(asking, inputs, system, system.detail(concept))


def asked_system(asking: Asking, inputs: Inputs, url: str, version: str | None) -> AskedSystem:
    """Return the code system an operation names. Raises :class:`FhirError` when it is unknown."""
    rules = VersionRules.of(inputs)
    pinned = rules.pin(url, version)
    system = asking.registry.system(url, pinned.pattern)
    if system is None:
        known = asking.registry.versions(url)
        if known and pinned.pattern:
            raise refuse(
                404,
                "UNKNOWN_CODESYSTEM_VERSION_ASKED",
                system=url,
                version=pinned.pattern,
                known=listed(known),
            )
        raise refuse(404, "UNKNOWN_CODESYSTEM_ASKED", system=url)
    wrong = rules.violated(url, system.version)
    if wrong:
        raise refuse(422, "VALUESET_VERSION_CHECK", system=url, version=system.version, required=wrong)
    return system


def _answer(asking: Asking, inputs: Inputs, system: AskedSystem, concept: Concept) -> Json:
    asked = [str(p) for p in inputs.all("property")]
    languages = asking.languages_of(inputs)
    name = preferred(Entry(system, concept), concept, languages)
    out = Outputs()
    out.add("abstract", "Boolean", concept.abstract)
    out.add("code", "Code", concept.code)
    if not asked or "definition" in asked or "*" in asked:
        out.add("definition", "String", concept.definition)
    if not asked or "designation" in asked or "*" in asked:
        _designations(out, system, concept)
    out.add("display", "String", name.value if name else concept.display or concept.code)
    out.add("name", "String", system.name)
    everything = not asked or "*" in asked
    for code, kind, value, description in _properties(system, concept):
        if everything or code in asked:
            parts: list[Json] = [{"name": "code", "valueCode": code}]
            if description is not None:
                parts.append({"name": "description", "valueString": description})
            parts.append({"name": "value", f"value{kind}": value})
            out.extend("property", parts)
    out.add("system", "Uri", system.url)
    for supplement in system.supplements:
        out.add("used-supplement", "Canonical", supplement)
    out.add("version", "String", system.version)
    return out.json()


def _designations(out: Outputs, system: AskedSystem, concept: Concept) -> None:
    for designation in concept.designations:
        out.add_parts(
            "designation",
            part("language", "Code", designation.language),
            part("source", "Canonical", designation.source),
            part("use", "Coding", designation.use),
            part("value", "String", designation.value),
        )
    if concept.display and system.language:
        out.add_parts(
            "designation",
            part("language", "Code", system.language),
            part("use", "Coding", _PREFERRED),
            part("value", "String", concept.display),
        )


def _properties(system: AskedSystem, concept: Concept) -> Iterator[Property]:
    for child in system.children(concept):
        yield Property("child", "Code", child.code, child.display)
    if not any(p.code == "inactive" for p in concept.properties):
        yield Property("inactive", "Boolean", concept.inactive)
    for code in concept.parents:
        yield Property("parent", "Code", code, system.display_of(code))
    for prop in concept.properties:
        if prop.code not in ("parent", "child"):
            yield prop
