"""What the tables say of one code."""

from __future__ import annotations

from pathlib import Path

from terminology.bundle.assemble import write_library
from terminology.bundle.store import Store
from terminology.claims.lookups.code_rules import CodeRules, code_rules
from terminology.claims.tables.risk import RISK_CATEGORIES, RiskCategory
from terminology.edit_table import loaded_table
from terminology.graph import TerminologyGraph
from terminology.systems import ICD10CM
from tests.small_library import small_library


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


def test_a_model_is_shown_as_the_newest_mapping_that_has_it(tmp_path: Path) -> None:
    library = small_library()
    for year, rows in (
        ("2026", [("CMS-HCC V24", "19"), ("CMS-HCC V28", "37")]),
        ("2027", [("CMS-HCC V28", "38")]),
    ):
        mapped = [RiskCategory(at, model, "E119", cc) for at, (model, cc) in enumerate(rows, 2)]
        library.edit_tables.append(loaded_table(RISK_CATEGORIES, mapped, year, f"ra_dx_to_cc_{year}.csv"))
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    store = Store(tmp_path)
    rules = rules_of(store, "E11.9")
    store.close()
    told = [(years.place.model, years.place.category, years.place.source[-4:]) for years in rules.risk]
    assert told == [("CMS-HCC V28", "38", "2027"), ("CMS-HCC V24", "19", "2026")]
    assert not any("V24" in name for name in rules.silent)


def test_tables_that_are_not_loaded_are_named(store: Store) -> None:
    rules = rules_of(store, "E11.9")
    assert (rules.flags, rules.poa, rules.risk) == ((), (), ())
    assert any("Medicare Code Editor" in name for name in rules.silent)
    assert any("V24" in name for name in rules.silent)
