"""Without an order file, a plain code list and the Tabular List give the same entries."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path

import pytest

from loaders.icd10cm.codelist import entries_from_code_list
from loaders.icd10cm.order import OrderEntry, same_content
from loaders.icd10cm.tabular import read_tabular
from terminology.errors import ReleaseFormatError
from tests.loaders.icd10cm_files import entries, fixture, real_entries, tabular

LIST = "code-list-April-2026.txt"


def composed(content: bytes | None = None) -> list[OrderEntry]:
    return list(entries_from_code_list(BytesIO(content or fixture(LIST)), LIST, tabular()))


def test_the_entries_are_those_of_the_order_file_without_short_titles() -> None:
    assert composed() == [replace(entry, short_title=None) for entry in entries()]


def test_a_seventh_character_code_is_called_like_the_code_it_extends() -> None:
    titles = {e.key: e.long_title for e in composed()}
    assert titles["T719XXA"] == "Asphyxiation due to unspecified cause, initial encounter"


def test_titles_have_no_accents_as_in_the_order_file() -> None:
    assert {e.key: e.long_title for e in composed()}["M352"] == "Behcet's disease"


def test_codes_that_nothing_extends_are_billable() -> None:
    flags = {e.key: e.billable for e in composed()}
    assert (flags["T528X1"], flags["T528X1A"], flags["M352"]) == (False, True, True)


def test_a_section_and_a_category_of_the_same_name_are_two_lines() -> None:
    assert [e.key for e in composed()].count("B10") == 1


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("A000", "expected every code once, found A000 again"),
        ("Z99.1", "expected a chapter, section or code of the Tabular List, found 'Z99.1'"),
        ("Z00-Z99", "expected a chapter, section or code of the Tabular List, found 'Z00-Z99'"),
        ("Z99", "expected a code of the Tabular List, or one it extends, found 'Z99'"),
        ("T528X1Q", "expected a code of the Tabular List, or one it extends, found 'T528X1Q'"),
        ("T528XXXA", "expected a chapter, section or code of the Tabular List"),
        ("\xe9", "expected a chapter, section or code of the Tabular List"),
    ],
)
def test_a_line_that_is_no_code_of_the_edition_is_reported(line: str, found: str) -> None:
    with pytest.raises(ReleaseFormatError) as caught:
        composed(fixture(LIST) + f"\n{line}\n".encode())
    assert found in str(caught.value)
    assert caught.value.line == len(fixture(LIST).splitlines()) + 1


def test_a_list_without_codes_is_reported() -> None:
    with pytest.raises(ReleaseFormatError, match="expected a list of codes, found none"):
        composed(b"1\n2\n")


@pytest.mark.realdata
def test_the_package_gives_every_title_and_flag_of_the_order_file_of_2026(data_dir: Path) -> None:
    package = find_spec("simple_icd_10_cm")  # not imported: its import parses the whole book
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "data"
    with (folder / "icd10c-tabular-April-1-2026.xml").open("rb") as file:
        book = read_tabular(file, file.name)
    with (folder / LIST).open("rb") as file:
        found = list(entries_from_code_list(file, LIST, book))
    official = real_entries(data_dir, 2026)
    agreed = sum(
        (a.key, a.billable, a.long_title) == (b.key, b.billable, b.long_title)
        for a, b in zip(found, official, strict=True)
    )
    assert agreed == len(official) == 98_186
    assert same_content(found, official)
