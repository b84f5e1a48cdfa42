"""The OMOP tables refer to each other as the model demands."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from terminology.bundle.crosswalk.crosswalks import crosswalks
from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.exports.omop import LOCAL, VOCABULARY, domain_by_chapter, write_omop

Rows = list[dict[str, str]]
ATHENA = "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_code\n"


def read(folder: Path) -> dict[str, Rows]:
    tables = {}
    for path in folder.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return tables


@pytest.fixture
def tables(store: Store, tmp_path: Path) -> dict[str, Rows]:
    athena = tmp_path / "CONCEPT.csv"
    athena.write_text(ATHENA + "45533017\tx\tCondition\tICD10CM\tE11.9\n")
    count = write_omop(store, tmp_path / "omop", athena)
    found = read(tmp_path / "omop")
    assert count == len(found["SOURCE_TO_CONCEPT_MAP"])
    assert "World Health Organization" in (tmp_path / "omop" / "ATTRIBUTION.txt").read_text("utf-8")
    return found


def test_every_source_with_a_target_is_mapped_to_a_local_concept(
    tables: dict[str, Rows], store: Store
) -> None:
    concepts = {row["concept_id"]: row for row in tables["CONCEPT"]}
    mapped = {
        row["source_code"]: concepts[row["target_concept_id"]] for row in tables["SOURCE_TO_CONCEPT_MAP"]
    }
    assert {c: row["concept_code"] for c, row in mapped.items()} == {
        answer.source_code: answer.recommended.expression
        for answer in crosswalks(store)
        if answer.recommended is not None
    }
    assert all(row["vocabulary_id"] == VOCABULARY and not row["standard_concept"] for row in mapped.values())


def test_ids_are_local_and_unique_and_names_fit(tables: dict[str, Rows]) -> None:
    ids = [int(row["concept_id"]) for row in tables["CONCEPT"]]
    assert len(ids) == len(set(ids))
    assert all(LOCAL < number < 2**31 for number in ids)
    assert all(0 < len(row["concept_name"]) <= 255 for row in tables["CONCEPT"])
    assert all(0 < len(row["concept_code"]) <= 50 for row in tables["CONCEPT"])


def test_all_that_is_referred_to_is_there_or_athena_s(tables: dict[str, Rows]) -> None:
    ids = {row["concept_id"] for row in tables["CONCEPT"]} | {"45533017"}
    names = {row["relationship_id"] for row in tables["RELATIONSHIP"]}
    pairs = {
        (r["concept_id_1"], r["concept_id_2"], r["relationship_id"]) for r in tables["CONCEPT_RELATIONSHIP"]
    }
    reverse = {row["relationship_id"]: row["reverse_relationship_id"] for row in tables["RELATIONSHIP"]}
    for one, other, name in pairs:
        assert {one, other} <= ids
        assert name in names
        assert (other, one, reverse[name]) in pairs
    classes = {row["concept_class_id"] for row in tables["CONCEPT_CLASS"]}
    own = [row for row in tables["CONCEPT"] if row["vocabulary_id"] == VOCABULARY]
    assert {row["concept_class_id"] for row in own} <= classes
    assert {row["vocabulary_id"] for row in own} == {row["vocabulary_id"] for row in tables["VOCABULARY"]}


def test_with_athena_s_ids_the_crosswalk_is_a_relationship(tables: dict[str, Rows]) -> None:
    (row,) = [row for row in tables["SOURCE_TO_CONCEPT_MAP"] if row["source_code"] == "E11.9"]
    assert row["source_concept_id"] == "45533017"
    related = [r for r in tables["CONCEPT_RELATIONSHIP"] if r["concept_id_1"] == "45533017"]
    assert [r["concept_id_2"] for r in related] == [row["target_concept_id"]]


def domain_of(store: Store, folder: Path, athena: str | None, code: str) -> str:
    """The domain of the concept that a source code becomes, with what Athena says of its codes."""
    if athena is not None:
        (folder / "CONCEPT.csv").write_text(ATHENA + athena)
    write_omop(store, folder / "omop", None if athena is None else folder / "CONCEPT.csv")
    found = read(folder / "omop")
    (target,) = {
        row["target_concept_id"] for row in found["SOURCE_TO_CONCEPT_MAP"] if row["source_code"] == code
    }
    return next(row["domain_id"] for row in found["CONCEPT"] if row["concept_id"] == target)


def test_a_concept_has_the_domain_athena_gives_most_of_its_sources(store: Store, tmp_path: Path) -> None:
    rows = "1\tx\tMeasurement\tICD10CM\tE11\n2\tx\tObservation\tICD10CM\tE11.9\n3\tx\tDrug\tSNOMED\tE11.9\n"
    assert domain_of(store, tmp_path, rows, "E11.9") == "Measurement"
    (tmp_path / "most").mkdir()
    assert domain_of(store, tmp_path / "most", rows.split("\n", 1)[1], "E11.9") == "Observation"


def test_without_athena_the_chapter_of_icd_11_stands_in(store: Store, tmp_path: Path) -> None:
    assert domain_of(store, tmp_path, None, "E11.9") == "Condition"
    assert [domain_by_chapter(code) for code in ("PA60", "QA00.6", "VD00", "MG30")] == [
        *("Observation",) * 3,
        "Condition",
    ]


def test_two_exports_are_the_same_and_nothing_is_overwritten(store: Store, tmp_path: Path) -> None:
    write_omop(store, tmp_path / "one")
    write_omop(store, tmp_path / "two")
    assert read(tmp_path / "one") == read(tmp_path / "two")
    with pytest.raises(InvalidRequestError, match="there already"):
        write_omop(store, tmp_path / "one")


def test_a_file_that_is_not_athena_s_is_refused(store: Store, tmp_path: Path) -> None:
    (tmp_path / "CONCEPT.csv").write_text("code,title\n")
    with pytest.raises(ReleaseFormatError, match="Athena"):
        write_omop(store, tmp_path / "omop", tmp_path / "CONCEPT.csv")
