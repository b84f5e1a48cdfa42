"""What stands around a concept, as of a day or a release: children, descendants, siblings, the roots."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from terminology.bundle.concepts.concept_reader import NO_ID, ConceptReader
from terminology.bundle.concepts.day_tree import DayTree, day_tree, rows_on
from terminology.bundle.life.periods import unchanged_in
from terminology.bundle.records import ConceptRecord, Summary
from terminology.bundle.store_face import StoreFace
from terminology.codes import key_in


class Page(NamedTuple):
    """One page of a list and the length of the whole list."""

    total: int
    items: list[Summary]


class Walks:
    """The walks from the concepts of an open bundle."""

    def __init__(self, store: StoreFace, reader: ConceptReader) -> None:
        self._store, self._reader = store, reader

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
        found = rows_on(self._store, tree, "id BETWEEN ? AND ?", (concept.id + 1, last), besides)
        return Page(len(found), found[offset : offset + limit])

    def siblings(self, concept: ConceptRecord, limit: int, offset: int = 0) -> Page:
        """Return a page of the other children of a concept's parent (of the other chapters for a chapter)."""
        parent = self._parent_id(concept)
        if parent is None:
            number = self._store.release(concept.system, concept.release).number
            where, args = "release_id = ? AND parent_id IS NULL AND id <> ?", (number, concept.id)
            return self._page(concept, where, args, None, limit, offset)
        return self._page(concept, "parent_id = ? AND id <> ?", (parent, concept.id), parent, limit, offset)

    def roots(self, system: str, release: str | None = None, on: date | None = None) -> list[Summary]:
        """Return the chapters of a release, or as they are on a day (today)."""
        loaded = self._store.release(system, release, on)
        where, args = "id BETWEEN ? AND ? AND depth = 0", (loaded.first_id, loaded.last_id)
        if release is not None:
            return self._reader.summaries(f"{where} ORDER BY id", args)
        tree = day_tree(
            self._store, loaded.release.system, loaded.number, self._store.unchanged_since(on or date.today())
        )
        return rows_on(self._store, tree, where, args, ())

    def _parent_id(self, concept: ConceptRecord) -> int | None:
        if concept.id != NO_ID:
            return self._reader.parent_id(concept.id)
        loaded = self._store.release(concept.system, concept.release)
        above = self._reader.by_key(loaded, key_in(concept.system, concept.path[-1].code))
        return None if above is None else above.id

    def _tree(self, concept: ConceptRecord) -> DayTree | None:
        """How the tree differs on the day that a concept is of, ``None`` where a release was named."""
        if concept.day is None:
            return None
        number = self._store.release(concept.system, concept.release).number
        return day_tree(
            self._store, concept.system, number, unchanged_in(self._store, concept.system, concept.day)
        )

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
            (total,) = self._store.query(f"SELECT count(*) FROM concept WHERE {where}", args).fetchone()
            rows = self._reader.summaries(f"{where} ORDER BY id LIMIT ? OFFSET ?", (*args, limit, offset))
            return Page(total, rows)
        besides = [e for e in tree.unprinted if e.parent == parent and e.summary.code != concept.code]
        found = rows_on(self._store, tree, where, args, besides)
        return Page(len(found), found[offset : offset + limit])
