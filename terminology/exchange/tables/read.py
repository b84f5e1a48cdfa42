"""Reads tables that users bring: CSV, XLSX, Parquet, NDJSON, JSON, gzipped or not. All are hostile."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast

from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.exchange.tables.binary_tables import read_parquet, read_workbook
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.json_table import is_json, read_json
from terminology.exchange.tables.limits import UNBOUNDED, TableLimits
from terminology.exchange.tables.table import MAX_COLUMNS, Numbered, Reader, Row, Table, suffix_of
from terminology.exchange.tables.text import encoding_of, heading_of, text_lines
from terminology.untrusted import expand_gzip

HEAD_LINES = 64

_IN_MEMORY = 32 * 2**20
_GZIP = b"\x1f\x8b"


def read_table(
    file: BinaryIO, name: str, encoding: str | None = None, limits: TableLimits = UNBOUNDED
) -> Table:
    """Return the table in an open, seekable file; its first bytes tell the format, ``name`` is for messages.

    Text is in ``encoding``, else as :func:`~terminology.exchange.tables.text.encoding_of` finds. Workbooks,
    Parquet and gzip are checked for what they expand to. Rows are read as they are asked for; a fault raises
    :class:`ReleaseFormatError` with its line, or :class:`UnsafeArchiveError`; what is beyond ``limits``
    raises :class:`TooLargeError`.
    """
    reader, file, name = _opened(file, name, limits)
    table = reader(file, name, encoding, limits)
    if len(table.columns) > MAX_COLUMNS:
        raise ReleaseFormatError(name, 1, f"at most {MAX_COLUMNS:,} columns", f"{len(table.columns):,}")
    return table if limits.rows is None else replace(table, numbered=limits.counted(table.numbered, name))


def unpacked(file: BinaryIO, name: str, limits: TableLimits = UNBOUNDED) -> tuple[BinaryIO, bool]:
    """Return an open file without its gzip, and whether it is text that is no JSON; raises as above."""
    reader, file, _ = _opened(file, name, limits)
    return file, reader is _read_csv


def _opened(file: BinaryIO, name: str, limits: TableLimits) -> tuple[Reader, BinaryIO, str]:
    start = _start(file)
    if start.startswith(_GZIP):
        file, name = _expanded(file, name, limits), name.removesuffix(".gz")
        start = _start(file)
    return _reader(start, name), file, name


def _start(file: BinaryIO) -> bytes:
    file.seek(0)
    start = file.read(1024)
    file.seek(0)
    return start


def _reader(start: bytes, name: str) -> Reader:
    if start.startswith(b"PK\x03\x04"):
        return read_workbook
    if start.startswith(b"PAR1"):
        return read_parquet
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        found = "an old .xls or encrypted workbook; save it as .xlsx"
        raise ReleaseFormatError(name, None, "CSV, XLSX, Parquet or JSON", found)
    suffix = suffix_of(name.removesuffix(".gz"))
    if suffix in (".xlsx", ".parquet"):
        raise ReleaseFormatError(
            name, None, f"a file that is what its suffix {suffix} says", "something else"
        )
    return read_json if suffix == ".ndjson" or is_json(_plain_start(start)) else _read_csv


def _plain_start(start: bytes) -> bytes:
    """The first bytes as if they were UTF-8: without byte order mark and the noughts of UTF-16."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        start = start.removeprefix(mark)
    return start.replace(b"\0", b"")


def _expanded(file: BinaryIO, name: str, limits: TableLimits) -> BinaryIO:
    packed = file.seek(0, 2)
    file.seek(0)
    expanded = cast(BinaryIO, SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  # closed with the table
    expand_gzip(file, expanded, packed, name, lambda size: limits.check_expanded(size, name))
    expanded.seek(0)
    if expanded.read(2) == _GZIP:
        raise UnsafeArchiveError(name, "holds another gzip file; unpack it first")
    return expanded


def _read_csv(file: BinaryIO, name: str, wanted: str | None, _: TableLimits) -> Table:
    encoding = encoding_of(file, name, wanted)
    lines = text_lines(file, name, encoding.name)
    head = list(islice(lines, HEAD_LINES))
    place, delimiter = heading_of(head)
    if place < 0:
        raise ReleaseFormatError(name, 1, "a line of column names", "an empty file")
    rows = csv.reader(chain(head[place:], lines), delimiter=delimiter)
    columns = distinct(_next_row(rows, name, place) or ())
    return Table(name, columns, _csv_rows(rows, len(columns), name, place), notices=encoding.notices)


def _csv_rows(rows: Any, width: int, name: str, before: int) -> Iterator[Numbered]:
    while (row := _next_row(rows, name, before)) is not None:
        if row or width == 1:  # of a lone column a blank line is a row with a blank cell
            yield rows.line_num + before, row + [""] * (width - len(row))


def _next_row(rows: Any, name: str, before: int) -> Row | None:
    try:
        return cast("Row | None", next(rows, None))
    except csv.Error as fault:
        raise ReleaseFormatError(name, rows.line_num + before, "a line of CSV", str(fault)) from None
