"""Crosswalk, tree, builder, comparison, impact and about."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import html

from tests.client import Client
from tests.crosswalk_samples import target
from tests.web.pages.conftest import Reader
from web.pages.crosswalk import facet_rows
from web.pages.parts.frame import members


def test_the_crosswalk_lines_facets_up_and_says_what_is_lost(read: Reader) -> None:
    page = read("/crosswalk/S52.501A")
    states = {
        row.xpath("string(th)"): row.xpath("string(td[3])")
        for row in page.xpath("//table[@id='facets']/tbody/tr")
    }
    assert states["laterality"] == "= kept"
    assert states["encounter (7th character)"] == "− lost"


def test_facets_kept_stand_on_both_sides() -> None:
    rows = facet_rows(target(facets_kept=("a=1",), facets_lost=("b=2",), facets_added=("c=3",)))
    assert [(r["state"], r["source"], r["target"]) for r in rows] == [
        ("kept", "a=1", "a=1"),
        ("lost", "b=2", None),
        ("added", None, "c=3"),
    ]


def test_what_icd_10_cm_leaves_open_is_no_loss_on_the_page() -> None:
    (row,) = facet_rows(target(facets_kept=(), facets_lost=("severity=unspecified",), facets_added=()))
    assert row["state"] == "silent"


def test_the_neighbourhood_is_drawn_with_an_edge_to_the_recommended_target(read: Reader) -> None:
    page = read("/crosswalk/E11.9")
    assert page.xpath("//*[local-name()='line' and @class='forward']")
    assert page.xpath("//*[local-name()='text' and @class='self']/text()") == ["E11.9"]


def test_the_crosswalk_of_an_icd11_code_is_read_backwards(read: Reader) -> None:
    page = read("/crosswalk/5A11")
    assert "E11.9" in page.xpath("//td/a[@class='code']/text()")


def test_the_tree_is_open_down_to_the_code_in_the_address(read: Reader) -> None:
    page = read("/browse/icd-10-cm?at=E11.9")
    assert page.xpath("//a[@aria-current='true']/@data-code") == ["E11.9"]
    assert page.xpath("//li[@class='open']/div/a[@class='node']/@data-code") == ["4", "E08-E13", "E11"]


def test_a_branch_is_a_list_of_children_alone(client: Client) -> None:
    text = client.get("/browse/icd-10-cm/children?of=E11").get_data(as_text=True)
    assert "<html" not in text
    assert html.fromstring(f"<ul>{text}</ul>").xpath("//a[@class='node']/@data-code") == ["E11.9", "E11.A"]


def test_the_builder_says_valid_and_offers_to_remove_each_member(read: Reader) -> None:
    page = read("/builder?expression=nc325%26xk9k")
    assert page.xpath("string(//h2[@id='b-h']/span)") == "valid"
    assert page.xpath("//ul[@class='parts']//a[text()='Remove']/@href")[1] == "/builder?expression=NC32.5"


def test_the_builder_searches_extension_codes_inside_a_group(read: Reader) -> None:
    page = read("/builder?expression=NC32.5&axis=271422288")
    offered = page.xpath("//ul[@id='offered']//a/@href")
    assert "/builder?expression=NC32.5%26XK9K" in offered


def test_the_builder_says_what_is_wrong_and_where(read: Reader) -> None:
    page = read("/builder?expression=XK9K")
    assert page.xpath("string(//h2[@id='b-h']/span)") == "not valid"
    assert "character 1" in page.xpath("string(//ul[@class='issues'])")


@pytest.mark.parametrize(
    ("expression", "found"),
    [("5A11", [("", "5A11")]), ("A&B/C", [("", "A"), ("&", "B"), ("/", "C")])],
)
def test_an_expression_is_split_for_links(expression: str, found: list[tuple[str, str]]) -> None:
    assert members(expression) == found


def test_a_form_leads_to_the_comparison_it_names(client: Client) -> None:
    response = client.get("/compare?code=E11.9&other=E11.A")
    assert response.headers["Location"] == "/compare/E11.9?other=E11.A"


def test_two_codes_stand_side_by_side(read: Reader) -> None:
    page = read("/compare/E11.9?other=E11.A")
    assert [h.split()[-1] for h in page.xpath("//table[@id='general']/thead//th/text()")[1::2]] == [
        "E11.9",
        "E11.A",
    ]


def test_volumes_become_a_report_with_a_table_per_question(client: Client) -> None:
    upload = {"file": (BytesIO(b"code,count\nE11.9,40\nS52.501A,2\n"), "volumes.csv")}
    page = html.fromstring(client.post("/impact", data=upload).get_data(as_text=True))
    assert str(page.xpath("string(//article/h2)")).startswith("42 diagnoses")
    assert page.xpath("//article//section//table")


def test_a_workbook_is_answered_when_asked_for(client: Client) -> None:
    response = client.get("/impact?example&format=xlsx")
    assert response.headers["Content-Disposition"] == 'attachment; filename="icd-11-impact.xlsx"'
    assert response.data.startswith(b"PK")


def test_a_file_that_cannot_be_read_is_explained_on_a_page(client: Client) -> None:
    upload = {"file": (BytesIO(b"name,age\nx,1\n"), "wrong.csv")}
    response = client.post("/impact", data=upload, headers={"Accept": "text/html"})
    assert response.status_code == 400
    said = " ".join(map(str, html.fromstring(response.get_data(as_text=True)).itertext()))
    assert "no column has a usual name for codes" in said


def test_about_names_releases_licences_and_what_is_missing(read: Reader) -> None:
    text = read("/about").text_content()
    assert "CC BY-ND 3.0 IGO" in text
    assert "CPT is not loaded" in text
    assert "HCPCS Level II is not loaded" in text


@pytest.mark.parametrize(
    "path", ["/", "/code/icd-11/5A11", "/crosswalk/E11.9", "/about", "/docs", "/nowhere"]
)
def test_every_page_shows_the_attribution_of_icd11(client: Client, path: str) -> None:
    text = client.get(path, headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "World Health Organization, CC BY-ND 3.0 IGO" in text


def test_each_of_two_codes_has_the_rules_that_apply_to_it(read: Reader) -> None:
    page = read("/compare/E11.9?other=S52.501A")
    texts = [" ".join(table.itertext()) for table in page.xpath("//table[starts-with(@id, 'rules-')]")]
    assert ["7th character" in text for text in texts] == [False, True]


def test_facets_in_which_two_codes_differ_are_marked(read: Reader) -> None:
    page = read("/compare/E11.9?other=S52.501A")
    marked = page.xpath("//table[@id='general']//tr[@class='differs']/th/text()")
    assert "laterality" in marked


def test_every_page_is_one_step_from_home(client: Client, read: Reader) -> None:
    home = {str(address).split("?")[0] for address in read("/").xpath("//a/@href")}
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.endpoint.startswith("pages.")]
    pages = {rule.rule for rule in rules if not rule.arguments and "GET" in (rule.methods or ())}
    assert {"/impact", "/lists", "/scenario", "/changes", "/forms"} <= pages
    apart = {"/crosswalk", "/impact/report.js"}  # leads on to a code's page, and is a script
    assert sorted(pages - home - apart) == []
