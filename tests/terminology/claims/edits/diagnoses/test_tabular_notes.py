"""Notes of the Tabular List on the diagnoses of a claim."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.edits.diagnoses.tabular_notes import ON_REQUEST
from terminology.claims.finding import Severity
from tests.terminology.claims.checking import checked, found, of, reasons, visit


@pytest.mark.parametrize("codes", [("E10.9", "E11.9"), ("E11.9", "E10.9")])
def test_an_excludes1_note_of_either_code_is_a_warning_with_its_words(
    codes: tuple[str, str], claim_store: Store
) -> None:
    (finding,) = found("dx.excludes1", visit(*codes), claim_store)
    assert (finding.dx, finding.severity) == ((1, 2), Severity.WARNING)
    assert finding.why == "type 2 diabetes mellitus (E11.-)"
    assert finding.source.row == "E10.9"
    assert "unrelated" in finding.message


def test_a_note_of_the_block_holds_for_its_codes(claim_store: Store) -> None:
    (finding,) = found("dx.excludes1", visit("K51.9", "K58.0"), claim_store)
    assert finding.source.row == "K50-K52"


def test_a_note_that_names_codes_of_a_kind_excludes_those_alone(claim_store: Store) -> None:
    assert found("dx.excludes1", visit("K59.3", "E10.10"), claim_store)
    assert not found("dx.excludes1", visit("K59.3", "E10.9"), claim_store)


def test_excludes2_is_no_finding(claim_store: Store) -> None:
    assert not found("dx.excludes1", visit("K51.9", "K59.3"), claim_store)


def test_what_was_checked_names_the_release(claim_store: Store) -> None:
    assert checked("dx.excludes1", visit("E11.9"), claim_store) == ["2026"]


def test_a_named_cause_that_stands_later_is_a_warning(claim_store: Store) -> None:
    (finding,) = found("dx.code_first", visit("F06.0", "G40.9"), claim_store)
    assert (finding.dx, finding.severity) == ((1, 2), Severity.WARNING)
    assert "epilepsy (G40.-)" in (finding.why or "")
    assert not found("dx.code_first", visit("G40.9", "F06.0"), claim_store)


def test_a_cause_that_is_absent_is_told_as_advice(claim_store: Store) -> None:
    (finding,) = found("dx.code_first", visit("I10", "F06.0"), claim_store)
    assert (finding.dx, finding.severity) == ((2,), Severity.INFO)


def test_a_note_with_if_applicable_is_advice_even_where_the_cause_stands_later(claim_store: Store) -> None:
    (finding,) = found("dx.code_first", visit("F06.1", "G43.9"), claim_store)
    assert finding.severity is Severity.INFO


def test_a_manifestation_listed_first_is_told_once(claim_store: Store) -> None:
    claim = visit("F02.80", "G30.9")
    assert found("dx.manifestation_first", claim, claim_store)
    assert not found("dx.code_first", claim, claim_store)


def test_an_additional_code_is_asked_for_until_it_is_there(claim_store: Store) -> None:
    (finding,) = found("dx.use_additional", visit("G30.9"), claim_store)
    assert (finding.severity, finding.why) == (Severity.INFO, "dementia (F02.-)")
    assert not found("dx.use_additional", visit("G30.9", "F02.80"), claim_store)


def test_a_note_that_holds_for_several_diagnoses_is_told_once(claim_store: Store) -> None:
    (finding,) = found("dx.use_additional", visit("G30.9", "I10", "G30.0"), claim_store)
    assert finding.dx == (1, 3)
    assert finding.message.startswith("G30.9 and G30.0: use an additional code")


def test_notes_of_a_block_are_advice_on_request(claim_store: Store) -> None:
    claim = visit("K51.9")
    assert not found("dx.use_additional", claim, claim_store)
    assert reasons("dx.use_additional", claim, claim_store) == [ON_REQUEST]
    (finding,) = of("dx.use_additional", check(claim, claim_store, ["dx.use_additional"]))
    assert finding.source.row == "K50-K52"


def test_a_cause_that_there_need_not_be_is_asked_for_on_request(claim_store: Store) -> None:
    claim = visit("I10", "F06.1")
    notes = of("dx.code_first", check(claim, claim_store, ["dx.code_first"]))
    assert [note.why for note in notes] == [
        "if applicable, migraine (G43.-); the underlying condition, such as: epilepsy (G40.-)"
    ]
    (finding,) = found("dx.code_first", claim, claim_store)
    assert finding.why == "the underlying condition, such as: epilepsy (G40.-)"


def test_a_pregnancy_needs_its_weeks_until_they_are_there(claim_store: Store) -> None:
    (finding,) = found("dx.use_additional", visit("O80"), claim_store)
    assert (finding.dx, finding.source.row) == ((1,), "I.C.21.c.11")
    assert not found("dx.use_additional", visit("O80", "Z3A.40"), claim_store)
    assert not found("dx.use_additional", visit("O99.03"), claim_store)


def test_a_claim_without_date_is_not_checked_for_notes(claim_store: Store) -> None:
    claim = visit("E10.9", "E11.9", day=None)  # type: ignore[arg-type]
    assert reasons("dx.excludes1", claim, claim_store) == ["the claim has no date"]


@pytest.mark.parametrize(
    ("day", "certainty"), [(date(2026, 8, 15), "rule"), (date(2028, 8, 15), "heuristic")]
)
def test_notes_of_the_year_beside_are_likely_and_name_their_year(
    day: date, certainty: str, claim_store: Store
) -> None:
    (finding,) = found("dx.excludes1", visit("E10.9", "E11.9", day=day), claim_store)
    assert finding.certainty == certainty


def test_notes_of_a_year_far_off_are_not_applied(claim_store: Store) -> None:
    claim = visit("E10.9", "E11.9", day=date(2030, 8, 15))
    assert not found("dx.excludes1", claim, claim_store)
    assert "no Tabular List of 2030-08-15" in reasons("dx.excludes1", claim, claim_store)[0]


def test_what_is_coded_before_adverse_effects_is_not_coded_before_poisonings(claim_store: Store) -> None:
    (finding,) = found("dx.code_first", visit("T45.515A", "K51.9"), claim_store)
    assert (finding.severity, finding.dx) == (Severity.WARNING, (1, 2))
    assert not found("dx.code_first", visit("T45.511A", "K51.9"), claim_store)
