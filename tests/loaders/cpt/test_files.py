"""A licensee's AMA files, in invented content.

No CPT code or descriptor may stand here. The codes of the fixtures cannot exist: the AMA has never used
``Z`` or ``Y`` in the fifth place, and counts its codes from 1, so ``00000`` and ``0000F`` are no codes
either. The reader accepts any letter there, because the AMA has added letters over the years (F, T, U, M, A).
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from pathlib import Path

import pytest

from loaders.cpt.files import (
    CHAPTERS,
    CptFile,
    chapter_of,
    file_role,
    read_consolidated,
    read_cpt,
    release_of,
)
from terminology.concept import Concept, Kind, Synonym
from terminology.errors import ReleaseFormatError


def opened(content: str | bytes, name: str = "LONGULT.txt") -> CptFile:
    return CptFile(io.BytesIO(content.encode() if isinstance(content, str) else content), name)


def codes(concepts: list[Concept]) -> list[str]:
    return [c.code for c in concepts if c.kind is Kind.CODE]


def read_data_files(folder: Path) -> dict[str, Concept]:
    with ExitStack() as stack:
        files = [
            CptFile(stack.enter_context((folder / name).open("rb")), name)
            for name in ("LONGULT.txt", "MEDU.txt", "SHORTU.txt")
        ]
        return {c.code: c for c in read_cpt(*files)}


def read_list(content: bytes) -> dict[str, Concept]:
    return {c.code: c for c in read_consolidated(io.BytesIO(content), "Consolidated_Code_List.txt")}


@pytest.fixture
def consolidated(fixtures: Path) -> bytes:
    return (fixtures / "cpt/Consolidated_Code_List.txt").read_bytes()


# the CPT Data Files


def test_three_data_files_make_one_list_of_codes(fixtures: Path) -> None:
    concepts = read_data_files(fixtures / "cpt")
    assert list(concepts) == ["other", "0000Z", "0001Z", "0002Y"]
    second = concepts["0001Z"]
    assert second.title == (
        "Invented service of a kind that does not exist, performed on a teapot; each additional teapot "
        "– any size"
    )
    assert second.short_title == "INVENTED SERV TEAPOT ADDL"
    assert second.properties == {"medium_title": "INVENTED SERVICE TEAPOT EACH ADDL"}
    assert (second.system, second.kind, second.parent) == ("cpt", Kind.CODE, "other")


def test_the_long_file_alone_is_enough(fixtures: Path) -> None:
    with (fixtures / "cpt/LONGULT.txt").open("rb") as file:
        concepts = list(read_cpt(CptFile(file, "LONGULT.txt")))
    assert codes(concepts) == ["0000Z", "0001Z", "0002Y"]
    assert concepts[-1].short_title is None
    assert concepts[-1].properties == {}


def test_a_file_without_notice_or_final_line_end_is_read() -> None:
    assert codes(list(read_cpt(opened("0000Z\tOne\n0001Z\tTwo")))) == ["0000Z", "0001Z"]


def test_a_byte_order_mark_is_no_part_of_the_first_code() -> None:
    assert codes(list(read_cpt(opened(b"\xef\xbb\xbf0000Z\tOne\n0001Z\tTwo\n")))) == ["0000Z", "0001Z"]


def test_a_notice_without_blank_line_ends_where_codes_follow_each_other() -> None:
    notice = "A notice of the town of\n00000 Nowhere\nwithout a blank line\n"
    assert codes(list(read_cpt(opened(f"{notice}0000Z\tOne\n0001Z\tTwo\n")))) == ["0000Z", "0001Z"]


def test_a_notice_without_blank_line_may_have_one_code_under_it() -> None:
    assert codes(list(read_cpt(opened("A notice\n0000Z\tOne\n")))) == ["0000Z"]


def test_blank_lines_at_the_end_are_accepted() -> None:
    assert codes(list(read_cpt(opened("0000Z\tOne\n\n\n")))) == ["0000Z"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("A notice\n\n", "LONGULT.txt: expected CPT codes and their descriptors, found none"),
        ("", "LONGULT.txt: expected CPT codes and their descriptors, found none"),
        (
            "0000Z\tOne\nTwo\n",
            "LONGULT.txt, line 2, columns 1-7: expected a CPT code and its descriptor, found 'Two'",
        ),
        (
            "0000Z\tOne\n0001z\tTwo\n",
            "LONGULT.txt, line 2, columns 1-7: expected a CPT code and its descriptor, found '0001z\\tTwo'",
        ),
        (
            "0000Z\tOne\n0001Z\t\n",
            "LONGULT.txt, line 2, columns 1-7: expected a CPT code and its descriptor, found '0001Z\\t'",
        ),
        ("0000Z\tOne\n\n\n0001Z\tTwo\n", "LONGULT.txt, line 2: expected a code, found a blank line"),
        (
            "0000Z\tOne\n0000Z\tTwo\n",
            "LONGULT.txt, line 2: expected each code once (0000Z is on line 1), found it again",
        ),
        (
            b"0000Z\tOne\n0001Z\tTw\x8d\n",
            "LONGULT.txt, line 2: expected UTF-8 or Windows-1252 text, found byte 0x8D at column 9",
        ),
    ],
)
def test_a_malformed_data_file_is_reported_with_its_place(content: str | bytes, expected: str) -> None:
    with pytest.raises(ReleaseFormatError) as raised:
        list(read_cpt(opened(content)))
    assert str(raised.value) == expected


@pytest.mark.parametrize("role", ["medium", "short"])
def test_a_code_without_long_descriptor_is_reported(role: str) -> None:
    other = opened("0000Z ONE\n0001Z TWO\n", "OTHER.txt")
    with pytest.raises(ReleaseFormatError) as raised:
        list(read_cpt(opened("0000Z\tOne\n"), **{role: other}))
    assert str(raised.value) == "OTHER.txt, line 2: expected a code of LONGULT.txt, found 0001Z"


# the Consolidated Code List


def test_the_consolidated_list_is_read_by_its_headings(consolidated: bytes) -> None:
    concepts = read_list(consolidated)
    assert list(concepts) == ["other", "0000Z", "0001Z", "0002Y"]
    first, last = concepts["0000Z"], concepts["0002Y"]
    assert first.short_title == "INVENTED SERV TEAPOT INIT"
    assert first.properties == {
        "medium_title": "INVENTED SERVICE TEAPOT INITIAL",
        "concept_id": "9000001",
        "descriptor_effective": "20260101",
    }
    assert last.title == "Invented measure of a teapot’s warmth"
    assert last.properties["test_name"] == "Teapot Panel"
    assert last.properties["lab_name"] == "Teapot Laboratory"
    assert last.properties["manufacturer_name"] == "Teapot Works"


def test_consumer_descriptors_are_synonyms_in_their_language(consolidated: bytes) -> None:
    assert read_list(consolidated)["0000Z"].synonyms == (
        Synonym("First look at a teapot", "CPT Consumer descriptor", "en"),
        Synonym("Primera revisión de una tetera", "CPT Spanish Consumer descriptor", "es"),
    )


def test_both_deliveries_give_the_same_titles(fixtures: Path, consolidated: bytes) -> None:
    one, other = read_data_files(fixtures / "cpt"), read_list(consolidated)
    assert [(c.code, c.title, c.short_title) for c in one.values()] == [
        (c.code, c.title, c.short_title) for c in other.values()
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"CPT Code", b"Code", ": expected a heading row with 'CPT Code', found none"),
        (b"\tMedium\tShort", b"", ", line 4: expected the columns Medium, Short, found none of them"),
        (b"\t0001Z\t", b"\t1Z\t", ", line 6, CPT Code: expected a CPT code, found '1Z'"),
        (
            b"\t0001Z\t",
            b"\t0000Z\t",
            ", line 6: expected each code once (0000Z is on line 5), found it again",
        ),
        (
            "Invented measure of a teapot’s warmth".encode(),
            b"",
            ", line 7, Long: expected a descriptor of 0002Y, found nothing",
        ),
        (b"\r\n9000002", b"\r\n\r\n9000002", ", line 6: expected a code, found a blank line"),
        (b"Teapot Works", b"Teapot Works\tsurplus", ", line 7: expected 11 columns, found 12 columns"),
    ],
)
def test_a_malformed_list_is_reported_with_its_place(
    consolidated: bytes, old: bytes, new: bytes, expected: str
) -> None:
    assert old in consolidated
    with pytest.raises(ReleaseFormatError) as raised:
        read_list(consolidated.replace(old, new))
    assert str(raised.value) == f"Consolidated_Code_List.txt{expected}"


# parts, names and editions


@pytest.mark.parametrize(
    ("code", "chapter"),
    [
        ("00000", "category-1"),
        ("0000A", "category-1"),
        ("0000F", "category-2"),
        ("0000T", "category-3"),
        ("0000U", "pla"),
        ("0000M", "maaa"),
        ("0000Z", "other"),
    ],
)
def test_the_form_of_a_code_tells_its_part(code: str, chapter: str) -> None:
    assert chapter_of(code) == chapter
    assert chapter in CHAPTERS


def test_a_chapter_comes_once_before_its_first_code() -> None:
    concepts = list(read_cpt(opened("00000\tOne\n0000F\tTwo\n0000A\tThree\n")))
    assert [(c.code, c.parent) for c in concepts] == [
        ("category-1", None),
        ("00000", "category-1"),
        ("category-2", None),
        ("0000F", "category-2"),
        ("0000A", "category-1"),
    ]
    assert concepts[0].title == "Category I"


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("LONGULT.txt", "long"),
        ("medu.TXT", "medium"),
        ("SHORTU.txt", "short"),
        ("Consolidated_Code_List.txt", "consolidated"),
        ("ConsolidatedCodeList.txt", "consolidated"),
        ("LONGUT.txt", None),
        ("README.txt", None),
    ],
)
def test_files_are_known_by_their_names(name: str, role: str | None) -> None:
    assert file_role(name) == role


def test_the_edition_is_the_last_year_in_the_path() -> None:
    release = release_of("licences 2019/CPT 2026.zip!standard/LONGULT.txt")
    assert release is not None
    assert (release.system, release.id, release.sources) == ("cpt", "2026", ("LONGULT.txt",))
    assert release_of("cpt/LONGULT.txt") is None
