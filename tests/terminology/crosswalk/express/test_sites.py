"""Where a condition is, told by anatomy codes: both of two joined sites, and no whole beside its part."""

from __future__ import annotations

import pytest

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.express.anatomy import numbered
from terminology.crosswalk.express.expression import Axes, Expression
from terminology.crosswalk.express.sites import Sites
from terminology.crosswalk.read.facets import read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import Name, Names

_STEMS = [
    ("15", "Diseases of the musculoskeletal system or connective tissue", Kind.CHAPTER, None),
    ("22", "Injury, poisoning or certain other consequences of external causes", Kind.CHAPTER, None),
    ("ME", "Symptoms", Kind.CHAPTER, None),
    ("FB84.Y", "Other specified osteomyelitis or osteitis", Kind.STEM, "15"),
    ("FB81.3", "Osteonecrosis due to trauma", Kind.STEM, "15"),
    ("NC92.5", "Fracture of medial malleolus", Kind.STEM, "22"),
    ("NA82.0", "Fracture of thoracic vertebra", Kind.STEM, "22"),
    ("NC3Z", "Injuries to the elbow or forearm, unspecified", Kind.STEM, "22"),
    ("GB01.0", "Torsion of testis", Kind.STEM, "16"),
    ("9A02.Y", "Other specified inflammatory disorders of eyelid", Kind.STEM, "09"),
    ("16", "Diseases of the genitourinary system", Kind.CHAPTER, None),
    ("09", "Diseases of the visual system", Kind.CHAPTER, None),
    ("ND95.0", "Burn of wrist or hand, epidermal burn", Kind.STEM, "22"),
    ("FA20.0", "Seropositive rheumatoid arthritis", Kind.STEM, "15"),
    ("NC32.Y", "Other specified fracture of forearm", Kind.STEM, "22"),
]
_ANATOMY = [
    ("XA67V4", "Ankle"),
    ("XA47V8", "Foot"),
    ("XA44U1", "Tibia"),
    ("XA44U2", "Medial malleolus of tibia"),
    ("XA5007", "Ulna"),
    ("XA59Y3", "Seventh thoracic vertebra"),
    ("XA8NQ5", "Eighth thoracic vertebra"),
    ("XA9FF8", "Elbow"),
    ("XA4BA8", "Upper extremity"),
    ("XA0PT3", "Mucosa"),
    ("XA6Q52", "Nail"),
    ("XA2593", "Fingers and thumb"),
    ("XA8PW4", "Appendix"),
    ("XA4947", "Testis"),
    ("XA9K79", "Upper eyelid"),
    ("XA0JV9", "Lower eyelid"),
]


def said(stem: str, code: str, title: str) -> list[str]:
    concepts = [Concept("icd-11", c, t, kind, parent) for c, t, kind, parent in _STEMS]
    concepts += [Concept("icd-11", c, t, Kind.EXTENSION, "X") for c, t in _ANATOMY]
    concepts.append(Concept("icd-11", "X", "Extension Codes", Kind.CHAPTER, None))
    tabulation = Tabulation("2025-01", concepts, {})
    names = Names(Name(c, t, phrase(t)) for c, t, kind, _ in _STEMS if kind is Kind.STEM)
    made = Expression([[stem]])
    Sites(tabulation, names, Axes(tabulation)).add(made, read_title(title, code))
    return sorted(made.groups[0][1:])


@pytest.mark.parametrize(
    ("stem", "code", "title", "sites"),
    [
        ("FB84.Y", "M86.8X7", "Other osteomyelitis, ankle and foot", ["XA47V8", "XA67V4"]),
        ("NA82.0", "S22.069A", "Unspecified fracture of T7-T8 vertebra", ["XA59Y3", "XA8NQ5"]),
        ("FB84.Y", "M86.8X7", "Other osteomyelitis, foot", ["XA47V8"]),
    ],
)
def test_both_of_two_joined_sites_are_said(stem: str, code: str, title: str, sites: list[str]) -> None:
    assert said(stem, code, title) == sites


def test_a_whole_is_not_said_where_the_stem_says_its_part() -> None:
    assert said("NC92.5", "S82.56XP", "Nondisplaced fracture of medial malleolus of tibia") == []


def test_a_stem_of_one_of_two_joined_sites_is_not_given_the_other_alone() -> None:
    assert said("NC3Z", "S59.9", "Unspecified injury of elbow and foot") == []


def test_where_the_stem_says_the_cause_the_rest_of_its_clause_is_the_site() -> None:
    assert said("FB81.3", "M87.235", "Osteonecrosis due to previous trauma of left ulna") == ["XA5007"]


def test_vertebrae_are_known_by_letter_and_number() -> None:
    assert numbered("Twelfth thoracic vertebra") == "T12 vertebra"
    assert numbered("Arch of twelfth thoracic vertebra") is None


def test_the_limb_beside_a_bone_in_it_is_no_site_of_its_own() -> None:
    title = "Unspecified physeal fracture of lower end of ulna, right arm"
    assert said("NC32.Y", "S59.001A", title) == ["XA5007"]
    assert said("FB84.Y", "M86.8X3", "Other osteomyelitis, upper arm") == ["XA4BA8"]


def test_what_a_site_is_only_associated_with_is_not_there() -> None:
    assert said("FB84.Y", "M86.8X9", "Osteitis of mucosa-associated tissue") == []


def test_a_part_named_with_its_organ_is_no_other_organ() -> None:
    assert said("GB01.0", "N44.03", "Torsion of appendix testis") == []


def test_two_parts_of_one_thing_are_both_said() -> None:
    title = "Ulcerative blepharitis right eye, upper and lower eyelids"
    assert said("9A02.Y", "H01.01A", title) == ["XA0JV9", "XA9K79"]


def test_the_site_of_a_clause_is_said_where_the_stem_says_the_clause() -> None:
    title = "Rheumatoid myopathy with rheumatoid arthritis of right elbow"
    assert said("FA20.0", "M05.421", title) == ["XA9FF8"]
    assert said("FA20.0", "M05.9", "Rheumatoid arthritis with fracture of right elbow") == []


def test_what_stands_in_brackets_names_no_site_alone() -> None:
    title = "Burn of first degree of multiple right fingers (nail), not including thumb"
    assert said("ND95.0", "T23.131A", title) == ["XA2593"]
