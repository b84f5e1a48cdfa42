"""How XML that a client sent is parsed: trusting nothing.

A document type is refused before anything is parsed: it is the only way to entities, external files and
expansion attacks. FHIR's XML is UTF-8 and is read as nothing else. libxml2's limits on depth (256) and on the
size of a text stay.
"""

from __future__ import annotations

import re

from lxml import etree

from terminology.untrusted import XML_OPTIONS
from web.fhir.outcome import FhirError, refuse
from web.fhir.xml.elements import XHTML

_DOCUMENT_TYPE = re.compile(r"<!DOCTYPE", re.IGNORECASE)


def parsed(data: bytes) -> etree._Element:
    """Return the root element of a document. Raises :class:`FhirError` (400) that says what is wrong."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _unusable(f"it is not UTF-8 (byte {fault.start})") from None
    if _DOCUMENT_TYPE.search(text):
        raise _unusable("it declares a document type; FHIR's XML has none")
    try:
        return etree.fromstring(text.encode(), _parser())
    except etree.XMLSyntaxError as fault:
        raise _unusable(f"it is not XML ({fault.msg})") from None


def narrative(text: str) -> etree._Element | None:
    """Return the ``div`` of a narrative, ``None`` if it is no XHTML ``div``."""
    try:
        found = parsed(text.encode("utf-8", "replace"))
    except FhirError:
        return None
    return found if found.tag == f"{{{XHTML}}}div" else None


def _parser() -> etree.XMLParser:
    return etree.XMLParser(encoding="utf-8", **XML_OPTIONS)


def _unusable(reason: str) -> FhirError:
    return refuse(400, "INVALID_BODY", reason=reason)
