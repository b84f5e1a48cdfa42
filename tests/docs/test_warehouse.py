"""The columns that docs/warehouse.md lists, and its query."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from terminology.exchange.mapping.targets import ADDED

PAGE = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text("utf-8")


def _columns(heading: str) -> list[str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_column_of_the_crosswalk_is_described(small_bundle: Path) -> None:
    names = pq.read_schema(small_bundle / "crosswalk.parquet").names
    assert sorted(_columns("Columns of the crosswalk")) == sorted(names)


def test_every_column_that_mapping_adds_is_described() -> None:
    assert _columns("Columns that mapping adds") == list(ADDED)


def test_the_query_runs(small_bundle: Path) -> None:
    (query,) = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    rows = duckdb.sql(query.replace("bundle/crosswalk.parquet", str(small_bundle / "crosswalk.parquet")))
    assert rows is not None
    assert [row[-1] for row in rows.fetchall()] == ["mapped", "unknown-code"]
