"""Files of claims as DuckDB can scan them: one file, a folder or a pattern of CSV or Parquet files."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from glob import has_magic
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from terminology.errors import DataNotAvailableError, InvalidRequestError, ReleaseFormatError
from terminology.exchange.tables.columns import distinct
from terminology.exchange.tables.json_table import is_json
from terminology.exchange.tables.read import HEAD_LINES
from terminology.exchange.tables.table import MAX_COLUMNS, suffix_of
from terminology.exchange.tables.text import MAX_LINE_BYTES, heading_of

SCANNED = (".csv", ".parquet")
"""The formats that a join reads and writes."""

_OTHER_FORMATS = (b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0")
_NEVER = "\x01\x02\x03"
"""No cell says this; without a text for NULL DuckDB takes every empty cell for one."""


@dataclass(frozen=True, slots=True)
class Claims:
    """Files of one format and one set of columns, in the order they are read.

    ``skipped`` are the lines of a CSV file's heading, by file; ``texts`` the columns that hold text.
    """

    files: tuple[Path, ...]
    form: str
    columns: tuple[str, ...]
    texts: frozenset[str]
    delimiter: str = ","
    skipped: int = 1

    def scan(self, *, empty_is_null: bool) -> str:
        """Return the SQL table function that reads them, every CSV column as text."""
        names = ", ".join(quoted(path.as_posix()) for path in self.files)
        if self.form == ".parquet":
            return f"read_parquet([{names}])"
        columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in self.columns)
        null = "" if empty_is_null else _NEVER
        return (
            f"read_csv([{names}], auto_detect=false, header=false, skip={self.skipped}, "
            f"delim={quoted(self.delimiter)}, quote='\"', escape='\"', nullstr={quoted(null)}, "
            f"max_line_size={MAX_LINE_BYTES}, columns={{{columns}}})"
        )

    @property
    def place(self) -> str:
        """A column name that the files do not have, for the place of a row in all of them."""
        return max(("place", *self.columns), key=len).replace('"', "") + "_"

    def numbered(self, *, empty_is_null: bool) -> str:
        """Return SQL of the files with the number of each row in :attr:`place`."""
        number = "row_number() OVER ()"
        if self.form == ".parquet" and len(self.files) == 1:
            number = "file_row_number"
        return f'(SELECT *, {number} AS "{self.place}" FROM {self.scan(empty_is_null=empty_is_null)})'


def quoted(text: str) -> str:
    """Return an SQL literal of a text."""
    return "'" + text.replace("'", "''") + "'"


def claim_files(named: Path) -> list[Path]:
    """Return the files that a path, a folder or a pattern names, sorted; hidden ones are left out.

    Raises :class:`DataNotAvailableError` when there is none.
    """
    if named.is_dir():
        found = [path for path in sorted(named.rglob("*")) if suffix_of(path.name) in SCANNED]
    elif not named.exists() and has_magic(str(named)):
        found = sorted(Path(named.anchor).glob(str(named.relative_to(named.anchor))))
    else:
        found = [named]
    found = [path for path in found if path == named or (path.is_file() and not path.name.startswith("."))]
    if not found:
        raise DataNotAvailableError(f"{named}: no .csv or .parquet file is there")
    return found


def read_claims(files: Sequence[Path]) -> Claims | None:
    """Return files as one table, or ``None`` when their text or types need a row-by-row reader.

    That is text not in UTF-8, and Parquet with nested columns or binary ones. Raises
    :class:`InvalidRequestError` for files of several formats and :class:`ReleaseFormatError` for a file that
    cannot be read or whose columns differ from those of the first.
    """
    forms = sorted({suffix_of(path.name) for path in files})
    if len(forms) > 1:
        raise InvalidRequestError(
            "batch", f"files of one format are joined at a time; found {', '.join(forms)}"
        )
    if forms[0] not in SCANNED:
        return None
    first: Claims | None = None
    for path in files:
        try:
            claims = _parquet(path) if forms[0] == ".parquet" else _csv(path)
        except OSError as fault:
            raise DataNotAvailableError(f"{path}: cannot be read: {fault.strerror or fault}") from None
        if claims is None:
            return None
        if first is None:
            first = claims
        elif claims.columns != first.columns:
            raise ReleaseFormatError(
                path.name,
                1,
                f"the columns of {first.files[0].name}: {_shown(first.columns)}",
                _shown(claims.columns),
            )
        elif (claims.delimiter, claims.skipped) != (first.delimiter, first.skipped):
            raise ReleaseFormatError(
                path.name,
                1,
                f"the delimiter of {first.files[0].name}: {first.delimiter!r}",
                repr(claims.delimiter),
            )
    if first is None:
        return None
    return Claims(tuple(files), first.form, first.columns, first.texts, first.delimiter, first.skipped)


def _csv(path: Path) -> Claims | None:
    with path.open("rb") as file:
        start = b"".join(islice(iter(lambda: file.readline(MAX_LINE_BYTES), b""), HEAD_LINES))
    try:
        text = start.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    lines = text.splitlines(keepends=True)
    place, delimiter = heading_of(lines)
    if place < 0 or "\0" in text or is_json(start) or start.startswith(_OTHER_FORMATS):
        return None
    rows = csv.reader(io.StringIO("".join(lines[place:]), newline=""), delimiter=delimiter)
    try:
        columns = tuple(distinct(next(rows)))
    except csv.Error:
        return None
    if len(columns) > MAX_COLUMNS:
        return None
    return Claims((path,), ".csv", columns, frozenset(columns), delimiter, place + rows.line_num)


def _parquet(path: Path) -> Claims | None:
    try:
        schema = pq.read_schema(path)
    except pa.ArrowException as fault:
        raise ReleaseFormatError(path.name, None, "a Parquet file", str(fault).splitlines()[0]) from None
    if len(set(schema.names)) < len(schema.names) or len(schema.names) > MAX_COLUMNS:
        return None
    if not all(_plain(field.type) for field in schema):
        return None
    texts = frozenset(
        f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)
    )
    return Claims((path,), ".parquet", tuple(schema.names), texts)


def _plain(kind: pa.DataType) -> bool:
    """Whether DuckDB and Arrow write a type alike, as Parquet and as text."""
    tests = (pa.types.is_string, pa.types.is_large_string, pa.types.is_integer, pa.types.is_date32)
    return any(test(kind) for test in tests) or pa.types.is_floating(kind) or pa.types.is_decimal128(kind)


def _shown(columns: Sequence[str]) -> str:
    return ", ".join(name[:30] for name in columns[:12])
