"""What became of codes the current release no longer has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.retired import retired, retired_codes
from terminology.bundle.store import Store
from terminology.graph import TerminologyGraph
from terminology.mapping import Predecessor
from tests.small_library import small_library

Opening = Callable[..., Store]


@pytest.fixture
def store_with(tmp_path: Path) -> Opening:
    """A function that opens a bundle of the small library with other lines in the conversion table."""

    def opened(*predecessors: Predecessor) -> Store:
        library = small_library()
        library.predecessors = list(predecessors)
        write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
        return Store(tmp_path)

    return opened


def test_a_retired_code_says_when_it_ended_and_what_succeeds_it(store: Store) -> None:
    gone = retired(store, "icd-10-cm", "e118")
    assert gone is not None
    assert (gone.code, gone.last_release, gone.ended) == ("E11.8", "2026", "2026-09-30")
    assert [(s.code, s.since) for s in gone.successors] == [("E11.A", "2026-10-01")]


def test_a_current_code_and_one_that_never_was_are_not_retired(store: Store) -> None:
    assert retired(store, "icd-10-cm", "E11.9") is None
    assert retired(store, "icd-10-cm", "E11.7") is None


def test_successors_are_followed_until_they_are_current(store_with: Opening) -> None:
    store = store_with(Predecessor("E11.8", "E11.6", 2018, 3), Predecessor("E11.A", "E11.8", 2026, 4))
    gone = retired(store, "icd-10-cm", "E11.6")
    assert gone is not None
    assert (gone.title, gone.last_release, gone.ended) == (None, None, "2018-09-30")
    assert [s.code for s in gone.successors] == ["E11.A"]


def test_where_the_table_is_silent_codes_added_below_the_heading_are_named(store_with: Opening) -> None:
    gone = retired(store_with(), "icd-10-cm", "E11.8")
    assert gone is not None
    assert gone.heading == "E11"
    assert [(s.code, s.since) for s in gone.successors] == [("E11.A", None)]


@pytest.mark.parametrize("text", ["diabetes", "E11.8 and more", "", "E1", "é11.8"])
def test_words_are_no_retired_code(store: Store, text: str) -> None:
    assert retired_codes(store, text) == ()


def test_a_system_that_never_had_the_code_is_silent(store: Store) -> None:
    assert [g.system for g in retired_codes(store, "E118")] == ["icd-10-cm"]
    assert retired_codes(store, "E118", "icd-11") == ()
    assert retired_codes(store, "E118", "hcpcs") == ()
