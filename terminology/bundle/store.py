"""Answers from a bundle: releases, concepts, hierarchy, mappings. Read-only and safe to share by threads."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

from terminology.bundle.concepts.concept_reader import NO_ID, ConceptReader, LoadedRelease, StoredConcept
from terminology.bundle.concepts.day_tree import DayTree, day_tree, placed_on, rows_on
from terminology.bundle.concepts.expressions import concept_of_expression
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.life.icd9_codes import became_icd10, codes_in_use
from terminology.bundle.life.not_loaded import remark_elsewhere
from terminology.bundle.life.periods import Period, days_of_change, read_life, unchanged_in
from terminology.bundle.life.resolution import read_resolution
from terminology.bundle.manifest import DATABASE, Manifest, ReleaseRecord
from terminology.bundle.records import (
    ConceptRecord,
    MappingRow,
    PredecessorRow,
    Summary,
)
from terminology.bundle.tables.edit_tables import EditTables
from terminology.claims.tables.mce import MCE_DIAGNOSIS, lists_every_code_on
from terminology.cluster import is_cluster
from terminology.codes import key_in, read_code, suggested_keys
from terminology.concept import Kind
from terminology.errors import BundleError, CodeNotValidError, InvalidRequestError, UnknownCodeError
from terminology.icd9.shape import remark_on
from terminology.release import Release, choose_release
from terminology.systems import ICD10CM, ICD11, ICF, SYSTEMS, code_system

_MAP_COLUMNS = ", ".join(MappingRow.__slots__)


class Page(NamedTuple):
    """One page of a list and the length of the whole list."""

    total: int
    items: list[Summary]


class Store:
    """An open bundle.

    All files are opened at once and stay open, so a bundle that is swapped on disk does not disturb a
    running server. One read-only connection is shared: SQLite serialises its use (threadsafety 3).
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        path = folder / DATABASE
        if not path.is_file():
            raise BundleError(f"{folder} has no {DATABASE}; run 'teneleven build' again")
        address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        try:
            self._db = sqlite3.connect(address, uri=True, check_same_thread=False)
            self._db.execute("PRAGMA mmap_size = 1073741824")
            self._db.execute("PRAGMA trusted_schema = OFF")  # a bundle is data: nothing in it is run
            rows = self._db.execute(
                "SELECT id, system, release, effective_from, effective_to, first_id, last_id FROM release"
            ).fetchall()
        except sqlite3.DatabaseError as fault:
            raise BundleError(f"{path} is damaged ({fault}); run 'teneleven build' again") from fault
        self._releases = [
            LoadedRelease(number, Release(system, name, _date(start), _date(end)), first, last)
            for number, system, name, start, end, first, last in rows
        ]
        self._by_system: dict[str, tuple[Release, ...]] = {
            system: tuple(
                sorted(
                    (r.release for r in self._releases if r.release.system == system),
                    key=lambda r: r.sort_key,
                )
            )
            for system in {r.release.system for r in self._releases}
        }
        self._systems = [system for system in SYSTEMS if system in self._by_system]
        self._check_releases()
        self.edit_tables = EditTables(self.query)
        #: What others make of this bundle and keep as long as it is open, by its type or function.
        self.kept: dict[Any, Any] = {}
        self.life = lru_cache(maxsize=65536)(self._read_life)
        self.resolution = lru_cache(maxsize=16384)(self._read_resolution)
        self._reader = ConceptReader(self._db, self.life)
        self._choose = lru_cache(maxsize=512)(self._read_release)

    def _check_releases(self) -> None:
        """Raise :class:`BundleError` when manifest and database are not of the same build."""
        told = {(record.system, record.release) for record in self.manifest.releases}
        held = {(loaded.release.system, loaded.release.id) for loaded in self._releases}
        if told != held:
            raise BundleError(
                f"{self.folder}: the releases in manifest and database differ; run 'teneleven build' again"
            )

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    @property
    def content_hash(self) -> str:
        """The bundle's content hash."""
        return self.manifest.content_hash

    def systems(self) -> list[str]:
        """Return the ids of the code systems that have a release here, ICD-10-CM first."""
        return list(self._systems)

    def releases(self, system: str) -> list[Release]:
        """Return the loaded releases of a system, oldest first."""
        return list(self._by_system.get(code_system(system).id, ()))

    def release_record(self, release: Release) -> ReleaseRecord:
        """Return what the manifest says of a release."""
        return next(
            r for r in self.manifest.releases if (r.system, r.release) == (release.system, release.id)
        )

    def release(self, system: str, wanted: str | None = None, on: date | None = None) -> LoadedRelease:
        """Return the release that ``wanted`` names, or the one for a day (today); see :func:`choose_release`.

        Raises :class:`InvalidRequestError` when both are given.
        """
        if wanted is not None and on is not None:
            raise InvalidRequestError(
                "date", "give a date or a release, not both: a date chooses the release"
            )
        return self._choose(system, wanted, on or date.today())

    def concept(
        self, system: str, code: str, release: str | None = None, on: date | None = None
    ) -> ConceptRecord:
        """Return a concept by its code as people write it, block id, chapter number or WHO URI.

        ``I10X`` is I10: of a category without codes below it the X fills the field.
        ``release`` asks what that release says. Without it the code is asked for on a day, today or ``on``:
        it must be in use then, and is shown as the release of that day has it, or the nearest that does.
        Of ICD-11 an expression is answered too (:func:`concept_of_expression`; :class:`ClusterSyntaxError`).
        Raises :class:`UnknownSystemError`, :class:`UnknownReleaseError`, :class:`UnknownCodeError`, and
        :class:`CodeNotValidError` for a code that is not in use on the day.
        """
        loaded = self.release(system, release, on)
        row = self._concept_row(loaded, code)
        if row is None and loaded.release.system == ICD11.id and is_cluster(code):
            return concept_of_expression(self, code, release, on)
        key = row.key if row is not None else key_in(loaded.release.system, code)
        if release is not None:
            if row is None:
                raise self._unknown(loaded, code)
            return self._reader.record(loaded.release, row)
        day = on or date.today()
        found = self.resolution(loaded.release.system, key, day)
        if row is None and found.exists and found.last_release is not None:
            nearest = self.nearest_release(loaded.release.system, key, day)
            loaded = self.release(system, nearest)
            row = self._concept_row(loaded, code)
        if not found.exists and found.status != "unknown":
            raise _not_valid(found, code, self.releases_with(found.system, key))
        if row is None:
            unprinted = self._unprinted(loaded, found, key, day) if found.exists else None
            if unprinted is None:
                raise self._unknown(loaded, code)
            return unprinted
        return self._on_day(loaded, row, day, found.billable, named=on is not None)

    def _concept_row(self, loaded: LoadedRelease, code: str) -> StoredConcept | None:
        key = key_in(loaded.release.system, code)
        row = self._reader.by_key(loaded, key)
        if row is None and loaded.release.system in (ICD11.id, ICF.id):
            return self._reader.by_entity(loaded, read_code(code).text)
        return self._reader.by_filled_key(loaded, key) if row is None else row

    def nearest_release(self, system: str, code: str, day: date) -> str | None:
        """Return the release nearest to a day that holds a code: the newest begun then, else the oldest."""
        held = set(self.releases_with(system, code))
        releases = [r for r in self.releases(system) if r.id in held]
        return choose_release(system, releases, None, day).id if releases else None

    def unchanged_since(self, day: date) -> date:
        """Return the first day since which every answer about "today" is the one of a day."""
        days = days_of_change(self)
        place = bisect_right(days, day)
        return days[place - 1] if place else date.min

    def _on_day(
        self, loaded: LoadedRelease, row: StoredConcept, day: date, billable: bool | None, *, named: bool
    ) -> ConceptRecord:
        """A concept as it was on a day, with notices of what its release cannot say of that day."""
        record = self._reader.record(loaded.release, row)
        notices = self.release_notices(loaded, day if named else None, day)
        record = replace(record, notices=notices, day=day)
        if billable is not None and billable != record.billable:
            kind = Kind.CODE if billable else Kind.CATEGORY
            record = replace(record, billable=billable, kind=kind.value)
        since = unchanged_in(self, loaded.release.system, day)
        tree = day_tree(self, loaded.release.system, loaded.number, since)
        return record if tree.is_empty else placed_on(record, tree, row.last_id)

    def _unprinted(
        self, loaded: LoadedRelease, found: Resolution, key: str, day: date
    ) -> ConceptRecord | None:
        """A code that only a dated table knows, below the nearest heading of a release."""
        record = self._reader.unprinted(loaded, key, found.code, found.title, found.billable)
        if record is None:
            return None
        billable = " and billable" if found.billable else ""
        notice = (
            f"no loaded release has {found.code}: that it is valid{billable} on {found.on} is from "
            f"{found.source}; place and inherited notes are those of {record.path[-1].code} in release "
            f"{record.release}"
        )
        return replace(record, notices=(notice,), day=day)

    def release_notices(self, loaded: LoadedRelease, named: date | None, day: date) -> tuple[str, ...]:
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
        dated = self.edit_tables.release_on(MCE_DIAGNOSIS, day) if release.system == ICD10CM.id else None
        known = (
            f"; whether the code is valid and billable {on} is from {dated.title} {dated.release}"
            if dated and lists_every_code_on(dated.release, day)
            else ""
        )
        return (
            f"no loaded release of {title} is in force {on}: title, notes and place are those of release "
            f"{release.id}, in force until {release.effective_to}{known}",
        )

    def has(self, system: str, code: str, release: str | None = None, on: date | None = None) -> bool:
        """Return whether a release, or that of a day (today), holds a code."""
        loaded = self.release(system, release, on)
        return self._reader.exists(loaded.number, key_in(loaded.release.system, code))

    def in_use(self, system: str, code: str, release: str | None = None, on: date | None = None) -> bool:
        """Return whether a release holds a code, or without one whether it is in use on a day (today)."""
        if release is not None:
            return self.has(system, code, release, on)
        key = key_in(code_system(system).id, code)
        return self.resolution(code_system(system).id, key, on or date.today()).exists

    def releases_with(self, system: str, code: str) -> list[str]:
        """Return the releases of a system that hold a code, oldest first."""
        key = key_in(system, code)
        newest_first = (r.number for r in reversed(self._releases) if r.release.system == system)
        found = next(filter(None, (self._reader.releases_of(number, key) for number in newest_first)), "")
        return [release.id for release in self.releases(system) if release.id in found.split()]

    def printed_code(self, system: str, key: str) -> str | None:
        """Return a code as its publisher prints it, ``None`` for one that no loaded file has."""
        row = self._db.execute(
            "SELECT code FROM life WHERE system = ? AND key = ? LIMIT 1", (system, key)
        ).fetchone()
        return None if row is None else str(row[0])

    def children(self, concept: ConceptRecord, limit: int, offset: int = 0) -> Page:
        """Return a page of a concept's children in publisher's order, of a day those that were in use."""
        return self._page(concept, "parent_id = ?", (concept.id,), concept.id, limit, offset)

    def descendants(self, concept: ConceptRecord, limit: int, offset: int = 0) -> Page:
        """Return a page of everything below a concept, depth-first, of a day what was in use."""
        last = self._reader.last_id(concept.id)
        tree = self._tree(concept)
        if tree is None or not tree.differs_in(concept.id, last):
            first = concept.id + 1 + offset
            args = (first, min(last, first + limit - 1))
            return Page(last - concept.id, self._reader.summaries("id BETWEEN ? AND ? ORDER BY id", args))
        besides = [each for each in tree.unprinted if concept.id <= each.parent <= last]
        found = rows_on(self, tree, "id BETWEEN ? AND ?", (concept.id + 1, last), besides)
        return Page(len(found), found[offset : offset + limit])

    def siblings(self, concept: ConceptRecord, limit: int, offset: int = 0) -> Page:
        """Return a page of the other children of a concept's parent (of the other chapters for a chapter)."""
        parent = self._parent_id(concept)
        if parent is None:
            number = self.release(concept.system, concept.release).number
            where, args = "release_id = ? AND parent_id IS NULL AND id <> ?", (number, concept.id)
            return self._page(concept, where, args, None, limit, offset)
        return self._page(concept, "parent_id = ? AND id <> ?", (parent, concept.id), parent, limit, offset)

    def roots(self, system: str, release: str | None = None, on: date | None = None) -> list[Summary]:
        """Return the chapters of a release, or as they are on a day (today)."""
        loaded = self.release(system, release, on)
        where, args = "id BETWEEN ? AND ? AND depth = 0", (loaded.first_id, loaded.last_id)
        if release is not None:
            return self._reader.summaries(f"{where} ORDER BY id", args)
        tree = day_tree(self, loaded.release.system, loaded.number, self.unchanged_since(on or date.today()))
        return rows_on(self, tree, where, args, ())

    def _parent_id(self, concept: ConceptRecord) -> int | None:
        if concept.id != NO_ID:
            return self._reader.parent_id(concept.id)
        loaded = self.release(concept.system, concept.release)
        above = self._reader.by_key(loaded, key_in(concept.system, concept.path[-1].code))
        return None if above is None else above.id

    def _tree(self, concept: ConceptRecord) -> DayTree | None:
        """How the tree differs on the day that a concept is of, ``None`` where a release was named."""
        if concept.day is None:
            return None
        number = self.release(concept.system, concept.release).number
        return day_tree(self, concept.system, number, unchanged_in(self, concept.system, concept.day))

    def _page(
        self,
        concept: ConceptRecord,
        where: str,
        args: tuple[int, ...],
        parent: int | None,
        limit: int,
        offset: int,
    ) -> Page:
        """Return a page of the concepts a condition holds for, as of the concept's day if it is of one."""
        tree = self._tree(concept)
        if tree is None or tree.is_empty:
            (total,) = self._db.execute(f"SELECT count(*) FROM concept WHERE {where}", args).fetchone()
            rows = self._reader.summaries(f"{where} ORDER BY id LIMIT ? OFFSET ?", (*args, limit, offset))
            return Page(total, rows)
        besides = [e for e in tree.unprinted if e.parent == parent and e.summary.code != concept.code]
        found = rows_on(self, tree, where, args, besides)
        return Page(len(found), found[offset : offset + limit])

    def codes(self, system: str, release: str | None = None) -> Iterator[tuple[str, str, str, bool | None]]:
        """Yield ``(code, title, kind, billable)`` of every concept of a release, depth-first."""
        loaded = self.release(system, release)
        for code, title, kind, billable in self._db.execute(
            "SELECT code, title, kind, billable FROM concept WHERE id BETWEEN ? AND ? ORDER BY id",
            (loaded.first_id, loaded.last_id),
        ):
            yield code, title, kind, None if billable is None else bool(billable)

    def mappings_from(self, system: str, code: str) -> list[MappingRow]:
        """Return the mapping rows whose source is this code, newest table first."""
        return self._mappings("source", system, code)

    def mappings_to(self, system: str, code: str) -> list[MappingRow]:
        """Return the mapping rows whose target is exactly this code or cluster, newest table first."""
        return self._mappings("target", system, code)

    def predecessors(self, code: str) -> list[PredecessorRow]:
        """Return the codes used before an ICD-10-CM code existed."""
        return self._conversions("key", code)

    def successors(self, code: str) -> list[PredecessorRow]:
        """Return the ICD-10-CM codes that replaced a code."""
        return self._conversions("previous_key", code)

    def check_readable(self) -> None:
        """Read a row; raises what SQLite raises when the database cannot be read any more."""
        self._db.execute("SELECT 1 FROM release LIMIT 1").fetchone()

    def has_axes(self) -> bool:
        """Whether any ICD-11 code states the axes of its postcoordination."""
        return self._db.execute("SELECT 1 FROM axis LIMIT 1").fetchone() is not None

    def query(self, sql: str, args: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Run a read-only query; for the modules of this package that answer larger questions."""
        return self._db.execute(sql, args)

    def _read_release(self, system: str, wanted: str | None, today: date) -> LoadedRelease:
        name = code_system(system).id
        chosen = choose_release(name, (r.release for r in self._releases), wanted, today)
        return next(r for r in self._releases if r.release == chosen)

    def _read_life(self, system: str, key: str) -> tuple[Period, ...]:
        return read_life(self, system, key)

    def _read_resolution(self, system: str, key: str, day: date) -> Resolution:
        return read_resolution(self, system, key, day)

    def _mappings(self, end: str, system: str, code: str) -> list[MappingRow]:
        rows = self._db.execute(
            f"SELECT {_MAP_COLUMNS} FROM mapping WHERE {end}_system = ? AND {end}_key = ? "
            "ORDER BY release DESC, id",
            (code_system(system).id, key_in(code_system(system).id, code)),
        )
        return [MappingRow(*row) for row in rows]

    def _conversions(self, column: str, code: str) -> list[PredecessorRow]:
        rows = self._db.execute(
            "SELECT DISTINCT code, previous, previous_note, effective_year, effective_note FROM predecessor "
            f"WHERE {column} = ? ORDER BY effective_year, code",
            (key_in(ICD10CM.id, code),),
        )
        return [PredecessorRow(*row) for row in rows]

    def _unknown(self, loaded: LoadedRelease, code: str) -> UnknownCodeError:
        release = loaded.release
        elsewhere = self.releases_with(release.system, code)
        became = became_icd10(self, code) if release.system == ICD10CM.id else None
        if became is not None:
            near = codes_in_use(self, became)
            remark = f"{became.code} is {became.sentence}"
            return UnknownCodeError(release.system, release.id, code, near, elsewhere, remark)
        remark = remark_on(release.system, code)
        other = "" if remark or elsewhere else remark_elsewhere(self, release.system, code)
        suggested = [] if other else self._near(loaded, code)
        return UnknownCodeError(release.system, release.id, code, suggested, elsewhere, remark or other)

    def near(self, system: str, code: str, on: date) -> list[str]:
        """Return the codes of a day that a mistyped one may mean (:func:`~terminology.codes.near_keys`)."""
        return self._near(self.release(system, on=on), code)

    def _near(self, loaded: LoadedRelease, code: str) -> list[str]:
        key = key_in(loaded.release.system, code)
        rows = (
            self._reader.by_key(loaded, near)
            for near in suggested_keys(key, partial(self._reader.exists, loaded.number))
        )
        return [row.code for row in rows if row is not None]


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _not_valid(found: Resolution, code: str, elsewhere: list[str]) -> CodeNotValidError:
    return CodeNotValidError(
        found.system,
        code,
        found.status,
        found.message,
        successors=[s.code for s in found.successors],
        heading=found.heading,
        begins=found.begins,
        ended=found.ended,
        elsewhere=elsewhere,
    )
