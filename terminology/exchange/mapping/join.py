"""Crosswalks claims by the million: one DuckDB join of their codes with the bundle's answers.

The answer is the one of :func:`terminology.exchange.mapping.rows.map_file`, row for row; a test holds
the two together.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from terminology.attribution import NOTICES
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.mapping.answers import DatedAnswers
from terminology.exchange.mapping.report import BatchReport, add_notices
from terminology.exchange.mapping.row_days import GIVEN, RowDays, row_days
from terminology.exchange.mapping.rows import CodeCells, code_cells
from terminology.exchange.mapping.scan import SCANNED, Claims, quoted
from terminology.exchange.mapping.targets import ADDED, DatedTargets, dated_targets
from terminology.exchange.tables.columns import CodeColumns, distinct
from terminology.exchange.tables.table import suffix_of
from terminology.exchange.tables.write import FORMULA_STARTS, NUMBER, unformula
from terminology.exchange.tables.writing import AS_IT_IS, NUMBER_LIKE, Writing, number_like

Progress = Callable[[float], None]
"""Is told which part of the work is done, 0 to 1."""

_POLL_SECONDS = 0.2
_FETCHED = 50_000
_TYPES = {"icd11_confidence": "DOUBLE"}
_ASKED = ("cell", "version", "period")


class UnreadableTextError(Exception):
    """DuckDB cannot read a CSV file as one table; the row-by-row reader can, or names the line."""


def joinable(output: Path) -> bool:
    """Whether a join can write this output."""
    return suffix_of(output.name) in SCANNED


def map_claims(
    claims: Claims,
    destination: Path,
    bundle: Path,
    column: str | None = None,
    memory: str | None = None,
    any_order: bool = False,
    on_progress: Progress = lambda done: None,
    writing: Writing = AS_IT_IS,
    on: date | None = None,
    date_column: str | None = None,
) -> BatchReport:
    """Write all rows and columns of claims with :data:`ADDED`, as CSV or Parquet.

    Every different cell of the code column is answered once (:class:`Answers`) and the answers are joined to
    the rows. Each code is taken as of its row's own date where a column says one, else as of ``on`` (today):
    :func:`row_days`. Rows keep their order unless ``any_order`` is said, which is faster, above all for CSV.

    ``memory`` is what DuckDB may use (``4GB``; half of the machine's by default); what does not fit goes to a
    temporary folder beside ``destination`` that is removed in any case. Raises :class:`InvalidRequestError`
    and :class:`UnreadableTextError`; then nothing is written.
    """
    cells = code_cells(claims.columns, column)
    report = BatchReport(cells.columns.main)
    as_csv = suffix_of(destination.name) == ".csv"
    with (
        dated_targets(bundle) as targets,
        put_in_place(destination) as path,
        _connected(destination, memory, any_order) as con,
    ):
        days = row_days(claims.columns, date_column, on, targets.changes)
        select = _joined(claims, cells.columns, days, as_csv, any_order, writing)
        options = "FORMAT csv, HEADER" if as_csv else _parquet_options()
        copy = f"COPY ({select}) TO {quoted(str(path))} ({options}, USE_TMP_FILE false)"
        try:
            _read_days(con, claims, days)
            _answer_cells(con, claims, cells, days, targets, report)
            _run(con, copy, on_progress)
        except duckdb.OutOfMemoryException:
            raise InvalidRequestError(
                "memory", "the join needs more; give --memory a larger size, or map the files one by one"
            ) from None
        except (duckdb.InvalidInputException, duckdb.ConversionException) as fault:
            if claims.form == ".csv":
                raise UnreadableTextError(_first_lines(fault)) from None
            raise ReleaseFormatError(
                claims.files[0].name, None, "a Parquet file", _first_lines(fault)
            ) from None
        except duckdb.Error as fault:
            raise InvalidRequestError("batch", _first_lines(fault)) from None
    add_notices(report, cells.columns, cells.looks_icd9, cells.unread, days)
    return report


def _read_days(con: duckdb.DuckDBPyConnection, claims: Claims, days: RowDays) -> None:
    """Make the table ``day`` of every different text of the date column and the period it falls in."""
    if days.column is None:
        return
    said = _day_said(days.column)
    counted = f"SELECT {said}, count(*) FROM {claims.scan(empty_is_null=True)} AS c GROUP BY ALL ORDER BY 1"
    rows = [(text, days.period(text, count)) for text, count in con.execute(counted).fetchall()]
    kinds = ((0, "said"), (1, "period"))
    arrays = {name: pa.array([row[place] for row in rows], pa.string()) for place, name in kinds}
    con.register("read_days", pa.table(arrays))
    con.execute("CREATE TABLE day AS SELECT said, period FROM read_days")
    con.unregister("read_days")


def _day_said(column: str) -> str:
    """SQL of the text of a date cell, without the time of day behind it."""
    return f"regexp_replace(trim({_cell(column)}), '^(\\d{{4}}-\\d\\d-\\d\\d)[T ].*$', '\\1')"


def _with_days(rows: str, days: RowDays) -> tuple[str, str]:
    """SQL of rows ``c``, and of the period of each."""
    if days.column is None:
        return f"{rows} AS c", quoted(GIVEN)
    return f"{rows} AS c JOIN day AS d ON {_day_said(days.column)} = d.said", "d.period"


def _answer_cells(
    con: duckdb.DuckDBPyConnection,
    claims: Claims,
    cells: CodeCells,
    days: RowDays,
    targets: DatedTargets,
    report: BatchReport,
) -> None:
    """Make the table ``answer`` of every different cell, what the version column says, and the period.

    Its texts are plain VARCHAR. DuckDB 2.0.0 lost rare values of ENUM columns when it wrote them to Parquet
    with several threads, while its own count of the rows said nothing of it.
    """
    cell, version = _cell(cells.columns.main), _version(cells.columns)
    rows, when = _with_days(claims.scan(empty_is_null=True), days)
    con.execute(
        f"CREATE TABLE cell AS SELECT {cell} AS cell, {version} AS version, {when} AS period, count(*) AS n "
        f"FROM {rows} GROUP BY ALL"
    )
    for text, said, _, count in _fetched(con):
        cells.see(text, said, count)
    types = ", ".join(f"{name} {_TYPES.get(name, 'VARCHAR')}" for name in ADDED)
    con.execute(f"CREATE TABLE answer (cell VARCHAR, version VARCHAR, period VARCHAR, {types})")
    answers = DatedAnswers(targets, days, cells.looks_icd9)
    made: list[tuple[Any, ...]] = []
    for text, said, period, count in _fetched(con):
        found = answers.to(text, said, period)
        report.add(text, found.status, count)
        report.numbers += count * number_like(found.expression)
        made.append((text, said, period, *found))
        if len(made) == _FETCHED:
            _insert(con, made)
            made = []
    _insert(con, made)


def _fetched(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str, int]]:
    rows = con.cursor().execute("SELECT cell, version, period, n FROM cell ORDER BY cell, version, period")
    while batch := rows.fetchmany(_FETCHED):
        yield from batch


def _insert(con: duckdb.DuckDBPyConnection, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    kinds = [*[pa.string()] * len(_ASKED), *(pa.float64() if n in _TYPES else pa.string() for n in ADDED)]
    arrays = [pa.array(cells, kind) for cells, kind in zip(zip(*rows, strict=True), kinds, strict=True)]
    con.register("answered", pa.Table.from_arrays(arrays, names=[*_ASKED, *ADDED]))
    con.execute("INSERT INTO answer SELECT * FROM answered")
    con.unregister("answered")


def _joined(
    claims: Claims, columns: CodeColumns, days: RowDays, as_csv: bool, any_order: bool, writing: Writing
) -> str:
    names = distinct([*claims.columns, *ADDED])
    own, added = names[: len(claims.columns)], names[len(claims.columns) :]
    rows, when = _with_days((claims.scan if any_order else claims.numbered)(empty_is_null=as_csv), days)
    safe = as_csv and writing.spreadsheet
    said = [
        f"{_kept(c, as_csv and c in claims.texts, safe)} AS {_name(_out(n, as_csv))}"
        for c, n in zip(claims.columns, own, strict=True)
    ]
    for name, out in zip(ADDED, added, strict=True):
        cell = _safe(f"a.{name}") if safe and name not in _TYPES else f"a.{name}"
        said.append(f"{cell} AS {_name(_out(out, as_csv))}")
    return (
        f"SELECT {', '.join(said)} FROM {rows} LEFT JOIN answer AS a "
        f"ON {_cell(columns.main)} = a.cell AND {_version(columns)} = a.version AND {when} = a.period"
        + ("" if any_order else f" ORDER BY c.{_name(claims.place)}")  # a join does not keep it
    )


def _cell(column: str) -> str:
    return f"coalesce(CAST(c.{_name(column)} AS VARCHAR), '')"


def _version(columns: CodeColumns) -> str:
    version = columns.versions.get(columns.main)
    return "''" if version is None else _cell(version)


def _safe(cell: str) -> str:
    like_a_number = f"regexp_full_match({cell}, {quoted(NUMBER_LIKE)})"
    return f"CASE WHEN {like_a_number} THEN '=\"' || {cell} || '\"' ELSE {cell} END"


def _kept(column: str, guarded: bool, safe: bool) -> str:
    cell = f"c.{_name(column)}"
    if not guarded:
        return cell
    starts = " OR ".join(f"unicode({cell}) = {ord(c)}" for c in FORMULA_STARTS)
    return (
        f"CASE WHEN unicode({cell}) BETWEEN 48 AND 60 OR unicode({cell}) BETWEEN 65 AND 65000 "
        f"THEN {_safe(cell) if safe else cell} "
        f"WHEN ({starts}) AND NOT regexp_full_match({cell}, {quoted(NUMBER)}) "
        f"THEN '''' || {cell} ELSE {cell} END"
    )


def _out(name: str, as_csv: bool) -> str:
    return unformula(name) if as_csv else name


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _parquet_options() -> str:
    attribution = quoted(" ".join(NOTICES))
    return (
        f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, KV_METADATA {{attribution: {attribution}}}"
    )


@contextmanager
def _connected(destination: Path, memory: str | None, any_order: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that spills to a folder of its own, which is gone afterwards."""
    folder = destination.parent
    with tempfile.TemporaryDirectory(prefix=".teneleven-spill-", dir=folder) as spill:
        kept = "false" if any_order else "true"
        con = duckdb.connect(config={"temp_directory": spill, "preserve_insertion_order": kept})
        try:
            con.execute(f"SET memory_limit = {quoted(memory or _half_of_memory())}")
            con.execute("SET disabled_optimizers = 'build_side_probe_side'")  # hash the codes, not the claims
            con.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            yield con
        except duckdb.ParserException as fault:
            raise InvalidRequestError(
                "memory", f"'{memory}' is no size; write it like 4GB ({_first_lines(fault)})"
            ) from None
        finally:
            con.close()


def _half_of_memory() -> str:
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') // 2**21}MiB"


def _run(con: duckdb.DuckDBPyConnection, sql: str, on_progress: Progress) -> int:
    """Run a COPY and return its rows, telling how far it is; an interrupt ends it first."""
    outcome: list[int | BaseException] = []

    def work() -> None:
        try:
            row = con.execute(sql).fetchone()
            outcome.append(int(row[0]) if row else 0)
        except BaseException as fault:  # handed to the thread that waits
            outcome.append(fault)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    try:
        while worker.is_alive():
            worker.join(_POLL_SECONDS)
            on_progress(max(0.0, con.query_progress() / 100))
    except BaseException:
        con.interrupt()
        worker.join()
        raise
    done = outcome[0]
    if isinstance(done, BaseException):
        raise done
    return done


def _first_lines(fault: Exception) -> str:
    lines = [line.strip() for line in str(fault).splitlines() if line.strip()]
    return " ".join(lines[:3])[:300]
