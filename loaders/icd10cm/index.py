"""The alphabetic indexes and tables of ICD-10-CM (NCHS).

Four books in one XML format, that of ``icd10cm_index.xsd`` and ``icd10cm_drug_neoplasm.xsd``: the Index to
Diseases and Injuries, the External Cause Index, the Table of Neoplasms and the Table of Drugs and
Chemicals. The last is also published as csv (:mod:`loaders.icd10cm.drug_table_csv`).
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from lxml import etree

from loaders.files.xml_stream import line_of, read_elements, text_of
from loaders.icd10cm.index_book import (
    CODE,
    DISEASES,
    DRUGS,
    EXTERNAL_CAUSES,
    NEOPLASMS,
    Book,
    Place,
    checked,
    codes_in_cells,
    records,
)
from terminology.concept import IndexTerm
from terminology.errors import ReleaseFormatError

_TITLES = {"diseases and injuries": DISEASES, "external cause": EXTERNAL_CAUSES}
_FIRST_COLUMNS = {"neoplasm": NEOPLASMS, "substance": DRUGS}
_PARTS = frozenset({"code", "manif", "see", "seeAlso", "seecat", "subcat"})
_CODE_IN_TITLE = re.compile(r"\s*(?<![A-Z0-9])([A-Z]\d[0-9A-Z]\.[0-9A-Z]{1,4}-{0,2})$")
_REFERENCE = re.compile(r"\(see( also)?,? (.+)\)")


@dataclass(slots=True)
class _Term:
    """The parts of one ``term`` or ``mainTerm``. ``is_bare`` while it has a title and nothing else."""

    words: str = ""
    modifiers: list[str] = field(default_factory=list)
    parts: dict[str, str] = field(default_factory=dict)
    cells: dict[str, str] = field(default_factory=dict)
    is_bare: bool = True

    def take(self, child: etree._Element, book: Book) -> None:
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
    book: Book | None = None
    for main in read_elements(file, path, root="ICD10CM.index", tags=("mainTerm",)):
        if book is None:
            book = _read_book(main.getroottree().getroot(), path)
        stack = [(main, Place())]
        before: dict[Place, Place] = {}
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


def _read_book(root: etree._Element, path: str) -> Book:
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
    return Book(names[0], (root.findtext("version") or "").strip(), columns, path)


def _is_note(element: etree._Element) -> bool:
    """Whether a term is a note to the reader: in the Index of 2025 stages of heart failure are below one."""
    return (element.findtext("title") or "").lstrip().startswith("Note:")


def _read_term(
    element: etree._Element, above: Place, expected: int, book: Book
) -> Generator[IndexTerm, None, Place]:
    """Yield the records of one term of a level and return the place its subterms stand below."""
    line = line_of(element)
    level = element.get("level", "0")
    if level != str(expected):
        raise ReleaseFormatError(book.path, line, f"level {expected}", f"level {level}")
    term = _Term()
    for child in element:
        term.take(child, book)
    manifestation = term.parts.get("manif")
    if manifestation is not None and not CODE.fullmatch(manifestation):
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
        codes.append((checked(code, book, line, None), None))
    codes.extend(codes_in_cells(term.cells, book, line))
    yield from records(book, here, codes, see, see_also, manifestation)
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
