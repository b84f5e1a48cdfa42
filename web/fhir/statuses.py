"""Remarks on code systems, value sets and concepts that are drafts, deprecated or withdrawn."""

from __future__ import annotations

from typing import Any

from web.fhir.compose import Entry
from web.fhir.outcome import Issue, issue
from web.fhir.parameters import canonical
from web.fhir.supplied_system import STANDARDS_STATUS
from web.fhir.system import AskedSystem

Json = dict[str, Any]
_STATUS = {"draft": "MSG_DRAFT", "retired": "MSG_WITHDRAWN", "deprecated": "MSG_DEPRECATED"}
_STANDARDS = {"draft": "MSG_DRAFT", "withdrawn": "MSG_WITHDRAWN", "deprecated": "MSG_DEPRECATED"}
_DEPRECATED = "http://hl7.org/fhir/StructureDefinition/valueset-deprecated"


def deprecation(entry: Entry) -> str | None:
    """Return the status of a concept that a value set lists as deprecated."""
    for extension in entry.extensions:
        if extension.get("url") == _DEPRECATED and extension.get("valueBoolean"):
            return "deprecated"
        if extension.get("url") == STANDARDS_STATUS and extension.get("valueCode") == "deprecated":
            return "deprecated"
    return None


def status_issues(system: AskedSystem, valueset: Json | None) -> list[Issue]:
    """Return remarks on a code system that is a draft, experimental, deprecated or withdrawn."""
    found = []
    word = _STANDARDS.get(system.standards_status or "") or _STATUS.get(system.status)
    if word == "MSG_DRAFT" and (valueset or {}).get("status") == "draft":
        word = None
    if word:
        found.append(issue(word, kind="CodeSystem", canonical=system.canonical))
    if system.experimental and valueset is not None and not valueset.get("experimental"):
        found.append(issue("MSG_EXPERIMENTAL", kind="CodeSystem", canonical=system.canonical))
    if valueset is not None:
        name = canonical(valueset.get("url"), valueset.get("version"))
        status = next(
            (e.get("valueCode") for e in valueset.get("extension", ()) if e.get("url") == STANDARDS_STATUS),
            None,
        )
        stands = _STANDARDS.get(status or "") or (
            "MSG_WITHDRAWN" if valueset.get("status") == "retired" else None
        )
        if stands and stands != "MSG_DRAFT":
            found.append(issue(stands, kind="ValueSet", canonical=name))
    return found
