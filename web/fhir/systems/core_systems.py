"""Small code systems of the FHIR specification itself that value sets build on, with their value sets.

The codes are those of HL7's specification (CC0), in ``core_systems.tsv``; their version is FHIR's.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from terminology.rule_tables import read_rules

Json = dict[str, Any]
_BASE = "http://hl7.org/fhir/"


@lru_cache(maxsize=4)
def core_resources(version: str) -> dict[str, Json]:
    """Return the CodeSystem and ValueSet resources of a FHIR version by their urls."""
    found: dict[str, Json] = {}
    for row in read_rules("web.fhir.systems", "core_systems.tsv", _CoreConcept):
        url = _BASE + row.id
        if url not in found:
            about = {"version": version, "name": row.name, "title": row.title, "status": "active"}
            found[url] = {
                "resourceType": "CodeSystem",
                "url": url,
                **about,
                "experimental": False,
                "language": "en",
                "caseSensitive": True,
                "content": "complete",
                "concept": [],
            }
            found[f"{_BASE}ValueSet/{row.id}"] = {
                "resourceType": "ValueSet",
                "url": f"{_BASE}ValueSet/{row.id}",
                **about,
                "experimental": False,
                "compose": {"include": [{"system": url}]},
            }
        found[url]["concept"].append({"code": row.code, "display": row.display})
    return found


@dataclass(frozen=True, slots=True)
class _CoreConcept:
    """A code of a small system; ``id``, ``name`` and ``title`` are the system's."""

    id: str
    name: str
    title: str
    code: str
    display: str
