"""Writes an export of a bundle's crosswalk to a file."""

from __future__ import annotations

from pathlib import Path

from terminology.bundle.store import Store
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.exports.sssom import write_sssom
from terminology.exchange.exports.table import crosswalk_file, write_csv, write_parquet
from terminology.exchange.tables.writing import AS_IT_IS, Writing

FORMS = ("sssom", "csv", "parquet")


def export_crosswalk(store: Store, form: str, destination: Path, writing: Writing = AS_IT_IS) -> int:
    """Write the crosswalk in one of :data:`FORMS` and return how many rows it has.

    The file appears when it is whole. Raises :class:`DataNotAvailableError` for a bundle without crosswalk
    and :class:`InvalidRequestError` when the file cannot be written.
    """
    crosswalk_file(store.folder)
    with put_in_place(destination) as path:
        if form == "parquet":
            return write_parquet(store.folder, path)
        with path.open("w", encoding="utf-8", newline="") as text:
            return write_sssom(store, text) if form == "sssom" else write_csv(store.folder, text, writing)
