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
