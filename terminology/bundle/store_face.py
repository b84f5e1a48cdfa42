"""What the rooms that an open bundle is made of ask of it: a :class:`~terminology.bundle.store.Store` is one.

They are below the store, which is made of them, and know no more of it than this.
"""

from __future__ import annotations

from datetime import date
from sqlite3 import Cursor
from typing import Any, Protocol

from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.kept import KeepsAnswers
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.life.period import Period
from terminology.bundle.manifest import Manifest
from terminology.bundle.records import ConceptRecord, PredecessorRow
from terminology.bundle.tables.edit_tables import EditTables


class StoreFace(KeepsAnswers, Protocol):
    """The questions; each is answered as the method of that name of ``Store`` says."""

    @property
    def manifest(self) -> Manifest:
        """What the bundle was made of."""

    @property
    def edit_tables(self) -> EditTables:
        """The payers' tables."""

    def query(self, sql: str, args: tuple[Any, ...] = ()) -> Cursor:
        """Run a read-only query."""

    def systems(self) -> list[str]:
        """Return the code systems that have a release."""

    def release(self, system: str, wanted: str | None = None, on: date | None = None) -> LoadedRelease:
        """Return a release by name or for a day."""

    def releases_with(self, system: str, code: str) -> list[str]:
        """Return the releases that hold a code."""

    def unchanged_since(self, day: date) -> date:
        """Return the first day with the answers of a day."""

    def concept(
        self, system: str, code: str, release: str | None = None, on: date | None = None
    ) -> ConceptRecord:
        """Return a concept."""

    def has(self, system: str, code: str, release: str | None = None, on: date | None = None) -> bool:
        """Return whether a release holds a code."""

    def in_use(self, system: str, code: str, release: str | None = None, on: date | None = None) -> bool:
        """Return whether a code is in use."""

    def life(self, system: str, key: str) -> tuple[Period, ...]:
        """Return the periods of a key."""

    def resolution(self, system: str, key: str, day: date) -> Resolution:
        """Return what a key is on a day."""

    def printed_code(self, system: str, key: str) -> str | None:
        """Return a code as it is printed."""

    def predecessors(self, code: str) -> list[PredecessorRow]:
        """Return what a code replaced."""

    def successors(self, code: str) -> list[PredecessorRow]:
        """Return what replaced a code."""

    def has_axes(self) -> bool:
        """Whether any ICD-11 code states its axes."""
