"""The page of a code."""

from __future__ import annotations

from tests.web.pages.conftest import Reader


def test_a_code_shows_title_path_and_that_it_is_billable(read: Reader) -> None:
    page = read("/code/icd-10-cm/e119")
    assert page.xpath("//h1")[0].text_content() == "E11.9 Type 2 diabetes mellitus without complications"
    trail = [item.text_content().split()[0] for item in page.xpath("//nav[@class='trail']//li")]
    assert trail == ["ICD-10-CM", "4", "E08-E13", "E11"]
    assert "Billable" in page.xpath("//header[@class='head']")[0].text_content()


def test_a_category_lists_its_children(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11")
    assert page.xpath("//section[@aria-labelledby='below-h']//span[@class='code']/text()") == [
        "E11.9",
        "E11.A",
    ]


def test_excludes1_of_a_heading_is_shown_on_the_codes_below_it(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.9")
    (note,) = page.xpath("//details//section[contains(@class, 'note-excludes1')]")
    assert "gestational diabetes (O24.4-)" in note.text_content()


def test_a_code_named_in_a_note_is_a_link_only_where_the_release_has_it(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11")
    assert not page.xpath("//section[contains(@class, 'note-excludes1')]//a")


def test_the_seventh_character_picker_builds_the_billable_code(read: Reader) -> None:
    page = read("/code/icd-10-cm/S52.501A")
    rows = {
        row.xpath("string(th)"): row.xpath("string(td[2]/a)")
        for row in page.xpath("//table[@class='pick']//tr")
    }
    assert rows["A"] == "S52.501A"
    assert rows["D"] == ""
    assert "not valid here" in page.xpath("string(//table[@class='pick']//tr[th='D'])")


def test_a_category_says_which_seventh_characters_its_codes_take(read: Reader) -> None:
    page = read("/code/icd-10-cm/S52")
    assert "choose the code first" in page.xpath("string(//section[@aria-labelledby='seventh-h'])")


def test_the_counterpart_card_is_marked_as_not_whos(read: Reader) -> None:
    card = read("/code/icd-10-cm/E11.9").xpath("//section[@aria-labelledby='cp-h']")[0]
    assert "5A11" in card.text_content()
    assert "TenEleven’s own" in card.text_content()


def test_an_icd11_stem_shows_the_icd10cm_codes_that_become_it(read: Reader) -> None:
    card = read("/code/icd-11/5A11").xpath("//section[@aria-labelledby='cp-h']")[0]
    assert "E11.9" in card.xpath(".//a/span[@class='code']/text()")


def test_an_older_release_says_so_and_links_to_the_current_one(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.9?release=2026")
    assert "This is release 2026" in page.xpath("string(//p[@class='warn'])")


def test_an_unknown_code_is_a_page_with_what_may_have_been_meant(read: Reader) -> None:
    page = read("/code/icd-10-cm/EI1.9", status=404)
    assert "E11.9" in page.xpath("//div[@role='alert']//a/text()")


def test_a_retired_code_says_when_it_ended_and_leads_to_its_successor(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.8")
    (gone,) = page.xpath("//div[@class='gone']")
    assert "ended on 2026-09-30" in gone.text_content()
    assert gone.xpath(".//a/@href") == ["/code/icd-10-cm/E11.A"]


def test_a_code_that_only_the_conversion_table_knows_has_a_page(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.6")
    assert "it ended on 2017-09-30" in page.xpath("//div[@class='gone']")[0].text_content()


def test_a_code_that_never_was_is_an_error_page_with_the_nearest_code(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.9X", 404)
    assert "/code/icd-10-cm/E11.9" in page.xpath("//div[@class='error']//a/@href")


def test_a_leaf_shows_its_neighbours_and_a_picked_code_its_picker_alone(read: Reader) -> None:
    leaf = read("/code/icd-10-cm/E11.9")
    assert leaf.xpath("//section[@aria-labelledby='beside-h']//a/@href") == ["/code/icd-10-cm/E11.A"]
    picked = read("/code/icd-10-cm/S52.501A")
    assert not picked.xpath("//section[@aria-labelledby='beside-h']")


def test_what_a_code_becomes_comes_before_its_notes(read: Reader) -> None:
    columns = read("/code/icd-10-cm/E11.9").xpath("//div[contains(@class, 'columns')]/*")
    assert [part.get("class") for part in columns[:2]] == ["card becomes-card", "body"]


def test_a_cluster_is_shown_below_its_first_stem_with_what_becomes_it(read: Reader) -> None:
    page = read("/code/icd-11/NC32.5%26XK9K")
    assert page.xpath("//h1")[0].text_content() == "NC32.5&XK9K Fracture of lower end of radius [Right]"
    trail = page.xpath("//nav[@class='trail']//li")
    assert trail[-1].text_content().split()[0] == "NC32.5"
    assert "no release lists it" in page.xpath("//header[@class='head']")[0].text_content()
    becomes = page.xpath("//section[@aria-labelledby='cp-h']//span[@class='code']/text()")
    assert "S52.501A" in becomes
