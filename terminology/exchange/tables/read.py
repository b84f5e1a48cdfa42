"""Reads tables that users bring: CSV, XLSX, Parquet, NDJSON. Everything in them is treated as hostile."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, BinaryIO, cast
from xml.etree.ElementTree import ParseError

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import load_workbook

from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.tables.columns import distinct

Row = list[Any]
MAX_LINE_BYTES = 8 * 2**20
"""One line of CSV or NDJSON. A claim with every field has some thousand."""
MAX_COLUMNS = 1000
"""Columns of a table. A sheet can claim 16,384 for each of a million rows with one cell in the last."""

_BATCH = 8192
_DELIMITERS = ",;\t|"
_BLANK = (None, "")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NOT_A_WORKBOOK = (
    zipfile.BadZipFile,
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

    ``schema`` is the file's own, where it has one (Parquet).
    """

    columns: Sequence[str]
    rows: Iterator[Row]
    total: int | None = None
    schema: Any = None


def read_table(file: BinaryIO, name: str, encoding: str | None = None) -> Table:
    """Return the table in an open, seekable file whose format the suffix of ``name`` tells.

    A spreadsheet must have been checked before for what it expands to. Text is UTF-8, or UTF-16 with a byte
    order mark, or what ``encoding`` says. Rows are read as they are asked for; a fault raises
    :class:`ReleaseFormatError` with its line.
    """
    reader = _READERS.get(suffix_of(name))
    if reader is None:
        raise InvalidRequestError("file", f"{name}: {_known(name)}")
    table = reader(file, name, encoding)
    if len(table.columns) > MAX_COLUMNS:
        raise ReleaseFormatError(name, 1, f"at most {MAX_COLUMNS:,} columns", f"{len(table.columns):,}")
    return table


