"""ICD-11 simple tabulation: rows become concepts, in all three layouts, as text and as workbook."""

from __future__ import annotations

from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from loaders.files.archive import SourceFile
from loaders.icd11.tabulation import (
    read_header,
    read_tabulation,
    read_tabulation_xlsx,
    tabulation_version,
)
from loaders.icd11.who_table import text_rows, unquoted
from terminology.concept import Concept, Kind, Note, NoteKind, Synonym
from terminology.errors import ReleaseFormatError

NAME = "SimpleTabulation-ICD-11-MMS-en.txt"
ENTITY = "http://id.who.int/icd/entity/"
MMS = "http://id.who.int/icd/release/11/mms/"


@pytest.fixture
def content(fixtures: Path) -> bytes:
    return (fixtures / "icd11" / NAME).read_bytes()


@pytest.fixture
def notes_content(fixtures: Path) -> bytes:
    return (fixtures / "icd11" / "2026-01" / NAME).read_bytes()


@pytest.fixture
def spanish_content(fixtures: Path) -> bytes:
    return (fixtures / "icd11" / "SimpleTabulation-ICD-11-MMS-es.txt").read_bytes()


def concepts(content: bytes, path: str = NAME) -> dict[str, Concept]:
    return {c.code: c for c in read_tabulation(BytesIO(content), path)}


