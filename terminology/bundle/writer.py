"""Writes a library into the tables of ``terminology.db`` and hashes what it writes."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import orjson

from terminology.bundle.manifest import DATABASE
from terminology.bundle.records import PATH_SEPARATOR
from terminology.codes import code_key
from terminology.concept import IndexTerm
from terminology.edition import Edition, Library, Placed, place
from terminology.mapping import Mapping, Predecessor
from terminology.systems import ICD10CM

if TYPE_CHECKING:  # the graph brings networkx, which a reader of bundles does not need
    from terminology.graph import Dangling

Cell = str | int | float | bytes | None
Row = tuple[Cell, ...]


class DatabaseWriter:
    """An open ``terminology.db`` to which the tables of one schema file are added; a context manager.

    Rows are hashed in the order they are written; ``content_hash`` is a SHA-256 over all of them and does
    not depend on the SQLite version.
    """

    def __init__(self, folder: Path, schema: str = "schema.sql", indices: str | None = "indices.sql") -> None:
        self._path = folder / DATABASE
        self._schema, self._indices = schema, indices
        self._db = sqlite3.connect(self._path, isolation_level=None)
        self._hash = hashlib.sha256()
        self._next_concept = 1
        self._next_release = 1
        self._indexed: frozenset[str] = frozenset()
        self._releases: dict[tuple[str, str], str] = {}

    def __enter__(self) -> DatabaseWriter:
        for pragma in (
            "page_size = 8192",
            "journal_mode = OFF",
            "synchronous = OFF",
            "locking_mode = EXCLUSIVE",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self.script(self._schema)
        self._db.execute("BEGIN")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._db.execute("COMMIT")
                if self._indices is not None:
                    self.script(self._indices)
        finally:
            self._db.close()

    @property
    def content_hash(self) -> str:
        """SHA-256 (hex) of every row written so far."""
        return self._hash.hexdigest()

    def script(self, name: str) -> None:
        """Run one of the SQL files beside this module."""
        self._db.executescript(files("terminology.bundle").joinpath(name).read_text(encoding="utf-8"))

    def rows(self, sql: str, *args: Cell) -> Iterator[tuple[Any, ...]]:
        """Read rows back that were written before."""
        yield from self._db.execute(sql, args)

    def create(self, statement: str) -> None:
        """Create a table or index whose definition follows from a type (edit tables)."""
        self._db.execute(statement)

    def insert(self, table: str, rows: Iterable[Row]) -> int:
        """Append rows, whose cells stand in the order of the table's columns; return their number."""
        width = len(self._db.execute(f"PRAGMA table_info({table})").fetchall())
        self._hash.update(f"\n{table}\n".encode())
        before = self._db.total_changes
        self._db.executemany(
            f"INSERT INTO {table} VALUES ({', '.join('?' * width)})",
            self._hashed(rows),
        )
        return self._db.total_changes - before

    def write_library(self, library: Library) -> None:
        """Write the editions of a library, oldest first, and everything beside them."""
        editions = library.in_order()
        self._indexed = frozenset(
            code_key(term.code).rstrip("-") for term in library.index_terms if term.code
        )
        for edition in editions:
            for concept in edition.concepts:
                held = (edition.release.system, code_key(concept.code))
                earlier = self._releases.get(held)
                self._releases[held] = f"{earlier} {edition.release.id}" if earlier else edition.release.id
        for edition in editions:
            self._write_edition(edition)
        self.insert("index_term", (_index_row(i, t) for i, t in enumerate(library.index_terms, 1)))
        self.insert("mapping", (_mapping_row(i, m) for i, m in enumerate(library.mappings, 1)))
        self.insert("predecessor", (_predecessor_row(i, p) for i, p in enumerate(library.predecessors, 1)))

    def _write_edition(self, edition: Edition) -> None:
        """Write a release with its concepts, notes, synonyms, 7th characters and axes."""
        placed = place(edition)
        release, first, number = edition.release, self._next_concept, self._next_release
        self._next_concept += len(placed)
        self._next_release += 1
        span = (first, first + len(placed) - 1)
        dates = (_iso(release.effective_from), _iso(release.effective_to))
        self.insert("release", [(number, release.system, release.id, *dates, *span)])
        self.insert("concept", (self._concept_row(p, release.system, number, first) for p in placed))
        self.insert("note", _numbered(placed, first, lambda p: ((n.kind, n.text) for n in p.concept.notes)))
        self.insert(
            "synonym",
            _numbered(placed, first, lambda p: ((s.text, s.source, s.language) for s in p.concept.synonyms)),
        )
        self.insert(
            "seventh_character",
            _numbered(
                placed, first, lambda p: ((s.character, s.meaning) for s in p.concept.seventh_characters)
            ),
        )
        self.insert(
            "axis",
            _numbered(
                placed,
                first,
                lambda p: (
                    (a.axis, int(a.required), a.allow_multiple, " ".join(a.values)) for a in p.concept.axes
                ),
            ),
        )

    def write_dangling(self, dangling: Iterable[Dangling]) -> int:
        """Write the list of rows that lead nowhere."""
        rows = ((i, d.table, d.release, d.row, d.end, d.code) for i, d in enumerate(dangling, 1))
        return self.insert("dangling", rows)

    def _concept_row(self, placed: Placed, system: str, release: int, first: int) -> Row:
        c = placed.concept
        key = code_key(c.code)
        indexed = system == ICD10CM.id and key in self._indexed
        return (
            first + placed.position,
            release,
            key,
            c.code,
            c.title,
            c.short_title,
            c.kind,
            None if c.billable is None else int(c.billable),
            None if placed.parent is None else first + placed.parent,
            first + placed.last,
            placed.depth,
            placed.children_count,
            placed.chapter,
            None if placed.seventh_from is None else first + placed.seventh_from,
            int(bool(c.notes)),
            int(bool(c.synonyms)),
            int(indexed),
            self._releases[system, key],
            c.uri,
            c.foundation_uri,
            _iso(c.valid_from),
            _iso(c.valid_to),
            orjson.dumps(dict(c.properties)).decode() if c.properties else None,
        )

    def _hashed(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self._hash.update(orjson.dumps(row, default=bytes.hex))
            yield row


def _numbered(
    placed: Iterable[Placed], first: int, details: Callable[[Placed], Iterable[Row]]
) -> Iterator[Row]:
    for p in placed:
        for seq, detail in enumerate(details(p)):
            yield (first + p.position, seq, *detail)


def _index_row(number: int, term: IndexTerm) -> Row:
    return (
        number,
        term.book,
        term.edition,
        PATH_SEPARATOR.join(term.path),
        term.modifiers,
        term.column,
        term.code,
        None if term.code is None else code_key(term.code).rstrip("-"),
        term.see,
        term.see_also,
        term.manifestation,
    )


def _predecessor_row(number: int, p: Predecessor) -> Row:
    return (
        number,
        code_key(p.code),
        p.code,
        code_key(p.previous),
        p.previous,
        p.previous_note,
        p.effective_year,
        p.effective_note,
        p.row,
    )


def _mapping_row(number: int, m: Mapping) -> Row:
    return (
        number,
        m.table,
        m.release,
        m.row,
        m.source_system,
        m.source_kind,
        m.source_code,
        None if m.source_code is None else code_key(m.source_code),
        m.source_title,
        m.source_uri,
        m.target_system,
        m.target_kind,
        m.target,
        None if m.target is None else code_key(m.target),
        m.target_title,
        m.target_uri,
        m.target_foundation_uri,
        m.relation,
        m.depth_difference,
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
