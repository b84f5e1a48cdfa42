"""The JSON forms that the HTTP API and the command line share."""

from __future__ import annotations

from datetime import date
from typing import Any

from terminology.bundle.records import ConceptRecord
from terminology.concept import NoteKind

_NO_NOTES: dict[str, tuple[str, ...]] = {kind.value: () for kind in NoteKind}


def concept_payload(concept: ConceptRecord) -> dict[str, Any]:
    """Return the JSON form of a concept; every kind of note is present."""
    return {
        "system": concept.system,
        "release": concept.release,
        "code": concept.code,
        "title": concept.title,
        "short_title": concept.short_title,
        "kind": concept.kind,
        "billable": concept.billable,
        "parent": concept.parent,
        "chapter": concept.chapter,
        "path": concept.path,
        "children_count": concept.children_count,
        "descendants_count": concept.descendants_count,
        "notes": {**_NO_NOTES, **concept.notes},
        "inherited_notes": [
            {"from": note.origin, "kind": note.kind, "text": note.text} for note in concept.inherited_notes
        ],
        "seventh_characters": concept.seventh_characters,
        "synonyms": concept.synonyms,
        "valid_from": concept.valid_from,
        "valid_from_known": concept.valid_from_known,
        "valid_to": concept.valid_to,
        "life": [
            {
                "from": None if period.start == date.min else period.start.isoformat(),
                "to": None if period.end is None else period.end.isoformat(),
                "title": period.title,
                "billable": period.billable,
                "source": period.source,
            }
            for period in concept.life
        ],
        "notices": concept.notices,
        "uri": concept.uri,
        "foundation_uri": concept.foundation_uri,
        "properties": dict(concept.properties),
        "releases": concept.releases,
    }
