"""Modifiers, sides, repeats and unlisted services of lines."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.finding import Certainty, Severity
from tests.terminology.claims.checking import found, line, visit


@pytest.mark.parametrize(
    "modifiers", [("GA", "GZ"), ("JZ", "JW"), ("50", "LT"), ("59", "XU"), ("26", "TC"), ("NU", "RR")]
)
def test_modifiers_that_contradict_each_other_are_a_warning(
    modifiers: tuple[str, str], claim_store: Store
) -> None:
    (finding,) = found("mod.conflict", visit("I10", lines=(line("G0447", *modifiers),)), claim_store)
    assert (finding.line, finding.severity) == ((1,), Severity.WARNING)
    assert all(each in finding.message for each in modifiers)


@pytest.mark.parametrize("modifiers", [("LT", "RT"), ("GA",), ("NU", "RT"), ("GA", "KX")])
def test_modifiers_that_go_together_are_no_finding(modifiers: tuple[str, ...], claim_store: Store) -> None:
    assert not found("mod.conflict", visit("I10", lines=(line("G0447", *modifiers),)), claim_store)


def test_a_line_has_room_for_four_modifiers(claim_store: Store) -> None:
    modifiers = ("LT", "KX", "GA", "NU", "XU")
    (finding,) = found("mod.conflict", visit("I10", lines=(line("G0447", *modifiers),)), claim_store)
    assert finding.severity is Severity.ERROR


def test_a_line_of_one_side_that_points_to_the_other_is_a_heuristic_warning(claim_store: Store) -> None:
    (finding,) = found("line.laterality_mismatch", visit("M17.12", lines=(line("L1833", "RT"),)), claim_store)
    assert (finding.dx, finding.line, finding.severity) == ((1,), (1,), Severity.WARNING)
    assert finding.certainty is Certainty.HEURISTIC


@pytest.mark.parametrize(
    "codes",
    [("M17.11",), ("M17.0",), ("M17.12", "M17.11"), ("I50.1",), ("I50.814",), ("I10",)],
)
def test_a_diagnosis_of_the_side_of_both_or_of_none_is_no_mismatch(
    codes: tuple[str, ...], claim_store: Store
) -> None:
    lines = (line("L1833", "RT", pointers=tuple(range(1, len(codes) + 1))),)
    assert not found("line.laterality_mismatch", visit(*codes, lines=lines), claim_store)


def test_a_line_of_both_sides_has_no_mismatch(claim_store: Store) -> None:
    claim = visit("M17.12", lines=(line("L1833", "RT", "LT"),))
    assert not found("line.laterality_mismatch", claim, claim_store)


def test_a_line_that_repeats_another_is_a_warning(claim_store: Store) -> None:
    (finding,) = found("line.duplicate", visit("I10", lines=(line(), line("L1833"), line())), claim_store)
    assert (finding.line, finding.severity) == ((3,), Severity.WARNING)


@pytest.mark.parametrize("modifier", ["76", "77", "91", "59", "XE", "LT", "RT", "JW", "JZ"])
def test_a_modifier_tells_a_repeat_apart(modifier: str, claim_store: Store) -> None:
    claim = visit("I10", lines=(line("G0447", modifier), line("G0447", modifier)))
    assert not found("line.duplicate", claim, claim_store)


def test_lines_of_other_days_are_no_repeat(claim_store: Store) -> None:
    claim = visit("I10", lines=(line(), line(date_of_service=date(2026, 8, 16))))
    assert not found("line.duplicate", claim, claim_store)


def test_an_unlisted_code_needs_a_description(claim_store: Store) -> None:
    (finding,) = found("line.noc_description", visit("I10", lines=(line("A0999"),)), claim_store)
    assert (finding.severity, finding.source.row) == (Severity.WARNING, 2)
    described = visit("I10", lines=(line("A0999", description="air transport"),))
    assert not found("line.noc_description", described, claim_store)


def test_an_unlisted_code_that_ended_is_not_asked_for_one(claim_store: Store) -> None:
    assert not found("line.noc_description", visit("I10", lines=(line("A4649"),)), claim_store)


def test_a_code_that_only_an_older_list_has_is_unlisted_no_longer(claim_store: Store) -> None:
    assert not found("line.noc_description", visit("I10", lines=(line("L1833"),)), claim_store)
