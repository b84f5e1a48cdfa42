"""The Table of Drugs and Chemicals of ICD-10-CM (NCHS) in its csv form."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import BinaryIO

from loaders.icd10cm.index_book import DRUGS, Book, Place, codes_in_cells, records
from terminology.concept import IndexTerm
from terminology.errors import ReleaseFormatError

_REFERENCE = re.compile(r"\s-\s?see( also)? (.+)$")
_MODIFIER = re.compile(r"\s*(\((?:[^()]|\([^()]*\))*\))(?=[\s,(]|$)")
_LEVEL = re.compile(r"(?:–\s+)*")

_LONGEST_CELL = 131_072


def read_drug_table_csv(file: BinaryIO, path: str, *, edition: str) -> Iterator[IndexTerm]:
    """Yield the entries of the Table of Drugs and Chemicals in NCHS's csv form, like
    :func:`~loaders.icd10cm.index.read_index`.

    The csv does not say which ``edition`` it is, so the caller must. Levels are en dashes before the term,
    references follow it as ``-see`` or ``-see also``, nonessential modifiers stand in brackets after a
    blank. The title above the column headings, and the headings where they come again, are skipped.

    Prefer the XML where both are at hand: the csv of April 2025 lacks a few substances at its page breaks,
    so that what stood below them ("antiseptic", below Dye) now stands below another.

    Raises :class:`ReleaseFormatError` for a row of another width, a level without its parent, or a cell
    that is no code.
    """
    book: Book | None = None
    heading: list[str] = []
    places: list[Place] = []
    for line, row in _csv_rows(file, path):
        if row[0] == "Substance" and book is None:
            heading = row
            columns = {str(number): name for number, name in enumerate(row, 1) if name}
            book = Book(DRUGS, edition, columns, path)
        elif book is None and any(row[1:]):  # a title fills one cell; this is an entry before its headings
            break
        elif book is not None and row != heading:
            if len(row) != len(heading):
                raise ReleaseFormatError(path, line, f"{len(heading)} cells", f"{len(row)}")
            yield from _read_row(row, places, book, line)
    if book is None:
        raise ReleaseFormatError(path, None, "column headings, the first of them Substance", "none")


def _csv_rows(file: BinaryIO, path: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank with their line numbers. NCHS saves from Windows, in cp1252."""
    content = file.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    csv.field_size_limit(_LONGEST_CELL)  # of the whole process: readers of wider tables raise it
    reader = csv.reader(text.splitlines(keepends=True))
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise ReleaseFormatError(path, reader.line_num, "comma-separated values", str(error)) from None


def _read_row(row: list[str], places: list[Place], book: Book, line: int) -> Iterator[IndexTerm]:
    dashes = _LEVEL.match(row[0])
    prefix = dashes[0] if dashes else ""
    level, words = prefix.count("–"), row[0][len(prefix) :].replace("–", "-")
    see = see_also = None
    if reference := _REFERENCE.search(words):
        words = words[: reference.start()]
        see, see_also = (None, reference[2]) if reference[1] else (reference[2], None)
    modifiers = _MODIFIER.findall(words)
    words = " ".join(_MODIFIER.sub("", words).split())
    if not words:
        raise ReleaseFormatError(book.path, line, "a substance", f"'{row[0]}'")
    if level > len(places):
        raise ReleaseFormatError(book.path, line, f"at most {len(places)} dashes", f"{level}")
    here = (places[level - 1] if level else Place()).below(words, modifiers)
    places[level:] = [here]
    cells = {str(number): cell.strip() for number, cell in enumerate(row, 1) if number > 1}
    yield from records(book, here, list(codes_in_cells(cells, book, line)), see, see_also, None)
