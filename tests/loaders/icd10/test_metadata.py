"""WHO ICD-10 metadata: three files become one tree."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest

from loaders.files.archive import SourceFile
from loaders.icd10.metadata import Group, read_chapters, read_codes, read_groups, read_icd10
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError

Files = dict[str, bytes]


@pytest.fixture
def files(fixtures: Path) -> Files:
    return {
        name: (fixtures / "icd10" / f"icd102019syst_{name}.txt").read_bytes()
        for name in ("codes", "groups", "chapters")
    }


def read(files: Files) -> list[Concept]:
    opened = {name: (BytesIO(content), f"{name}.txt") for name, content in files.items()}
    return list(read_icd10(opened["codes"], opened["groups"], opened["chapters"]))


def edited(files: Files, name: str, old: bytes, new: bytes) -> Files:
    assert old in files[name]
    return {**files, name: files[name].replace(old, new, 1)}


def test_concepts_come_in_the_order_of_the_files_parents_first(files: Files) -> None:
    assert [c.code for c in read(files)] == [
        *("I", "A00-A09", "A00", "A00.0", "A00.9", "B15-B19", "B18", "B18.0", "B18.00", "B99-B99", "B99"),
        *("II", "C00-C97", "C00-C75", "C00-C14", "C00", "C00.0", "C15-C26", "C20", "C81-C96"),
        *("VI", "G00-G09", "G01"),
    ]


def test_chapters_have_the_roman_numerals_of_the_maps(files: Files) -> None:
    numbered = b"".join(b"%02d;Title\n" % n for n in range(1, 23))
    assert [c.code for c in read_chapters(BytesIO(numbered), "chapters.txt")] == [
        *("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI"),
        *("XII", "XIII", "XIV", "XV", "XVI", "XVII", "XVIII", "XIX", "XX", "XXI", "XXII"),
    ]


def test_a_block_lies_in_the_smallest_block_that_contains_it(files: Files) -> None:
    parents = {c.code: c.parent for c in read(files) if c.kind is Kind.BLOCK}
    assert parents == {
        "A00-A09": "I",
        "B15-B19": "I",
        "B99-B99": "I",
        "C00-C97": "II",
        "C00-C75": "C00-C97",
        "C00-C14": "C00-C75",
        "C15-C26": "C00-C75",
        "C81-C96": "C00-C97",
        "G00-G09": "VI",
    }


def test_the_tree_does_not_depend_on_the_order_of_nested_groups(files: Files) -> None:
    lines = files["groups"].splitlines(keepends=True)
    turned = read({**files, "groups": b"".join(reversed(lines))})
    assert {c.code: c.parent for c in turned} == {c.code: c.parent for c in read(files)}


def test_a_code_lies_in_its_category_and_a_category_in_its_smallest_block(files: Files) -> None:
    parents = {c.code: c.parent for c in read(files)}
    codes = ("A00", "A00.0", "B18.0", "B18.00", "B99", "C00", "C20")
    assert [parents[code] for code in codes] == [
        "A00-A09",
        "A00",
        "B18",
        "B18.0",
        "B99-B99",
        "C00-C14",
        "C15-C26",
    ]


def test_a_category_is_divided_further_and_a_code_is_not(files: Files) -> None:
    kinds = {c.code: c.kind for c in read(files)}
    assert [kinds[code] for code in ("A00", "B18.0")] == [Kind.CATEGORY] * 2
    assert [kinds[code] for code in ("A00.0", "B18.00", "B99", "G01")] == [Kind.CODE] * 4


def test_what_the_file_states_of_a_code_is_kept(files: Files) -> None:
    found = {c.code: c for c in read(files)}
    assert found["G01"].properties == {"morbidity": "120", "asterisk": "*"}
    assert found["B18.00"].properties["subclassification"] == "S"
    assert found["A00"].properties == {
        "morbidity": "001",
        "mortality_4": "4-002",
        "mortality_3": "3-003",
        "mortality_2": "2-001",
        "mortality_1": "1-002",
    }


def test_the_title_of_a_code_is_whole_and_its_own_part_the_short_title(files: Files) -> None:
    found = {c.code: c for c in read(files)}
    lip = found["C00.0"]
    assert (lip.title, lip.short_title) == ("Malignant neoplasm: External upper lip", "External upper lip")
    assert found["A00.9"].short_title is None


def test_each_file_has_a_reader_of_its_own(files: Files) -> None:
    groups = list(read_groups(BytesIO(files["groups"]), "groups.txt"))
    assert groups[2] == Group(3, "B99", "B99", "01", "Other infectious diseases")
    assert sum(code.asterisk for code in read_codes(BytesIO(files["codes"]), "codes.txt")) == 1


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("codes", b";1-002\n", b"\n", "line 1: expected 17 fields between semicolons, found 16"),
        ("codes", b"3;N;X;01", b"4;N;X;01", "line 1: expected level 3 for A00, found '4'"),
        (
            "codes",
            b"3;N;X;01",
            b"3;T;X;01",
            "line 1: expected N for codes printed with a dash, else T, found 'T'",
        ),
        ("codes", b"4;T;X", b"4;T;Z", "line 2: expected X or S in field 3, found 'Z'"),
        ("codes", b";A00.0;A000;", b";A00.0;A001;", "line 2: expected one code in fields 6 to 8"),
        (
            "codes",
            b";A00.9;A00.9;A009;",
            b";A00.0;A00.0;A000;",
            "line 3: expected a code used once, found A00.0",
        ),
        (
            "codes",
            b"A000;Cholera due to Vibrio",
            b"A000;\xe9",
            "line 2: expected UTF-8 text, found byte 0xe9",
        ),
        ("codes", b"A00;A00;Cholera;", b"A00;A00;;", "line 1: expected a title, found none"),
        (
            "codes",
            b"01;B99",
            b"01;A00",
            "line 7: expected the first code of a group that has B99, found 'A00'",
        ),
        (
            "codes",
            b"4;T;X;02;C00;C00.0;C00.0;C000",
            b"4;T;X;02;C00;C01.0;C01.0;C010",
            "line 9: expected C01 above",
        ),
        (
            "groups",
            b"A00;A09;01",
            b"A09;A00;01",
            "line 1: expected a range of categories, found 'A09' to 'A00'",
        ),
        (
            "groups",
            b"B15;B19;01",
            b"B15;B19;09",
            "line 2: expected a chapter of the chapters file, found '09'",
        ),
        ("groups", b"B15;B19;01", b"A00;A09;01", "line 2: expected a group listed once, found A00-A09"),
        (
            "groups",
            b"C15;C26",
            b"C15;C77",
            "line 7: expected a range within or beside C00-C75, found C15-C77",
        ),
        ("groups", b"C15;C26;02", b"C15;C26;06", "line 7: expected the chapter of C00-C75, 02, found '06'"),
        ("chapters", b"01;", b"23;", "line 1: expected a chapter from 01 to 22, found '23'"),
        (
            "chapters",
            b"02;Neoplasms",
            b"02;Neoplasms;",
            "line 2: expected 2 fields between semicolons, found 3",
        ),
    ],
)
def test_a_malformed_file_is_an_error_at_its_line(
    files: Files, name: str, old: bytes, new: bytes, message: str
) -> None:
    with pytest.raises(ReleaseFormatError) as error:
        read(edited(files, name, old, new))
    assert str(error.value).startswith(f"{name}.txt, {message}")


def test_a_codes_file_cut_off_before_the_codes_of_a_category_is_an_error(files: Files) -> None:
    cut = files["codes"][: files["codes"].index(b"4;T;X;02;C00;C00.0")]
    with pytest.raises(
        ReleaseFormatError, match=r"line 8: expected codes that divide C00 \(cut off\?\), found none"
    ):
        read({**files, "codes": cut})


def test_an_empty_file_is_an_error(files: Files) -> None:
    with pytest.raises(
        ReleaseFormatError, match=r"chapters.txt: expected at least one line, found an empty file"
    ):
        read({**files, "chapters": b""})


@pytest.mark.realdata
def test_the_2019_files_are_accounted_for_line_by_line(data_dir: Path) -> None:
    folder = data_dir / "icd10"
    codes, groups, chapters = (
        SourceFile(folder / f"icd102019syst_{name}.txt", None, folder)
        for name in ("codes", "groups", "chapters")
    )
    with codes.open() as c, groups.open() as g, chapters.open() as h:
        found = list(read_icd10((c, codes.label), (g, groups.label), (h, chapters.label)))
    kinds = Counter(c.kind for c in found)
    assert kinds == {Kind.CHAPTER: 22, Kind.BLOCK: 263, Kind.CATEGORY: 1_588, Kind.CODE: 10_633}
    assert kinds[Kind.CATEGORY] + kinds[Kind.CODE] == 12_221
    assert sum("asterisk" in c.properties for c in found) == 373
    position = {c.code: at for at, c in enumerate(found)}
    assert len(position) == len(found)
    assert all(c.parent is None or position[c.parent] < position[c.code] for c in found)
