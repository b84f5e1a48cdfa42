"""ICF's simple tabulation, by what is known of its layout, on a fixture by hand: no file was at hand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from loaders.files.catalog import Format, recognise
from loaders.icd11.linearization import FUNCTIONING
from loaders.icd11.tabulation import read_header, read_tabulation
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError

NAME = "SimpleTabulation-ICF-en.txt"


@pytest.fixture
def content(fixtures: Path) -> bytes:
    return (fixtures / "icf" / NAME).read_bytes()


def read(content: bytes, name: str = NAME) -> dict[str, Concept]:
    return {c.code: c for c in read_tabulation(BytesIO(content), name, FUNCTIONING)}


def test_its_file_is_told_from_icd_11s() -> None:
    assert recognise("SimpleTabulation-ICF-fr.txt") is Format.ICF_TABULATION
    assert recognise("SimpleTabulation-ICF-en.xlsx") is Format.ICF_TABULATION
    assert recognise("SimpleTabulation-ICD-11-MMS-en.txt") is Format.ICD11_TABULATION


def test_a_row_has_its_own_code_or_the_number_of_its_entity(content: bytes) -> None:
    assert list(read(content))[:7] == ["b", "b1", "1000000003", "b110", "b1100", "b1108", "b1109"]


def test_the_parent_is_the_nearest_shallower_row_above(content: bytes) -> None:
    parents = {code: concept.parent for code, concept in read(content).items()}
    assert [parents[c] for c in ("b", "b1", "1000000003", "b110", "b1109", "e110")] == [
        None,
        "b",
        "b1",
        "1000000003",
        "b110",
        "e1",
    ]


def test_kinds_are_those_of_the_class_kind_and_categories_are_codes(content: bytes) -> None:
    kinds = {code: concept.kind for code, concept in read(content).items()}
    assert (kinds["b1"], kinds["1000000003"], kinds["b110"], kinds["d450"]) == (
        Kind.CHAPTER,
        Kind.BLOCK,
        Kind.CODE,
        Kind.CODE,
    )


def test_the_release_is_read_from_the_version_stamp(content: bytes) -> None:
    assert read_header(BytesIO(content), NAME, FUNCTIONING).release == "2025-01"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"release/11/icf/1000000014", b"release/11/mms/1000000014", "linearization URI of icf"),
        (b"\td450\t", b"\tb110\t", "a code used once"),
        (b"\td450\t", b"\t\t", "a code"),
        (b"- - - Walking", b"- - - - - Walking", "levels deep"),
        (b"\tisLeaf", b"\tLeaf", "the column isLeaf"),
    ],
)
def test_what_is_no_tree_of_icf_is_an_error(content: bytes, old: bytes, new: bytes, said: str) -> None:
    assert old in content
    with pytest.raises(ReleaseFormatError, match=said):
        read(content.replace(old, new, 1))


def test_a_file_that_is_cut_off_is_an_error(content: bytes) -> None:
    cut = content[: content.index(b"http://id.who.int/icd/entity/1000000024")]
    with pytest.raises(ReleaseFormatError, match="cut off"):
        read(cut)
