"""ConceptMap/$translate."""

from __future__ import annotations

from typing import Any

import pytest

from tests.web.fhir.conftest import Ask, Json
from tests.web.fhir.resources import (
    BASE,
    CM,
    ICD10,
    ICD11,
    TREES_URL,
    issues,
    parameters,
    values,
    valueset,
)
from tests.web.fhir.resources import TREES as TREES_SYSTEM

MAP: Json = {
    "resourceType": "ConceptMap",
    "url": f"{BASE}/ConceptMap/trees",
    "version": "1",
    "status": "active",
    "group": [
        {
            "source": f"{BASE}/CodeSystem/trees",
            "target": f"{BASE}/CodeSystem/plants",
            "element": [
                {
                    "code": "oak",
                    "target": [{"code": "quercus", "relationship": "source-is-narrower-than-target"}],
                },
                {"code": "elm", "target": [{"code": "ulmus", "equivalence": "equal"}]},
                {"code": "yew", "target": [{"relationship": "not-related-to", "code": "rosa"}]},
            ],
            "unmapped": {"mode": "fixed", "code": "planta", "relationship": "source-is-narrower-than-target"},
        }
    ],
}
TREES = f"{BASE}/CodeSystem/trees"
PLANTS = f"{BASE}/CodeSystem/plants"


def matches(answer: Json) -> list[dict[str, Any]]:
    """Return each match's parts by name; a property by the end of its uri."""
    found = []
    for parameter in answer["parameter"]:
        if parameter["name"] == "match":
            row: dict[str, Any] = {}
            for part in parameter["part"]:
                if part["name"] == "property":
                    uri, value = (next(v for k, v in p.items() if k != "name") for p in part["part"])
                    row.setdefault(uri.rsplit(":", 1)[-1], []).append(value)
                else:
                    row[part["name"]] = next(v for k, v in part.items() if k != "name")
            found.append(row)
    return found


def test_icd10cm_translates_to_icd11_with_provenance(ask: Ask) -> None:
    answer = ask(f"/ConceptMap/$translate?system={CM}&code=E11.9&targetsystem={ICD11}")
    first = matches(answer)[0]
    assert values(answer)["result"] is True
    assert (first["concept"]["system"], first["concept"]["code"]) == (ICD11, "5A11")
    assert first["concept"]["version"] == "2025-01"
    assert first["provenance"]
    assert first["source"] == "urn:teneleven:ConceptMap:icd-10-cm-to-icd-11"


def test_r4_says_equivalence_and_r5_says_relationship(ask: Ask) -> None:
    four = ask("/ConceptMap/$translate", parameters(MAP, system=TREES, code="oak"))
    assert matches(four)[0]["equivalence"] == "wider"
    five = ask(
        "/ConceptMap/$translate", parameters(MAP, sourceSystem=TREES, sourceCode="oak"), base="/fhir/r5"
    )
    assert matches(five)[0]["relationship"] == "source-is-narrower-than-target"
    assert matches(five)[0]["originMap"] == f"{MAP['url']}|1"


def test_a_fracture_of_a_side_translates_to_a_cluster(ask: Ask) -> None:
    answer = ask("/ConceptMap/$translate", parameters(coding={"system": CM, "code": "S52.501A"}))
    concept = matches(answer)[0]["concept"]
    checked = ask("/CodeSystem/$validate-code", parameters(url=ICD11, code=concept["code"]))
    assert "&" in concept["code"]
    assert values(checked)["result"] is True


def test_icd11_translates_back_to_its_sources(ask: Ask) -> None:
    body = parameters(sourceSystem=CM, targetSystem=ICD11, targetCode="5A11")
    found = matches(ask("/ConceptMap/$translate", body, base="/fhir/r5"))
    assert "E11.9" in [m["source"]["code"] for m in found]
    assert all(m["concept"] == {"system": ICD11, "code": "5A11"} for m in found)


def test_reverse_of_r4_answers_with_what_translates_to_a_code(ask: Ask) -> None:
    body = parameters(coding={"system": ICD11, "code": "5A11"}, targetsystem=CM, reverse=True)
    found = matches(ask("/ConceptMap/$translate", body))
    assert "E11.9" in [m["source"]["code"] for m in found]
    assert {m["concept"]["code"] for m in found} == {"5A11"}


def test_reverse_is_no_parameter_of_r5(ask: Ask) -> None:
    body = parameters(sourceCode="5A11", sourceSystem=ICD11, targetSystem=CM, reverse=True)
    outcome = ask("/ConceptMap/$translate", body, status=400, base="/fhir/r5")
    assert issues(outcome) == [("error", "not-supported", "")]


@pytest.mark.parametrize(
    ("source", "code", "target"), [(ICD10, "E11.9", "5A11"), (ICD10, "E11", "5A11&XK9K")]
)
def test_who_tables_translate_icd10(ask: Ask, source: str, code: str, target: str) -> None:
    answer = ask("/ConceptMap/$translate", parameters(system=source, code=code, targetsystem=ICD11))
    assert target in [m["concept"]["code"] for m in matches(answer)]


def test_a_code_without_translation_is_a_false_result(ask: Ask) -> None:
    answer = ask(f"/ConceptMap/$translate?system={CM}&code=Z99.99&targetsystem={ICD11}")
    assert values(answer)["result"] is False
    assert values(answer)["message"].startswith("Unable to find code Z99.99 in ")


def test_a_map_sent_along_is_used_and_unmapped_codes_get_its_fallback(ask: Ask) -> None:
    def first(code: str) -> Any:
        return matches(ask("/ConceptMap/$translate", parameters(MAP, system=TREES, code=code)))[0]

    assert first("elm")["concept"] == {"system": PLANTS, "code": "ulmus"}
    assert first("elm")["equivalence"] == "equivalent"
    assert first("fir")["concept"]["code"] == "planta"


