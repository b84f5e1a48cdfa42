"""WHO ICD-10 metadata files (``icd102019syst_codes.txt``, ``_groups.txt``, ``_chapters.txt``).

Fields are separated by semicolons, there is no header, text is UTF-8. WHO's readme "ICD-10 Meta Data"
describes the fields: chapters are number and title; groups are first code, last code, chapter and title;
codes have 17 fields, of which 13 to 17 refer to the special tabulation lists (``001`` for morbidity,
``4-002`` for mortality list 4, ``UNDEF`` for none). Codes are given "without possible dagger", so only the
asterisk is known.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD10

_LAST_CHAPTER = 22
_ROMAN_ONES = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")
_CATEGORY = re.compile(r"[A-Z]\d\d")
_PRINTED = re.compile(r"([A-Z]\d\d(?:\.\d{1,2})?)(\.?-)?(\*)?")
_FIELDS = 17
_NO_LIST = "UNDEF"
_LISTS = ("morbidity", "mortality_4", "mortality_3", "mortality_2", "mortality_1")


@dataclass(frozen=True, slots=True)
class Chapter:
    """One line of the chapters file; ``code`` is the Roman numeral WHO's maps use for ``number``."""

    number: str
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class Group:
    """One line of the groups file: a block of three-character categories, ``first`` to ``last``."""

    line: int
    first: str
    last: str
    chapter: str
    title: str

    @property
    def code(self) -> str:
        """The block's code, ``A00-A09``; ``B99-B99`` for a single category."""
        return f"{self.first}-{self.last}"

    def contains(self, first: str, last: str) -> bool:
        """Whether a range of categories lies within this one."""
        return self.first <= first and last <= self.last


@dataclass(frozen=True, slots=True)
class MetadataCode:
    """One line of the codes file. ``lists`` are its places in the special tabulation lists, by name."""

    line: int
    level: int
    terminal: bool
    subclassification: bool
    chapter: str
    first_of_group: str
    code: str
    asterisk: bool
    title: str
    own_title: str
    lists: dict[str, str]


def read_chapters(file: BinaryIO, path: str) -> Iterator[Chapter]:
    """Yield the chapters; raise :class:`ReleaseFormatError` for a line that is none."""
    for line, (number, title) in _lines(file, path, 2):
        if not re.fullmatch(r"\d\d", number) or not 1 <= int(number) <= _LAST_CHAPTER:
            raise ReleaseFormatError(path, line, "a chapter from 01 to 22", f"'{number}'")
        yield Chapter(number, _roman(int(number)), _titled(title, path, line))


def read_groups(file: BinaryIO, path: str) -> Iterator[Group]:
    """Yield the groups; raise :class:`ReleaseFormatError` for a line that is none."""
    for line, (first, last, chapter, title) in _lines(file, path, 4):
        if not _CATEGORY.fullmatch(first) or not _CATEGORY.fullmatch(last) or last < first:
            raise ReleaseFormatError(path, line, "a range of categories", f"'{first}' to '{last}'")
        yield Group(line, first, last, chapter, _titled(title, path, line))


def read_codes(file: BinaryIO, path: str) -> Iterator[MetadataCode]:
    """Yield the codes; raise :class:`ReleaseFormatError` for a line that is none."""
    for line, fields in _lines(file, path, _FIELDS):
        level, place, kind, chapter, first, printed, code, plain, title, *titles = fields[:12]
        found = _PRINTED.fullmatch(printed)
        if found is None or found[1] != code or plain != code.replace(".", ""):
            raise ReleaseFormatError(
                path, line, "one code in fields 6 to 8", f"'{printed}', '{code}', '{plain}'"
            )
        if level != str(len(plain)):
            raise ReleaseFormatError(path, line, f"level {len(plain)} for {code}", f"'{level}'")
        if place not in ("T", "N") or (found[2] is None) != (place == "T"):
            raise ReleaseFormatError(path, line, "N for codes printed with a dash, else T", f"'{place}'")
        if kind not in ("X", "S"):
            raise ReleaseFormatError(path, line, "X or S in field 3", f"'{kind}'")
        yield MetadataCode(
            line=line,
            level=int(level),
            terminal=place == "T",
            subclassification=kind == "S",
            chapter=chapter,
            first_of_group=first,
            code=code,
            asterisk=found[3] is not None,
            title=_titled(title, path, line),
            own_title=titles[int(level) - 3],
            lists={k: v for k, v in zip(_LISTS, fields[12:], strict=True) if v not in ("", _NO_LIST)},
        )


def read_icd10(
    codes: tuple[BinaryIO, str], groups: tuple[BinaryIO, str], chapters: tuple[BinaryIO, str]
) -> Iterator[Concept]:
    """Yield chapters, blocks, categories and codes, parents before children, in the order of the files.

    Each argument is an open file and its path. A block's parent is the smallest block that contains it,
    else its chapter. A ``CATEGORY`` is divided further, a ``CODE`` is not. Properties: ``asterisk``,
    ``subclassification`` (a code made from a list of subdivisions) and the special tabulation lists.
    Raises :class:`ReleaseFormatError`, also for files that do not fit each other.
    """
    outline = _Outline(groups[1], list(read_chapters(*chapters)), list(read_groups(*groups)))
    seen: dict[str, bool] = {}
    undivided: dict[str, int] = {}
    path = codes[1]
    for code in read_codes(*codes):
        if code.code in seen:
            raise ReleaseFormatError(path, code.line, "a code used once", code.code)
        group = outline.group_of(code, path)
        yield from outline.up_to(group)
        parent = group.code
        if code.level > 3:
            parent = code.code[:-1].rstrip(".")
            if seen.get(parent, True):
                raise ReleaseFormatError(path, code.line, f"{parent} above, marked N", code.code)
            undivided.pop(parent, None)
        seen[code.code] = code.terminal
        if not code.terminal:
            undivided[code.code] = code.line
        yield _concept(code, parent)
    for left, line in undivided.items():
        raise ReleaseFormatError(path, line, f"codes that divide {left} (cut off?)", "none")
    yield from outline.up_to(None)


