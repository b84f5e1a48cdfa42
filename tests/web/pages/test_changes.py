"""What changed between two releases, and lists that are taken away whole."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.client import Client
from tests.web.pages.conftest import Reader


def rows_of(client: Client, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    return list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))


def test_the_newest_two_releases_are_compared(read: Reader) -> None:
    page = read("/changes/icd-10-cm")
    assert "2026 to 2027" in page.findtext(".//h1/small")
    codes = page.xpath("//table[@id='changes']/tbody/tr/th//text()")
    assert "E11.A" in codes and "E11.8" in codes


def test_a_deleted_code_has_what_replaced_it(client: Client) -> None:
    (deleted,) = rows_of(client, "/changes/icd-10-cm?list=deleted&q=e118&format=csv")
    assert (deleted["code"], deleted["replaced_by"]) == ("E11.8", "E11.A")


def test_lists_are_filtered_by_code_words_and_billable(read: Reader) -> None:
    def codes(query: str) -> list[str]:
        found: list[str] = read(f"/changes/icd-10-cm?{query}").xpath(
            "//table[@id='changes']/tbody/tr/th//text()"
        )
        return found

    assert set(codes("list=added&q=e11a")) == {"E11.A"}
    assert codes("list=added&q=nothing+of+the+kind") == []


def test_an_unknown_list_or_format_is_refused(client: Client) -> None:
    for path in ("list=moved", "format=pdf", "offset=x", "from=1066"):
        answer = client.get(f"/changes/icd-10-cm?{path}", headers={"Accept": "text/html"})
        assert 400 <= answer.status_code < 500, path


def test_a_system_of_one_release_says_that_there_is_nothing_to_compare(read: Reader) -> None:
    assert "nothing to compare" in read("/changes/icd-10").text_content()


def test_search_results_are_taken_away_whole(client: Client, read: Reader) -> None:
    rows = rows_of(client, "/?q=diabetes&format=csv")
    total = int(read("/?q=diabetes").xpath("string(//p[@class='count']/b)"))
    assert len({row["group"] + row["system"] for row in rows}) == total
    answer = client.get("/?q=diabetes&format=xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    assert sheet.max_row == len(rows) + 1


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_all_codes_below_one_are_taken_away(client: Client, form: str) -> None:
    answer = client.get(f"/browse/icd-10-cm/below?of=E11&format={form}")
    assert answer.status_code == 200
    assert f'.{form}"' in answer.headers["Content-Disposition"]
    if form == "csv":
        assert b"E11.9," in answer.data
