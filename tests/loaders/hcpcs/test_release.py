"""HCPCS records as concepts: chapters, validity, readable details."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

import loaders.hcpcs
from loaders.files.archive import find_source_files
from loaders.hcpcs.anweb import read_anweb
from loaders.hcpcs.record import FIELDS, HcpcsRecord
from loaders.hcpcs.release import HcpcsContent, hcpcs_content, release_of
from terminology.concept import Concept, Kind
from terminology.errors import ReleaseFormatError

TABLES = Path(loaders.hcpcs.__file__).parent


@pytest.fixture
def content(fixtures: Path) -> HcpcsContent:
    path = fixtures / "hcpcs/HCPC2019_CONTR_ANWEB.txt"
    with path.open("rb") as file:
        return hcpcs_content(read_anweb(file, path), path)


def by_code(content: HcpcsContent) -> dict[str, Concept]:
    return {concept.code: concept for concept in content.concepts}


def record(code: str) -> HcpcsRecord:
    return HcpcsRecord(7, code, False, "Invented", None, {}, {})


@pytest.mark.parametrize(
    ("name", "id_", "start", "end"),
    [
        ("HCPC2019_CONTR_ANWEB.txt", "2019-01", date(2019, 1, 1), date(2019, 12, 31)),
        ("HCPC2019_CONTR_ANWEB.xlsx", "2019-01", date(2019, 1, 1), date(2019, 12, 31)),
        ("HCPC2020_ANWEB_w_disclaimer.txt", "2020-01", date(2020, 1, 1), date(2020, 12, 31)),
        ("HCPC2024_APR_ANWEB_v4.txt", "2024-04", date(2024, 4, 1), date(2024, 6, 30)),
        ("hcpc2026_jul_anweb_rebuilt.TXT", "2026-07", date(2026, 7, 1), date(2026, 9, 30)),
        ("HCPC2025_OCT_ANWEB.txt", "2025-10", date(2025, 10, 1), date(2025, 12, 31)),
    ],
)
def test_a_release_is_read_from_the_file_name(name: str, id_: str, start: date, end: date) -> None:
    release = release_of(name)
    assert release is not None
    assert (release.system, release.id, release.sources) == ("hcpcs", id_, (name,))
    assert (release.effective_from, release.effective_to) == (start, end)


@pytest.mark.parametrize(
    "name",
    [
        "HCPC2019_Trans_Alpha.xlsx",
        "HCPC2020_TRANS_ALPHA_w_disclaimer.xlsx",
        "HCPC2020_ANWEB_w_disclaimer.xls",
        "HCPC2019_README.txt",
        "proc_notes_2019.txt",
        "HCPCS2019_recordlayout.txt",
        "hcpcs_level2_merged_2026q3.csv",
    ],
)
def test_other_files_of_the_publisher_are_no_release(name: str) -> None:
    assert release_of(name) is None


def test_chapters_come_first_and_hold_their_letter_or_the_modifiers(content: HcpcsContent) -> None:
    concepts = by_code(content)
    assert list(concepts)[:5] == ["A", "E", "J", "V", "modifiers"]
    assert [c.code for c in content.concepts if c.kind is Kind.CHAPTER] == ["A", "E", "J", "V", "modifiers"]
    assert concepts["A0021"].parent == "A"
    assert concepts["ZZ"].parent == "modifiers"
    assert concepts["modifiers"].title == "Modifiers"


def test_codes_and_modifiers_carry_their_titles(content: HcpcsContent) -> None:
    code, modifier = by_code(content)["J9997"], by_code(content)["A1"]
    assert (code.kind, code.title, code.short_title) == (
        Kind.CODE,
        "Invented injection, 1 mg",
        "Invented injection",
    )
    assert modifier.kind is Kind.MODIFIER


def test_a_code_is_valid_from_its_add_date_to_its_termination(content: HcpcsContent) -> None:
    code = by_code(content)["J9997"]
    assert (code.valid_from, code.valid_to) == (date(2010, 1, 1), date(2018, 12, 31))
    assert code.properties["effective"] == "2019-01-01"


def test_details_keep_cms_codes_and_say_what_they_mean(content: HcpcsContent) -> None:
    properties = by_code(content)["E9998"].properties
    assert properties["coverage"] == "D"
    assert properties["coverage_meaning"] == "Special coverage instructions apply"
    assert properties["pricing"] == "32, 36, 46"
    assert properties["pricing_meaning"] == (
        "Inexpensive and routinely purchased DME; Capped rental DME; Carrier priced (DMEPOS)"
    )
    assert properties["betos_meaning"] == "Other DME"
    assert properties["action_meaning"] == "Long description changed"
    assert properties["cross_reference"] == "A0021, E9999"
    assert "cross_reference_meaning" not in properties


def test_zero_anesthesia_units_are_no_property(content: HcpcsContent) -> None:
    concepts = by_code(content)
    assert "anesthesia_base_units" not in concepts["A0021"].properties
    assert concepts["E9998"].properties["anesthesia_base_units"] == "3"


def test_dental_codes_are_counted_and_never_loaded(content: HcpcsContent) -> None:
    assert content.dental_skipped == 1
    assert not [c for c in content.concepts if c.code.startswith("D")]


def test_a_code_of_no_section_is_reported() -> None:
    with pytest.raises(ReleaseFormatError) as raised:
        hcpcs_content([record("X0001")], "ANWEB.txt")
    assert str(raised.value) == (
        "ANWEB.txt, line 7, code: expected a code of section A, B, C, E, G, H, J, K, L, M, P, Q, R, S, T, "
        "U, V, found X0001"
    )


def test_a_file_without_details_or_add_dates_says_so(fixtures: Path, content: HcpcsContent) -> None:
    path = fixtures / "hcpcs/HCPC2026_JUL_ANWEB.txt"
    with path.open("rb") as file:
        bare = hcpcs_content(read_anweb(file, path), path)
    assert bare.notices == (
        "This file carries no coverage, pricing or BETOS details.",
        "1 of 3 entries carry no add date and no start of validity.",
    )
    assert content.notices == ()


@pytest.mark.parametrize("name", ["sections.tsv", "meanings.tsv"])
def test_every_row_of_the_tables_is_complete_unique_and_has_a_source(name: str) -> None:
    with (TABLES / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert all(all(row.values()) and None not in row for row in rows)
    keys = Counter((row.get("field"), row.get("code") or row.get("letter")) for row in rows)
    assert max(keys.values()) == 1
    assert {row.get("field") for row in rows} <= {field.name for field in FIELDS} | {None}


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("name", "chapters", "notices"),
    [
        ("HCPC2019_CONTR_ANWEB.txt", 17, 0),
        ("HCPC2020_ANWEB_w_disclaimer.txt", 17, 0),
        ("HCPC2026_JUL_ANWEB_rebuilt.txt", 18, 2),
    ],
)
def test_every_code_of_the_real_files_has_a_chapter_and_every_detail_a_meaning(
    data_dir: Path, name: str, chapters: int, notices: int
) -> None:
    (source,) = (s for s in find_source_files(data_dir / "hcpcs") if s.name == name)
    with source.open() as file:
        content = hcpcs_content(read_anweb(file, name), name)
    codes = {c.code for c in content.concepts}
    assert len(codes) == len(content.concepts)
    assert sum(c.kind is Kind.CHAPTER for c in content.concepts) == chapters
    assert all(c.parent in codes for c in content.concepts if c.parent is not None)
    assert content.dental_skipped == 0
    assert len(content.notices) == notices
    for name_ in ("action", "coverage", "pricing", "betos", "type_of_service", "lab_certification"):
        for c in content.concepts:
            assert c.properties.get(name_, "").count(", ") <= c.properties.get(f"{name_}_meaning", "").count(
                "; "
            )
            assert (name_ in c.properties) == (f"{name_}_meaning" in c.properties)
