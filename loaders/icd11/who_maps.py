"""WHO's transition tables between ICD-10 and ICD-11 (``mapping.zip`` of an ICD-11 release).

Five tables, each as text or workbook; the readme beside them describes the columns. Columns are found by
their names in the header, in whatever order and with whatever others beside them (the tables of 2019-04 and
2020-01 have some); two can both be named ``Depth``, and the two of match quality have no name at all: they
stand from the version stamp on. Every row is kept as it stands, one :class:`Mapping` each: a target may be a
code, a cluster (``stem&extension``, ``stem/stem``), a chapter's number, a block that has only a URI, a
foundation entity, or the words ``No Mapping``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from loaders.files.faults import Tell, refuse
from loaders.icd11.who_table import Row, stamped_release, table_rows
from terminology.errors import ReleaseFormatError
from terminology.mapping import Mapping, MapTable, TargetKind
from terminology.systems import ICD10, ICD11
from terminology.who_uri import match_who_uri

_NO_MAPPING = "No Mapping"
_CLUSTER = re.compile("[&/]")
_RELEASE_FOLDER = re.compile(r"(?:^|/)(20\d\d-\d\d)/")
_ICD10_CODE = re.compile(r"[A-Z]\d\d(?:\.\d{1,2})?")
_ICD10_BLOCK = re.compile(r"[A-Z]\d\d-[A-Z]\d\d")
_ICD10_CHAPTER = re.compile(r"[IVX]+")
_ICD10_KINDS = frozenset(("chapter", "block", "category", "modifiedcategory"))
_ICD11_KINDS = {"chapter": TargetKind.CHAPTER, "block": TargetKind.BLOCK, "category": TargetKind.CODE}
_RELATIONS = frozenset(("Equivalent", "Subclass"))

_ICD10_SIDE = ("10classkind", "10depthinkind|depth", "icd10code", "icd10chapter", "icd10title")
_ICD11_SIDE = (
    "11classkind",
    "11depthinkind|depth",
    "icd11foundationuri",
    "linearizationreleaseuri",
    "icd11code",
    "icd11chapter",
    "icd11title",
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a table, alternatives divided by ``|``, and how its rows are read.

    Cells are handed to ``read`` in the order of ``columns``, those without a name behind them, up to
    ``width``. ``foreign`` is a column that only another table has.
    """

    columns: tuple[str, ...]
    width: int
    read: Callable[[_Table, int, list[str]], Mapping]
    foreign: str = ""


def table_of(name: str) -> MapTable | None:
    """Return the table a file holds by its name, ``None`` for any other file.

    >>> table_of("mapping/11To10MapToOneCategory.txt")
    <MapTable.ELEVEN_TO_TEN_ONE: '11To10MapToOneCategory'>
    """
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    stem, _, suffix = base.rpartition(".")
    if suffix.lower() not in ("txt", "xlsx"):
        return None
    return next((table for table in MapTable if table.value.lower() == stem.lower()), None)


def map_version(file: BinaryIO, path: str, table: MapTable) -> str:
    """Return the release of a table from the stamp in its header: ``2025-01``."""
    header = _header(next(table_rows(file, path), None), path, _LAYOUTS[table], refuse)
    file.seek(0)
    return header.release


def read_map(file: BinaryIO, path: str, table: MapTable, tell: Tell = refuse) -> Iterator[Mapping]:
    """Yield every row of a table, text or workbook, in its order.

    ``tell`` is told of a row that is repeated, of a URI that is none beside a code, which is then left out,
    and of a table without a stamp, whose release is that of its folder. Raises :class:`ReleaseFormatError`
    for a header of another table, a row that is too short or too long, an unknown class kind or relation, a
    code or URI that is none.
    """
    layout = _LAYOUTS[table]
    rows = table_rows(file, path)
    header = _header(next(rows, None), path, layout, tell)
    reader = _Table(path, table, header.release, tell)
    places, needed = header.places, max(header.places) + 1
    seen: dict[tuple[str, ...], int] = {}
    for line, cells in rows:
        if len(cells) < needed or any(cells[header.width :]):
            raise ReleaseFormatError(path, line, f"{header.width} cells", str(len(cells)))
        first = seen.setdefault(tuple(cells), line)
        if first != line:
            tell(ReleaseFormatError(path, line, "every row once", f"the row of line {first} again"))
            continue
        yield layout.read(reader, line, [cells[place] for place in places])


@dataclass(frozen=True, slots=True)
class _Header:
    """The release of a table, where each column of its layout stands, how many cells a row may have."""

    release: str
    places: tuple[int, ...]
    width: int


