"""What an entry of the indexes and tables of ICD-10-CM is, whichever format it is read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from terminology.concept import IndexTerm
from terminology.errors import ReleaseFormatError

DISEASES = "Index to Diseases and Injuries"
EXTERNAL_CAUSES = "External Cause Index"
NEOPLASMS = "Table of Neoplasms"
DRUGS = "Table of Drugs and Chemicals"

CODE = re.compile(r"[A-Z][0-9A-Z]{2}[.0-9A-Za-z]*-{0,2}")
"""A code as the indexes print it: with dashes where characters follow."""
_NO_CODE = frozenset({"", "-", "--"})


@dataclass(frozen=True, slots=True)
class Book:
    """One index or table: its name, its edition, its columns by number, and the path for messages."""

    name: str
    edition: str
    columns: dict[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class Place:
    """The terms from the main term down to one term, and their nonessential modifiers."""

    path: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()

    def below(self, term: str, modifiers: Iterable[str]) -> Place:
        """Return the place of a term below this one."""
        return Place((*self.path, term), (*self.modifiers, *modifiers))


def codes_in_cells(cells: dict[str, str], book: Book, line: int | None) -> Iterator[tuple[str, str]]:
    """Yield the codes of a row's cells, each with its column. Raises :class:`ReleaseFormatError`."""
    for number, text in cells.items():
        if text not in _NO_CODE:
            column = book.columns.get(number)
            if column is None:
                raise ReleaseFormatError(book.path, line, "a column with a heading", f"column {number}")
            yield checked(text, book, line, column), column


def checked(code: str, book: Book, line: int | None, column: str | None) -> str:
    """Return a code that is one. Raises :class:`ReleaseFormatError`."""
    if not CODE.fullmatch(code):
        raise ReleaseFormatError(book.path, line, "a code", f"'{code}'", column=column)
    return code


def records(
    book: Book,
    here: Place,
    codes: list[tuple[str | None, str | None]] | list[tuple[str, str]],
    see: str | None,
    see_also: str | None,
    manifestation: str | None,
) -> Iterator[IndexTerm]:
    """Yield an entry: once, or once for each of its codes."""
    for code, column in codes or [(None, None)]:
        yield IndexTerm(
            book=book.name,
            edition=book.edition,
            path=here.path,
            modifiers=" ".join(here.modifiers) or None,
            column=column,
            code=code,
            see=see,
            see_also=see_also,
            manifestation=manifestation,
        )
