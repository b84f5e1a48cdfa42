"""Codes for a history or an intent lose a little where the query does not ask for it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from indexes.build import build_search_index
from indexes.query.slot import Slot
from indexes.ranking.unasked import unasked_of
from indexes.search import SearchIndex, open_search_index
from terminology.concept import Kind
from terminology.systems import ICD10CM
from tests.indexes.conftest import document


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """An index of accidents, assaults, histories and low levels."""
    documents = [
        document("1", "All causes", None, kind=Kind.CHAPTER),
        document("X97", "Assault by smoke, fire and flames", "1"),
        document("X08", "Other exposure to smoke, fire and flames", "1", index=("Undetermined fire",)),
        document("Y26", "Exposure to smoke, fire and flames, undetermined intent", "1"),
        document("Z87.59", "Personal history of maternal hypertension", "1"),
        document("E87.6", "Hypokalemia", "1"),
        document("E87.5", "Hyperkalemia", "1"),
        document("20", "External causes", None, kind=Kind.CHAPTER, chapter="20"),
        document("W55.01", "Bitten by cat", "20", chapter="20", index=("Bite, cat, hand",)),
        document("S61.452", "Open bite of left hand", "1"),
    ]
    folder: Path = tmp_path_factory.mktemp("unasked") / "search"
    build_search_index(documents, folder)
    return open_search_index(folder)


def _said(index: SearchIndex, *words: str) -> dict[str, float]:
    shard = index.shards[0]
    units = np.arange(len(shard), dtype=np.int32)
    counts = unasked_of(shard, [Slot(word, word, ((word, 1.0),)) for word in words], units)
    return {shard.card(unit).code: float(counts[unit]) for unit in counts.nonzero()[0].tolist()}


def test_what_a_title_says_of_history_or_intent_must_be_asked_for(index: SearchIndex) -> None:
    assert _said(index, "fire") == {"X97": 1, "Y26": 1, "Z87.59": 1}
    assert _said(index, "assault", "fire", "history") == {"Y26": 1}


def test_the_accident_stands_before_the_assault_unless_an_assault_is_said(index: SearchIndex) -> None:
    assert index.search("smoke fire", system=ICD10CM.id).results[0].code == "X08"
    assert index.search("assault by fire", system=ICD10CM.id).results[0].code == "X97"


def test_what_is_on_a_side_is_the_injury_and_not_its_cause(index: SearchIndex) -> None:
    assert index.search("cat bite hand", system=ICD10CM.id).results[0].code == "W55.01"
    assert index.search("cat bite left hand", system=ICD10CM.id).results[0].code == "S61.452"


def test_what_an_abbreviation_makes_of_a_phrase_is_read_in_turn(index: SearchIndex) -> None:
    assert index.search("low k", system=ICD10CM.id).results[0].code == "E87.6"
