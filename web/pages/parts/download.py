"""Lists that people take away whole: CSV and XLSX, written by the one writer of tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Response

from terminology.errors import InvalidRequestError
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import Writing

FORMATS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def download(
    form: str,
    name: str,
    columns: Sequence[str],
    rows: Iterable[tuple[Any, ...]],
    *,
    spreadsheet: bool = False,
) -> Response:
    """Return a table as a file ``name.form``; text that a spreadsheet takes for a formula is made harmless.

    ``spreadsheet`` writes codes that look like numbers so that a spreadsheet leaves them. Raises
    :class:`InvalidRequestError` for a form that is none of ``FORMATS``.
    """
    if form not in FORMATS:
        raise InvalidRequestError("format", f"'{form[:20]}' is not offered; known: {', '.join(FORMATS)}")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"list.{form}"
        writer_for(path.name)(path, columns, map(list, rows), None, Writing(spreadsheet=spreadsheet))
        response = Response(path.read_bytes(), mimetype=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    return response
