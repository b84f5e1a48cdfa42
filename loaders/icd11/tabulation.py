"""ICD-11 MMS simple tabulation (WHO, ``SimpleTabulation-ICD-11-MMS-<language>``), as text and as workbook.

ICF's (``SimpleTabulation-ICF-<language>``) is read by the same rules, as far as they are known to hold of it
(:mod:`loaders.icd11.linearization`).

One row per chapter, block and category, in the order of the classification, with a ``- `` before the title
for every level of depth. WHO's readme beside the file describes the columns. Three layouts exist: 17
columns; with ``CodingNote`` and ``Parent`` (from 2026-01); translations, whose ``Title`` is translated and
whose ``TitleEN`` is not. Columns are found by their names. Blocks without a ``BlockId`` (all of chapter X
and some of chapter V) take their entity number for a code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from loaders.icd11.linearization import MMS, Linearization
from loaders.icd11.outline import Outline, Place
from loaders.icd11.who_table import Row, stamped_release, table_rows, text_rows, unquoted, workbook_rows
from terminology.concept import Concept, Kind, Note, NoteKind, Synonym
from terminology.errors import ReleaseFormatError
from terminology.who_uri import WhoUri, match_who_uri

_FIELDS = (
    "Foundation URI",
    "Linearization URI",
    "Code",
    "BlockId",
    "Title",
    "ClassKind",
    "DepthInKind",
    "IsResidual",
    "ChapterNo",
    "isLeaf",
    "Primary tabulation",
)
_FLAGS = frozenset(("True", "False"))
_EXTENSIONS = "X"
_KINDS_OF_ICF = {"category": Kind.CODE, "block": Kind.BLOCK, "chapter": Kind.CHAPTER}
_DASHES = re.compile("(?:- )*")
_ENGLISH = "TitleEN"
_NOTE, _PARENT = "codingnote", "parent"


@dataclass(frozen=True, slots=True)
class TabulationHeader:
    """What a tabulation says of itself.

    ``release`` is from the version stamp. ``language`` is ``en``, or for a translation what the file's
    name ends in, the only place that states it (``und`` if it does not). ``columns`` gives the position
    of each column by its name, in lower case and without blanks. ``of`` is the classification.
    """

    release: str
    language: str
    columns: Mapping[str, int]
    of: Linearization = MMS

    @property
    def translated(self) -> bool:
        """Whether titles are translated and stand beside the English ones."""
        return _column(_ENGLISH) in self.columns


def read_tabulation(file: BinaryIO, path: str, of: Linearization = MMS) -> Iterator[Concept]:
    """Yield every chapter, block and category of a tabulation in text form, parents before children.

    Titles are the English ones; those of a translation are terms of its language (``synonyms``).

    Raises :class:`ReleaseFormatError` for a missing column, a short row, an unknown class kind, a row that
    does not fit the hierarchy and a code used twice.
    """
    return _concepts(text_rows(file, path), path, of)


def read_tabulation_xlsx(file: BinaryIO, path: str, of: Linearization = MMS) -> Iterator[Concept]:
    """Yield the same from a tabulation's workbook, which has the same rows as the text."""
    return _concepts(workbook_rows(file, path), path, of)


def read_header(file: BinaryIO, path: str, of: Linearization = MMS) -> TabulationHeader:
    """Return the header of a tabulation, text or workbook; leave ``file`` at its start."""
    header = _header(next(table_rows(file, path), None), path, of)
    file.seek(0)
    return header


def translation_source(release: str, language: str, of: Linearization = MMS) -> str:
    """Return what a translated title names as its source: ``ICD-11 MMS 2024-01 (es)``."""
    return f"{of.system.title} {release} ({language})"


def tabulation_version(file: BinaryIO, path: str) -> str:
    """Return the release of a tabulation, text or workbook, from its header: ``2025-01``."""
    return read_header(file, path).release


def _column(name: str) -> str:
    return name.replace(" ", "").lower()


