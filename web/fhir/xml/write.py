"""A resource in FHIR's XML form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from web.fhir.fhir_release import FhirRelease
from web.fhir.xml.elements import (
    NAMESPACE,
    RESOURCE,
    TEXT,
    XHTML,
    Element,
    ElementType,
    any_type,
    element_type,
    resource_type,
)
from web.fhir.xml.parser import narrative

Json = dict[str, Any]
_TAG = f"{{{NAMESPACE}}}"
#: Characters that no XML document may hold; FHIR's strings have none of them.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*", re.ASCII)


def as_xml(resource: Json, fhir: FhirRelease, *, indented: bool = False) -> bytes:
    """Return a resource as an XML document in UTF-8, its elements in the order of their definition.

    Elements that the release does not define (a client's resource may have them) come last, none is left out.
    A character that XML cannot hold becomes U+FFFD.
    """
    root = _resource(resource, fhir, outermost=True)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=indented)


def _resource(resource: Json, fhir: FhirRelease, *, outermost: bool = False) -> etree._Element:
    kind = str(resource.get("resourceType", ""))
    node = _element(kind, NAMESPACE) if outermost else etree.Element(_TAG + _name(kind))
    rest = {name: value for name, value in resource.items() if name != "resourceType"}
    _fill(node, rest, resource_type(fhir, kind) or any_type(fhir.id), fhir, attributes=())
    return node


def _fill(
    node: etree._Element,
    value: Json,
    of: ElementType,
    fhir: FhirRelease,
    *,
    attributes: Sequence[str] = ("id",),
) -> None:
    """Put an object's elements into a node; those named in ``attributes`` as attributes."""
    for name in attributes:
        if isinstance(value.get(name), str):
            node.set(name, _writable(value[name]))
    names = dict.fromkeys(name.removeprefix("_") for name in value)
    for name in sorted((n for n in names if n not in attributes), key=of.place):
        element = of.element(name) or _guessed(value.get(name))
        for each, beside in _each(value.get(name), value.get(f"_{name}")):
            node.append(_node(name, each, beside, element, fhir))


def _node(name: str, value: Any, beside: Any, element: Element, fhir: FhirRelease) -> etree._Element:
    if element.kind == "xhtml" and isinstance(value, str):
        return _narrative(value)
    node = etree.Element(_TAG + _name(name))
    if isinstance(value, dict):
        if element.kind == RESOURCE:
            node.append(_resource(value, fhir))
        else:
            attributes = ("id", "url") if element.kind == "Extension" else ("id",)
            of = element_type(fhir.id, element.kind) or any_type(fhir.id)
            _fill(node, value, of, fhir, attributes=attributes)
        return node
    if value is not None:
        node.set("value", _writable(_primitive(value)))
    if isinstance(beside, dict):
        _fill(node, beside, any_type(fhir.id), fhir)
    return node


def _each(value: Any, beside: Any) -> Iterator[tuple[Any, Any]]:
    """Yield values, each with what stands beside it under ``_name``: a primitive's id and extensions."""
    values, sides = _list(value), _list(beside)
    for number in range(max(len(values), len(sides))):
        yield (
            values[number] if number < len(values) else None,
            sides[number] if number < len(sides) else None,
        )


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _guessed(value: Any) -> Element:
    """Return the element that an undefined one looks like: a resource says its type."""
    first = next(iter(_list(value)), None)
    return Element(RESOURCE if isinstance(first, dict) and "resourceType" in first else TEXT)


def _primitive(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)


def _name(name: str) -> str:
    return name if _NAME.fullmatch(name) else "undefined"


def _narrative(text: str) -> etree._Element:
    """Return a narrative's ``div``; one that is no XHTML stands in it as its text."""
    found = narrative(text)
    if found is None:
        found = _element("div", XHTML)
        found.text = _writable(text)
    return found


def _element(name: str, namespace: str) -> etree._Element:
    """Return an element that declares its namespace as that of all names without prefix."""
    return etree.Element(f"{{{namespace}}}{_name(name)}", nsmap={None: namespace})  # type: ignore[dict-item]
