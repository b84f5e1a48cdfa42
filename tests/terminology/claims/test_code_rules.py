"""What the tables say of one code."""

from __future__ import annotations

from terminology.bundle.store import Store
from terminology.claims.code_rules import code_rules


def test_flags_stand_with_the_days_between_which_they_held(claim_store: Store) -> None:
    periods = code_rules(claim_store, "E28.310").flags
    assert [(p.start, p.end) for p in periods] == [("2015-10-01", "2024-09-30"), ("2024-10-01", None)]
    assert [len(p.flags) for p in periods] == [2, 1]
    assert "for female patients" in periods[0].flags


def test_a_code_on_the_list_is_exempt_and_another_is_not_in_that_years_list(claim_store: Store) -> None:
    assert [rule.exempt for rule in code_rules(claim_store, "Z79.4").poa] == [True]
    (other,) = code_rules(claim_store, "I10").poa
    assert not other.exempt
    assert "2025" in other.source


def test_tables_that_are_not_loaded_are_named(store: Store) -> None:
    rules = code_rules(store, "E11.9")
    assert (rules.flags, rules.poa, rules.risk) == ((), (), ())
    assert any("Medicare Code Editor" in name for name in rules.silent)
    assert any("V24" in name for name in rules.silent)