def workbook(content: bytes) -> BytesIO:
    """The same table as a workbook, as WHO saves it: quotes resolved, empty cells left out."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in text_rows(BytesIO(content), NAME):
        sheet.append([unquoted(cell) or None for cell in row.cells])
    saved = BytesIO()
    book.save(saved)
    return saved


def test_every_row_becomes_a_concept_in_the_order_of_the_file(content: bytes) -> None:
    assert list(concepts(content)) == [
        *("01", "BlockL1-1A0", "BlockL2-1A0", "1A00", "1A03", "1A03.0", "1A03.Y", "1A03.Z"),
        *("V", "2144513044", "VD04"),
        *("X", "437215757", "XN7N1", "XN8P1"),
    ]


def test_a_category_has_its_title_without_dashes_and_both_uris(content: bytes) -> None:
    cholera = concepts(content)["1A00"]
    assert (cholera.system, cholera.title, cholera.kind) == ("icd-11", "Cholera", Kind.STEM)
    assert (cholera.uri, cholera.foundation_uri) == (f"{MMS}257068234", f"{ENTITY}257068234")


def test_dashes_inside_a_title_stay(content: bytes) -> None:
    assert concepts(content)["VD04"].title == "Communicating with - receiving - spoken messages [WHODAS]"


def test_the_parent_is_the_nearest_shallower_row_above(content: bytes) -> None:
    found = concepts(content)
    assert {code: c.parent for code, c in found.items() if code.startswith(("01", "Block", "1A"))} == {
        "01": None,
        "BlockL1-1A0": "01",
        "BlockL2-1A0": "BlockL1-1A0",
        "1A00": "BlockL2-1A0",
        "1A03": "BlockL2-1A0",
        "1A03.0": "1A03",
        "1A03.Y": "1A03",
        "1A03.Z": "1A03",
    }


def test_a_block_without_a_block_id_is_known_by_its_entity_number(content: bytes) -> None:
    found = concepts(content)
    assert (found["437215757"].kind, found["XN7N1"].parent) == (Kind.BLOCK, "437215757")


def test_categories_of_chapter_x_are_extension_codes_and_all_others_stems(content: bytes) -> None:
    kinds = {code: c.kind for code, c in concepts(content).items()}
    assert (kinds["XN8P1"], kinds["VD04"], kinds["X"]) == (Kind.EXTENSION, Kind.STEM, Kind.CHAPTER)


def test_residuals_say_which_they_are_and_have_no_foundation_uri(content: bytes) -> None:
    found = concepts(content)
    assert {c.code: c.properties["residual"] for c in found.values() if "residual" in c.properties} == {
        "1A03.Y": "other",
        "1A03.Z": "unspecified",
    }
    assert found["1A03.Y"].foundation_uri is None


def test_what_the_columns_state_is_kept_as_properties(content: bytes) -> None:
    assert concepts(content)["1A03"].properties == {
        "leaf": "False",
        "depth": "3",
        "primary_tabulation": "True",
        "groupings": "BlockL1-1A0 BlockL2-1A0",
    }


def test_the_release_is_read_from_the_version_stamp(content: bytes, notes_content: bytes) -> None:
    assert tabulation_version(BytesIO(content), NAME) == "2025-01"
    assert tabulation_version(BytesIO(notes_content), NAME) == "2026-01"


def test_the_coding_note_column_becomes_a_note_with_its_line_feed(notes_content: bytes) -> None:
    found = concepts(notes_content)
    note = Note(NoteKind.CODING_NOTE, 'Give the strain where the laboratory "typed" it.\nOne line more.')
    assert {c.code: c.notes for c in found.values() if c.notes} == {"1A03": (note,)}


def test_a_quoted_coding_note_loses_its_quotes(notes_content: bytes) -> None:
    written = b'"Give the strain where the laboratory ""typed"" it.\nOne line more."'
    bare = b'Give the strain where the laboratory "typed" it.\nOne line more.'
    assert concepts(notes_content.replace(bare, written)) == concepts(notes_content)


def test_a_parent_column_that_contradicts_the_depth_is_an_error(notes_content: bytes) -> None:
    wrong = notes_content.replace(b"mms/135352227\r\n", b"mms/588616678\r\n", 1)
    with pytest.raises(ReleaseFormatError, match=r"line 5, Parent: expected 135352227 \(BlockL2-1A0\)"):
        concepts(wrong)


def test_a_line_number_counts_the_line_feeds_inside_notes(notes_content: bytes) -> None:
    wrong = notes_content.replace(b"\tXN7N1\t", b"\tXN8P1\t")
    with pytest.raises(ReleaseFormatError, match="line 17, Code: expected a code used once, found XN8P1"):
        concepts(wrong)


def test_titles_of_a_translation_are_terms_of_its_language_beside_the_english_title(
    spanish_content: bytes,
) -> None:
    found = concepts(spanish_content, "SimpleTabulation-ICD-11-MMS-es.txt")
    assert found["1A00"].title == "Cholera"
    assert found["1A00"].synonyms == (Synonym("Cólera", "ICD-11 MMS 2025-01 (es)", "es"),)
    assert found["XN7N1"].synonyms == ()
    assert found["1A00"].parent == "BlockL2-1A0"


def test_further_lines_of_a_note_may_stand_as_rows_of_their_own(notes_content: bytes) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in text_rows(BytesIO(notes_content), NAME):
        cells = [unquoted(cell) or cell for cell in row.cells]
        at = next((n for n, cell in enumerate(cells) if "\n" in cell), None)
        first, *more = cells[at].split("\n") if at is not None else [""]
        sheet.append([first if n == at else cell or None for n, cell in enumerate(cells)])
        for text in more:
            sheet.append([text if n == at else None for n in range(len(cells))])
    saved = BytesIO()
    book.save(saved)
    assert sheet.max_row > len(list(text_rows(BytesIO(notes_content), NAME)))
    assert list(read_tabulation_xlsx(saved, NAME)) == list(read_tabulation(BytesIO(notes_content), NAME))


def test_a_translation_may_leave_its_groupings_out(spanish_content: bytes) -> None:
    header, *rows = (row.split(b"\t") for row in spanish_content.split(b"\r\n"))
    first = header.index(b"Grouping1")
    assert any(any(row[first:]) for row in rows)
    bare = [header, *(row[:first] + [b""] * len(row[first:]) for row in rows)]
    found = concepts(b"\r\n".join(map(b"\t".join, bare)), "SimpleTabulation-ICD-11-MMS-es.txt")
    whole = concepts(spanish_content, "SimpleTabulation-ICD-11-MMS-es.txt")
    assert {code: found[code].synonyms for code in found} == {code: whole[code].synonyms for code in whole}


def test_a_translation_takes_its_language_from_the_file_name(spanish_content: bytes) -> None:
    spanish = read_header(BytesIO(spanish_content), "icd11.zip!SimpleTabulation-ICD-11-MMS-es.txt")
    nameless = read_header(BytesIO(spanish_content), "tabulation.txt")
    assert (spanish.release, spanish.language, spanish.translated) == ("2025-01", "es", True)
    assert nameless.language == "und"


def test_an_english_tabulation_is_not_translated(content: bytes) -> None:
    header = read_header(BytesIO(content), NAME)
    assert (header.language, header.translated) == ("en", False)


@pytest.mark.parametrize("cell", ["", '""', '"- - -"', '"- - - "', "- - -"])
def test_a_title_that_is_blank_or_dashes_alone_is_not_translated(spanish_content: bytes, cell: str) -> None:
    blank = spanish_content.replace('"- - - Cólera"'.encode(), cell.encode())
    assert blank != spanish_content
    found = concepts(blank, "SimpleTabulation-ICD-11-MMS-es.txt")
    assert found["1A00"].title == "Cholera"
    assert found["1A00"].synonyms == ()
    assert found["1A00"].parent == "BlockL2-1A0"


def test_depths_that_differ_between_the_two_titles_are_an_error(spanish_content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="line 5, Title: expected the depth of TitleEN, 3, found 2"):
        concepts(spanish_content.replace("- - - Cólera".encode(), "- - Cólera".encode()))


def test_a_workbook_gives_the_same_concepts(notes_content: bytes, spanish_content: bytes) -> None:
    for content in (notes_content, spanish_content):
        assert list(read_tabulation_xlsx(workbook(content), NAME)) == list(
            read_tabulation(BytesIO(content), NAME)
        )


def test_a_workbook_tells_its_release_too(content: bytes) -> None:
    assert tabulation_version(workbook(content), "SimpleTabulation-ICD-11-MMS-en.xlsx") == "2025-01"


def test_empty_lines_are_skipped(content: bytes) -> None:
    assert concepts(content.replace(b"UTC\r\n", b"UTC\r\n\r\n")) == concepts(content)


def test_a_sixth_block_above_a_row_is_not_among_its_five_groupings() -> None:
    blocks = [f"BlockL{depth}-SA0" for depth in range(1, 7)]
    rows = [_row("1", "\t", 0, "chapter", groupings=[])]
    for depth, block in enumerate(blocks, start=1):
        rows.append(_row(f"1{depth}", f"\t{block}", depth, "block", groupings=blocks[: depth - 1]))
    rows.append(_row("99", "SB80\t", 7, "category", groupings=blocks[:5], leaf="True"))
    assert concepts(_HEADER + b"".join(rows))["SB80"].parent == "BlockL6-SA0"


_HEADER = (
    b"Foundation URI\tLinearization URI\tCode\tBlockId\tTitle\tClassKind\tDepthInKind\tIsResidual\t"
    b"ChapterNo\tBrowserLink\tisLeaf\tPrimary tabulation\tGrouping1\tGrouping2\tGrouping3\tGrouping4\t"
    b"Grouping5\tVersion:2025 Jan 24 - 22:30 UTC\r\n"
)


def _row(
    entity: str, names: str, depth: int, kind: str, *, groupings: list[str], leaf: str = "False"
) -> bytes:
    """A row of chapter 26; ``names`` are Code and BlockId, a tab between them."""
    cells = [f"{ENTITY}{entity}", f"{MMS}{entity}", names, "- " * depth + "Title"]
    cells += [kind, str(depth if kind == "block" else 1), "False", "26", "", leaf, ""]
    return "\t".join([*cells, *groupings, *[""] * (5 - len(groupings))]).encode() + b"\r\n"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (b"\tClassKind", b"\tKind", "line 1: expected the column ClassKind"),
        (b"\tVersion:2025 Jan 24 - 22:30 UTC", b"", "line 1: expected a version stamp as the last cell"),
        (
            b"\tGrouping2",
            b"\tGrouping1",
            "line 1: expected column names that differ, found 'Grouping1' twice",
        ),
        (
            b"\tTrue\tTrue\tBlockL1-1A0\tBlockL2-1A0\t\t\t\r\n",
            b"\tTrue\r\n",
            "line 5: expected 17 cells, found 11",
        ),
        (b"\tTrue\tTrue\t", b"\tTrue\tTrue\tTrue\t\t\t\t\tmore\t", "line 5: expected 17 cells, found 23"),
        (
            b"\tblock\t1",
            b"\twindow\t1",
            "line 3, ClassKind: expected chapter, block or category, found 'window'",
        ),
        (
            b"- - Bacterial",
            b"- - - Bacterial",
            "line 4, Title: expected a title at most 2 levels deep, found 3",
        ),
        (b'"- Gastro', b'"Gastro', "line 3, ClassKind: expected chapters at depth 0 and nothing else"),
        (b"\t1A03\t", b"\t1A00\t", "line 6, Code: expected a code used once, found 1A00, already on line 5"),
        (b"\t1A00\t", b"\t\t", "line 5, Code: expected a code and no BlockId, found '' and ''"),
        (
            b"\t1A00\t",
            b"\tX000\t",
            "line 5, Code: expected codes with X in chapter X alone, found X000 in 01",
        ),
        (b"\t\tBlockL1-1A0\t", b"\t1A\tBlockL1-1A0\t", "line 3, Code: expected no code for a block"),
        (b"mms/257068234\t", b"mms/257068235\t", "line 5, Foundation URI: expected http"),
        (b"mms/257068234\t", b"mms/\t", "line 5, Linearization URI: expected a WHO linearization URI"),
        (b"\tTrue\t01", b"\tFalse\t01", "line 8, IsResidual: expected True for http"),
        (b"\tcategory\t2\t", b"\tcategory\t3\t", "line 7, DepthInKind: expected 2, found '3'"),
        (
            b"BlockL1-1A0\tBlockL2-1A0",
            b"BlockL1-1A0\tBlockL2-1A9",
            "line 5, Grouping1: expected BlockL1-1A0 Block",
        ),
        (b"\tFalse\t01", b"\tFalse\t02", "line 3, ChapterNo: expected chapter 02, found '01'"),
        (b'"- - - Cholera"', b'"- - - Cholera', "line 5, Title: expected quotes that balance"),
        (b'"- - - Cholera"', b'"- - - "', "line 5, Title: expected a title, found none"),
        (b'browser"")"\tTrue\tTrue', b'browser"")"\tFalse\tTrue', "line 5, isLeaf: expected rows below it"),
        (b'browser"")"\tTrue\tTrue', b'browser"")"\tYes\tTrue', "line 5, isLeaf: expected True or False"),
        (b"Cholera", b"Chol\xe9ra", "line 5: expected UTF-8 text, found byte 0xe9"),
    ],
)
def test_a_malformed_file_is_an_error_at_its_line(
    content: bytes, old: bytes, new: bytes, message: str
) -> None:
    assert old in content
    with pytest.raises(ReleaseFormatError) as error:
        concepts(content.replace(old, new, 1))
    assert str(error.value).startswith(f"{NAME}, {message}")


def test_a_file_cut_off_inside_a_row_is_an_error(content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="line 16: expected 17 cells, found"):
        concepts(content[:-60])


def test_a_file_cut_off_between_a_row_and_its_children_is_an_error(content: bytes) -> None:
    cut = content[: content.index(b"http://id.who.int/icd/entity/194483911")]
    with pytest.raises(ReleaseFormatError, match=r"line 15, isLeaf: expected rows below it \(cut off\?\)"):
        concepts(cut)


def test_a_file_without_rows_is_an_error(content: bytes) -> None:
    with pytest.raises(ReleaseFormatError, match="expected at least one chapter, found no rows"):
        concepts(content[: content.index(b"\r\n") + 2])
    with pytest.raises(ReleaseFormatError, match="line 1: expected a header, found an empty file"):
        concepts(b"")


def tabulation(data_dir: Path, release: str, suffix: str) -> SourceFile:
    folder = data_dir / "icd11" / release
    return SourceFile(
        folder / "SimpleTabulation-ICD-11-MMS-en.zip", f"SimpleTabulation-ICD-11-MMS-en.{suffix}", folder
    )


@pytest.fixture(scope="module")
def release_2024(data_dir: Path) -> list[Concept]:
    source = tabulation(data_dir, "2024-01", "txt")
    with source.open() as file:
        return list(read_tabulation(file, source.label))


@pytest.mark.realdata
def test_release_2025_01_is_accounted_for_row_by_row(data_dir: Path) -> None:
    source = tabulation(data_dir, "2025-01", "txt")
    with source.open() as file:
        assert tabulation_version(file, source.label) == "2025-01"
        found = list(read_tabulation(file, source.label))
    assert Counter(c.kind for c in found) == {
        Kind.CHAPTER: 28,
        Kind.BLOCK: 1_415,
        Kind.STEM: 18_481,
        Kind.EXTENSION: 16_858,
    }
    assert len(found) == 36_782
    assert sum(c.kind is Kind.BLOCK and c.code.isdigit() for c in found) == 627
    assert Counter(c.properties.get("residual") for c in found) == {
        None: 31_427,
        "unspecified": 2_824,
        "other": 2_531,
    }


@pytest.mark.realdata
def test_release_2024_01_is_accounted_for_row_by_row(release_2024: list[Concept]) -> None:
    assert len(release_2024) == 36_044
    assert Counter(c.kind for c in release_2024) == {
        Kind.CHAPTER: 28,
        Kind.BLOCK: 1_353,
        Kind.STEM: 17_822,
        Kind.EXTENSION: 16_841,
    }


@pytest.mark.realdata
def test_text_and_workbook_of_2024_01_give_the_same_concepts(
    data_dir: Path, release_2024: list[Concept]
) -> None:
    source = tabulation(data_dir, "2024-01", "xlsx")
    with source.open() as file:
        assert list(read_tabulation_xlsx(file, source.label)) == release_2024
