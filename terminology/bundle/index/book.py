"""The Alphabetic Index of ICD-10-CM as four books: their heads by letter, their entries, what they refer to.

A head is what a book is opened by: a main term; in the Table of Neoplasms a site. Entries are in the order of
the book. Where several editions of a book are loaded, the newest is read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import NamedTuple
from unicodedata import normalize

from terminology.bundle.index.code import IndexCode, index_codes
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import PATH_SEPARATOR
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError, InvalidRequestError

SHORTEST_SEARCHED = 3
"""Letters a phrase needs for the terms below the heads to be searched too."""


@dataclass(frozen=True, slots=True)
class IndexBook:
    """One book by its id in addresses, its title (NCHS), and how many terms lead to a head."""

    id: str
    title: str
    head_depth: int = 1


BOOKS = {
    book.id: book
    for book in (
        IndexBook("diseases", "Index to Diseases and Injuries"),
        IndexBook("external-causes", "External Cause Index"),
        IndexBook("neoplasms", "Table of Neoplasms", 2),
        IndexBook("drugs", "Table of Drugs and Chemicals"),
    )
}


class Head(NamedTuple):
    """A head with its first and last entry's number; ``letter`` is where it stands, ``0-9`` for a digit."""

    term: str
    letter: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Outline:
    """An open book: its edition, heads in order, the columns of a table."""

    book: IndexBook
    edition: str
    heads: tuple[Head, ...]
    columns: tuple[str, ...]

    @property
    def letters(self) -> tuple[str, ...]:
        """The letters that heads begin with, in order."""
        return tuple(sorted({head.letter for head in self.heads}))

    def under(self, letter: str) -> list[Head]:
        """Return the heads of a letter."""
        return [head for head in self.heads if head.letter == letter.upper()]

    def named(self, term: str) -> list[Head]:
        """Return the heads of a term as printed, in any case."""
        return [head for head in self.heads if head.term.casefold() == term.strip().casefold()]


@dataclass(frozen=True, slots=True)
class BookEntry:
    """A line of a book. ``modifiers`` are the nonessential ones of its own term; ``cells`` are a table's."""

    number: int
    path: tuple[str, ...]
    modifiers: str | None
    code: IndexCode | None
    manifestation: IndexCode | None
    see: str | None
    see_also: str | None
    cells: tuple[IndexCode | None, ...]

    @property
    def term(self) -> str:
        """The entry's own term."""
        return self.path[-1]


class Found(NamedTuple):
    """A page of what a search found in a book, and how much there is in all."""

    total: int
    entries: list[BookEntry]


_ROWS = (
    "SELECT id, path, modifiers, column_heading, code, manifestation, see, see_also FROM index_term "
    "WHERE id BETWEEN ? AND ? AND book = ? AND edition = ? ORDER BY id"
)
_Row = tuple[int, str, str | None, str | None, str | None, str | None, str | None, str | None]


def has_index(store: Store) -> bool:
    """Return whether the bundle has any book."""
    return store.query("SELECT 1 FROM index_term LIMIT 1").fetchone() is not None


def loaded_books(store: Store) -> list[IndexBook]:
    """Return the books that the bundle has."""
    return [book for book in BOOKS.values() if book.id in _outlines(store)]


def outline(store: Store, book: str) -> Outline:
    """Return an open book; raises :class:`InvalidRequestError`, :class:`DataNotAvailableError`."""
    if book not in BOOKS:
        raise InvalidRequestError("book", f"there is no book '{book[:40]}'; known: {', '.join(BOOKS)}")
    found = _outlines(store).get(book)
    if found is None:
        raise DataNotAvailableError(f"the {BOOKS[book].title} is not loaded; NCHS's Index files hold it")
    return found


def entries_of(store: Store, opened: Outline, heads: Iterable[Head]) -> list[BookEntry]:
    """Return all entries of some heads, in order."""
    rows: list[_Row] = []
    for first, last in _spans(heads):
        rows += store.query(_ROWS, (first, last, opened.book.title, opened.edition)).fetchall()
    return _entries(store, opened, rows)


def find_entries(store: Store, opened: Outline, phrase: str, limit: int, offset: int = 0) -> Found:
    """Return the entries of which every word of a phrase begins a word, those of heads it begins first.

    A phrase of fewer than ``SHORTEST_SEARCHED`` letters is looked for at the beginning of heads alone.
    """
    words = phrase.casefold().split()
    if not words:
        return Found(0, [])
    begins = {head.first for head in opened.heads if head.term.casefold().startswith(" ".join(words))}
    numbers = [] if len("".join(words)) < SHORTEST_SEARCHED else _matching(store, opened, words)
    ranked = [*sorted(begins), *(number for number in numbers if number not in begins)]
    return Found(len(ranked), _numbered(store, opened, ranked[offset : offset + limit]))


