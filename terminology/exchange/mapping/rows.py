"""Maps the codes of a file: every row comes out again, with what its code becomes in ICD-11."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from terminology.codes import code_key
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.mapping.targets import (
    ADDED,
    NO_CODE,
    UNKNOWN,
    UNKNOWN_CODE,
    Recommended,
    recommended_targets,
)
from terminology.exchange.tables.columns import code_column, distinct
from terminology.exchange.tables.read import Row, Table, read_table
from terminology.exchange.tables.write import writer_for

Progress = Callable[[int, int | None], None]
"""Is told the rows done and, where the file says it, the rows in all."""

_EVERY = 5_000
_EXAMPLES = 5
_CONFIDENCE = ADDED.index("icd11_confidence")


@dataclass(slots=True)
class BatchReport:
    """What came of a file: rows by status, the column the codes were in, the first unknown codes."""

    column: str
    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    unknown: list[str] = field(default_factory=list)


def map_file(
    file: BinaryIO,
    name: str,
    destination: Path,
    bundle: Path,
    column: str | None = None,
    encoding: str | None = None,
    on_progress: Progress = lambda done, total: None,
) -> BatchReport:
    """Map the codes of an open file and write all its columns and :data:`ADDED` to ``destination``.

    ``name`` and ``destination`` tell the formats by their suffixes. Codes are found in any case, with or
    without dot; a row whose code is unknown is marked in ``icd11_status`` and kept. Columns whose name is
    taken get a number. Rows keep their order. Raises :class:`ReleaseFormatError` with the line of a fault
    and :class:`InvalidRequestError`; then nothing is written.
    """
    write = writer_for(destination.name)
    targets = recommended_targets(bundle)
    table = read_table(file, name, encoding)
    report = BatchReport(code_column(table.columns, column))
    columns = distinct([*table.columns, *ADDED])
    with put_in_place(destination) as path:
        write(path, columns, _mapped(table, targets, report, on_progress), _schema(table, columns))
    on_progress(report.rows, report.rows)
    return report


def _mapped(
    table: Table, targets: Mapping[str, Recommended], report: BatchReport, on_progress: Progress
) -> Iterator[Row]:
    place = list(table.columns).index(report.column)
    for row in table.rows:
        found = _target(row[place], targets)
        report.rows += 1
        report.statuses[found.status] += 1
        if found.status == UNKNOWN and len(report.unknown) < _EXAMPLES:
            shown = str(row[place])[:40]
            if shown not in report.unknown:
                report.unknown.append(shown)
        if report.rows % _EVERY == 0:
            on_progress(report.rows, table.total)
        yield [*row, *found]


def _target(cell: Any, targets: Mapping[str, Recommended]) -> Recommended:
    key = "" if cell is None else code_key(str(cell))
    return targets.get(key, UNKNOWN_CODE) if key else NO_CODE


def _schema(table: Table, columns: list[str]) -> Any:
    """The Arrow schema of what is written: the file's own types, text for those of a file without."""
    typed = table.schema is not None
    own = list(table.schema) if typed else [pa.field(name, pa.string()) for name in table.columns]
    names = columns[len(own) :]
    added = [
        pa.field(name, pa.float64() if n == _CONFIDENCE else pa.string()) for n, name in enumerate(names)
    ]
    return pa.schema([*own, *added], table.schema.metadata if typed else None)
