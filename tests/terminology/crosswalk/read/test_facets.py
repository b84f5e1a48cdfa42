"""Source titles taken apart."""

from __future__ import annotations

import pytest

from terminology.crosswalk.read.facets import facet_rules, read_title


def facets(title: str, code: str) -> set[str]:
    return {str(f) for f in read_title(title, code).facets}


def test_side_and_encounter_are_taken_out_of_the_condition() -> None:
    title = "Displaced fracture of shaft of right tibia, initial encounter for closed fracture"
    reading = read_title(title, "S82.221A")
    assert reading.core_text == "fracture of shaft of tibia"
    assert facets(title, "S82.221A") == {
        "condition=fracture of shaft of tibia",
        "laterality=right",
        "encounter=initial",
        "displacement=displaced",
        "fracture-opening=closed",
    }


@pytest.mark.parametrize(
    ("title", "code", "said"),
    [
        ("Burkitt lymphoma, in remission", "C83.7A", [("in remission", "XS0J")]),
        ("Multiple myeloma in relapse", "C90.02", [("in relapse", "XT4D")]),
        ("Active primary progressive multiple sclerosis", "G35.B1", [("active", "XT98")]),
        ("Non-active primary progressive multiple sclerosis", "G35.B2", []),
        ("Multiple myeloma not having achieved remission", "C90.00", []),
        ("Opioid dependence, in remission", "F11.21", []),
    ],
)
def test_the_status_of_a_disease_is_read(title: str, code: str, said: list[tuple[str, str]]) -> None:
    found = [f for f in read_title(title, code).ruled if f.dimension == "status"]
    assert [(f.value, f.rule.extensions[0]) for f in found if f.rule] == said


@pytest.mark.parametrize(
    ("title", "sides"),
    [
        ("Pain in left knee", {"left"}),
        ("Otalgia, bilateral", {"bilateral"}),
        ("Pain in knee", set()),
        ("Unilateral primary osteoarthritis, right knee", {"right"}),
        ("Contusion of unspecified hip", {"unspecified"}),
        ("Peritonitis due to a sponge accidentally left during a procedure", set()),
    ],
)
def test_side_is_read(title: str, sides: set[str]) -> None:
    found = {f.value for f in read_title(title, "M25.5").ruled if f.dimension == "laterality"}
    assert found == sides


def test_right_heart_is_no_side() -> None:
    assert read_title("Right heart failure, unspecified", "I50.810").ruled_value("laterality") is None


def test_severity_stays_part_of_the_condition() -> None:
    reading = read_title("Mild persistent asthma", "J45.30")
    assert "mild" in reading.core.words
    assert reading.ruled_value("severity") == "mild"


def test_a_denied_recurrence_is_no_recurrence() -> None:
    reading = read_title("Inguinal hernia, not specified as recurrent", "K40.90")
    assert reading.ruled_value("recurrence") is None
    assert "absence=recurrent" in {str(f) for f in reading.facets}


def test_a_site_told_after_the_foreign_body_is_the_wounds() -> None:
    reading = read_title("Laceration without foreign body of scalp, initial encounter", "S01.01XA")
    assert str(reading.condition) == "condition=laceration of scalp"
    assert "absence=foreign body" in {str(f) for f in reading.facets}
    assert "scalp" in reading.site_words


def test_a_site_in_the_name_of_an_artery_is_no_side() -> None:
    reading = read_title(
        "ST elevation (STEMI) myocardial infarction involving right coronary artery", "I21.11"
    )
    assert reading.ruled_value("laterality") is None


def test_what_brackets_except_is_no_site() -> None:
    reading = read_title("Cutaneous abscess of back [any part, except buttock and flank]", "L02.212")
    assert "back" in reading.site_words
    assert "buttock" not in reading.site_words


def test_clauses_become_facets_of_their_kind() -> None:
    found = facets("Type 2 diabetes mellitus with diabetic polyneuropathy", "E11.42")
    assert found == {"condition=type 2 diabetes mellitus", "complication=diabetic polyneuropathy"}


def test_every_rule_has_a_source_and_extension_codes_or_stems_or_none() -> None:
    for rule in facet_rules():
        assert rule.source
        assert len({code.startswith("X") for code in rule.extensions}) <= 1


def test_a_list_behind_without_is_denied_to_its_end() -> None:
    reading = read_title("Stupor, mild, without fever, deep sleep, pain, and dread", "R40.19")
    denied = [clause.value for clause in reading.clauses if clause.dimension == "absence"]
    assert denied == ["fever", "deep sleep", "pain", "dread"]
    assert [clause.value for clause in reading.clauses if clause.dimension == "detail"] == ["mild"]


def test_things_named_together_are_one_clause() -> None:
    title = (
        "Sedative, hypnotic or anxiolytic abuse with sedative, hypnotic or anxiolytic-induced mood disorder"
    )
    assert facets(title, "F13.14") == {
        "condition=sedative, hypnotic or anxiolytic abuse",
        "complication=sedative, hypnotic or anxiolytic-induced mood disorder",
    }
    assert "detail=macular or paramacular" in facets("Focal inflammation, macular or paramacular", "H30.04")


def test_a_side_told_as_such_leaves_no_word_behind() -> None:
    reading = read_title("Injury of abducent nerve, right side, initial encounter", "S04.41XA")
    assert reading.core_text == "injury of abducent nerve"
    assert reading.sides == frozenset({"right"})
