"""Titles in other languages: REST, FHIR, pages and search on a bundle that has some."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexes.documents.bundle_input import index_bundle
from terminology.bundle.assemble import write_library
from terminology.concept import Concept, Synonym
from terminology.edition import Edition
from terminology.graph import TerminologyGraph
from tests.client import Client, client_of
from tests.mapped import add_mapped
from tests.small_library import small_library
from web.app import create_app

TITLES = {
    "5A11": (
        ("es", "Diabetes mellitus de tipo 2"),
        ("ar", "داء السكري من النمط 2"),
        ("zh", "2型糖尿病"),
        ("ru", "Сахарный диабет 2 типа"),
    )
}


def _named(concept: Concept) -> Concept:
    terms = tuple(Synonym(t, f"ICD-11 MMS ({tag})", tag) for tag, t in TITLES.get(concept.code, ()))
    return replace(concept, synonyms=(*concept.synonyms, *terms))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    folder = tmp_path_factory.mktemp("bundle")
    library = small_library()
    library.editions = [
        Edition(e.release, [_named(c) if e.release.system == "icd-11" else c for c in e.concepts])
        for e in library.editions
    ]
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    index_bundle(folder)
    return client_of(create_app(folder))


def test_a_code_has_its_title_in_the_language_asked_for_and_says_where_it_stands(client: Client) -> None:
    found = client.get("/api/v1/codes/icd-11/5A11?lang=es").get_json()
    assert found["title"] == "Diabetes mellitus de tipo 2"
    assert (found["language"], found["title_source"]) == ("es", "ICD-11 MMS (es)")
    assert found["title_en"] == client.get("/api/v1/codes/icd-11/5A11").get_json()["title"]


def test_accept_language_chooses_too_and_caches_are_told(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-11/5A11", headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.1"})
    assert answer.get_json()["language"] == "es"
    assert "Accept-Language" in answer.headers["Vary"]
    english = client.get("/api/v1/codes/icd-11/5A11", headers={"Accept-Language": "de,en;q=0.5"})
    assert "language" not in english.get_json()
    assert "Accept-Language" in english.headers["Vary"]


def test_what_is_not_translated_is_english_and_says_so(client: Client) -> None:
    chapter = client.get("/api/v1/codes/icd-11/5A11").get_json()["chapter"]
    found = client.get(f"/api/v1/codes/icd-11/{chapter}?lang=es").get_json()
    assert (found["language"], found["title"]) == ("en", found["title_en"])


def test_a_language_that_is_not_loaded_is_refused(client: Client) -> None:
    answer = client.get("/api/v1/codes/icd-11/5A11?lang=sv")
    assert answer.status_code == 400
    assert "there are: en, ar, es, ru, zh" in answer.get_json()["detail"]


def test_lists_have_titles_in_the_language(client: Client) -> None:
    parent = client.get("/api/v1/codes/icd-11/5A11").get_json()["parent"]
    items = client.get(f"/api/v1/codes/icd-11/{parent}/children?lang=es").get_json()["items"]
    assert "Diabetes mellitus de tipo 2" in {item["title"] for item in items}


@pytest.mark.parametrize(
    "query", ["diabetes mellitus de tipo 2", "糖尿病", "Сахарный диабет", "داء السكري", "DIABETES TIPO 2"]
)
def test_a_search_in_a_loaded_language_finds_the_code(client: Client, query: str) -> None:
    found = client.get("/api/v1/search", query_string={"q": query, "system": "icd-11"}).get_json()
    assert [result["code"] for result in found["results"]][:1] == ["5A11"]


def test_fhir_answers_in_the_language_asked_for(client: Client) -> None:
    answer = client.get(
        "/fhir/CodeSystem/$lookup?system=http://id.who.int/icd/release/11/mms&code=5A11&displayLanguage=es"
    ).get_json()
    (display,) = [p["valueString"] for p in answer["parameter"] if p["name"] == "display"]
    assert display == "Diabetes mellitus de tipo 2"


def test_a_page_offers_its_languages_and_shows_the_title_in_the_one_chosen(client: Client) -> None:
    page = client.get("/code/icd-11/5A11?lang=ar").get_data(as_text=True)
    assert 'lang="ar" dir="rtl">داء السكري من النمط 2' in page
    assert "Español" in page
    assert 'aria-current="true">العربية' in page


def test_what_stands_around_a_code_is_in_the_language_too_and_links_keep_it(client: Client) -> None:
    parent = client.get("/api/v1/codes/icd-11/5A11").get_json()["parent"]
    page = client.get(f"/code/icd-11/{parent}?lang=ar").get_data(as_text=True)
    assert '<span lang="ar" dir="rtl">داء السكري من النمط 2</span>' in page
    assert "/code/icd-11/5A11?lang=ar" in page


def test_search_results_have_titles_in_the_language_asked_for(client: Client) -> None:
    found = client.get("/api/v1/search?q=5A11&lang=es").get_json()["results"][0]
    assert (found["title"], found["language"]) == ("Diabetes mellitus de tipo 2", "es")
    assert found["title_en"].startswith("Type 2 diabetes")
    english = client.get("/api/v1/search?q=5A11").get_json()["results"][0]
    assert (english["language"], english["title_en"]) == ("en", None)


def test_a_search_by_a_browser_in_spanish_says_that_it_varies(client: Client) -> None:
    answer = client.get("/api/v1/search?q=5A11", headers={"Accept-Language": "es"})
    assert answer.get_json()["results"][0]["language"] == "es"
    assert "Accept-Language" in answer.headers["Vary"]
    assert client.get("/api/v1/search?q=5A11&lang=sv").status_code == 400


def test_a_result_in_arabic_is_laid_out_from_the_right(client: Client) -> None:
    shown = client.get("/?q=5A11&lang=ar", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert 'lang="ar" dir="rtl">داء السكري من النمط 2</span>' in shown
    assert "Type 2 diabetes" in shown


def test_titles_are_counted_by_language(client: Client) -> None:
    about = client.get("/about", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert '<span lang="zh">中文</span> 1' in about
