"""The Alphabetic Index as pages, and over the API."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html

from tests.client import Client, client_of
from web.app import create_app


@pytest.fixture(scope="module")
def reader(book_bundle: Path) -> Client:
    return client_of(create_app(book_bundle))


def read(reader: Client, path: str) -> html.HtmlElement:
    answer = reader.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, answer.get_data(as_text=True)[:300]
    return html.fromstring(answer.get_data(as_text=True))


def test_a_letter_lists_its_main_terms_and_a_term_nests_what_is_below_it(reader: Client) -> None:
    heads = read(reader, "/index/diseases?letter=d").xpath("//ul[@class='heads']//a/@href")
    assert heads == ["/index/diseases?term=Diabetes,+diabetic"]
    nested = read(reader, heads[0]).xpath("//ul[@class='book']/li/ul/li/ul/li")
    assert [" ".join(item.text_content().split())[:21] for item in nested] == ["ketosis (acute) E11.8"]
    assert "not in use today" in nested[0].text_content()


def test_a_term_that_is_no_main_term_is_searched_for(reader: Client) -> None:
    page = read(reader, "/index/diseases?term=Diabetes")
    assert page.xpath("//input[@name='q']/@value")[-1] == "Diabetes"
    assert "Diabetes, diabetic" in page.xpath("//ul[@class='book']")[0].text_content()


def test_see_is_a_link_to_the_place_and_see_condition_is_none(reader: Client) -> None:
    (link,) = read(reader, "/index/diseases?term=Sugar").xpath("//span[@class='see']/a/@href")
    answer = reader.get(link)
    assert answer.status_code == 302
    assert "/index/diseases?term=Diabetes,+diabetic#t" in answer.headers["Location"]
    page = read(reader, "/index/diseases?term=Diabetes,+diabetic")
    assert page.xpath("//span[@class='see']/a") == []


def test_a_table_is_a_grid_with_a_link_in_each_cell(reader: Client) -> None:
    rows = read(reader, "/index/neoplasms?q=lung").xpath("//table[@id='grid']/tbody/tr")
    assert [row.xpath("td//a/@href") for row in rows] == [
        ["/code/icd-10-cm/E11.9", "/code/icd-10-cm/E11"],
        ["/code/icd-10-cm/S52.5"],
    ]


def test_a_row_found_without_its_heading_is_not_set_below_another(reader: Client) -> None:
    def indents(query: str) -> list[tuple[str, str]]:
        rows = read(reader, f"/index/neoplasms?q={query}").xpath("//table[@id='grid']/tbody/tr/th")
        return [(" ".join(row.text_content().split()), row.get("class")) for row in rows]

    below, alone = indents("lung")[-1], indents("lobe")[-1]
    assert below[1] == "in-1"
    assert alone[1] == "in-0"
    assert alone[0].startswith("lung ›")


def test_the_books_are_offered_only_where_they_are_loaded(reader: Client) -> None:
    links = read(reader, "/index/drugs").xpath("//nav[@aria-label='Pages']//a/@href")
    assert "/index" in links
    assert reader.get("/index").headers["Location"] == "/index/diseases"
    assert reader.get("/index/diseases?letter=9", headers={"Accept": "text/html"}).status_code == 400


def test_the_api_pages_through_a_book(reader: Client) -> None:
    books = reader.get("/api/v1/index").json["items"]
    assert [(b["id"], b["heads"]) for b in books][:2] == [("diseases", 6), ("external-causes", 1)]
    page = reader.get("/api/v1/index/diseases?term=Diabetes,%20diabetic&limit=2&offset=1").json
    assert page["total"] == 4
    assert [item["path"][-1] for item in page["items"]] == ["with", "ketosis"]
    assert page["items"][1]["code"]["in_use"] is False
    cells = reader.get("/api/v1/index/neoplasms?q=lobe").json["items"][0]["cells"]
    assert [(cell["column"], cell["code"]["printed"]) for cell in cells] == [("Benign", "S52.5")]
    assert reader.get("/api/v1/index/cookery").status_code == 400
