"""The tree as of a day: by the master E11.7 ended in 2017, E11.9 began in 2016, S52.5 a code until 2018."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.crosswalk.crosswalks import crosswalk
from terminology.bundle.life.code_list import ListStatus, listed_codes
from terminology.bundle.store import Store
from terminology.errors import UnknownCodeError
from tests.checked_answers import checking_client
from web.app import create_app

YEARS = (date(2016, 1, 1), date(2017, 1, 1), date(2019, 1, 1))


@pytest.fixture
def dated(dated_bundle: Path) -> Iterator[Store]:
    store = Store(dated_bundle)
    yield store
    store.close()


def below(store: Store, code: str, day: date) -> list[str]:
    return [c.code for c in store.children(store.concept("icd-10-cm", code, on=day), 10).items]


def test_children_are_those_in_use_on_the_day_with_those_no_release_has(dated: Store) -> None:
    assert [below(dated, "E11", day) for day in YEARS] == [
        ["E11.7", "E11.8"],
        ["E11.7", "E11.9", "E11.8"],
        ["E11.9", "E11.8"],
    ]
    page = dated.children(dated.concept("icd-10-cm", "E11", on=YEARS[1]), 1, 1)
    assert (page.total, [c.code for c in page.items]) == (3, ["E11.9"])


def test_what_is_counted_below_is_of_the_day(dated: Store) -> None:
    for day, children, descendants in zip(YEARS, (2, 3, 2), (2, 3, 2), strict=True):
        concept = dated.concept("icd-10-cm", "E11", on=day)
        assert (concept.children_count, concept.descendants_count) == (children, descendants)
        assert dated.descendants(concept, 10).total == descendants
    (block,) = dated.children(dated.concept("icd-10-cm", "4", on=YEARS[1]), 10).items
    (category,) = dated.children(dated.concept("icd-10-cm", block.code, on=YEARS[1]), 10).items
    assert category.children_count == 3


def test_a_heading_that_was_a_code_is_shown_as_one_without_codes_below(dated: Store) -> None:
    (child,) = dated.children(dated.concept("icd-10-cm", "S52", on=YEARS[0]), 10).items
    assert (child.code, child.kind, child.billable, child.children_count) == ("S52.5", "code", True, 0)
    assert below(dated, "S52.5", YEARS[0]) == []
    later = dated.concept("icd-10-cm", "S52.501A", on=YEARS[2])
    assert (later.path[-1].code, later.path[-1].billable) == ("S52.5", False)
    assert below(dated, "S52.5", YEARS[2]) == ["S52.501A"]


def test_everything_below_stands_in_the_order_of_the_tree(dated: Store) -> None:
    found = dated.descendants(dated.concept("icd-10-cm", "4", on=YEARS[1]), 10)
    assert [c.code for c in found.items] == ["E08-E13", "E11", "E11.7", "E11.9", "E11.8"]


def test_a_named_release_is_shown_as_it_is_printed(dated: Store) -> None:
    concept = dated.concept("icd-10-cm", "E11", "2026")
    assert [c.code for c in dated.children(concept, 10).items] == ["E11.9", "E11.8"]
    assert concept.children_count == 2


def test_a_code_that_only_a_dated_table_knows_is_answered_with_what_it_says(dated: Store) -> None:
    code = dated.concept("icd-10-cm", "e117", on=YEARS[0])
    assert (code.code, code.billable, code.releases) == ("E11.7", True, ())
    assert code.title == "(no loaded release has its title; below E11 Type 2 diabetes mellitus)"
    assert [c.code for c in code.path] == ["4", "E08-E13", "E11"]
    assert [note.origin for note in code.inherited_notes] == ["E11"]
    assert (code.valid_from, code.valid_to) == ("2015-10-01", "2017-09-30")
    assert "valid and billable on 2016-01-01 is from Medicare Code Editor v44" in code.notices[0]
    assert [c.code for c in dated.siblings(code, 10).items] == ["E11.8"]
    assert dated.children(code, 10).total == dated.descendants(code, 10).total == 0


def test_a_code_without_a_heading_in_a_release_is_unknown(dated: Store) -> None:
    with pytest.raises(UnknownCodeError, match=r"has no code 'Z00\.0'"):
        dated.concept("icd-10-cm", "Z00.0", on=YEARS[0])


def test_the_api_and_pages_show_the_day_s_tree(dated_bundle: Path) -> None:
    client = checking_client(create_app(dated_bundle))
    day = YEARS[0].isoformat()
    answer = client.get(f"/api/v1/codes/icd-10-cm/E11/children?date={day}").get_json()
    assert [item["code"] for item in answer["items"]] == ["E11.7", "E11.8"]
    code = client.get(f"/api/v1/codes/icd-10-cm/E11.7?date={day}").get_json()
    assert (code["parent"], code["releases"], code["life"][0]["to"]) == ("E11", [], "2017-09-30")
    assert "no loaded release has its title" in client.get(f"/code/icd-10-cm/E11.7?date={day}").text
    roots = client.get(f"/api/v1/tree/icd-10-cm?date={day}").get_json()
    assert [item["code"] for item in roots["items"]] == ["4", "19"]


def test_what_such_a_code_becomes_is_not_known_and_that_is_said(dated: Store) -> None:
    with pytest.raises(UnknownCodeError, match="without its title no crosswalk is made of it"):
        crosswalk(dated, "E11.7", on=YEARS[0])


def test_a_chapter_stood_where_a_code_below_it_did(dated: Store) -> None:
    assert dated.resolution("icd-10-cm", "4", YEARS[0]).exists
    assert dated.resolution("icd-10-cm", "4", date(2015, 9, 30)).status == "undetermined"


def test_a_list_says_who_knows_a_code_that_no_release_has(dated: Store) -> None:
    (found,) = listed_codes(dated, "icd-10-cm", ["E11.7"], YEARS[0])
    assert (found.status, found.title) == (ListStatus.VALID, None)
    assert found.message == (
        "E11.7 is valid on 2016-01-01 (Medicare Code Editor v44; no loaded release has its title)"
    )
