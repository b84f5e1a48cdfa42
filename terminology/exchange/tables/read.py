"""Reads tables that users bring: CSV, XLSX, Parquet, NDJSON, JSON, gzipped or not. All are hostile."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

import orjson

from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.limits import UNBOUNDED, TableLimits
from terminology.exchange.tables.text import Encoding, encoding_of, heading_of, text_lines
from terminology.untrusted import check_workbook, expand_gzip, open_parquet

Row = list[Any]
Numbered = tuple[int, Row]
Reader = Callable[[BinaryIO, str, "str | None", TableLimits], "Table"]
MAX_COLUMNS = 1000
"""Columns of a table. A sheet can claim 16,384 for each of a million rows with one cell in the last."""
MAX_JSON_BYTES = 64 * 2**20
"""One JSON document, which is held in memory; NDJSON is read line by line."""
HEAD_LINES = 64

_BATCH = 8192
_BLANK = (None, "")
_IN_MEMORY = 32 * 2**20
_JSON = re.compile(rb'\s*(\[\s*([{"\]])|\{\s*["}])')
_LISTS = ("volumes", "codes", "rows", "data", "items", "claims")
_NOT_A_WORKBOOK = (
    BadZipFile,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    ParseError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read: its columns, its rows once through, and how many if the file says so.

    ``numbered`` are rows with their lines; of CSV a row may have more cells than there are columns.
    ``schema`` is the file's own, where it has one (Parquet). ``notices`` say what its owner must know.
    """

    name: str
    columns: Sequence[str]
    numbered: Iterator[Numbered]
    total: int | None = None
    schema: Any = None
    notices: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The rows without their lines."""
        return (row for _, row in self.numbered)

    def even_rows(self) -> Iterator[Row]:
        """Yield rows of one cell a column; raises :class:`ReleaseFormatError` for a row with more."""
        width = len(self.columns)
        for line, row in self.numbered:
            if len(row) > width:
                if any(str(cell).strip() for cell in row[width:]):
                    raise ReleaseFormatError(
                        self.name, line, f"{width} cells", f"{len(row)}; is a cell with a delimiter quoted?"
                    )
                del row[width:]
            yield row


def read_table(
    file: BinaryIO, name: str, encoding: str | None = None, limits: TableLimits = UNBOUNDED
) -> Table:
    """Return the table in an open, seekable file; its first bytes tell the format, ``name`` is for messages.

    Text is in ``encoding``, else as :func:`~terminology.exchange.tables.text.encoding_of` finds. Workbooks,
    Parquet and gzip are checked for what they expand to. Rows are read as they are asked for; a fault raises
    :class:`ReleaseFormatError` with its line, or :class:`UnsafeArchiveError`; what is beyond ``limits``
    raises :class:`TooLargeError`.
    """
    file.seek(0)
    start = file.read(1024)
    file.seek(0)
    if start.startswith(b"\x1f\x8b"):
        return read_table(_expanded(file, name, limits), name.removesuffix(".gz"), encoding, limits)
    table = _reader(start, name)(file, name, encoding, limits)
    if len(table.columns) > MAX_COLUMNS:
        raise ReleaseFormatError(name, 1, f"at most {MAX_COLUMNS:,} columns", f"{len(table.columns):,}")
    return table if limits.rows is None else replace(table, numbered=limits.counted(table.numbered, name))


def suffix_of(name: str) -> str:
    """Return the suffix of a file name in lower case, with ``.jsonl`` and ``.tsv`` as what they are."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return {".jsonl": ".ndjson", ".tsv": ".csv", ".txt": ".csv", ".pq": ".parquet"}.get(suffix, suffix)


def is_json(start: bytes) -> bool:
    """Whether a file that begins so is JSON or NDJSON.

    >>> is_json(b'[{"code": 1}]'), is_json(b"[code],[n]")
    (True, False)
    """
    return _JSON.match(start) is not None


def _reader(start: bytes, name: str) -> Reader:
    if start.startswith(b"PK\x03\x04"):
        return _read_xlsx
    if start.startswith(b"PAR1"):
        return _read_parquet
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        found = "an old .xls or encrypted workbook; save it as .xlsx"
        raise ReleaseFormatError(name, None, "CSV, XLSX, Parquet or JSON", found)
    suffix = suffix_of(name.removesuffix(".gz"))
    if suffix in (".xlsx", ".parquet"):
        raise ReleaseFormatError(
            name, None, f"a file that is what its suffix {suffix} says", "something else"
        )
    return _read_json if suffix == ".ndjson" or is_json(_plain_start(start)) else _read_csv


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
    if expanded.read(2) == b"\x1f\x8b":
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
    return Table(name, columns, _csv_rows(rows, len(columns), name, place), notices=_noted(encoding))


def _noted(encoding: Encoding) -> tuple[str, ...]:
    return () if encoding.notice is None else (encoding.notice,)


def _csv_rows(rows: Any, width: int, name: str, before: int) -> Iterator[Numbered]:
    while (row := _next_row(rows, name, before)) is not None:
        if row:
            yield rows.line_num + before, row + [""] * (width - len(row))


def _next_row(rows: Any, name: str, before: int) -> Row | None:
    try:
        return cast("Row | None", next(rows, None))
    except csv.Error as fault:
        raise ReleaseFormatError(name, rows.line_num + before, "a line of CSV", str(fault)) from None


