"""Exports of the Medicare Coverage Database and NCD code lists, hand-written in their layout."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loaders.cms.coverage.coverage_set import coverage_tables
from loaders.files.archive import find_source_files
from loaders.files.catalog import Origin, release_files
from loaders.files.reading import Reading
from loaders.progress import Silent

EXPORT = {
    "article.csv": "article_id,article_version,title,article_eff_date,article_end_date,status,display_id\n"
    "900,1,An invented test,2020-01-01,2022-12-31,R,A900\n900,2,An invented test,01/01/2023,,A,A900\n",
    "article_x_hcpc_code.csv": "article_id,article_version,hcpc_code_id,hcpc_code_group\n900,2,G9901,1\n",
    "article_x_icd10_covered.csv": "article_id,article_version,icd10_code_id,icd10_covered_group,asterisk\n"
    "900,2,E11.9,1,N\n900,2,I10,2,Y\n900,2,XX000,3,\n",
    "article_x_icd10_covered_group.csv": "article_id,article_version,icd10_covered_group,"
    "paragraph,icd10_covered_ast\n900,2,1,<p>One of&nbsp;these</p>,\n900,2,2,,<i>Only with a second</i>\n",
    "article_x_icd10_noncovered.csv": "article_id,article_version,icd10_code_id,"
    "icd10_noncovered_group\n900,2,Z00.00,1\n",
    "article_x_contractor.csv": "article_id,article_version,contractor_id\n900,2,10\n",
    "contractor.csv": "contractor_id,contractor_number,contractor_bus_name\n10,01111,A contractor\n",
}


def read(folder: Path, files: dict[str, str]) -> tuple[dict[str, list[object]], list[str]]:
    """The rows of each table that files with these contents make, and the notices."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    reading = Reading(list(release_files(find_source_files(folder), Origin.DATA)), Silent())
    tables = {table.table.name: list(table.rows) for table in coverage_tables(reading)}
    return tables, reading.notices


def test_an_export_is_read_by_version_with_contract_numbers(tmp_path: Path) -> None:
    tables, notices = read(tmp_path, EXPORT)
    old, new = tables["coverage_document"]
    assert (old.edition, old.effective, old.ends) == ("A900.1", date(2020, 1, 1), date(2022, 12, 31))  # type: ignore[attr-defined]
    assert (new.document, new.version, new.contractors, new.ends) == ("A900", 2, ("01111",), None)  # type: ignore[attr-defined]
    assert notices == []


def test_groups_lose_their_markup_and_placeholders_are_no_codes(tmp_path: Path) -> None:
    tables, _ = read(tmp_path, EXPORT)
    groups = [(g.group, g.paragraph, g.asterisk_text) for g in tables["coverage_group"]]  # type: ignore[attr-defined]
    assert groups == [(1, "One of these", ""), (2, "", "Only with a second")]
    listed = [(d.key, d.covered, d.asterisk) for d in tables["coverage_diagnosis"]]  # type: ignore[attr-defined]
    assert listed == [("E119", True, False), ("I10", True, True), ("Z0000", False, False)]


def test_an_export_without_its_group_table_is_left_out_with_a_line(tmp_path: Path) -> None:
    tables, notices = read(tmp_path, {n: t for n, t in EXPORT.items() if "covered_group" not in n})
    assert tables == {}
    assert notices == [
        "article_x_icd10_covered.csv, line 1: expected article_x_icd10_covered_group.csv beside it, without "
        "which its rows have no meaning, found no such file; this coverage export is not loaded"
    ]


def test_a_broken_export_does_not_cost_another(tmp_path: Path) -> None:
    broken = EXPORT["article_x_icd10_covered.csv"].replace("E11.9", "diabetes")
    files = {f"good/{n}": t for n, t in EXPORT.items()} | {f"bad/{n}": t for n, t in EXPORT.items()}
    tables, notices = read(tmp_path, {**files, "bad/article_x_icd10_covered.csv": broken})
    assert len(tables["coverage_document"]) == 2
    assert notices[0].startswith(
        "bad/article_x_icd10_covered.csv, line 2, icd10_code_id: expected an ICD-10-CM"
    )


NCD = (
    "NCD,HCPCS,ICD-10-CM,List,Effective,End\n190.99,G9901,E119,covered,2024-10-01,\n"
    "190.99,G9901,Z00.00,not covered,2024-10-01,\n"
)


def test_a_national_code_list_makes_a_document(tmp_path: Path) -> None:
    tables, _ = read(tmp_path, {"ncd_codes_2026.csv": NCD})
    (document,) = tables["coverage_document"]
    assert (document.document, document.national) == ("NCD 190.99", True)  # type: ignore[attr-defined]
    assert [(d.code, d.covered) for d in tables["coverage_diagnosis"]] == [("E11.9", True), ("Z00.00", False)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            NCD.replace("190.99,G9901,E119,covered", "190.99,G9901,E119,maybe"),
            "line 2, List: expected 'covered'",
        ),
        (NCD.replace("G9901,E119", "G99,E119"), "line 2, HCPCS: expected a HCPCS code"),
        (NCD.replace("covered,2024-10-01", "covered,soon"), "line 2, Effective: expected a date"),
    ],
)
def test_a_national_code_list_of_another_form_is_told(tmp_path: Path, text: str, match: str) -> None:
    tables, notices = read(tmp_path, {"ncd_codes_2026.csv": text})
    assert tables == {}
    assert match in notices[0]
