"""Which file of a quarter is read: the newest version, text before workbook, the next where it is broken."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from loaders.acquire.sources import Sources, gather
from loaders.files.reading import Reading
from loaders.hcpcs.editions import hcpcs_editions
from loaders.progress import Silent
from terminology.edition import Edition
from terminology.errors import ReleaseFormatError
from tests.loaders.hcpcs.test_xlsx import DEVICE, HEADINGS, MODIFIER, workbook


def text(fixtures: Path) -> bytes:
    """A file of codes in CMS's fixed columns."""
    return (fixtures / "hcpcs" / "HCPC2026_JUL_ANWEB.txt").read_bytes()


def editions(
    folder: Path, files: Mapping[str, bytes], *, strict: bool = False
) -> tuple[list[Edition], Reading]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found, _ = gather(Sources(data=folder, offline=True), Silent())
    reading = Reading(found, Silent(), strict)
    return list(hcpcs_editions(reading)), reading


def test_the_newest_version_of_a_quarter_is_read(fixtures: Path, tmp_path: Path) -> None:
    files = {f"HCPC2025_OCT_ANWEB{v}.txt": text(fixtures) for v in ("", "_v2", "_v3", "_v10")}
    (edition,), reading = editions(tmp_path, files)
    assert edition.release.id == "2025-10"
    assert edition.release.sources == ("HCPC2025_OCT_ANWEB_v10.txt",)
    assert sum("is not read: the same release was read from" in notice for notice in reading.notices) == 3


def test_a_copy_that_a_browser_made_is_passed_over(fixtures: Path, tmp_path: Path) -> None:
    files = {"HCPC2024_APR_ANWEB_v5.txt": text(fixtures), "HCPC2024_APR_ANWEB_v5 (1).txt": text(fixtures)}
    (edition,), reading = editions(tmp_path, files)
    assert edition.release.id == "2024-04"
    assert edition.release.sources == ("HCPC2024_APR_ANWEB_v5.txt",)
    assert not reading.notices  # that a copy is not read is told where files are looked for


def test_a_workbook_alone_is_read(tmp_path: Path) -> None:
    book = workbook(HEADINGS, MODIFIER, DEVICE).getvalue()
    (edition,), _ = editions(tmp_path, {"HCPC2024_JAN_ANWEB_v4.xlsx": book})
    assert edition.release.id == "2024-01"
    assert {"A1", "E9998"} <= {concept.code for concept in edition.concepts}


def test_reports_of_changes_are_no_code_lists(fixtures: Path, tmp_path: Path) -> None:
    book = workbook(["Corrections"]).getvalue()
    names = ("HCPC2025_OCT_ANWEB_Transaction Report_v3.xlsx", "HCPC2025_OCT_ANWEB_Corrections_on_v2.xlsx")
    files = {"HCPC2025_OCT_ANWEB_v3.txt": text(fixtures), **dict.fromkeys(names, book)}
    (edition,), _ = editions(tmp_path, files)
    assert edition.release.sources == ("HCPC2025_OCT_ANWEB_v3.txt",)


def test_a_broken_file_gives_way_to_its_twin_and_is_told(fixtures: Path, tmp_path: Path) -> None:
    files = {"HCPC2025_OCT_ANWEB_v3.txt": text(fixtures)[:-40], "HCPC2025_OCT_ANWEB_v2.txt": text(fixtures)}
    (edition,), reading = editions(tmp_path, files)
    assert edition.release.sources == ("HCPC2025_OCT_ANWEB_v2.txt",)
    assert "HCPC2025_OCT_ANWEB_v2.txt is read in its place" in reading.faults[0]
    with pytest.raises(ReleaseFormatError):
        editions(tmp_path, files, strict=True)


def test_a_release_of_which_no_file_can_be_read_ends_the_build(fixtures: Path, tmp_path: Path) -> None:
    with pytest.raises(ReleaseFormatError):
        editions(tmp_path, {"HCPC2025_OCT_ANWEB.txt": text(fixtures)[:-40]})
