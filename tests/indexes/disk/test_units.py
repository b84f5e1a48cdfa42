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
