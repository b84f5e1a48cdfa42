"""The pages of a code on a day: its life, and what it is then."""

from __future__ import annotations

from tests.web.pages.conftest import Reader


def test_the_page_of_a_code_lists_its_life_with_the_files_that_say_so(read: Reader) -> None:
    (life,) = read("/code/icd-10-cm/E11.A").xpath("//ol[@class='life']")
    assert "2026-10-01 to open: billable" in life.text_content()
    assert "ICD-10-CM 2027" in life.text_content()


def test_the_page_of_a_day_shows_the_code_of_that_day(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.8?date=2026-09-30")
    assert not page.xpath("//div[@class='gone']")
    assert page.xpath("//form[@class='on-day']//input[@value='2026-09-30']")
    (gone,) = read("/code/icd-10-cm/E11.8?date=2026-10-01").xpath("//div[@class='gone']")
    assert "not valid on 2026-10-01" in gone.text_content()


def test_a_code_still_to_come_says_when_it_begins(read: Reader) -> None:
    (gone,) = read("/code/icd-10-cm/E11.A?date=2026-09-30").xpath("//div[@class='gone']")
    assert "not yet valid" in gone.text_content() and "2026-10-01" in gone.text_content()


def test_links_keep_the_day(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11?date=2026-09-30")
    assert "/code/icd-10-cm/E11.8?date=2026-09-30" in page.xpath(
        "//section[@aria-labelledby='below-h']//a/@href"
    )


def test_a_day_that_is_none_is_refused(read: Reader) -> None:
    read("/code/icd-10-cm/E11.9?date=soon", 400)


def test_crosswalk_and_comparison_are_of_the_day(read: Reader) -> None:
    assert not read("/crosswalk/E11.8?date=2026-09-30").xpath("//div[@class='gone']")
    assert read("/crosswalk/E11.8?date=2026-10-01").xpath("//div[@class='gone']")
    read("/compare/E11.8?date=2026-09-30")
    read("/compare/E11.8?date=2026-10-01", 404)


def test_the_search_page_finds_what_is_in_use_on_the_day(read: Reader) -> None:
    def codes(day: str) -> list[str]:
        page = read(f"/?q=type+2+diabetes&date={day}")
        return [str(code) for code in page.xpath("//a[@class='hit']/@data-code")]

    assert "E11.8" in codes("2026-09-30") and "E11.A" not in codes("2026-09-30")
    assert "E11.A" in codes("2026-10-01") and "E11.8" not in codes("2026-10-01")