def _header(row: Row | None, path: str, of: Linearization) -> TabulationHeader:
    if row is None:
        raise ReleaseFormatError(path, 1, "a header", "an empty file")
    *names, stamp = row.cells
    columns: dict[str, int] = {}
    for at, name in enumerate(names):
        if columns.setdefault(_column(name), at) != at:
            raise ReleaseFormatError(path, row.line, "column names that differ", f"'{name}' twice")
    missing = [name for name in of.required if _column(name) not in columns]
    if missing:
        raise ReleaseFormatError(path, row.line, f"the column {missing[0]}", ", ".join(row.cells)[:300])
    release = stamped_release(stamp)
    if release is None:
        raise ReleaseFormatError(path, row.line, "a version stamp as the last cell", f"'{stamp}'")
    language = "en"
    if _column(_ENGLISH) in columns:
        named = of.language_in_name.search(path)
        language = named.group(1) if named else "und"
    return TabulationHeader(release, language, MappingProxyType(columns), of)


class _RowReader:
    """Turns rows into concepts, by the columns of one header."""

    def __init__(self, header: TabulationHeader, path: str) -> None:
        at = header.columns
        self._path = path
        self._header = header
        self._width = max(at.values()) + 1
        self._of = header.of
        self._outline = Outline(path, mms=header.of.strict)
        self._fields = tuple(at.get(_column(name)) for name in _FIELDS)
        self._groupings = [at[c] for c in sorted(at, key=lambda c: (len(c), c)) if c.startswith("grouping")]
        self._english = at.get(_column(_ENGLISH))
        self._note = at.get(_NOTE)
        self._parent = at.get(_PARENT)

    def concept(self, row: Row) -> Concept:
        """Check one row and turn it into a concept."""
        line, cells = row
        if len(cells) < self._width or any(cells[self._width :]):
            raise self._error(line, f"{self._width} cells", str(len(cells)))
        values = ["" if at is None else cells[at] for at in self._fields]
        foundation, uri, code, block, title, kind, depth_in_kind, residual, chapter, leaf, primary = values
        who = self._who_uri(line, uri, foundation, residual)
        if leaf not in _FLAGS:
            raise self._error(line, "True or False", f"'{leaf}'", "isLeaf")
        depth, title, translated = self._titles(line, cells, title)
        groupings = [cells[at] for at in self._groupings if cells[at]]
        known_as = self._code(line, kind, code=code, block=block, chapter=chapter, who=who)
        place = Place(line, depth, kind, depth_in_kind, chapter, known_as, block, who.path, leaf == "True")
        stated = cells[self._parent] if self._parent is not None else ""
        # of a translation only titles are taken, and some leave their groupings out
        told = groupings or (None if self._header.translated else [])
        parent = self._outline.place(place, told, len(self._groupings), stated)
        properties = {"leaf": leaf, "depth": str(depth)}
        if who.residual:
            properties["residual"] = who.residual
        if primary:
            properties["primary_tabulation"] = primary
        if groupings:
            properties["groupings"] = " ".join(groupings)
        note = (unquoted(cells[self._note]) or cells[self._note]).strip() if self._note is not None else ""
        return Concept(
            system=self._of.system.id,
            code=known_as,
            title=title,
            kind=_kind(kind, chapter) if self._of.strict else _kind_of_icf(kind, code),
            parent=parent,
            notes=(Note(NoteKind.CODING_NOTE, note),) if note else (),
            synonyms=(self._designation(translated),) if translated else (),
            uri=uri,
            foundation_uri=foundation or None,
            properties=MappingProxyType(properties),
        )

    def finish(self) -> None:
        """Check that the file ends where its last row says it may."""
        self._outline.finish()

    def _who_uri(self, line: int, uri: str, foundation: str, residual: str) -> WhoUri:
        who = match_who_uri(uri)
        if who is None or who.linearization != self._of.name:
            wanted = f"a WHO linearization URI of {self._of.name}"
            raise self._error(line, wanted, f"'{uri}'", "Linearization URI")
        if not self._of.strict:
            return who
        if residual != str(who.residual is not None):
            raise self._error(line, f"{who.residual is not None} for {uri}", f"'{residual}'", "IsResidual")
        if foundation != (who.foundation or ""):
            raise self._error(
                line, who.foundation or "no URI for a residual", f"'{foundation}'", "Foundation URI"
            )
        return who

    def _titles(self, line: int, cells: list[str], title: str) -> tuple[int, str, str | None]:
        """Return the depth, the English title, and the translated one of a translation; dashes taken off.

        A title that is blank, dashes alone or the English one is not translated: ``None``.
        """
        depth, title = self._undashed(line, title, "Title")
        if self._english is None:
            if not title:
                raise self._error(line, "a title", "none", "Title")
            return depth, title, None
        english_depth, english = self._undashed(line, cells[self._english], _ENGLISH)
        if not english:
            raise self._error(line, "a title", "none", _ENGLISH)
        if not title.strip("- "):
            return english_depth, english, None
        if depth and english_depth and depth != english_depth:
            raise self._error(line, f"the depth of {_ENGLISH}, {english_depth}", str(depth), "Title")
        return max(depth, english_depth), english, title if title != english else None

    def _designation(self, title: str) -> Synonym:
        """Return a translated title as a term of its language, with the release it stands in."""
        language = self._header.language
        return Synonym(title, translation_source(self._header.release, language, self._of), language)

    def _undashed(self, line: int, cell: str, column: str) -> tuple[int, str]:
        title = unquoted(cell)
        if title is None:
            raise self._error(line, "quotes that balance", cell[:80], column)
        found = _DASHES.match(title)
        dashes = found.end() if found else 0
        return dashes // 2, title[dashes:]

    def _code(self, line: int, kind: str, *, code: str, block: str, chapter: str, who: WhoUri) -> str:
        """Return the code a concept is known by; only categories have one of their own in ``Code``.

        Of ICF any row may have one; a row without has its BlockId, or the number of its entity.
        """
        if not self._of.strict and kind in _KINDS_OF_ICF:
            if kind == "category" and not code:
                raise self._error(line, "a code", "none", "Code")
            return code or block or who.path
        if kind == "category":
            if block or not code:
                raise self._error(line, "a code and no BlockId", f"'{code}' and '{block}'", "Code")
            if code.startswith(_EXTENSIONS) != (chapter == _EXTENSIONS):
                raise self._error(line, "codes with X in chapter X alone", f"{code} in {chapter}", "Code")
            return code
        if kind == "block":
            if code:
                raise self._error(line, "no code for a block", f"'{code}'", "Code")
            return block or who.path
        if kind == "chapter":
            if not chapter or block or code not in ("", chapter):
                raise self._error(line, "a chapter number alone", f"'{chapter}'", "ChapterNo")
            return chapter
        raise self._error(line, "chapter, block or category", f"'{kind}'", "ClassKind")

    def _error(self, line: int, expected: str, found: str, column: str | None = None) -> ReleaseFormatError:
        return ReleaseFormatError(self._path, line, expected, found, column=column)


