"""Writes denied lines as a table."""

from __future__ import annotations

from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import pyarrow as pa

from terminology.exchange.claims.denied import DenialReport, DeniedLine
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import AS_IT_IS

COLUMNS = tuple(each.name for each in fields(DeniedLine))
_TYPES = {"place": pa.int64(), "line": pa.int64(), "charged": pa.float64(), "amount": pa.float64()}
_TYPES |= {"joined": pa.bool_(), "date_of_service": pa.date32()}
SCHEMA = pa.schema([pa.field(name, _TYPES.get(name, pa.string())) for name in COLUMNS])


def write_denied_lines(report: DenialReport, destination: Path) -> None:
    """Write every denied line: CSV, XLSX, Parquet or NDJSON, by the suffix."""
    write = writer_for(destination.name)
    with put_in_place(destination) as path:
        write(path, COLUMNS, (_row(line) for line in report.lines), SCHEMA, AS_IT_IS)


def _row(line: DeniedLine) -> list[Any]:
    return [" ".join(cell) if isinstance(cell, tuple) else cell for cell in astuple(line)]