def test_only_unrelated_targets_are_no_translation(ask: Ask) -> None:
    answer = ask("/ConceptMap/$translate", parameters(MAP, system=TREES, code="yew"))
    assert values(answer)["result"] is False


def test_a_map_sent_along_is_read_backwards(ask: Ask) -> None:
    body = parameters(MAP, sourceSystem=TREES, targetSystem=PLANTS, targetCode="ulmus")
    found = matches(ask("/ConceptMap/$translate", body, base="/fhir/r5"))
    assert found == [
        {
            "relationship": "equivalent",
            "concept": {"system": PLANTS, "code": "ulmus"},
            "originMap": f"{MAP['url']}|1",
            "source": {"system": TREES, "code": "elm"},
        }
    ]


def with_group(url: str, **group: Any) -> Json:
    return {**MAP, "url": f"{BASE}/ConceptMap/{url}", "group": [{**MAP["group"][0], "element": [], **group}]}


def translated(ask: Ask, *resources: Json, **inputs: object) -> Json:
    return ask("/ConceptMap/$translate", parameters(*resources, **inputs), base="/fhir/r5")


def test_a_map_that_says_there_is_no_target_is_heard(ask: Ask) -> None:
    none = with_group("none", element=[{"code": "larch", "noMap": True}])
    answer = translated(ask, none, sourceSystem=TREES, sourceCode="larch")
    assert matches(answer) == [{"noMap": True, "originMap": f"{none['url']}|1"}]
    assert values(answer)["result"] is False


def test_unmapped_codes_are_looked_up_in_the_other_map(ask: Ask) -> None:
    first = with_group("first", unmapped={"mode": "other-map", "otherMap": MAP["url"]})
    answer = translated(ask, first, MAP, sourceSystem=TREES, sourceCode="elm", url=first["url"])
    assert [(m["concept"]["code"], m["originMap"]) for m in matches(answer)] == [
        ("ulmus", f"{first['url']}|1")
    ]
    assert values(answer)["used-conceptmap"] == f"{MAP['url']}|1"


def test_maps_that_refer_to_each_other_are_refused(ask: Ask) -> None:
    there = with_group("there", unmapped={"mode": "other-map", "otherMap": f"{BASE}/ConceptMap/back"})
    back = with_group("back", unmapped={"mode": "other-map", "otherMap": there["url"]})
    body = parameters(there, back, sourceSystem=TREES, sourceCode="elm")
    outcome = ask("/ConceptMap/$translate", body, status=422, base="/fhir/r5")
    assert "refers to itself" in outcome["issue"][0]["details"]["text"]


def test_a_map_says_nothing_of_codes_out_of_its_scope(ask: Ask) -> None:
    evergreen = valueset("evergreen", {"include": [{"system": TREES_URL, "concept": [{"code": "yew"}]}]})
    scoped = {**MAP, "sourceScopeUri": evergreen["url"]}
    answer = translated(ask, TREES_SYSTEM, evergreen, scoped, sourceSystem=TREES, sourceCode="oak")
    assert (values(answer)["result"], matches(answer)) == (False, [])
    assert f"has '{TREES}#oak' in scope" in values(answer)["message"]
    inside = translated(ask, TREES_SYSTEM, evergreen, scoped, sourceSystem=TREES, sourceCode="yew")
    assert [m["concept"]["code"] for m in matches(inside)] == ["rosa"]


def test_no_map_between_two_systems_is_an_answer_too(ask: Ask) -> None:
    answer = translated(ask, sourceSystem=TREES, sourceCode="oak", targetSystem=PLANTS)
    said = f"No ConceptMap is available to translate from '{TREES}' to '{PLANTS}'"
    assert (values(answer)["result"], values(answer)["message"]) == (False, said)


def test_an_unknown_map_is_an_error(ask: Ask) -> None:
    ask(
        "/ConceptMap/$translate",
        parameters(url="http://example.org/none", system=CM, code="E11.9"),
        status=404,
    )


def test_a_map_is_translated_by_on_its_instance(ask: Ask) -> None:
    answer = ask(f"/ConceptMap/icd-10-cm-to-icd-11/$translate?system={CM}&code=E11.9")
    assert matches(answer)[0]["concept"]["code"] == "5A11"


@pytest.mark.parametrize(
    ("base", "names"),
    [
        ("/fhir/r4", ("system", "code", "source", "target")),
        ("/fhir/r5", ("sourceSystem", "sourceCode", "sourceScope", "targetScope")),
    ],
)
def test_a_scope_limits_what_is_translated_and_what_is_found(
    ask: Ask, base: str, names: tuple[str, str, str, str]
) -> None:
    system, code, source, target = names
    asked = f"/ConceptMap/$translate?{system}={CM}&{code}=E11.9"
    within = ask(f"{asked}&{source}={CM}?fhir_vs=isa/E11&{target}={ICD11}?fhir_vs", base=base)
    assert "5A11" in [m["concept"]["code"] for m in matches(within)]
    assert matches(ask(f"{asked}&{target}={ICD11}", base=base)) == matches(within)
    for scope in (f"{target}={ICD11}?fhir_vs=isa/NC32.5", f"{source}={CM}?fhir_vs=isa/S52.5"):
        outside = ask(f"{asked}&{scope}", base=base)
        assert (values(outside)["result"], matches(outside)) == (False, [])
        assert "in scope" in values(outside)["message"]
    unknown = ask(f"{asked}&{target}={BASE}/ValueSet/none", base=base, status=404)
    assert "ValueSet/none" in unknown["issue"][0]["details"]["text"]
