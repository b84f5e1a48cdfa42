"""Advice: combination codes, both sides, specific codes."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.edits.diagnoses.coding_advice import MORE_SPECIFIC
from terminology.claims.finding import Certainty, Severity
from tests.terminology.claims.checking import found, of, reasons, visit


@pytest.mark.parametrize(
    ("codes", "suggested", "replaced"),
    [
        (("I10", "I50.9"), "I11.0", 1),
        (("N18.6", "I10"), "I12.0", 2),
        (("I10", "N18.4"), "I12.9", 1),
        (("I11.0", "N18.4"), "I13.0", 1),
        (("N18.6", "I11.9"), "I13.11", 2),
        (("I12.9", "I50.9"), "I13.0", 1),
        (("E11.9", "N18.4"), "E11.22", 1),
        (("J20.9", "J44.9"), "J44.0", 2),
    ],
)
def test_two_codes_for_which_there_is_one_are_told_the_one_to_replace_first(
    codes: tuple[str, str], suggested: str, replaced: int, claim_store: Store
) -> None:
    (finding,) = found("dx.combination", visit(*codes), claim_store)
    assert (finding.dx, finding.severity) == ((replaced, 3 - replaced), Severity.INFO)
    assert finding.suggest == (suggested,)


@pytest.mark.parametrize(
    "codes", [("I11.0", "I50.9"), ("I10", "I13.0", "N18.4", "I50.9"), ("J44.0", "J20.9")]
)
def test_a_claim_that_has_the_one_code_is_no_finding(codes: tuple[str, ...], claim_store: Store) -> None:
    assert not found("dx.combination", visit(*codes), claim_store)


def test_what_the_index_joins_by_with_is_presumed_related(claim_store: Store) -> None:
    (finding,) = found("dx.combination", visit("G43.9", "E11.9"), claim_store)
    assert (finding.dx, finding.suggest) == ((2, 1), ("E11.8",))
    assert finding.certainty is Certainty.HEURISTIC
    assert (finding.source.release, finding.source.row) == ("2026", "Diabetes, diabetic, with, migraine NEC")
    assert not found("dx.combination", visit("G43.9", "E11.9", "E11.8"), claim_store)


def test_a_joint_code_of_another_category_is_not_presumed(claim_store: Store) -> None:
    assert not found("dx.combination", visit("G40.9", "G43.9"), claim_store)


def test_right_and_left_of_a_condition_with_a_bilateral_code_are_told(claim_store: Store) -> None:
    (finding,) = found("dx.bilateral", visit("M17.11", "M17.12"), claim_store)
    assert (finding.dx, finding.suggest) == ((1, 2), ("M17.0",))
    assert not found("dx.bilateral", visit("M17.11", "M17.0"), claim_store)


def test_unspecified_codes_are_told_on_request_only(claim_store: Store) -> None:
    claim = visit("K51.9")
    assert not found(MORE_SPECIFIC, claim, claim_store)
    assert reasons(MORE_SPECIFIC, claim, claim_store)
    assert of(MORE_SPECIFIC, check(claim, claim_store, (MORE_SPECIFIC,)))
