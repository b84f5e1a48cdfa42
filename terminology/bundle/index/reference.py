"""Where *see* and *see also* of the Alphabetic Index lead."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from terminology.bundle.index.book import BookEntry, Head, Outline, entries_of, loaded_books, outline
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store

_ASIDE = re.compile(r"\s*\([^()]*\)")
_BY = re.compile(r"^by \w+$")
_NEOPLASMS, _DRUGS = "neoplasms", "drugs"
_TABLES = {"neoplasm": _NEOPLASMS, "table of neoplasms": _NEOPLASMS, "table of drugs and chemicals": _DRUGS}


class Place(NamedTuple):
    """A place in a book: a head, and the number of the entry below it that is nearest to what was meant.

    ``term`` is ``None`` for a table as a whole.
    """

    book: str
    term: str | None
    number: int | None


def leads_somewhere(store: Store, book: str, reference: str) -> bool:
    """Return whether a reference names a head of a loaded book; "see condition" names none."""
    return _head(store, book, _parts(reference)) is not None


def follow_reference(store: Store, book: str, reference: str) -> Place | None:
    """Return the place that a reference printed in ``book`` means, ``None`` where no book has its head.

    >>> _parts("Disease, cytomegalic inclusion (generalized)"), _parts("Neoplasm, benign, by site")
    (['disease', 'cytomegalic inclusion'], ['neoplasm', 'benign'])
    """
    parts = _parts(reference)
    found = _head(store, book, parts)
    if found is None:
        return None
    opened, head, rest = found
    if head is None:
        return Place(opened.book.id, None, None)
    return Place(opened.book.id, head.term, _deepest(entries_of(store, opened, [head]), rest))


def _parts(reference: str) -> list[str]:
    parts = [part.strip().casefold() for part in _ASIDE.sub("", reference).split(",")]
    return [part for part in parts if part and not _BY.match(part)]


def _head(store: Store, book: str, parts: Sequence[str]) -> tuple[Outline, Head | None, Sequence[str]] | None:
    """The book and head that a reference begins with, and what it says below it."""
    loaded = [one.id for one in loaded_books(store)]
    table = _TABLES.get(parts[0]) if parts else None
    if table in loaded:
        opened = outline(store, table)
        rest = parts[1:]
        head = _by_word(store, table).get(rest[0]) if rest else None
        return opened, head, rest[1:]
    for name in (book, *(one for one in loaded if one != book)):
        heads = _by_word(store, name) if name in loaded and parts else {}
        for length in (2, 1):  # "Fibrosis, fibrotic" is one head
            said = ", ".join(parts[:length])
            head = heads.get(said) or heads.get(said.removesuffix("s")) or heads.get(f"{said}s")
            if head is not None:
                return outline(store, name), head, parts[length:]
    return None


@kept_with_bundle(maxsize=8)
def _by_word(store: Store, book: str) -> dict[str, Head]:
    """The heads of a book by their whole term and by what stands before its first comma."""
    heads: dict[str, Head] = {}
    for whole in (True, False):
        for head in outline(store, book).heads:
            term = head.term.casefold()
            heads.setdefault(term if whole else term.partition(",")[0], head)
    return heads


def _deepest(entries: Sequence[BookEntry], parts: Sequence[str]) -> int | None:
    """The number of the entry reached by going down from a head term by term, as far as it goes."""
    reached: BookEntry | None = None
    below = list(entries)
    for part in parts:
        depth = len(below[0].path) if reached is None else len(reached.path)
        step = next(
            (e for e in below if len(e.path) == depth + 1 and e.term.casefold().startswith(part)), None
        )
        if step is None:
            break
        reached = step
        below = [e for e in below if e.path[: len(step.path)] == step.path]
    return None if reached is None else reached.number
