"""Files of every kind are read as recorded, by batch, impact and lists of codes: what differs is seen.

After an intended change: ``TENELEVEN_RECORD=write pytest tests/terminology/exchange/test_sent_files.py``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from bench.golden import differences
from terminology.errors import TenElevenError
from terminology.exchange.code_lists import read_list
from terminology.exchange.mapping.choose import BatchOptions, map_batch
from terminology.exchange.mapping.progress_bar import BatchDisplay
from terminology.exchange.mapping.report import BatchReport
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.tables.read import read_table
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import AS_IT_IS, Writing
from terminology.exchange.volumes import read_upload
from tests.terminology.exchange.sent_files import sent_files

RECORD = Path(__file__).parents[2] / "golden" / "files.txt"


def _batch(path: Path, bundle: Path, output: Path) -> Iterator[str]:
    """The report and the table of a batch by the engine that fits."""
    report, written = map_batch(path, output, bundle, BatchOptions(), BatchDisplay())
    return _mapped(report, written)


def _by_row(path: Path, bundle: Path, output: Path) -> Iterator[str]:
    """The report and the table of a batch row by row, for a spreadsheet."""
    with path.open("rb") as file:
        return _mapped(map_file(file, path.name, output, bundle, writing=Writing(spreadsheet=True)), output)


def _mapped(report: BatchReport, output: Path) -> Iterator[str]:
    statuses = sorted((str(status), count) for status, count in report.statuses.items())
    yield f"{report.column}: {report.rows} {statuses} {report.numbers}"
    yield f"unknown {report.unknown}"
    yield from report.notices
    yield from output.read_text("utf-8").splitlines()


def _volumes(path: Path, bundle: Path, output: Path) -> Iterator[str]:
    """The sums that an impact report begins with."""
    with path.open("rb") as file:
        found = read_upload(file, path.name)
    yield f"{found.rows} rows, {found.older} of ICD-9, {found.span}"
    yield from (
        f"{setting.value} {dict(sorted(weights.items()))}" for setting, weights in found.volumes.items()
    )
    yield from (f"{group} {codes}" for group, codes in sorted(found.groups.items()))
    yield from (f"{where.value} {key} {months}" for (where, key), months in found.dated.items())
    yield from (f"record {where.value} {keys}" for where, keys in found.records)
    yield f"written {found.given}"
    yield from found.notices


def _list(path: Path, bundle: Path, output: Path) -> Iterator[str]:
    """The codes of a list, each with the days and the system beside it."""
    found = read_list(path.read_bytes(), path.name)
    for code in found.codes:
        yield " ".join(map(str, (repr(code.text), *(code.days or ()), code.system or "")))
    yield f"{found.notice} | {found.dated} | {found.text()!r}"


WAYS: dict[str, Callable[[Path, Path, Path], Iterator[str]]] = {
    "batch": _batch,
    "by row": _by_row,
    "volumes": _volumes,
    "list": _list,
}


def _written(content: bytes, folder: Path) -> Iterator[str]:
    """What a table with cells of every type is when it was written and is read again."""
    table = read_table(io.BytesIO(content), "typed.parquet")
    columns, rows = list(table.columns), list(table.rows)
    schema = pq.read_schema(io.BytesIO(content))
    for suffix in ("csv", "ndjson", "xlsx", "parquet"):
        path = folder / f"written.{suffix}"
        writer_for(path.name)(path, columns, iter(rows), schema, AS_IT_IS)
        with path.open("rb") as file:
            for row in read_table(file, path.name).rows:
                yield f"{path.name}\t{row!r}"


def _told(path: Path, bundle: Path, folder: Path) -> Iterator[str]:
    for way, lines in WAYS.items():
        try:
            said = list(lines(path, bundle, folder / "output.csv"))
        except TenElevenError as refusal:
            said = [f"{type(refusal).__name__}: {refusal}"]
        for line in said:
            yield f"{path.name}\t{way}\t{line}".replace(str(folder), "").replace(str(date.today()), "TODAY")


def test_files_of_every_kind_are_read_as_recorded(small_bundle: Path, tmp_path: Path) -> None:
    lines: list[str] = []
    for name, content in sent_files():
        (tmp_path / name).write_bytes(content)
        lines += _told(tmp_path / name, small_bundle, tmp_path)
        if name == "typed.parquet":
            lines += _written(content, tmp_path)
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])


def test_a_file_is_read_alike_by_batch_and_row_by_row() -> None:
    """Where both read a file they say the same of it."""
    record = [line.split("\t", 2) for line in RECORD.read_text("utf-8").splitlines() if line.count("\t") > 1]
    said: dict[tuple[str, str], list[str]] = {}
    for name, way, line in record:
        said.setdefault((name, way), []).append(line)
    both = [name for name, way in said if way == "batch" and "Error: " not in said[name, way][0]]
    assert len(both) > 40
    differing = [name for name in both if said[name, "batch"][0] != said[name, "by row"][0]]
    assert not differing
