"""The tree of a release as it was on a day: without codes not in use then, with those that others know."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

import orjson

from terminology.bundle.concepts.concept_reader import untitled_title
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.periods import not_in_use_on
from terminology.bundle.records import ConceptRecord, Summary
from terminology.bundle.store_face import StoreFace
from terminology.concept import Kind

_ROW = "id, key, last_id, code, title, kind, billable, children_count"
_COVERED = "l.start_on <= ?2 AND (l.end_on IS NULL OR l.end_on >= ?2)"
_SHORTEST = 3


class _Row(NamedTuple):
    id: int
    key: str
    last_id: int
    code: str
    title: str
    kind: str
    billable: int | None
    children_count: int


@dataclass(frozen=True, slots=True)
class UnprintedCode:
    """A billable code of the day that its release does not have, as ``source`` says (a dated table).

    It stands below the heading ``parent`` (a concept's id), behind the concept ``after``.
    """

    parent: int
    after: int
    key: str
    summary: Summary
    source: str


@dataclass(frozen=True, slots=True)
class DayTree:
    """How the tree of a release differs on a day: ids of concepts ``absent`` (sorted), flags, codes besides.

    ``absent_below`` counts the absent children of a concept, ``flags`` has the billable flag of codes whose
    flag was another; ``unprinted`` are in the order of their places.
    """

    absent: tuple[int, ...] = ()
    absent_below: Mapping[int, int] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    unprinted: tuple[UnprintedCode, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether the day's tree is the release's."""
        return not (self.absent or self.flags or self.unprinted)

    def is_absent(self, number: int) -> bool:
        """Whether the concept with this id was not in use."""
        place = bisect_left(self.absent, number)
        return place < len(self.absent) and self.absent[place] == number

    def differs_in(self, first: int, last: int) -> bool:
        """Whether the concepts of a span of ids are not those of the release."""
        return bool(self.flags) or self.more_in(first, last) != 0 or self._lacks(first, last) != 0

    def more_in(self, first: int, last: int) -> int:
        """Return how many codes stand in a span that the release does not have."""
        return sum(first <= each.parent <= last for each in self.unprinted)

    def change_in(self, first: int, last: int) -> int:
        """Return how many concepts a span has more (or fewer) than in the release."""
        return self.more_in(first, last) - self._lacks(first, last)

    def change_below(self, parent: int) -> int:
        """Return how many children a concept has more (or fewer) than in the release."""
        return sum(each.parent == parent for each in self.unprinted) - self.absent_below.get(parent, 0)

    def summary(self, row: _Row) -> Summary:
        """Return a row of the release as it was on the day."""
        billable = None if row.billable is None else bool(row.billable)
        below = row.children_count + self.change_below(row.id)
        summary = Summary(row.code, row.title, row.kind, billable, below)
        return _flagged(summary, self.flags[row.code]) if row.code in self.flags else summary

    def _lacks(self, first: int, last: int) -> int:
        return bisect_right(self.absent, last) - bisect_left(self.absent, first)


def rows_on(
    store: StoreFace, tree: DayTree, where: str, args: tuple[object, ...], unprinted: Sequence[UnprintedCode]
) -> list[Summary]:
    """Return the concepts that a condition of our own holds for, as of the day, codes besides in place."""
    rows = [_Row._make(row) for row in store.query(f"SELECT {_ROW} FROM concept WHERE {where}", args)]
    placed = [((row.id, 0, ""), tree.summary(row)) for row in rows if not tree.is_absent(row.id)]
    placed += [((each.after, 1, each.key), each.summary) for each in unprinted]
    return [summary for _, summary in sorted(placed, key=lambda pair: pair[0])]


@kept_with_bundle(maxsize=64)
def day_tree(store: StoreFace, system: str, release: int, since: date) -> DayTree:
    """Return how the tree of a release (its number) differs on a day.

    ``since`` is the first of the days that are like it (:func:`unchanged_in`). A heading is absent that no
    file attests for the day and that has no code in use below it.
    """
    flags = dict(_flags(store, system, release, since))
    unprinted = _unprinted(store, system, release, since)
    gone = orjson.dumps(sorted(not_in_use_on(store, system, since))).decode()
    absent = {
        row[0]: row[1]
        for row in store.query(
            "SELECT id, parent_id FROM concept WHERE release_id = ? "
            "AND key IN (SELECT value FROM json_each(?))",
            (release, gone),
        )
    }
    absent |= _empty_headings(store, system, release, since, absent, flags, unprinted)
    return DayTree(tuple(sorted(absent)), Counter(absent.values()), flags, unprinted)


def _flags(store: StoreFace, system: str, release: int, day: date) -> list[tuple[str, bool]]:
    """Return the codes whose flag was another; they have more than one period in their lives."""
    rows = store.query(
        f"SELECT c.code, l.billable FROM life AS l JOIN concept AS c ON c.release_id = ?1 AND c.key = l.key "
        f"WHERE l.system = ?3 AND {_COVERED} AND l.billable <> c.billable "
        "AND l.key IN (SELECT key FROM life WHERE system = ?3 AND seq = 1)",
        (release, day.isoformat(), system),
    )
    return [(code, bool(flag)) for code, flag in rows]


def _unprinted(store: StoreFace, system: str, release: int, day: date) -> tuple[UnprintedCode, ...]:
    rows = store.query(
        "SELECT l.key, l.code, l.title, l.billable, s.text FROM life AS l JOIN life_source AS s "
        f"ON s.id = l.source_id WHERE l.system = ?3 AND {_COVERED} AND coalesce(l.billable, 1) "
        "AND NOT EXISTS (SELECT 1 FROM concept AS c WHERE c.release_id = ?1 AND c.key = l.key)",
        (release, day.isoformat(), system),
    ).fetchall()
    found = []
    for key, code, title, billable, source in rows:
        above = heading_of(store, release, key)
        if above is None:
            continue
        (after,) = store.query(
            "SELECT max(id) FROM concept WHERE id BETWEEN ? AND ? AND key < ?", (above.id, above.last_id, key)
        ).fetchone()
        shown = Summary(
            code,
            title or untitled_title(above.code, above.title),
            "code",
            None if billable is None else bool(billable),
            0,
        )
        found.append(UnprintedCode(above.id, after or above.id, key, shown, source))
    return tuple(sorted(found, key=lambda each: (each.after, each.key)))


def heading_of(store: StoreFace, release: int, key: str) -> _Row | None:
    """Return the nearest heading of a release that a key begins with, down to the letter of a HCPCS section.

    ``None`` too for a modifier, whose letters are no heading's.
    """
    sql = f"SELECT {_ROW} FROM concept WHERE release_id = ? AND key = ?"
    for length in range(len(key) - 1, 0, -1) if len(key) > _SHORTEST else ():
        row = store.query(sql, (release, key[:length])).fetchone()
        if row is not None:
            return _Row._make(row)
    return None


def _empty_headings(
    store: StoreFace,
    system: str,
    release: int,
    day: date,
    absent: Collection[int],
    flags: Mapping[str, bool],
    unprinted: Sequence[UnprintedCode],
) -> dict[int, int]:
    """Return the headings without a file that attests them on the day and without a code in use below."""
    if not absent:
        return {}
    headings = store.query(
        "SELECT id, last_id, parent_id FROM concept AS c WHERE c.release_id = ?1 AND c.billable = 0 "
        f"AND NOT EXISTS (SELECT 1 FROM life AS l WHERE l.system = ?3 AND l.key = c.key AND {_COVERED})",
        (release, day.isoformat(), system),
    ).fetchall()
    codes = store.query("SELECT id, code, billable FROM concept WHERE release_id = ?", (release,))
    used = [number for number, code, flag in codes if flags.get(code, flag) and number not in absent]
    used = sorted((*used, *(each.parent for each in unprinted)))
    return {
        first: parent
        for first, last, parent in headings
        if bisect_left(used, first) == bisect_right(used, last)
    }


def placed_on(record: ConceptRecord, tree: DayTree, last: int) -> ConceptRecord:
    """Return a concept with its path and what it counts below it as of the day; ``last`` ends its span."""
    flags = tree.flags
    return replace(
        record,
        path=tuple(_flagged(each, flags[each.code]) if each.code in flags else each for each in record.path),
        children_count=record.children_count + tree.change_below(record.id),
        descendants_count=record.descendants_count + tree.change_in(record.id, last),
    )


def _flagged(summary: Summary, flag: bool) -> Summary:
    return replace(summary, billable=flag, kind=(Kind.CODE if flag else Kind.CATEGORY).value)
