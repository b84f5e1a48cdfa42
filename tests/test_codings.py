"""The codings made by hand: they are sound, and what is counted of them is right."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.coding_eval import Answer, Coding, read_codings
from terminology.cluster import ClusterVocabulary, parse, validate


def test_codings_are_in_normal_form_and_each_code_is_coded_once() -> None:
    codings = read_codings()
    assert len({coding.code for coding in codings}) == len(codings)
    for coding in codings:
        for expression in (coding.expression, *coding.alternatives):
            assert str(parse(expression).normal()) == expression


def test_agreement_tells_category_stem_and_whole_expression_apart() -> None:
    coding = Coding("M17.11", 3, "FA01.0&XK9K", "full-postcoordinated", ("FA01.Z&XK9K",))
    exact, stem, category = (Answer(coding, e, 0.9) for e in ("FA01.0&XK9K", "FA01.0", "FA01.Z"))
    none = Answer(coding, None, 0.0)
    assert [a.exact for a in (exact, stem, category, none)] == [True, False, False, False]
    assert [a.stem_agrees for a in (exact, stem, category, none)] == [True, True, False, False]
    assert [a.category_agrees for a in (exact, stem, category, none)] == [True, True, True, False]
    assert [a.defensible for a in (exact, stem, category, none)] == [True, True, True, False]


@pytest.mark.realdata
def test_codings_name_codes_of_both_releases(data_dir: Path) -> None:
    from bench.crosswalk_eval import read_corpus  # noqa: PLC0415

    corpus = read_corpus(data_dir)
    vocabulary = ClusterVocabulary.of(corpus.target_release, corpus.target)
    known = {concept.code for concept in corpus.source}
    for coding in read_codings():
        assert coding.code in known
        assert validate(coding.expression, vocabulary).valid, coding.expression
