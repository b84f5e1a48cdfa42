"""What changed between two loaded releases of one code system."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from terminology.bundle.concepts.concept_reader import LoadedRelease
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import PredecessorRow
from terminology.bundle.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One concept that changed.

    ``title`` is that of the newer release, or of the older one for a deleted concept. ``before`` is the
    older title of a retitled concept. ``billable`` is the newer state, or the last one of a deleted code.
    ``related`` are the conversion table's lines: predecessors of an added code, successors of a deleted one.
    """

    code: str
    title: str
    kind: str
    billable: bool | None
    before: str | None = None
    related: tuple[PredecessorRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ReleaseDiff:
    """The four lists of changes, each in the order of the release its concepts stand in.

    ``billable_changes`` are the codes that both releases have and that began or ceased to be billable.
    """

    system: str
    old: str
    new: str
    added: Sequence[Change]
    deleted: Sequence[Change]
    retitled: Sequence[Change]
    billable_changes: Sequence[Change]

    def lists(self) -> Iterator[tuple[str, Sequence[Change]]]:
        """Yield the four lists with their names."""
        for name in ("added", "deleted", "retitled", "billable_changes"):
            yield name, getattr(self, name)


_ONLY_IN = """
    SELECT c.code, c.title, c.kind, c.billable FROM concept AS c
    WHERE c.id BETWEEN ? AND ?
      AND NOT EXISTS (SELECT 1 FROM concept AS o WHERE o.release_id = ? AND o.key = c.key)
    ORDER BY c.id
"""
_CHANGED = """
    SELECT n.code, n.title, n.kind, n.billable, o.title
    FROM concept AS n JOIN concept AS o ON o.release_id = ? AND o.key = n.key
    WHERE n.id BETWEEN ? AND ? AND {what}
    ORDER BY n.id
"""


@kept_with_bundle(maxsize=32)
def diff_releases(store: Store, system: str, old: str, new: str) -> ReleaseDiff:
    """Compare two releases by code, title and billability.

    Raises :class:`UnknownSystemError` or :class:`UnknownReleaseError`.
    """
    before, after = store.release(system, old), store.release(system, new)
    return ReleaseDiff(
        system=after.release.system,
        old=before.release.id,
        new=after.release.id,
        added=_only_in(store, after, before, related=store.predecessors),
        deleted=_only_in(store, before, after, related=store.successors),
        retitled=_changed(store, before, after, "n.title <> o.title"),
        billable_changes=_changed(store, before, after, "n.billable <> o.billable"),
    )


@kept_with_bundle(maxsize=32)
def split_codes(store: Store, system: str, old: str, new: str) -> Sequence[Change]:
    """Return the codes that were deleted or ceased to be billable for several that were added.

    Which those are is said by the conversion table (NCHS); ``related`` has its lines.
    """
    diff = diff_releases(store, system, old, new)
    added = {change.code for change in diff.added}
    ended = [*diff.deleted, *(change for change in diff.billable_changes if change.billable is False)]
    found = []
    for change in ended:
        after = tuple(row for row in store.successors(change.code) if row.code in added)
        if len({row.code for row in after}) > 1:
            found.append(replace(change, related=after))
    return found


def _only_in(
    store: Store, here: LoadedRelease, there: LoadedRelease, related: Callable[[str], list[PredecessorRow]]
) -> list[Change]:
    rows = store.query(_ONLY_IN, (here.first_id, here.last_id, there.number)).fetchall()
    return [
        Change(code, title, kind, _flag(billable), related=tuple(related(code)))
        for code, title, kind, billable in rows
    ]


def _changed(store: Store, before: LoadedRelease, after: LoadedRelease, what: str) -> list[Change]:
    rows = store.query(_CHANGED.format(what=what), (before.number, after.first_id, after.last_id))
    return [
        Change(code, title, kind, _flag(billable), before=old) for code, title, kind, billable, old in rows
    ]


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
