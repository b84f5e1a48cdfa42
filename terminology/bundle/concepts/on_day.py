"""A concept as it was on a day, and what its release cannot say of that day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from terminology.bundle.concepts.concept_reader import ConceptReader, LoadedRelease, StoredConcept
from terminology.bundle.concepts.day_tree import day_tree, placed_on
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.life.periods import unchanged_in
from terminology.bundle.records import ConceptRecord
from terminology.bundle.store_face import StoreFace
from terminology.claims.tables.mce import MCE_DIAGNOSIS, lists_every_code_on
from terminology.concept import Kind
from terminology.systems import ICD10CM, code_system


def on_day(
    store: StoreFace,
    reader: ConceptReader,
    loaded: LoadedRelease,
    row: StoredConcept,
    day: date,
    billable: bool | None,
    *,
    named: bool,
) -> ConceptRecord:
    """A concept as it was on a day, with notices of what its release cannot say of that day."""
    record = reader.record(
        loaded.release, row, release_notices(store, loaded, day if named else None, day), day
    )
    if billable is not None and billable != record.billable:
        kind = Kind.CODE if billable else Kind.CATEGORY
        record = replace(record, billable=billable, kind=kind.value)
    since = unchanged_in(store, loaded.release.system, day)
    tree = day_tree(store, loaded.release.system, loaded.number, since)
    return record if tree.is_empty else placed_on(record, tree, row.last_id)


def unprinted(
    reader: ConceptReader, loaded: LoadedRelease, found: Resolution, key: str, day: date
) -> ConceptRecord | None:
    """A code that only a dated table knows, below the nearest heading of a release."""
    record = reader.unprinted(loaded, key, found.code, found.title, found.billable)
    if record is None:
        return None
    billable = " and billable" if found.billable else ""
    notice = (
        f"no loaded release has {found.code}: that it is valid{billable} on {found.on} is from "
        f"{found.source}; place and inherited notes are those of {record.path[-1].code} in release "
        f"{record.release}"
    )
    return replace(record, notices=(notice,), day=day)


def release_notices(
    store: StoreFace, loaded: LoadedRelease, named: date | None, day: date
) -> tuple[str, ...]:
    """Say it when the release that answers for a day (``named`` if asked for) is not in force then."""
    release = loaded.release
    if release.in_force(day) or (release.effective_from is None and release.effective_to is None):
        return ()
    title, on = code_system(release.system).title, f"on {named}" if named else "today"
    if release.effective_from is not None and day < release.effective_from:
        return (
            f"no loaded release of {title} was in force {on}: whether the code was valid and billable is "
            f"from dated tables (see life), title, notes and place are those of release {release.id}, "
            f"in force from {release.effective_from}",
        )
    dated = store.edit_tables.release_on(MCE_DIAGNOSIS, day) if release.system == ICD10CM.id else None
    known = (
        f"; whether the code is valid and billable {on} is from {dated.title} {dated.release}"
        if dated and lists_every_code_on(dated.release, day)
        else ""
    )
    return (
        f"no loaded release of {title} is in force {on}: title, notes and place are those of release "
        f"{release.id}, in force until {release.effective_to}{known}",
    )
