"""Exports of the small bundle, read back by the standards' own libraries."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from fhir.resources.conceptmap import ConceptMap
from fhir.resources.R4B.conceptmap import ConceptMap as ConceptMapR4
from pydantic import BaseModel
from sssom.constants import SchemaValidationType
from sssom.parsers import parse_sssom_table
from sssom.validators import validate

from terminology.attribution import OWN
from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.crosswalk import Step
from terminology.crosswalk.model import Relationship
from terminology.errors import InvalidRequestError
from terminology.exchange.exports.export import export_crosswalk
from terminology.exchange.exports.placing import put_in_place
from terminology.exchange.exports.reading_aloud import crosswalk_lines
from terminology.exchange.exports.sssom import PREDICATES, justification
from tests.crosswalk_samples import target
from web.fhir.maps.concept_map import export_concept_map


def test_sssom_is_valid_and_has_a_row_per_source(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "map.sssom.tsv"
    count = export_crosswalk(store, "sssom", path)
    read = parse_sssom_table(path)
    checks = [SchemaValidationType.JsonSchema, SchemaValidationType.PrefixMapCompleteness]
    validate(read, checks, fail_on_error=True)
    assert len(read.df) == count == len(list(crosswalks(store)))
    assert OWN in read.metadata["mapping_set_description"]


def test_a_narrower_source_has_a_broad_match() -> None:
    assert PREDICATES[Relationship.SOURCE_NARROWER] == "skos:broadMatch"
    assert PREDICATES[Relationship.SOURCE_BROADER] == "skos:narrowMatch"


def test_a_reviewed_decision_is_manual_curation() -> None:
    steps = (Step("override", "", ""), Step("base", "", ""))
    assert justification(target(provenance=steps)) == "semapv:ManualMappingCuration"


@pytest.mark.parametrize(("fhir", "model"), [("r4", ConceptMapR4), ("r5", ConceptMap)])
def test_concept_map_is_valid_fhir(store: Store, tmp_path: Path, fhir: str, model: type[BaseModel]) -> None:
    path = tmp_path / "map.json"
    count = export_concept_map(store, path, fhir)
    read: Any = model.model_validate_json(path.read_bytes())
    assert sum(len(group.element) for group in read.group) == count
    assert OWN in json.loads(path.read_bytes())["copyright"]


def test_csv_and_parquet_hold_the_same_targets_and_their_attribution(store: Store, tmp_path: Path) -> None:
    export_crosswalk(store, "csv", tmp_path / "map.csv")
    export_crosswalk(store, "parquet", tmp_path / "map.parquet")
    with (tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    rows = pq.read_table(tmp_path / "map.parquet").to_pylist()
    assert [r["expression"] or "" for r in rows] == [r["expression"] for r in lines]
    assert all("TenEleven's own" in r["attribution"] and "WHO" in r["attribution"] for r in lines)


def test_a_failed_export_leaves_the_older_file(tmp_path: Path) -> None:
    old = tmp_path / "out.csv"
    old.write_text("old")
    with pytest.raises(ZeroDivisionError), put_in_place(old) as path:
        path.write_text("half")
        raise ZeroDivisionError
    assert [p.name for p in tmp_path.iterdir()] == ["out.csv"]
    assert old.read_text() == "old"


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with (
        pytest.raises(InvalidRequestError, match="there is no folder"),
        put_in_place(tmp_path / "x" / "y.csv"),
    ):
        pass


def test_a_crosswalk_in_words_names_expression_titles_and_reasons(store: Store) -> None:
    answer = next(a for a in crosswalks(store) if a.targets)
    shown = "\n".join(crosswalk_lines(answer))
    first = answer.targets[0]
    assert first.expression is not None
    assert f"-> {first.expression}" in shown
    assert all(title is None or title in shown for title in first.titles)
    assert "why" in shown
