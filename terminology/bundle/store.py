"""Answers from a bundle: releases, concepts, hierarchy, mappings. Read-only and safe to share by threads."""

from __future__ import annotations

import sqlite3
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from terminology.bundle.concepts.concept_reader import ConceptReader, LoadedRelease, StoredConcept
from terminology.bundle.concepts.expressions import concept_of_expression
from terminology.bundle.concepts.on_day import on_day, unprinted
from terminology.bundle.concepts.refusals import near_codes, not_valid, unknown_code
from terminology.bundle.concepts.walks import Walks
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.life.period import Period
from terminology.bundle.life.periods import days_of_change, period_on, read_life
from terminology.bundle.life.resolution import read_resolution
from terminology.bundle.manifest import DATABASE, Manifest, ReleaseRecord
from terminology.bundle.records import (
    ConceptRecord,
    MappingRow,
    PredecessorRow,
)
from terminology.bundle.tables.edit_tables import EditTables
from terminology.cluster import is_cluster
from terminology.codes import key_in, read_code
from terminology.errors import BundleError, InvalidRequestError
from terminology.release import Release, choose_release
from terminology.systems import ICD10CM, ICD11, ICF, SYSTEMS, code_system

_MAP_COLUMNS = ", ".join(MappingRow.__slots__)


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
        walks = Walks(self, self._reader)
        self.children, self.descendants = walks.children, walks.descendants
        self.siblings, self.roots = walks.siblings, walks.roots
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
                raise unknown_code(self, self._reader, loaded, code)
            return self._reader.record(loaded.release, row)
        day = on or date.today()
        current = None if row is None else period_on(self.life(loaded.release.system, key), day)
        if row is not None and current is not None:  # nearly always: no need to tell what became of the code
            return on_day(self, self._reader, loaded, row, day, current.billable, named=on is not None)
        found = self.resolution(loaded.release.system, key, day)
        if row is None and found.exists and found.last_release is not None:
            nearest = self.nearest_release(loaded.release.system, key, day)
            loaded = self.release(system, nearest)
            row = self._concept_row(loaded, code)
        if not found.exists and found.status != "unknown":
            raise not_valid(found, code, self.releases_with(found.system, key))
        if row is None:
            record = unprinted(self._reader, loaded, found, key, day) if found.exists else None
            if record is None:
                raise unknown_code(self, self._reader, loaded, code)
            return record
        return on_day(self, self._reader, loaded, row, day, found.billable, named=on is not None)

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

    def near(self, system: str, code: str, on: date) -> list[str]:
        """Return the codes of a day that a mistyped one may mean (:func:`~terminology.codes.near_keys`)."""
        return near_codes(self._reader, self.release(system, on=on), code)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
