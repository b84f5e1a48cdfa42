"""WHO's ICD-10 as a package carries it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from loaders.icd10.outline_xml import read_icd10_xml
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError


def read(content: bytes) -> list[Concept]:
    return list(read_icd10_xml(BytesIO(content), "icd_10_v2019.xml"))


@pytest.fixture
def content(fixtures: Path) -> bytes:
    return (fixtures / "packages" / "icd_10_v2019.xml").read_bytes()


def test_parents_come_before_children_in_the_order_of_the_book(content: bytes) -> None:
    assert [c.code for c in read(content)] == [
        *("I", "A00-A09", "A00", "A00.0", "A00.9"),
        *("XIII", "M30-M36", "M35", "M35.2"),
    ]


def test_what_is_divided_is_a_category_and_what_is_not_a_code(content: bytes) -> None:
    kinds = {c.code: (c.kind, c.parent) for c in read(content)}
    assert kinds["I"] == (Kind.CHAPTER, None)
    assert kinds["A00"] == (Kind.CATEGORY, "A00-A09")
    assert kinds["A00.9"] == (Kind.CODE, "A00")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('type="category"', 'type="kategorie"', "in its place"),
        ("<name>A00.9</name>", "<name>A00.0</name>", "a code used once"),
        ("<name>A00.9</name>", "<name>A0.09</name>", "in its place"),
        ("<description>Cholera</description>", "", "<description> with text"),
        ("</icd_10_v2019>", "", "well-formed XML"),
    ],
)
def test_an_item_that_is_none_is_reported(content: bytes, old: str, new: str, expected: str) -> None:
    with pytest.raises(ReleaseFormatError, match=expected):
        read(content.replace(old.encode(), new.encode()))


def test_a_book_without_items_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="at least one chapter"):
        read(b"<icd_10_v2019></icd_10_v2019>")
