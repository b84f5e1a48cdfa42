"""Claims in CSV and Parquet tables: DuckDB brings any layout into one shape, batches of it become claims."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from terminology.claims.claim import SETTING_ALIASES, ClaimSetting
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.claims.claim_columns import DAY, ClaimLayout, claim_fields, claim_layout
from terminology.exchange.mapping.scan import Claims, quoted

BATCH = 20_000
"""Claims of one batch: some megabytes, a second or two of work."""

PLACE = "place"
_SEXES = {
    "f": "F",
    "female": "F",
    "2": "F",
    "m": "M",
    "male": "M",
    "1": "M",
    "u": "U",
    "unknown": "U",
    "0": "U",
}
_DAY_FORMS = "['%Y-%m-%d', '%Y%m%d', '%m/%d/%Y', '%Y-%m-%d %H:%M:%S', '%d-%b-%Y', '%Y-%m-%dT%H:%M:%S']"
_SPLIT = quoted(r"[;,|\s]+")
_NUMBERS = {"units": "a number", "charge": "a number"}


@dataclass(frozen=True, slots=True)
class ClaimTable:
    """A table of claims: its files, its layout, and the setting of claims that name none."""

    claims: Claims | _ArrowRows
    layout: ClaimLayout
    setting: ClaimSetting | None = None


def claim_table(claims: Claims | _ArrowRows, setting: ClaimSetting | None = None) -> ClaimTable:
    """Return how to read a table of claims.

    Raises :class:`InvalidRequestError` when no column holds codes, or nothing says the setting.
    """
    layout = claim_layout(claims.columns)
    if setting is None and "setting" not in layout.single and "type_of_bill" not in layout.single:
        raise InvalidRequestError(
            "setting", f"no column of {claims.files[0].name} says the setting; name it with --setting"
        )
    return ClaimTable(claims, layout, setting)


def claim_batches(
    table: ClaimTable, memory: str = "1GB", beside: Path | None = None
) -> Iterator[pa.RecordBatch]:
    """Yield the claims of a table in batches of one shape, in the order of their first rows.

    ``memory`` bounds what DuckDB holds; the rest goes to a temporary folder. Raises
    :class:`ReleaseFormatError` that names row and column of a day, age, sex, setting or number that is none.
    """
    with _connected(memory, beside) as con:
        yield from _batches(con, table)


def _batches(con: duckdb.DuckDBPyConnection, table: ClaimTable) -> Iterator[pa.RecordBatch]:
    try:
        _refuse_faults(con, table)
        reader: pa.RecordBatchReader = con.sql(_select(table)).to_arrow_reader(BATCH)
        yield from reader
    except duckdb.Error as fault:
        name = table.claims.files[0].name
        raise ReleaseFormatError(name, None, "a table of claims", str(fault).splitlines()[0]) from None


@dataclass(frozen=True, slots=True)
class _ArrowRows:
    """Rows in memory, in the place of files."""

    columns: tuple[str, ...]
    files: tuple[Path, ...] = (Path("rows"),)
    form: str = ".parquet"

    @property
    def place(self) -> str:
        return max(("place", *self.columns), key=len).replace('"', "") + "_"

    def numbered(self, *, empty_is_null: bool) -> str:
        return f'(SELECT *, row_number() OVER () AS "{self.place}" FROM rows)'


def arrow_batches(rows: pa.Table, setting: ClaimSetting | None = None) -> Iterator[pa.RecordBatch]:
    """Yield the claims of a table in memory in batches of the one shape; see :func:`claim_batches`."""
    table = claim_table(_ArrowRows(tuple(rows.column_names)), setting)
    with _connected("1GB", None) as con:
        con.register("rows", rows)
        yield from _batches(con, table)


@contextmanager
def _connected(memory: str, beside: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    with tempfile.TemporaryDirectory(prefix=".claims-", dir=beside) as spill:
        con = duckdb.connect(config={"temp_directory": spill, "memory_limit": memory, "threads": 2})
        try:
            yield con
        finally:
            con.close()


def _select(table: ClaimTable) -> str:
    """Return SQL of one row a claim: its own columns, ``dx`` and ``lines`` as lists of structures."""
    layout = table.layout
    rows = table.claims.numbered(empty_is_null=True)
    order = _name(table.claims.place)
    own = {field: _value(column, claim_fields()[field]) for field, column in layout.single.items()}
    codes = {field: _codes(columns) for field, columns in layout.codes.items()}
    dx = _diagnoses(layout)
    lines = [_line(line, layout) for line in layout.lines]
    if not layout.long:
        wanted = [f"{sql} AS {field}" for field, sql in (own | codes).items()]
        wanted += [f"{dx} AS dx", f"[{', '.join(lines)}] AS lines" if lines else "[] AS lines"]
        return f"SELECT {order} AS {PLACE}, {', '.join(wanted)} FROM {rows} ORDER BY {order}"
    wanted = [f"arg_min({sql}, {order}) AS {field}" for field, sql in (own | codes).items() if field != "id"]
    per_row = len(layout.diagnoses) == 1
    wanted.append(
        f"flatten(list({dx} ORDER BY {order})) AS dx" if per_row else f"arg_min({dx}, {order}) AS dx"
    )
    wanted.append(f"list({lines[0]} ORDER BY {order}) AS lines" if lines else "[] AS lines")
    return (
        f"SELECT min({order}) AS {PLACE}, {own['id']} AS id, {', '.join(wanted)} FROM {rows} "
        f"GROUP BY {own['id']}, if({own['id']} IS NULL, {order}, NULL) ORDER BY {PLACE}"
    )


def _diagnoses(layout: ClaimLayout) -> str:
    """Return SQL of the list of diagnoses with their indicators; a lone cell may hold several codes."""
    if len(layout.diagnoses) == 1:
        ((code, poa),) = layout.diagnoses
        return f"list_zip({_codes((code,))}, {_codes((poa,)) if poa else '[]::VARCHAR[]'})"
    pairs = [
        f"list_zip([{_text(code)}], [{_text(poa) if poa else 'NULL'}])" for code, poa in layout.diagnoses
    ]
    if layout.principal_apart:
        first, second = (_text(code) for code, _ in layout.diagnoses[:2])
        pairs[0] = f"if({first} = {second}, [], {pairs[0]})"
    return f"({' || '.join(pairs) or '[]'})"


def _line(line: dict[str, tuple[str, ...]], layout: ClaimLayout) -> str:
    parts = []
    for field in (
        "code",
        "modifiers",
        "units",
        "charge",
        "pointers",
        "place_of_service",
        "revenue_code",
        "description",
        "ndc",
    ):
        columns = line.get(field, ())
        if field in _NUMBERS and columns:
            value = f"try_cast({_text(columns[0])} AS DOUBLE)"
        else:
            value = (
                f"nullif(concat_ws(' ', {', '.join(map(_text, columns))}), '')"
                if columns
                else "NULL::VARCHAR"
            )
        parts.append(f"{field} := {value}")
    day = line.get(DAY, ()) or ((layout.single[DAY],) if DAY in layout.single else ())
    parts.append(f"day := {_day(day[0]) if day else 'NULL::DATE'}")
    return f"struct_pack({', '.join(parts)})"


def _codes(columns: tuple[str, ...]) -> str:
    split = [f"coalesce(string_split_regex({_text(column)}, {_SPLIT}), [])" for column in columns]
    return f"({' || '.join(split)})"


def _value(column: str, kind: str) -> str:
    text = _text(column)
    if kind == "day":
        return _day(column)
    if kind == "age":
        return f"try_cast(try_cast({text} AS DOUBLE) AS INTEGER)"
    if kind == "sex":
        return _words(text, _SEXES)
    if kind == "setting":
        known = {str(one): str(one) for one in ClaimSetting} | {
            word: str(one) for word, one in SETTING_ALIASES.items()
        }
        return _words(text, known)
    return text


def _words(text: str, known: dict[str, str]) -> str:
    cases = " ".join(f"WHEN {quoted(word)} THEN {quoted(value)}" for word, value in known.items())
    return f"CASE lower({text}) {cases} END"


def _day(column: str) -> str:
    return f"try_cast(try_strptime({_text(column)}, {_DAY_FORMS}) AS DATE)"


def _text(column: str) -> str:
    return f"nullif(trim(CAST({_name(column)} AS VARCHAR)), '')"


def _refuse_faults(con: duckdb.DuckDBPyConnection, table: ClaimTable) -> None:
    """Raise for the first cell that says something which cannot be read; nothing is taken for empty."""
    for column, value, expected in _readings(table.layout):
        rows = table.claims.numbered(empty_is_null=True)
        sql = (
            f"SELECT {_name(table.claims.place)}, {_text(column)} FROM {rows} "
            f"WHERE {_text(column)} IS NOT NULL AND {value} IS NULL LIMIT 1"
        )
        found = con.execute(sql).fetchone()
        if found is not None:
            row = int(found[0]) + (1 if table.claims.form == ".csv" else 0)
            raise ReleaseFormatError(
                table.claims.files[0].name, row, expected, repr(str(found[1])[:30]), column=f"column {column}"
            )


def _readings(layout: ClaimLayout) -> Iterator[tuple[str, str, str]]:
    wanted = {
        "day": "a day, YYYY-MM-DD",
        "age": "an age in years",
        "sex": "F, M or U",
        "setting": ", ".join(ClaimSetting),
    }
    for field, column in layout.single.items():
        kind = claim_fields()[field]
        if kind in wanted:
            yield column, _value(column, kind), wanted[kind]
    for line in layout.lines:
        for field, columns in line.items():
            if field in _NUMBERS:
                yield columns[0], f"try_cast({_text(columns[0])} AS DOUBLE)", _NUMBERS[field]
            elif field == DAY:
                yield columns[0], _day(columns[0]), wanted["day"]


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def rows_of(batch: pa.RecordBatch, name: str) -> list[Any]:
    """Return a column of a batch as Python values, empty where the batch has none."""
    found = batch.schema.get_field_index(name)
    return batch.column(found).to_pylist() if found >= 0 else [None] * batch.num_rows
