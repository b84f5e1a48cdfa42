"""How much of a user's table is read: bounds that an operator sets, beside those against hostile files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from terminology.errors import TooLargeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TableLimits:
    """``rows`` of a table at most, and so many bytes when it is ``expanded``; ``None``: no bound here."""

    rows: int | None = None
    expanded: int | None = None

    def counted(self, rows: Iterator[T], name: str) -> Iterator[T]:
        """Yield rows up to the bound; raises :class:`TooLargeError` that names the table at the next."""
        if self.rows is None:
            yield from rows
            return
        for number, row in enumerate(rows, 1):
            if number > self.rows:
                raise TooLargeError(f"{name}: has more than {self.rows:,} rows; {_ELSEWHERE}")
            yield row

    def check_expanded(self, size: int, name: str) -> None:
        """Raise :class:`TooLargeError` for a table that expands to more bytes than it may."""
        if self.expanded is not None and size > self.expanded:
            raise TooLargeError(f"{name}: expands to more than {self.expanded:,} bytes; {_ELSEWHERE}")


_ELSEWHERE = "send it in parts, or use the command line"
UNBOUNDED = TableLimits()
