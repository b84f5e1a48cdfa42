"""Displays in validation: right, wrong, in which language."""

from __future__ import annotations

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import TREES, TREES_URL, issues, parameters, values, valueset
from web.fhir.systems.display import Languages

ALL = valueset("all")


def shown(ask: Ask, display: str, code: str = "oak", **inputs: object) -> Json:
    coding = {"system": TREES_URL, "code": code, "display": display}
    return ask("/ValueSet/$validate-code", parameters(TREES, ALL, url=ALL["url"], coding=coding, **inputs))


def test_a_display_is_right_in_any_case_and_any_language(ask: Ask) -> None:
    for display in ("Oak", "oak", "Eiche"):
        assert values(shown(ask, display))["result"] is True


def test_a_wrong_display_is_an_error_that_names_the_right_ones(ask: Ask) -> None:
    answer = shown(ask, "Elm")
    assert issues(answer) == [("error", "invalid-display", "Coding.display")]
    assert values(answer)["message"] == (
        f"Wrong Display Name 'Elm' for {TREES_URL}#oak. Valid display is one of 2 choices: 'Oak' (en) or "
        "'Eiche' (de) (for the language(s) '--')"
    )


def test_a_wrong_display_is_a_warning_when_validation_is_lenient(ask: Ask) -> None:
    answer = shown(ask, "Elm", lenient_display_validation=True)
    assert (values(answer)["result"], issues(answer)[0][0]) == (True, "warning")


def test_wrong_blanks_are_told_from_wrong_words(ask: Ask) -> None:
    answer = shown(ask, "Red  oak", code="oak-red")
    assert values(answer)["message"].startswith("Wrong whitespace in Display Name 'Red  oak'")


def test_a_display_must_be_of_the_language_asked_for(ask: Ask) -> None:
    assert values(shown(ask, "Eiche", displayLanguage="de"))["result"] is True
    assert values(shown(ask, "Oak", displayLanguage="de"))["result"] is False


def test_the_default_display_passes_where_the_language_has_none(ask: Ask) -> None:
    answer = shown(ask, "Beech", code="beech", displayLanguage="de")
    assert (values(answer)["result"], issues(answer)) == (
        True,
        [("information", "invalid-display", "Coding.display")],
    )
    wrong = shown(ask, "Buche", code="beech", displayLanguage="de")
    assert "There are no valid display names found for language(s) 'de'" in values(wrong)["message"]


def test_languages_are_ranked_by_quality() -> None:
    languages = Languages.of("fr;q=0.5, de-CH, *;q=0")
    assert languages is not None
    assert (languages.ranges, languages.only) == (("de-CH", "fr"), True)
    assert languages.rank("de") == 0
    assert languages.rank("en") is None


def test_a_display_language_that_is_none_is_refused(ask: Ask) -> None:
    body = parameters(TREES, ALL, url=ALL["url"], code="oak", system=TREES_URL, displayLanguage="-")
    outcome = ask("/ValueSet/$validate-code", body, status=400)
    assert issues(outcome) == [("error", "invalid-display", "")]
    assert outcome["issue"][0]["details"]["text"] == "Invalid displayLanguage: '-'"


def test_a_header_that_is_no_list_of_languages_is_passed_over(ask: Ask) -> None:
    body = parameters(TREES, ALL, url=ALL["url"], code="oak", system=TREES_URL)
    answer = ask("/ValueSet/$validate-code", body, headers={"Accept-Language": "-"})
    assert values(answer)["display"] == "Oak"
