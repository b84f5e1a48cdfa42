"""Bounds on rows and unpacked bytes that whoever runs a server sets."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from io import BytesIO

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.errors import TooLargeError
from terminology.exchange.tables.limits import TableLimits
from terminology.exchange.tables.read import read_table

ROWS = [f"E11.{number % 10}" for number in range(1000)]


def csv_file() -> bytes:
    return ("code\n" + "\n".join(ROWS)).encode()


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for code in ("code", *ROWS):
        sheet.append([code])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def parquet() -> bytes:
    out = BytesIO()
    pq.write_table(pa.table({"code": ROWS}), out)
    return out.getvalue()


def ndjson() -> bytes:
    return "\n".join(f'{{"code": "{code}"}}' for code in ROWS).encode()


FORMATS = (csv_file, workbook, parquet, ndjson, lambda: gzip.compress(csv_file()))
PACKED = (workbook, parquet, FORMATS[-1])


@pytest.mark.parametrize("made", FORMATS, ids=["csv", "xlsx", "parquet", "ndjson", "gzip"])
def test_a_table_has_as_many_rows_as_the_limit_and_no_more(made: Callable[[], bytes]) -> None:
    table = read_table(BytesIO(made()), "upload", limits=TableLimits(rows=len(ROWS)))
    assert sum(1 for _ in table.rows) == len(ROWS)
    fewer = read_table(BytesIO(made()), "upload", limits=TableLimits(rows=len(ROWS) - 1))
    with pytest.raises(TooLargeError, match="upload: has more than 999 rows"):
        list(fewer.rows)


@pytest.mark.parametrize("made", PACKED, ids=["xlsx", "parquet", "gzip"])
def test_what_expands_beyond_the_limit_is_refused(made: Callable[[], bytes]) -> None:
    read_table(BytesIO(made()), "upload", limits=TableLimits(expanded=10**6))
    with pytest.raises(TooLargeError, match="expands to more than 100 bytes"):
        read_table(BytesIO(made()), "upload", limits=TableLimits(expanded=100))
