"""A category and the code that stands for it have each other's terms."""

from __future__ import annotations

from indexes.disk.units import units_of
from terminology.concept import Kind
from tests.indexes.conftest import document


def test_the_general_code_may_be_the_one_that_denies() -> None:
    units = units_of(
        [
            document("K29.7", "Gastritis, unspecified", "1", kind=Kind.CATEGORY),
            document("K29.70", "Gastritis, unspecified, without bleeding", "K29.7"),
            document("K29.71", "Gastritis, unspecified, with bleeding", "K29.7"),
        ]
    )
    by_code = {unit.document.code: {p.tokens for p in unit.phrases} for unit in units}
    assert ("gastritis",) in by_code["K29.70"]
    assert ("gastritis",) not in by_code["K29.71"]


def test_what_gathers_other_sites_or_complications_is_not_the_general_code() -> None:
    units = units_of(
        [
            document("D18.0", "Hemangioma", "1", kind=Kind.CATEGORY),
            document("D18.00", "Hemangioma unspecified site", "D18.0"),
            document("D18.09", "Hemangioma of other sites", "D18.0"),
            document(
                "B27.9", "Glandular fever, unspecified", "1", kind=Kind.CATEGORY, index=("Kissing disease",)
            ),
            document("B27.90", "Glandular fever, unspecified without complication", "B27.9"),
            document("B27.99", "Glandular fever, unspecified with other complication", "B27.9"),
        ]
    )
    by_code = {unit.document.code: {p.shown for p in unit.phrases} for unit in units}
    assert "Hemangioma" in by_code["D18.00"] - by_code["D18.09"]
    assert "Kissing disease" in by_code["B27.90"] - by_code["B27.99"]


def test_a_term_of_a_category_that_names_a_child_is_the_childs() -> None:
    units = units_of(
        [
            document(
                "L89.15",
                "Pressure ulcer of sacrum",
                "1",
                kind=Kind.CATEGORY,
                index=("Ulcer, pressure, stage 3, coccyx",),
            ),
            document("L89.153", "Pressure ulcer of sacrum, stage 3", "L89.15"),
            document("L89.154", "Pressure ulcer of sacrum, stage 4", "L89.15"),
            document("L89.159", "Pressure ulcer of sacrum, unspecified stage", "L89.15"),
        ]
    )
    holds = {unit.document.code: any("coccyx" in p.tokens for p in unit.phrases) for unit in units}
    assert holds == {"L89.15": True, "L89.153": True, "L89.154": False, "L89.159": False}
