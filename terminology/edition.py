"""An edition: a release together with everything its publisher's files say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from terminology.codes import code_key
from terminology.concept import Concept, IndexTerm
from terminology.edit_table import LoadedTable
from terminology.errors import IntegrityError
from terminology.facility import CodeVolume, DrgWeight, PaymentStatus
from terminology.mapping import Mapping, Predecessor
from terminology.release import Release

_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Edition:
    """One release and its concepts, in publisher's order."""

    release: Release
    concepts: Sequence[Concept]


@dataclass(slots=True)
class Library:
    """All that one build reads: editions, mapping rows, predecessors, index terms, tables of volumes, payment
    and edits.

    ``volumes`` are pairs of the source's name and a count.

    ``notices`` say what was completed from elsewhere, passed over or is missing.
    """

    editions: list[Edition] = field(default_factory=list)
    mappings: list[Mapping] = field(default_factory=list)
    predecessors: list[Predecessor] = field(default_factory=list)
    index_terms: list[IndexTerm] = field(default_factory=list)
    volumes: list[tuple[str, CodeVolume]] = field(default_factory=list)
    payment_statuses: list[PaymentStatus] = field(default_factory=list)
    drg_weights: list[DrgWeight] = field(default_factory=list)
    edit_tables: list[LoadedTable[Any]] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def in_order(self) -> list[Edition]:
        """Return the editions by system, oldest release first: the order they are written in."""
        return sorted(self.editions, key=lambda edition: (edition.release.system, edition.release.sort_key))


@dataclass(frozen=True, slots=True)
class Placed:
    """A concept with its place in the hierarchy of its edition.

    ``position`` counts from 0 in depth-first order; the descendants of a concept are the positions after
    its own up to and including ``last``. ``parent`` and ``seventh_from`` are positions too; the latter is
    the nearest concept, itself included, that defines 7th characters.
    """

    position: int
    last: int
    depth: int
    parent: int | None
    children_count: int
    chapter: str
    seventh_from: int | None
    concept: Concept


def place(edition: Edition) -> list[Placed]:
    """Put the concepts of an edition in depth-first order and number them.

    Children keep their publisher's order. Raises :class:`IntegrityError` when a key is not unique, a
    parent is missing, a root is not a chapter, or a cycle keeps a concept from its chapter.
    """
    name = f"{edition.release.system} {edition.release.id}"
    children: dict[str | None, list[Concept]] = {}
    seen: set[str] = set()
    for concept in edition.concepts:
        key = code_key(concept.code)
        if key in seen:
            raise IntegrityError(f"{name}: code {concept.code} occurs twice")
        seen.add(key)
        parent = None if concept.parent is None else code_key(concept.parent)
        children.setdefault(parent, []).append(concept)
    orphans = [c.code for k, cs in children.items() if k is not None and k not in seen for c in cs]
    if orphans:
        raise IntegrityError(f"{name}: {len(orphans)} codes lack their parent: {_some(orphans)}")
    rootless = [c.code for c in children.get(None, ()) if c.kind != "chapter"]
    if rootless:
        raise IntegrityError(f"{name}: {len(rootless)} codes stand in no chapter: {_some(rootless)}")
    placed = _number(children)
    if len(placed) != len(seen):
        reached = {p.concept.code for p in placed}
        lost = [c.code for c in edition.concepts if c.code not in reached]
        raise IntegrityError(f"{name}: {len(lost)} codes are their own ancestors: {_some(lost)}")
    return placed


def _number(children: dict[str | None, list[Concept]]) -> list[Placed]:
    """Walk the tree depth-first without recursion; ``last`` is known once a subtree is left."""
    rows: list[tuple[int, int | None, str, int | None, Concept, int]] = []
    last: list[int] = []
    stack: list[tuple[Concept, int, int | None, str | None, int | None]] = [
        (c, 0, None, None, None) for c in reversed(children.get(None, ()))
    ]
    while stack:
        concept, depth, parent, chapter, seventh = stack.pop()
        position = len(rows)
        chapter = concept.code if chapter is None else chapter
        seventh = position if concept.seventh_characters else seventh
        below = children.get(code_key(concept.code), ())
        rows.append((depth, parent, chapter, seventh, concept, len(below)))
        last.append(position)
        stack.extend((c, depth + 1, position, chapter, seventh) for c in reversed(below))
    for position in range(len(rows) - 1, -1, -1):
        parent = rows[position][1]
        if parent is not None:
            last[parent] = max(last[parent], last[position])
    return [
        Placed(i, last[i], depth, parent, count, chapter, seventh, concept)
        for i, (depth, parent, chapter, seventh, concept, count) in enumerate(rows)
    ]


def _some(codes: Sequence[str]) -> str:
    shown = ", ".join(codes[:_EXAMPLES])
    return shown + (" ..." if len(codes) > _EXAMPLES else "")
