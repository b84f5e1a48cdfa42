"""Tables in workbooks and in Parquet, checked for what they expand to before they are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile

from terminology.errors import ReleaseFormatError
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.limits import TableLimits
from terminology.exchange.tables.table import MAX_COLUMNS, Numbered, Table
from terminology.untrusted import check_workbook, open_parquet

_BATCH = 8192
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


def read_workbook(file: BinaryIO, name: str, encoding: str | None, limits: TableLimits) -> Table:
    """Read the first sheet, whose first row with anything in it names the columns."""
    limits.check_expanded(check_workbook(file, name), name)
    rows = _sheet_rows(file, name)
    header = next((row for _, row in rows if not all(map(_is_blank, row))), None)
    if header is None:
        raise ReleaseFormatError(name, 1, "a row of column names", "an empty sheet")
    while _is_blank(header[-1]):
        header.pop()
    width = len(header)
    kept = ((n, row[:width] + [None] * (width - len(row))) for n, row in rows)
    return Table(name, distinct(header), ((n, r) for n, r in kept if not all(map(_is_blank, r))))


def _is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


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


def read_parquet(file: BinaryIO, name: str, encoding: str | None, limits: TableLimits) -> Table:
    """Read a Parquet file in batches of rows."""
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
