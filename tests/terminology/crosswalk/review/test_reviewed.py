"""Shipped decisions hold for a whole family, show as what they are, and yield to an institution's own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from terminology.cluster import ClusterVocabulary
from terminology.concept import Concept, Kind
from terminology.crosswalk import engine
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.model import Crosswalk
from terminology.crosswalk.review.overrides import Override
from terminology.crosswalk.review.reviewed import (
    ReviewedRow,
    family_expressions,
    reviewed_decisions,
    reviewed_rows,
)
from terminology.errors import ClusterSyntaxError, ReleaseFormatError
from terminology.rule_tables import parse_rules
from tests.terminology.crosswalk.small_corpus import small_corpus

KNEE = {
    "M17.0": "Bilateral primary osteoarthritis of knee",
    "M17.10": "Unilateral primary osteoarthritis, unspecified knee",
    "M17.11": "Unilateral primary osteoarthritis, right knee",
    "M17.12": "Unilateral primary osteoarthritis, left knee",
}
SPRAIN = {
    "S83.91XA": "Sprain of right knee, initial encounter",
    "S83.92XD": "Sprain of left knee, subsequent encounter",
    "S83.92XS": "Sprain of left knee, sequela",
}
LATE = Concept("icd-11", "XT9C", "Cause of late effect", Kind.EXTENSION, "X")


def corpus_with(titles: dict[str, str]) -> Corpus:
    """The small corpus with a category and these codes."""
    corpus = small_corpus()
    category = next(iter(titles))[:3]
    kept = [c for c in corpus.source if c.code not in titles]
    if category not in {c.code for c in kept}:
        kept.append(Concept("icd-10-cm", category, "A category", Kind.CATEGORY, None, billable=False))
    codes = [
        Concept("icd-10-cm", code, title, Kind.CODE, category, billable=True)
        for code, title in titles.items()
    ]
    return replace(corpus, source=[*kept, *codes], target=[*corpus.target, LATE])


def vocabulary(corpus: Corpus) -> ClusterVocabulary:
    return ClusterVocabulary.of(corpus.target_release, corpus.target)


def row(source: str, expression: str) -> ReviewedRow:
    return ReviewedRow(source, expression, 0.94, date(2026, 12, 1), "the titles share no word")


def crosswalks(
    monkeypatch: pytest.MonkeyPatch, rows: list[ReviewedRow], *overrides: Override
) -> dict[str, Crosswalk]:
    monkeypatch.setattr(engine, "reviewed_rows", lambda: tuple(rows))
    return {c.source_code: c for c in build_crosswalk(corpus_with(KNEE), overrides)}


def test_each_twin_takes_its_own_side() -> None:
    known = vocabulary(corpus_with(KNEE))
    assert family_expressions("M17.11", "FA01.0&XK9K", KNEE, known) == {
        "M17.0": "FA01.0&XK9J",
        "M17.10": "FA01.0",
        "M17.11": "FA01.0&XK9K",
        "M17.12": "FA01.0&XK8G",
    }


def test_reader_who_added_no_side_added_none_for_the_twins() -> None:
    known = vocabulary(corpus_with(KNEE))
    assert set(family_expressions("M17.11", "FA01.0", KNEE, known).values()) == {"FA01.0"}


def test_late_effect_is_said_and_a_later_encounter_is_not() -> None:
    known = vocabulary(corpus_with(SPRAIN))
    assert family_expressions("S83.91XA", "ME82&XK9K/FA01.0", SPRAIN, known) == {
        "S83.91XA": "ME82&XK9K/FA01.0",
        "S83.92XD": "ME82&XK8G/FA01.0",
        "S83.92XS": "ME82&XK8G&XT9C/FA01.0",
    }


def test_what_cannot_be_turned_for_the_whole_family_is_refused() -> None:
    known = vocabulary(corpus_with(KNEE))
    with pytest.raises(LookupError, match="which stem bears it"):
        family_expressions("M17.10", "FA01.0", KNEE, known)
    with pytest.raises(LookupError, match="no billable code"):
        family_expressions("M17.99", "FA01.0", KNEE, known)
    with pytest.raises(ClusterSyntaxError):
        family_expressions("M17.11", "FA09", KNEE, known)
    broken = {
        "S82.201A": "Fracture of shaft of right tibia, initial encounter for closed fracture",
        "S82.201B": "Fracture of shaft of right tibia, initial encounter for open fracture type I or II",
    }
    with pytest.raises(LookupError, match="fracture-opening"):
        family_expressions("S82.201A", "NC92.2&XJ44E&XK9K", broken, known)


def test_rows_that_do_not_hold_are_told_with_the_reason() -> None:
    found = reviewed_decisions(corpus_with(KNEE), [row("M17.11", "FA01.0"), row("Q99.9", "FA01.0")])
    assert {decision.source for decision in found.decisions} == set(KNEE)
    assert [(left.source, reason) for left, reason in found.left_out] == [
        ("Q99.9", "Q99.9 is no billable code of the release")
    ]


def test_decision_comes_first_with_who_made_it_and_no_false_certainty(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = crosswalks(monkeypatch, [row("M17.11", "FA01.Z&XK9K")])["M17.12"]
    target = found.targets[0]
    assert target.expression == "FA01.Z&XK8G"
    assert target.confidence == 0.94
    assert target.provenance[0].step == "reviewed"
    assert target.provenance[0].source == "reviewed.tsv, M17.11"
    assert "blind to each other and to the engine, not clinical coders" in target.provenance[0].detail
    assert "read for M17.11; the titles share no word" in target.provenance[0].detail
    assert found.decision == target.provenance[0]


def test_institutions_own_decision_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    own = Override("M17.11", "FA01.0&XK9K", "A. Reviewer", date(2026, 12, 2), "", 2)
    found = crosswalks(monkeypatch, [row("M17.11", "FA01.Z&XK9K")], own)
    assert found["M17.11"].targets[0].expression == "FA01.0&XK9K"
    assert found["M17.11"].targets[0].confidence == 1.0
    assert found["M17.12"].targets[0].expression == "FA01.Z&XK8G"


def test_shipped_table_reads_and_each_row_says_why_no_mechanism_can_know_it() -> None:
    assert all(each.why and 0.0 < each.confidence < 1.0 for each in reviewed_rows())


def test_row_without_a_date_is_refused_with_its_place() -> None:
    text = "source\texpression\tconfidence\tdate\twhy\nM17.11\tFA01.0\t0.9\tsoon\tno word\n"
    with pytest.raises(ReleaseFormatError, match=r"reviewed\.tsv, line 2, date: expected a date"):
        list(parse_rules(text, "reviewed.tsv", ReviewedRow))


@pytest.mark.realdata
def test_every_shipped_row_holds_for_its_family(data_dir: Path) -> None:
    from bench.crosswalk_eval import read_corpus  # noqa: PLC0415

    assert not reviewed_decisions(read_corpus(data_dir), reviewed_rows()).left_out
