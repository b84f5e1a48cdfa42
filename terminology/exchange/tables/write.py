"""Writes tables that users take away: CSV, XLSX, Parquet, NDJSON."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import islice
from math import isfinite
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from terminology.attribution import NOTICES
from terminology.errors import InvalidRequestError
from terminology.exchange.tables.table import Row, suffix_of
from terminology.exchange.tables.writing import AS_IT_IS, Writing

FORMULA_STARTS = "=+-@\t\r\n＝＋－＠"
"""First characters by which a spreadsheet takes text for a formula (OWASP, CSV injection)."""
NUMBER = r"[+-]?[0-9]+([.,][0-9]+)*([eE][+-]?[0-9]+)?%?"
"""Text that begins like a formula and is a number."""

_NUMBER = re.compile(NUMBER)
#: Characters that XML, and so a sheet, cannot hold.
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_SHEET_ROWS = 2**20
_CELL_CHARACTERS = 32_767
_BATCH = 8192


Writer = Callable[[Path, Sequence[str], Iterable[Row], Any, Writing], None]


def writer_for(name: str) -> Writer:
    """Return the function that writes a table in the format the suffix of ``name`` tells.

    It takes a path, column names, rows, the Arrow schema of the columns and a :class:`Writing`. Raises
    :class:`InvalidRequestError` for a suffix that is not known.
    """
    writer = _WRITERS.get(suffix_of(name))
    if writer is None:
        raise InvalidRequestError("output", f"{name}: end it in .csv, .xlsx, .parquet or .ndjson")
    return writer


def unformula(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: an apostrophe goes before what could be one.

    >>> unformula("=1+1"), unformula("-2.5"), unformula("E11.9")
    ("'=1+1", '-2.5', 'E11.9')
    """
    if text[:1] in FORMULA_STARTS and text and not _NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _write_csv(
    path: Path, columns: Sequence[str], rows: Iterable[Row], schema: Any, writing: Writing = AS_IT_IS
) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([unformula(name) for name in columns])
        writer.writerows([writing.csv_cell(unformula(_text(cell))) for cell in row] for row in rows)


def _write_ndjson(
    path: Path, columns: Sequence[str], rows: Iterable[Row], schema: Any, writing: Writing = AS_IT_IS
) -> None:
    with path.open("wb") as file:
        for row in rows:
            record = dict(zip(columns, row, strict=True))
            file.write(orjson.dumps(record, default=_text, option=orjson.OPT_NON_STR_KEYS) + b"\n")


def _write_xlsx(
    path: Path, columns: Sequence[str], rows: Iterable[Row], schema: Any, writing: Writing = AS_IT_IS
) -> None:
    from openpyxl import Workbook  # an extra

    workbook = Workbook(write_only=True)
    workbook.properties.description = " ".join(NOTICES)
    sheet = workbook.create_sheet("ICD-11")
    sheet.freeze_panes = "A2"
    sheet.append([_cell(name, 1) for name in columns])
    for number, row in enumerate(rows, 2):
        if number > _SHEET_ROWS:
            raise InvalidRequestError(
                "output", f"a sheet holds {_SHEET_ROWS:,} rows and there are more; write .csv or .parquet"
            )
        sheet.append([_cell(cell, number) for cell in row])
    workbook.save(path)


def _cell(value: Any, row: int) -> Any:
    if value is None or isinstance(value, bool | int | float | Decimal | time):
        return value if not isinstance(value, float) or isfinite(value) else None  # a sheet has no NaN
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.isoformat()
    if isinstance(value, date):
        return value
    text = unformula(_ILLEGAL.sub("�", _text(value)))
    if len(text) > _CELL_CHARACTERS:
        raise InvalidRequestError(
            "output",
            f"row {row} has a cell of {len(text):,} characters, a sheet's holds {_CELL_CHARACTERS:,}",
        )
    return text


def _write_parquet(
    path: Path, columns: Sequence[str], rows: Iterable[Row], schema: Any, writing: Writing = AS_IT_IS
) -> None:
    fields = [field.with_name(name) for field, name in zip(schema, columns, strict=True)]
    metadata = {**(schema.metadata or {}), b"attribution": " ".join(NOTICES).encode()}
    written = pa.schema(fields, metadata)
    with pq.ParquetWriter(path, written, compression="zstd") as writer:
        for batch in _batches(rows):
            cells = list(zip(*batch, strict=True))
            arrays = [
                pa.array(
                    [_text_or_none(c) for c in cells[n]] if field.type == pa.string() else cells[n],
                    field.type,
                )
                for n, field in enumerate(fields)
            ]
            writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=written))


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _text(value: Any) -> str:
    """Write a cell as text: dates as ISO 8601, lists and objects as JSON, bytes as hexadecimal."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | dict):
        return orjson.dumps(value, default=_text, option=orjson.OPT_NON_STR_KEYS).decode()
    return str(value)


_WRITERS: dict[str, Writer] = {
    ".csv": _write_csv,
    ".ndjson": _write_ndjson,
    ".xlsx": _write_xlsx,
    ".parquet": _write_parquet,
}
