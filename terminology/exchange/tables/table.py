"""A table that users bring, while it is being read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from terminology.errors import ReleaseFormatError
from terminology.exchange.tables.limits import TableLimits

Row = list[Any]
Numbered = tuple[int, Row]
Reader = Callable[[BinaryIO, str, "str | None", TableLimits], "Table"]
"""What reads one format: an open file, its name for messages, the encoding wanted, and bounds."""
MAX_COLUMNS = 1000
"""Columns of a table. A sheet can claim 16,384 for each of a million rows with one cell in the last."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table that is being read: its columns, its rows once through, and how many if the file says so.

    ``numbered`` are rows with their lines; of CSV a row may have more cells than there are columns.
    ``schema`` is the file's own, where it has one (Parquet). ``notices`` say what its owner must know.
    """

    name: str
    columns: Sequence[str]
    numbered: Iterator[Numbered]
    total: int | None = None
    schema: Any = None
    notices: tuple[str, ...] = ()

    @property
    def rows(self) -> Iterator[Row]:
        """The rows without their lines."""
        return (row for _, row in self.numbered)

    def even_rows(self) -> Iterator[Row]:
        """Yield rows of one cell a column; raises :class:`ReleaseFormatError` for a row with more."""
        width = len(self.columns)
        for line, row in self.numbered:
            if len(row) > width:
                if any(str(cell).strip() for cell in row[width:]):
                    raise ReleaseFormatError(
                        self.name, line, f"{width} cells", f"{len(row)}; is a cell with a delimiter quoted?"
                    )
                del row[width:]
            yield row


def suffix_of(name: str) -> str:
    """Return the suffix of a file name in lower case, with ``.jsonl`` and ``.tsv`` as what they are."""
    suffix = "." + name.rsplit(".", 1)[-1].lower() if "." in name else ""
    return {".jsonl": ".ndjson", ".tsv": ".csv", ".txt": ".csv", ".pq": ".parquet"}.get(suffix, suffix)
