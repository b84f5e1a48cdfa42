"""Candidates carry the features their score is the weighed sum of."""

from __future__ import annotations

import pytest

from terminology.crosswalk.candidates.weights import weighed, weights
from terminology.crosswalk.engine import Engine
from tests.terminology.crosswalk.small_corpus import small_corpus


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(small_corpus())


def test_a_score_is_the_weighed_sum_of_the_features(engine: Engine) -> None:
    for code in engine.corpus.source:
        if code.billable:
            for candidate, _ in engine.ranking.considered(code.code):
                assert candidate.score == pytest.approx(weighed(candidate.features))


def test_a_feature_the_table_lacks_is_an_error() -> None:
    with pytest.raises(KeyError):
        weighed({"no such feature": 1.0})


def test_what_who_says_is_among_the_features(engine: Engine) -> None:
    considered = {c.stem: c.features for c, _ in engine.ranking.considered("I10")}
    assert considered["BA00.Z"]["one"] == 1.0
    assert considered["BA00.Z"].keys() <= weights().keys()


def test_considered_stems_are_told_with_what_they_settle_to(engine: Engine) -> None:
    settled = {c.stem: stem for c, stem in engine.ranking.considered("I10")}
    assert settled["BA00"] == "BA00.Z"
