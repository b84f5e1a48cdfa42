"""The ICD-10-CM Tabular List of Diseases and Injuries (``icd10cm-tabular-*.xml``, NCHS).

The hierarchy of chapters, sections and codes with every instructional note, in the structure of NCHS's
schema ``icd10cm_tabular.xsd``. 7th-character codes are not listed: a code defines the characters
(``sevenChrDef``) and everything below it takes them; the order file lists the codes that result.

Read and left out by rule: the introduction (conventions of the whole book) and the chapters' tables of
contents (``sectionIndex``, the same sections again).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import BinaryIO

from lxml import etree

from loaders.files.xml_stream import line_of, read_elements, text_of
from loaders.icd10cm.order import CODE_SHAPE
from terminology.codes import code_key, dotted
from terminology.concept import NO_PROPERTIES, Note, NoteKind, SeventhCharacter
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD10CM

_NOTES = {
    "includes": NoteKind.INCLUDES,
    "inclusionTerm": NoteKind.INCLUSION_TERM,
    "excludes1": NoteKind.EXCLUDES1,
    "excludes2": NoteKind.EXCLUDES2,
    "codeFirst": NoteKind.CODE_FIRST,
    "useAdditionalCode": NoteKind.USE_ADDITIONAL,
    "codeAlso": NoteKind.CODE_ALSO,
    "notes": NoteKind.CODING_NOTE,
    "sevenChrNote": NoteKind.CODING_NOTE,
    "deactivated": NoteKind.CODING_NOTE,
}
_STRUCTURE = {"name", "desc", "section", "diag", "sectionIndex"}
_RANGE = re.compile(r"\s*\(([A-Z][0-9A-Z]{2}(?:-[A-Z][0-9A-Z]{2})?)\)$")
_SECTION_ID = re.compile(r"[A-Z][0-9A-Z]{2}(-[A-Z][0-9A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class TabularEntry:
    """A chapter, section or code of the Tabular List. ``code`` and ``parent`` are display codes.

    A chapter's code is its number, a section's its first and last category (``A00-A09``, also
    ``B10-B10``, so that it is never mistaken for category B10). ``range`` is what the book prints in
    brackets after the title of a chapter or section. ``placeholder`` marks the codes that hold a
    place for ``X``.
    """

    code: str
    title: str
    parent: str | None
    notes: tuple[Note, ...] = ()
    seventh_characters: tuple[SeventhCharacter, ...] = ()
    range: str | None = None
    placeholder: bool = False

    @property
    def properties(self) -> Mapping[str, str]:
        """What only this publisher states, as a concept's properties."""
        if self.range is not None:
            return {"range": self.range}
        return {"placeholder": "true"} if self.placeholder else NO_PROPERTIES


@dataclass(frozen=True, slots=True)
class Tabular:
    """A whole Tabular List; each dict is in the book's order.

    ``chapters`` and ``sections`` are keyed by code, ``diags`` (categories and codes) by key.
    A section that holds no category itself but spans others (``C00-C96``) is their parent.
    """

    version: str
    chapters: dict[str, TabularEntry]
    sections: dict[str, TabularEntry]
    diags: dict[str, TabularEntry]

    def seventh_characters(self, key: str) -> tuple[SeventhCharacter, ...]:
        """Return the 7th characters that hold for a code: its own or its nearest ancestor's."""
        known = (self.diags.get(key[:length]) for length in range(len(key), 2, -1))
        entry = next((e for e in known if e is not None), None)
        while entry is not None and not entry.seventh_characters:
            entry = None if entry.parent is None else self.entry(entry.parent)
        return () if entry is None else entry.seventh_characters

    def entry(self, code: str) -> TabularEntry | None:
        """Return the chapter, section or code with this display code."""
        return self.diags.get(code.replace(".", "")) or self.sections.get(code) or self.chapters.get(code)


