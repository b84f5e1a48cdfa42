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
