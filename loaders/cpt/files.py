"""CPT: a licensee's own AMA data files.

CPT is the American Medical Association's. This project holds none of it; these functions read the files a
licensee has into the licensee's own bundle. Two deliveries are read:

- the CPT Data Files, one descriptor length per file: ``LONGULT.txt`` (code, tab, long descriptor),
  ``MEDU.txt`` and ``SHORTU.txt`` (code in columns 1-5, a blank, the descriptor from column 7; a tab is
  accepted there too). Each opens with the AMA's copyright notice.
- ``Consolidated_Code_List.txt`` of CPT Link: a preamble, a heading row, tab-separated columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import BinaryIO, NamedTuple

from loaders.files.text_lines import TextLine, text_lines
from terminology.concept import Concept, Kind, Synonym
from terminology.errors import ReleaseFormatError
from terminology.release import Release
from terminology.systems import CPT

_CODE = re.compile(r"[0-9]{4}[0-9A-Z]")
_DESCRIPTOR = re.compile(r"(?P<code>[0-9]{4}[0-9A-Z])[\t ](?P<text>.*\S.*)")
_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_FILES = {
    "longult.txt": "long",
    "medu.txt": "medium",
    "shortu.txt": "short",
    "consolidatedcodelist.txt": "consolidated",
}

_CONSOLIDATED_CODE, _CONSOLIDATED_LONG = "CPT Code", "Long"
_CONSOLIDATED = ("Concept Id", _CONSOLIDATED_CODE, _CONSOLIDATED_LONG, "Medium", "Short")
_SYNONYMS = {"Consumer": "en", "Spanish Consumer": "es"}
_PROPERTIES = {
    "Medium": "medium_title",
    "Concept Id": "concept_id",
    "Current Descriptor Effective Date": "descriptor_effective",
    "Test Name": "test_name",
    "Lab Name": "lab_name",
    "Manufacturer Name": "manufacturer_name",
}

CHAPTERS = {
    "category-1": "Category I",
    "category-2": "Category II",
    "category-3": "Category III",
    "pla": "Proprietary laboratory analyses (PLA)",
    "maaa": "Multianalyte assays with algorithmic analyses (MAAA), administrative codes",
    "other": "Other codes",
}
"""The parts of CPT by the form of their codes, with their titles."""

_PART_OF_SUFFIX = {"A": "category-1", "F": "category-2", "T": "category-3", "U": "pla", "M": "maaa"}


class CptFile(NamedTuple):
    """An open file of the licensee and the name to use for it in messages."""

    file: BinaryIO
    path: Path | str


def file_role(name: str) -> str | None:
    """Return ``long``, ``medium``, ``short`` or ``consolidated`` for the name of an AMA file, else ``None``.

    >>> file_role("LONGULT.txt"), file_role("Consolidated_Code_List.txt"), file_role("readme.txt")
    ('long', 'consolidated', None)
    """
    return _FILES.get(name.lower().replace("_", ""))


def release_of(label: str) -> Release | None:
    """Return the release files of this path belong to: the last year in it (``CPT 2026/LONGULT.txt``).

    The files themselves do not state their edition. An edition is in effect for its calendar year.
    ``None`` if the path names no year.
    """
    years = _YEAR.findall(label)
    if not years:
        return None
    year = int(years[-1])
    name = re.split("[/!]", label)[-1]
    return Release(CPT.id, str(year), date(year, 1, 1), date(year, 12, 31), sources=(name,))


def chapter_of(code: str) -> str:
    """Return the part of CPT a code belongs to by its form: five digits, or four and a letter.

    Five digits and four with ``A`` are Category I, ``F`` Category II, ``T`` Category III, ``U`` PLA, ``M``
    MAAA. Letters the AMA has not used belong to ``other``.
    """
    return "category-1" if code[-1].isdigit() else _PART_OF_SUFFIX.get(code[-1], "other")


def read_cpt(long: CptFile, medium: CptFile | None = None, short: CptFile | None = None) -> Iterator[Concept]:
    """Yield the codes of the CPT Data Files in the order of ``LONGULT.txt``, a chapter before its first code.

    The long descriptor is the title, the short one ``short_title``, the medium one the property
    ``medium_title``. Raises :class:`ReleaseFormatError`, also for a code of ``medium`` or ``short`` that
    ``long`` does not have.
    """
    mediums = {} if medium is None else {code: (line, text) for line, code, text in _descriptors(medium)}
    shorts = {} if short is None else {code: (line, text) for line, code, text in _descriptors(short)}
    begun: set[str] = set()
    for _, code, text in _descriptors(long):
        _, short_title = shorts.pop(code, (0, None))
        _, medium_title = mediums.pop(code, (0, None))
        yield from _chapter(code, begun)
        yield _concept(code, text, short_title, {"medium_title": medium_title} if medium_title else {})
    for left, file in ((mediums, medium), (shorts, short)):
        for code, (line, _) in left.items():
            if file is not None:
                raise ReleaseFormatError(file.path, line, f"a code of {long.path}", code)


def read_consolidated(file: BinaryIO, path: Path | str) -> Iterator[Concept]:
    """Yield the codes of a Consolidated Code List in file order, a chapter before its first code.

    Columns are found by heading. ``Consumer`` and ``Spanish Consumer`` descriptors become synonyms, the
    remaining columns properties as printed. Raises :class:`ReleaseFormatError`.
    """
    lines = text_lines(file, path)
    columns = _columns(lines, path)
    seen: dict[str, int] = {}
    begun: set[str] = set()
    for number, text, _ in _without_trailing_blanks(lines, path):
        values = [value.strip() for value in text.split("\t")]
        if any(values[len(columns) :]):
            raise ReleaseFormatError(path, number, f"{len(columns)} columns", f"{len(values)} columns")
        row = dict(zip(columns, values, strict=False))  # trailing empty cells may be left out
        code, title = row.get(_CONSOLIDATED_CODE, ""), row.get(_CONSOLIDATED_LONG, "")
        if not _CODE.fullmatch(code):
            raise ReleaseFormatError(path, number, "a CPT code", repr(code), column=_CONSOLIDATED_CODE)
        if not title:
            raise ReleaseFormatError(
                path, number, f"a descriptor of {code}", "nothing", column=_CONSOLIDATED_LONG
            )
        _check_new(seen, code, number, path)
        properties = {name: row[column] for column, name in _PROPERTIES.items() if row.get(column)}
        synonyms = tuple(
            Synonym(row[column], f"CPT {column} descriptor", language)
            for column, language in _SYNONYMS.items()
            if row.get(column)
        )
        yield from _chapter(code, begun)
        yield _concept(code, title, row.get("Short") or None, properties, synonyms)


def _descriptors(source: CptFile) -> Iterator[tuple[int, str, str]]:
    """Yield line, code and descriptor of a CPT Data File after its copyright notice."""
    seen: dict[str, int] = {}
    lines = _after_notice(text_lines(source.file, source.path))
    for number, text, _ in _without_trailing_blanks(lines, source.path):
        match = _DESCRIPTOR.fullmatch(text)
        if match is None:
            raise ReleaseFormatError(
                source.path, number, "a CPT code and its descriptor", repr(text[:20]), column="columns 1-7"
            )
        _check_new(seen, match["code"], number, source.path)
        yield number, match["code"], match["text"].strip()
    if not seen:
        raise ReleaseFormatError(source.path, None, "CPT codes and their descriptors", "none")


def _after_notice(lines: Iterator[TextLine]) -> Iterator[TextLine]:
    """Skip the copyright notice.

    Data begin with a descriptor line on top of the file, after a blank line or followed by another one: a
    lone one in running text is a number of the notice (its address holds a postal code).
    """
    candidate: TextLine | None = None
    after_blank = True
    for line in lines:
        if _DESCRIPTOR.fullmatch(line.text):
            if after_blank or candidate is not None:
                if candidate is not None:
                    yield candidate
                yield line
                yield from lines
                return
            candidate = line
        else:
            candidate = None
        after_blank = not line.text.strip()
    if candidate is not None:
        yield candidate


def _without_trailing_blanks(lines: Iterator[TextLine], path: Path | str) -> Iterator[TextLine]:
    blank: TextLine | None = None
    for line in lines:
        if not line.text.strip():
            blank = blank or line
            continue
        if blank is not None:
            raise ReleaseFormatError(path, blank.number, "a code", "a blank line")
        yield line


def _columns(lines: Iterator[TextLine], path: Path | str) -> list[str]:
    for number, text, _ in lines:
        columns = [value.strip() for value in text.split("\t")]
        if _CONSOLIDATED_CODE in columns:
            missing = [column for column in _CONSOLIDATED if column not in columns]
            if missing:
                raise ReleaseFormatError(path, number, f"the columns {', '.join(missing)}", "none of them")
            return columns
    raise ReleaseFormatError(path, None, f"a heading row with '{_CONSOLIDATED_CODE}'", "none")


def _chapter(code: str, begun: set[str]) -> Iterator[Concept]:
    chapter = chapter_of(code)
    if chapter not in begun:
        begun.add(chapter)
        yield Concept(system=CPT.id, code=chapter, title=CHAPTERS[chapter], kind=Kind.CHAPTER, parent=None)


def _check_new(seen: dict[str, int], code: str, number: int, path: Path | str) -> None:
    if code in seen:
        raise ReleaseFormatError(path, number, f"each code once ({code} is on line {seen[code]})", "it again")
    seen[code] = number


def _concept(
    code: str,
    title: str,
    short_title: str | None,
    properties: Mapping[str, str],
    synonyms: tuple[Synonym, ...] = (),
) -> Concept:
    return Concept(
        system=CPT.id,
        code=code,
        title=title,
        kind=Kind.CODE,
        parent=chapter_of(code),
        short_title=short_title,
        synonyms=synonyms,
        properties=properties,
    )
