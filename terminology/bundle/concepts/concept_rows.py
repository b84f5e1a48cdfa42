"""Rows of a bundle's concepts, as one who walks a whole release reads them: by key, by span, by words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import orjson

from terminology.bundle.store import Store


class ConceptRow(NamedTuple):
    """One row of the concept table; the ids after its own up to ``last_id`` are those below it."""

    id: int
    code: str
    title: str
    kind: str
    billable: int | None
    parent_id: int | None
    last_id: int
    valid_to: str | None
    chapter: str | None
    children_count: int


_COLUMNS = ", ".join(ConceptRow._fields)
_ACTIVE = "id BETWEEN ? AND ? AND (valid_to IS NULL OR valid_to >= ?)"

Span = tuple[int, int]
"""First and last id of a subtree, or of a release."""


def row_with_key(store: Store, release: int, key: str) -> ConceptRow | None:
    """Return the concept of a release (its number) with a key."""
    return next(iter(_rows(store, "key = ? AND release_id = ?", (key, release))), None)


def ids_with_keys(store: Store, release: int, keys: Collection[str]) -> frozenset[int]:
    """Return the ids of the concepts of a release that have one of these keys."""
    held = orjson.dumps(sorted(keys)).decode()
    sql = "SELECT id FROM concept WHERE release_id = ? AND key IN (SELECT value FROM json_each(?))"
    return frozenset(number for (number,) in store.query(sql, (release, held)))


def row_with_id(store: Store, number: int) -> ConceptRow | None:
    """Return the concept with an id."""
    return next(iter(_rows(store, "id = ?", (number,))), None)


def rows_between(store: Store, first: int, last: int) -> list[ConceptRow]:
    """Return the concepts of a span of ids, depth-first."""
    return _rows(store, "id BETWEEN ? AND ?", (first, last))


def rows_below(store: Store, parent: int) -> list[ConceptRow]:
    """Return the concepts directly below one."""
    return _rows(store, "parent_id = ?", (parent,))


def rows_with_words(store: Store, span: Span, words: Sequence[str]) -> list[ConceptRow]:
    """Return the concepts of a span whose code and title hold all words (lower case)."""
    tests = " AND instr(lower(code || ' ' || title), ?)" * len(words)
    return _rows(store, f"id BETWEEN ? AND ?{tests}", (*span, *words))


def active_rows(store: Store, span: Span, since: str, offset: int, count: int) -> list[ConceptRow]:
    """Return a page of the concepts of a span that are valid on a day (ISO 8601; empty: any)."""
    return _rows(store, _ACTIVE, (*span, since), " LIMIT ? OFFSET ?", (count, offset))


def count_active(store: Store, span: Span, since: str) -> int:
    """Return how many concepts of a span are valid on a day."""
    (found,) = store.query(f"SELECT count(*) FROM concept WHERE {_ACTIVE}", (*span, since)).fetchone()
    return int(found)


def _rows(
    store: Store,
    where: str,
    args: tuple[int | str, ...],
    page: str = "",
    paged: tuple[int, ...] = (),
) -> list[ConceptRow]:
    rows = store.query(f"SELECT {_COLUMNS} FROM concept WHERE {where} ORDER BY id{page}", (*args, *paged))
    return [ConceptRow(*row) for row in rows]
