"""What all edits have at hand: the open bundle and its edit tables."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from terminology.bundle.store import Store
from terminology.bundle.tables.edit_tables import EditTables
from terminology.claims.finding import CheckedEdit, NotChecked
from terminology.edit_table import EditTable, TableRelease

NO_DATE = "the claim has no date"


@dataclass(slots=True)
class CheckContext:
    """An open bundle as the edits of one claim see it.

    ``memory`` lives as long as the bundle is open, ``scratch`` for this claim: what several edits ask of it
    is worked out once. ``requested`` are ids of edits that run on request only.
    """

    store: Store
    tables: EditTables
    memory: dict[Any, Any] = field(default_factory=dict)
    scratch: dict[Any, Any] = field(default_factory=dict)
    requested: frozenset[str] = frozenset()

    def release_for(
        self, edit: str, table: EditTable[Any], day: date | None
    ) -> tuple[TableRelease | None, CheckedEdit | NotChecked]:
        """Return the release of a table that answers for a day, and what that means for an edit."""
        if day is None:
            return None, NotChecked(edit, NO_DATE)
        release = self.tables.release_on(table, day)
        if release is None:
            return None, NotChecked(edit, self.absent(table, day))
        return release, CheckedEdit(edit, release.title, release.release)

    def absent(self, table: EditTable[Any], day: date) -> str:
        """Return the reason why a table has no answer for a day: not loaded, or for other days."""
        releases = self.tables.releases(table)
        if not releases:
            return f"{table.title} ({table.publisher}) is not loaded"
        periods = ", ".join(f"{each.release}: {_period(each)}" for each in releases)
        return f"{table.title} ({table.publisher}) is not loaded for {day}; loaded {periods}"


def check_context(store: Store, requested: Collection[str] = ()) -> CheckContext:
    """Return a context for one claim; its memory is that of the open bundle."""
    memory = store.kept.setdefault(CheckContext, {})
    if not isinstance(memory, dict):
        raise TypeError("a store keeps a dictionary for checks")
    return CheckContext(store, store.edit_tables, memory, requested=frozenset(requested))


def _period(release: TableRelease) -> str:
    start, end = release.in_force_from, release.in_force_to
    return f"{start or 'the beginning'} to {end or 'now'}"
