"""WHO's transition tables: every row becomes one typed mapping edge."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook

from loaders.files.archive import SourceFile
from loaders.icd11.who_maps import map_version, read_map, table_of
from loaders.icd11.who_table import text_rows
from terminology.errors import ReleaseFormatError
from terminology.mapping import Mapping, MapTable, TargetKind
from terminology.who_uri import match_who_uri

ENTITY = "http://id.who.int/icd/entity/"
MMS = "http://id.who.int/icd/release/11/2024-01/mms/"
TABLES = list(MapTable)


@pytest.fixture
def contents(fixtures: Path) -> dict[MapTable, bytes]:
    return {table: (fixtures / "who_maps" / f"{table}.txt").read_bytes() for table in MapTable}


def read(content: bytes, table: MapTable) -> list[Mapping]:
    return list(read_map(BytesIO(content), f"{table}.txt", table))


def workbook(content: bytes) -> BytesIO:
    """The same table as a workbook, as WHO saves it: the stamp a date, empty cells left out."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in text_rows(BytesIO(content), "table.txt"):
        sheet.append([datetime(2024, 1, 21) if c == "2024-Jan-21" else c or None for c in row.cells])
    saved = BytesIO()
    book.save(saved)
    return saved


def told(content: bytes, table: MapTable, path: str) -> tuple[list[Mapping], list[str]]:
    faults: list[ReleaseFormatError] = []
    rows = list(read_map(BytesIO(content), path, table, faults.append))
    return rows, [str(fault) for fault in faults]


def test_a_uri_that_is_none_costs_itself_where_a_code_stands_beside_it(
    contents: dict[MapTable, bytes],
) -> None:
    table = MapTable.TEN_TO_ELEVEN_ONE
    broken = contents[table].replace(
        b"http://id.who.int/icd/entity/257068234", b"hppp://id.who.int/257068234"
    )
    rows, faults = told(broken, table, f"{table}.txt")
    assert len(rows) == len(read(contents[table], table))
    assert rows[3].target == "1A00"
    assert rows[3].target_foundation_uri is None
    assert "Foundation URI: expected the URI of a WHO entity" in faults[0]


def test_a_table_without_its_stamp_is_of_the_release_of_its_folder(contents: dict[MapTable, bytes]) -> None:
    table = MapTable.TEN_TO_ELEVEN_ONE
    bare = contents[table].replace(b"\t2024-Jan-21", b"")
    rows, faults = told(bare, table, f"icd11/2024-01/mapping.zip!{table}.txt")
    assert {row.release for row in rows} == {"2024-01"}
    assert "expected a date stamp" in faults[0]


def test_a_row_to_one_category_is_kept_with_its_place_and_uris(contents: dict[MapTable, bytes]) -> None:
    cholera = read(contents[MapTable.TEN_TO_ELEVEN_ONE], MapTable.TEN_TO_ELEVEN_ONE)[3]
    assert cholera == Mapping(
        table=MapTable.TEN_TO_ELEVEN_ONE,
        release="2024-01",
        row=5,
        source_system="icd-10",
        source_kind="category",
        source_code="A00",
        source_title="Cholera",
        target_system="icd-11",
        target_kind=TargetKind.CODE,
        target="1A00",
        target_title="Cholera",
        target_uri=f"{MMS}257068234",
        target_foundation_uri=f"{ENTITY}257068234",
    )


def test_chapters_blocks_clusters_and_no_mapping_are_each_kept_as_what_they_are(
    contents: dict[MapTable, bytes],
) -> None:
    found = read(contents[MapTable.TEN_TO_ELEVEN_ONE], MapTable.TEN_TO_ELEVEN_ONE)
    assert [(m.source_code, m.source_kind, m.target_kind, m.target) for m in found] == [
        ("I", "chapter", TargetKind.CODE, "1H0Z"),
        ("II", "chapter", TargetKind.CHAPTER, "02"),
        ("A00-A09", "block", TargetKind.BLOCK, None),
        ("A00", "category", TargetKind.CODE, "1A00"),
        ("A00.0", "category", TargetKind.CLUSTER, "1A00&XN8P1"),
        ("C95.7", "category", TargetKind.NO_MAPPING, None),
    ]
    block, no_mapping = found[2], found[5]
    assert (block.target_uri, block.target_title) == (
        f"{MMS}588616678",
        "Gastroenteritis or colitis of infectious origin",
    )
    assert (no_mapping.target_uri, no_mapping.target_foundation_uri, no_mapping.target_title) == (None,) * 3