def _read_json(file: BinaryIO, name: str, wanted: str | None, _: TableLimits) -> Table:
    """Read NDJSON, a list of objects or of codes, or an object that holds such a list."""
    encoding = encoding_of(file, name, wanted)
    first = next(text_lines(file, name, encoding.name), "")
    if first.lstrip().startswith("{") and (suffix_of(name) == ".ndjson" or _is_record(first)):
        return _read_ndjson(file, name, encoding)
    if suffix_of(name) == ".ndjson" and not is_json(first.encode()):
        return _read_ndjson(file, name, encoding)
    records = _listed_records(file, name, encoding)
    columns = _keys(((1, r) for r in records), name)
    numbered = ((n, [record.get(column) for column in columns]) for n, record in enumerate(records, 1))
    return Table(name, columns, numbered, len(records), notices=_noted(encoding))


def _is_record(line: str) -> bool:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError:
        return False
    return isinstance(record, dict) and not any(isinstance(record.get(key), list) for key in _LISTS)


def _listed_records(file: BinaryIO, name: str, encoding: Encoding) -> list[dict[str, Any]]:
    file.seek(0)
    content = file.read(MAX_JSON_BYTES + 1)
    if len(content) > MAX_JSON_BYTES:
        raise UnsafeArchiveError(name, f"is JSON of more than {MAX_JSON_BYTES:,} bytes; send CSV or Parquet")
    try:
        found: Any = orjson.loads(content.decode(encoding.name).removeprefix("\ufeff"))
    except orjson.JSONDecodeError as fault:
        raise ReleaseFormatError(name, fault.lineno, "JSON", str(fault)) from None
    if isinstance(found, dict):
        found = next((found[key] for key in _LISTS if isinstance(found.get(key), list)), found)
    if isinstance(found, list) and found and all(isinstance(each, str) for each in found):
        return [{"code": each} for each in found]
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        kind = type(found).__name__
        raise ReleaseFormatError(
            name, 1, "a list of objects (or {'volumes': [...]})", f"a JSON {kind} of others"
        )
    if not found:
        raise ReleaseFormatError(name, 1, "a list of objects", "an empty list")
    return found


def _read_ndjson(file: BinaryIO, name: str, encoding: Encoding) -> Table:
    total = 0

    def counted() -> Iterator[tuple[int, dict[str, Any]]]:
        nonlocal total
        for numbered in _records(file, name, encoding):
            total += 1
            yield numbered

    columns = _keys(counted(), name)
    if not columns:
        raise ReleaseFormatError(name, 1, "a JSON object per line", "an empty file")
    rows = ((n, [record.get(c) for c in columns]) for n, record in _records(file, name, encoding))
    return Table(name, columns, rows, total, notices=_noted(encoding))


def _keys(records: Iterator[tuple[int, dict[str, Any]]], name: str) -> list[str]:
    columns: dict[str, None] = {}
    for line, record in records:
        columns.update(dict.fromkeys(record))
        if len(columns) > MAX_COLUMNS:
            raise ReleaseFormatError(name, line, f"at most {MAX_COLUMNS:,} different keys", "more")
    return list(columns)


def _records(file: BinaryIO, name: str, encoding: Encoding) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text_lines(file, name, encoding.name), 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as fault:
            raise ReleaseFormatError(name, number, "a JSON object", str(fault)) from None
        if not isinstance(record, dict):
            raise ReleaseFormatError(name, number, "a JSON object", type(record).__name__)
        yield number, record


def _read_xlsx(file: BinaryIO, name: str, encoding: str | None, limits: TableLimits) -> Table:
    limits.check_expanded(check_workbook(file, name), name)
    rows = _sheet_rows(file, name)
    header = next((row for _, row in rows if any(cell not in _BLANK for cell in row)), None)
    if header is None:
        raise ReleaseFormatError(name, 1, "a row of column names", "an empty sheet")
    while header[-1] in _BLANK:
        header.pop()
    width = len(header)
    kept = ((n, row[:width] + [None] * (width - len(row))) for n, row in rows)
    return Table(name, distinct(header), ((n, r) for n, r in kept if any(cell not in _BLANK for cell in r)))


def _sheet_rows(file: BinaryIO, name: str) -> Iterator[Numbered]:
    """Yield the rows of the first sheet. A hostile sheet breaks openpyxl in many ways; each is a fault."""
    from openpyxl import load_workbook  # noqa: PLC0415  # a rare request of the server, a slow import

    number = 0
    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        if not workbook.worksheets:
            raise ReleaseFormatError(name, None, "a sheet of cells", "a workbook without one")
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):
            yield number, list(row)
    except _NOT_A_WORKBOOK as fault:
        raise ReleaseFormatError(
            name, number + 1, "a row of an xlsx sheet", f"a damaged file ({fault})"
        ) from None


def _read_parquet(file: BinaryIO, name: str, encoding: str | None, limits: TableLimits) -> Table:
    parquet = open_parquet(file, name, MAX_COLUMNS)
    about = parquet.metadata
    groups = (about.row_group(number) for number in range(about.num_row_groups))
    limits.check_expanded(sum(group.total_byte_size for group in groups), name)
    schema = parquet.schema_arrow
    rows = _parquet_rows(parquet, name)
    return Table(name, distinct(schema.names), rows, about.num_rows, schema)


def _parquet_rows(parquet: Any, name: str) -> Iterator[Numbered]:
    import pyarrow as pa  # noqa: PLC0415

    line = 0
    try:
        for batch in parquet.iter_batches(_BATCH):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                line += 1
                yield line, list(row)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as fault:
        said = (str(fault).splitlines() or ["no reason given"])[0]
        raise ReleaseFormatError(name, line + 1, "a Parquet file", f"damaged data ({said[:80]})") from None
