"""The recommended targets of a bundle's crosswalk, which evaluations measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq

from terminology.cluster import parse
from terminology.exchange.exports.table import crosswalk_file

_COLUMNS = ["source_code", "expression", "confidence", "representation", "relationship", "facets_lost"]


@dataclass(frozen=True, slots=True)
class Recommended:
    """What the crosswalk recommends for a code: an expression in normal form, and how sure it is of what."""

    expression: str
    confidence: float
    representation: str
    relationship: str
    lost: tuple[str, ...] = ()


def recommended(bundle: Path) -> Mapping[str, Recommended]:
    """Return the first target of every code that has one, by code."""
    table = pq.read_table(crosswalk_file(bundle), columns=_COLUMNS, filters=[("rank", "=", 1)])
    return {
        row["source_code"]: Recommended(
            str(parse(row["expression"]).normal()),
            float(row["confidence"]),
            row["representation"],
            row["relationship"],
            tuple(row["facets_lost"] or ()),
        )
        for row in table.to_pylist()
    }
