"""The Index says which body part belongs to which."""

from __future__ import annotations

from dataclasses import replace

from indexes.disk.body_parts import BodyParts
from indexes.disk.units import Unit
from indexes.documents.document import SearchTerm, TermKind
from tests.indexes.conftest import document


def _unit(*references: tuple[str, str]) -> Unit:
    terms = tuple(SearchTerm(text, TermKind.INDEX, f"Index 2025, see {see}") for text, see in references)
    return Unit(replace(document("L02.61", "Cutaneous abscess of foot", None), terms=terms))


def test_a_part_belongs_to_the_whole_that_several_diseases_are_coded_to() -> None:
    parts = BodyParts()
    parts.add(
        [
            _unit(("Abscess, heel", "Abscess, foot"), ("Cellulitis, heel", "Cellulitis, foot")),
            _unit(("Abscess, shin", "Abscess, leg"), ("Boil, heel", "Ulcer, ankle")),
        ]
    )
    assert parts.result() == {("heel",): ("foot",)}


def test_what_the_index_prints_above_a_part_is_its_whole_if_it_is_one_elsewhere() -> None:
    parts = BodyParts()
    parts.add(
        [
            _unit(("Abscess, wrist", "Abscess, upper limb"), ("Cellulitis, wrist", "Cellulitis, upper limb")),
            _unit(
                ("Burn, upper limb, elbow", "Burn, elbow"),
                ("Frostbite, upper limb, elbow", "Frostbite, elbow"),
            ),
            _unit(("Bite, nail, finger", "Bite, finger"), ("Abrasion, nail, finger", "Abrasion, finger")),
        ]
    )
    assert parts.result() == {("wrist",): ("upper", "limb"), ("elbow",): ("upper", "limb")}
