"""Which columns of a table of claims hold what."""

from __future__ import annotations

import pytest

from terminology.errors import InvalidRequestError
from terminology.exchange.claims.claim_columns import claim_fields, claim_layout


def test_a_row_a_claim_has_numbered_codes_and_lines() -> None:
    layout = claim_layout(
        ["Claim ID", "DX1", "dx_2", "POA1", "line1_hcpcs", "line1_mod1", "line1_mod2", "units_2", "hcpcs_2"]
    )
    assert layout.diagnoses == (("DX1", "POA1"), ("dx_2", None))
    assert layout.lines == (
        {"code": ("line1_hcpcs",), "modifiers": ("line1_mod1", "line1_mod2")},
        {"code": ("hcpcs_2",), "units": ("units_2",)},
    )
    assert not layout.long


def test_a_row_a_line_is_told_by_codes_without_a_number() -> None:
    layout = claim_layout(["claim_id", "dx1", "dx2", "hcpcs", "mod1", "mod2", "units"])
    assert layout.long
    assert layout.lines == ({"code": ("hcpcs",), "modifiers": ("mod1", "mod2"), "units": ("units",)},)


def test_a_row_a_code_is_told_by_one_column_of_codes() -> None:
    assert claim_layout(["claim_id", "diagnosis_code", "poa"]).long
    assert not claim_layout(["diagnosis_code"]).long


def test_names_of_medicares_claim_files_are_known() -> None:
    layout = claim_layout(
        ["CLM_ID", "PRNCPAL_DGNS_CD", "ICD_DGNS_CD1", "CLM_POA_IND_SW1", "CLM_THRU_DT", "HCPCS_CD"]
    )
    assert layout.principal_apart
    assert layout.diagnoses == (("PRNCPAL_DGNS_CD", None), ("ICD_DGNS_CD1", "CLM_POA_IND_SW1"))
    assert layout.single["statement_through"] == "CLM_THRU_DT"


def test_columns_that_mean_nothing_are_named() -> None:
    assert claim_layout(["dx1", "patient_name", "birth_date"]).unused == ("patient_name", "birth_date")


def test_a_table_without_codes_is_refused_with_its_columns() -> None:
    with pytest.raises(InvalidRequestError, match="there are a, b"):
        claim_layout(["a", "b"])


def test_every_field_of_the_table_of_names_has_a_known_kind() -> None:
    kinds = {"text", "setting", "age", "sex", "day", "codes", "line"}
    assert set(claim_fields().values()) <= kinds
