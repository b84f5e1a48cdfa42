"""What titles assert, and what of it a source does not say."""

from __future__ import annotations

import pytest

from terminology.crosswalk.assertions import least_extra
from terminology.crosswalk.lexicon import phrase


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
    ],
)
def test_of_alternatives_the_nearest_counts_and_headings_assert_nothing(
    source: str, target: str, extra: str
) -> None:
    assert least_extra(target, phrase(source).everything)[1] == phrase(extra).words
