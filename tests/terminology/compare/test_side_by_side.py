"""A code side by side, over a small bundle."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.compare import compare_code
from terminology.compare.side_by_side import guideline_rules
from terminology.errors import InvalidRequestError


def test_every_care_setting_answers_with_its_rules_and_says_when_it_has_no_volume(store: Store) -> None:
    found = compare_code(store, "e119")
    assert [s["setting"] for s in found["settings"]] == ["inpatient", "outpatient", "office"]
    assert all(s["rules"] and s["volume_notice"] for s in found["settings"])
    assert found["target"]["stem"] == "5A11"


def test_every_rule_names_its_source() -> None:
    assert all(rule.source and rule.icd_11 for rule in guideline_rules())


def test_a_setting_that_is_not_known_is_refused(store: Store) -> None:
    with pytest.raises(InvalidRequestError):
        compare_code(store, "E11.9", ["hospice"])
