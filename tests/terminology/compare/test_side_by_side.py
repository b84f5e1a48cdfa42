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


def topics(setting: str, key: str, title: str, poa: str = "needed") -> set[str]:
    return {rule.topic for rule in guideline_rules() if rule.applies(setting, key, title, poa)}


@pytest.mark.parametrize("key", ["B20", "A925", "U071", "J101", "J09X2"])
def test_codes_of_which_only_confirmed_cases_are_coded_show_no_rule_for_uncertain_ones(key: str) -> None:
    for setting in ("inpatient", "outpatient", "office"):
        found = topics(setting, key, "a title")
        assert "confirmed cases only" in found
        assert "uncertain diagnosis" not in found
    assert "uncertain diagnosis" in topics("inpatient", "J189", "pneumonia, unspecified organism")


def test_an_exempt_code_is_not_said_to_take_an_indicator() -> None:
    said = {
        poa: [
            rule.icd_10_cm
            for rule in guideline_rules()
            if rule.topic == "present on admission" and rule.applies("inpatient", "Z23", "a title", poa)
        ]
        for poa in ("needed", "exempt", "unknown")
    }
    assert [len(rules) for rules in said.values()] == [1, 1, 1]
    assert "left blank" in said["exempt"][0]


def test_only_rules_about_the_code_are_shown() -> None:
    injury = topics("office", "S52501A", "unspecified fracture of the lower end of right radius")
    assert {"7th character", "laterality", "unspecified"} <= injury
    assert not {"7th character", "laterality", "symptoms and signs"} & topics("office", "I10", "hypertension")
    assert "symptoms and signs" in topics("office", "R079", "chest pain, unspecified")


def test_what_is_chiefly_responsible_for_an_office_visit_is_cited_from_section_iv_g() -> None:
    (rule,) = [r for r in guideline_rules() if (r.setting, r.topic) == ("office", "first-listed diagnosis")]
    assert "chiefly responsible for the services" in rule.icd_10_cm
    assert "IV.G" in rule.source


@pytest.mark.parametrize(
    ("setting", "key", "title", "topic"),
    [
        ("inpatient", "T8141XA", "infection following a procedure", "complication of care"),
        ("inpatient", "I10", "essential hypertension", "several conditions"),
        ("outpatient", "Z5111", "encounter for antineoplastic chemotherapy", "treatment alone"),
        ("office", "Z01818", "encounter for other preprocedural examination", "preoperative evaluation"),
        (
            "office",
            "Z0001",
            "general adult medical examination with abnormal findings",
            "general examination",
        ),
        ("office", "Z0389", "observation for other suspected diseases, ruled out", "observation, ruled out"),
        ("inpatient", "E1122", "type 2 diabetes mellitus with diabetic ckd", "combination code"),
        ("inpatient", "W19XXXA", "unspecified fall, initial encounter", "external cause"),
    ],
)
def test_a_rule_is_shown_with_the_codes_it_is_about(setting: str, key: str, title: str, topic: str) -> None:
    assert topic in topics(setting, key, title)
    assert topic not in topics(setting, "W2209XA" if topic != "external cause" else "I10", "struck")


def test_an_external_cause_is_no_diagnosis_that_could_be_first_or_uncertain() -> None:
    for setting in ("inpatient", "outpatient", "office"):
        shown = topics(setting, "W19XXXA", "unspecified fall, initial encounter")
        assert not shown & {"main condition", "first-listed diagnosis", "uncertain diagnosis", "with"}


def test_a_7th_character_means_active_treatment_only_where_it_says_the_encounter() -> None:
    def said(key: str) -> list[str]:
        rules = guideline_rules()
        return [
            r.icd_10_cm
            for r in rules
            if r.topic == "7th character" and r.applies("office", key, "t", "needed")
        ]

    for encounter in ("S52501A", "M8008XG", "W19XXXD"):
        (rule,) = said(encounter)
        assert "active treatment" in rule
    for other in ("O6981X0", "H401111", "E113511", "M1A00X0"):
        (rule,) = said(other)
        assert "active treatment" not in rule


def test_a_setting_that_is_not_known_is_refused(store: Store) -> None:
    with pytest.raises(InvalidRequestError):
        compare_code(store, "E11.9", ["hospice"])
