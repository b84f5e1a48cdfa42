"""Remarks on code systems, value sets and concepts that are drafts, deprecated or withdrawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from web.fhir.outcome import Issue, issue
from web.fhir.parameters import canonical
from web.fhir.systems.supplied_system import STANDARDS_STATUS, standards_status
from web.fhir.systems.system import AskedSystem, Concept
from web.fhir.valuesets.compose import Entry

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


def status_remarks(system: AskedSystem, valueset: Json | None) -> list[tuple[str, str, str]]:
    """Return what is to be said of the standing of a code system and of the value set that asks for it.

    Each remark is the id of its message, the type of resource and the canonical of the resource.
    """
    found = []
    word = _STANDARDS.get(system.standards_status or "") or _STATUS.get(system.status)
    if word == "MSG_DRAFT" and "draft" in ((valueset or {}).get("status"), standards_status(valueset or {})):
        word = None
    if word:
        found.append((word, "CodeSystem", system.canonical))
    if system.experimental and valueset is not None and not valueset.get("experimental"):
        found.append(("MSG_EXPERIMENTAL", "CodeSystem", system.canonical))
    return found + (valueset_remarks(valueset) if valueset is not None else [])


def valueset_remarks(valueset: Json) -> list[tuple[str, str, str]]:
    """Return what is to be said of the standing of a value set, as :func:`status_remarks` does."""
    stands = _STANDARDS.get(standards_status(valueset) or "") or (
        "MSG_WITHDRAWN" if valueset.get("status") == "retired" else None
    )
    if not stands or stands == "MSG_DRAFT":
        return []
    return [(stands, "ValueSet", canonical(valueset.get("url"), valueset.get("version")))]


def import_issues(imported: Iterable[Json]) -> list[Issue]:
    """Return the remarks on value sets that another one imports."""
    remarks = (remark for valueset in imported for remark in valueset_remarks(valueset))
    return [issue(word, kind=kind, canonical=name) for word, kind, name in remarks]


def status_issues(system: AskedSystem, valueset: Json | None) -> list[Issue]:
    """Return the remarks on the standing of a code system and of a value set as issues."""
    found = []
    for word, kind, name in status_remarks(system, valueset):
        if word == "MSG_DRAFT" and valueset is not None:
            source = canonical(valueset.get("url"), valueset.get("version"))
            status = valueset.get("status", "active")
            found.append(
                issue("MSG_DRAFT_SRC_STATUS", kind=kind, canonical=name, status=status, source=source)
            )
        else:
            found.append(issue(word, kind=kind, canonical=name))
    return found


def concept_issues(concept: Concept, prefix: str) -> list[Issue]:
    """Return the remark on a concept that is inactive or deprecated; ``prefix`` is the path of its coding."""
    status = concept.status or "inactive"
    if concept.inactive:
        named = "INACTIVE_CONCEPT_FOUND" if status == "inactive" else "INACTIVE_CONCEPT_FOUND_ADD"
        return [issue(named, prefix or "code", code=concept.code, status=status)]
    if status == "deprecated":
        where = prefix.partition(".")[0] or "code"
        return [issue("DEPRECATED_CONCEPT_FOUND", where, code=concept.code)]
    return []
