"""What becomes of findings in ICD-11."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.crosswalk.first_expressions import carry_over, first_expressions
from terminology.bundle.store import Store
from terminology.claims.check import unanswered_in
from terminology.claims.claim import ClaimSetting
from terminology.claims.edits import EDITS
from terminology.claims.finding import Finding, Icd11Effect, Severity, Source
from terminology.claims.icd11_effects import effect_of, flagged_keys, general_effect, keys_in_use
from tests.terminology.claims.checking import visit

DAY = date(2026, 8, 15)
SOURCE = Source("NCHS", "a table")


@pytest.fixture(scope="module")
def crossed(claim_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The claim bundle with the first expressions of five codes, two of them shared."""
    store = Store(claim_bundle)
    store.kept.clear()
    expressions = {
        "E109": "5A10",
        "E119": "5A10",
        "M1711": "FA01.0&XK9K",
        "M1712": "FA01.0&XK8G",
        "I10": "BA00",
    }
    reader = lambda: expressions  # noqa: E731
    store.kept[first_expressions.__wrapped__] = reader  # type: ignore[attr-defined]
    yield store
    store.close()


def finding(edit: str, *dx: int) -> Finding:
    """A finding of an edit on diagnoses."""
    return Finding(edit, Severity.WARNING, "", SOURCE, dx=dx)


def test_every_edit_has_an_effect() -> None:
    assert [edit.id for edit in EDITS if general_effect(edit.id) is None] == []


def test_the_encounter_character_is_gone(crossed: Store) -> None:
    effect = effect_of(finding("dx.missing_7th", 1), visit("S52.502"), crossed)
    assert effect is not None and effect.effect is Icd11Effect.GONE


def test_a_pair_that_becomes_one_expression_is_gone(crossed: Store) -> None:
    effect = effect_of(finding("dx.excludes1", 1, 2), visit("E10.9", "E11.9"), crossed)
    assert effect is not None
    assert (effect.effect, "5A10" in effect.text) == (Icd11Effect.GONE, True)
    other = effect_of(finding("dx.excludes1", 1, 2), visit("E10.9", "I10"), crossed)
    assert other is not None and other.effect is Icd11Effect.WEAKER


def test_a_flag_counts_where_no_unflagged_code_shares_the_expression(crossed: Store) -> None:
    keys = keys_in_use(crossed, DAY)
    alone = carry_over(crossed, {"I10"}, keys)
    shared = carry_over(crossed, {"E109"}, keys)
    assert (alone.codes, alone.expressed, alone.undecidable) == (1, 1, 0)
    assert shared.undecidable == 1


def test_the_flags_of_the_editor_are_those_of_the_day(crossed: Store) -> None:
    assert flagged_keys(crossed, "dx.questionable_admission", DAY) == {"I10"}
    assert "N400" not in flagged_keys(crossed, "dx.age_conflict", DAY)


def test_what_is_never_checked_depends_on_the_setting() -> None:
    assert "psi" in [each.edit for each in unanswered_in(ClaimSetting.INPATIENT)]
    assert "psi" not in [each.edit for each in unanswered_in(ClaimSetting.DME)]