def _header(row: Row | None, path: str, layout: _Layout, tell: Tell) -> _Header:
    if row is None:
        raise ReleaseFormatError(path, 1, "a header", "an empty file")
    names = [re.sub("[^a-z0-9]", "", cell.lower()) for cell in row.cells]
    places: list[int] = []
    for number, expected in enumerate(layout.columns, 1):
        place = _place(names, expected, places)
        if place is None or layout.foreign in names:
            found = f"'{row.cells[number - 1]}'" if number <= len(names) else "no more columns"
            raise ReleaseFormatError(path, row.line, f"the column {expected} as number {number}", found)
        places.append(place)
    stamps = {at: stamp for at, cell in enumerate(row.cells) if (stamp := stamped_release(cell)) is not None}
    at, release = max(stamps.items()) if stamps else _unstamped(row, path, max(places) + 1, tell)
    unnamed = layout.width - len(layout.columns)
    places += range(at, at + unnamed)
    return _Header(release, tuple(places), at + unnamed)


def _unstamped(row: Row, path: str, at: int, tell: Tell) -> tuple[int, str]:
    """Return the place after the columns, and the release that a folder above the table is named for."""
    behind = row.cells[at] if len(row.cells) > at else ""
    error = ReleaseFormatError(path, row.line, "a date stamp behind the columns", f"'{behind}'")
    folder = _RELEASE_FOLDER.search(path)
    if folder is None:
        raise error
    tell(error)
    return at, folder[1]


def _place(names: list[str], expected: str, taken: list[int]) -> int | None:
    """Return the first place not taken of a column with one of the names, earlier names first."""
    wanted = ((at, other) for name in expected.split("|") for at, other in enumerate(names) if other == name)
    return next((at for at, _ in wanted if at not in taken), None)


