"""Maps the codes of a file: every row comes out again, with what its code becomes in ICD-11."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from terminology.codes import read_code
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.mapping.answers import DatedAnswers
from terminology.exchange.mapping.icd_version import ColumnLook, stated_system
from terminology.exchange.mapping.report import BatchReport, add_notices
from terminology.exchange.mapping.row_days import GIVEN, RowDays, row_days
from terminology.exchange.mapping.targets import ADDED, dated_targets
from terminology.exchange.tables.columns import CodeColumns, code_columns, distinct
from terminology.exchange.tables.read import read_table
from terminology.exchange.tables.table import Row, Table
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import AS_IT_IS, Writing, number_like

Progress = Callable[[int, int | None], None]
"""Is told the rows done and, where the file says it, the rows in all."""

_EVERY = 5_000
_MOST_VALUES = 20
_CONFIDENCE = ADDED.index("icd11_confidence")


@dataclass(slots=True)
class CodeCells:
    """The cells of a table's code column and of the version column beside it, as text."""

    columns: CodeColumns
    place: int
    version: int | None
    look: ColumnLook = field(default_factory=ColumnLook)
    unread: list[str] = field(default_factory=list)

    @property
    def looks_icd9(self) -> bool:
        """Whether the column is one of ICD-9-CM, by its name or by its codes."""
        return self.columns.main in self.columns.older or self.look.icd9

    def of(self, row: Row) -> tuple[str, str]:
        """Return the cell and the version of a row, empty where there is none."""
        cell, version = row[self.place], "" if self.version is None else row[self.version]
        return "" if cell is None else str(cell), "" if version is None else str(version)

    def see(self, cell: str, version: str, count: int) -> None:
        """Count a cell for what the column looks like."""
        text = read_code(cell).text
        if stated_system(version) is None:
            if text:
                self.look.add(text, count)
            if version.strip() and version[:40] not in self.unread and len(self.unread) < _MOST_VALUES:
                self.unread.append(version[:40])


def code_cells(columns: list[str] | tuple[str, ...], wanted: str | None) -> CodeCells:
    """Return where the codes of a table stand. Raises :class:`InvalidRequestError`."""
    found = code_columns(columns, wanted)
    version = found.versions.get(found.main)
    names = list(columns)
    return CodeCells(found, names.index(found.main), None if version is None else names.index(version))


def map_file(
    file: BinaryIO,
    name: str,
    destination: Path,
    bundle: Path,
    column: str | None = None,
    encoding: str | None = None,
    on_progress: Progress = lambda done, total: None,
    writing: Writing = AS_IT_IS,
    on: date | None = None,
    date_column: str | None = None,
) -> BatchReport:
    """Map the codes of an open, seekable file and write all its columns and :data:`ADDED` to ``destination``.

    ``name`` and ``destination`` tell the formats by their suffixes. Codes are found as people write them
    (:mod:`terminology.codes`); a row whose code is unknown is marked in ``icd11_status`` and kept. The file
    is read twice: first to see whether the column looks like ICD-9-CM. Each code is taken as of its row's own
    date where a column says one, else as of ``on`` (today): :func:`row_days`.
    Columns whose name is taken get a number. Rows keep their order. Raises :class:`ReleaseFormatError` with
    the line of a fault and :class:`InvalidRequestError`; then nothing is written.
    """
    write = writer_for(destination.name)
    with dated_targets(bundle) as targets:
        table = read_table(file, name, encoding)
        cells = code_cells(list(table.columns), column)
        days = row_days(table.columns, date_column, on, targets.changes)
        for row in table.even_rows():
            cells.see(*cells.of(row), 1)
        file.seek(0)
        table = read_table(file, name, encoding)
        report = BatchReport(cells.columns.main, notices=list(table.notices))
        answers = DatedAnswers(targets, days, cells.looks_icd9)
        columns = distinct([*table.columns, *ADDED])
        with put_in_place(destination) as path:
            write(
                path,
                columns,
                _mapped(table, cells, days, answers, report, on_progress),
                _schema(table, columns),
                writing,
            )
    add_notices(report, cells.columns, cells.looks_icd9, cells.unread, days)
    on_progress(report.rows, report.rows)
    return report


def _mapped(
    table: Table,
    cells: CodeCells,
    days: RowDays,
    answers: DatedAnswers,
    report: BatchReport,
    on_progress: Progress,
) -> Iterator[Row]:
    dated = None if days.column is None else list(table.columns).index(days.column)
    for row in table.even_rows():
        cell, version = cells.of(row)
        answer = answers.to(cell, version, GIVEN if dated is None else days.period(row[dated]))
        report.add(cell, answer.status, 1)
        report.numbers += number_like(answer.expression)
        if report.rows % _EVERY == 0:
            on_progress(report.rows, table.total)
        yield [*row, *answer]


def _schema(table: Table, columns: list[str]) -> Any:
    """The Arrow schema of what is written: the file's own types, text for those of a file without."""
    typed = table.schema is not None
    own = list(table.schema) if typed else [pa.field(name, pa.string()) for name in table.columns]
    names = columns[len(own) :]
    added = [
        pa.field(name, pa.float64() if n == _CONFIDENCE else pa.string()) for n, name in enumerate(names)
    ]
    return pa.schema([*own, *added], table.schema.metadata if typed else None)