def suffix_of(name: str) -> str:
    """Return the suffix of a file name in lower case, with ``.jsonl`` and ``.tsv`` as what they are."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return {".jsonl": ".ndjson", ".tsv": ".csv", ".txt": ".csv", ".pq": ".parquet"}.get(suffix, suffix)


def _known(name: str) -> str:
    return (
        f"cannot tell the format by '{suffix_of(name) or 'no suffix'}'; use .csv, .xlsx, .parquet or .ndjson"
    )


def _read_csv(file: BinaryIO, name: str, encoding: str | None) -> Table:
    lines = _lines(file, name, encoding)
    header = next((line for line in lines if line.strip()), None)
    if header is None:
        raise ReleaseFormatError(name, 1, "a line of column names", "an empty file")
    delimiter = max(_DELIMITERS, key=header.count)
    rows = csv.reader(chain((header,), lines), delimiter=delimiter)
    columns = distinct(_next_row(rows, name) or ())
    return Table(columns, _csv_rows(rows, len(columns), name))


def _csv_rows(rows: Any, width: int, name: str) -> Iterator[Row]:
    while (row := _next_row(rows, name)) is not None:
        if len(row) > width:
            if any(cell.strip() for cell in row[width:]):
                raise ReleaseFormatError(
                    name, rows.line_num, f"{width} cells", f"{len(row)}; is a cell with a delimiter quoted?"
                )
            del row[width:]
        if row:
            yield row + [""] * (width - len(row))


def _next_row(rows: Any, name: str) -> Row | None:
    try:
        return cast("Row | None", next(rows, None))
    except csv.Error as fault:
        raise ReleaseFormatError(name, rows.line_num, "a line of CSV", str(fault)) from None


def _lines(file: BinaryIO, name: str, encoding: str | None) -> Iterator[str]:
    """Yield decoded lines with their ends, so that a fault has the number of its line."""
    start = file.read(4)
    file.seek(0)
    if start.startswith((b"PK\x03\x04", b"PAR1")):
        kind = "spreadsheet" if start.startswith(b"PK") else "Parquet file"
        raise ReleaseFormatError(name, None, "text", f"a {kind}; its suffix should say so")
    if encoding is None and start.startswith(_UTF16):
        encoding = "utf-16"
    try:
        decode = codecs.getdecoder(encoding or "utf-8")
    except LookupError:
        raise InvalidRequestError("encoding", f"'{encoding}' is not an encoding Python knows") from None
    wide = decode(b"\n", "ignore")[0] != "\n"
    if wide:
        yield from _wide_lines(file, name, str(encoding))
        return
    number = 0
    while raw := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(raw) > MAX_LINE_BYTES:
            raise ReleaseFormatError(name, number, f"at most {MAX_LINE_BYTES:,} bytes", "a longer line")
        if number == 1 and encoding is None:
            raw = raw.removeprefix(codecs.BOM_UTF8)
        try:
            yield decode(raw)[0]
        except UnicodeDecodeError as fault:
            raise _not_text(name, number, fault, encoding) from None


def _wide_lines(file: BinaryIO, name: str, encoding: str) -> Iterator[str]:
    """Lines of an encoding whose line ends are not one byte (UTF-16, UTF-32)."""
    text = io.TextIOWrapper(file, encoding, newline="")
    number = 0
    try:
        while True:
            try:
                line = text.readline(MAX_LINE_BYTES + 1)
            except UnicodeError as fault:
                raise _not_text(name, number + 1, fault, encoding) from None
            if not line:
                return
            number += 1
            if len(line) > MAX_LINE_BYTES:
                raise ReleaseFormatError(
                    name, number, f"at most {MAX_LINE_BYTES:,} characters", "a longer line"
                )
            yield line
    finally:
        text.detach()


def _not_text(name: str, line: int, fault: UnicodeError, encoding: str | None) -> ReleaseFormatError:
    found = "other bytes"
    if isinstance(fault, UnicodeDecodeError):
        found = f"byte 0x{fault.object[fault.start]:02X}"
    advice = "" if encoding else "; name it with --encoding (Excel's 'CSV' is often cp1252)"
    return ReleaseFormatError(name, line, f"text in {encoding or 'UTF-8'}", found + advice)


def _read_ndjson(file: BinaryIO, name: str, encoding: str | None) -> Table:
    columns: dict[str, None] = {}
    total = 0
    for record in _records(file, name, encoding):
        columns.update(dict.fromkeys(record))
        total += 1
        if len(columns) > MAX_COLUMNS:
            break
    if not columns:
        raise ReleaseFormatError(name, 1, "a JSON object per line", "an empty file")
    file.seek(0)
    names = list(columns)
    rows = ([record.get(column) for column in names] for record in _records(file, name, encoding))
    return Table(names, rows, total)


def _records(file: BinaryIO, name: str, encoding: str | None) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(_lines(file, name, encoding), 1):
        if not line.strip():
            continue
        try:
            record = orjson.loads(line)
        except orjson.JSONDecodeError as fault:
            raise ReleaseFormatError(name, number, "a JSON object", str(fault)) from None
        if not isinstance(record, dict):
            raise ReleaseFormatError(name, number, "a JSON object", type(record).__name__)
        yield record


def _read_xlsx(file: BinaryIO, name: str, encoding: str | None) -> Table:
    rows = _sheet_rows(file, name)
    header = next((row for row in rows if any(cell not in _BLANK for cell in row)), None)
    if header is None:
        raise ReleaseFormatError(name, 1, "a row of column names", "an empty sheet")
    while header[-1] in _BLANK:
        header.pop()
    width = len(header)
    kept = (row[:width] + [None] * (width - len(row)) for row in rows)
    return Table(distinct(header), (row for row in kept if any(cell not in _BLANK for cell in row)))


def _sheet_rows(file: BinaryIO, name: str) -> Iterator[Row]:
    """Yield the rows of the first sheet. A hostile sheet breaks openpyxl in many ways; each is a fault."""
    number = 0
    try:
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        if not workbook.worksheets:
            raise ReleaseFormatError(name, None, "a sheet of cells", "a workbook without one")
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), 1):  # noqa: B007
            yield list(row)
    except _NOT_A_WORKBOOK as fault:
        raise ReleaseFormatError(
            name, number + 1, "a row of an xlsx sheet", f"a damaged file ({fault})"
        ) from None


def _read_parquet(file: BinaryIO, name: str, encoding: str | None) -> Table:
    try:
        parquet = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as fault:
        raise ReleaseFormatError(name, None, "a Parquet file", str(fault).splitlines()[0]) from None
    schema = parquet.schema_arrow
    return Table(distinct(schema.names), _parquet_rows(parquet, name), parquet.metadata.num_rows, schema)


def _parquet_rows(parquet: Any, name: str) -> Iterator[Row]:
    try:
        for batch in parquet.iter_batches(_BATCH):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                yield list(row)
    except (pa.ArrowException, OSError) as fault:
        raise ReleaseFormatError(name, None, "a Parquet file", str(fault).splitlines()[0]) from None


_READERS: dict[str, Callable[[BinaryIO, str, str | None], Table]] = {
    ".csv": _read_csv,
    ".ndjson": _read_ndjson,
    ".xlsx": _read_xlsx,
    ".parquet": _read_parquet,
}
