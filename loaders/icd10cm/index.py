"""The alphabetic indexes and tables of ICD-10-CM (NCHS).

Four books in one XML format, that of ``icd10cm_index.xsd`` and ``icd10cm_drug_neoplasm.xsd``: the Index to
Diseases and Injuries, the External Cause Index, the Table of Neoplasms and the Table of Drugs and
Chemicals. The last is also published as csv.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from loaders.files.xml_stream import line_of, read_elements, text_of
from terminology.concept import IndexTerm
from terminology.errors import ReleaseFormatError

DISEASES = "Index to Diseases and Injuries"
EXTERNAL_CAUSES = "External Cause Index"
NEOPLASMS = "Table of Neoplasms"
DRUGS = "Table of Drugs and Chemicals"

_TITLES = {"diseases and injuries": DISEASES, "external cause": EXTERNAL_CAUSES}
_FIRST_COLUMNS = {"neoplasm": NEOPLASMS, "substance": DRUGS}
_PARTS = frozenset({"code", "manif", "see", "seeAlso", "seecat", "subcat"})
_NO_CODE = frozenset({"", "-", "--"})
_CODE = re.compile(r"[A-Z][0-9A-Z]{2}[.0-9A-Za-z]*-{0,2}")
_CODE_IN_TITLE = re.compile(r"\s*(?<![A-Z0-9])([A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}-{0,2})$")
_REFERENCE = re.compile(r"\(see( also)?,? (.+)\)")
_CSV_REFERENCE = re.compile(r"\s-\s?see( also)? (.+)$")
_CSV_MODIFIER = re.compile(r"\s*(\((?:[^()]|\([^()]*\))*\))(?=[\s,(]|$)")
_CSV_LEVEL = re.compile(r"(?:–\s+)*")


@dataclass(frozen=True, slots=True)
class _Book:
    name: str
    edition: str
    columns: dict[str, str]
    path: str


@dataclass(frozen=True, slots=True)
class _Place:
    """The terms from the main term down to one term, and their nonessential modifiers."""

    path: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()

    def below(self, term: str, modifiers: Iterable[str]) -> _Place:
        return _Place((*self.path, term), (*self.modifiers, *modifiers))


@dataclass(slots=True)
class _Term:
    """The parts of one ``term`` or ``mainTerm``. ``is_bare`` while it has a title and nothing else."""

    words: str = ""
    modifiers: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    is_bare: bool = True

    def take(self, child: etree._Element, book: _Book) -> None:
        """Take in one child element; raise :class:`ReleaseFormatError` for one the format does not have."""
        if child.tag == "title":
            self.words, modifiers = _read_title(child)
            self.modifiers.extend(modifiers)
            return
        if child.tag == "nemod":
            self.modifiers.append(text_of(child))
            return
        self.is_bare = False
        if child.tag == "cell":
            self.cells[child.get("col", "")] = text_of(child)
        elif child.tag in _PARTS:
            self.parts[child.tag] = text_of(child)
        elif child.tag != "term":
            raise ReleaseFormatError(book.path, line_of(child), "a part of a term", f"<{child.tag}>")


_LONGEST_CELL = 131_072


def read_index(file: BinaryIO, path: str) -> Iterator[IndexTerm]:
    """Yield the entries of an index or table, every term before its subterms.

    Every entry is yielded: once, or once per code where a table gives several. A heading that only leads
    to the terms below it has neither code nor reference. By rule:

    - cells that print ``-`` or ``--`` say "no code" and are skipped;
    - ``seecat``, ``subcat`` and a ``see`` that only introduces a code ("see category I01") give both the
      code and the reference in words;
    - a reference printed as nonessential modifier, ``(see Hemothorax)``, is a reference;
    - a code that slipped into the title of an entry without one ("splitting wood Y93.L1") is its code;
    - a title that begins with "Note:" is no term: terms below it are those of the term before it, to which
      the note is added as a heading without code;
    - a title that is nothing but modifiers, ``(taser)``, is a term, in its brackets;
    - a bracketed text in place of a manifestation code is a modifier, in square brackets.

    Raises :class:`ReleaseFormatError` for XML that is malformed, is none of the four books, is an addenda
    file, or holds an element, column, level or code that cannot be understood, and
    :class:`UnsafeArchiveError` for a document type declaration.
    """
    book: _Book | None = None
    for main in read_elements(file, path, root="ICD10CM.index", tags=("mainTerm",)):
        if book is None:
            book = _read_book(main.getroottree().getroot(), path)
        stack = [(main, _Place())]
        before: dict[_Place, _Place] = {}
        while stack:
            element, above = stack.pop()
            level, terms = len(above.path), element.findall("term")
            noted = before.get(above) if terms and _is_note(element) else None
            here = yield from _read_term(element, noted or above, level, book)
            here = noted or here
            before[above] = here
            stack.extend((term, here) for term in reversed(terms))
    if book is None:
        raise ReleaseFormatError(path, None, "main terms", "none")


def read_drug_table_csv(file: BinaryIO, path: str, *, edition: str) -> Iterator[IndexTerm]:
    """Yield the entries of the Table of Drugs and Chemicals in NCHS's csv form, like :func:`read_index`.

    The csv does not say which ``edition`` it is, so the caller must. Levels are en dashes before the term,
    references follow it as ``-see`` or ``-see also``, nonessential modifiers stand in brackets after a
    blank. The title above the column headings, and the headings where they come again, are skipped.

    Prefer the XML where both are at hand: the csv of April 2025 lacks a few substances at its page breaks,
    so that what stood below them ("antiseptic", below Dye) now stands below another.

    Raises :class:`ReleaseFormatError` for a row of another width, a level without its parent, or a cell
    that is no code.
    """
    book: _Book | None = None
    heading: list[str] = []
    places: list[_Place] = []
    for line, row in _csv_rows(file, path):
        if row[0] == "Substance" and book is None:
            heading = row
            columns = {str(number): name for number, name in enumerate(row, 1) if name}
            book = _Book(DRUGS, edition, columns, path)
        elif book is None and any(row[1:]):  # a title fills one cell; this is an entry before its headings
            break
        elif book is not None and row != heading:
            if len(row) != len(heading):
                raise ReleaseFormatError(path, line, f"{len(heading)} cells", f"{len(row)}")
            yield from _read_row(row, places, book, line)
    if book is None:
        raise ReleaseFormatError(path, None, "column headings, the first of them Substance", "none")


def _read_book(root: etree._Element, path: str) -> _Book:
    if root.get("isAddenda") == "true":
        raise ReleaseFormatError(path, line_of(root), "a full index", "an addenda file")
    title = root.find("title")
    printed = "" if title is None else text_of(title)
    columns = {head.get("col", ""): text_of(head) for head in root.iterfind("indexHeading/head")}
    names = [name for words, name in _TITLES.items() if words in printed.lower()]
    names += [name for word, name in _FIRST_COLUMNS.items() if word == columns.get("1", "").lower()]
    if len(names) != 1:
        raise ReleaseFormatError(
            path,
            line_of(root),
            "the title of an index, or the headings of the neoplasm or the drug table",
            f"title '{printed}' and headings {', '.join(columns.values()) or '(none)'}",
        )
    return _Book(names[0], (root.findtext("version") or "").strip(), columns, path)


def _is_note(element: etree._Element) -> bool:
    """Whether a term is a note to the reader: in the Index of 2025 stages of heart failure are below one."""
    return (element.findtext("title") or "").lstrip().startswith("Note:")


def _read_term(
    element: etree._Element, above: _Place, expected: int, book: _Book
) -> Generator[IndexTerm, None, _Place]:
    """Yield the records of one term of a level and return the place its subterms stand below."""
    line = line_of(element)
    level = element.get("level", "0")
    if level != str(expected):
        raise ReleaseFormatError(book.path, line, f"level {expected}", f"level {level}")
    term = _Term()
    for child in element:
        term.take(child, book)
    manifestation = term.parts.get("manif")
    if manifestation is not None and not _CODE.fullmatch(manifestation):
        term.modifiers.append(f"[{manifestation}]")
        manifestation = None
    code, see, see_also = _point(term.parts)
    if see is None and see_also is None:
        see, see_also = _take_reference(term.modifiers)
    if term.is_bare and (slipped := _CODE_IN_TITLE.search(term.words)):
        term.words, code = term.words[: slipped.start()], slipped[1]
    if not term.words:
        raise ReleaseFormatError(book.path, line, "a title", "nothing")
    here = above.below(term.words, term.modifiers)
    codes: list[tuple[str | None, str | None]] = []
    if code is not None:
        codes.append((_checked(code, book, line, None), None))
    codes.extend(_codes_in_cells(term.cells, book, line))
    yield from _records(book, here, codes, see, see_also, manifestation)
    return here


def _read_title(title: etree._Element) -> tuple[str, list[str]]:
    """Split a title into its words and its nonessential modifiers, which may stand within the words."""
    words = (title.text or "").rstrip()
    modifiers = []
    for modifier in title:
        if text := text_of(modifier):
            modifiers.append(text.replace(")(", ") ("))
        tail = modifier.tail or ""
        words += (" " if tail[:1].isalnum() else "") + tail
    words = " ".join(words.split())
    return (words, modifiers) if words else (" ".join(modifiers), [])


def _point(parts: dict[str, str]) -> tuple[str | None, str | None, str | None]:
    """Return code, see and see-also of a term, putting references to a code into words."""
    code, see = parts.get("code"), parts.get("see")
    if "seecat" in parts:
        code, see = parts["seecat"], f"category {parts['seecat']}"
    elif "subcat" in parts:
        code, see = parts["subcat"], f"subcategory {parts['subcat']}"
    elif code is not None and see is not None and see.startswith("with "):
        see = f"{code} {see}"
    elif code is not None and see is not None and (see[:1].islower() or see == "Note at"):
        see = f"{see} {code}"
    return code, see, parts.get("seeAlso")


def _take_reference(modifiers: list[str]) -> tuple[str | None, str | None]:
    """Take a reference out of the modifiers; return see and see-also."""
    for modifier in modifiers:
        if found := _REFERENCE.fullmatch(modifier):
            modifiers.remove(modifier)
            return (None, found[2]) if found[1] else (found[2], None)
    return None, None


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


def _read_row(row: list[str], places: list[_Place], book: _Book, line: int) -> Iterator[IndexTerm]:
    dashes = _CSV_LEVEL.match(row[0])
    prefix = dashes[0] if dashes else ""
    level, words = prefix.count("–"), row[0][len(prefix) :].replace("–", "-")
    see = see_also = None
    if reference := _CSV_REFERENCE.search(words):
        words = words[: reference.start()]
        see, see_also = (None, reference[2]) if reference[1] else (reference[2], None)
    modifiers = _CSV_MODIFIER.findall(words)
    words = " ".join(_CSV_MODIFIER.sub("", words).split())
    if not words:
        raise ReleaseFormatError(book.path, line, "a substance", f"'{row[0]}'")
    if level > len(places):
        raise ReleaseFormatError(book.path, line, f"at most {len(places)} dashes", f"{level}")
    here = (places[level - 1] if level else _Place()).below(words, modifiers)
    places[level:] = [here]
    cells = {str(number): cell.strip() for number, cell in enumerate(row, 1) if number > 1}
    yield from _records(book, here, list(_codes_in_cells(cells, book, line)), see, see_also, None)


def _codes_in_cells(cells: dict[str, str], book: _Book, line: int | None) -> Iterator[tuple[str, str]]:
    for number, text in cells.items():
        if text not in _NO_CODE:
            column = book.columns.get(number)
            if column is None:
                raise ReleaseFormatError(book.path, line, "a column with a heading", f"column {number}")
            yield _checked(text, book, line, column), column


def _checked(code: str, book: _Book, line: int | None, column: str | None) -> str:
    if not _CODE.fullmatch(code):
        raise ReleaseFormatError(book.path, line, "a code", f"'{code}'", column=column)
    return code


def _records(
    book: _Book,
    here: _Place,
    codes: list[tuple[str | None, str | None]] | list[tuple[str, str]],
    see: str | None,
    see_also: str | None,
    manifestation: str | None,
) -> Iterator[IndexTerm]:
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
