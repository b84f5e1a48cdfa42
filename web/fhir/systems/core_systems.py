"""Small code systems of the FHIR specification itself that value sets build on, with their value sets.

The codes are those of HL7's specification (CC0), in ``core_systems.tsv``; their version is FHIR's.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Any

Json = dict[str, Any]
_BASE = "http://hl7.org/fhir/"


@lru_cache(maxsize=4)
def core_resources(version: str) -> dict[str, Json]:
    """Return the CodeSystem and ValueSet resources of a FHIR version by their urls."""
    text = (files(__package__) / "core_systems.tsv").read_text(encoding="utf-8")
    found: dict[str, Json] = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        url = _BASE + row["id"]
        if url not in found:
            about = {"version": version, "name": row["name"], "title": row["title"], "status": "active"}
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
            found[f"{_BASE}ValueSet/{row['id']}"] = {
                "resourceType": "ValueSet",
                "url": f"{_BASE}ValueSet/{row['id']}",
                **about,
                "experimental": False,
                "compose": {"include": [{"system": url}]},
            }
        found[url]["concept"].append({"code": row["code"], "display": row["display"]})
    return found
