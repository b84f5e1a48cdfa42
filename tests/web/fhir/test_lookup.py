"""CodeSystem/$lookup and $subsumes."""

from __future__ import annotations

import pytest

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import CM, ICD11, TREES, TREES_URL, issues, parameters, values


def properties(answer: Json) -> list[tuple[str, object]]:
    found = []
    for parameter in answer["parameter"]:
        if parameter["name"] == "property":
            parts = {p["name"]: p for p in parameter["part"]}
            found.append(
                (parts["code"]["valueCode"], next(v for k, v in parts["value"].items() if k != "name"))
            )
    return found


def test_lookup_gives_display_version_parent_and_properties(ask: Ask) -> None:
    answer = ask(f"/CodeSystem/$lookup?system={CM}&code=E11.9")
    assert values(answer)["display"] == "Type 2 diabetes mellitus without complications"
    assert values(answer)["version"] == "2027"
    assert ("parent", "E11") in properties(answer)
    assert ("billable", True) in properties(answer)
    assert ("release", "2026") in properties(answer)


def test_lookup_gives_the_history_of_a_code_as_far_as_files_state_it(ask: Ask) -> None:
    ended = dict(properties(ask("/CodeSystem/icd-10-cm-2026/$lookup?code=E11.8")))
    assert ended["deprecationDate"] == "2026-10-01"
    assert ended["replacedBy"] == "E11.A"
    assert ended["effectiveDate"] == "2017-10-01"
    begun = dict(properties(ask("/CodeSystem/icd-10-cm-2027/$lookup?code=E11.A")))
    assert begun["effectiveDate"] == "2026-10-01"
    assert not {"deprecationDate", "replacedBy"} & set(begun)


def test_lookup_names_children_and_notes(ask: Ask) -> None:
    found = properties(ask(f"/CodeSystem/$lookup?system={CM}&code=E11"))
    assert ("child", "E11.9") in found
    assert ("excludes1", "gestational diabetes (O24.4-)") in found


def test_lookup_answers_only_the_properties_asked_for(ask: Ask) -> None:
    answer = ask(f"/CodeSystem/$lookup?system={CM}&code=E11&property=child")
    assert {code for code, _ in properties(answer)} == {"child"}
    assert "designation" not in values(answer)


def test_lookup_takes_a_coding_with_its_version(ask: Ask) -> None:
    coding = {"system": CM, "version": "2026", "code": "E11.8"}
    assert values(ask("/CodeSystem/$lookup", parameters(coding=coding)))["version"] == "2026"


def test_lookup_on_an_instance_needs_no_system(ask: Ask) -> None:
    assert values(ask("/CodeSystem/icd-10-cm-2026/$lookup?code=E11.8"))["version"] == "2026"


def test_lookup_of_an_unknown_code_says_so_and_helps(ask: Ask) -> None:
    outcome = ask(f"/CodeSystem/$lookup?system={CM}&code=E11.99", status=404)
    assert issues(outcome) == [("error", "invalid-code", "")]
    assert "E11.9" in outcome["issue"][0]["diagnostics"]


@pytest.mark.parametrize("written", ["E119", "e11.9,", "ICD10CM:E11.9", "icd-10-cm%7CE119", "(E11.9)"])
def test_lookup_reads_a_code_as_people_write_it_and_answers_with_its_own_spelling(
    written: str, ask: Ask
) -> None:
    assert values(ask(f"/CodeSystem/$lookup?system={CM}&code={written}"))["code"] == "E11.9"


def test_a_resource_with_a_code_without_its_dot_is_not_valid(ask: Ask) -> None:
    told = values(ask(f"/CodeSystem/$validate-code?url={CM}&code=E119"))
    assert told["result"] is False


def test_lookup_of_a_code_of_another_version_names_it(ask: Ask) -> None:
    outcome = ask(f"/CodeSystem/$lookup?system={CM}&code=E11.8", status=404)
    assert "2026" in outcome["issue"][0]["diagnostics"]


def test_lookup_in_an_unknown_version_lists_the_known_ones(ask: Ask) -> None:
    outcome = ask(f"/CodeSystem/$lookup?system={CM}&version=1999&code=E11.9", status=404)
    assert "Valid versions: 2026 or 2027" in outcome["issue"][0]["details"]["text"]


def test_lookup_without_a_code_says_what_is_needed(ask: Ask) -> None:
    assert ask(f"/CodeSystem/$lookup?system={CM}", status=400)["issue"][0]["code"] == "invalid"


def test_lookup_on_a_cluster_describes_it(ask: Ask) -> None:
    answer = ask("/CodeSystem/$lookup", parameters(system=ICD11, code="nc32.5&xk9k"))
    assert values(answer)["display"] == "Fracture of lower end of radius [Right]"
    assert ("expression", "NC32.5&XK9K") in properties(answer)
    assert [v for c, v in properties(answer) if c == "member"] == ["NC32.5", "XK9K"]


def test_lookup_finds_icd11_by_who_uri(ask: Ask) -> None:
    answer = ask("/CodeSystem/$lookup", parameters(system=ICD11, code=f"{ICD11}/119724091"))
    assert values(answer)["display"] == "Type 2 diabetes mellitus"


def test_lookup_asks_a_code_system_sent_along(ask: Ask) -> None:
    answer = ask("/CodeSystem/$lookup", parameters(TREES, system=TREES_URL, code="oak"))
    assert values(answer)["display"] == "Oak"
    assert {("parent", "broad"), ("child", "oak-red"), ("leaf", "lobed")} <= set(properties(answer))


def test_lookup_shows_the_display_in_the_language_asked_for(ask: Ask) -> None:
    body = parameters(TREES, system=TREES_URL, code="oak", displayLanguage="de")
    assert values(ask("/CodeSystem/$lookup", body))["display"] == "Eiche"


def test_subsumes_knows_all_four_outcomes(ask: Ask) -> None:
    def outcome(a: str, b: str) -> object:
        return values(ask(f"/CodeSystem/$subsumes?system={CM}&codeA={a}&codeB={b}"))["outcome"]

    assert outcome("E11", "E11.9") == "subsumes"
    assert outcome("E11.9", "E11") == "subsumed-by"
    assert outcome("E11.9", "E11.9") == "equivalent"
    assert outcome("E11.9", "S52") == "not-subsumed"


def test_a_cluster_is_subsumed_by_its_stem_and_what_that_lies_below(ask: Ask) -> None:
    for above in ("5A11", "BlockL1-5A1"):
        body = parameters(system=ICD11, codeA="5A11&XK9K", codeB=above)
        assert values(ask("/CodeSystem/$subsumes", body))["outcome"] == "subsumed-by"


def test_subsumes_works_on_a_code_system_sent_along(ask: Ask) -> None:
    body = parameters(TREES, system=TREES_URL, codeA="broad", codeB="oak-red")
    assert values(ask("/CodeSystem/$subsumes", body))["outcome"] == "subsumes"


def test_subsumes_refuses_an_unknown_code(ask: Ask) -> None:
    ask(f"/CodeSystem/$subsumes?system={CM}&codeA=E11&codeB=E99.99", status=404)
