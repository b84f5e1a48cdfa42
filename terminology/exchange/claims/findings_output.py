"""Writes findings as they come: CSV, Parquet, or one JSON document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet as pq

from terminology.errors import InvalidRequestError
from terminology.exchange.claims.checking import CheckedClaims
from terminology.exchange.claims.findings_table import SCHEMA
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.tables.table import suffix_of
from terminology.exchange.tables.write import FORMULA_STARTS, NUMBER

FORMATS = (".csv", ".parquet", ".json")
Write = Callable[[pa.RecordBatch], None]
_FORMULA = f"^[{''.join(chr(92) + c if c in '-+' else c for c in FORMULA_STARTS)}]"


@contextmanager
def findings_file(destination: Path, summary: CheckedClaims) -> Iterator[Write]:
    """Yield a function that writes batches of findings; the file is in place when the block has ended.

    A JSON document ends with what ``summary`` says by then. Raises :class:`InvalidRequestError` for a suffix
    that is not known and where nothing can be written.
    """
    suffix = suffix_of(destination.name)
    if suffix not in FORMATS:
        raise InvalidRequestError("output", f"{destination.name}: end it in {', '.join(FORMATS)}")
    with put_in_place(destination) as path:
        if suffix == ".parquet":
            with pq.ParquetWriter(path, SCHEMA, compression="zstd") as parquet:
                yield parquet.write_batch
        elif suffix == ".csv":
            with pa.csv.CSVWriter(path, SCHEMA) as table:
                yield lambda batch: table.write_batch(_guarded(batch))
        else:
            with path.open("wb") as file:
                yield from _json(file, summary)


def summary_payload(summary: CheckedClaims) -> dict[str, Any]:
    """Return the JSON form of what came of claims, without the findings themselves."""
    return {
        "claims": summary.claims,
        "claims_with_findings": summary.with_findings,
        "by_edit": [
            {"edit": edit, "severity": severity, "count": count}
            for (edit, severity), count in summary.findings.most_common()
        ],
        "checked": [{"edit": c.edit, "table": c.table, "release": c.release} for c in summary.checked],
        "not_checked": [{"edit": one.edit, "reason": one.reason} for one in summary.not_checked],
        "unread": summary.unread,
    }


def _json(file: BinaryIO, summary: CheckedClaims) -> Iterator[Write]:
    written = 0

    def write(batch: pa.RecordBatch) -> None:
        nonlocal written
        for row in batch.to_pylist():
            file.write((b",\n" if written else b"") + orjson.dumps(_finding(row)))
            written += 1

    file.write(b'{"findings": [\n')
    yield write
    file.write(b"\n],\n" + orjson.dumps(summary_payload(summary))[1:] + b"\n")


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row in the shape of the API's findings."""
    effect, text = row.pop("icd11_effect"), row.pop("icd11_text")
    number = row.pop("source_row")
    source = {
        "publisher": row.pop("publisher"),
        "table": row.pop("source_table"),
        "release": row.pop("source_release"),
        "row": int(number) if number and number.isdecimal() else number,
        "in_force": {"from": row.pop("in_force_from"), "to": row.pop("in_force_to")},
    }
    return {
        **row,
        "dx": _place(row["dx"]),
        "line": _place(row["line"]),
        "dx_codes": (row["dx_codes"] or "").split(),
        "line_codes": (row["line_codes"] or "").split(),
        "suggest": (row["suggest"] or "").split(),
        "carc": (row["carc"] or "").split(),
        "rarc": (row["rarc"] or "").split(),
        "source": source,
        "icd11": None if effect is None else {"effect": effect, "text": text},
    }


def _place(numbers: str | None) -> int | list[int] | None:
    found = [int(number) for number in (numbers or "").split()]
    return found if len(found) > 1 else found[0] if found else None


def _guarded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch in which no text is taken for a formula by a spreadsheet."""
    columns = [_plain(column) if pa.types.is_string(column.type) else column for column in batch.columns]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _plain(column: pa.Array) -> pa.Array:
    risky = pc.and_(
        pc.match_substring_regex(column, _FORMULA),
        pc.invert(pc.match_substring_regex(column, f"^{NUMBER}$")),
    )
    if not pc.any(risky).as_py():
        return column
    return pc.if_else(risky, pc.binary_join_element_wise("'", column, ""), column)
