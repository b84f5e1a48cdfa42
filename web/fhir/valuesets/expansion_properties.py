"""The properties that an expansion shows of its concepts: those asked for, and some always."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from web.fhir.systems.system import Concept, Property
from web.fhir.valuesets.compose import Entry

Json = dict[str, Any]
_PROPERTIES = "http://hl7.org/fhir/concept-properties#"
_DEFINITION = "http://hl7.org/fhir/StructureDefinition/valueset-concept-definition"
_R5_PROPERTY = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.property"
_R5_VALUE = "http://hl7.org/fhir/5.0/StructureDefinition/extension-ValueSet.expansion.contains.property"
_BASE = "http://hl7.org/fhir/StructureDefinition/"
#: Extensions of code systems and value sets that an expansion states as properties: code, uri, type.
_STATED = {
    f"{_BASE}codesystem-label": ("label", f"{_PROPERTIES}label", "String"),
    f"{_BASE}valueset-label": ("label", f"{_PROPERTIES}label", "String"),
    f"{_BASE}codesystem-conceptOrder": ("order", f"{_PROPERTIES}order", "Decimal"),
    f"{_BASE}valueset-conceptOrder": ("order", f"{_PROPERTIES}order", "Decimal"),
    f"{_BASE}itemWeight": ("weight", f"{_PROPERTIES}itemWeight", "Decimal"),
}
_URIS = {
    "definition": f"{_PROPERTIES}definition",
    "status": f"{_PROPERTIES}status",
    **{code: uri for code, uri, _ in _STATED.values()},
}


def concept_properties(
    entry: Entry, concept: Concept, definition: bool, properties: Sequence[str]
) -> list[Json]:
    """Return the ``property`` elements of one row."""
    found: list[Json] = []
    if definition:
        own = next((e.get("valueString") for e in entry.extensions if e.get("url") == _DEFINITION), None)
        text = concept.definition or own
        if text:
            found.append({"code": "definition", "valueString": text})
    found += [{"code": p.code, f"value{p.type}": p.value} for p in _unasked(entry, concept)]
    shown = {row["code"] for row in found}
    if properties:
        found += [
            {"code": p.code, f"value{p.type}": p.value}
            for p in (*concept.properties, *_structural(entry, concept, properties))
            if (p.code in properties or "*" in properties) and p.code not in shown
        ]
    return found


def declared_properties(
    page: Sequence[Entry], definition: bool, properties: Sequence[str], *, native: bool
) -> Json | None:
    """Return the element that declares an expansion's properties: native in R5, extensions in R4."""
    codes = dict.fromkeys([*(["definition"] if definition else []), *(p for p in properties if p != "*")])
    for entry in page:
        codes.update(dict.fromkeys(p.code for p in _unasked(entry, entry.concept)))
        if "*" in properties:
            codes.update(dict.fromkeys(p.code for p in entry.system.detail(entry.concept).properties))
    if not codes or not page:
        return None
    systems = {e.system.canonical: e.system for e in page}.values()
    rows: list[Json] = []
    for code in codes:
        stated = (system.declared().get(code, (None, ""))[0] for system in systems)
        uri = next((u for u in stated if u), _URIS.get(code))
        rows.append({"code": code, **({"uri": uri} if uri else {})})
    if native:
        return {"property": rows}
    return {"extension": [_declaration(row) for row in rows]}


def as_extension(prop: Json) -> Json:
    """Return a property of R5's as the extension that R4 carries it in."""
    value = next(k for k in prop if k.startswith("value"))
    parts = [{"url": "code", "valueCode": prop["code"]}, {"url": "value", value: prop[value]}]
    return {"url": _R5_VALUE, "extension": parts}


def _unasked(entry: Entry, concept: Concept) -> Iterator[Property]:
    """Yield what is shown without being asked for: label, order, weight, and a status that is not active."""
    seen = set()
    for extension in (*entry.extensions, *concept.extensions):
        known = _STATED.get(extension.get("url", ""))
        if known is not None and known[0] not in seen:
            seen.add(known[0])
            value = next((v for k, v in extension.items() if k.startswith("value")), None)
            if value is not None:
                yield Property(known[0], known[2], value)
    status = concept.status or ("inactive" if concept.inactive else "active")
    if status != "active":
        yield Property("status", "Code", status)


def _declaration(row: Json) -> Json:
    parts = [{"url": "code", "valueCode": row["code"]}]
    if "uri" in row:
        parts.append({"url": "uri", "valueUri": row["uri"]})
    return {"url": _R5_PROPERTY, "extension": parts}


def _structural(entry: Entry, concept: Concept, properties: Sequence[str]) -> list[Property]:
    found = []
    if "parent" in properties:
        found += [Property("parent", "Code", parent) for parent in concept.parents]
    if "child" in properties:
        found += [Property("child", "Code", c.code) for c in entry.system.children(concept)]
    return found
