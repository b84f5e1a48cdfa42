"""Concepts read from a bundle's database: a row, what is printed with it, and where it stands."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from terminology.bundle.life.period import Period
from terminology.bundle.records import PATH_SEPARATOR, ConceptRecord, InheritedNote, Summary
from terminology.codes import unfilled
from terminology.concept import NO_PROPERTIES, Kind, NoteKind, SeventhCharacter, Synonym
from terminology.release import Release
from terminology.systems import ICD10, ICD10CM, ICF
from terminology.who_uri import WhoUri, match_who_uri

_SUMMARY = "code, title, kind, billable, children_count"
_COLUMNS = (
    "id, key, code, title, short_title, kind, billable, parent_id, last_id, children_count, chapter, "
    "seventh_id, has_notes, has_synonyms, has_index_terms, releases, uri, foundation_uri, properties"
)
_FILLED_SYSTEMS = (ICD10CM.id, ICD10.id)
NO_ID = 0
"""The id of a concept that no release has."""
_SHORTEST = 3
_NOT_INHERITED = (NoteKind.INCLUSION_TERM.value,)


class LoadedRelease(NamedTuple):
    """A release in this bundle with the span of its concept ids."""

    number: int
    release: Release
    first_id: int
    last_id: int


class StoredConcept(NamedTuple):
    """A row of the table of concepts, as it is stored."""

    id: int
    key: str
    code: str
    title: str
    short_title: str | None
    kind: str
    billable: int | None
    parent_id: int | None
    last_id: int
    children_count: int
    chapter: str
    seventh_id: int | None
    has_notes: int
    has_synonyms: int
    has_index_terms: int
    releases: str
    uri: str | None
    foundation_uri: str | None
    properties: bytes | str | None


class ConceptReader:
    """Reads concepts; what many of them share (paths, notes from above, 7th characters) is kept."""

    def __init__(self, db: sqlite3.Connection, life_of: Callable[[str, str], tuple[Period, ...]]) -> None:
        self._db = db
        self._life_of = life_of
        self._path = lru_cache(maxsize=65536)(self._read_path)
        self._notes_down = lru_cache(maxsize=65536)(self._read_notes_down)
        self._seventh = lru_cache(maxsize=4096)(self._read_seventh)

    def by_key(self, loaded: LoadedRelease, key: str) -> StoredConcept | None:
        """Return the concept of a release with this key."""
        return self._first("release_id = ? AND key = ?", (loaded.number, key))

    def by_filled_key(self, loaded: LoadedRelease, key: str) -> StoredConcept | None:
        """Return the category without codes below it that a key with a filling X means (``I10X``: I10)."""
        category = unfilled(key) if loaded.release.system in _FILLED_SYSTEMS else None
        row = None if category is None else self.by_key(loaded, category)
        return None if row is None or row.children_count else row

    def by_entity(self, loaded: LoadedRelease, text: str) -> StoredConcept | None:
        """Return a category of ICD-11 or ICF by a WHO URI in any form, or the bare number of its entity."""
        named = WhoUri(text) if text.isdecimal() else match_who_uri(text)
        own = "icf" if loaded.release.system == ICF.id else "mms"
        if named is None or named.linearization not in (None, own):
            return None
        return self._first("uri = ? AND release_id = ?", (named.uri_in(own), loaded.number))

    def exists(self, release: int, key: str) -> bool:
        """Return whether the release with this number holds a key."""
        return self.releases_of(release, key) is not None

    def releases_of(self, release: int, key: str) -> str | None:
        """Return the names of all releases that hold a key, where the one with this number does."""
        found = self._db.execute(
            "SELECT releases FROM concept WHERE release_id = ? AND key = ?", (release, key)
        ).fetchone()
        return None if found is None else str(found[0])

    def parent_id(self, number: int) -> int | None:
        """Return the id of what a concept stands under."""
        found: int | None = self._db.execute(
            "SELECT parent_id FROM concept WHERE id = ?", (number,)
        ).fetchone()[0]
        return found

    def last_id(self, number: int) -> int:
        """Return the id of the last concept below one; its own where there is none."""
        found = self._db.execute("SELECT last_id FROM concept WHERE id = ?", (number,)).fetchone()
        return number if found is None else int(found[0])

    def summaries(self, where: str, args: tuple[Any, ...]) -> list[Summary]:
        """Return the short form of the concepts that a condition of our own holds for."""
        rows = self._db.execute(f"SELECT {_SUMMARY} FROM concept WHERE {where}", args)
        return [_summary(row) for row in rows]

    def record(
        self, release: Release, row: StoredConcept, notices: tuple[str, ...] = (), day: date | None = None
    ) -> ConceptRecord:
        """Return a concept with its notes, terms, place and life, and the notices of the day it is of."""
        return ConceptRecord(
            id=row.id,
            system=release.system,
            release=release.id,
            key=row.key,
            code=row.code,
            title=row.title,
            short_title=row.short_title,
            kind=row.kind,
            billable=None if row.billable is None else bool(row.billable),
            chapter=row.chapter,
            path=() if row.parent_id is None else self._path(row.parent_id),
            children_count=row.children_count,
            descendants_count=row.last_id - row.id,
            notes=self._notes(row.id) if row.has_notes else {},
            seventh_characters=() if row.seventh_id is None else self._seventh(row.seventh_id),
            synonyms=self._synonyms(row) if row.has_synonyms or row.has_index_terms else (),
            uri=row.uri,
            foundation_uri=row.foundation_uri,
            properties=NO_PROPERTIES if row.properties is None else orjson.loads(row.properties),
            releases=tuple(row.releases.split()),
            inherited_notes=() if row.parent_id is None else self._notes_down(row.parent_id),
            life=self._life_of(release.system, row.key),
            notices=notices,
            day=day,
        )

    def unprinted(
        self, loaded: LoadedRelease, key: str, code: str, title: str | None, billable: bool | None
    ) -> ConceptRecord | None:
        """Return a code that the release does not have, with the place and the notes of the heading above it.

        Its id is :data:`NO_ID`. ``None`` where the release has no heading that the key begins with.
        """
        lengths = range(len(key) - 1, _SHORTEST - 1, -1)
        row = next((row for n in lengths if (row := self.by_key(loaded, key[:n])) is not None), None)
        if row is None:
            return None
        above = self.record(loaded.release, row)
        return replace(
            above,
            id=NO_ID,
            key=key,
            code=code,
            title=title or untitled_title(row.code, row.title),
            short_title=None,
            kind=Kind.CODE.value if billable else Kind.CATEGORY.value,
            billable=billable,
            path=self._path(row.id),
            children_count=0,
            descendants_count=0,
            notes={},
            synonyms=(),
            releases=(),
            inherited_notes=self._notes_down(row.id),
            life=self._life_of(loaded.release.system, key),
        )

    def _first(self, where: str, args: tuple[Any, ...]) -> StoredConcept | None:
        found = self._db.execute(f"SELECT {_COLUMNS} FROM concept WHERE {where}", args).fetchone()
        return None if found is None else StoredConcept._make(found)

    def _read_path(self, number: int) -> tuple[Summary, ...]:
        row = self._db.execute(
            f"SELECT parent_id, {_SUMMARY} FROM concept WHERE id = ?",
            (number,),
        ).fetchone()
        above = () if row[0] is None else self._path(row[0])
        return (*above, _summary(row[1:]))

    def _read_notes_down(self, number: int) -> tuple[InheritedNote, ...]:
        """The notes that hold below a concept: its own, then those that hold for it."""
        parent, code, has_notes = self._db.execute(
            "SELECT parent_id, code, has_notes FROM concept WHERE id = ?", (number,)
        ).fetchone()
        own = self._notes(number) if has_notes else {}
        notes = [InheritedNote(code, k, t) for k, ts in own.items() if k not in _NOT_INHERITED for t in ts]
        return (*notes, *(() if parent is None else self._notes_down(parent)))

    def _read_seventh(self, number: int) -> tuple[SeventhCharacter, ...]:
        rows = self._db.execute(
            "SELECT character, meaning FROM seventh_character WHERE concept_id = ? ORDER BY seq", (number,)
        )
        return tuple(SeventhCharacter(*row) for row in rows)

    def _notes(self, number: int) -> dict[str, tuple[str, ...]]:
        notes: dict[str, tuple[str, ...]] = {}
        for kind, text in self._db.execute(
            "SELECT kind, text FROM note WHERE concept_id = ? ORDER BY seq", (number,)
        ):
            notes[kind] = (*notes.get(kind, ()), text)
        return notes

    def _synonyms(self, row: StoredConcept) -> tuple[Synonym, ...]:
        """Return a concept's own synonyms and the entries of the alphabetic indexes that lead to it."""
        rows = self._db.execute(
            "SELECT text, source, language FROM synonym WHERE concept_id = ? ORDER BY seq", (row.id,)
        )
        found = [Synonym(*each) for each in rows]
        if row.has_index_terms:
            entries = self._db.execute(
                "SELECT path, column_heading, book, edition FROM index_term WHERE key = ? ORDER BY id",
                (row.key,),
            )
            for path, column, book, edition in entries:
                text = path.replace(PATH_SEPARATOR, ", ") + (f", {column}" if column else "")
                found.append(Synonym(text, f"{book} {edition}"))
        return tuple(dict.fromkeys(found))


def untitled_title(code: str, title: str) -> str:
    """Return what stands for the title of a code that no loaded release has: that, and where it stands.

    >>> untitled_title("H40.11", "Primary open-angle glaucoma")
    '(no loaded release has its title; below H40.11 Primary open-angle glaucoma)'
    """
    return f"(no loaded release has its title; below {code} {title})"


def _summary(row: tuple[Any, ...]) -> Summary:
    code, title, kind, billable, children = row
    return Summary(code, title, kind, None if billable is None else bool(billable), children)
