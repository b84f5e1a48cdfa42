"""Risk adjustment tables, hand-written in their form and as published."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from loaders.cms.risk import read_categories, read_coefficients, read_hierarchies, read_labels
from loaders.cms.risk_tables import payment_categories, risk_tables
from loaders.files.archive import find_source_files
from loaders.files.catalog import Origin, release_files
from loaders.files.reading import Reading
from loaders.progress import Silent
from terminology.claims.tables.risk import RiskCategory, RiskCoefficient, RiskHierarchy, RiskLabel
from terminology.errors import ReleaseFormatError
from terminology.facility import PaymentScheme

CATEGORIES = b"diagnosis_code,cc,model_name\nE119,38,CMS-HCC Model V28\nE119,19,CMS-HCC ESRD Model V24\n"


def test_models_have_one_name_in_all_tables() -> None:
    assert list(read_categories(BytesIO(CATEGORIES), "c.csv")) == [
        RiskCategory(2, "CMS-HCC V28", "E119", "38"),
        RiskCategory(3, "ESRD V24", "E119", "19"),
    ]
    hierarchy = b"cc_parent,cc_child,model_domain,model_version,model_fullname\n36,37,CMS-HCC,V28,V28115H1\n"
    assert list(read_hierarchies(BytesIO(hierarchy), "h.csv")) == [
        RiskHierarchy(2, "CMS-HCC V28", "36", "37")
    ]
    label = b'cc,label,model_domain,model_version,model_fullname\nHCC37,"Diabetes, x",CMS-HCC,V28,V28115L3\n'
    assert list(read_labels(BytesIO(label), "l.csv")) == [RiskLabel(2, "CMS-HCC V28", "37", "Diabetes, x")]


def test_proposed_coefficients_are_told_by_the_files_name() -> None:
    data = b"coefficient,value,model_domain,model_version\nCNA_HCC37,0.166,CMS-HCC,C28\n"
    for name, proposed in (("ra_coefficients_2026.csv", False), ("ra_proposed_coefficients_2027.csv", True)):
        (row,) = read_coefficients(BytesIO(data), name)
        assert row == RiskCoefficient(2, "CMS-HCC V28", "CNA_HCC37", 0.166, proposed)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"code,cc\n", "a heading row"),
        (CATEGORIES.replace(b",38,", b",x,"), "line 2, cc: expected a whole number"),
    ],
)
def test_categories_of_another_form_are_refused(data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_categories(BytesIO(data), "c.csv"))


def test_only_v28_says_the_payment_category(tmp_path: Path) -> None:
    (tmp_path / "ra_dx_to_cc_2027.csv").write_bytes(CATEGORIES)
    (table,) = risk_tables(Reading(list(release_files(find_source_files(tmp_path), Origin.DATA)), Silent()))
    assert [(s.scheme, s.key, s.status) for s in payment_categories([table])] == [
        (PaymentScheme.HCC_V28, "E119", "38")
    ]
    assert table.release.in_force_from == date(2026, 1, 1)  # the year before the payment year


def test_of_two_years_the_newest_that_has_v28_says_it(tmp_path: Path) -> None:
    older = b"diagnosis_code,cc,model_name\nE119,37,CMS-HCC Model V28\nE119,19,CMS-HCC Model V24\n"
    (tmp_path / "ra_dx_to_cc_2026.csv").write_bytes(older)
    (tmp_path / "ra_dx_to_cc_2027.csv").write_bytes(CATEGORIES)
    (tmp_path / "ra_dx_to_cc_2028.csv").write_bytes(older.replace(b"V28", b"V99"))
    tables = list(
        risk_tables(Reading(list(release_files(find_source_files(tmp_path), Origin.DATA)), Silent()))
    )
    assert len(tables) == 3
    assert [(s.key, s.status) for s in payment_categories(tables)] == [("E119", "38")]


@pytest.mark.realdata
def test_the_published_tables_have_the_published_counts(data_dir: Path) -> None:
    reading = Reading(list(release_files(find_source_files(data_dir), Origin.DATA)), Silent())
    tables = {(table.table.name, table.release.release): table.rows for table in risk_tables(reading)}
    v28 = [row.key for row in tables["risk_category", "2027"] if row.model == "CMS-HCC V28"]
    assert (len(v28), len(set(v28))) == (8299, 8019)  # 280 codes are in two categories
    assert len(tables["risk_hierarchy", "2026"]) == 734
    assert len(tables["risk_coefficient", "2026"]) == 8413
    assert {row.proposed for row in tables["risk_coefficient", "2027 proposed"]} == {True}
