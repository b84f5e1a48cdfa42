"""Files as people send them, small and of every kind that there is: formats, encodings, columns, faults.

Texts stand in ``sent_files.txt``. The codes are of the small library, but for those that are of other
systems or unknown. A file may hold what no reader takes: then what is said of it counts.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

_DERIVED = {
    "semicolon.csv": (",", ";"),
    "tab.tsv": (",", "\t"),
    "pipe.txt": (",", "|"),
    "crlf.csv": ("\n", "\r\n"),
    "old mac.csv": ("\n", "\r"),
    "title lines.csv": ("dx,", "Report of a ward\n\ndx,"),
}
_ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32", "latin-1")


def _texts() -> Iterator[tuple[str, str]]:
    """The files of ``sent_files.txt``, each after its name; ``\\t`` and ``\\u200b`` are characters."""
    sections = (Path(__file__).parent / "sent_files.txt").read_text("utf-8").split("== ")[1:]
    for section in sections:
        name, _, text = section.partition("\n")
        escaped = re.sub(r"\\(?:t|u[0-9a-f]{4})", lambda m: m[0].encode().decode("unicode_escape"), text)
        yield name, escaped


def sent_files() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the content of each file."""
    texts = dict(_texts())
    yield from ((name, text.encode()) for name, text in texts.items())
    rows = texts["plain.csv"]
    yield from ((name, rows.replace(*change).encode()) for name, change in _DERIVED.items())
    yield "sep line.csv", b"sep=;\n" + rows.replace(",", ";").encode()
    packed = gzip.compress(rows.encode(), mtime=0)
    for encoding in _ENCODINGS:
        yield f"{encoding}.csv", ("code,Größe\n" + "E11.9,weiß\nE11.A,grün\n" * 3).encode(encoding)
    yield "not text.csv", b"code\nE11.9\n\xff\xfe\x00\x81\n"
    yield "bad byte.csv", b"code,name\n" + b"E11.9,a\n" * 3 + b"E11.A,\x81\n"
    yield "packed.csv.gz", packed
    yield "cut.csv.gz", packed[:-12]
    yield "packed twice.csv.gz", gzip.compress(packed, mtime=0)
    yield "old.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 60
    yield "zipped.csv", _zip({"a.csv": rows})
    yield from ((name, _workbook(sheet)) for name, sheet in _SHEETS.items())
    yield "plain.parquet", _parquet({"code": ["E11.9", "E11.A", None, "ZZ9"], "count": [1, 2, 3, 4]})
    yield "typed.parquet", _parquet({"code": ["E11.9"] * 2, **_TYPED})
    yield "coded.parquet", _parquet({"code": pa.array(["E11.9", "E11.A"]).dictionary_encode()})
    yield "nested.parquet", _parquet({"code": ["E11.9"], "more": [[1, 2]], "byte": [b"\x01"]})
    yield "empty.parquet", _parquet({"code": pa.array([], pa.string())})
    yield "cut.parquet", _parquet({"code": ["E11.9"] * 9})[:-20]


_TYPED: dict[str, Any] = {
    "day": [date(2026, 11, 2), None],
    "at": [datetime(2026, 11, 2, 3, 4), None],
    "hour": [time(3, 4), None],
    "money": [Decimal("1.50"), None],
    "share": [0.5, float("nan")],
    "flag": [True, None],
}

_SHEETS: dict[str, list[list[Any]]] = {
    "plain.xlsx": [["code", "count", "setting"], ["E11.9", 3, "IP"], ["E11.A", 2, None]],
    "late header.xlsx": [[], [None, " "], ["code", "count", None], ["E11.9", 1, "x"], [], ["E11.A", 2]],
    "typed.xlsx": [["code", *_TYPED], *(["E11.9", *cells] for cells in zip(*_TYPED.values(), strict=True))],
    "number codes.xlsx": [["code"], [250.0], [4019], ["E11.9"]],
    "empty.xlsx": [],
}


def _workbook(rows: list[list[Any]]) -> bytes:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(["" if cell != cell else cell for cell in row])  # noqa: PLR0124  # no NaN in a sheet
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _parquet(columns: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file)
    return file.getvalue()


def _zip(members: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return file.getvalue()
