"""Tables of the National Correct Coding Initiative, hand-written in CMS's layout and as published."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from loaders.cms.ncci.add_on import add_on_quarter, read_add_ons
from loaders.cms.ncci.mue import limit_release, read_unit_limits
from loaders.cms.ncci.ncci_tables import ncci_tables
from loaders.cms.ncci.ptp import pair_release, read_code_pairs
from loaders.files.archive import find_source_files
from loaders.files.catalog import Origin, release_files
from loaders.files.reading import Reading
from loaders.progress import Silent
from terminology.claims.tables.ncci import AddOn, CodePair, Service, UnitLimit
from terminology.errors import ReleaseFormatError

HEAD = (
    b"CPT only copyright of the AMA\t\t\t\t\t\t\r\nColumn1/Column2 Edits\t\t\t\t\t\t\r\n"
    b"Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier\tPTP Edit Rationale\r\n"
    b"\t\tprior to 1996\tDate\tDate\t0=not allowed\t\r\n\t\t\t\t*=no data\t1=allowed\t\r\n"
)
PAIR = b"G9901\tG9902\t*\t19960101\t*\t1\tStandards of practice\r\n"
OLD = b"G9901\tG9903\t\t20200101\t20201231\t0\tMore extensive procedure\r\n"


def sheet(rows: Iterable[Iterable[object]]) -> BytesIO:
    """A workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    stream = BytesIO()
    book.save(stream)
    stream.seek(0)
    return stream


def test_pairs_are_read_below_headings_that_break_over_lines() -> None:
    assert list(read_code_pairs(BytesIO(HEAD + PAIR + OLD), "ccipra-v302r0-f1.TXT")) == [
        CodePair(6, "G9901", "G9902", True, date(1996, 1, 1), None, 1, "Standards of practice"),
        CodePair(
            7, "G9901", "G9903", False, date(2020, 1, 1), date(2020, 12, 31), 0, "More extensive procedure"
        ),
    ]


def test_a_workbook_of_pairs_reads_as_its_text() -> None:
    lines = (HEAD + PAIR).decode().splitlines()
    book = sheet(
        [int(cell) if cell.isdecimal() and len(cell) == 8 else cell for cell in line.split("\t")]
        for line in lines
    )
    assert list(read_code_pairs(book, "ccipra-v302r0-f1.xlsx")) == list(
        read_code_pairs(BytesIO(HEAD + PAIR), "ccipra-v302r0-f1.txt")
    )


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (HEAD, "pairs below"),
        (PAIR, "headings"),
        (HEAD + PAIR + OLD[:14], "line 7: expected seven columns"),
        (HEAD + PAIR + OLD[:-10], "line 7: expected a line end, found the end of the file: it was cut off"),
        (HEAD + PAIR.replace(b"\t1\t", b"\t7\t"), "line 6, Modifier: expected 0, 1 or 9"),
        (HEAD + PAIR.replace(b"19960101", b"19961301"), "line 6, Effective Date: expected a date"),
        (HEAD + PAIR + b"end of table\t\t\t\t\t\t\r\n", "line 7: expected seven columns"),
        (HEAD + PAIR.replace(b"G9902", b"99 2!"), "line 6, Column 2: expected a HCPCS code"),
    ],
)
def test_a_cut_or_broken_file_of_pairs_names_its_line(data: bytes, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_code_pairs(BytesIO(data), "ccipra-v302r0-f1.txt"))


@pytest.mark.parametrize(
    ("name", "service", "version", "starts", "ends", "part"),
    [
        ("ccipra-v302r0-f1.TXT", Service.PRACTITIONER, "v30.2", date(2024, 7, 1), date(2024, 9, 30), 1),
        ("ccioph-v323r0-f4.xlsx", Service.OUTPATIENT, "v32.3", date(2026, 10, 1), date(2026, 12, 31), 4),
        ("ccipra-v310r1_own.txt", Service.PRACTITIONER, "v31.0", date(2025, 1, 1), date(2025, 3, 31), None),
    ],
)
def test_the_name_tells_service_quarter_and_part(
    name: str, service: Service, version: str, starts: date, ends: date, part: int | None
) -> None:
    found = pair_release(name)
    assert found is not None
    assert (found.service, found.version, found.starts, found.ends, found.part) == (
        service,
        version,
        starts,
        ends,
        part,
    )


MUE = (
    b'"CPT codes and descriptors only are copyright of the AMA.\nAll rights reserved."\r\n'
    b'"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,MUE Rationale\r\n'
    b"G9901,0,3 Date of Service Edit: Clinical,CMS Policy\r\n"
)


def test_zero_units_are_a_value() -> None:
    (row,) = read_unit_limits(BytesIO(MUE), "m.csv", Service.PRACTITIONER)
    assert row == UnitLimit(5, "G9901", 0, 3, "3 Date of Service Edit: Clinical", "CMS Policy")


@pytest.mark.parametrize(
    ("data", "service", "match"),
    [
        (MUE, Service.DME, "DME Supplier Services MUE Values missing"),
        (MUE.replace(b",0,3", b",none,3"), Service.PRACTITIONER, "line 5, Practitioner.*a whole number"),
        (MUE.replace(b",0,3", b",0,4"), Service.PRACTITIONER, "line 5, MUE Adjudication Indicator"),
        (MUE + b'G9902,1,"2 Date', Service.PRACTITIONER, "line 6: expected a whole row"),
    ],
)
def test_a_table_of_units_of_another_form_is_refused(data: bytes, service: Service, match: str) -> None:
    with pytest.raises(ReleaseFormatError, match=match):
        list(read_unit_limits(BytesIO(data), "m.csv", service))


