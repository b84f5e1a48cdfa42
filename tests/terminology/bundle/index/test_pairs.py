"""The one code for two that the Alphabetic Index joins by "with"."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.index.pairs import Joined, joined_codes
from terminology.bundle.store import Store
from terminology.concept import IndexTerm
from terminology.graph import TerminologyGraph
from tests.book_library import DISEASES, book_library

KETOSIS = Joined("E11.8", "Diabetes, diabetic, with, ketosis", "2026", "E118")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bundle whose Index has ketosis by itself too."""
    library = book_library()
    alone = [
        IndexTerm(DISEASES, "2026", ("Ketosis, NEC",), code="Q99.9"),
        IndexTerm(DISEASES, "2017", ("Ketosis",), code="E11"),
    ]
    library = replace(library, index_terms=[*library.index_terms, *alone])
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    return tmp_path


def joined(folder: Path) -> Mapping[str, Mapping[str, Joined]]:
    store = Store(folder)
    try:
        return joined_codes(store)
    finally:
        store.close()


def test_a_condition_and_what_it_has_are_one_code(folder: Path) -> None:
    assert joined(folder) == {"E119": {"Q999": KETOSIS}}


def test_pairs_are_stored_when_the_bundle_is_built(folder: Path) -> None:
    with sqlite3.connect(folder / "terminology.db") as database:
        stored = database.execute("SELECT condition_key, other_key, code FROM index_pair").fetchall()
    database.close()
    assert stored == [("E119", "Q999", "E11.8")]


def test_an_older_bundle_without_them_answers_the_same(folder: Path) -> None:
    with sqlite3.connect(folder / "terminology.db") as database:
        database.execute("DROP TABLE index_pair")
    database.close()
    assert joined(folder) == {"E119": {"Q999": KETOSIS}}
