"""Parts of resources: ``_summary`` and ``_elements``, in a search and in a read."""

from __future__ import annotations

from typing import Any

from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs

Json = dict[str, Any]
_ALWAYS = ("resourceType", "id", "meta", "status", "content")
_SUMMARY = (
    *_ALWAYS,
    "url",
    "version",
    "name",
    "title",
    "experimental",
    "date",
    "publisher",
    "caseSensitive",
    "valueSet",
    "hierarchyMeaning",
    "compositional",
    "versionNeeded",
    "count",
    "filter",
    "property",
    "immutable",
    "kind",
    "uniqueId",
    "supplements",
    "sourceUri",
    "targetUri",
    "sourceCanonical",
    "targetCanonical",
    "sourceScopeUri",
    "targetScopeUri",
    "sourceScopeCanonical",
    "targetScopeCanonical",
)
SUMMARIES = ("true", "false", "text", "data", "count")
SUBSETTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue", "code": "SUBSETTED"}


def subset(resource: Json, inputs: Inputs) -> Json:
    """Return what ``_elements`` or ``_summary`` leave of a resource, tagged ``SUBSETTED`` if they do.

    Elements that a resource must have stay. Raises :class:`FhirError` for an unknown kind of summary.
    """
    summary = asked_summary(inputs)
    elements = [e.strip() for text in inputs.all("_elements") for e in str(text).split(",") if e.strip()]
    if elements:
        return marked({k: v for k, v in resource.items() if k in (*_ALWAYS, *elements)})
    if summary == "true":
        return marked({k: v for k, v in resource.items() if k in _SUMMARY})
    if summary == "text":
        return marked({k: v for k, v in resource.items() if k in (*_ALWAYS, "text")})
    if summary == "data":
        return marked({k: v for k, v in resource.items() if k != "text"})
    return resource


def asked_summary(inputs: Inputs) -> str | None:
    """Return the kind of summary asked for, ``None`` without one."""
    summary = inputs.text("_summary")
    if summary is not None and summary not in SUMMARIES:
        reason = f"must be one of {', '.join(SUMMARIES)}, not '{summary}'"
        raise refuse(400, "INVALID_PARAMETER", parameter="_summary", reason=reason)
    return summary


def marked(resource: Json) -> Json:
    """Return a resource with the tag that says it is not whole."""
    meta = resource.get("meta", {})
    others = [tag for tag in meta.get("tag", ()) if tag != SUBSETTED]
    tagged = {**meta, "tag": [*others, SUBSETTED]}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": tagged, **_rest(resource)}


def _rest(resource: Json) -> Json:
    return {k: v for k, v in resource.items() if k not in ("resourceType", "id", "meta")}
