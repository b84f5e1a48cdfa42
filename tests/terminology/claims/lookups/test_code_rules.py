"""What the tables say of one code."""

from __future__ import annotations

from terminology.bundle.store import Store
from terminology.claims.lookups.code_rules import CodeRules, code_rules
from terminology.systems import ICD10CM


def rules_of(store: Store, code: str) -> CodeRules:
    return code_rules(store, store.concept(ICD10CM.id, code))


def test_flags_stand_in_words_with_the_days_between_which_they_held(claim_store: Store) -> None:
    (flags,) = rules_of(claim_store, "I10").flags
    assert (str(flags.period.begins), flags.period.until) == ("2015-10-01", None)
    assert flags.words == ("questionable admission when principal",)


def test_a_code_that_the_list_of_a_year_has_not_is_to_be_reported_by_that_list(claim_store: Store) -> None:
    (rule,) = rules_of(claim_store, "I10").poa
    assert not rule.exempt
    assert "2025" in rule.source


def test_tables_that_are_not_loaded_are_named(store: Store) -> None:
    rules = rules_of(store, "E11.9")
    assert (rules.flags, rules.poa, rules.risk) == ((), (), ())
    assert any("Medicare Code Editor" in name for name in rules.silent)
    assert any("V24" in name for name in rules.silent)
