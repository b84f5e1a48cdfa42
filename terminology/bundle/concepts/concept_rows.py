"""Rows of a bundle's concepts, as one who walks a whole release reads them: by key, by span, by words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

import orjson

from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.periods import begun_after
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

Span = tuple[int, int]
"""First and last id of a subtree, or of a release."""


def row_with_key(store: Store, release: int, key: str) -> ConceptRow | None:
    """Return the concept of a release (its number) with a key."""
    return next(iter(_rows(store, "key = ? AND release_id = ?", (key, release))), None)


@kept_with_bundle(maxsize=32)
def ids_begun_after(store: Store, system: str, release: int, day: date) -> frozenset[int]:
    """Return the ids of the concepts of a release (its number) that began after a day, as the files say."""
    keys = begun_after(store, system, day)
    if not keys:
        return frozenset()
    sql = "SELECT id FROM concept WHERE release_id = ? AND key IN (SELECT value FROM json_each(?))"
    held = orjson.dumps(sorted(keys)).decode()
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


def page_of_rows(
    store: Store, span: Span, page: tuple[int, int], since: str | None, without: Collection[int]
) -> list[ConceptRow]:
    """Return a page (how many, after how many) of the concepts of a span, depth-first, some left out.

    With ``since`` (ISO 8601; empty: any) only those that are valid on a day.
    """
    where, args = _chosen(span, since, without)
    return _rows(store, where, args, " LIMIT ? OFFSET ?", page)


def count_rows(store: Store, span: Span, since: str | None, without: Collection[int]) -> int:
    """Return how many concepts :func:`page_of_rows` pages through."""
    where, args = _chosen(span, since, without)
    (found,) = store.query(f"SELECT count(*) FROM concept WHERE {where}", args).fetchone()
    return int(found)


def _chosen(span: Span, since: str | None, without: Collection[int]) -> tuple[str, tuple[int | str, ...]]:
    where, args = "id BETWEEN ? AND ?", tuple[int | str, ...](span)
    if since is not None:
        where, args = f"{where} AND (valid_to IS NULL OR valid_to >= ?)", (*args, since)
    if without:
        held = orjson.dumps(sorted(without)).decode()
        where, args = f"{where} AND id NOT IN (SELECT value FROM json_each(?))", (*args, held)
    return where, args


def _rows(
    store: Store,
    where: str,
    args: tuple[int | str, ...],
    page: str = "",
    paged: tuple[int, ...] = (),
) -> list[ConceptRow]:
    rows = store.query(f"SELECT {_COLUMNS} FROM concept WHERE {where} ORDER BY id{page}", (*args, *paged))
    return [ConceptRow(*row) for row in rows]