def _concepts(rows: Iterator[Row], path: str, of: Linearization) -> Iterator[Concept]:
    header = _header(next(rows, None), path, of)
    reader = _RowReader(header, path)
    for row in _whole_rows(rows, header):
        yield reader.concept(row)
    reader.finish()


def _whole_rows(rows: Iterator[Row], header: TabulationHeader) -> Iterator[Row]:
    """Yield rows with the further lines of their notes, which a workbook can have as rows of their own.

    Such a row names no entity and no class; all it has is text for the note of the row above, and its parent
    where that row lacks it.
    """
    note, parent = header.columns.get(_NOTE), header.columns.get(_PARENT)
    names = [header.columns[_column(name)] for name in ("Linearization URI", "ClassKind")]
    held: Row | None = None
    for row in rows:
        more = held is not None and note is not None and not any(_cell(row, at) for at in names)
        if held is None or note is None or not more:
            if held is not None:
                yield held
            held = row
            continue
        cells = held.cells + [""] * (note + 1 - len(held.cells))
        filled = [at for at, cell in enumerate(row.cells) if cell and at != parent]
        cells[note] = "\n".join([cells[note], *(row.cells[at] for at in filled)])
        if parent is not None and _cell(row, parent):
            cells += [""] * (parent + 1 - len(cells))
            cells[parent] = cells[parent] or row.cells[parent]
        held = Row(held.line, cells)
    if held is not None:
        yield held


def _cell(row: Row, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _kind(kind: str, chapter: str) -> Kind:
    if kind == "category":
        return Kind.EXTENSION if chapter == _EXTENSIONS else Kind.STEM
    return Kind.BLOCK if kind == "block" else Kind.CHAPTER


def _kind_of_icf(kind: str, code: str) -> Kind:
    """ICF's own codes begin with b, s, d or e; what it shares with ICD-11 are extension codes, X."""
    if kind == "category" and code.startswith(_EXTENSIONS):
        return Kind.EXTENSION
    return _KINDS_OF_ICF[kind]
