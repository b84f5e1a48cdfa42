"""Answers about the crosswalk: the engine's for ICD-10-CM, WHO's own tables for ICD-10 and ICD-11."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from terminology.bundle.records import MappingRow
from terminology.bundle.store import Store
from terminology.codes import code_key, key_in
from terminology.crosswalk import Motif, Relationship, Representation
from terminology.errors import DataNotAvailableError
from terminology.mapping import MapTable, TargetKind
from terminology.systems import ICD10, ICD10CM, ICD11, code_system

_RELATIONSHIPS = {"Equivalent": Relationship.EQUIVALENT, "Subclass": Relationship.SOURCE_NARROWER}
_TURNED = {
    Relationship.SOURCE_NARROWER.value: Relationship.SOURCE_BROADER,
    Relationship.SOURCE_BROADER.value: Relationship.SOURCE_NARROWER,
}
_TARGET_OF = {ICD10.id: ICD11.id, ICD11.id: ICD10.id}


def crosswalk_json(store: Store, code: str, release: str | None = None) -> bytes:
    """Return the crosswalk of an ICD-10-CM code as encoded JSON (DESIGN section 6).

    Raises :class:`UnknownCodeError` for a code the release does not hold and
    :class:`DataNotAvailableError` for a chapter or block, or a bundle without ICD-11.
    """
    row = _record_row(store, key_in(ICD10CM.id, code))
    if row is None or not store.has(ICD10CM.id, code, release):
        concept = store.concept(ICD10CM.id, code, release)
        row = _record_row(store, concept.key)
    if row is None:
        raise DataNotAvailableError(
            f"{concept.code} is a {concept.kind} and has no crosswalk; ask for its codes"
            if concept.kind in ("chapter", "block")
            else "this bundle holds no crosswalk: it was built without ICD-11 (see 'teneleven info')"
        )
    return zlib.decompress(row[0])


def _record_row(store: Store, key: str) -> tuple[bytes] | None:
    found: tuple[bytes] | None = store.query("SELECT record FROM crosswalk WHERE key = ?", (key,)).fetchone()
    return found


def crosswalk(store: Store, code: str, release: str | None = None) -> dict[str, Any]:
    """Return the crosswalk of an ICD-10-CM code; raises as :func:`crosswalk_json`."""
    found: dict[str, Any] = orjson.loads(crosswalk_json(store, code, release))
    return found


def crosswalks(store: Store) -> Iterator[dict[str, Any]]:
    """Yield the crosswalk of every category and code, those of the newest release first."""
    for (record,) in store.query("SELECT record FROM crosswalk ORDER BY id"):
        yield orjson.loads(zlib.decompress(record))


def sources_of(store: Store, expression: str, limit: int = 500) -> list[dict[str, Any]]:
    """Return the ICD-10-CM codes one of whose targets has this stem, recommended ones first.

    ``expression`` is a code or a cluster; of a cluster, sources with exactly it come first.
    """
    stem = code_key(expression).split("/")[0].split("&")[0]
    rows = store.query(
        "SELECT c.code, c.record, t.rank, t.expression, t.relationship, t.confidence "
        "FROM crosswalk_target AS t JOIN crosswalk AS c ON c.id = t.crosswalk_id "
        "WHERE t.stem_key = ? ORDER BY t.rank, c.id LIMIT ?",
        (stem, limit),
    )
    found = [
        {
            "code": code,
            "title": orjson.loads(zlib.decompress(record))["source"]["title"],
            "rank": rank,
            "expression": target,
            "relationship": relationship,
            "confidence": confidence,
        }
        for code, record, rank, target, relationship, confidence in rows
    ]
    wanted = code_key(expression)
    return sorted(found, key=lambda row: (row["rank"] > 1, code_key(row["expression"]) != wanted))


def who_crosswalk(store: Store, system: str, code: str, release: str | None = None) -> dict[str, Any]:
    """Return what WHO's own tables make of an ICD-10 or ICD-11 code, in the shape of a crosswalk.

    The one-category table comes first; a relationship is given where the foundation table states it. WHO
    states no confidence: it is ``null``. Raises as :meth:`Store.concept`.
    """
    source = store.concept(code_system(system).id, code, release)
    targets: dict[str, dict[str, Any]] = {}
    relations = {m.target_foundation_uri: m.relation for m in store.mappings_from(source.system, source.code)}
    for row in sorted(store.mappings_from(source.system, source.code), key=_preference):
        if row.target is not None and row.target_system == _TARGET_OF[source.system]:
            step = {
                "step": "WHO table",
                "detail": _said(row),
                "source": f"{row.map_table} {row.release}, row {row.row}",
            }
            known = targets.setdefault(row.target, _target(row, relations, len(targets) + 1))
            known["provenance"].append(step)
    kind = Representation.FULL if targets else Representation.NONE
    if targets:
        first = next(iter(targets.values()))
        if first["relationship"] != Relationship.EQUIVALENT:
            kind = Representation.PARTIAL
        elif first["extensions"]:
            kind = Representation.FULL_POSTCOORDINATED
    return {
        "source": {
            "system": source.system,
            "release": source.release,
            "code": source.code,
            "title": source.title,
        },
        "target": {"system": _TARGET_OF[source.system], "release": None},
        "representation": kind,
        "motif": _motif(store, source.system, source.code, list(targets)),
        "targets": list(targets.values()),
    }


def reverse_crosswalk(store: Store, code: str, release: str | None = None) -> dict[str, Any]:
    """Return the ICD-10-CM codes that become an ICD-11 code, in the shape of a crosswalk.

    Relationships are turned round; a source for which the code is only an alternative ranks after those for
    which it is the recommended target. Raises as :meth:`Store.concept`.
    """
    source = store.concept(ICD11.id, code, release)
    found = sources_of(store, source.code)
    targets = [
        {
            "rank": rank,
            "expression": row["code"],
            "stem": row["code"],
            "extensions": [],
            "titles": [row["title"]],
            "relationship": _TURNED.get(row["relationship"], row["relationship"]),
            "confidence": row["confidence"],
            "facets_kept": [],
            "facets_lost": [],
            "facets_added": [],
            "provenance": [
                {
                    "step": "reverse",
                    "detail": f"{row['code']} becomes {row['expression']} (its target {row['rank']})",
                    "source": f"TenEleven crosswalk of {row['code']}",
                }
            ],
        }
        for rank, row in enumerate(found, 1)
    ]
    equivalent = any(t["relationship"] == Relationship.EQUIVALENT for t in targets)
    shown = Representation.FULL if equivalent else Representation.PARTIAL
    return {
        "source": {
            "system": source.system,
            "release": source.release,
            "code": source.code,
            "title": source.title,
        },
        "target": {"system": ICD10CM.id, "release": None},
        "representation": shown if targets else Representation.NONE,
        "motif": _reverse_motif(found),
        "targets": targets,
    }


def _reverse_motif(found: list[dict[str, Any]]) -> Motif:
    first = [row for row in found if row["rank"] == 1]
    if not found:
        return Motif.NO_MAPPING
    return Motif.IDENTITY if len(first) == len(found) == 1 else Motif.CLASS_TO_SUBCLASS


def _motif(store: Store, system: str, code: str, targets: list[str]) -> Motif:
    """The motif of a code in WHO's tables, both ways (Boyd, Li, Burton 2013)."""
    if not targets:
        return Motif.NO_MAPPING
    back = {row.source_code for t in targets for row in store.mappings_to(_TARGET_OF[system], t)} - {code}
    if back:
        return Motif.SUBCLASS_TO_CLASS if len(targets) == 1 else Motif.CONVOLUTED
    return Motif.IDENTITY if len(targets) == 1 else Motif.CLASS_TO_SUBCLASS


def _preference(row: MappingRow) -> tuple[bool, str, int]:
    one = row.map_table in (MapTable.TEN_TO_ELEVEN_ONE, MapTable.ELEVEN_TO_TEN_ONE)
    return (not one, "".join(chr(255 - ord(c)) for c in row.release), row.row)


def _said(row: MappingRow) -> str:
    words = f"{row.source_code} -> {row.target}"
    return f"{words} ({row.relation})" if row.relation else words


def _target(row: MappingRow, relations: dict[str | None, str | None], rank: int) -> dict[str, Any]:
    members = [m for group in (row.target or "").split("/") for m in group.split("&")]
    relation = relations.get(row.target_foundation_uri) or row.relation or ""
    return {
        "rank": rank,
        "expression": row.target,
        "stem": members[0],
        "extensions": members[1:] if row.target_kind == TargetKind.CLUSTER else [],
        "titles": [row.target_title],
        "relationship": _RELATIONSHIPS.get(relation, Relationship.RELATED),
        "confidence": None,
        "facets_kept": [],
        "facets_lost": [],
        "facets_added": [],
        "provenance": [],
    }