def read_tabular(file: BinaryIO, path: str) -> Tabular:
    """Read a Tabular List.

    Notes keep the book's order, white space folded. Kept as coding notes, in words: the notes on 7th
    characters, what is printed under one of them, and the table of visual impairment at H54.

    Raises :class:`ReleaseFormatError` for XML that is malformed or is not a full Tabular List (an addenda
    file, an unknown element, a code twice or under a code it does not begin with) and
    :class:`UnsafeArchiveError` for a document type declaration.
    """
    tabular = Tabular("", {}, {}, {})
    pending: list[tuple[TabularEntry, bool]] = []
    version = ""
    for element in read_elements(file, path, root="ICD10CM.tabular", tags=("section", "chapter")):
        if element.tag == "section":
            pending.append(_read_section(element, path, tabular))
            continue
        root = element.getroottree().getroot()
        if root.get("isAddenda") == "true":
            raise ReleaseFormatError(path, line_of(root), "a full Tabular List", "an addenda file")
        version = version or (root.findtext("version") or "").strip()
        chapter = _read_chapter(element, path)
        if chapter.code in tabular.chapters:
            raise ReleaseFormatError(path, line_of(element), "every chapter once", f"{chapter.code} again")
        tabular.chapters[chapter.code] = chapter
        tabular.sections.update((s.code, s) for s in _nested(chapter, pending))
        pending.clear()
    if not tabular.diags:
        raise ReleaseFormatError(path, None, "chapters, sections and codes", "none")
    return Tabular(version, tabular.chapters, tabular.sections, tabular.diags)


def _read_chapter(element: etree._Element, path: str) -> TabularEntry:
    name, title = _field(element, "name", path), _field(element, "desc", path)
    printed = _RANGE.search(title)
    if printed is None:
        raise ReleaseFormatError(path, line_of(element), "a chapter title ending in its range", f"'{title}'")
    return TabularEntry(
        code=name,
        title=title[: printed.start()],
        parent=None,
        notes=tuple(_notes(element, path)),
        seventh_characters=tuple(_seventh_characters(element, path)),
        range=printed[1],
    )


def _read_section(element: etree._Element, path: str, tabular: Tabular) -> tuple[TabularEntry, bool]:
    """Read a section and its codes; the flag says whether it holds any. Its parent is not known yet."""
    identity, title = (element.get("id") or "").strip(), _field(element, "desc", path)
    if not _SECTION_ID.fullmatch(identity):
        raise ReleaseFormatError(path, line_of(element), "a section id such as A00-A09", f"'{identity}'")
    code = identity if "-" in identity else f"{identity}-{identity}"
    holds_codes = False
    for child in element:
        if child.tag == "diag":
            holds_codes = True
            _read_diag(child, code, path, tabular.diags)
    printed = _RANGE.search(title)
    if printed is not None:
        title = title[: printed.start()]
    section = TabularEntry(
        code=code,
        title=title,
        parent=None,
        notes=tuple(_notes(element, path)),
        seventh_characters=tuple(_seventh_characters(element, path)),
        range=identity,
    )
    return section, holds_codes


def _read_diag(element: etree._Element, parent: str, path: str, diags: dict[str, TabularEntry]) -> None:
    name = _field(element, "name", path)
    key = code_key(name)
    if not CODE_SHAPE.fullmatch(key):
        raise ReleaseFormatError(path, line_of(element), "a code", f"'{name}'")
    above = None if "-" in parent else code_key(parent)
    if (above is None and len(key) != 3) or (above is not None and not key.startswith(above)):
        raise ReleaseFormatError(path, line_of(element), f"a code that belongs under {parent}", name)
    if key in diags:
        raise ReleaseFormatError(path, line_of(element), "every code once", f"{name} again")
    code = dotted(ICD10CM.id, key)
    diags[key] = TabularEntry(
        code=code,
        title=_field(element, "desc", path),
        parent=parent,
        notes=tuple(_notes(element, path)),
        seventh_characters=tuple(_seventh_characters(element, path)),
        placeholder=element.get("placeholder") == "true",
    )
    for child in element.iterchildren("diag"):
        _read_diag(child, code, path, diags)