class _Outline:
    """Chapters and groups as a tree in the order of their files, given out as far as codes need it."""

    def __init__(self, path: str, chapters: list[Chapter], groups: list[Group]) -> None:
        self._path = path
        self._chapters = {chapter.number: chapter for chapter in chapters}
        self._order: list[Chapter | Group] = []
        self._given = 0
        self._parents: dict[Group, Group | None] = {group: self._parent(group, groups) for group in groups}
        self._by_first: dict[str, list[Group]] = {}
        for chapter in chapters:
            self._order.append(chapter)
            self._add_below(None, [group for group in groups if group.chapter == chapter.number])
        for group in groups:
            self._by_first.setdefault(group.first, []).append(group)
        self._position = {e.code: at for at, e in enumerate(self._order) if isinstance(e, Group)}
        if len(self._order) != len(chapters) + len(groups):
            lost = next(group for group in groups if group not in self._order)
            raise self._error(lost, "a chapter of the chapters file", f"'{lost.chapter}'")

    def group_of(self, code: MetadataCode, path: str) -> Group:
        """Return the smallest group that contains a code and begins where the code says."""
        category = code.code[:3]
        fitting = [
            group
            for group in self._by_first.get(code.first_of_group, ())
            if group.chapter == code.chapter and group.contains(category, category)
        ]
        if not fitting:
            found = f"'{code.first_of_group}' in chapter '{code.chapter}'"
            raise ReleaseFormatError(
                path, code.line, f"the first code of a group that has {code.code}", found
            )
        return min(fitting, key=lambda group: group.last)

    def up_to(self, group: Group | None) -> Iterator[Concept]:
        """Yield what was not given out yet, up to a group; everything for ``None``."""
        end = len(self._order) if group is None else self._position[group.code] + 1
        for at in range(self._given, end):
            entry = self._order[at]
            if isinstance(entry, Chapter):
                yield Concept(ICD10.id, entry.code, entry.title, Kind.CHAPTER, None)
                continue
            above = self._parents[entry]
            parent = above.code if above else self._chapters[entry.chapter].code
            yield Concept(ICD10.id, entry.code, entry.title, Kind.BLOCK, parent)
        self._given = max(self._given, end)

    def _add_below(self, parent: Group | None, groups: list[Group]) -> None:
        for group in groups:
            if self._parents[group] == parent:
                self._order.append(group)
                self._add_below(group, groups)

    def _parent(self, group: Group, groups: list[Group]) -> Group | None:
        """Find the smallest other group around one; refuse groups that overlap or are listed twice."""
        around: list[Group] = []
        for other in groups:
            if other is group:
                continue
            if other.code == group.code:
                raise self._error(max(group, other, key=lambda g: g.line), "a group listed once", group.code)
            if other.contains(group.first, group.last):
                around.append(other)
            elif group.first < other.first <= group.last < other.last:
                raise self._error(other, f"a range within or beside {group.code}", other.code)
        parent = min(around, key=lambda g: (g.last, [-ord(c) for c in g.first]), default=None)
        if parent is not None and parent.chapter != group.chapter:
            raise self._error(group, f"the chapter of {parent.code}, {parent.chapter}", f"'{group.chapter}'")
        return parent

    def _error(self, group: Group, expected: str, found: str) -> ReleaseFormatError:
        return ReleaseFormatError(self._path, group.line, expected, found)


def _concept(code: MetadataCode, parent: str) -> Concept:
    properties = dict(code.lists)
    if code.asterisk:
        properties["asterisk"] = "*"
    if code.subclassification:
        properties["subclassification"] = "S"
    return Concept(
        system=ICD10.id,
        code=code.code,
        title=code.title,
        kind=Kind.CODE if code.terminal else Kind.CATEGORY,
        parent=parent,
        short_title=code.own_title if code.own_title != code.title else None,
        properties=MappingProxyType(properties),
    )


def _lines(file: BinaryIO, path: str, fields: int) -> Iterator[tuple[int, list[str]]]:
    file.seek(0)
    line = 0
    for line, raw in enumerate(file, start=1):
        try:
            text = (raw.removeprefix(BOM_UTF8) if line == 1 else raw).decode("utf-8").rstrip("\r\n")
        except UnicodeDecodeError as error:
            raise ReleaseFormatError(path, line, "UTF-8 text", f"byte 0x{raw[error.start]:02x}") from None
        cells = text.split(";")
        if len(cells) != fields:
            raise ReleaseFormatError(path, line, f"{fields} fields between semicolons", str(len(cells)))
        yield line, cells
    if not line:
        raise ReleaseFormatError(path, None, "at least one line", "an empty file")


def _roman(number: int) -> str:
    return "X" * (number // 10) + _ROMAN_ONES[number % 10]


def _titled(title: str, path: str, line: int) -> str:
    if not title:
        raise ReleaseFormatError(path, line, "a title", "none")
    return title
