"""Which sets of codes ICD-11 still tells apart."""

from __future__ import annotations

from terminology.bundle.store import Store
from terminology.claims.studies import separation
from terminology.claims.studies.separation import COVERAGE, CodeSet, coverage_sets, separations

EXPRESSIONS = {
    "A1": "1A00",
    "A2": "1A00",
    "B1": "1B00&XA1",
    "B2": "1B00&XA2",
    "C1": "1C00",
    "D1": "1D00/1E00",
    "Y1": "1C00",
}


def outcome(monkeypatch: object, store: Store, keys: set[str], **more: object) -> separation.Separation:
    """What becomes of a set, with an invented crosswalk."""
    billable = {key: expression for key, expression in EXPRESSIONS.items() if key != "Y1"}
    release = separation.Expressed.of(frozenset(billable), billable)
    monkeypatch.setattr(separation, "recommended_expressions", lambda *_: EXPRESSIONS)  # type: ignore[attr-defined]
    monkeypatch.setattr(separation, "_expressed", lambda *_: release)  # type: ignore[attr-defined]
    one = CodeSet(COVERAGE, "A900", "", frozenset(keys), 2.0)
    (found,) = separations(store, [one], **more)  # type: ignore[arg-type]
    return found


def test_a_code_that_shares_its_expression_with_one_outside_is_lost(
    monkeypatch: object, claim_store: Store
) -> None:
    found = outcome(monkeypatch, claim_store, {"A1", "C1"})
    assert (found.lost, found.by_stem, found.by_extension, found.unmapped) == (1, 1, 0, 0)
    assert (found.examples[0].key, found.examples[0].other) == ("A1", "A2")


def test_a_whole_group_of_one_expression_is_not_lost(monkeypatch: object, claim_store: Store) -> None:
    assert outcome(monkeypatch, claim_store, {"A1", "A2"}).lost == 0


def test_a_code_that_shares_stems_alone_is_told_by_extensions(
    monkeypatch: object, claim_store: Store
) -> None:
    found = outcome(monkeypatch, claim_store, {"B1", "D1", "Z9"})
    assert (found.by_extension, found.by_stem, found.unmapped, found.codes) == (1, 1, 1, 3)


def test_volume_and_weight_at_stake_are_those_of_lost_codes(monkeypatch: object, claim_store: Store) -> None:
    found = outcome(monkeypatch, claim_store, {"A1", "B1"}, volumes={"A1": 10, "B1": 5, "A2": 99})
    assert (found.volume, found.volume_lost, found.volume_by_extension) == (15, 10, 5)
    assert found.weight_at_stake == 20.0


def test_the_covered_list_of_the_newest_version_is_a_set(claim_store: Store) -> None:
    sets = {each.name: each.keys for each in coverage_sets(claim_store)}
    assert sets["A900"] == {"E119"}
    assert sets["A901"] == {"E119", "I10", "N400"}


def test_a_code_that_has_ended_is_no_lookalike_and_keeps_its_own_expression(
    monkeypatch: object, claim_store: Store
) -> None:
    assert outcome(monkeypatch, claim_store, {"C1"}).by_stem == 1
    found = outcome(monkeypatch, claim_store, {"Y1"})
    assert (found.lost, found.unmapped, found.examples[0].other) == (1, 0, "C1")


def test_sets_of_a_kind_may_have_volumes_of_their_own(monkeypatch: object, claim_store: Store) -> None:
    found = outcome(monkeypatch, claim_store, {"A1"}, volumes={"A1": 10}, of_kinds={COVERAGE: {"A1": 3}})
    assert found.volume_lost == 3
