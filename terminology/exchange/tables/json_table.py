"""Tables in JSON: a list of objects or of codes, an object that holds such a list, NDJSON of either."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import orjson

from terminology.errors import ReleaseFormatError, UnsafeArchiveError
from terminology.exchange.tables.limits import TableLimits
from terminology.exchange.tables.table import MAX_COLUMNS, Table, suffix_of
from terminology.exchange.tables.text import Encoding, encoding_of, text_lines

MAX_JSON_BYTES = 64 * 2**20
"""One JSON document, which is held in memory; NDJSON is read line by line."""
CODE = "code"
"""The column of a list that holds nothing but codes."""

_JSON = re.compile(rb'\s*(\[\s*([{"\]])|\{\s*["}])')
_LISTS = ("volumes", "codes", "rows", "data", "items", "claims")


def is_json(start: bytes) -> bool:
    """Whether a file that begins so is JSON or NDJSON.

    >>> is_json(b'[{"code": 1}]'), is_json(b"[code],[n]")
    (True, False)
    """
    return _JSON.match(start) is not None


def read_json(file: BinaryIO, name: str, wanted: str | None, _: TableLimits) -> Table:
    """Read a JSON document, or NDJSON, which a name or a first line of one object tells."""
    encoding = encoding_of(file, name, wanted)
    first = next(text_lines(file, name, encoding.name), "")
    of_lines = suffix_of(name) == ".ndjson"
    if first.lstrip().startswith("{") and (of_lines or _is_record(first)):
        return _read_ndjson(file, name, encoding)
    if of_lines and not is_json(first.encode()):
        return _read_ndjson(file, name, encoding)
    records = _listed_records(file, name, encoding)
    columns = _keys(((1, r) for r in records), name)
    numbered = ((n, [record.get(column) for column in columns]) for n, record in enumerate(records, 1))
    return Table(name, columns, numbered, len(records), notices=encoding.notices)


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
        return [{CODE: each} for each in found]
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
    return Table(name, columns, rows, total, notices=encoding.notices)


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
        if isinstance(record, str):
            record = {CODE: record}
        if not isinstance(record, dict):
            raise ReleaseFormatError(name, number, "a JSON object", type(record).__name__)
        yield number, record
