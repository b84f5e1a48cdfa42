"""Gaps of chronic conditions."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.claims.payment.gaps import PatientYears, RiskTables, category_gaps, risk_tables_of
from terminology.errors import DataNotAvailableError

TABLES = RiskTables(
    categories={
        "E119": frozenset({"38"}),
        "E1122": frozenset({"37"}),
        "I5022": frozenset({"226"}),
        "A419": frozenset({"2"}),
    },
    above={"38": frozenset({"36", "37"}), "37": frozenset({"36"})},
    labels={"38": "Diabetes", "226": "Heart failure"},
    chronic=frozenset({"36", "37", "38", "226"}),
    coefficients={"CNA_HCC226": 0.36},
)


def gaps(last: tuple[str, ...], this: tuple[str, ...]) -> list[tuple[str, str | None]]:
    """Category and replacement of each gap of a patient."""
    return [(gap.category, gap.replaced_by) for gap in category_gaps([PatientYears("P", last, this)], TABLES)]


def test_a_chronic_category_that_is_not_coded_again_is_a_gap() -> None:
    (gap,) = category_gaps([PatientYears("P", ("I50.22", "E11.9"), ("E11.9",))], TABLES)
    assert (gap.category, gap.label, gap.coefficient, gap.diagnoses) == (
        "226",
        "Heart failure",
        0.36,
        ("I50.22",),
    )


def test_an_acute_condition_is_no_gap() -> None:
    assert gaps(("A41.9",), ()) == []


def test_a_category_that_a_higher_one_replaces_says_so() -> None:
    assert gaps(("E11.9",), ("E11.22",)) == [("38", "37")]


def test_a_category_below_another_of_last_year_is_no_gap_of_its_own() -> None:
    assert gaps(("E11.9", "E11.22"), ()) == [("37", None)]


def test_without_tables_the_error_says_which_files(store: Store) -> None:
    with pytest.raises(DataNotAvailableError, match="ra_dx_to_cc and hcc_is_chronic"):
        risk_tables_of(store)