def test_one_icd10_code_may_have_several_rows_clusters_of_both_kinds_among_them(
    contents: dict[MapTable, bytes],
) -> None:
    found = read(contents[MapTable.TEN_TO_ELEVEN_MULTIPLE], MapTable.TEN_TO_ELEVEN_MULTIPLE)
    salmonella = [(m.row, m.target_kind, m.target, m.target_uri) for m in found if m.source_code == "A02.2"]
    assert salmonella == [
        (3, TargetKind.CLUSTER, "1A0Z&XN0QE", f"{MMS}135352227/unspecified"),
        (4, TargetKind.CLUSTER, "1A09.Y/FA11.Y", f"{MMS}515117475/other"),
    ]


def test_a_modified_category_and_a_blank_target_are_kept(contents: dict[MapTable, bytes]) -> None:
    modified, blank = read(contents[MapTable.TEN_TO_ELEVEN_MULTIPLE], MapTable.TEN_TO_ELEVEN_MULTIPLE)[3:]
    assert (modified.source_kind, modified.source_code, modified.target) == (
        "modifiedcategory",
        "B18.00",
        "1E51.2",
    )
    assert (blank.target_kind, blank.target, blank.target_title) == (TargetKind.BLANK, None, None)


def test_the_way_back_tells_chapters_blocks_and_categories_apart(contents: dict[MapTable, bytes]) -> None:
    found = read(contents[MapTable.ELEVEN_TO_TEN_ONE], MapTable.ELEVEN_TO_TEN_ONE)
    assert [(m.source_kind, m.source_code, m.source_uri, m.target_kind, m.target) for m in found] == [
        ("chapter", "01", f"{MMS}1435254666", TargetKind.CHAPTER, "I"),
        ("block", None, f"{MMS}1904876434", TargetKind.BLOCK, "A50-A64"),
        ("category", "1A00", f"{MMS}257068234", TargetKind.CODE, "A00.9"),
        ("category", "1A03.Y", f"{MMS}344162786/other", TargetKind.CODE, "A04.8"),
        ("category", "1B70", f"{MMS}2144774073", TargetKind.NO_MAPPING, None),
    ]
    assert {(m.source_system, m.target_system) for m in found} == {("icd-11", "icd-10")}


def test_the_foundation_table_states_the_quality_of_each_match(contents: dict[MapTable, bytes]) -> None:
    found = read(contents[MapTable.FOUNDATION_TEN_TO_ELEVEN], MapTable.FOUNDATION_TEN_TO_ELEVEN)
    assert [(m.source_code, m.source_kind, m.target_kind, m.relation, m.depth_difference) for m in found] == [
        ("I", "chapter", TargetKind.ENTITY, "Subclass", 0),
        ("A00", "category", TargetKind.ENTITY, "Equivalent", 0),
        ("A31.8", "category", TargetKind.ENTITY, "Subclass", -3),
        ("L73.9", "category", TargetKind.NO_MAPPING, None, -1),
    ]
    assert (found[1].target, found[1].target_foundation_uri) == (None, f"{ENTITY}257068234")


def test_foundation_entities_without_a_code_are_named_by_their_uri(contents: dict[MapTable, bytes]) -> None:
    found = read(contents[MapTable.FOUNDATION_ELEVEN_TO_TEN], MapTable.FOUNDATION_ELEVEN_TO_TEN)
    assert [(m.source_kind, m.source_code, m.source_uri, m.target) for m in found] == [
        ("chapter", "01", f"{ENTITY}1435254666", "I"),
        ("entity", None, f"{ENTITY}588616678", "I"),
        ("category", "1A00", f"{ENTITY}257068234", "A00.9"),
        ("entity", None, f"{ENTITY}1205958647", "A00.0"),
        ("category", "1B70", f"{ENTITY}2144774073", None),
    ]


@pytest.mark.parametrize("table", TABLES)
def test_a_workbook_gives_the_same_rows_and_release(contents: dict[MapTable, bytes], table: MapTable) -> None:
    book = workbook(contents[table])
    assert list(read_map(book, f"{table}.xlsx", table)) == read(contents[table], table)
    assert map_version(book, f"{table}.xlsx", table) == "2024-01"


@pytest.mark.parametrize("table", TABLES)
def test_the_release_is_read_from_the_stamp_behind_the_columns(
    contents: dict[MapTable, bytes], table: MapTable
) -> None:
    later = BytesIO(contents[table].replace(b"2024-Jan-21", b"2026-Feb-03"))
    assert map_version(later, "table.txt", table) == "2026-02"


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("10To11MapToOneCategory.txt", MapTable.TEN_TO_ELEVEN_ONE),
        ("10to11maptomultiplecategories.TXT", MapTable.TEN_TO_ELEVEN_MULTIPLE),
        ("x/11To10MapToOneCategory.xlsx", MapTable.ELEVEN_TO_TEN_ONE),
        ("x\\foundation_10To11MapToOneCategory.txt", MapTable.FOUNDATION_TEN_TO_ELEVEN),
        ("foundation_11To10MapToOneCategory.xlsx", MapTable.FOUNDATION_ELEVEN_TO_TEN),
        ("10To11MapToOneCategory.csv", None),
        ("10To11MapToOneCategory", None),
        ("readme.txt", None),
    ],
)
def test_a_table_is_known_by_its_file_name(name: str, table: MapTable | None) -> None:
    assert table_of(name) is table