def test_units_are_in_force_for_the_quarter_in_the_name() -> None:
    found = limit_release("MCR_MUE_OutpatientHospitalServices_Eff_10-01-2026.csv")
    assert found is not None
    assert (found.service, found.starts, found.ends) == (
        Service.OUTPATIENT,
        date(2026, 10, 1),
        date(2026, 12, 31),
    )
    assert limit_release("MCR_MUE_PractitionerServices_Eff_13-01-2026.csv") is None


ADD_ON: list[list[object]] = [
    ["Add-on codes of the third quarter"],
    [
        "AOC_Edit_Type",
        "Add-On_Code",
        "AOC_DelDT",
        "Primary_Code",
        "Primary_Code_DelDT",
        "AOC_Edit_EffDT",
        "AOC_Edit_DelDT",
        "Special_Instruction_Notes",
    ],
    [1, "G9911", None, "G9910", None, 2020001, 2023365, None],
    [3, "G9911", None, "CCCCC", None, 2020001, None, "Contractor Defined"],
]


def test_add_on_codes_have_days_of_the_year_as_dates() -> None:
    assert list(read_add_ons(sheet(ADD_ON), "AOC_V2024Q3-MCR.xlsx")) == [
        AddOn(3, "G9911", "G9910", 1, date(2020, 1, 1), date(2023, 12, 31), ""),
        AddOn(4, "G9911", "CCCCC", 3, date(2020, 1, 1), None, "Contractor Defined"),
    ]
    assert add_on_quarter("AOC_V2024Q3-MCR.xlsx") == (date(2024, 7, 1), date(2024, 9, 30))


def test_an_add_on_of_an_unknown_type_is_refused() -> None:
    broken = [*ADD_ON[:2], [4, *ADD_ON[2][1:]]]
    with pytest.raises(ReleaseFormatError, match="line 3, AOC_Edit_Type: expected 1, 2 or 3"):
        list(read_add_ons(sheet(broken), "AOC_V2024Q3-MCR.xlsx"))


def reading(folder: Path, files: dict[str, bytes]) -> Reading:
    """A reading of files with these contents."""
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return Reading(list(release_files(find_source_files(folder), Origin.DATA)), Silent())


def test_four_parts_are_one_table_and_its_oldest_active_pair_says_since_when(tmp_path: Path) -> None:
    parts = {f"ccipra-v302r0-f{n}.txt": HEAD + PAIR.replace(b"G9902", b"G990%d" % n) for n in range(1, 5)}
    read = reading(tmp_path, parts)
    (table,) = ncci_tables(read)
    assert (table.release.release, len(table.rows), read.notices) == ("v30.2", 4, [])
    assert (table.release.in_force_from, table.release.in_force_to) == (date(1996, 1, 1), date(2024, 9, 30))


def test_a_table_without_one_of_its_parts_says_so_in_its_name(tmp_path: Path) -> None:
    read = reading(tmp_path, {f"ccioph-v302r0-f{n}.txt": HEAD + PAIR for n in (1, 2, 4)})
    (table,) = ncci_tables(read)
    assert table.release.release == "v30.2 (part 1, 2, 4 only)"
    assert "part 1, 2, 4 was read" in read.notices[0]


def test_a_cut_part_costs_itself_and_is_told_with_its_line(tmp_path: Path) -> None:
    parts = {f"ccipra-v302r0-f{n}.txt": HEAD + PAIR for n in range(1, 5)}
    parts["ccipra-v302r0-f2.txt"] = HEAD + PAIR + PAIR[:20]
    read = reading(tmp_path, {**parts, "MCR_MUE_PractitionerServices_Eff_07-01-2024.csv": MUE})
    tables = {table.table.name: table.release.release for table in ncci_tables(read)}
    assert tables == {"ptp_practitioner": "v30.2 (part 1, 3, 4 only)", "mue_practitioner": "2024-07-01"}
    assert read.notices[0].startswith("ccipra-v302r0-f2.txt, line 7: expected seven columns")


def test_the_workbook_beside_the_text_is_passed_over(tmp_path: Path) -> None:
    book = sheet(line.split("\t") for line in (HEAD + PAIR).decode().splitlines()).getvalue()
    read = reading(tmp_path, {"ccipra-v302r0.txt": HEAD + PAIR, "ccipra-v302r0.xlsx": book})
    (table,) = ncci_tables(read)
    assert (table.release.source, len(table.rows)) == ("ccipra-v302r0.txt", 1)
    assert read.notices == ["ccipra-v302r0.xlsx is not read: ccipra-v302r0.txt is the same table"]


@pytest.mark.realdata
def test_the_published_tables_have_the_published_counts(data_dir: Path) -> None:
    sources = find_source_files(data_dir / "claims")
    tables = {
        table.table.name: table
        for table in ncci_tables(Reading(list(release_files(sources, Origin.DATA)), Silent()))
    }
    assert {name: len(table.rows) for name, table in tables.items()} == {
        "ptp_practitioner": 3158,
        "ptp_outpatient": 2200,
        "mue_practitioner": 4457,
        "mue_outpatient": 4409,
        "mue_dme": 2928,
        "add_on": 53,
    }
    active = {
        name: sum(row.deleted is None for row in tables[name].rows)
        for name in ("ptp_practitioner", "ptp_outpatient")
    }
    assert active == {"ptp_practitioner": 1372, "ptp_outpatient": 1023}
    assert tables["ptp_practitioner"].release.in_force_from == date(2024, 7, 1)  # true dates are lost
