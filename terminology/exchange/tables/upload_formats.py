"""The rows of an uploaded file, whichever of the known formats it has; the first row is the heading."""

from __future__ import annotations

import codecs
import csv
import gzip
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from io import BufferedReader, TextIOWrapper
from typing import IO, Any, BinaryIO, cast

import orjson

from terminology.errors import ReleaseFormatError, UnsafeArchiveError

MAX_BYTES = 1024 * 2**20
"""Bytes of text read of one file, expanded."""
MAX_JSON_BYTES = 64 * 2**20
MAX_XLSX_BYTES = 256 * 2**20
"""All members of a workbook, expanded."""
MAX_RATIO = 200
"""Expanded over packed size of a member above a megabyte; real sheets reach 30."""
MAX_COLUMNS = 512
_SNIFFED = 65_536
_BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

Numbered = tuple[int, Sequence[object]]


def rows_of(file: BinaryIO, name: str, notices: list[str]) -> Iterator[Numbered]:
    """Yield ``(line, cells)``. Raises :class:`ReleaseFormatError` and :class:`UnsafeArchiveError`."""
    start = file.read(8)
    file.seek(0)
    if start.startswith(b"PK\x03\x04"):
        return _xlsx(file, name)
    if start.startswith(b"PAR1"):
        return _parquet(file, name)
    if start.startswith(b"\x1f\x8b"):
        return _text(cast(BinaryIO, gzip.GzipFile(fileobj=file)), name.removesuffix(".gz"), notices)
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise ReleaseFormatError(
            name, None, "CSV, XLSX, Parquet or JSON", "an old .xls or encrypted workbook; save it as .xlsx"
        )
    if start.lstrip()[:1] in (b"[", b"{"):
        return _json(file, name)
    return _text(file, name, notices)


def _text(file: BinaryIO, name: str, notices: list[str]) -> Iterator[Numbered]:
    try:
        head = file.read(_SNIFFED)
        file.seek(0)
        encoding = next((e for bom, e in _BOMS.items() if head.startswith(bom)), "utf-8")
        if encoding != "utf-16" and b"\0" in head:
            raise ReleaseFormatError(
                name, None, "text, a workbook, Parquet or JSON", "binary data (NUL bytes)"
            )
        if not head.strip():
            raise ReleaseFormatError(name, 1, "a heading", "an empty file")
        first = head.decode(encoding, "replace").splitlines()[0]
        delimiter = max("|\t;,", key=first.count)
        stream = TextIOWrapper(cast(BufferedReader, file), encoding, errors="replace", newline="")
        reader = csv.reader(_limited(stream, name), delimiter=delimiter)
        replaced = False
        for row in reader:
            if len(row) > MAX_COLUMNS:
                raise ReleaseFormatError(
                    name, reader.line_num, f"at most {MAX_COLUMNS} columns", f"{len(row)}"
                )
            if not replaced and any("\ufffd" in cell for cell in row):
                replaced = True
                notices.append(
                    f"{name}, line {reader.line_num}: not {encoding}; such characters are replaced by \ufffd."
                )
            yield reader.line_num, row
    except csv.Error as error:
        raise ReleaseFormatError(name, None, "delimited text", str(error)) from None
    except (gzip.BadGzipFile, EOFError, zlib.error, UnicodeError) as error:
        raise ReleaseFormatError(name, None, "readable text", f"damaged data ({error})") from None


def _limited(stream: TextIOWrapper, name: str) -> Iterator[str]:
    size = 0
    while line := stream.readline(2**20):
        size += len(line)
        if size > MAX_BYTES:
            raise UnsafeArchiveError(name, f"expands to more than {MAX_BYTES:,} bytes")
        if len(line) == 2**20:
            raise ReleaseFormatError(name, None, "lines under a megabyte", "a longer one")
        yield line


def _json(file: BinaryIO, name: str) -> Iterator[Numbered]:
    text = file.read(MAX_JSON_BYTES + 1)
    if len(text) > MAX_JSON_BYTES:
        raise UnsafeArchiveError(name, f"is JSON of more than {MAX_JSON_BYTES:,} bytes; send CSV or Parquet")
    try:
        found: Any = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ReleaseFormatError(name, error.lineno, "JSON", str(error)) from None
    if isinstance(found, dict):
        found = found.get("volumes")
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        raise ReleaseFormatError(
            name, None, "a list of objects (or {'volumes': [...]})", type(found).__name__
        )
    titles: list[str] = []
    for line, row in enumerate(found, 2):
        titles += [str(key) for key in row if key not in titles] if row.keys() - set(titles) else []
        if len(titles) > MAX_COLUMNS:
            raise ReleaseFormatError(name, line, f"at most {MAX_COLUMNS} different keys", "more")
    yield 1, titles
    for line, row in enumerate(found, 2):
        yield line, [row.get(title) for title in titles]


def _parquet(file: BinaryIO, name: str) -> Iterator[Numbered]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file)
        if len(table.schema_arrow.names) > MAX_COLUMNS:
            raise ReleaseFormatError(name, None, f"at most {MAX_COLUMNS} columns", "more")
        yield 1, table.schema_arrow.names
        line = 1
        for batch in table.iter_batches(batch_size=50_000):
            for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                line += 1
                yield line, row
    except (pa.ArrowException, OSError) as error:
        raise ReleaseFormatError(name, None, "a Parquet file", f"damaged data ({str(error)[:80]})") from None


def _xlsx(file: BinaryIO, name: str) -> Iterator[Numbered]:
    import openpyxl

    check_workbook(file, name)
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        yield from enumerate(sheet.iter_rows(values_only=True, max_col=MAX_COLUMNS), 1)
    except (KeyError, ValueError, IndexError, TypeError, AttributeError, zipfile.BadZipFile) as error:
        raise ReleaseFormatError(
            name, None, "an Excel workbook", f"damaged data ({str(error)[:80]})"
        ) from None


def check_workbook(file: BinaryIO, name: str) -> None:
    """Refuse a workbook that expands out of proportion or whose XML declares a document type."""
    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            if len(members) > 2000:
                raise UnsafeArchiveError(name, "has more than 2,000 members")
            left = MAX_XLSX_BYTES
            for member in members:
                if member.flag_bits & 1:
                    raise UnsafeArchiveError(name, "is encrypted; save it without a password")
                with archive.open(member) as part:
                    left -= _inflated(part, member.compress_size, left, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise ReleaseFormatError(name, None, "an Excel workbook", f"a damaged zip ({error})") from None
    file.seek(0)


def _inflated(part: IO[bytes], packed: int, left: int, name: str) -> int:
    """Return the bytes a member really inflates to, whatever the archive says of it."""
    size, tail = 0, b""
    while block := part.read(_SNIFFED):
        size += len(block)
        if size > left:
            raise UnsafeArchiveError(name, f"expands to more than {MAX_XLSX_BYTES:,} bytes")
        if size > 2**20 and size > MAX_RATIO * max(1, packed):
            raise UnsafeArchiveError(name, f"a member expands to more than {MAX_RATIO} times its size")
        seen = (tail + block).replace(b"\0", b"")
        if b"<!DOCTYPE" in seen or b"<!ENTITY" in seen:
            raise UnsafeArchiveError(name, "declares a document type, which a workbook may not")
        tail = block[-32:]
    return size
