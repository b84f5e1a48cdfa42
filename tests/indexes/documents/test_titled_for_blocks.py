"""A code titled for a block or a chapter is named by what stands in it."""

from __future__ import annotations

from indexes.documents.titled_for_blocks import block_terms
from terminology.concept import Concept, Kind
from terminology.systems import ICD10CM


def _concept(code: str, title: str, parent: str | None, kind: Kind = Kind.CATEGORY) -> Concept:
    return Concept(system=ICD10CM.id, code=code, title=title, kind=kind, parent=parent)


SEXUAL = "Infections with a predominantly sexual mode of transmission"
CONCEPTS = (
    _concept("1", "Certain infectious and parasitic diseases", None, Kind.CHAPTER),
    _concept("A50-A64", SEXUAL, "1", Kind.BLOCK),
    _concept("A54", "Gonococcal infection", "A50-A64"),
    _concept("A54.0", "Gonococcal infection of lower genitourinary tract", "A54"),
    _concept("A54.00", "Gonococcal infection of lower genitourinary tract, unspecified", "A54.0", Kind.CODE),
    _concept("A65-A69", "Other spirochetal diseases", "1", Kind.BLOCK),
    _concept("A69.2", "Lyme disease", "A65-A69"),
    _concept("Z20.2", f"Contact with and (suspected) exposure to {SEXUAL.lower()}", None, Kind.CODE),
    _concept("Z83.1", "Family history of other infectious and parasitic diseases", None, Kind.CODE),
    _concept("Z86.11", "Personal history of tuberculosis", None, Kind.CODE),
)


def test_a_contact_is_named_by_the_categories_of_the_block_it_is_titled_for() -> None:
    assert [t.text for t in block_terms(CONCEPTS)["Z202"]] == [
        "Contact with and exposure to Gonococcal infection",
        "Contact with and exposure to Gonococcal infection of lower genitourinary tract",
    ]


def test_a_history_titled_for_a_chapter_in_other_words_is_named_by_all_of_it_and_trusted_less() -> None:
    found = block_terms(CONCEPTS)
    assert "Family history of Lyme disease" in [t.text for t in found["Z831"]]
    assert max(t.trust for t in found["Z831"]) < max(t.trust for t in found["Z202"])


def test_a_history_of_one_disease_takes_no_other() -> None:
    assert "Z8611" not in block_terms(CONCEPTS)
