"""The card that says what a code becomes, or what becomes it."""

from __future__ import annotations

from typing import Any

from terminology.bundle.crosswalks import crosswalk, sources_of, who_crosswalk
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError
from terminology.systems import ICD10, ICD10CM, ICD11

_SHOWN = 12
_READ = 40


def counterpart(store: Store, concept: ConceptRecord) -> dict[str, Any] | None:
    """Return the card of a code: ``kind`` and what it shows; ``None`` where no crosswalk concerns it."""
    if concept.kind in ("chapter", "block", "extension", "modifier"):
        return None
    if concept.system == ICD10CM.id:
        return _forward(store, concept)
    if concept.system == ICD11.id:
        return _backward(store, concept)
    if concept.system == ICD10.id and ICD11.id in store.systems():
        return {"kind": "who", "who": who_crosswalk(store, concept.system, concept.code, concept.release)}
    return None


def _forward(store: Store, concept: ConceptRecord) -> dict[str, Any] | None:
    try:
        found = crosswalk(store, concept.code, concept.release)
    except DataNotAvailableError:
        return None
    return {
        "kind": "forward",
        "crosswalk": found,
        "target": found["targets"][0] if found["targets"] else None,
    }


def _backward(store: Store, concept: ConceptRecord) -> dict[str, Any]:
    try:
        found = sources_of(store, concept.code, _READ)
    except DataNotAvailableError:
        found = []
    first = [row for row in found if row["rank"] == 1]
    return {
        "kind": "backward",
        "sources": first[:_SHOWN],
        "more": max(0, len(first) - _SHOWN),
        "who": who_crosswalk(store, concept.system, concept.code, concept.release),
    }
