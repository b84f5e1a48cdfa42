"""The stored and published form of a crosswalk: one encoder and one decoder."""

from __future__ import annotations

from typing import Any

import orjson

from terminology.cluster.model import Group
from terminology.crosswalk.model import Crosswalk, Motif, Relationship, Representation, Step, Target


def encode(crosswalk: Crosswalk) -> bytes:
    """Return a crosswalk as JSON.

    ``stem`` and ``extensions`` of a target are those of its first group; ``titles_alone`` tells that no table
    of WHO's was loaded; ``decision`` is there where a reviewed decision was taken.
    """
    return orjson.dumps(payload(crosswalk))


def decode(record: bytes) -> Crosswalk:
    """Return the crosswalk that :func:`encode` wrote."""
    read = orjson.loads(record)
    source, aim, decision = read["source"], read["target"], read.get("decision")
    return Crosswalk(
        source["system"],
        source["release"],
        source["code"],
        source["title"],
        aim["system"],
        aim["release"],
        Representation(read["representation"]),
        Motif(read["motif"]),
        tuple(map(_target, read["targets"])),
        Step(**decision) if decision else None,
    )


def payload(crosswalk: Crosswalk) -> dict[str, Any]:
    """Return what :func:`encode` writes, before it is text."""
    written: dict[str, Any] = {
        "source": {
            "system": crosswalk.source_system,
            "release": crosswalk.source_release,
            "code": crosswalk.source_code,
            "title": crosswalk.source_title,
        },
        "target": {"system": crosswalk.target_system, "release": crosswalk.target_release},
        "representation": crosswalk.representation,
        "motif": crosswalk.motif,
        "titles_alone": crosswalk.titles_alone,
        "targets": list(map(target_payload, crosswalk.targets)),
    }
    if crosswalk.decision is not None:
        written["decision"] = crosswalk.decision
    return written


def target_payload(target: Target) -> dict[str, Any]:
    """Return the JSON form of one target."""
    return {
        "rank": target.rank,
        "expression": target.expression,
        "groups": target.groups,
        "stem": target.stem,
        "extensions": target.extensions,
        "titles": target.titles,
        "relationship": target.relationship,
        "confidence": target.confidence,
        "facets_kept": target.facets_kept,
        "facets_lost": target.facets_lost,
        "facets_added": target.facets_added,
        "provenance": target.provenance,
    }


def _group(read: dict[str, Any]) -> Group:
    return Group(read["stem"], tuple(read["extensions"]), tuple(read.get("optional", ())))


def _target(read: dict[str, Any]) -> Target:
    return Target(
        read["rank"],
        tuple(map(_group, read["groups"])),
        tuple(read["titles"]),
        Relationship(read["relationship"]),
        read["confidence"],
        tuple(read["facets_kept"]),
        tuple(read["facets_lost"]),
        tuple(read["facets_added"]),
        tuple(Step(**step) for step in read["provenance"]),
    )
