"""The pages of a code on a day: its life, and what it is then."""

from __future__ import annotations

from pathlib import Path

from tests.checked_answers import checking_client
from tests.client import Client
from tests.web.pages.conftest import Reader
from web.app import create_app

BEFORE, AFTER = "2026-09-30", "2026-10-01"


def test_the_page_of_a_code_lists_its_life_with_the_files_that_say_so(read: Reader) -> None:
    (life,) = read("/code/icd-10-cm/E11.A").xpath("//ol[@class='life']")
    assert "since 2026-10-01: billable" in life.text_content()
    assert "ICD-10-CM 2027" in life.text_content()


def test_the_page_of_a_day_shows_the_code_of_that_day(read: Reader) -> None:
    page = read("/code/icd-10-cm/E11.8?date=2026-09-30")
    assert not page.xpath("//div[@class='gone']")
    assert page.xpath("//form[contains(@class, 'on-day')]//input[@value='2026-09-30']")
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


def test_the_tree_is_of_the_day_and_keeps_it(dated_bundle: Path) -> None:
    dated = checking_client(create_app(dated_bundle))
    page = dated.get("/browse/icd-10-cm?at=E11&date=2016-01-01").text
    assert 'data-code="E11.7"' in page and 'data-code="E11.9"' not in page
    assert "As of 2016-01-01" in page and "No loaded release of ICD-10-CM was in force" in page
    branch = dated.get("/browse/icd-10-cm/children?of=S52&date=2016-01-01").text
    assert 'data-code="S52.5"' in branch and "date=2016-01-01" in branch and "twist leaf" in branch
    rows = dated.get("/browse/icd-10-cm/below?of=E11&date=2017-01-01&format=csv").text.splitlines()
    assert [row.split(",")[0] for row in rows[1:]] == ["E11.7", "E11.9", "E11.8"]


def test_the_builder_keeps_the_day_and_offers_codes_in_use(client: Client) -> None:
    page = client.get(f"/builder?expression=5A1Z&date={BEFORE}").text
    sources = page.partition("become exactly this")[2]
    assert "E11.8" in sources and "E11.A" not in sources
    assert f'name="date" value="{BEFORE}"' in page
    after = client.get(f"/builder?expression=5A1Z&date={AFTER}").text.partition("become exactly this")[2]
    assert "E11.A" in after and "E11.8" not in after


def test_the_page_of_an_icd_11_code_tells_sources_not_in_use(client: Client) -> None:
    page = client.get(f"/crosswalk/5A1Z?date={BEFORE}").text
    assert f"E11.A is not yet valid on {BEFORE}" in page
    assert f"/crosswalk/E11.8?date={BEFORE}" in page