ONE, MULTIPLE = MapTable.TEN_TO_ELEVEN_ONE, MapTable.TEN_TO_ELEVEN_MULTIPLE
BACK, QUALITY = MapTable.ELEVEN_TO_TEN_ONE, MapTable.FOUNDATION_TEN_TO_ELEVEN


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        (
            ONE,
            b"icd10Title",
            b"icd10Name",
            "line 1: expected the column icd10title as number 5, found 'icd10Name'",
        ),
        (ONE, b"\t2024-Jan-21", b"", "line 1: expected a date stamp behind the columns, found ''"),
        (
            BACK,
            b"\ticd10Title\t2024-Jan-21",
            b"",
            "line 1: expected the column icd10title as number 7, found no",
        ),
        (ONE, b"\t1A00\t01\tCholera\r", b"\t1A00\r", "line 5: expected 12 cells, found 10"),
        (ONE, b"\tCholera\r", b"\tCholera\tmore\r", "line 5: expected 12 cells, found 13"),
        (
            ONE,
            b"category\t1\tA00\t",
            b"window\t1\tA00\t",
            "line 5, 10ClassKind: expected chapter, block, category",
        ),
        (
            ONE,
            b"\tA00\t",
            b"\tA0\t",
            "line 5, icd10Code: expected an ICD-10 code, block or chapter, or No Mapping",
        ),
        (
            ONE,
            b"\tA00\t",
            b"\tNo Mapping\t",
            "line 5, icd10Code: expected an ICD-10 code, found 'No Mapping'",
        ),
        (
            ONE,
            b"category\t1\thttp://id.who.int/icd/entity/2",
            b"thing\t1\thttp://id.who.int/icd/entity/2",
            "line 5, 11",
        ),
        (ONE, b"\t1A00\t", b"\t\t", "line 5, icd11Code: expected a code, found none"),
        (
            ONE,
            b"mms/257068234\t1A00\t",
            b"mms/\t1A00\t",
            "line 5, Linearization URI: expected the URI of a WHO",
        ),
        (ONE, b"No Mapping\t\t", b"No Mapping\t\t2A00", "line 7, icd11Code: expected nothing but No Mapping"),
        (
            BACK,
            b"http://id.who.int/icd/release/11/2024-01/mms/257068234",
            b"",
            "line 4, URI: expected the URI",
        ),
        (
            BACK,
            b"\tA00.9\t",
            b"\tA00.9/B00\t",
            "line 4, icd10Code: expected an ICD-10 code, block or chapter",
        ),
        (
            QUALITY,
            b"Equivalent",
            b"Similar",
            "line 3, column 8: expected Equivalent or Subclass, found 'Similar'",
        ),
        (
            QUALITY,
            b"Subclass\t0",
            b"Subclass\tzero",
            "line 2, column 9: expected a depth difference, found 'zero'",
        ),
    ],
)
def test_a_malformed_table_is_an_error_at_its_line(
    contents: dict[MapTable, bytes], table: MapTable, old: bytes, new: bytes, message: str
) -> None:
    assert old in contents[table]
    with pytest.raises(ReleaseFormatError) as error:
        read(contents[table].replace(old, new, 1), table)
    assert str(error.value).startswith(f"{table}.txt, {message}")


def test_a_table_under_the_name_of_another_is_an_error(contents: dict[MapTable, bytes]) -> None:
    with pytest.raises(
        ReleaseFormatError, match="line 1: expected the column linearizationreleaseuri as number 1"
    ):
        read(contents[ONE], BACK)


def test_an_empty_file_is_an_error() -> None:
    with pytest.raises(ReleaseFormatError, match="line 1: expected a header, found an empty file"):
        read(b"", MULTIPLE)


def rows_of(data_dir: Path, release: str, name: str) -> list[Mapping]:
    folder = data_dir / "icd11" / release
    source = SourceFile(folder / "mapping.zip", name, folder)
    table = table_of(name)
    assert table is not None
    with source.open() as file:
        found = list(read_map(file, source.label, table))
    assert {m.release for m in found} == {release}
    stated = {match_who_uri(m.target_uri or m.source_uri or "") for m in found}
    assert {uri.release for uri in stated if uri and uri.linearization} <= {release}
    return found


