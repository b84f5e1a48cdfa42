"""Changes between crosswalks, and the reviewers' worklist."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from terminology.cluster import parse
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.model import Crosswalk, Representation
from terminology.crosswalk.review.drift import Drift, crosswalk_drift
from terminology.crosswalk.review.overrides import COLUMNS, read_overrides
from terminology.crosswalk.review.worklist import uncertain, write_review
from tests.terminology.crosswalk.small_corpus import small_corpus

FOUND = list(build_crosswalk(small_corpus()))


def by_code(code: str) -> Crosswalk:
    return next(c for c in FOUND if c.source_code == code)


def test_equal_crosswalks_do_not_drift() -> None:
    assert list(crosswalk_drift(FOUND, FOUND)) == []


def test_drift_names_what_changed() -> None:
    was, pain = by_code("M17.11"), by_code("M25.562")
    stem = replace(was, targets=(replace(was.targets[0], groups=parse("FA01.Z&XK9K").groups),))
    expression = replace(pain, targets=(replace(pain.targets[0], groups=parse("ME82&XK8G").groups),))
    partial = replace(by_code("I10"), representation=Representation.PARTIAL)
    before = [was, pain, by_code("I10"), by_code("E11")]
    after = [stem, expression, partial, by_code("E11.9")]
    kinds = {c.source_code: c.kind for c in crosswalk_drift(before, after)}
    assert kinds == {
        "M17.11": Drift.STEM,
        "M25.562": Drift.EXPRESSION,
        "I10": Drift.REPRESENTATION,
        "E11.9": Drift.ADDED,
        "E11": Drift.REMOVED,
    }


def sure(code: str, confidence: float) -> Crosswalk:
    crosswalk = by_code(code)
    return replace(crosswalk, targets=(replace(crosswalk.targets[0], confidence=confidence),))


def test_worklist_is_ordered_by_volume_times_doubt() -> None:
    crosswalks = [sure("I10", 0.95), sure("E11.9", 0.8), sure("N18.1", 0.5)]
    worklist = uncertain(crosswalks, {"E119": 100, "N18.1": 10, "I10": 1000})
    assert [(c.source_code, volume) for c, volume in worklist] == [("E11.9", 100), ("N18.1", 10)]


def test_worklist_is_written_as_an_unsigned_overrides_file() -> None:
    file = io.StringIO()
    write_review([(sure("N18.1", 0.5), 10)], file)
    row = next(csv.DictReader(io.StringIO(file.getvalue())))
    assert tuple(row)[: len(COLUMNS)] == COLUMNS
    assert (row["source"], row["expression"], row["reviewer"]) == ("N18.1", "GB61.0", "")
    assert row["volume"] == "10"


def test_signed_rows_of_a_worklist_are_decisions_unsigned_ones_are_not() -> None:
    file = io.StringIO()
    write_review([(sure("N18.1", 0.5), 10), (sure("I10", 0.5), 10)], file)
    signed = file.getvalue().replace("I10,BA00.Z,,,", "I10,BA00.Z,A. Reviewer,2026-10-01,agreed")
    decisions = list(read_overrides(io.StringIO(signed), "review.csv"))
    assert [(d.source, d.expression, d.comment) for d in decisions] == [("I10", "BA00.Z", "agreed")]
