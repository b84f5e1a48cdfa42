"""A title of HCPCS names a thing before it describes it."""

from __future__ import annotations

import pytest

from indexes.documents.supply_names import named_first


@pytest.mark.parametrize(
    ("title", "names"),
    [
        ("Cane, includes canes of all materials", ["Cane"]),
        ("Lancets, per box of 100", ["Lancets"]),
        ("Walker, folding, wheeled, adjustable", ["Walker", "Walker folding", "Walker folding wheeled"]),
        ("Injection, cefazolin sodium, 500 mg", ["Injection cefazolin", "cefazolin"]),
        ("Injection, vancomycin hcl, 500 mg", ["Injection vancomycin", "vancomycin"]),
        ("Preventive examination; face-to-face visit in the first year", ["Preventive examination"]),
        ("Depression screening not documented, reason not given", []),
        ("Wheelchair", []),
    ],
)
def test_names_stand_before_what_describes_them(title: str, names: list[str]) -> None:
    assert [term.text for term in named_first(title)] == names


def test_the_less_a_title_describes_the_more_it_is_the_thing() -> None:
    plain, described = (
        next(named_first(t)) for t in ("Cane, wood", "Cane, quad, with three prongs and tips")
    )
    assert plain.text == described.text
    assert plain.trust > described.trust
