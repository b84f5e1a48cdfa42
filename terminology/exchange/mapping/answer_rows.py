"""Answers to cells as rows of Arrow columns, kept so that a cell is answered once for a bundle and day."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Any

import pyarrow as pa

from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.targets import ADDED, Recommended

_CONFIDENCE = "icd11_confidence"
_MOST = 262_144
"""Rows that are kept: more than twice the codes of ICD-10-CM."""


class AnswerRows:
    """The answers given so far, safe to share by threads."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._lock = Lock()
        self._places: dict[str, int] = {}
        self._rows: list[Recommended] = []
        self._columns: list[Any] = []

    def of(self, cells: Sequence[str]) -> tuple[Any, list[Any]]:
        """Return the row of each cell, an Arrow array of numbers, and the columns of :data:`ADDED`."""
        with self._lock:
            new = [cell for cell in cells if cell not in self._places]
            if len(self._rows) + len(new) > _MOST:
                self._places, self._rows, new = {}, [], list(dict.fromkeys(cells))
            if new:
                self._add(new)
            places = self._places
            return pa.array([places[cell] for cell in cells], pa.int32()), self._columns

    def _add(self, cells: Sequence[str]) -> None:
        for cell in cells:
            self._places[cell] = len(self._rows)
            self._rows.append(self._answers.to(cell, ""))
        self._columns = [
            pa.array(column, _type(name))
            for name, column in zip(ADDED, zip(*self._rows, strict=True), strict=True)
        ]


def _type(name: str) -> Any:
    return pa.float64() if name == _CONFIDENCE else pa.string()
