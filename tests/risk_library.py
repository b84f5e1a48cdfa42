"""Tables of CMS's risk adjustment for payment year 2027, a few rows each, and a list of eligible services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from terminology.claims.tables.risk import (
    CHRONIC_CATEGORIES,
    ELIGIBLE_SERVICES,
    RISK_CATEGORIES,
    RISK_HIERARCHIES,
    RISK_LABELS,
    ChronicCategory,
    EligibleService,
    RiskCategory,
    RiskHierarchy,
    RiskLabel,
)
from terminology.edit_table import LoadedTable, loaded_table

V28 = "CMS-HCC V28"
SERVED = date(2026, 1, 1), date(2026, 12, 31)


def risk_tables() -> Iterator[LoadedTable[Any]]:
    """Type 2 diabetes with (37) and without (38) complications, heart failure (226); 37 stands for 38."""
    places = (("E1122", "37"), ("E119", "38"), ("I5022", "226"))
    categories = [RiskCategory(row, V28, key, category) for row, (key, category) in enumerate(places, 2)]
    yield loaded_table(RISK_CATEGORIES, categories, "2027", "ra_dx_to_cc_2027.csv", SERVED)
    hierarchy = [RiskHierarchy(2, V28, "37", "38")]
    yield loaded_table(RISK_HIERARCHIES, hierarchy, "2026", "ra_hierarchies_2026.csv")
    labels = [RiskLabel(2, V28, "37", "Diabetes with Chronic Complications")]
    yield loaded_table(RISK_LABELS, labels, "2026", "ra_labels_2026.csv")
    chronic = [ChronicCategory(2, V28, "37", True), ChronicCategory(3, V28, "226", False)]
    yield loaded_table(CHRONIC_CATEGORIES, chronic, "all", "hcc_is_chronic.csv")
    services = [EligibleService(2, "G0447"), EligibleService(3, "G0402")]
    yield loaded_table(ELIGIBLE_SERVICES, services, "2027", "ra_eligible_cpt_hcpcs_2027.csv", SERVED)
