"""Further stems that go with a source code and its title."""

from __future__ import annotations

import pytest

from terminology.crosswalk.express.companions import companions
from terminology.crosswalk.read.facets import read_title


def stems(code: str, title: str) -> list[str]:
    return [companion.stem for companion in companions(code, read_title(title, code))]


@pytest.mark.parametrize(
    ("intent", "stem"),
    [
        ("accidental (unintentional)", "PB20"),
        ("intentional self-harm", "PC90"),
        ("assault", "PE80"),
        ("undetermined", "PH40"),
    ],
)
def test_intent_of_a_poisoning_is_told_by_its_external_cause(intent: str, stem: str) -> None:
    assert stems("T40.2X1A", f"Poisoning by other opioids, {intent}, initial encounter") == [stem]


def test_adverse_effect_and_underdosing_name_no_intent() -> None:
    assert stems("T45.515A", "Adverse effect of anticoagulants, initial encounter") == []
    assert stems("T45.516A", "Underdosing of anticoagulants, initial encounter") == []


def test_resistance_of_an_agent_goes_with_an_infection_and_not_with_its_history() -> None:
    title = "Sepsis due to Methicillin resistant Staphylococcus aureus"
    assert stems("A41.02", title) == ["MG51.00"]
    assert stems("Z86.14", f"Personal history of {title}") == []


def test_bleeding_and_perforation_of_an_ulcer_are_told_beside_it_where_they_are() -> None:
    both = "Chronic or unspecified gastric ulcer with both hemorrhage and perforation"
    assert stems("K25.6", both) == ["ME24.9Z", "ME24.3Z"]
    assert stems("K25.7", "Chronic gastric ulcer without hemorrhage or perforation") == []


def test_an_ulcer_that_is_chronic_or_unspecified_is_not_chronic() -> None:
    reading = read_title("Chronic or unspecified gastric ulcer with hemorrhage", "K25.4")
    assert [f.value for f in reading.ruled if f.dimension == "course"] == ["unspecified"]