def _notes(element: etree._Element, path: str) -> Iterator[Note]:
    for child in element:
        kind = _NOTES.get(child.tag)
        if kind is not None:
            yield from (Note(kind, text) for text in map(text_of, child) if text)
        elif child.tag == "sevenChrDef":
            yield from _seventh_character_notes(child)
        elif child.tag == "visualImpairment":
            yield from _visual_impairment(child)
        elif child.tag not in _STRUCTURE:
            raise ReleaseFormatError(
                path, line_of(child), "an element of icd10cm_tabular.xsd", f"<{child.tag}>"
            )


def _seventh_characters(element: etree._Element, path: str) -> Iterator[SeventhCharacter]:
    for extension in element.iterfind("sevenChrDef/extension"):
        character, meaning = extension.get("char", "").strip(), text_of(extension)
        if len(character) != 1 or not meaning:
            raise ReleaseFormatError(
                path, line_of(extension), "a 7th character and its meaning", f"'{character}' = '{meaning}'"
            )
        yield SeventhCharacter(character, meaning)


def _seventh_character_notes(definition: etree._Element) -> Iterator[Note]:
    """The few notes printed under one 7th character: inclusion terms of the codes it makes."""
    character = ""
    for child in definition:
        if child.tag == "extension":
            character = child.get("char", "")
        elif text := text_of(child):
            yield Note(NoteKind.CODING_NOTE, f"7th character {character}: {text}" if character else text)


def _visual_impairment(table: etree._Element) -> Iterator[Note]:
    """The table of visual impairment, a note per row: its headings are said again in every row."""
    rows = list(table.iterfind("visCategory"))
    heading, scale = "Category of visual impairment", ""
    highest, lowest = "Maximum less than:", "Minimum equal to or better than:"
    for row in rows:
        value = row.findtext("value")
        if value is None:
            heading = row.findtext("heading") or heading
            scale = row.findtext("visRange/heading") or scale
            highest = row.findtext("visRange/visMax/heading") or highest
            lowest = row.findtext("visRange/visMin/heading") or lowest
            continue
        limits = []
        for limit in row.iterfind("visRange"):
            most, least = limit.findtext("visMax/value"), limit.findtext("visMin/value")
            named = [f"{h.rstrip(':').lower()} {v}" for h, v in ((highest, most), (lowest, least)) if v]
            limits.append(", ".join(named))
        if len(limits) == 1 and row.find("visRange/visMin") is None:
            limits = [row.findtext("visRange/visMax/value") or ""]
        text = f"{heading} {value}: {scale.lower()} {'; '.join(limits)}"
        yield Note(NoteKind.CODING_NOTE, " ".join(text.split()))


def _nested(chapter: TabularEntry, sections: list[tuple[TabularEntry, bool]]) -> Iterator[TabularEntry]:
    """Give each section its parent: the narrowest spanning section before it, else the chapter.

    The XML lists sections side by side; those without codes of their own are headings over a range.
    """
    open_spans: list[TabularEntry] = []
    for section, holds_codes in sections:
        first, last = section.code.split("-")
        while open_spans and not (open_spans[-1].code[:3] <= first and last <= open_spans[-1].code[-3:]):
            open_spans.pop()
        parent = open_spans[-1].code if open_spans else chapter.code
        placed = replace(section, parent=parent)
        if not holds_codes:
            open_spans.append(placed)
        yield placed


def _field(element: etree._Element, tag: str, path: str) -> str:
    found = element.find(tag)
    text = "" if found is None else text_of(found)
    if not text:
        raise ReleaseFormatError(path, line_of(element), f"<{tag}> with text in <{element.tag}>", "nothing")
    return text
