"""The recommended targets of a bundle's crosswalk, by code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow.parquet as pq

from terminology.codes import code_key
from terminology.exchange.exports.table import crosswalk_file

MAPPED, NO_TARGET, UNKNOWN, BLANK = "mapped", "no-target", "unknown-code", "no-code"
"""What ``icd11_status`` says: has a target; ICD-11 has none; no such code or category; the cell is empty."""

ADDED = (
    "icd11_expression",
    "icd11_titles",
    "icd11_representation",
    "icd11_relationship",
    "icd11_confidence",
    "icd11_facets_lost",
    "icd11_status",
)
"""The columns that are added to a file, in order."""


class Recommended(NamedTuple):
    """The cells added to a row: those of :data:`ADDED`, lists joined by ``; ``."""

    expression: str | None
    titles: str | None
    representation: str | None
    relationship: str | None
    confidence: float | None
    facets_lost: str | None
    status: str


UNKNOWN_CODE = Recommended(None, None, None, None, None, None, UNKNOWN)
NO_CODE = Recommended(None, None, None, None, None, None, BLANK)
_COLUMNS = [
    "source_code",
    "rank",
    "expression",
    "titles",
    "representation",
    "relationship",
    "confidence",
    "facets_lost",
]


def recommended_targets(bundle: Path) -> Mapping[str, Recommended]:
    """Return the recommended target of every category and code, by the key of the code.

    Raises :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    found: dict[str, Recommended] = {}
    with pq.ParquetFile(crosswalk_file(bundle)) as table:
        for batch in table.iter_batches(columns=_COLUMNS):
            columns = batch.to_pydict()
            for code, rank, expression, titles, representation, relationship, confidence, lost in zip(
                *(columns[name] for name in _COLUMNS), strict=True
            ):
                if rank not in (None, 1):
                    continue
                found[code_key(code)] = Recommended(
                    expression,
                    "; ".join(titles) if titles else None,
                    representation,
                    relationship,
                    confidence,
                    "; ".join(lost) if lost else None,
                    MAPPED if expression else NO_TARGET,
                )
    return found
