"""Which column holds the codes, by the names that people give it."""

from __future__ import annotations

import pytest

from terminology.errors import InvalidRequestError
from terminology.exchange.tables.columns import code_columns, distinct, named_column, role_column


@pytest.mark.parametrize(
    "name",
    [
        "ICD-10 Code",
        "Principal Diagnosis",
        "DX1",
        "I10_DX1",
        "ICD10DX",
        "DIAGNOSIS_CD",
        "condition_source_value",
        "icd_code",
        "dx",
        "code",
        "diagnosisCode",
        "DiagnosisCode1",
        "prncpal_dgns_cd",
        "DXPRIM",
        "Diag Code 01",
        "primary_diagnosis_icd10",
        "Encounter Dx",
    ],
)
def test_a_column_of_codes_is_known_by_its_name(name: str) -> None:
    assert code_columns(["patient", name, "sex"]).main == name


@pytest.mark.parametrize(
    "name",
    [
        "diagnosis description",
        "DX_POA1",
        "dx date",
        "icd_version",
        "ICD-11 code",
        "dx_name",
        "DRG code",
        "ICD9_CODE",
    ],
)
def test_a_column_of_something_else_is_not_taken_for_codes(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="columns: patient"):
        code_columns(["patient", name])


def test_numbered_columns_are_one_kind_in_their_order() -> None:
    found = code_columns(["id", "DX10", "DX2", "DX1", "DX_POA1", "I10_DX_Admitting"])
    assert (found.main, found.others) == ("DX1", ("DX2", "DX10"))
    assert found.apart == ("I10_DX_Admitting",)


@pytest.mark.parametrize(
    ("columns", "read", "unread"),
    [
        ("DX1 DX2 DX3 I10_DX4", "DX1 DX2 DX3 I10_DX4", ""),
        ("I10_DX1 I10_DX2 DX3", "I10_DX1 I10_DX2 DX3", ""),
        ("DX1 DX2 I10_DX1 I10_DX2 I10_DX3", "I10_DX1 I10_DX2 I10_DX3", "DX1 DX2"),
        ("DIAGNOSIS_1 DIAGNOSIS_CODE_1", "DIAGNOSIS_CODE_1", "DIAGNOSIS_1"),
        ("PDX ICD_DX2", "PDX ICD_DX2", ""),
        ("DX2 DX1 I9_DX1", "DX1 DX2", "I9_DX1"),
        ("DX1 DIAG2", "DX1", "DIAG2"),
    ],
)
def test_all_columns_of_diagnoses_are_read_the_first_listed_first_or_named(
    columns: str, read: str, unread: str
) -> None:
    found = code_columns(columns.split())
    assert (" ".join(found.all), " ".join(found.unread)) == (read, unread)


def test_an_admitting_diagnosis_alone_is_read() -> None:
    found = code_columns(["id", "Admitting DX"])
    assert (found.all, found.apart) == (("Admitting DX",), ())


def test_the_principal_diagnosis_comes_first() -> None:
    found = code_columns(["Secondary Diagnosis Code 1", "Principal Diagnosis Code"])
    assert found.all == ("Principal Diagnosis Code", "Secondary Diagnosis Code 1")


def test_a_column_of_codes_goes_before_one_that_may_hold_titles() -> None:
    assert code_columns(["Diagnosis", "ICD Code"]).all == ("ICD Code",)
    assert code_columns(["Diagnosis", "Code"]).main == "Code"


def test_a_version_column_is_paired_with_its_codes() -> None:
    found = code_columns(["ICD_DGNS_CD1", "ICD_DGNS_VRSN_CD1", "ICD_DGNS_CD2", "ICD_DGNS_VRSN_CD2"])
    assert found.versions == {"ICD_DGNS_CD1": "ICD_DGNS_VRSN_CD1", "ICD_DGNS_CD2": "ICD_DGNS_VRSN_CD2"}
    assert code_columns(["dx", "dx_type"]).versions == {"dx": "dx_type"}
    found = code_columns(["DX1", "DX1_VERSION", "DX2", "DX2_VERSION"])
    assert found.versions == {"DX1": "DX1_VERSION", "DX2": "DX2_VERSION"}
    assert code_columns(["dx", "ICD10_version"]).versions == {"dx": "ICD10_version"}


def test_a_column_of_icd_9_by_its_name_is_said() -> None:
    with pytest.raises(InvalidRequestError, match="'ICD9' says that its codes are ICD-9-CM"):
        code_columns(["ICD9"])
    assert code_columns(["ICD9"], "icd9").older == ("ICD9",)


def test_a_column_may_be_named_in_any_spelling() -> None:
    assert named_column(["a", "B-c"], "b c") == "B-c"
    with pytest.raises(InvalidRequestError, match="columns: a, b"):
        named_column(["a", "b"], "x")


def test_other_roles_have_usual_names_too() -> None:
    assert role_column(["Total Diag", "code"], "count") == "Total Diag"
    assert role_column(["code"], "payer") is None


def test_columns_without_a_name_or_named_twice_get_one() -> None:
    assert distinct(["x", None, "x"]) == ["x", "column_2", "x_2"]
