"""Foundation titles and borrowed terms land on the ICD-11 category they belong to."""

from __future__ import annotations

from indexes.documents.document import SearchTerm, TermKind
from indexes.documents.foundation import categories, equivalent_terms, place_foundation_terms, terms_by_ten
from terminology.concept import Concept, Kind
from terminology.mapping import Mapping, MapTable, TargetKind

E = "http://id.who.int/icd/entity/"


def stem(code: str, title: str, parent: str, number: str | None) -> Concept:
    uri = None if number is None else E + number
    return Concept("icd-11", code, title, Kind.STEM, parent, foundation_uri=uri)


def entity(number: str, title: str, ten: str, code: str | None = None) -> Mapping:
    return Mapping(
        MapTable.FOUNDATION_ELEVEN_TO_TEN, "2024-01", 2, "icd-11", "category", code, title, "icd-10",
        TargetKind.CODE, ten, None, source_uri=E + number,
    )  # fmt: skip


def from_ten(
    table: MapTable, ten: str, target: str | None, number: str, relation: str | None = None
) -> Mapping:
    kind = TargetKind.ENTITY if target is None else TargetKind.CODE
    return Mapping(
        table, "2024-01", 2, "icd-10", "category", ten, "Some title", "icd-11", kind, target, None,
        target_foundation_uri=E + number, relation=relation,
    )  # fmt: skip


MMS = categories(
    [
        stem("1A07", "Typhoid fever", "1A0", "1"),
        stem("1A08", "Paratyphoid fever", "1A0", "2"),
        stem("1A0Y", "Other infections of that kind", "1A0", None),
    ]
)


def placed(rows: list[Mapping], *tables: list[Mapping]) -> dict[str, list[str]]:
    to_foundation, to_eleven = tables or ([], [])
    found = place_foundation_terms(rows, to_foundation, to_eleven, MMS)
    return {key: [t.text for t in terms] for key, terms in found.items()}


def test_an_entity_that_keeps_the_words_and_the_code_falls_under_the_category_before_it() -> None:
    rows = [entity("1", "Typhoid fever", "A01.0", "1A07"), entity("9", "Typhoid fever of the liver", "A01.0")]
    assert placed(rows) == {"1A07": ["Typhoid fever of the liver"]}


def test_what_is_but_some_of_a_thing_or_due_to_it_is_less_of_a_name_of_it() -> None:
    titles = ("Typhoid fever of the liver", "Certain specified typhoid fever", "Typhoid fever due to dust")
    rows = [entity("1", "Typhoid fever", "A01.0", "1A07"), *(entity(t, t, "A01.0") for t in titles)]
    whole, some, due = place_foundation_terms(rows, [], [], MMS)["1A07"]
    assert some.trust == due.trust < whole.trust


def test_an_entity_that_shares_nothing_falls_beside_it_first() -> None:
    rows = [entity("1", "Typhoid fever", "A01.0", "1A07"), entity("9", "Swamp colic", "B99")]
    assert next(iter(placed(rows))) == "1A0Y"


def test_what_who_states_decides() -> None:
    rows = [entity("1", "Typhoid fever", "A01.0", "1A07"), entity("9", "Typhoid fever two", "A01.0")]
    to_foundation = [from_ten(MapTable.FOUNDATION_TEN_TO_ELEVEN, "A01.1", None, "9", "Equivalent")]
    to_eleven = [from_ten(MapTable.TEN_TO_ELEVEN_ONE, "A01.1", "1A08", "2")]
    assert placed(rows, to_foundation, to_eleven) == {"1A08": ["Typhoid fever two"]}


def test_equivalent_codes_lend_their_terms_with_less_trust() -> None:
    to_foundation = [from_ten(MapTable.FOUNDATION_TEN_TO_ELEVEN, "A01.0", None, "1", "Equivalent")]
    to_eleven = [from_ten(MapTable.TEN_TO_ELEVEN_ONE, "A01.0", "1A07", "1")]
    term = SearchTerm("Enteric fever", TermKind.INDEX, "Index 2017")
    (lent,) = equivalent_terms(to_foundation, to_eleven, {"A010": [term]}, {})["1A07"]
    assert (lent.text, lent.kind) == ("Enteric fever", TermKind.EQUIVALENT)
    assert lent.trust < term.trust
    assert "A01.0" in lent.source


def test_what_falls_in_an_unspecified_residual_names_its_parent_too() -> None:
    to_eleven = [from_ten(MapTable.TEN_TO_ELEVEN_ONE, "I10", "BA00.Z", "1")]
    term = SearchTerm("Hypertension", TermKind.INDEX, "Index 2017")
    lent = equivalent_terms([], to_eleven, {"I10": [term]}, {"BA00Z": "BA00"})
    assert lent["BA00"][0].trust == lent["BA00Z"][0].trust


def test_titles_reach_the_icd10_code_who_maps_them_to() -> None:
    found = terms_by_ten([entity("9", "Wolcott syndrome", "E13")], {"E13": "E13"}, "via ICD-10")
    assert found["E13"][0].source == "WHO ICD-11 foundation 2024-01, via ICD-10 E13"
