"""What titles assert, and what of it a source does not say."""

from __future__ import annotations

import pytest

from terminology.crosswalk.read.assertions import includes, joined, least_extra
from terminology.crosswalk.read.lexicon import phrase


@pytest.mark.parametrize(
    ("source", "target", "extra"),
    [
        ("Arthrodesis status", "Presence of arthrodesis", ""),
        ("Aneurysm of iliac artery", "Aneurysm or dissection of iliac artery", ""),
        ("Conjunctival hemorrhage", "Conjunctival or subconjunctival haemorrhage", ""),
        ("Mental disorder", "Mental, behavioural or neurodevelopmental disorders", ""),
        ("Bronchus neoplasm", "Neoplasm of trachea, bronchus, and lung", ""),
        ("Cocaine use", "Cocaine use including crack, freebase or paste", ""),
        ("Laceration of finger", "Laceration without foreign body of finger or thumb", ""),
        ("Volvulus", "Volvulus of large intestine", "large intestine"),
        ("Fatty liver disease", "Non-alcoholic fatty liver disease", "non-alcoholic"),
        ("Gallstone", "Gallstone with acute cholecystitis", "acute cholecystitis"),
        ("Acute gastritis", "Acute and chronic gastritis", "chronic"),
        ("Epidermal burn of finger", "Burn of ankle or foot, epidermal burn", "ankle"),
    ],
)
def test_of_alternatives_the_nearest_counts_and_headings_assert_nothing(
    source: str, target: str, extra: str
) -> None:
    assert least_extra(target, phrase(source).everything)[1] == phrase(extra).words


@pytest.mark.parametrize(
    ("title", "narrower", "included"),
    [
        ("Laceration without foreign body of hip or thigh", "Laceration without foreign body of thigh", True),
        ("Laceration without foreign body of hip or thigh", "Laceration with foreign body of thigh", False),
        ("Fracture of little finger", "Fracture of proximal phalanx of little finger", True),
        ("Fracture of middle finger", "Fracture of middle phalanx of ring finger", False),
        ("Abrasion of thorax", "Contusion of thorax", False),
    ],
)
def test_a_title_includes_another_that_says_each_of_its_clauses(
    title: str, narrower: str, included: bool
) -> None:
    assert (includes(title, narrower) is not None) is included


@pytest.mark.parametrize(
    ("title", "source", "said_as_one_of_several"),
    [
        ("Contusion of shoulder or upper arm", "Contusion of upper arm", "upper arm"),
        ("Contusion of shoulder or upper arm", "Contusion of shoulder and upper arm", ""),
        ("Injuries to the ankle or foot, unspecified", "Unspecified injury of ankle", "ankle"),
        ("Contusion of ankle", "Contusion of ankle", ""),
    ],
)
def test_a_site_that_a_title_joins_with_others_is_not_told_by_it(
    title: str, source: str, said_as_one_of_several: str
) -> None:
    assert joined(title, phrase(source).everything) == phrase(said_as_one_of_several).words
