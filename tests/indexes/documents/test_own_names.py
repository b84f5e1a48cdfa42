"""A term lent to an ICD-11 category gives way to a category that is itself called so."""

from __future__ import annotations

from indexes.documents.document import SearchTerm, TermKind
from indexes.documents.own_names import given_way, own_names
from terminology.concept import Concept, Kind


def stem(code: str, title: str) -> Concept:
    return Concept("icd-11", code, title, Kind.STEM, "1")


def lent(text: str, modifiers: str = "") -> SearchTerm:
    return SearchTerm(text, TermKind.EQUIVALENT, "Alphabetic Index", modifiers, 0.9)


OWN = own_names(
    [
        stem("5Z11", "Type 2 sugar disease"),
        stem("5Z14", "Sugar disease mellitus, type unspecified"),
        stem("8Z20", "Stroke not known if dry or wet"),
        stem("8Z30.Z", "Palsy, unspecified"),
        stem("SZ10", "Swamp disorder"),
    ],
    {"8Z11": [SearchTerm("Dry stroke", TermKind.SYNONYM, "foundation", trust=1.0)]},
)


def trusts(terms: dict[str, list[SearchTerm]]) -> dict[str, list[float]]:
    return {key: [term.trust for term in found] for key, found in given_way(terms, OWN).items()}


def test_a_name_that_another_category_has_as_its_title_is_trusted_less() -> None:
    assert trusts({"8Z11": [lent("Stroke"), lent("Infarction")]})["8Z11"][1] == 0.9
    assert trusts({"8Z11": [lent("Stroke")]})["8Z11"][0] < 0.9


def test_a_name_of_the_category_itself_or_of_its_residual_stays() -> None:
    assert trusts({"8Z30Z": [lent("Palsy")], "8Z30": [lent("Palsy")]}) == {"8Z30Z": [0.9], "8Z30": [0.9]}


def test_a_name_with_a_modifier_that_may_be_left_out_goes_to_the_category_called_so() -> None:
    found = given_way({"5Z11": [lent("Sugar disease", "(mellitus)"), lent("Sugar disease NOS")]}, OWN)
    assert {term.text for term in found["5Z14"]} == {"Sugar disease", "Sugar disease NOS"}
    assert all(term.trust < 0.9 for term in found["5Z11"])


def test_a_name_of_a_supplementary_chapter_takes_nothing() -> None:
    assert trusts({"1Z00": [lent("Swamp disorder")]}) == {"1Z00": [0.9]}
