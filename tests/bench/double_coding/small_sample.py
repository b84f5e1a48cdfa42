"""A sample of four codes with the folder that readers are given, and two readers' sheets."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bench.double_coding.sample import Drawn, Stratum, write_sample
from bench.double_coding.sheets import COLUMNS, READ, TABULATION
from bench.double_coding.tables import write_table

SAMPLE = (
    Drawn("E11.A", "new", 1.0, "fit", 1, "2026"),
    Drawn("M17.11", "volume-1", 10.0, "fit", 4, ""),
    Drawn("T63.001A", "rest-T", 40.0, "report", 3, ""),
    Drawn("R99", "rest-18", 40.0, "report", 1, ""),
)
STEMS = (
    ("05", "Endocrine diseases", "chapter", "", "0", "05", "", ""),
    ("5A11", "Type 2 diabetes mellitus", "stem", "05", "1", "05", "Endocrine diseases", ""),
    ("15", "Musculoskeletal diseases", "chapter", "", "0", "15", "", ""),
    ("FA01", "Osteoarthritis of knee", "stem", "15", "1", "15", "Musculoskeletal diseases", ""),
    ("FA01.0", "Primary osteoarthritis of knee", "stem", "FA01", "2", "15", "", ""),
    ("22", "Injury", "chapter", "", "0", "22", "", ""),
    ("NE61", "Harmful effects of noxious substances", "stem", "22", "1", "22", "Injury", ""),
    ("23", "External causes", "chapter", "", "0", "23", "", ""),
    ("PA78", "Unintentional exposure to a snake", "stem", "23", "1", "23", "External causes", ""),
)
EXTENSIONS = (
    ("X", "Extension Codes", "chapter", "", "0", "X", "", ""),
    ("XK9K", "Right", "extension", "X", "1", "X", "Extension Codes", ""),
    ("XM4KN1", "Snake venom", "extension", "X", "1", "X", "Extension Codes", ""),
)
FIRST = (
    ("E11.A", "5A11", "", "partial"),
    ("M17.11", "FA01.0&XK9K", "FA01&XK9K", "full"),
    ("T63.001A", "NE61&XM4KN1/PA78", "", "full"),
    ("R99", "", "", "none"),
)
SECOND = (
    ("E11.A", "5A11", "", "partial"),
    ("M17.11", "fa01.0 & xk9k", "", "full"),
    ("T63.001A", "NE61/PA78", "PA78 | NE61&XM4KN1/PA78", "partial"),
    ("R99", "", "", "none"),
)

Filled = Sequence[tuple[str, str, str, str]]


def write_folder(folder: Path) -> Path:
    """Write what ``draw`` writes."""
    folder.mkdir(exist_ok=True)
    strata = [Stratum(d.stratum, round(d.weight), 1) for d in SAMPLE]
    write_sample(folder / "sample.tsv", SAMPLE, strata)
    asked = [(d.code, f"Title of {d.code}", "", "", "", "", "", "", "") for d in SAMPLE]
    write_table(folder / "sheet_1.tsv", COLUMNS, asked)
    write_table(folder / "icd11.tsv", TABULATION, STEMS)
    write_table(folder / "extensions.tsv", TABULATION, EXTENSIONS)
    return folder


def write_filled(path: Path, rows: Filled) -> Path:
    """Write a reader's sheet."""
    write_table(path, ("code", *READ), [(*row, "") for row in rows])
    return path
