"""The search page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from indexes.response import SearchResponse, Variant
from indexes.search import SearchIndex
from tests.client import Client
from tests.web.pages.conftest import Reader


def test_home_offers_one_box_and_a_tab_per_loaded_system(read: Reader) -> None:
    page = read("/")
    assert len(page.xpath("//input[@name='q']")) == 1
    assert page.xpath("//input[@name='system']/@value") == ["", "icd-10-cm", "icd-11", "icd-10"]


def test_a_plain_form_finds_codes_without_javascript(read: Reader) -> None:
    page = read("/?q=diabetes&system=icd-11")
    assert "5A11" in page.xpath("//a[@class='hit']/@data-code")
    assert page.xpath("//input[@name='system' and @checked]/@value") == ["icd-11"]


def test_a_hit_by_another_term_says_why_it_matched(read: Reader) -> None:
    page = read("/?q=non-insulin-dependent&system=icd-11")
    (why,) = page.xpath("//a[@data-code='5A11']//span[@class='why']")
    assert why.text_content().startswith("synonym: ")


def test_htmx_gets_the_results_alone_and_an_address_to_show(client: Client) -> None:
    response = client.get("/?q=diabetes&system=", headers={"HX-Request": "true"})
    assert "<html" not in response.get_data(as_text=True)
    assert response.headers["HX-Replace-Url"] == "/?q=diabetes"
    assert "HX-Request" in response.headers["Vary"]


def test_a_misspelt_word_is_offered_right(read: Reader) -> None:
    page = read("/?q=diabetse")
    assert page.xpath("//p[@class='mean']/a/text()") == ["diabetes"]


def test_what_was_typed_is_shown_as_text(read: Reader) -> None:
    page = read("/?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert not page.xpath("//script[contains(text(), 'alert')]")


def test_an_impossible_offset_is_refused_on_a_page(read: Reader) -> None:
    page = read("/?q=diabetes&offset=-1", status=400)
    assert "Offset: must be" in page.xpath("//div[@role='alert']")[0].text_content()


def test_a_retired_code_typed_exactly_points_at_its_successor(read: Reader) -> None:
    (gone,) = read("/?q=E11.8").xpath("//p[@class='gone']")
    assert gone.xpath(".//a/@href") == ["/code/icd-10-cm/E11.8", "/code/icd-10-cm/E11.A"]


@pytest.mark.parametrize(
    ("query", "where", "expression"),
    [("e119", "In ICD-11", "5A11"), ("5A11", "In ICD-10-CM", "E11"), ("diabetes", None, None)],
)
def test_a_code_typed_exactly_shows_what_it_becomes(
    read: Reader, query: str, where: str | None, expression: str | None
) -> None:
    lines = read(f"/?q={query}").xpath("//p[@class='becomes']")
    assert bool(lines) == bool(where)
    if where:
        assert lines[0].text_content().strip().startswith(f"{where}: ")
        assert expression in lines[0].xpath("string(.//a[@class='code'])")


def test_nothing_found_names_what_narrows_it(read: Reader) -> None:
    page = read("/?q=zzzzqqq&system=icd-11&billable=true")
    assert "now narrowed to ICD-11 MMS, billable only" in page.xpath("string(//div[@class='empty'])")


def test_every_encounter_of_the_first_hit_has_a_key(read: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    encounters = tuple(Variant(f"E11.9{letter}", f"Diabetes, {letter}", True) for letter in "ADS")
    search = SearchIndex.search

    def with_encounters(index: SearchIndex, query: str, **options: Any) -> SearchResponse:
        found = search(index, query, **options)
        results = tuple(replace(result, base=result.code, variants=encounters) for result in found.results)
        return replace(found, results=results)

    monkeypatch.setattr(SearchIndex, "search", with_encounters)
    hits = read("/?q=diabetes&system=icd-10-cm").xpath("//ol[@class='hits']/li")
    keys = [hit.xpath(".//details[@class='variants']//a/@data-refine-key") for hit in hits]
    first = len(hits[0].xpath(".//p[@class='refine']//a"))
    assert keys[0] == [str(first + number) for number in (1, 2, 3)]
    assert not any(keys[1:])
    assert [len(hit.xpath(".//details[@open]")) for hit in hits][:2] == [1, 0]