def _matching(store: Store, opened: Outline, words: Sequence[str]) -> list[int]:
    """The numbers of the first line of each entry that a phrase fits, in the order of the book."""
    where = " AND path LIKE ? ESCAPE '\\'" * len(words)
    rows = store.query(
        f"SELECT min(id), path FROM index_term WHERE id BETWEEN ? AND ? AND book = ? AND edition = ?{where} "
        "GROUP BY path ORDER BY 1",
        (*_span(opened), opened.book.title, opened.edition, *(f"%{_escaped(word)}%" for word in words)),
    )
    begun = [re.compile(rf"(?<!\w){re.escape(word)}", re.IGNORECASE) for word in words]
    return [number for number, path in rows if all(word.search(path) for word in begun)]


def _numbered(store: Store, opened: Outline, numbers: Sequence[int]) -> list[BookEntry]:
    columns = max(1, len(opened.columns))
    lines: list[_Row] = []
    book = (opened.book.title, opened.edition)
    for number in numbers:  # the lines of one entry of a table follow each other
        rows = store.query(_ROWS, (number, number + columns - 1, *book)).fetchall()
        lines += [row for row in rows if row[1] == rows[0][1]]
    return _entries(store, opened, lines)


def _entries(store: Store, opened: Outline, rows: Sequence[_Row]) -> list[BookEntry]:
    printed = index_codes(store, {code for row in rows for code in (row[4], row[5]) if code})
    above: dict[str, str] = {}
    entries = []
    for path, lines in groupby(rows, key=lambda row: row[1]):
        entries.append(_entry(opened, path, list(lines), printed, above))
    return entries


def _entry(
    opened: Outline, path: str, lines: list[_Row], printed: dict[str, IndexCode], above: dict[str, str]
) -> BookEntry:
    number, _, modifiers, column, code, manifestation, see, see_also = lines[0]
    above[path] = modifiers or ""
    inherited = above.get(path.rpartition(PATH_SEPARATOR)[0], "")
    cells = {line[3]: printed.get(line[4] or "") for line in lines if line[3]}
    return BookEntry(
        number=number,
        path=tuple(path.split(PATH_SEPARATOR)),
        modifiers=(modifiers or "").removeprefix(inherited).strip() or None,
        code=printed.get(code or "") if column is None else None,
        manifestation=printed.get(manifestation or ""),
        see=see,
        see_also=see_also,
        cells=tuple(cells.get(name) for name in opened.columns),
    )


@kept_with_bundle(maxsize=1)
def _outlines(store: Store) -> dict[str, Outline]:
    """All books, read once: some 14,000 heads of 138,000 lines."""
    titles = {book.title: book for book in BOOKS.values()}
    lines: dict[str, dict[str, list[tuple[int, str]]]] = defaultdict(lambda: defaultdict(list))
    columns: dict[str, dict[str, None]] = defaultdict(dict)
    for number, title, edition, path, column in store.query(
        "SELECT id, book, edition, path, column_heading FROM index_term ORDER BY id"
    ):
        if title in titles:
            lines[title][edition].append((number, path))
            if column:
                columns[title].setdefault(column)
    found = {}
    for title, editions in lines.items():
        edition, book = max(editions), titles[title]
        heads = tuple(_heads(editions[edition], book.head_depth))
        found[book.id] = Outline(book, edition, heads, tuple(columns[title]))
    return found


def _heads(lines: Sequence[tuple[int, str]], depth: int) -> Iterator[Head]:
    def head(line: tuple[int, str]) -> list[str]:
        return line[1].split(PATH_SEPARATOR, depth)[:depth]

    for path, group in groupby(lines, key=head):
        numbers = [number for number, _ in group]
        yield Head(path[-1], _letter(path[-1]), numbers[0], numbers[-1])


def _letter(term: str) -> str:
    plain = normalize("NFKD", term)  # Östrus stands under O
    first = next((character for character in plain if character.isalnum()), "")
    return first.upper() if first.isalpha() else "0-9"


def _span(opened: Outline) -> tuple[int, int]:
    return min(head.first for head in opened.heads), max(head.last for head in opened.heads)


def _spans(heads: Iterable[Head]) -> Iterator[tuple[int, int]]:
    """The heads' numbers, those that follow each other as one span."""
    first: int | None = None
    last = 0
    for head in heads:
        if first is not None and head.first != last + 1:
            yield first, last
            first = None
        first, last = head.first if first is None else first, head.last
    if first is not None:
        yield first, last


def _escaped(word: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", word)
