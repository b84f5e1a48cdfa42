"""WHO's own tables between ICD-10 and ICD-11, answered in the shape of a crosswalk."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from terminology.bundle.life.not_loaded import remark_on_who_tables
from terminology.bundle.records import MappingRow
from terminology.bundle.store import Store
from terminology.cluster import groups_in
from terminology.cluster.model import Group
from terminology.crosswalk import Crosswalk, Motif, Relationship, Representation, Step, Target
from terminology.errors import DataNotAvailableError
from terminology.mapping import MapTable
from terminology.systems import ICD10, ICD11, code_system

_RELATIONSHIPS = {"Equivalent": Relationship.EQUIVALENT, "Subclass": Relationship.SOURCE_NARROWER}
_TARGET_OF = {ICD10.id: ICD11.id, ICD11.id: ICD10.id}


def who_crosswalk(
    store: Store, system: str, code: str, release: str | None = None, on: date | None = None
) -> Crosswalk:
    """Return what WHO's own tables make of an ICD-10 or ICD-11 code.

    The one-category table comes first; a relationship is given where the foundation table states it. WHO
    states no confidence: it is ``None``. Raises as :meth:`Store.concept`, and :class:`DataNotAvailableError`
    where no table of WHO's is loaded.
    """
    source = store.concept(code_system(system).id, code, release, on)
    if absent := remark_on_who_tables(store):
        raise DataNotAvailableError(absent)
    rows = store.mappings_from(source.system, source.code)
    relations = {row.target_foundation_uri: row.relation for row in rows}
    targets: dict[str, Target] = {}
    for row in sorted(rows, key=_preference):
        if row.target is not None and row.target_system == _TARGET_OF[source.system]:
            known = targets.get(row.target) or _target(row, row.target, relations, len(targets) + 1)
            targets[row.target] = replace(known, provenance=(*known.provenance, _step(row)))
    return Crosswalk(
        source.system,
        source.release,
        source.code,
        source.title,
        _TARGET_OF[source.system],
        None,
        _representation(next(iter(targets.values()), None)),
        _motif(store, source.system, source.code, list(targets)),
        tuple(targets.values()),
    )


def _representation(first: Target | None) -> Representation:
    if first is None:
        return Representation.NONE
    if first.relationship is not Relationship.EQUIVALENT:
        return Representation.PARTIAL
    return Representation.FULL if len(first.members) == 1 else Representation.FULL_POSTCOORDINATED


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


def _step(row: MappingRow) -> Step:
    words = f"{row.source_code} -> {row.target}"
    said = f"{words} ({row.relation})" if row.relation else words
    return Step("WHO table", said, f"{row.map_table} {row.release}, row {row.row}")


def _target(row: MappingRow, target: str, relations: dict[str | None, str | None], rank: int) -> Target:
    relation = relations.get(row.target_foundation_uri) or row.relation or ""
    return Target(
        rank,
        tuple(Group(stem, tuple(extensions)) for stem, *extensions in groups_in(target)),
        (row.target_title,),
        _RELATIONSHIPS.get(relation, Relationship.RELATED),
        None,
    )