def kinds(found: list[Mapping]) -> Counter[TargetKind]:
    return Counter(m.target_kind for m in found)


@pytest.mark.realdata
def test_the_multiple_table_of_2025_01_is_accounted_for(data_dir: Path) -> None:
    found = rows_of(data_dir, "2025-01", "10To11MapToMultipleCategories.txt")
    assert len(found) == 15_630
    assert kinds(found) == {TargetKind.CODE: 14_614, TargetKind.CLUSTER: 957, TargetKind.BLOCK: 59}
    assert sum("&" in (m.target or "") for m in found) == 860
    assert sum("/" in (m.target or "") for m in found) == 116
    categories = [m for m in found if m.source_kind in ("category", "modifiedcategory")]
    assert len({m.source_code for m in categories}) == 12_301
    assert len({m.source_code for m in categories if m.target is not None}) == 12_289


@pytest.mark.realdata
def test_the_multiple_table_of_2024_01_is_accounted_for(data_dir: Path) -> None:
    found = rows_of(data_dir, "2024-01", "10To11MapToMultipleCategories.txt")
    assert len(found) == 15_658
    assert kinds(found) == {
        TargetKind.CODE: 14_328,
        TargetKind.CLUSTER: 957,
        TargetKind.BLOCK: 364,
        TargetKind.CHAPTER: 8,
        TargetKind.NO_MAPPING: 1,
    }


@pytest.mark.realdata
def test_the_one_category_table_of_2024_01_is_accounted_for(data_dir: Path) -> None:
    found = rows_of(data_dir, "2024-01", "10To11MapToOneCategory.txt")
    assert len(found) == 12_597
    assert kinds(found) == {
        TargetKind.CODE: 11_404,
        TargetKind.CLUSTER: 826,
        TargetKind.BLOCK: 291,
        TargetKind.CHAPTER: 71,
        TargetKind.NO_MAPPING: 5,
    }
    assert Counter(m.source_kind for m in found) == {
        "category": 11_243,
        "modifiedcategory": 1_058,
        "block": 274,
        "chapter": 22,
    }


@pytest.mark.realdata
def test_the_way_back_of_2024_01_is_accounted_for(data_dir: Path) -> None:
    found = rows_of(data_dir, "2024-01", "11To10MapToOneCategory.txt")
    assert len(found) == 17_908
    assert Counter(m.source_kind for m in found) == {"category": 17_220, "block": 663, "chapter": 25}
    assert kinds(found)[TargetKind.NO_MAPPING] == 36


@pytest.mark.realdata
def test_the_foundation_table_of_2024_01_states_the_quality_of_all_but_four_rows(data_dir: Path) -> None:
    found = rows_of(data_dir, "2024-01", "foundation_10To11MapToOneCategory.txt")
    assert len(found) == 12_597
    assert Counter((m.relation, m.depth_difference) for m in found) == {
        ("Equivalent", 0): 7_858,
        ("Subclass", 0): 2_473,
        ("Subclass", -1): 1_906,
        ("Subclass", -2): 314,
        ("Subclass", -3): 42,
        (None, -1): 4,
    }


@pytest.mark.realdata
def test_the_foundation_workbook_of_2024_01_is_accounted_for(data_dir: Path) -> None:
    found = rows_of(data_dir, "2024-01", "foundation_11To10MapToOneCategory.xlsx")
    assert len(found) == 48_609
    assert Counter(m.source_kind for m in found) == {"entity": 36_415, "category": 12_169, "chapter": 25}
    assert kinds(found)[TargetKind.NO_MAPPING] == 70


@pytest.mark.parametrize("table", list(MapTable))
def test_further_columns_in_any_place_are_passed_over(
    contents: dict[MapTable, bytes], table: MapTable
) -> None:
    rows = [line.split(b"\t") for line in contents[table].rstrip(b"\r\n").split(b"\r\n")]
    wider = b"\r\n".join(b"\t".join([f"further{n}".encode(), *row]) for n, row in enumerate(rows))
    assert read(wider + b"\r\n", table) == read(contents[table], table)


def test_columns_in_another_order_give_the_same_rows(contents: dict[MapTable, bytes]) -> None:
    table = MapTable.ELEVEN_TO_TEN_ONE
    rows = [line.split(b"\t") for line in contents[table].rstrip(b"\r\n").split(b"\r\n")]
    turned = b"\r\n".join(b"\t".join([*reversed(row[:7]), *row[7:]]) for row in rows)
    assert read(turned + b"\r\n", table) == read(contents[table], table)