class _Table:
    """One table while it is read: what its rows have in common, and how the cells of a row are checked."""

    def __init__(self, path: str, table: MapTable, release: str, tell: Tell) -> None:
        self._path = path
        self._tell = tell
        self._table = table
        self._release = release

    def from_icd10(self, line: int, cells: list[str]) -> Mapping:
        """Read a row of the two tables that map ICD-10 to ICD-11 MMS."""
        kind, foundation, uri, code, title = cells[5], cells[7], cells[8], cells[9], cells[11]
        target: str | None = code
        if foundation == _NO_MAPPING or not (foundation or uri or code):
            if kind or uri or code:
                raise self._error(line, "nothing but No Mapping", f"'{kind}' '{uri}' '{code}'", "icd11Code")
            target_kind = TargetKind.NO_MAPPING if foundation else TargetKind.BLANK
            foundation, target = "", None
        else:
            target_kind, target = self._icd11_target(line, kind, code)
        return Mapping(
            table=self._table,
            release=self._release,
            row=line,
            source_system=ICD10.id,
            source_kind=self._icd10_kind(line, cells[0], cells[2]),
            source_code=cells[2],
            source_title=cells[4],
            target_system=ICD11.id,
            target_kind=target_kind,
            target=target,
            target_title=title or None,
            target_uri=self._detail(line, uri, "Linearization URI", target),
            target_foundation_uri=self._detail(line, foundation, "Foundation URI", target),
        )

    def from_icd10_to_foundation(self, line: int, cells: list[str]) -> Mapping:
        """Read a row of the table that maps ICD-10 to the foundation and states how well."""
        foundation, title, relation, difference = cells[5:9]
        target_kind = TargetKind.ENTITY
        if foundation in (_NO_MAPPING, ""):
            target_kind = TargetKind.NO_MAPPING if foundation else TargetKind.BLANK
            foundation = ""
        elif relation not in _RELATIONS:
            raise self._error(line, "Equivalent or Subclass", f"'{relation}'", "column 8")
        try:
            depth_difference = int(difference) if difference else None
        except ValueError:
            raise self._error(line, "a depth difference", f"'{difference}'", "column 9") from None
        return Mapping(
            table=self._table,
            release=self._release,
            row=line,
            source_system=ICD10.id,
            source_kind=self._icd10_kind(line, cells[0], cells[2]),
            source_code=cells[2],
            source_title=cells[4],
            target_system=ICD11.id,
            target_kind=target_kind,
            target=None,
            target_title=title or None,
            target_foundation_uri=self._uri(line, foundation, "Foundation URI"),
            relation=relation or None,
            depth_difference=depth_difference,
        )

    def from_icd11(self, line: int, cells: list[str]) -> Mapping:
        """Read a row of the table that maps ICD-11 MMS to ICD-10."""
        uri, code, chapter, title, target, _, target_title = cells[:7]
        kind = "block" if not code else "chapter" if code == chapter else "category"
        return self._to_icd10(line, kind, code, title, uri, target, target_title)

    def from_foundation(self, line: int, cells: list[str]) -> Mapping:
        """Read a row of the table that maps the foundation to ICD-10."""
        uri, code, chapter, title, target, target_title = cells[:6]
        kind = "entity" if not code else "chapter" if code == chapter else "category"
        return self._to_icd10(line, kind, code, title, uri, target, target_title)

    def _to_icd10(
        self, line: int, kind: str, code: str, title: str, uri: str, target: str, target_title: str
    ) -> Mapping:
        target_kind = self._icd10_target(line, target)
        source_uri = self._uri(line, uri, "URI")
        if source_uri is None:
            raise self._error(line, "the URI of a WHO entity", "none", "URI")
        return Mapping(
            table=self._table,
            release=self._release,
            row=line,
            source_system=ICD11.id,
            source_kind=kind,
            source_code=code or None,
            source_title=title,
            target_system=ICD10.id,
            target_kind=target_kind,
            target=None if target_kind in (TargetKind.NO_MAPPING, TargetKind.BLANK) else target,
            target_title=target_title or None,
            source_uri=source_uri,
        )

    def _icd10_kind(self, line: int, kind: str, code: str) -> str:
        lower = kind.lower()
        if lower not in _ICD10_KINDS:
            raise self._error(
                line, "chapter, block, category or modifiedcategory", f"'{kind}'", "10ClassKind"
            )
        if self._icd10_target(line, code) in (TargetKind.NO_MAPPING, TargetKind.BLANK):
            raise self._error(line, "an ICD-10 code", f"'{code}'", "icd10Code")
        return lower

    def _icd10_target(self, line: int, code: str) -> TargetKind:
        if _ICD10_CODE.fullmatch(code):
            return TargetKind.CODE
        if _ICD10_BLOCK.fullmatch(code):
            return TargetKind.BLOCK
        if _ICD10_CHAPTER.fullmatch(code):
            return TargetKind.CHAPTER
        if code in (_NO_MAPPING, ""):
            return TargetKind.NO_MAPPING if code else TargetKind.BLANK
        raise self._error(line, "an ICD-10 code, block or chapter, or No Mapping", f"'{code}'", "icd10Code")

    def _icd11_target(self, line: int, kind: str, code: str) -> tuple[TargetKind, str | None]:
        found = _ICD11_KINDS.get(kind.lower())
        if found is None:
            raise self._error(line, "chapter, block or category", f"'{kind}'", "11ClassKind")
        if found is TargetKind.CODE:
            if not code:
                raise self._error(line, "a code", "none", "icd11Code")
            return (TargetKind.CLUSTER if _CLUSTER.search(code) else found), code
        return found, code or None

    def _detail(self, line: int, uri: str, column: str, code: str | None) -> str | None:
        """Return a URI; one that is none costs itself where a code says what is meant."""
        if uri and code and match_who_uri(uri) is None:
            self._tell(self._error(line, "the URI of a WHO entity", f"'{uri}'", column))
            return None
        return self._uri(line, uri, column)

    def _uri(self, line: int, uri: str, column: str) -> str | None:
        if uri and match_who_uri(uri) is None:
            raise self._error(line, "the URI of a WHO entity", f"'{uri}'", column)
        return uri or None

    def _error(self, line: int, expected: str, found: str, column: str) -> ReleaseFormatError:
        return ReleaseFormatError(self._path, line, expected, found, column=column)


_MMS = _Layout((*_ICD10_SIDE, *_ICD11_SIDE), 12, _Table.from_icd10)
_LAYOUTS = {
    MapTable.TEN_TO_ELEVEN_ONE: _MMS,
    MapTable.TEN_TO_ELEVEN_MULTIPLE: _MMS,
    MapTable.ELEVEN_TO_TEN_ONE: _Layout(
        (_ICD11_SIDE[3], *_ICD11_SIDE[4:], *_ICD10_SIDE[2:]), 7, _Table.from_icd11, _ICD10_SIDE[0]
    ),
    MapTable.FOUNDATION_TEN_TO_ELEVEN: _Layout(
        (*_ICD10_SIDE, _ICD11_SIDE[2], _ICD11_SIDE[6]), 9, _Table.from_icd10_to_foundation, _ICD11_SIDE[0]
    ),
    MapTable.FOUNDATION_ELEVEN_TO_TEN: _Layout(
        ("foundationuri", *_ICD11_SIDE[4:], "icd10code", "icd10title"), 6, _Table.from_foundation
    ),
}
