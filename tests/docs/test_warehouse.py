"""The columns that docs/warehouse.md lists, and its query."""

from __future__ import annotations

import os
import re
from pathlib import Path

import duckdb
import jinja2
import pyarrow.parquet as pq
import pytest
import yaml

from terminology.attribution import OWN
from terminology.bundle.life.code_list import ListStatus
from terminology.crosswalk.review.overrides import COLUMNS as DECISION
from terminology.crosswalk.review.worklist import _PROPOSAL
from terminology.exchange.claims.denied_output import SCHEMA as DENIED
from terminology.exchange.claims.findings_table import SCHEMA
from terminology.exchange.exports.sssom import COLUMNS as SSSOM
from terminology.exchange.mapping.targets import ADDED
from terminology.exchange.reports.survival_table import COLUMNS
from web.pages.changes import COLUMNS as CHANGED
from web.pages.changes import LISTS
from web.pages.search import COLUMNS as FOUND
from web.pages.validate import _COLUMNS as LISTED

DBT = Path(__file__).parents[2] / "docs" / "examples" / "dbt"
PAGE = (Path(__file__).parents[2] / "docs" / "warehouse.md").read_text("utf-8")


def _columns(heading: str) -> list[str]:
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)


def test_every_column_of_the_crosswalk_is_described(small_bundle: Path) -> None:
    names = pq.read_schema(small_bundle / "crosswalk.parquet").names
    assert sorted(_columns("Columns of the crosswalk")) == sorted(names)


def test_every_column_that_mapping_adds_is_described() -> None:
    assert _columns("Columns that mapping adds") == list(ADDED)


def test_every_column_of_findings_and_of_a_list_is_described_with_its_type() -> None:
    assert _columns("Columns of findings") == SCHEMA.names
    words = {"string": "text", "int64": "integer", "date32[day]": "date"}
    section = PAGE.split("## Columns of findings\n")[1].split("\n## ")[0]
    told = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", section, re.MULTILINE))
    assert all(f"`{name}`" in PAGE for name in (*LISTS, *ListStatus))
    assert told == {field.name: words[str(field.type)] for field in SCHEMA}
    assert _columns("Columns of a list that moves") == list(COLUMNS)


def test_every_column_of_the_other_outputs_is_described() -> None:
    assert _columns("Columns of a review sheet") == [*DECISION, *_PROPOSAL]
    assert _columns("Columns of denied lines") == DENIED.names
    assert _columns("Columns of SSSOM") == list(SSSOM)
    told = set(_columns("Columns of downloads"))
    assert told == {*FOUND, *LISTED, *CHANGED}


def test_the_queries_run(small_bundle: Path, tmp_path: Path) -> None:
    join, copy = (
        query.replace("bundle/crosswalk.parquet", str(small_bundle / "crosswalk.parquet"))
        for query in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    )
    with duckdb.connect() as database:
        assert [row[-1] for row in database.execute(join).fetchall()] == ["mapped", "unknown-code"]
        database.execute(copy.replace("'crosswalk'", f"'{tmp_path / 'crosswalk'}'"))
    assert (tmp_path / "crosswalk" / "representation=full").is_dir()


def test_the_file_says_whose_work_it_is(small_bundle: Path) -> None:
    told = pq.read_schema(small_bundle / "crosswalk.parquet").metadata[b"attribution"].decode()
    assert "World Health Organization" in told
    assert OWN in told


def test_the_models_of_the_dbt_project_run_and_keep_every_claim(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The models as dbt runs them: their templates over DuckDB, in the order of what they refer to."""
    monkeypatch.setenv("BUNDLE", str(small_bundle))
    sources = yaml.safe_load((DBT / "models" / "sources.yml").read_text("utf-8"))
    (crosswalk,) = sources["sources"][0]["tables"]

    def rendered(text: str) -> str:
        made: str = jinja2.Template(text).render(
            ref=lambda name: name,
            source=lambda _, name: rendered(crosswalk["config"]["external_location"]),
            env_var=os.environ.get,
        )
        return made

    with duckdb.connect() as database:
        database.execute(f"CREATE TABLE claims AS FROM read_csv('{DBT}/seeds/claims.csv', all_varchar=true)")
        for model in ("claims_in_icd_11", "losses_by_representation"):
            query = rendered((DBT / "models" / f"{model}.sql").read_text("utf-8"))
            database.execute(f"CREATE TABLE {model} AS {query}")
        rows = database.execute(
            "SELECT claim_id, icd11_expression, icd11_status FROM claims_in_icd_11 ORDER BY claim_id"
        ).fetchall()
        (total,) = database.execute("SELECT sum(claims) FROM losses_by_representation").fetchall()
    assert rows[0][1:] == ("5A11", "mapped")
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert rows[3][2] == "unknown-code"
    (_, status) = sources["models"][0]["columns"]
    assert {row[2] for row in rows} <= set(status["data_tests"][1]["accepted_values"]["arguments"]["values"])
    assert total == (4,)
