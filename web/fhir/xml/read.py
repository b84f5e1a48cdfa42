"""A resource out of FHIR's XML form."""

from __future__ import annotations

from typing import Any

from lxml import etree

from web.fhir.fhir_release import FhirRelease
from web.fhir.outcome import FhirError, refuse
from web.fhir.xml.elements import (
    NAMESPACE,
    RESOURCE,
    RESOURCES,
    Element,
    ElementType,
    element_type,
    resource_type,
)
from web.fhir.xml.parser import parsed

Json = dict[str, Any]
_TAG = f"{{{NAMESPACE}}}"
_PRIMITIVES = ("text", "boolean", "integer", "decimal")


def of_xml(data: bytes, fhir: FhirRelease) -> Json:
    """Return the resource of an XML document as its JSON form.

    Raises :class:`FhirError` (400) that names line and element for what is no XML, has a document type, or
    has an element, attribute or value that the release does not define at its place.
    """
    return _resource(parsed(data), fhir)


def _resource(node: etree._Element, fhir: FhirRelease) -> Json:
    kind = _local(node)
    of = resource_type(fhir, kind)
    if of is None:
        raise _wrong(node, f"resources of type {kind} are not read here; those are {', '.join(RESOURCES)}")
    return {"resourceType": kind, **_object(node, of, fhir)}


def _object(node: etree._Element, of: ElementType, fhir: FhirRelease) -> Json:
    found: Json = {}
    allowed = ("id", "url") if of is element_type(fhir.id, "Extension") else ("id",)
    _check(node, allowed)
    for name in allowed:
        if name in node.attrib:
            found[name] = node.attrib[name]
    for child in node:
        if child.tag == "{http://www.w3.org/1999/xhtml}div" and of.element("div") is not None:
            found["div"] = etree.tostring(child, encoding="unicode", with_tail=False)
            continue
        name = _local(child)
        element = of.element(name)
        if element is None:
            raise _wrong(child, f"{_local(node)} has no element {name} in FHIR {fhir.version}")
        _put(found, name, element, child, fhir)
    return found


def _put(found: Json, name: str, element: Element, node: etree._Element, fhir: FhirRelease) -> None:
    """Add one element to an object, in a list where it may repeat."""
    value, beside = _value(element, node, fhir)
    if not element.many:
        if name in found or f"_{name}" in found:
            raise _wrong(node, f"{name} stands there twice")
        if value is not None:
            found[name] = value
        if beside is not None:
            found[f"_{name}"] = beside
        return
    listed = found.setdefault(name, [])
    listed.append(value)
    if beside is not None or f"_{name}" in found:
        sides = found.setdefault(f"_{name}", [])
        sides += [None] * (len(listed) - 1 - len(sides)) + [beside]


def _value(element: Element, node: etree._Element, fhir: FhirRelease) -> tuple[Any, Json | None]:
    """Return the value of an element, and what a primitive has beside it."""
    if element.kind == RESOURCE:
        _check(node, ())
        if len(node) != 1:
            raise _wrong(node, "one resource must stand in it")
        return _resource(node[0], fhir), None
    if element.kind not in _PRIMITIVES:
        of = element_type(fhir.id, element.kind)
        if of is None:
            raise _wrong(node, f"{element.kind} is not read here")
        return _object(node, of, fhir), None
    _check(node, ("id", "value"))
    beside: Json = {"id": node.attrib["id"]} if "id" in node.attrib else {}
    extension = Element("Extension", many=True)
    for child in node:
        if _local(child) != "extension":
            raise _wrong(child, f"{_local(node)} is a primitive: it has a value and extensions only")
        _put(beside, "extension", extension, child, fhir)
    text = node.attrib.get("value")
    return (None if text is None else _primitive(element.kind, text, node)), beside or None


def _primitive(kind: str, text: str, node: etree._Element) -> Any:
    text = text if kind == "text" else text.strip()
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[text]
        return int(text) if kind == "integer" else float(text) if kind == "decimal" else text
    except (KeyError, ValueError):
        raise _wrong(node, f"'{text[:40]}' is no {kind}") from None


def _check(node: etree._Element, attributes: tuple[str, ...]) -> None:
    """Raise for an attribute that there is not, and for text between elements, where FHIR has none."""
    for name in map(str, node.attrib):
        if name not in attributes and not name.startswith("{"):
            raise _wrong(node, f"it has no attribute {name}")
    if any(text and text.strip() for text in (node.text, *(child.tail for child in node))):
        raise _wrong(node, "text stands in it; values are written in the attribute value")


def _local(node: etree._Element) -> str:
    tag = str(node.tag)
    if not tag.startswith(_TAG):
        raise _wrong(node, f"it is not of the namespace {NAMESPACE}")
    return tag.removeprefix(_TAG)


def _wrong(node: etree._Element, reason: str) -> FhirError:
    name = str(node.tag).rpartition("}")[2]
    return refuse(400, "INVALID_BODY", reason=f"line {node.sourceline}, element {name}: {reason}")
