"""Crosswalks claims by the million: one DuckDB join of their codes with the bundle's crosswalk.

The answer is the one of :func:`terminology.exchange.mapping.rows.map_file`, row for row; a test holds
the two together.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.exports.attribution import NOTICES
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.exports.table import crosswalk_file
from terminology.exchange.mapping.rows import BatchReport
from terminology.exchange.mapping.scan import SCANNED, Claims, quoted
from terminology.exchange.mapping.targets import ADDED, BLANK, MAPPED, NO_TARGET, UNKNOWN
from terminology.exchange.tables.columns import code_column, distinct
from terminology.exchange.tables.read import suffix_of
from terminology.exchange.tables.write import FORMULA_STARTS, NUMBER, unformula

Progress = Callable[[float], None]
"""Is told which part of the work is done, 0 to 1."""

BLANKS = "".join(chr(c) for c in range(0x3001) if chr(c).isspace())
DASHES = "\u2010\u2011\u2012\u2013\u2212"
_EXAMPLES = 5
_POLL_SECONDS = 0.2
_STATUS = ADDED[-1]
_TEXT_ADDED = tuple(name for name in ADDED if name != "icd11_confidence")


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
) -> BatchReport:
    """Write all rows and columns of claims with :data:`ADDED`, as CSV or Parquet.

    Rows keep their order unless ``any_order`` is said, which is faster, above all for CSV.

    ``memory`` is what DuckDB may use (``4GB``; half of the machine's by default); what does not fit goes to a
    temporary folder beside ``destination`` that is removed in any case. Raises :class:`InvalidRequestError`
    and :class:`UnreadableTextError`; then nothing is written.
    """
    report = BatchReport(code_column(claims.columns, column))
    target = crosswalk_file(bundle)
    as_csv = suffix_of(destination.name) == ".csv"
    with put_in_place(destination) as path, _connected(destination, memory, any_order) as con:
        _prepare(con, target)
        select = _joined(claims, report.column, as_csv, any_order)
        options = "FORMAT csv, HEADER" if as_csv else _parquet_options()
        copy = f"COPY ({select}) TO {quoted(str(path))} ({options}, USE_TMP_FILE false)"
        try:
            report.rows = _run(con, copy, on_progress)
            _count(con, claims, report, None if as_csv else path)
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
    return report


def crosswalk_sql(crosswalk: Path) -> str:
    """Return SQL for the recommended target of each source code as the cells of :data:`ADDED`, by its key."""
    return f"""
        SELECT DISTINCT ON (key) {key_sql("source_code")} AS key, expression AS icd11_expression,
            nullif(array_to_string(titles, '; '), '') AS icd11_titles, representation AS icd11_representation,
            relationship AS icd11_relationship, confidence AS icd11_confidence,
            nullif(array_to_string(facets_lost, '; '), '') AS icd11_facets_lost,
            if(coalesce(expression, '') = '', '{NO_TARGET}', '{MAPPED}') AS icd11_status
        FROM read_parquet({quoted(str(crosswalk))}) WHERE coalesce("rank", 1) = 1"""


def key_sql(cell: str) -> str:
    """Return SQL for :func:`~terminology.codes.code_key` of an expression; DuckDB and Spark read it alike."""
    return f"upper(translate({cell}, {quoted(DASHES + '.' + BLANKS)}, '{'-' * len(DASHES)}'))"


def _prepare(con: duckdb.DuckDBPyConnection, crosswalk: Path) -> None:
    """Make the tables to join with: by key, and by the four usual spellings of each code.

    Nearly every cell is spelled in one of these ways and found as it stands; only the others are brought to
    their key, which costs a microsecond a cell. The added texts are ENUMs: few values, written as numbers.
    """
    con.execute(f"CREATE TABLE by_key AS {crosswalk_sql(crosswalk)}")
    for name in _TEXT_ADDED:
        more = f" UNION SELECT '{UNKNOWN}' UNION SELECT '{BLANK}'" if name == _STATUS else ""
        con.execute(
            f"CREATE TYPE {name}_enum AS ENUM "
            f"(SELECT DISTINCT {name} FROM by_key WHERE {name} IS NOT NULL{more})"
        )
        con.execute(f"ALTER TABLE by_key ALTER {name} TYPE {name}_enum")
    con.execute(
        """CREATE TABLE by_spelling AS
        SELECT unnest(list_distinct([key, lower(key), dotted, lower(dotted)])) AS spelling, * EXCLUDE (dotted)
        FROM (SELECT *, if(length(key) > 3, key[:3] || '.' || key[4:], key) AS dotted FROM by_key)"""
    )


def _joined(claims: Claims, column: str, as_csv: bool, any_order: bool) -> str:
    cell = f"CAST(c.{_name(column)} AS VARCHAR)"
    names = distinct([*claims.columns, *ADDED])
    own, added = names[: len(claims.columns)], names[len(claims.columns) :]
    rows = (claims.scan if any_order else claims.numbered)(empty_is_null=as_csv)
    said = [
        f"{_kept(c, as_csv and c in claims.texts)} AS {_name(_out(n, as_csv))}"
        for c, n in zip(claims.columns, own, strict=True)
    ]
    for name, out in zip(ADDED, added, strict=True):
        value = f"s.{name}, k.{name}"
        if name == _STATUS:
            value += f", if(coalesce({key_sql(cell)}, '') = '', '{BLANK}', '{UNKNOWN}')::{_STATUS}_enum"
        said.append(f"coalesce({value}) AS {_name(out)}")
    return (
        f"SELECT {', '.join(said)} FROM {rows} AS c "
        f"LEFT JOIN by_spelling AS s ON {cell} = s.spelling "
        f"LEFT JOIN by_key AS k ON CASE WHEN s.spelling IS NULL THEN {key_sql(cell)} END = k.key"
        + ("" if any_order else f" ORDER BY c.{_name(claims.place)}")  # a join does not keep it
    )


def _kept(column: str, guarded: bool) -> str:
    cell = f"c.{_name(column)}"
    if not guarded:
        return cell
    starts = " OR ".join(f"unicode({cell}) = {ord(c)}" for c in FORMULA_STARTS)
    return (
        f"CASE WHEN unicode({cell}) BETWEEN 48 AND 60 OR unicode({cell}) BETWEEN 65 AND 65000 THEN {cell} "
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


def _count(con: duckdb.DuckDBPyConnection, claims: Claims, report: BatchReport, written: Path | None) -> None:
    """Count the rows by status; of CSV output from the input again, whose one column is sooner read."""
    if written is not None:
        names = distinct([*claims.columns, *ADDED])
        status, code = _name(names[-1]), _name(report.column)
        table = f"SELECT {code} AS code, {status} AS status FROM read_parquet({quoted(str(written))})"
    else:
        table = f"""SELECT code, coalesce(s.icd11_status::VARCHAR, k.icd11_status::VARCHAR,
            if(coalesce({key_sql("code")}, '') = '', '{BLANK}', '{UNKNOWN}')) AS status, n
            FROM (SELECT CAST({_name(report.column)} AS VARCHAR) AS code, count(*) AS n
                  FROM {claims.scan(empty_is_null=True)} GROUP BY ALL)
            LEFT JOIN by_spelling AS s ON code = s.spelling
            LEFT JOIN by_key AS k ON {key_sql("code")} = k.key"""
    rows = "count(*)" if written is not None else "sum(n)"
    found = con.execute(f"SELECT status, CAST({rows} AS BIGINT) FROM ({table}) GROUP BY ALL").fetchall()
    report.statuses = Counter({str(status): int(n) for status, n in found})
    examples = (
        f"SELECT DISTINCT code FROM ({table}) WHERE status = '{UNKNOWN}' ORDER BY code LIMIT {_EXAMPLES}"
    )
    report.unknown = [str(code)[:40] for (code,) in con.execute(examples).fetchall()]


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
