"""Reviewed decisions win, are validated and show."""

from __future__ import annotations

import io
from collections import Counter
from datetime import date

import pytest

from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.model import Crosswalk, Relationship, Representation
from terminology.crosswalk.review.overrides import Override, read_overrides
from terminology.errors import ReleaseFormatError
from tests.terminology.crosswalk.small_corpus import small_corpus

HEADER = "source,expression,reviewer,date,comment\n"


def decided(source: str, expression: str) -> Crosswalk:
    override = Override(source, expression, "A. Reviewer", date(2026, 10, 1), "board decision", 2)
    found = {c.source_code: c for c in build_crosswalk(small_corpus(), [override])}
    return found[source]


def test_decision_comes_first_and_is_shown_as_such() -> None:
    crosswalk = decided("I10", "BA00")
    assert crosswalk.targets[0].expression == "BA00"
    assert crosswalk.targets[0].confidence == 1.0
    assert crosswalk.targets[0].provenance[0].step == "override"
    assert "A. Reviewer on 2026-10-01: board decision" in crosswalk.targets[0].provenance[0].detail


def test_engine_targets_stay_behind_the_decision() -> None:
    crosswalk = decided("I10", "BA00")
    assert [t.rank for t in crosswalk.targets] == list(range(1, len(crosswalk.targets) + 1))
    assert "BA00.Z" in [t.expression for t in crosswalk.targets[1:]]


def test_decision_that_agrees_keeps_the_judgement() -> None:
    crosswalk = decided("I10", "ba00.z")
    assert crosswalk.targets[0].relationship is Relationship.EQUIVALENT
    assert crosswalk.representation is Representation.FULL


def test_facets_are_judged_for_a_decision_too() -> None:
    target = decided("M17.11", "FA01.Z&XK9K").targets[0]
    assert "laterality=right" in target.facets_kept
    target = decided("M17.11", "FA01.Z").targets[0]
    assert "laterality=right" in target.facets_lost
    assert Counter((*target.facets_kept, *target.facets_lost)).most_common(1)[0][1] == 1


def test_empty_expression_says_no_target_and_who_decided_it() -> None:
    crosswalk = decided("I10", "")
    assert crosswalk.targets == ()
    assert crosswalk.representation is Representation.NONE
    assert crosswalk.decision is not None
    assert crosswalk.decision.detail == "decided by A. Reviewer on 2026-10-01: board decision"


def test_only_decided_codes_have_a_decision() -> None:
    override = Override("I10", "BA00", "A. Reviewer", date(2026, 10, 1), "", 2)
    found = build_crosswalk(small_corpus(), [override])
    assert [c.source_code for c in found if c.decision is not None] == ["I10"]


def test_invalid_expression_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match=r"line 2.*XK9K"):
        decided("I10", "XK9K")


def test_unknown_source_is_refused() -> None:
    override = Override("Q99.9", "BA00", "A. Reviewer", date(2026, 10, 1), "", 2)
    with pytest.raises(ReleaseFormatError, match=r"line 2.*Q99\.9"):
        list(build_crosswalk(small_corpus(), [override]))


def test_csv_is_read_with_its_lines() -> None:
    text = HEADER + "I10,BA00.Z,A. Reviewer,2026-10-01,\n"
    rows = list(read_overrides(io.StringIO(text), "overrides.csv"))
    assert rows == [Override("I10", "BA00.Z", "A. Reviewer", date(2026, 10, 1), "", 2)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("source,expression\n", 1),
        (HEADER + "I10,BA00,A. Reviewer,1.10.2026,\n", 2),
        (HEADER + "I10,BA00,,2026-10-01,\n", 2),
        (HEADER + "I10,BA00,A. Reviewer,,\n", 2),
        (HEADER + "I10,BA00,R,2026-10-01,\ni10,BA01,R,2026-10-01,\n", 3),
    ],
)
def test_faulty_csv_is_refused_with_its_line(text: str, line: int) -> None:
    with pytest.raises(ReleaseFormatError) as caught:
        list(read_overrides(io.StringIO(text), "overrides.csv"))
    assert caught.value.line == line
