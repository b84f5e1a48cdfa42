"""The tables are data: well formed, sourced, and read as written."""

from __future__ import annotations

from dataclasses import astuple
from functools import partial
from importlib.resources import files
from typing import Any

import pytest

from indexes.text import analysis, tables
from indexes.text.analysis import normal_form, tokens
from indexes.text.chart import read_chart
from indexes.text.context import lasts
from indexes.text.vocabulary import (
    LONGEST,
    DrugWords,
    by_stem,
    find_rewritings,
    related_words,
    rewritings,
)

TABLES = {f"{name}.tsv": table for name, table in vars(tables).items() if isinstance(table, partial)} | {
    "chronic.tsv": tables.lasting_diseases
}
MEANINGS = (tables.abbreviations, tables.lay_terms, tables.brands, tables.procedures)


def test_every_table_has_a_reader() -> None:
    folder = files("indexes.text").joinpath("tables")
    names = {p.name for p in folder.iterdir() if p.name.endswith(".tsv")}
    assert names == {table.args[0] for table in TABLES.values()}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_row_names_its_source_and_stands_once(table: partial[tuple[Any, ...]]) -> None:
    rows = table()
    assert rows
    assert all(row.source for row in rows)
    assert len({tuple(str(value) for value in astuple(row)[:-1]) for row in rows}) == len(rows)


@pytest.mark.parametrize("table", MEANINGS)
def test_every_reading_says_something_else_and_can_be_met(table: partial[tuple[tables.Meaning, ...]]) -> None:
    readings = [(tuple(tokens(row.said)), frozenset(tokens(row.meaning)), row) for row in table()]
    assert [row for said, meant, row in readings if not 0 < len(said) <= LONGEST or set(said) == meant] == []
    assert [row for n, (s, m, row) in enumerate(readings) if (s, m) in {r[:2] for r in readings[:n]}] == []


def test_every_family_of_words_says_what_no_other_says() -> None:
    rows = (*tables.word_families(), *tables.related_words())
    families = [frozenset(token for word in row.words for token in tokens(word)) for row in rows]
    idle = [n for n, family in enumerate(families) if any(family <= other for other in families[:n])]
    assert [" ".join(rows[n].words) for n in idle] == []
    assert all(len(family) > 1 for family in families)


def test_every_word_form_is_one_that_no_rule_finds() -> None:
    without = {row.word for row in tables.word_forms() if _by_rule(row.word) == normal_form(row.word)}
    assert without == set()


def _by_rule(word: str) -> str:
    return analysis.uninflected(analysis.american(analysis.singular(word)))


@pytest.mark.parametrize("row", tables.fillers(), ids=lambda row: " ".join(row.words))
def test_every_filler_is_kept_apart_from_what_is_coded(row: tables.Filler) -> None:
    reading = read_chart(f"{' '.join(row.words)} gallstones")
    weights = {word.word: word.weight for word in reading.words}
    assert weights.pop("gallstones") == 1.0
    assert all(weight < 1.0 for weight in weights.values())


@pytest.mark.parametrize("row", tables.lasting_diseases(), ids=lambda row: row.word)
def test_every_lasting_disease_is_known_to_last(row: tables.Word) -> None:
    assert lasts(tokens(row.word))


def test_an_abbreviation_keeps_all_its_readings() -> None:
    readings = {r.reading for r in rewritings()[tuple(tokens("MS"))]}
    assert readings == {"multiple sclerosis", "mitral valve stenosis"}


def test_the_longest_phrase_is_rewritten() -> None:
    found = find_rewritings(tokens("blood clot in lung"))
    assert [(at, readings[0].meaning) for at, readings in found] == [(0, tuple(tokens("pulmonary embolism")))]


@pytest.mark.parametrize(
    ("word", "other"), [("kidney", "renal"), ("cardiac", "heart"), ("hemorrhage", "bleeding")]
)
def test_related_words_stand_for_each_other(word: str, other: str) -> None:
    (token,), (expected,) = tokens(word), tokens(other)
    fits = dict(related_words()[token])
    assert 0.5 < fits[expected] < 1


@pytest.mark.parametrize(("word", "other"), [("thyroid", "thyroiditis"), ("hepatitis", "hepatic")])
def test_different_diseases_are_not_related(word: str, other: str) -> None:
    assert tokens(other)[0] not in dict(related_words().get(tokens(word)[0], ()))


@pytest.mark.parametrize(
    ("drug", "named"),
    [
        ("pembrolizumab", "antineoplastic"),
        ("rituximab", "antineoplastic"),
        ("olmesartan", "antihypertensive"),
        ("rosuvastatin", "antihyperlipidemic"),
        ("esomeprazole", "secretion"),
    ],
)
def test_a_drug_is_read_as_its_class_by_the_ending_of_its_name(drug: str, named: str) -> None:
    assert [named in reading.reading for reading in by_stem((normal_form(drug),))] == [True]
    assert normal_form(drug) in DrugWords(frozenset())


@pytest.mark.parametrize("word", ["april", "fracture", "cholesterol", "peptide", "stain"])
def test_other_words_are_no_drugs(word: str) -> None:
    assert by_stem((normal_form(word),)) == ()


def test_a_brand_is_read_as_the_class_of_its_ingredient() -> None:
    readings = [reading.reading for reading in rewritings()[("keytruda",)]]
    assert readings == ["pembrolizumab", "antineoplastic and immunosuppressive drugs"]
