"""The card that says what a code becomes, or what becomes it."""

from __future__ import annotations

from typing import Any

from terminology.bundle.concepts.concept_reader import NO_ID
from terminology.bundle.crosswalk.crosswalks import SourceCode, crosswalk, sources_of, sources_of_cluster
from terminology.bundle.crosswalk.who_crosswalk import who_crosswalk
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store import Store
from terminology.concept import Kind
from terminology.crosswalk import Crosswalk, Relationship
from terminology.errors import DataNotAvailableError
from terminology.systems import ICD10, ICD10CM, ICD11

_SHOWN = 8
_READ = 200


def counterpart(store: Store, concept: ConceptRecord) -> dict[str, Any] | None:
    """Return the card of a code: ``kind`` and what it shows; ``None`` where no crosswalk concerns it."""
    if concept.kind in ("chapter", "block", "extension", "modifier"):
        return None
    if concept.kind == Kind.CLUSTER:
        return _of_cluster(store, concept)
    if concept.id == NO_ID:
        return None
    if concept.system == ICD10CM.id:
        return _forward(store, concept)
    if concept.system == ICD11.id:
        return _backward(store, concept)
    if concept.system == ICD10.id and ICD11.id in store.systems():
        return {"kind": "who", "who": _who(store, concept)}
    return None


def in_brief(store: Store, concept: ConceptRecord) -> dict[str, Any] | None:
    """Return the first of a code's counterparts on one line: where, expression, its system and title."""
    card = counterpart(store, concept)
    if card is None:
        return None
    if card["kind"] == "backward":
        first = next(iter(card["sources"]), None)
        return first and {
            "where": "In ICD-10-CM",
            "system": ICD10CM.id,
            "expression": first.code,
            "title": first.title,
            "confidence": first.confidence,
        }
    target = card["target"] if card["kind"] == "forward" else card["who"] and card["who"].recommended
    return target and {
        "where": "In ICD-11" if card["kind"] == "forward" else "In ICD-11 (WHO’s table)",
        "system": ICD11.id,
        "expression": target.expression,
        "title": "; ".join(filter(None, target.titles)),
        "confidence": target.confidence,
    }


def _forward(store: Store, concept: ConceptRecord) -> dict[str, Any] | None:
    try:
        found = crosswalk(store, concept.code, concept.release)
    except DataNotAvailableError:
        return None
    return {
        "kind": "forward",
        "crosswalk": found,
        "target": found.recommended,
    }


def _of_cluster(store: Store, concept: ConceptRecord) -> dict[str, Any]:
    """What becomes a cluster as a whole; WHO's tables have no rows of clusters."""
    try:
        found = sources_of_cluster(store, concept.code, concept.release)
    except DataNotAvailableError:
        found = []
    first = [row for row in found if row.rank == 1]
    return {"kind": "backward", "sources": first[:_SHOWN], "more": max(0, len(first) - _SHOWN), "who": None}


def _backward(store: Store, concept: ConceptRecord) -> dict[str, Any]:
    try:
        found = sources_of(store, concept.code, _READ)
    except DataNotAvailableError:
        found = []
    first = sorted((row for row in found if row.rank == 1), key=_preference)
    return {
        "kind": "backward",
        "sources": first[:_SHOWN],
        "more": max(0, len(first) - _SHOWN),
        "who": _who(store, concept),
    }


def _preference(row: SourceCode) -> tuple[bool, float]:
    """Codes that say the same come first, then those that surely become it."""
    return row.relationship is not Relationship.EQUIVALENT, -row.confidence


def _who(store: Store, concept: ConceptRecord) -> Crosswalk | None:
    """What WHO's tables say; ``None`` where they are not loaded."""
    try:
        return who_crosswalk(store, concept.system, concept.code, concept.release)
    except DataNotAvailableError:
        return None
