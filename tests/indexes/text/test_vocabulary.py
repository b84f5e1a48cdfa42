"""The tables are data: well formed, sourced, and read as written."""

from __future__ import annotations

from importlib.resources import files

import pytest

from indexes.text.analysis import tokens
from indexes.text.tables import rows
from indexes.text.vocabulary import find_rewritings, related_words, rewritings

WIDTHS = {
    "abbreviations.tsv": 3,
    "lay_terms.tsv": 3,
    "fillers.tsv": 3,
    "word_forms.tsv": 3,
    "stop_words.tsv": 3,
    "word_families.tsv": 2,
    "related_words.tsv": 2,
    "denials.tsv": 3,
    "contexts.tsv": 3,
    "chronic.tsv": 3,
    "procedures.tsv": 3,
    "noise.tsv": 3,
    "brands.tsv": 3,
    "axes.tsv": 3,
    "adjective_endings.tsv": 3,
}


def test_every_table_is_known_here() -> None:
    assert {
        p.name for p in files("indexes.text").joinpath("tables").iterdir() if p.name.endswith(".tsv")
    } == set(WIDTHS)


@pytest.mark.parametrize(("name", "width"), WIDTHS.items())
def test_every_row_has_all_its_cells_and_a_source(name: str, width: int) -> None:
    assert all(len(row) == width and row[-1] for row in rows(name))


@pytest.mark.parametrize("name", ["abbreviations.tsv", "lay_terms.tsv"])
def test_no_reading_is_given_twice(name: str) -> None:
    pairs = [row[:2] for row in rows(name)]
    assert len(pairs) == len(set(pairs))


def test_there_are_hundreds_of_abbreviations() -> None:
    assert len({row[0] for row in rows("abbreviations.tsv")}) >= 300


def test_an_abbreviation_keeps_all_its_readings() -> None:
    readings = {r.reading for r in rewritings()[tuple(tokens("MS"))]}
    assert readings == {"multiple sclerosis", "mitral valve stenosis"}


def test_the_longest_phrase_is_rewritten() -> None:
    found = find_rewritings(tokens("old heart attack"))
    assert [(at, readings[0].meaning) for at, readings in found] == [
        (0, tuple(tokens("old myocardial infarction")))
    ]


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
